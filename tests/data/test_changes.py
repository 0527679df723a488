"""The report of what a new build changes."""

from pathlib import Path

import polars as pl
import pytest

from data.changes import changes, render

TABLE = pl.DataFrame({"party": ["con", "lab", "lib"], "name": ["Conservative", "Labour", "Liberal"]})


def folder(path: Path, table: pl.DataFrame) -> Path:
    """A folder that holds one table."""
    path.mkdir()
    table.write_csv(path / "parties.csv")
    return path


def test_the_same_tables_show_no_change(tmp_path: Path) -> None:
    """Two builds of the same rows differ in nothing, whatever the order of the rows."""
    old, new = folder(tmp_path / "old", TABLE), folder(tmp_path / "new", TABLE.reverse())
    assert changes(old, new).is_empty()
    assert render(changes(old, new)) == "No table changed."


@pytest.mark.parametrize(
    ("new", "counts", "example"),
    [
        (TABLE.vstack(pl.DataFrame({"party": ["grn"], "name": ["Green"]})), (1, 0, 0), "+ grn"),
        (TABLE.with_columns(name=pl.col("name").replace("Liberal", "Liberal Democrats")), (0, 1, 0), "~ lib"),
        (TABLE.filter(pl.col("party") != "con"), (0, 0, 1), "- con"),
        (TABLE.with_columns(seats=pl.lit(1)), (0, 3, 0), "~ con"),
    ],
)
def test_each_kind_of_change_is_counted(
    tmp_path: Path, new: pl.DataFrame, counts: tuple[int, int, int], example: str
) -> None:
    """Rows with a new key are added, rows whose cells differ are changed, rows that are gone are removed."""
    report = changes(folder(tmp_path / "old", TABLE), folder(tmp_path / "new", new))
    assert report["table"].to_list() == ["parties"]
    assert report.select("added", "changed", "removed").row(0) == counts
    assert report["examples"][0][0] == example
    assert f"  {example}" in render(report).splitlines()


@pytest.mark.parametrize(
    "damage",
    [b"", b"\n\n", b"party,name\ncon,a,b,c\n", b"\xff\xfe\x00", b"<html>Not found</html>\n"],
    ids=["empty", "blank", "ragged", "binary", "columnless"],
)
def test_a_damaged_table_counts_as_absent(tmp_path: Path, damage: bytes) -> None:
    """A build mends a table that cannot be read, so comparing with it must not stop the build."""
    old, new = folder(tmp_path / "old", TABLE), folder(tmp_path / "new", TABLE)
    (old / "parties.csv").write_bytes(damage)
    assert changes(old, new).select("added", "changed", "removed").row(0) == (3, 0, 0)


def test_a_first_build_adds_everything(tmp_path: Path) -> None:
    """Where there was no table before, every row counts as added."""
    report = changes(tmp_path / "none", folder(tmp_path / "new", TABLE))
    assert report.select("added", "changed", "removed").row(0) == (3, 0, 0)
