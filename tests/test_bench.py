import polars as pl
import pytest

from benchmarks.run import COLUMNS, REPORT, TOPICS, main, merged


def report(*names: str) -> pl.DataFrame:
    """A report with rows of these names."""
    rows = [{"name": name, "figure": 1.0, "baseline": 1.0, "ratio": 1.0, "unit": "ms"} for name in names]
    return pl.DataFrame(rows, schema=COLUMNS)


def test_rows_of_a_topic_take_the_place_of_its_old_ones() -> None:
    """A topic measured again keeps its place, whether it has more rows or fewer; a new topic goes to the end."""
    old = report("tables: a", "seats: b", "seats: c", "polls: d")
    assert merged(old, report("seats: x"), "seats")["name"].to_list() == ["tables: a", "seats: x", "polls: d"]
    assert merged(old, report("app: y"), "app")["name"].to_list()[-1] == "app: y"
    assert merged(old, report("tables: z"), "load")["name"][0] == "tables: z"


def test_every_row_belongs_to_one_topic() -> None:
    """Each row of the shipped report was written by just one module, so that none is lost or doubled."""
    names = pl.read_csv(REPORT, schema=COLUMNS)["name"]
    owners = [names.str.contains(f"^({start})\\b") for start in TOPICS.values()]
    assert sum((owner.cast(pl.Int32) for owner in owners[1:]), owners[0].cast(pl.Int32)).to_list() == [1] * len(names)


def test_unknown_topic_is_named() -> None:
    """A topic that does not exist ends in one sentence that names those that do."""
    with pytest.raises(SystemExit, match=r"No benchmark nonsense\. There are: load, seats"):
        main(["nonsense"])
