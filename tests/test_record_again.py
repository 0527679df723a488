"""A record marked as today's because forecasts made again have its scores."""

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from benchmarks.record_again import renew
from data.errors import BadInput
from models.fingerprint import made_with
from models.reports import REPORTS, SUMMARY, TABLE, read_report
from models.variants import VARIANTS

ELECTION = date(2019, 12, 12)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The shipped record, said to be made by other code."""
    for name in (TABLE, SUMMARY):
        shutil.copy(REPORTS / name, tmp_path / name)
    told = json.loads((tmp_path / SUMMARY).read_text(encoding="utf-8"))
    told.pop("made_again", None)
    told["made_with"] |= {"code": "c0de", "tables": made_with()["tables"]}
    (tmp_path / SUMMARY).write_text(json.dumps(told), encoding="utf-8")
    return tmp_path


@pytest.fixture
def again() -> pl.DataFrame:
    """Scores of one election as they are in the record, and some that it does not keep."""
    names = [function.__name__ for function in VARIANTS]
    rows = read_report().table.filter(pl.col("election_date") == ELECTION, pl.col("variant").is_in(names))
    return pl.concat([rows, rows.head(1).with_columns(metric=pl.lit("further"))])


def test_a_record_of_the_same_scores_is_renewed(kept: Path, again: pl.DataFrame) -> None:
    """It says which code made the rest, also when it is renewed a second time; its scores stay."""
    before = read_report(kept)
    for _ in range(2):
        renew(again, 63, kept)
        now = read_report(kept)
        assert now.is_current()
        assert now.summary["made_again"] == {"code": "c0de", "elections": ["2019-12-12"], "forecasts": 63}
    assert now.table.equals(before.table)
    assert now.summary["skill"] == before.summary["skill"]


@pytest.mark.parametrize("fault", ["moved", "missing", "unknown"])
def test_a_record_of_other_scores_is_not(kept: Path, again: pl.DataFrame, fault: str) -> None:
    """A score that moved by a millionth, is missing or is none leaves the record as it was."""
    moved = pl.when(pl.int_range(pl.len()) == 3).then(pl.col("value") + 1e-6).otherwise(pl.col("value"))
    lost = pl.when(pl.int_range(pl.len()) == 3).then(None).otherwise(pl.col("value"))
    changed = {
        "moved": again.with_columns(value=moved),
        "missing": again.slice(1),
        "unknown": again.with_columns(value=lost),
    }
    text = (kept / SUMMARY).read_text(encoding="utf-8")
    with pytest.raises(BadInput, match=r"^1 of \d+ scores are not those of the record"):
        renew(changed[fault], 63, kept)
    assert (kept / SUMMARY).read_text(encoding="utf-8") == text


def test_other_tables_need_another_record(kept: Path, again: pl.DataFrame) -> None:
    """A row of another election may move what was not made again."""
    told = json.loads((kept / SUMMARY).read_text(encoding="utf-8"))
    told["made_with"]["tables"] = "7ab1e5"
    (kept / SUMMARY).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadInput, match="The tables are not those of the record"):
        renew(again, 63, kept)
