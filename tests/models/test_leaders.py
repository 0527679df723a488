from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from data import BadInput, Evidence, read_table, schemas
from models import leaders
from models.leader_scale import REFERENCE, as_readings, fit_scale

NEEDED = ("elections", "leader_tenure", "leader_ratings")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = {name: read_table(name) if name in NEEDED else s.create_empty() for name, s in schemas.TABLES.items()}
    return Evidence(cut=date(2026, 10, 9), **tables)


def with_ratings(evidence: Evidence, *rows: dict[str, object]) -> Evidence:
    usual = {"pollster": "Ipsos", "question_family": "satisfied", "sample": None, "positive": None, "negative": None}
    usual |= {"verified": True, "source": "test"}
    extra = pl.DataFrame([usual | {"rating_id": f"test-{i}"} | row for i, row in enumerate(rows)])
    columns = evidence.leader_ratings.columns
    both = pl.concat([evidence.leader_ratings, extra.select(columns).cast(dict(evidence.leader_ratings.schema))])
    return replace(evidence, leader_ratings=schemas.LeaderRatings.validate(both))


def rating(leader: str, party: str, day: date, net: float) -> dict[str, object]:
    return {"leader": leader, "party": party, "end_date": day, "net": net, "known_on": day + timedelta(1)}


@pytest.mark.parametrize(
    ("day", "party", "leader", "low", "high"),
    [
        (date(1982, 3, 15), "con", "Margaret Thatcher", -45, -20),
        (date(1983, 6, 8), "lab", "Michael Foot", -50, -28),
        (date(1992, 4, 8), "con", "John Major", -5, 12),
        (date(1997, 8, 31), "lab", "Tony Blair", 35, 65),
        (date(2010, 4, 14), "lab", "Gordon Brown", -40, -12),
        (date(2016, 8, 22), "con", "Theresa May", 15, 50),
        (date(2016, 8, 22), "lab", "Jeremy Corbyn", -45, -20),
        (date(2019, 11, 15), "lab", "Jeremy Corbyn", -65, -45),
        (date(2022, 10, 23), "con", "Liz Truss", -75, -30),
        (date(2024, 7, 3), "con", "Rishi Sunak", -62, -45),
        (date(2024, 7, 3), "lab", "Keir Starmer", -27, -8),
        (date(2025, 11, 30), "lab", "Keir Starmer", -75, -45),
    ],
)
def test_known_days_read_right(evidence: Evidence, day: date, party: str, leader: str, low: float, high: float) -> None:
    """On days people remember, each leader stands where Ipsos had her."""
    table = leaders.standings(evidence.as_of(day))
    row = table.row(by_predicate=pl.col("party") == party, named=True)
    assert row["leader"] == leader
    assert low < row["favourability"] < high


def test_all_leaders_in_office_are_listed(evidence: Evidence) -> None:
    """Every party with a leader has one row, rated or not, and figures stay within the scale."""
    table = leaders.standings(evidence)
    assert set(table["party"]) == {"con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore"}
    assert table["party"].is_unique().all()
    assert table["favourability"].abs().max() < 100
    assert table.filter(pl.col("leader") == "Andy Burnham")["n_ratings"].item() == 4


def test_an_unrated_leader_starts_where_others_did(evidence: Evidence) -> None:
    """Without ratings a leader has the mean and spread of new leaders, drawn over time to the usual standing."""
    table = leaders.standings(evidence)
    lowe = table.row(by_predicate=pl.col("leader") == "Rupert Lowe", named=True)
    mean, sd = leaders.new_leader(evidence)
    assert (lowe["n_ratings"], lowe["last_rating"]) == (0, None)
    assert lowe["favourability"] == pytest.approx(mean, abs=6)
    assert lowe["favourability_sd"] == pytest.approx(sd, abs=4)
    assert sd > 12


def test_sd_grows_with_staleness(evidence: Evidence) -> None:
    """With no new reading the sd grows by the week, but not beyond what is known of leaders at large."""
    later = replace(evidence, cut=date(2040, 1, 1))
    days = [date(2026, 8, 10), date(2026, 9, 10), date(2026, 12, 10), date(2027, 12, 10), date(2039, 12, 10)]
    sd = leaders.history(later, days, ["lab"])["favourability_sd"].to_list()
    assert sd == sorted(sd)
    assert sd[1] - sd[0] > 0.3
    assert sd[-1] < 35


def test_nothing_is_said_before_the_first_rating(evidence: Evidence) -> None:
    """Before any leader had been rated a standing is null, not a guess."""
    table = leaders.standings(evidence.as_of(date(1970, 6, 17)))
    assert table["leader"].to_list() == ["Edward Heath", "Harold Wilson", "Jeremy Thorpe"]
    assert table["favourability"].null_count() == table["favourability_sd"].null_count() == 3


def test_a_later_row_changes_nothing(evidence: Evidence) -> None:
    """Ratings and changes of leader known after the date leave standings and history as they were, exactly."""
    day = date(2019, 11, 1)
    spoiled = with_ratings(evidence, rating("Jeremy Corbyn", "lab", day, 90.0), rating("X", "con", day, -90.0))
    end = {"party": "lab", "leader": "Jeremy Corbyn", "event": "end", "date": day + timedelta(1)}
    end |= {"reason": None, "verified": False, "source": "test", "known_on": day + timedelta(1)}
    tenure = spoiled.leader_tenure
    extra = pl.DataFrame([end]).select(tenure.columns).cast(dict(tenure.schema))
    spoiled = replace(spoiled, leader_tenure=schemas.LeaderTenure.validate(pl.concat([tenure, extra])))
    clean, dirty = evidence.as_of(day), spoiled.as_of(day)
    assert leaders.standings(clean).equals(leaders.standings(dirty))
    days = [date(2017, 6, 7), day]
    assert leaders.history(clean, days).equals(leaders.history(dirty, days))


def test_a_row_known_that_day_does_change_it(evidence: Evidence) -> None:
    """The test above can fail: the same rating, known a day earlier, moves the standing."""
    day = date(2019, 11, 1)
    spoiled = with_ratings(evidence, rating("Jeremy Corbyn", "lab", day - timedelta(1), 90.0))
    clean, dirty = (leaders.standing_at(e.as_of(day), "lab", day) for e in (evidence, spoiled))
    assert clean
    assert dirty
    assert dirty.n_ratings == clean.n_ratings + 1
    assert dirty.favourability - clean.favourability > 5


def test_history_sees_only_what_was_known(evidence: Evidence) -> None:
    """Inside one evidence a day's level uses no later reading: it counts the ratings known by then."""
    day = date(2022, 9, 20)
    found = leaders.standing_at(evidence, "con", day)
    known = evidence.leader_ratings.filter(pl.col("leader") == "Liz Truss", pl.col("known_on") <= day)
    assert found
    assert found.leader == "Liz Truss"
    assert found.n_ratings == known.height < 24
    assert found.last_rating == known["end_date"].max()
    assert found.favourability > -30  # the collapse came a week later


def test_history_agrees_with_standings(evidence: Evidence) -> None:
    """The last day of a history is the standing at the cut."""
    table = leaders.standings(evidence).filter(pl.col("party").is_in(["con", "lab"]))
    rows = leaders.history(evidence, [evidence.cut])
    assert rows["leader"].to_list() == table["leader"].to_list()
    np.testing.assert_allclose(rows["favourability"], table["favourability"])
    np.testing.assert_allclose(rows["favourability_sd"], table["favourability_sd"])


def test_history_has_a_row_for_a_vacancy(evidence: Evidence) -> None:
    """Between leaders the row is there, with nulls."""
    rows = leaders.history(evidence, [date(2010, 7, 1)])
    assert rows["party"].to_list() == ["con", "lab"]
    assert rows.row(1)[2:] == (None, None, None)


def test_a_day_after_the_cut_is_refused(evidence: Evidence) -> None:
    """Asking for a day beyond the evidence is an error that names the end of it."""
    early = evidence.as_of(date(2019, 11, 1))
    with pytest.raises(BadInput, match="2019-11-01"):
        leaders.history(early, [date(2019, 11, 2)])
    with pytest.raises(BadInput, match="2019-11-01"):
        leaders.standing_at(early, "lab", date(2019, 11, 2))


def test_a_politician_rated_before_she_leads_may_jump(evidence: Evidence) -> None:
    """On taking office a leader rated before is known less well than the day before it."""
    held = evidence.leader_ratings.filter(
        (pl.col("leader") != "Andy Burnham") | (pl.col("end_date") < date(2026, 7, 1))
    )
    before = replace(evidence, leader_ratings=held)
    rows = leaders.history(before, [date(2026, 7, 17)], ["lab"])
    stayed = leaders.history(before, [date(2026, 7, 17)], ["grn"])
    assert rows["favourability_sd"].item() > stayed["favourability_sd"].item() + 3


def synthetic(seed: int, n_leaders: int = 30) -> tuple[pl.DataFrame, dict[tuple[str, str], float]]:
    """Ratings made from known offsets: levels walk, every house asks every month."""
    rng = np.random.default_rng(seed)
    true = {REFERENCE: 0.0, ("favourable", "YouGov"): -9.0, ("approve", "Opinium"): 6.0, ("approve", "YouGov"): 2.0}
    rows = []
    for i in range(n_leaders):
        level = rng.normal(0, 15)
        for month in range(24):
            level += rng.normal(0, 5.0)
            for (family, pollster), offset in true.items():
                day = date(1990 + i, 1, 15) + timedelta(days=30 * month)
                net = float(np.clip(level + offset + rng.normal(0, 4.0), -100, 100))
                row = {"leader": f"L{i}", "pollster": pollster, "question_family": family, "end_date": day, "net": net}
                rows.append(row | {"known_on": day + timedelta(1), "rating_id": f"{len(rows):05d}"})
    return pl.DataFrame(rows), true


def test_offsets_and_variances_are_recovered() -> None:
    """From ratings made with known offsets, noise and drift, the scale finds them."""
    table, true = synthetic(7)
    scale = fit_scale(as_readings(table))
    for group, offset in true.items():
        i = scale.groups.index(group)
        assert scale.offset[i] == pytest.approx(offset, abs=0.2 + 3 * np.sqrt(scale.covariance[i, i]))
    assert scale.noise[0] == pytest.approx(16.0, rel=0.3)
    assert scale.drift == pytest.approx(25.0 / 30.0, rel=0.3)
    assert scale.offset[scale.reference] == 0.0


def test_without_ratings_the_scale_is_its_prior() -> None:
    """No reading at all still gives a scale, with its reference and wide spreads."""
    scale = fit_scale(as_readings(schemas.LeaderRatings.create_empty()))
    assert scale.groups == (REFERENCE,)
    assert scale.first_sd == pytest.approx(25.0)
    assert scale.drift > 0
