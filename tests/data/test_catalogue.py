"""The description of the tables, for machines and for readers, is that of the tables shipped."""

import json
from pathlib import Path

import dataframely as dy
import pytest

from data import read_table, schemas
from data.catalogue import Package, read_package, read_provenance, render
from data.catalogue.datapackage import as_json, sha256, what_and_when
from data.catalogue.package import package_path
from data.catalogue.text import WIDTH, contents, describe
from data.load import tables_dir


@pytest.fixture(scope="module")
def package() -> Package:
    """The shipped description."""
    return read_package()


@pytest.mark.parametrize("name", schemas.TABLES)
def test_every_table_is_described_as_it_is(package: Package, name: str) -> None:
    """Hash, size, rows and unverified rows in the description are those of the file."""
    resource, path, table = package.resource(name), tables_dir() / f"{name}.csv", read_table(name)
    assert resource.hash == sha256(path)
    assert resource.bytes == path.stat().st_size
    assert resource.rows == table.height
    assert resource.unverified == (int((~table["verified"]).sum()) if "verified" in table.columns else None)


@pytest.mark.parametrize(("name", "schema"), schemas.TABLES.items())
def test_every_column_has_a_meaning(package: Package, name: str, schema: type[dy.Schema]) -> None:
    """Columns stand in the description in the order of the file, each with a meaning; the key is the schema's."""
    described = package.resource(name).table_schema
    assert [field.name for field in described.fields] == schema.column_names()
    assert all(field.description for field in described.fields)
    assert described.primary_key == list(schema.primary_key())
    assert "known_on" in schema.column_names()


@pytest.mark.parametrize("schema", schemas.TABLES.values())
def test_every_schema_says_when_a_row_is_known(schema: type[dy.Schema]) -> None:
    """The rule that sets known_on stands in the schema, apart from what a row is."""
    what, rule = what_and_when(schema)
    assert rule.endswith(".")
    assert what.endswith(".")
    assert "known_on" not in what


@pytest.mark.parametrize(
    ("schema", "what", "rule"),
    [
        (
            schemas.CovariatesShared,
            "Such facts recast, share-alike (CC BY-SA 4.0).",
            (
                "The day counts and boundaries were public. Counts are those that were recast. A recast adds no news, "
                "so the later day it came out itself does not count."
            ),
        ),
        (
            schemas.MpMargins,
            (
                "Murr's margin at the contest that chose a leader. (MPs' votes for the leader - for the main rival) / "
                "MPs entitled. Method: Murr 2015, doi 10.1177/2053168015583346."
            ),
            "The day the leader was chosen.",
        ),
    ],
)
def test_a_rule_runs_to_the_end_of_its_paragraph(schema: type[dy.Schema], what: str, rule: str) -> None:
    """A rule of several sentences is told whole, and what follows in another paragraph belongs to the row."""
    assert what_and_when(schema) == (what, rule)


def test_every_source_gives_its_terms(package: Package) -> None:
    """Each table names its terms and publishers, each publisher an address and a licence."""
    for resource in package.resources:
        assert resource.licenses[0]["title"]
        assert resource.sources
        assert all(source.licence and source.attribution and source.path for source in resource.sources)


def test_raw_files_are_hashed(package: Package) -> None:
    """Each raw file has the SHA-256 of the bytes the tables were built from."""
    assert package.raw_files
    assert all(len(file.hash.removeprefix("sha256:")) == 64 for file in package.raw_files)


def test_raw_files_are_those_at_hand(package: Package, raw_sources: Path) -> None:
    """Where the raw files are, their hashes agree."""
    assert {file.path: file.hash for file in package.raw_files} == {
        file.path: sha256(raw_sources / file.path) for file in package.raw_files
    }


def test_modules_named_exist(package: Package, root: Path) -> None:
    """Each table names the module that makes it."""
    assert all((root / resource.module).is_file() for resource in package.resources)


def test_sources_md_is_rendered_from_the_package(package: Package) -> None:
    """SOURCES.md is what the description says today."""
    text = (package_path().parent / "SOURCES.md").read_text(encoding="utf-8")
    assert text == render(package, read_provenance())


def test_json_is_the_same_for_the_same_package(package: Package) -> None:
    """Reading and writing the description again gives the same bytes."""
    text = package_path().read_text(encoding="utf-8")
    assert as_json(package) == text
    assert json.loads(text)["name"] == "selectorate"


def test_a_terminal_shows_a_table_whole(package: Package) -> None:
    """The text of a table names its terms, faults and every column, in lines that fit."""
    for resource in package.resources:
        lines = describe(resource).splitlines()
        joined = " ".join(" ".join(lines).split())
        assert all(len(line) <= WIDTH for line in lines)
        assert all(" ".join(defect.split()) in joined for defect in resource.defects)
        assert all(field.name in joined for field in resource.table_schema.fields)
    assert all(name in contents(package) for name in schemas.TABLES)


def test_a_limit_of_nought_is_told(package: Package) -> None:
    """Votes may not be negative, and the description says so, though nought is false to Python."""
    fields = package.resource("results").table_schema.fields
    assert next(field for field in fields if field.name == "votes").constraints["minimum"] == 0
