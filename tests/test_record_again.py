"""A record marked as today's because forecasts made with its code and with today's have the same scores."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from benchmarks.record_again import renew
from data.errors import BadInput
from models.fingerprint import made_with
from models.reports import REPORTS, SUMMARY, TABLE, TrackRecord, read_report

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
def then(kept: Path) -> TrackRecord:
    """One election of it made with its own code, on a machine where each score is a little larger."""
    record = read_report(kept)
    part = record.table.filter(pl.col("election_date") == ELECTION, pl.col("lead_days").is_in([1, 30]))
    return replace(record, table=part.with_columns(value=(pl.col("value") + 0.01).round(6)))


@pytest.fixture
def again(then: TrackRecord) -> pl.DataFrame:
    """The same scores with today's code, to more digits, and some that no record keeps."""
    more = then.table.head(1).with_columns(metric=pl.lit("further"))
    return pl.concat([then.table.with_columns(value=pl.col("value") + 1e-8), more])


def test_a_record_of_the_same_scores_is_renewed(kept: Path, then: TrackRecord, again: pl.DataFrame) -> None:
    """It says which code made it, also when it is renewed a second time; its scores stay those it had."""
    before = read_report(kept)
    for _ in range(2):
        renew(then, again, 18, kept)
        now = read_report(kept)
        assert now.is_current()
        told = {"code": "c0de", "elections": ["2019-12-12"], "leads": [1, 30], "forecasts": 18}
        assert now.summary["made_again"] == told
    assert now.table.equals(before.table)
    assert now.summary["skill"] == before.summary["skill"]


@pytest.mark.parametrize("fault", ["moved", "missing", "unknown"])
def test_a_record_of_other_scores_is_not(kept: Path, then: TrackRecord, again: pl.DataFrame, fault: str) -> None:
    """A score that moved by a millionth, is missing or is none leaves the record as it was."""
    third = (pl.col("variant") == "full").cum_sum() == 3
    changed = {
        "moved": again.with_columns(value=pl.when(third).then(pl.col("value") + 1e-6).otherwise(pl.col("value"))),
        "missing": again.filter(~third),
        "unknown": again.with_columns(value=pl.when(third).then(None).otherwise(pl.col("value"))),
    }
    text = (kept / SUMMARY).read_text(encoding="utf-8")
    with pytest.raises(BadInput, match=r"^[1-9]\d* of \d+ scores are not the same"):
        renew(then, changed[fault], 18, kept)
    assert (kept / SUMMARY).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(("name", "sentence"), [("tables", "tables are not those"), ("code", "not of the code")])
def test_what_is_not_of_the_record_is_refused(
    kept: Path, then: TrackRecord, again: pl.DataFrame, name: str, sentence: str
) -> None:
    """A row of another election may move what was not made again, and another code says nothing of the record's."""
    told = json.loads((kept / SUMMARY).read_text(encoding="utf-8"))
    told["made_with"][name] = "7ab1e5"
    (kept / SUMMARY).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        renew(then, again, 18, kept)
