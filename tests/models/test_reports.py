"""The track record read back, and the shipped one against the code and tables at hand."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from data import load_evidence
from data.errors import BadInput, DamagedArtefact
from models.backtest import LEADS, SEED
from models.baselines import past_errors, shrunk_mean
from models.fingerprint import code_hash, made_with
from models.record import gb_shares, past_elections, previous_election
from models.reports import SUMMARY, TABLE, read_report
from models.score import poll_mean
from models.simple_swing import complete

OURS = (
    "full",
    "polls_only",
    "no_leaders",
    "no_mps",
    "no_office",
    "no_campaign",
    "no_leaders_no_mps",
    "no_polls",
    "leave_one_out",
    "before_link",
)
RULES = ("no_change", "shrunk_poll_mean", "poll_mean_uniform", "poll_mean_proportional", "poll_mean_normal", "murr")
VARIANTS = {*OURS, *RULES, "approval_regression", "exit_poll"}
METRICS = {
    "vote_mae",
    "seat_mae",
    "seat_crps",
    "votes_cover90",
    "seats_cover90",
    "constituency_cover90",
    "called",
    "seat_brier",
    "seat_log_score",
    "majority_log_score",
}
MAIN = ("con", "lab", "lib")


def cell(election: date, lead: int, variant: str, metric: str) -> float:
    """One figure of the shipped record."""
    told = read_report().table.filter(party="", election_date=election, lead_days=lead, variant=variant, metric=metric)
    return float(told["value"].item())


def test_the_shipped_record_is_of_this_code_and_these_tables() -> None:
    """A record made with other code or tables is stale: run ``make backtest`` again."""
    assert read_report().is_current(), "reports/ is stale: run make backtest"


def test_the_shipped_record_is_whole() -> None:
    """Every election since 1964, every lead time, variant and metric that is asked for; nothing failed."""
    record = read_report()
    held = [str(day) for day in past_elections(load_evidence(own=False)) if day >= date(1964, 10, 15)]
    assert record.summary["elections"] == held
    assert record.summary["leads"] == list(LEADS)
    assert record.summary["failures"] == []
    assert set(record.table["variant"].unique()) >= VARIANTS
    assert set(record.table["metric"].unique()) >= METRICS
    assert any(name.startswith("published: ") for name in record.table["variant"].unique())


@pytest.mark.parametrize(("election", "lead"), [(date(1979, 5, 3), 30), (date(2015, 5, 7), 1), (date(2024, 7, 4), 365)])
def test_cells_of_the_shipped_record_come_out_again(election: date, lead: int) -> None:
    """Errors of two baselines, counted anew from the tables, are those in the record."""
    evidence = load_evidence(own=False)
    as_of = election - timedelta(days=lead)
    then = evidence.as_of(as_of)
    before = gb_shares(then, previous_election(then, as_of))
    result = gb_shares(evidence, election)
    mean = shrunk_mean(poll_mean(then, as_of), before, past_errors(evidence, election, lead))
    parties = [*sorted({*before, *mean, *result} - {"oth"}), "oth"]
    for name, shares in (("no_change", before), ("shrunk_poll_mean", mean)):
        given = dict(zip(parties, complete(shares, parties, before), strict=True))
        error = sum(abs(given[party] - result[party]) for party in MAIN) / len(MAIN)
        # Which parties have a line of their own differs a little.
        assert cell(election, lead, name, "vote_mae") == pytest.approx(error, abs=0.001)


@pytest.mark.slow
@pytest.mark.parametrize(("election", "lead"), [(date(1992, 4, 9), 7), (date(2019, 12, 12), 90)])
def test_forecasts_of_the_shipped_record_come_out_again(election: date, lead: int) -> None:
    """The full model, fitted anew, has the scores in the record within what sampling leaves open."""
    from models.backtest_job import scores

    wanted = {"vote_mae": 0.002, "seat_mae": 2.0, "called": 0.01, "seat_brier": 0.01}
    rows = scores(election, election - timedelta(days=lead), "full", SEED)
    found = {metric: value for variant, metric, _, value in rows if variant == "full" and metric in wanted}
    for metric, tolerance in wanted.items():
        assert found[metric] == pytest.approx(cell(election, lead, "full", metric), abs=tolerance)


def test_no_record_is_told(tmp_path: Path) -> None:
    """A folder without a record says how to make one."""
    with pytest.raises(BadInput, match="selectorate backtest"):
        read_report(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"), [(SUMMARY, "[1, 2"), (SUMMARY, "[]"), (SUMMARY, "{}"), (TABLE, "a,b\n1,2\n"), (TABLE, None)]
)
def test_a_damaged_record_is_told(name: str, text: str | None, tmp_path: Path) -> None:
    """A file cut short, of another shape or gone is a damaged artefact, and never half a record."""
    whole = {
        TABLE: "election_date,lead_days,variant,metric,party,value\n2019-12-12,1,full,vote_mae,,0.02\n",
        SUMMARY: '{"made_with": {"code": "a", "tables": "b"}}',
    }
    for file, content in (whole | {name: text}).items():
        if content is not None:
            (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(DamagedArtefact, match="make backtest"):
        read_report(tmp_path)


def test_comments_make_no_other_code(tmp_path: Path) -> None:
    """Comments, docstrings and line breaks leave the hash as it is; a number does not."""
    one, two, three = (tmp_path / name / "a.py" for name in "xyz")
    for path, text in (
        (one, '"""Says this."""\n\nX = 1  # one\n\n\ndef f(a, b):\n    """Add."""\n    return a + b + X\n'),
        (two, '"""Says that."""\nX = 1\ndef f(\n    a, b\n):\n    # sum\n    return a + b + X\n'),
        (three, '"""Says this."""\n\nX = 2  # one\n\n\ndef f(a, b):\n    """Add."""\n    return a + b + X\n'),
    ):
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    assert code_hash([one]) != code_hash([three])
    assert code_hash([one]) == code_hash([two])
    assert set(made_with()) == {"code", "tables"}
