"""From raw files to tables in place: the same bytes each time, with a report, and all or nothing."""

from pathlib import Path

import polars as pl
import pytest

from data import build as builder
from data import read_table
from data.build import build
from data.errors import BadInput
from data.load import tables_dir
from data.schemas import TABLES


@pytest.fixture(scope="module")
def built(raw_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build into an empty folder."""
    folder = tmp_path_factory.mktemp("built")
    build(raw_sources, folder / "tables")
    return folder


def test_the_raw_files_give_the_shipped_bytes(built: Path) -> None:
    """Every table, the description and SOURCES.md come out as they are shipped, byte for byte."""
    shipped = tables_dir()
    assert {path.stem for path in (built / "tables").iterdir()} == set(TABLES)
    for path in (built / "tables").iterdir():
        assert path.read_bytes() == (shipped / path.name).read_bytes(), path.name
    for name in ("datapackage.json", "SOURCES.md"):
        assert (built / name).read_bytes() == (shipped.parent / name).read_bytes(), name


def test_a_second_build_changes_nothing(built: Path, raw_sources: Path) -> None:
    """Building again from the same raw files reports no change and leaves the same bytes."""
    before = {path.name: path.read_bytes() for path in (built / "tables").iterdir()}
    assert build(raw_sources, built / "tables").is_empty()
    assert before == {path.name: path.read_bytes() for path in (built / "tables").iterdir()}


def test_changes_since_the_last_build_are_reported(built: Path, raw_sources: Path, tmp_path: Path) -> None:
    """A row that the last build had differently is named."""
    old = tmp_path / "tables"
    old.mkdir()
    for path in (built / "tables").iterdir():
        (old / path.name).write_bytes(path.read_bytes())
    table = pl.read_csv(old / "parties.csv", infer_schema=False).filter(pl.col("party") != "grn")
    table.write_csv(old / "parties.csv")
    report = build(raw_sources, old)
    assert report.rows() == [("parties", 1, 0, 0, ["+ grn"])]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is named, and nothing is made."""
    with pytest.raises(BadInput, match="nowhere"):
        build(tmp_path / "nowhere", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_failed_check_leaves_the_old_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a check fails, the build stops with its sentence and nothing in the folder is touched."""
    out = tmp_path / "tables"
    out.mkdir()
    (out / "parties.csv").write_text("old", encoding="utf-8")
    frames = {name: read_table(name) for name in TABLES}
    lost = {**frames, "hexes": frames["hexes"].filter(pl.col("constituency") != "E14000530")}
    monkeypatch.setattr(builder, "compiled", lambda _: lost)
    with pytest.raises(BadInput, match="E14000530 of 2010 has no hexagon"):
        build(tmp_path, out)
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
    assert (out / "parties.csv").read_text(encoding="utf-8") == "old"
