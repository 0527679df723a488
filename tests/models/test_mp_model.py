from dataclasses import replace
from datetime import date

import numpy as np
import preliz as pz
import pytest
import xarray as xr
from scipy.stats import norm

from data import Evidence, read_table, schemas
from models.link_priors import MpPriors
from models.mp_filter import (
    ACT_KINDS,
    CHOSEN,
    FACED,
    GAVE_WAY,
    VOTE_KINDS,
    MpHabits,
    MpRecord,
    as_record,
    level_at,
    support_of,
)
from models.mp_model import build_mp_model, habits_of, mp_record, prior_habits
from models.stages import digest

NEEDED = ("elections", "contests", "leader_tenure", "leader_events", "mp_contests", "mp_margins", "mp_events")
POINT = {
    "usual": 0.8,
    "spread": 0.7,
    "spread_new": 0.4,
    "memory": 4.0,
    "crowding": 0.6,
    "lost": -1.0,
    "unevenness": 0.5,
}
NOISE = {"noise_faced": 0.1, "noise_chosen": 0.3, "noise_lost": 0.5}
OFFSET = np.array([-0.5, 0.3, 1.0, 0.0, 0.2, -1.0])
CENTRES, KIND_SPREAD = {"halving_open": -3.0, "halving_mild": -0.4}, 0.5


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = {name: read_table(name) if name in NEEDED else s.create_empty() for name, s in schemas.TABLES.items()}
    return Evidence(cut=date(2026, 10, 9), **tables)


def habits() -> MpHabits:
    """One draw: the point."""
    open_acts = np.isin(ACT_KINDS, ("resignations", "statements", "defections"))
    logits = np.where(open_acts, CENTRES["halving_open"], CENTRES["halving_mild"]) + KIND_SPREAD * OFFSET
    return MpHabits(
        **{name: np.array([value]) for name, value in POINT.items()},
        noise=np.array([list(NOISE.values())]),
        halving=1.0 / (1.0 + np.exp(-logits))[None, :],
    )


def record() -> MpRecord:
    """One leader with three votes, acts between them and giving way at last, one with a vote when she led already."""
    first = date(2000, 1, 1).toordinal()
    return MpRecord(
        leaders=("A", "B"),
        vote_leader=np.array([0, 0, 0, 0, 1]),
        vote_day=first + np.array([0, 700, 1500, 1600, 400]),
        share=np.array([0.1, 0.9, -0.2, 0.0, 1.4]),
        crowd=np.array([1.1, 0.0, 0.0, 0.0, 0.0]),
        vote_kind=np.array([CHOSEN, FACED, FACED, GAVE_WAY, FACED]),
        act_leader=np.array([0, 0, 0, 0, 1]),
        act_day=first + np.array([300, 650, 690, 1580, 380]),
        act_kind=np.array([5, 0, 0, 1, 3]),
        before=np.array([0.0, 0.0, 0.02, 0.0, 0.0]),
        after=np.array([0.2, 0.02, 0.05, 0.1, 0.01]),
    )


def without_later(held: MpRecord, vote: int) -> MpRecord:
    """A leader's acts and the votes before one of hers."""
    own = held.vote_leader == held.vote_leader[vote]
    votes = own & (np.arange(own.size) < vote)
    acts = (held.act_leader == held.vote_leader[vote]) & (held.act_day <= held.vote_day[vote])
    names = {"vote_leader": votes, "vote_day": votes, "share": votes, "crowd": votes, "vote_kind": votes}
    names |= dict.fromkeys(("act_leader", "act_day", "act_kind", "before", "after"), acts)
    return replace(held, **{name: getattr(held, name)[keep] for name, keep in names.items()})


def test_the_filter_is_the_model() -> None:
    """Vote after vote, linear algebra gives the density that the model's own steps give for the same habits."""
    held, point = record(), habits()
    means, variances = [], []
    for vote, (day, kind) in enumerate(zip(held.vote_day, held.vote_kind, strict=True)):
        level, variance = level_at(without_later(held, vote), point, date.fromordinal(int(day)))
        understated = POINT["crowding"] * held.crowd[vote] + POINT["lost"] * (kind == GAVE_WAY)
        means.append(level[0] - understated)
        begun = POINT["spread_new"] ** 2 if kind == CHOSEN else variance[0]
        variances.append(begun + list(NOISE.values())[kind] ** 2)
    expected = norm(means, np.sqrt(variances)).logpdf(held.share)

    model = build_mp_model(held)
    values = POINT | NOISE | CENTRES | {"kind_spread": KIND_SPREAD, "kind_offset": OFFSET}
    at = {name: values[name.removesuffix("_log__")] for name in model.initial_point()}
    at = {name: np.log(value) if name.endswith("_log__") else np.asarray(value) for name, value in at.items()}
    density = model.compile_logp(vars=[model["share"]], jacobian=False, mode="FAST_COMPILE")
    assert float(density(at)) == pytest.approx(expected.sum(), abs=1e-9)


def test_a_single_vote_and_no_act_are_enough_to_build(evidence: Evidence) -> None:
    """In 1956 one vote is on record and no act: the model stands, with named dims and a finite density."""
    held = mp_record(evidence.as_of(date(1956, 6, 1)))
    assert (held.share.size, held.after.size, held.leaders) == (1, 0, ("Hugh Gaitskell",))
    model = build_mp_model(held)
    assert model.coords["act_kind"] == ACT_KINDS
    assert model.coords["vote_kind"] == VOTE_KINDS
    assert np.isfinite(float(model.compile_logp(mode="FAST_COMPILE")(model.initial_point())))


def test_without_a_vote_the_priors_speak(evidence: Evidence) -> None:
    """Before the first vote on record there is nothing to fit: the refusal names what to use."""
    held = mp_record(evidence.as_of(date(1955, 6, 1)))
    assert held.share.size == 0
    with pytest.raises(ValueError, match="prior_habits"):
        build_mp_model(held)


def test_prior_habits_are_drawn_from_the_priors() -> None:
    """They repeat byte for byte, keep to their ranges, and move when a prior does."""
    one, again = prior_habits(n_draws=400), prior_habits(n_draws=400)
    assert digest(one) == digest(again)
    assert ((one.halving > 0) & (one.halving < 1)).all()
    assert min(one.spread.min(), one.memory.min(), one.noise.min(), one.unevenness.min()) > 0
    assert one.usual.mean() == pytest.approx(MpPriors().usual.mean(), abs=0.1)
    assert (one.noise.mean(axis=0)[1:] > one.noise.mean(axis=0)[0]).all()
    moved = prior_habits(replace(MpPriors(), usual=pz.Normal(2.0, 0.1)), n_draws=400)
    assert moved.usual.mean() == pytest.approx(2.0, abs=0.05)


def test_habits_are_evenly_taken_from_both_chains() -> None:
    """Thinned draws come from all of a posterior and keep each draw's numbers together."""
    number = np.arange(200.0).reshape(2, 100)
    names = ("usual", "spread", "spread_new", "memory", "crowding", "lost", "unevenness")
    posterior = xr.Dataset(
        dict.fromkeys(names, (("chain", "draw"), number))
        | {"noise": (("chain", "draw", "vote_kind"), np.repeat(number[:, :, None], 3, axis=2))}
        | {"halving": (("chain", "draw", "act_kind"), np.repeat(number[:, :, None], 6, axis=2))},
        coords={"chain": [0, 1], "draw": range(100)},
    )
    taken = habits_of(posterior, 50)
    assert taken.usual.shape == (50,)
    assert (taken.usual[0], taken.usual[-1]) == (0.0, 199.0)
    assert (taken.noise == taken.usual[:, None]).all()
    assert (taken.halving == taken.usual[:, None]).all()


def test_the_record_holds_what_was_known(evidence: Evidence) -> None:
    """Cut in 2019, the record has May's vote and the rebels of January, and nothing of the years after."""
    held = mp_record(evidence.as_of(date(2019, 2, 1)))
    may = held.leaders.index("Theresa May")
    assert held.vote_kind[held.vote_leader == may].tolist() == [CHOSEN, FACED]
    assert held.after[held.act_leader == may].tolist() == pytest.approx([48 / 317, 118 / 317])
    assert max(held.vote_day.max(), held.act_day.max()) <= date(2019, 2, 1).toordinal()
    assert "Boris Johnson" not in held.leaders
    assert held.vote_kind[held.vote_leader == held.leaders.index("Margaret Thatcher")].tolist() == [
        CHOSEN,
        FACED,
        FACED,
    ]


def test_one_record_has_one_digest(evidence: Evidence) -> None:
    """The same cut gives the same hash, another another: a stage is fitted once for the same data."""
    day = date(2019, 2, 1)
    assert digest(mp_record(evidence.as_of(day))) == digest(mp_record(evidence.as_of(day)))
    assert digest(mp_record(evidence.as_of(day))) != digest(mp_record(evidence.as_of(date(2022, 7, 8))))


def test_giving_way_counts_only_under_fire(evidence: Evidence) -> None:
    """May, Johnson and Truss went weeks after acts of MPs; Thatcher's vote said all, Corbyn lost an election."""
    held = mp_record(evidence.as_of(date(2024, 7, 5)))
    gone = {held.leaders[i] for i in held.vote_leader[held.vote_kind == GAVE_WAY]}
    assert gone == {"Theresa May", "Boris Johnson", "Liz Truss"}


def test_acts_of_the_week_after_a_vote_are_measured_by_it() -> None:
    """Resignations two days after a vote of no confidence leave it as it is; a month after they count in full."""
    held, point = without_later(record(), 2), habits()
    day = int(held.vote_day[-1])

    def level(after: int) -> float:
        act = {"act_day": day + after, "act_leader": 0, "act_kind": 0, "before": 0.0, "after": 0.15}
        more = replace(held, **{name: np.append(getattr(held, name), value) for name, value in act.items()})
        return float(level_at(more, point, date.fromordinal(day + 40))[0][0])

    quiet = float(level_at(held, point, date.fromordinal(day + 40))[0][0])
    assert level(2) == pytest.approx(quiet, abs=0.1)
    assert level(30) < quiet - 0.5


def test_support_is_a_mean_over_log_odds() -> None:
    """A sure level gives its own share; doubt pulls it towards a half and shows in the sd."""
    sure, none = support_of(np.array([2.0]), np.array([0.0]))
    assert (sure, none) == (pytest.approx(1 / (1 + np.exp(-2.0))), pytest.approx(0.0, abs=1e-9))
    doubtful, sd = support_of(np.array([2.0]), np.array([1.0]))
    draws = 1 / (1 + np.exp(-np.random.default_rng(1).normal(2.0, 1.0, 400_000)))
    assert doubtful == pytest.approx(draws.mean(), abs=0.002)
    assert sd == pytest.approx(draws.std(), abs=0.002)


def test_nothing_on_record_lays_out_as_nothing() -> None:
    """A record without leaders has arrays of length nought and types that hash."""
    empty = as_record([])
    assert empty.share.size == empty.after.size == 0
    assert len(digest(empty)) == 64
