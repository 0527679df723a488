import subprocess
import sys
from dataclasses import fields, replace
from datetime import date

import numpy as np
import polars as pl
import pymc as pm
import pytest
import xarray as xr

from data import Evidence, read_table, schemas
from data.errors import BadInput
from models.stages import digest
from models.survival import build_survival_model, learn_odds, prior_odds
from models.survival_odds import Defeat, Odds, gone_after_defeat, over_it, survival_chance
from models.survival_priors import SurvivalPriors
from models.survival_record import ILL, STAYED, WENT, SurvivalRecord, survival_record

NEEDED = (
    "constituencies",
    "contests",
    "elections",
    "leader_events",
    "leader_ratings",
    "leader_tenure",
    "mp_contests",
    "mp_events",
    "mp_margins",
    "results",
)
POINT = {
    "usual": -4.0,
    "support": -1.0,
    "unknown": 0.5,
    "rating": -0.3,
    "unrated": -0.2,
    "premier": 0.1,
    "defeat": 0.2,
    "era": 0.5,
    "liberal": -1.0,
    "gain": -0.8,
    "delay": 4.0,
    "health": 0.001,
}
PARTY = np.array([0.3, -0.2, 0.0])


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """Four leaders and the Liberals of the fifties: those with a lost election, a short reign, a death."""
    tables = {name: read_table(name) if name in NEEDED else s.create_empty() for name, s in schemas.TABLES.items()}
    names = ["Liz Truss", "Jeremy Corbyn", "Hugh Gaitskell", "Nick Clegg", "Clement Davies"]
    tables["leader_tenure"] = tables["leader_tenure"].filter(pl.col("leader").is_in(names))
    return Evidence(cut=date(2026, 10, 9), **tables)


@pytest.fixture(scope="module")
def record(evidence: Evidence) -> SurvivalRecord:
    return survival_record(evidence)


def months_of(record: SurvivalRecord, leader: str) -> dict[str, np.ndarray]:
    """Columns of one leader's months."""
    own = record.spell == record.leaders.index(leader)
    return {f.name: getattr(record, f.name)[own] for f in fields(record) if f.name != "leaders"}


def odds(**changed: float) -> Odds:
    """One draw: the point, with some values changed."""
    values = POINT | changed
    return Odds(**{name: np.array([value]) for name, value in values.items()}, of_party=PARTY[None, :])


def made_up(**changed: list[float]) -> SurvivalRecord:
    """Three months: a prime minister who stays, a Labour leader who goes after a defeat, a Liberal who dies."""
    columns = {
        "pull": [0.4, -0.5, np.nan],
        "liking": [-1.0, np.nan, 0.5],
        "premier": [1.0, 0.0, 0.0],
        "since": [np.nan, 2.0, np.nan],
        "decade": [np.nan, 3.0, np.nan],
        "gain": [np.nan, -0.6, np.nan],
        "months": [1.0, 0.5, 0.8],
    } | changed
    return SurvivalRecord(
        leaders=("A", "B", "C"),
        spell=np.arange(3),
        day=np.full(3, 730000),
        party=np.arange(3),
        how=np.array([STAYED, WENT, ILL]),
        **{name: np.array(values) for name, values in columns.items()},
    )


def test_months_end_where_a_leader_goes_and_start_anew_at_elections(record: SurvivalRecord) -> None:
    """Truss's 49 days are a month and its rest; Corbyn's months start anew on the days of 2017 and 2019."""
    truss = months_of(record, "Liz Truss")
    assert np.rint(truss["months"] * 30.4375).tolist() == [30.0, 19.0]
    assert truss["how"].tolist() == [STAYED, WENT]
    assert truss["premier"].tolist() == [1.0, 1.0]
    assert np.isnan(truss["since"]).all()
    corbyn = months_of(record, "Jeremy Corbyn")
    begun = [date.fromordinal(int(day)) for day in corbyn["day"][corbyn["since"] == 0.0]]
    assert begun == [date(2017, 6, 8), date(2019, 12, 12)]
    assert np.isnan(corbyn["since"][corbyn["day"] < date(2017, 6, 8).toordinal()]).all()
    assert corbyn["gain"][corbyn["since"] == 0.0] == pytest.approx([0.98, -0.8], abs=0.05)
    assert (corbyn["how"] == WENT).sum() == 1


def test_record_tells_death_coalition_and_what_is_not_known(record: SurvivalRecord) -> None:
    """Gaitskell died; Clegg governed from 2010 and lost in 2015 alone; of 1955 neither ratings nor gains are known."""
    assert months_of(record, "Hugh Gaitskell")["how"][-1] == ILL
    clegg = months_of(record, "Nick Clegg")
    assert [date.fromordinal(int(day)).year for day in clegg["day"][clegg["since"] == 0.0]] == [2015]
    davies = months_of(record, "Clement Davies")
    assert np.isnan(davies["pull"]).all()
    assert np.isnan(davies["liking"]).all()
    assert davies["since"][0] == 0.0
    assert np.isnan(davies["gain"]).all()


def test_what_is_known_later_changes_no_month(evidence: Evidence) -> None:
    """As of 2019, months are the same bytes whether later rows are in the tables or not, and no exit is foreseen."""
    day = date(2019, 12, 12)
    later = pl.col("known_on") > day
    names = [f.name for f in fields(evidence) if f.name != "cut"]
    bare = replace(
        evidence, **{n: t.filter(~later) for n in names if "known_on" in (t := getattr(evidence, n)).columns}
    )
    cut = survival_record(evidence.as_of(day))
    assert digest(cut) == digest(survival_record(bare.as_of(day)))
    corbyn = months_of(cut, "Jeremy Corbyn")
    assert (corbyn["how"] == STAYED).all()
    assert corbyn["day"].max() < day.toordinal()
    assert "Liz Truss" not in cut.leaders


def test_likelihood_is_that_of_the_clocks() -> None:
    """Three months add to the log of the likelihood what the clocks give, worked out by hand."""
    model = build_survival_model(made_up())
    values = POINT | {"of_party": PARTY}
    at = {name: np.asarray(values[name.removesuffix("_log__")]) for name in model.initial_point()}
    at = {name: np.log(value) if name.endswith("_log__") else value for name, value in at.items()}
    found = float(model.compile_logp(vars=model.observed_RVs, jacobian=False, mode="FAST_COMPILE")(at))

    stays = -(np.exp(-4.0 + 0.3 - 1.0 * 0.4 - 0.3 * -1.0 + 0.1) + 0.001) * 1.0
    over = 1.0 / (1.0 + np.exp(-(0.2 + 0.5 * 3.0 - 0.8 * -0.6)))
    left = [1.0 - over + over * np.exp(-t / 4.0) for t in (2.0, 2.5)]
    politics = np.exp(-4.0 - 0.2 - 1.0 * -0.5 - 0.2)
    rate = politics + over * np.exp(-2.5 / 4.0) / 4.0 / left[1]
    goes = -(politics + 0.001) * 0.5 + np.log(left[1] / left[0]) + np.log(rate)
    dies = -(np.exp(-4.0 + 0.0 + 0.5 - 0.3 * 0.5) + 0.001) * 0.8 + np.log(0.001)
    assert found == pytest.approx(stays + goes + dies, abs=1e-9)


def test_months_are_drawn_as_often_as_they_are_dense() -> None:
    """At one set of parameters a month is drawn to end without an exit as often as its density says."""
    stayed = replace(made_up(), how=np.full(3, STAYED))
    fixed = pm.do(build_survival_model(stayed), POINT | {"of_party": PARTY})
    drawn = pm.draw(fixed["how"], draws=20_000, random_seed=3)
    told = np.exp(fixed.compile_logp(vars=[fixed["how"]], sum=False, mode="FAST_COMPILE")({})[0])
    assert (drawn == STAYED).mean(axis=0) == pytest.approx(told, abs=0.02)
    assert {STAYED, WENT, ILL} >= set(np.unique(drawn))


def test_model_and_odds_agree_on_a_month() -> None:
    """The chance to stay a month is the exponential of what that month adds to the likelihood, where nothing strays."""
    stayed = replace(made_up(), how=np.full(3, STAYED))
    model = build_survival_model(stayed)
    values = POINT | {"of_party": PARTY}
    at = {name: np.asarray(values[name.removesuffix("_log__")]) for name in model.initial_point()}
    at = {name: np.log(value) if name.endswith("_log__") else value for name, value in at.items()}
    found = float(model.compile_logp(vars=model.observed_RVs, jacobian=False, mode="FAST_COMPILE")(at))
    lost = Defeat(election=date(2015, 1, 1), gain=-0.06, months=2.0)
    chances = [
        survival_chance(odds(), party="con", months=1.0, premier=True, support=0.7408, favourability=-20.0),
        survival_chance(odds(), party="lab", months=0.5, premier=False, support=0.5374, defeat=lost),
        survival_chance(odds(), party="lib", months=0.8, premier=False, favourability=-5.0),
    ]
    assert float(np.log(chances).sum()) == pytest.approx(found, abs=2e-3)


def test_a_chance_worked_out_by_hand() -> None:
    """A Labour leader of whom nothing is known, half a year after a defeat, has the chance that the formula gives."""
    lost = Defeat(election=date(1995, 1, 1), gain=0.05, months=6.0)
    found = survival_chance(odds(), party="lab", months=10.0, premier=False, defeat=lost)
    over = 1.0 / (1.0 + np.exp(-(0.2 + 0.5 * 0.99993 - 0.8 * 0.5)))
    weathered = (1 - over + over * np.exp(-4.0)) / (1 - over + over * np.exp(-1.5))
    politics = np.exp(-4.0 - 0.2 + 0.5 - 0.2)
    assert found == pytest.approx(np.exp(-(politics + 0.001) * 10.0) * weathered, abs=1e-4)


def test_support_and_ratings_keep_leaders_and_defeats_remove_them() -> None:
    """More support or better ratings make staying likelier, time and defeats less; what is known fades with time."""

    def stays(**changed: object) -> float:
        asked = {"party": "con", "months": 24.0, "premier": False} | changed
        return float(survival_chance(odds(), **asked)[0])

    by_support = [stays(support=s) for s in (0.2, 0.5, 0.8)]
    by_rating = [stays(favourability=f) for f in (-50.0, 0.0, 30.0)]
    assert by_support == sorted(by_support)
    assert by_rating == sorted(by_rating)
    assert stays(defeat=Defeat(election=date(2024, 7, 4))) < stays()
    assert stays(months=0.0) == 1.0
    near, far = ([-np.log(stays(support=s, months=m)) for s in (0.2, 0.8)] for m in (1.0, 120.0))
    assert near[0] / near[1] > far[0] / far[1] > 1.0


def test_a_weathered_defeat_counts_no_more() -> None:
    """Five years on, a defeat leaves the chances where they were without it."""
    asked = {"party": "lab", "months": 12.0, "premier": False}
    old = Defeat(election=date(2019, 12, 12), months=60.0)
    assert survival_chance(odds(), defeat=old, **asked) == pytest.approx(survival_chance(odds(), **asked), rel=1e-5)


def test_gone_after_defeat_is_worse_later_and_for_losers_of_votes() -> None:
    """The chance to be gone in a year rises with the decades and falls with a gain; it is at least that of defeat."""
    asked = {"party": "con", "election": date(2024, 7, 4)}
    early = gone_after_defeat(odds(), **asked | {"election": date(1966, 3, 31)})
    now, beaten = gone_after_defeat(odds(), **asked), gone_after_defeat(odds(), gain=-0.2, **asked)
    assert early < now < beaten
    ever = over_it(odds(), "con", Defeat(election=date(2024, 7, 4)))
    assert now > ever * (1 - np.exp(-3.0))
    assert gone_after_defeat(odds(), party="lib", election=date(2024, 7, 4)) < now


def test_odds_come_back_whole() -> None:
    """Draws laid out as a dataset, or taken from a posterior by chain and draw, come back as they were."""
    drawn = prior_odds(n_draws=6)
    assert digest(Odds.of(drawn.to_dataset())) == digest(drawn)
    chains = drawn.to_dataset().drop_vars("party").isel(sample=slice(0, 6)).rename(sample="draw").expand_dims(chain=1)
    assert isinstance(chains, xr.Dataset)
    assert digest(Odds.of(chains)) == digest(drawn)


def test_priors_leave_a_leader_room_to_stay_or_go() -> None:
    """Before any record, four years in office have a chance from a tenth to nine tenths, about evens at the middle."""
    four = survival_chance(prior_odds(), party="con", months=48.0, premier=False, support=0.66, favourability=-10.0)
    low, middle, high = np.quantile(four, [0.025, 0.5, 0.975])
    assert 0.02 < low < 0.2
    assert 0.4 < middle < 0.75
    assert 0.8 < high < 0.95


def test_without_a_month_the_priors_speak(evidence: Evidence) -> None:
    """Where no leader is on record nothing can be fitted: the builder says so and the odds are the priors'."""
    nobody = replace(evidence, leader_tenure=evidence.leader_tenure.clear())
    with pytest.raises(ValueError, match="prior_odds"):
        build_survival_model(survival_record(nobody))
    assert digest(learn_odds(nobody, seed=3)) == digest(prior_odds(SurvivalPriors(), seed=3))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"party": "grn"}, "Choose one of con, lab, lib"),
        ({"months": -1.0}, "0 or more"),
        ({"months": float("nan")}, "0 or more"),
        ({"support": 1.0}, "between 0 and 1"),
        ({"favourability": -101.0}, "between -100 and 100"),
    ],
)
def test_values_out_of_range_are_refused(changed: dict[str, float], told: str) -> None:
    """A party never learned from, a past day, or a value that cannot be, is refused in words."""
    asked = {"party": "con", "months": 12.0, "premier": False} | changed
    with pytest.raises(BadInput, match=told):
        survival_chance(odds(), **asked)


def test_odds_load_without_a_sampler() -> None:
    """What pages read loads neither PyMC nor PreliZ."""
    code = "import sys, models.survival_odds; print(*[n for n in ('pymc', 'preliz', 'arviz') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
