from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from data import BadInput, Evidence, read_table, schemas
from models import leaders
from models.cli import DEFAULT_SEED
from models.config import LinkConfig
from models.leader_events import KINDS, Course
from models.leader_model import build_leader_model
from models.leader_record import OTHER_WORDINGS, Readings, as_readings, leader_record
from models.leader_scale import Scale, event_draws, event_effects, prior_scale, scale_of
from models.reading_scale import extended
from models.stages import Run

NEEDED = ("elections", "leader_tenure", "leader_ratings", "leader_events")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = {name: read_table(name) if name in NEEDED else s.create_empty() for name, s in schemas.TABLES.items()}
    return Evidence(cut=date(2026, 10, 9), **tables)


@pytest.fixture(scope="module")
def scale(evidence: Evidence) -> Scale:
    """What the ratings known when the election of 2024 was over teach, as it comes with the package."""
    record, config = leader_record(evidence.as_of(date(2024, 7, 5))), LinkConfig()
    run = Run(DEFAULT_SEED, progress=False)
    tree = run.fit("leaders", record, build_leader_model, config.leader_priors, config.leader_sampler)
    return scale_of(tree["posterior"].to_dataset(), record)


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
        (date(2007, 9, 15), "lab", "Gordon Brown", 5, 35),
        (date(2017, 4, 20), "con", "Theresa May", 10, 40),
        (date(2020, 4, 15), "con", "Boris Johnson", 15, 50),
        (date(2026, 8, 18), "lab", "Andy Burnham", -15, 35),
    ],
)
def test_known_days_read_right(
    evidence: Evidence, scale: Scale, day: date, party: str, leader: str, low: float, high: float
) -> None:
    """On days people remember, each leader stands where Ipsos had her."""
    table = leaders.standings(evidence.as_of(day), scale)
    row = table.row(by_predicate=pl.col("party") == party, named=True)
    assert row["leader"] == leader
    assert low < row["favourability"] < high


def test_all_leaders_in_office_are_listed(evidence: Evidence, scale: Scale) -> None:
    """Every party with a leader has one row, rated or not, and figures stay within the scale."""
    table = leaders.standings(evidence, scale)
    assert set(table["party"]) == {"con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore"}
    assert table["party"].is_unique().all()
    assert table["favourability"].abs().max() < 100
    assert table.filter(pl.col("leader") == "Andy Burnham")["n_ratings"].item() == 4


def test_an_unrated_leader_starts_where_others_did(evidence: Evidence, scale: Scale) -> None:
    """Without ratings a leader has the mean and spread of new leaders, drawn over time to the usual standing."""
    table = leaders.standings(evidence, scale)
    lowe = table.row(by_predicate=pl.col("leader") == "Rupert Lowe", named=True)
    mean, sd = leaders.new_leader(scale)
    assert (lowe["n_ratings"], lowe["last_rating"]) == (0, None)
    assert scale.usual[0] - 1 < lowe["favourability"] < mean
    assert lowe["favourability_sd"] == pytest.approx(sd, abs=4)
    assert sd > 12


def test_sd_grows_with_staleness(evidence: Evidence, scale: Scale) -> None:
    """With no new reading the sd grows by the week, but not beyond what is known of leaders at large."""
    later = replace(evidence, cut=date(2040, 1, 1))
    days = [date(2026, 8, 10), date(2026, 9, 10), date(2026, 12, 10), date(2027, 12, 10), date(2039, 12, 10)]
    sd = leaders.history(later, scale, days, ["lab"])["favourability_sd"].to_list()
    assert sd == sorted(sd)
    assert sd[1] - sd[0] > 0.3
    assert sd[-1] < 35


def test_nothing_is_said_before_the_first_rating(evidence: Evidence, scale: Scale) -> None:
    """Before any leader had been rated a standing is null, not a guess."""
    table = leaders.standings(evidence.as_of(date(1970, 6, 17)), scale)
    assert table["leader"].to_list() == ["Edward Heath", "Harold Wilson", "Jeremy Thorpe"]
    assert table["favourability"].null_count() == table["favourability_sd"].null_count() == 3


def test_a_later_row_changes_nothing(evidence: Evidence, scale: Scale) -> None:
    """Ratings and changes of leader known after the date leave standings and history as they were, exactly."""
    day = date(2019, 11, 1)
    spoiled = with_ratings(evidence, rating("Jeremy Corbyn", "lab", day, 90.0), rating("X", "con", day, -90.0))
    end = {"party": "lab", "leader": "Jeremy Corbyn", "event": "end", "date": day + timedelta(1)}
    end |= {"reason": None, "verified": False, "source": "test", "known_on": day + timedelta(1)}
    tenure = spoiled.leader_tenure
    extra = pl.DataFrame([end]).select(tenure.columns).cast(dict(tenure.schema))
    spoiled = replace(spoiled, leader_tenure=schemas.LeaderTenure.validate(pl.concat([tenure, extra])))
    clean, dirty = evidence.as_of(day), spoiled.as_of(day)
    assert leaders.standings(clean, scale).equals(leaders.standings(dirty, scale))
    days = [date(2017, 6, 7), day]
    assert leaders.history(clean, scale, days).equals(leaders.history(dirty, scale, days))


def test_a_row_known_that_day_does_change_it(evidence: Evidence, scale: Scale) -> None:
    """The test above can fail: the same rating, known a day earlier, moves the standing."""
    day = date(2019, 11, 1)
    spoiled = with_ratings(evidence, rating("Jeremy Corbyn", "lab", day - timedelta(1), 90.0))
    clean, dirty = (leaders.standing_at(e.as_of(day), scale, "lab", day) for e in (evidence, spoiled))
    assert clean
    assert dirty
    assert dirty.n_ratings == clean.n_ratings + 1
    assert dirty.favourability - clean.favourability > 5


def test_history_sees_only_what_was_known(evidence: Evidence, scale: Scale) -> None:
    """Inside one evidence a day's level uses no later reading: it counts the ratings known by then."""
    day = date(2022, 9, 20)
    found = leaders.standing_at(evidence, scale, "con", day)
    known = evidence.leader_ratings.filter(pl.col("leader") == "Liz Truss", pl.col("known_on") <= day)
    assert found
    assert found.leader == "Liz Truss"
    assert found.n_ratings == known.height < 24
    assert found.last_rating == known["end_date"].max()
    assert found.favourability > -30  # the collapse came a week later


def test_history_agrees_with_standings(evidence: Evidence, scale: Scale) -> None:
    """The last day of a history is the standing at the cut."""
    table = leaders.standings(evidence, scale).filter(pl.col("party").is_in(["con", "lab"]))
    rows = leaders.history(evidence, scale, [evidence.cut])
    assert rows["leader"].to_list() == table["leader"].to_list()
    np.testing.assert_allclose(rows["favourability"], table["favourability"])
    np.testing.assert_allclose(rows["favourability_sd"], table["favourability_sd"])


def test_history_has_a_row_for_a_vacancy(evidence: Evidence, scale: Scale) -> None:
    """Between leaders the row is there, with nulls."""
    rows = leaders.history(evidence, scale, [date(2010, 7, 1)])
    assert rows["party"].to_list() == ["con", "lab"]
    assert rows.row(1)[2:] == (None, None, None)


def test_a_day_after_the_cut_is_refused(evidence: Evidence, scale: Scale) -> None:
    """Asking for a day beyond the evidence is an error that names the end of it."""
    early = evidence.as_of(date(2019, 11, 1))
    with pytest.raises(BadInput, match="2019-11-01"):
        leaders.history(early, scale, [date(2019, 11, 2)])
    with pytest.raises(BadInput, match="2019-11-01"):
        leaders.standing_at(early, scale, "lab", date(2019, 11, 2))


def test_a_politician_rated_before_she_leads_may_jump(evidence: Evidence, scale: Scale) -> None:
    """On taking office a leader rated before is known less well than the day before it."""
    held = evidence.leader_ratings.filter(
        (pl.col("leader") != "Andy Burnham") | (pl.col("end_date") < date(2026, 7, 1))
    )
    before = replace(evidence, leader_ratings=held)
    rows = leaders.history(before, scale, [date(2026, 7, 17)], ["lab"])
    stayed = leaders.history(before, scale, [date(2026, 7, 17)], ["grn"])
    assert rows["favourability_sd"].item() > stayed["favourability_sd"].item() + 1.5


def test_readings_known_at_the_fit_teach_nothing_twice(evidence: Evidence, scale: Scale) -> None:
    """Offsets stay as they were where no reading is newer than the fit."""
    readings = as_readings(evidence.as_of(date(2024, 7, 5)).leader_ratings)
    assert np.array_equal(extended(scale, readings).offset, scale.offset)


def test_a_new_house_of_a_known_wording_is_placed_as_the_posterior_has_it(scale: Scale) -> None:
    """Its offset is its wording's and as unsure as that, and it goes with the wording's other houses."""
    group, held = ("approve", "A new house"), ("approve", "Opinium")
    wide = extended(
        scale, Readings((group, *scale.groups), *[np.array([], dtype=t) for t in ("U1", int, int, int, float)])
    )
    i = wide.groups.index(held)
    wording = len(scale.groups) + OTHER_WORDINGS.index("approve")
    assert wide.offset[0] == pytest.approx(scale.wording[OTHER_WORDINGS.index("approve")])
    assert wide.covariance[0, 0] == pytest.approx(scale.covariance[wording, wording] + scale.house)
    assert wide.covariance[0, i] == pytest.approx(scale.covariance[wording, scale.groups.index(held)])
    assert wide.covariance[0, i] > 0.0


def test_an_event_moves_a_leader_and_fades(evidence: Evidence, scale: Scale) -> None:
    """A war put into the tables lifts a leader nobody has rated since, by its usual size, and half of it passes."""
    day = date(2026, 9, 1)
    event = {"leader": "Kemi Badenoch", "date": day, "kind": "war", "party": "con", "event": "test", "verified": True}
    table = evidence.leader_events
    extra = pl.DataFrame([event | {"source": "test", "known_on": day}]).select(table.columns).cast(dict(table.schema))
    shaken = replace(evidence, leader_events=schemas.LeaderEvents.validate(pl.concat([table, extra])))
    told = event_effects(scale).row(by_predicate=pl.col("kind") == "war", named=True)
    later = day + timedelta(round(told["half_life_days"]))
    rows = [
        leaders.history(replace(e, cut=date(2027, 12, 1)), scale, [day, later], ["con"])["favourability"]
        for e in (evidence, shaken)
    ]
    moved = (rows[1] - rows[0]).to_list()
    assert moved[0] == pytest.approx(told["size"], abs=1e-6)
    assert moved[1] == pytest.approx(told["size"] / 2, rel=0.05)


@pytest.mark.parametrize("days", [0, 30, 180])
def test_draws_of_events_spread_and_fade_as_standings_do(scale: Scale, days: int) -> None:
    """How far one event differs from its kind spreads and fades in draws as in the prior of a leader's standing."""
    day = date(2025, 1, 1).toordinal()
    began, kind = day - 1000, KINDS.index("gaffe")
    none, office = np.array([], dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
    calm = Course(led=none, office=office, day=none, kind=none)
    struck = replace(calm, day=np.array([day]), kind=np.array([kind]))
    (quiet, before), (moved, after) = (leaders._prior(np.array([day + days]), began, scale, c) for c in (calm, struck))
    draws = event_draws(scale, n_draws=4000, seed=1)
    usual = draws["event_points"].values[:, kind] * 0.5 ** (days / draws["event_half_life"].values[:, kind])
    own = draws["event_own_points"].values[:, kind] * 0.5 ** (days / draws["event_own_half_life"].values)
    assert own.std() == pytest.approx(np.sqrt((after - before).item()), rel=0.1)
    assert usual.mean() == pytest.approx((moved - quiet).item(), abs=0.5)


def test_draws_of_events_spread_as_told(scale: Scale) -> None:
    """Draws for scenarios have the mean size and range that the table of effects tells."""
    draws = event_draws(scale, n_draws=4000, seed=1)
    gaffe = event_effects(scale).row(by_predicate=pl.col("kind") == "gaffe", named=True)
    points = (draws["event_points"] + draws["event_own_points"]).sel(kind="gaffe").values
    assert points.mean() == pytest.approx(gaffe["size"], abs=2.0)
    assert np.quantile(points, 0.95) == pytest.approx(gaffe["hi90"], abs=1.5)
    assert (draws["event_half_life"] > 0).all()


def test_without_ratings_the_scale_is_its_prior() -> None:
    """Where nobody has been rated the scale still has its reference, plausible new leaders and wide spreads."""
    scale = prior_scale()
    mean, sd = leaders.new_leader(scale)
    assert len(scale.groups) == 1
    assert scale.offset[scale.reference] == 0.0
    assert -20 < mean < 15
    assert 12 < sd < 35
