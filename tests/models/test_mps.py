from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from data import BadInput, Evidence, read_table, schemas
from models import mps

NEEDED = ("elections", "contests", "leader_tenure", "mp_contests", "mp_margins")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = {name: read_table(name) if name in NEEDED else s.create_empty() for name, s in schemas.TABLES.items()}
    return Evidence(cut=date(2026, 10, 9), **tables)


@pytest.mark.parametrize(
    ("day", "party", "leader", "support", "margin", "basis"),
    [
        (date(2016, 8, 22), "lab", "Jeremy Corbyn", 40 / 229, -132 / 229, "confidence vote of 2016-06-28: 40 of 229"),
        (date(2016, 6, 1), "lab", "Jeremy Corbyn", 36 / 232, -32 / 232, "nominations of 2015-06-15: 36 of 232"),
        (date(1990, 11, 21), "con", "Margaret Thatcher", 204 / 372, 52 / 372, "ballot of 1990-11-20: 204 of 372"),
        (date(1990, 11, 19), "con", "Margaret Thatcher", 314 / 374, 281 / 374, "ballot of 1989-12-05: 314 of 374"),
        (date(1995, 7, 5), "con", "John Major", 218 / 329, 129 / 329, "ballot of 1995-07-04: 218 of 329"),
        (date(2018, 12, 13), "con", "Theresa May", 200 / 317, 83 / 317, "confidence vote of 2018-12-12: 200 of 317"),
        (date(2022, 6, 7), "con", "Boris Johnson", 211 / 359, 63 / 359, "confidence vote of 2022-06-06: 211 of 359"),
        (date(2024, 7, 3), "con", "Rishi Sunak", 137 / 358, 24 / 358, "ballot of 2022-07-20: 137 of 358"),
        (date(2026, 9, 10), "con", "Kemi Badenoch", 42 / 121, 1 / 121, "ballot of 2024-10-09: 42 of 121"),
        (date(2026, 9, 10), "lab", "Andy Burnham", 379 / 403, 378 / 403, "nominations of 2026-07-15: 379 of 403"),
    ],
)
def test_known_days_read_right(
    evidence: Evidence, day: date, party: str, leader: str, support: float, margin: float, basis: str
) -> None:
    """On days people remember, MPs' last vote on the leader is the one that had been held."""
    row = mps.backing(evidence.as_of(day)).row(by_predicate=pl.col("party") == party, named=True)
    assert row["leader"] == leader
    assert row["support"] == pytest.approx(support)
    assert row["margin"] == pytest.approx(margin)
    assert row["basis"] == basis


def test_section_with_meps_counts_those_who_voted(evidence: Evidence) -> None:
    """Labour's section of 2010 held MEPs: Miliband's 122 are of the 266 who voted, not of the 257 MPs."""
    row = mps.backing(evidence.as_of(date(2011, 1, 1))).row(by_predicate=pl.col("party") == "lab", named=True)
    assert row["support"] == pytest.approx(122 / 266)
    assert row["margin"] == pytest.approx(-18 / 266)


@pytest.mark.parametrize(
    ("day", "party", "leader"),
    [
        (date(2004, 1, 1), "con", "Michael Howard"),  # stood and lost in 1997, unopposed in 2003
        (date(2026, 9, 10), "lib", "Ed Davey"),
        (date(1960, 1, 1), "con", "Harold Macmillan"),
    ],
)
def test_no_vote_is_no_evidence(evidence: Evidence, day: date, party: str, leader: str) -> None:
    """A leader on whom MPs never voted has null, not what she got in a contest she lost long before."""
    row = mps.backing(evidence.as_of(day)).row(by_predicate=pl.col("party") == party, named=True)
    assert row["leader"] == leader
    assert [row[c] for c in ("support", "support_sd", "margin", "last_event")] == [None] * 4
    assert row["basis"] == "no vote of MPs on record"


def test_small_parties_have_none(evidence: Evidence) -> None:
    """With fewer than ten MPs a vote says little: Thorpe's six of twelve lapse with the election of 1970."""
    with_twelve = mps.backing(evidence.as_of(date(1969, 1, 1))).row(by_predicate=pl.col("party") == "lib", named=True)
    with_six = mps.backing(evidence.as_of(date(1971, 1, 1))).row(by_predicate=pl.col("party") == "lib", named=True)
    assert with_twelve["support"] == pytest.approx(0.5)
    assert with_six["support"] is None
    assert with_six["basis"].startswith("6 MPs won in 1970")


def test_sd_is_small_at_the_vote_and_grows(evidence: Evidence) -> None:
    """A confidence vote pins support down to a few points; two and a half years later it leaves wide doubt."""
    sd = [
        mps.backing(evidence.as_of(day)).row(by_predicate=pl.col("party") == "lab", named=True)["support_sd"]
        for day in (date(2016, 6, 29), date(2016, 12, 1), date(2018, 12, 1), date(2020, 4, 1))
    ]
    assert sd == sorted(sd)
    assert sd[0] < 0.03
    assert sd[2] > 0.1


def test_a_later_vote_changes_nothing(evidence: Evidence) -> None:
    """A vote known after the date leaves backing and history as they were, exactly; known that day, it shows."""
    day = date(2019, 3, 1)
    vote = {"contest_id": "x", "party": "con", "kind": "confidence_vote", "round": 1, "party_mps": 317}
    vote |= {"verified": True, "source": "test"}

    def spoiled(when: date) -> Evidence:
        rows = [("Theresa May", 10), ("no confidence", 300)]
        extra = pl.DataFrame([vote | {"date": when, "known_on": when, "candidate": c, "mp_votes": n} for c, n in rows])
        held = evidence.mp_contests
        both = pl.concat([held, extra.select(held.columns).cast(dict(held.schema))])
        return replace(evidence, mp_contests=schemas.MpContests.validate(both))

    clean = evidence.as_of(day)
    later, same_day = spoiled(day + timedelta(1)), spoiled(day)
    assert mps.backing(clean).equals(mps.backing(later.as_of(day)))
    assert mps.history(clean, [date(2018, 12, 1), day]).equals(mps.history(later, [date(2018, 12, 1), day]))
    assert mps.history(same_day, [day])["support"][0] == pytest.approx(10 / 317)


def test_history_agrees_with_backing(evidence: Evidence) -> None:
    """Day by day a history is what backing says of the evidence cut that day."""
    days = [date(1979, 5, 2), date(1997, 4, 30), date(2019, 12, 11)]
    rows = mps.history(evidence, days)
    for day in days:
        cut = mps.backing(evidence.as_of(day)).filter(pl.col("party").is_in(["con", "lab"]))
        assert rows.filter(pl.col("day") == day).drop("day").equals(cut.select("party", "leader", "support", "margin"))


def test_history_has_a_row_for_a_vacancy(evidence: Evidence) -> None:
    """Between leaders the row is there, with nulls."""
    rows = mps.history(evidence, [date(2010, 7, 1)])
    assert rows["party"].to_list() == ["con", "lab"]
    assert rows.row(1)[2:] == (None, None, None)


def test_a_day_after_the_cut_is_refused(evidence: Evidence) -> None:
    """Asking for a day beyond the evidence is an error that names the end of it."""
    with pytest.raises(BadInput, match="2016-08-22"):
        mps.history(evidence.as_of(date(2016, 8, 22)), [date(2016, 8, 23)])
