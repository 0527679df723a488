from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
import xarray as xr

from data import BadInput, Evidence, load_evidence
from models.effects import RESPONSE_VARIABLES, response_draws
from models.fit import SamplerConfig, sample
from models.link_priors import ResponsePriors
from models.response import build_response_model, prior_draws
from models.response_panel import NOBODY, PARTIES, month_days, response_panel, steps
from tests.models.made_up_panel import GAP, REIGN, TERM, made_up_panel


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(own=False)


def tables(days: list[date], **columns: object) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Standing and backing of one leader a party, the same on all days."""
    keys = pl.DataFrame({"day": days}, schema={"day": pl.Date}).join(pl.DataFrame({"party": PARTIES}), how="cross")
    values = {"leader": "A B", "favourability": -5.0, "favourability_sd": 4.0, "support": 0.6, "margin": 0.2} | columns
    table = keys.with_columns(**{name: pl.lit(value) for name, value in values.items()})
    return table.drop("support", "margin"), table.select("day", "party", "leader", "support", "margin")


def test_months_begin_with_the_first_rating(evidence: Evidence) -> None:
    """Months run from the first rating known to the cut, and there is none before."""
    days = month_days(evidence.as_of(date(1981, 3, 15)))
    assert (days[0], days[-1], len(days)) == (date(1979, 9, 30), date(1981, 2, 28), 18)
    assert month_days(evidence.as_of(date(1979, 6, 1))) == []


def test_no_month_sees_what_came_later(evidence: Evidence) -> None:
    """The months of a panel are those of a panel that ends with them, bit for bit."""
    cut = evidence.as_of(date(1983, 9, 30))
    whole = response_panel(cut, *tables(month_days(cut)))
    earlier = cut.as_of(date(1981, 3, 31))
    part = response_panel(earlier, *tables(month_days(earlier)))
    n = len(part.days)
    for name in ("v", "home", "office", "favourability", "support"):
        assert getattr(whole, name)[:n].tobytes() == getattr(part, name).tobytes()


def test_the_weeks_after_an_election_are_left_out(evidence: Evidence) -> None:
    """June 1983 has a new Parliament and no settled polls yet; July has, from the new base."""
    cut = evidence.as_of(date(1983, 9, 30))
    panel = response_panel(cut, *tables(month_days(cut)))
    june, july = panel.days.index(date(1983, 6, 30)), panel.days.index(date(1983, 7, 31))
    assert panel.parliament[june] == NOBODY
    assert np.isnan(panel.v[june]).all()
    assert panel.elections[panel.parliament[july]] == date(1983, 6, 9)
    assert not np.isnan(panel.v[july]).any()
    assert panel.home[june, 0] != panel.home[june - 1, 0]
    assert panel.office[june].tolist() == [2.0, 0.0, 0.0]
    assert not np.isin(steps(panel).month, (june - 1, june)).any()


def test_partners_in_a_coalition_are_in_office(evidence: Evidence) -> None:
    """The Liberal Democrats governed from 2010 to 2015."""
    cut = evidence.as_of(date(2010, 9, 30))
    panel = response_panel(cut, *tables([date(2010, 4, 30), date(2010, 8, 31)]))
    assert panel.office.tolist() == [[0.0, 3.0, 0.0], [1.0, 0.0, 1.0]]


def test_unrated_leaders_and_unknown_support_are_missing_not_zero(evidence: Evidence) -> None:
    """A standing that rests on no rating is left out of the steps; support that is not known stays unknown."""
    cut = evidence.as_of(date(1981, 3, 31))
    vague = response_panel(cut, *tables(month_days(cut), favourability_sd=20.0, support=None))
    assert np.isnan(vague.favourability).all()
    assert np.isnan(vague.support).all()
    assert steps(vague).month.size == 0
    kept = steps(response_panel(cut, *tables(month_days(cut), support=None)))
    assert kept.month.size > 0
    assert np.isnan(kept.support).all()


def test_a_panel_may_be_empty(evidence: Evidence) -> None:
    """Before any leader was rated there are no months, and the links are their priors."""
    cut = evidence.as_of(date(1975, 1, 1))
    panel = response_panel(cut, *tables([]))
    assert panel.v.shape == (0, 3)
    assert steps(panel).v.shape == (0, 2)
    drawn = prior_draws(n_draws=2000, seed=1)
    assert set(drawn.data_vars) == set(RESPONSE_VARIABLES)
    assert drawn.sizes == {"chain": 1, "draw": 2000}
    response = response_draws(drawn, n_draws=500, seed=1)
    assert 0.05 < response.theta.mean() < 0.11
    assert np.all(response.speed > 0)


def test_wrong_tables_are_refused(evidence: Evidence) -> None:
    """Days after the cut and missing rows are refused in a sentence."""
    cut = evidence.as_of(date(1981, 3, 31))
    standing, backing = tables(month_days(cut))
    with pytest.raises(BadInput, match="end of the evidence"):
        response_panel(evidence.as_of(date(1980, 1, 1)), standing, backing)
    with pytest.raises(BadInput, match="one row for each"):
        response_panel(cut, standing.head(-1), backing)


def test_steps_stay_within_a_leader_and_a_parliament() -> None:
    """No step crosses a change of leader, an election or a month without polls."""
    panel = made_up_panel(3, seed=1)
    rows = steps(panel)
    assert np.all(panel.leader[rows.month, rows.party] == panel.leader[rows.month + 1, rows.party])
    assert np.all(rows.month % TERM < TERM - 1)
    assert np.all(rows.month % TERM >= GAP)
    assert not np.any((rows.month[rows.party == 0] + 1) % REIGN == 0)
    assert rows.v.shape == (rows.month.size, 2)


@pytest.mark.parametrize("known", [True, False])
def test_the_model_has_a_finite_density(known: bool) -> None:
    """With and without known support the model can be evaluated where it starts."""
    panel = made_up_panel(2, seed=2)
    if not known:
        panel = replace(panel, support=np.full_like(panel.support, np.nan))
    model = build_response_model(panel, priors=ResponsePriors())
    assert all(np.isfinite(value) for value in model.point_logps().values())
    assert len(model.coords["term"]) == 2 * len(PARTIES)


def test_unknown_support_adds_no_term() -> None:
    """What support is worth has no say in a month whose support is not known."""
    panel = made_up_panel(2, seed=2)
    model = build_response_model(replace(panel, support=np.full_like(panel.support, np.nan)))
    start = model.initial_point()
    density = model.compile_logp(sum=True)
    moved = start | {"psi": start["psi"] + 30.0}
    own = model.compile_logp(vars=model["psi"], sum=True)
    assert density(moved) - density(start) == pytest.approx(float(own(moved) - own(start)), abs=1e-6)


@pytest.fixture(scope="module")
def posterior() -> xr.Dataset:
    sampler = SamplerConfig(draws=300, tune=400, seed=1)
    return sample(build_response_model(made_up_panel(6, seed=3)), sampler, progress=False)["posterior"].to_dataset()


def test_a_short_fit_finds_the_best_told_links(posterior: xr.Dataset) -> None:
    """Six made-up Parliaments tell the immediate link and the speed to within a few hundredths."""
    assert float(posterior["lam"].mean()) == pytest.approx(0.05, abs=0.02)
    assert float(posterior["speed"].mean()) == pytest.approx(0.1, abs=0.04)
    assert float(posterior["theta_mean"].mean()) == pytest.approx(0.1, abs=0.05)


def test_the_posterior_has_all_that_scenarios_need(posterior: xr.Dataset) -> None:
    """Every link can be drawn, one value a draw."""
    response = response_draws(posterior, n_draws=100, seed=1)
    assert all(np.isfinite(values).all() and values.shape == (100,) for values in vars(response).values())
