"""From raw files to tables in place: the same bytes each time, with a report, never old tables beside new ones."""

import os
from pathlib import Path

import polars as pl
import pytest

from data import build as builder
from data import read_table
from data.build import build
from data.errors import BadInput
from data.files import restore_folder
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


def test_a_failed_swap_puts_the_old_tables_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the new folder cannot be renamed into place, the user reads why and the old one is back."""
    out = tmp_path / "tables"
    out.mkdir()
    (out / "parties.csv").write_text("old", encoding="utf-8")
    real = os.replace

    def refused(source: Path, target: Path) -> None:
        if Path(target) == out and Path(source).name == out.name:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", refused)
    monkeypatch.setattr(builder, "compiled", lambda _: {name: read_table(name) for name in TABLES})
    monkeypatch.setattr(builder, "counts", lambda _: None)
    monkeypatch.setattr(builder, "make_package", lambda *_: None)
    monkeypatch.setattr(builder, "changes", lambda *_: None)
    with pytest.raises(BadInput, match=r"Cannot write tables/ .*No space left on device\. Free some space"):
        build(tmp_path, out)
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
    assert (out / "parties.csv").read_text(encoding="utf-8") == "old"


def test_a_swap_that_was_killed_is_mended(tmp_path: Path) -> None:
    """A folder left aside between the two renames comes back; where there is a folder, it stays."""
    target, kept = tmp_path / "tables", tmp_path / ".tables.old"
    kept.mkdir()
    (kept / "a.csv").write_text("old", encoding="utf-8")
    restore_folder(target)
    assert (target / "a.csv").read_text(encoding="utf-8") == "old"
    kept.mkdir()
    restore_folder(target)
    assert (target / "a.csv").is_file()
