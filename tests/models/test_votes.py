from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from data import load_evidence
from models.arrival import FADE, arrive, logit, shares, to_parties
from models.days import DAYS_PER_YEAR
from models.history import CHANNELS, LEADS, ArrivalHistory, history_without, step_length
from models.links import Links
from models.standing import Standing, leader_states, split_others
from models.synthetic import synthetic_history
from models.votes import _CHANNEL_OF, arrival_state, build_votes_model

PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "restore", "oth")


def posterior(value: float = 0.1) -> xr.Dataset:
    """Two chains of fifty equal draws."""
    names = ("kappa", "campaign", "drift", "error", "bias")
    scalars = dict.fromkeys(("beta_favourability", "beta_margin", "beta_office"), value) | {"airtime": 0.1, "pace": 2.0}
    return xr.Dataset(
        {n: (("chain", "draw", "channel"), np.full((2, 50, 6), value if n != "bias" else 0.0)) for n in names}
        | {n: (("chain", "draw"), np.full((2, 50), held)) for n, held in scalars.items()},
        coords={"channel": list(CHANNELS), "chain": [0, 1], "draw": range(50)},
    )


def standing(gap: float = 0.0, n_draws: int = 4000) -> Standing:
    """Every draw at the same shares; Restore Britain without a past."""
    share = np.tile([0.25, 0.3, 0.12, 0.15, 0.08, 0.03, 0.03, 0.04], (n_draws, 1))
    previous = logit(share[0])
    previous[6] = np.nan
    return Standing(
        parties=PARTIES,
        intention=logit(share),
        previous=previous,
        gap=np.full(n_draws, gap),
        margin=np.zeros(n_draws),
        office=0,
    )


def test_state_has_every_party_and_no_gaps() -> None:
    """The state of the arrival model is finite for all parties, those without a past included."""
    state = arrival_state(posterior(), standing(), seed=1)
    assert state["leaders"].dims == state["mps"].dims == state["office"].dims == ("draw",)
    assert list(state["party"].values) == list(PARTIES)
    assert all(np.isfinite(state[name]).all() for name in state.data_vars)


def test_airtime_is_the_liberals_and_the_pace_is_everybodys() -> None:
    """Only the Liberals have a gain in campaigns, of the size of movements at theirs; the pace goes over as learned."""
    state = arrival_state(posterior(), standing(), seed=1)
    is_lib = state["party"] == "lib"
    assert (state["airtime"].where(~is_lib, 0.0) == 0.0).all()
    assert (state["airtime"].sel(party="lib") > 0.1).all()
    assert (state["pace"] == 2.0).all()


def fitted_mean(state: xr.Dataset, gap: float, lead_days: int) -> np.ndarray:
    """Channels on polling day as the fit expects them from one draw of a state, step after step of its record."""
    level, n = state["intention"].values[0], len(PARTIES)
    learned = posterior().isel(chain=0, draw=0)
    channel = np.array([CHANNELS.index(_CHANNEL_OF.get(p, p)) for p in PARTIES])
    for lead, left in pairwise([lead_days, *(day for day in LEADS if day < lead_days), 0]):
        years, campaign = step_length(lead, left)
        faded = gap * np.exp(-FADE * (lead_days - lead) / DAYS_PER_YEAR)
        history = ArrivalHistory(
            elections=(date(2029, 5, 3),),
            election=np.zeros(n, dtype=np.int64),
            channel=channel,
            start=level,
            end=level,
            previous=state["home"].values[0],
            years=np.full(n, years),
            campaign=np.full(n, campaign),
            variance=np.ones(n),
            scale=state["airtime"].values[0] / float(learned["airtime"]),
            final=np.full(n, left == 0),
            gap=np.full(n, faded),
            margin=np.zeros(n),
            office=np.full(n, 2.0),
        )
        given = {name: learned[name].values for name in ("kappa", "pace", "airtime", "bias")}
        given |= {name: learned[name].values for name in ("beta_favourability", "beta_margin", "beta_office")}
        given |= {f"campaign_{age}": learned["campaign"].values[0] for age in ("established", "newer")}
        model = pm.do(build_votes_model(history), given)
        level = model["step"].owner.inputs[-2].eval()
    return level


@pytest.mark.parametrize("lead_days", [1, 35, 180])
def test_the_forecast_expects_what_the_fit_expects(lead_days: int) -> None:
    """Without shocks, one draw arrives where the fit's steps lead, airtime, office, return and leaders included."""
    state = arrival_state(posterior(), replace(standing(gap=3.0, n_draws=1), office=2), seed=1)
    state = state.assign({name: 0.0 * state[name] for name in ("shock_path", "shock_final")})
    expected = shares(to_parties(fitted_mean(state, 3.0, lead_days), PARTIES))
    assert arrive(state, lead_days)[0] == pytest.approx(expected, abs=5e-5)


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Shocks depend on the seed and nothing else."""
    a, b = (arrive(arrival_state(posterior(), standing(), seed=7), 365) for _ in range(2))
    assert a.tobytes() == b.tobytes()
    assert a.tobytes() != arrive(arrival_state(posterior(), standing(), seed=8), 365).tobytes()


def test_uncertainty_grows_with_lead() -> None:
    """The further away the election, the wider the forecast."""
    state = arrival_state(posterior(0.3), standing(), seed=1)
    spread = [arrive(state, lead)[:, 1].std() for lead in (1, 90, 365, 1000)]
    assert spread == sorted(spread)


def test_a_better_liked_conservative_leader_raises_the_conservatives() -> None:
    """A gap of thirty points in favour of the Conservative leader moves both main parties."""
    low, high = (arrive(arrival_state(posterior(), standing(gap), seed=1), 700).mean(axis=0) for gap in (-3.0, 3.0))
    assert high[0] > low[0]
    assert high[1] < low[1]


def test_hidden_parties_are_taken_out_of_others() -> None:
    """Parties that polls do not name come out of others, whose sum stays what it was."""
    shares = np.tile([0.4, 0.4, 0.1, 0.1], (100, 1))
    previous = {"con": 0.4, "lab": 0.38, "lib": 0.1, "snp": 0.04, "plaid": 0.01, "ref": 0.05}
    names, split = split_others(shares, ["con", "lab", "lib", "oth"], previous, np.random.default_rng(0))
    assert names == ["con", "lab", "lib", "ref", "snp", "plaid", "oth"]
    assert np.allclose(split.sum(axis=1), 1.0)
    assert np.allclose(split[:, 3:].sum(axis=1), 0.1)
    assert split[:, 3].mean() > split[:, 4].mean() > split[:, 5].mean()


@pytest.mark.parametrize("unknown", [False, True])
def test_the_model_gives_a_finite_density(unknown: bool) -> None:
    """With and without known leader gaps, the model can be evaluated where it starts."""
    history = synthetic_history(6, seed=3)
    if unknown:
        history.gap[:] = np.nan
    model = build_votes_model(history)
    assert all(np.isfinite(v) for v in model.point_logps().values())


def test_margins_all_alike_leave_an_unknown_one_its_usual_size() -> None:
    """Where one contest decided every known margin, an unknown margin has that size, not the spread of nought."""
    history = synthetic_history(6, seed=3)
    first = history.election == 0
    model = build_votes_model(replace(history, margin=np.where(first, np.nan, -0.103)))
    sigma = model["missing_margin"].owner.inputs[-1].eval()
    assert float(np.max(sigma)) == pytest.approx(0.103, rel=1e-5)


def test_before_the_first_rating_leaders_stand_where_new_ones_start(prior_links: Links) -> None:
    """On the eve of the election of 1979, before any rating in the data, no leader is taken for nought or left out."""
    states = leader_states(load_evidence().as_of(date(1979, 5, 2)), prior_links)
    assert {state.leader for state in states} >= {"Margaret Thatcher", "James Callaghan"}
    assert all(state.n_ratings == 0 and state.favourability_sd > 10 for state in states)


def test_leaving_out_an_election_leaves_no_row_with_its_result() -> None:
    """Its own campaign goes, and the next one's, which starts from its result; the others keep their rows."""
    history = synthetic_history(6, seed=3)
    gone = history.elections[2]
    left = history_without(history, gone)
    assert left.elections == (*history.elections[:2], *history.elections[4:])
    kept = ~np.isin(history.election, (2, 3))
    assert np.array_equal(left.end, history.end[kept])
    assert [left.elections[i] for i in left.election] == [history.elections[i] for i in history.election[kept]]
    assert history_without(history, date(2029, 5, 3)) is history
