"""The response model: how voting intention moves with a leader's standing, and standing with her MPs' support.

Monthly steps of Conservatives, Labour and Liberals since 1979 (`models.response_panel`), within one Parliament and
under one leader::

    v' - v = speed * (home + theta[leader] * F + phi * S - office - v) + lam * (F' - F) + noise
    f' - f = r * (usual[leader] + psi * S - f) + chi * (S' - S) + noise

``v`` is the log-odds of the party's share, ``F`` its leader's standing in tens of points from the usual one, ``f`` the
same in points, ``S`` her MPs' support less the usual support; a dash marks the month after. ``home`` is the last result
and what a party is usually above or below it, with an offset of this Parliament; ``theta`` is pooled over leaders.
Where support is not known its terms are left out, and what it would have said stays in ``home`` and ``usual``. Noise is
Student t. Residuals of parties in one month are negatively correlated (-0.1 to -0.5), which is not modelled: errors
of the links clustered by month or half-year are those of independent rows to within an eighth (least squares).

Standing and support enter as what was known then, so their errors take nothing from the links (`response_panel`):
instrumenting standing and intention with their values two months before gives 0.10 in place of 0.08 for ten points.

**What is association and what may be read as effect.** All of it is association in the first place: nobody drew
leaders by lot.

- ``lam``, movement in the same month, is the best measured and the least causal. A war, a budget or a scandal moves a
  leader's standing and her party's polls together.
- ``theta`` compares where a party goes home to under leaders of different standing. It is a long-run association, given
  what standing does next. It is no forecast: without the change of standing in the same month, today's standing says
  about half as much of where the polls go from here, hardly more than nothing (`models.event_study.lead_and_lag`),
  since standings fall back and polls already hold what they were worth. Nor do ratings lead polls: they are rarer and
  published later, so past polls tell more of the next rating than past ratings of the next poll.
- ``psi``, ``chi`` and ``phi`` are the weakest: bad polls cause rebellions, MPs seldom vote on their leader, and what
  they said differs between leaders more than it moves under one. Their intervals are wide, and their sign is in part
  the prior's.
- Steps over a change of leader are left out of the fit. There standing moves by up to 68 points from one day to
  the next, for reasons that are partly the party's own and not the month's news. `models.event_study` asks whether the
  polls then move as the links say. That is what allows a scenario to read them as effects, with its error.

The model is fitted once a Parliament from what was known the day after the last election. Before that of 1983 there is
no record: `prior_draws` stands in.
"""

from dataclasses import replace

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.typing import NDArray

from models.arrival import relative_scale
from models.effects import RESPONSE_VARIABLES
from models.graph_data import as_data
from models.link_priors import ResponsePriors
from models.response_panel import USUAL_STANDING, ResponsePanel, Steps, steps

TAIL = 4.0
"""Degrees of freedom of noises and homes: the Falklands month and Truss's budget happen more often than a normal
distribution allows; residuals of a least-squares fit have a kurtosis of 6 (intention) and 9 (standing) for its 3."""
USUAL_SUPPORT = 0.65
"""Support from which ``S`` is counted: about what leaders have on average. It moves no effect."""
Array = NDArray[np.float64]


def build_response_model(panel: ResponsePanel, *, priors: ResponsePriors | None = None) -> pm.Model:
    """Build the response model.

    Parameters
    ----------
    panel : ResponsePanel
        Months by parties; it may hold no step, then the posterior is the prior.
    priors : ResponsePriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        With dims ``leader`` (those with a step) and ``term`` (a party in a Parliament, as ``con 1983-06-09``).
    """
    priors = priors or ResponsePriors()
    rows = steps(panel)
    leaders, leader = np.unique(rows.leader, return_inverse=True)
    both = np.column_stack([rows.parliament, rows.party])
    terms, first, term = np.unique(both, axis=0, return_index=True, return_inverse=True)
    months = [f"{panel.days[month]:%Y-%m}" for month in rows.month]
    coords = {
        "party": list(panel.parties),
        "leader": [panel.leaders[i] for i in leaders],
        "step": [f"{panel.parties[i]} {month}" for month, i in zip(months, rows.party, strict=True)],
        "term": [f"{panel.parties[party]} {panel.elections[parliament]}" for parliament, party in terms],
    }
    with pm.Model(coords=coords) as model:
        given = as_data(rows, "step", "home", "office", "scale")
        given = as_data(_with_support(given), ("step", "when"), "v", "favourability", "support")
        in_office = pt.gt(given.office, 0.0).astype("float64")
        liked, now = (given.favourability - USUAL_STANDING) / 10.0, given.favourability[:, 0]
        support, moved = given.support[:, 0] - USUAL_SUPPORT, given.support[:, 1] - given.support[:, 0]

        # Where voting intention goes: home to the last result, for some parties usually above or below it and for
        # each a little elsewhere in each Parliament, and to what its leader, her MPs and its years in government are
        # worth. A party may lose half of its home at once (the Liberals in 2010), so homes have heavy tails. Homes
        # are told well by their months, a leader's own worth is not: hence one is centred and the other is not.
        usually = priors.home.to_pymc("home", dims="party")[terms[:, 1]]
        apart = priors.home_sd.to_pymc("home_sd") * relative_scale(rows.home[first])
        home = pm.StudentT("homes", TAIL, mu=usually, sigma=apart, dims="term")
        theta_mean, theta_sd = priors.theta_mean.to_pymc("theta_mean"), priors.theta_sd.to_pymc("theta_sd")
        theta_z = pm.Normal("theta_z", 0.0, 1.0, dims="leader")
        theta = pm.Deterministic("theta", theta_mean + theta_sd * theta_z, dims="leader")
        cost = priors.office.to_pymc("office") * in_office
        cost += priors.terms.to_pymc("terms") * pt.maximum(given.office - 1.0, 0.0)
        phi = priors.phi.to_pymc("phi")
        place = given.home + home[term] + theta[leader] * liked[:, 0] + phi * support - cost

        # How fast it goes there, and what moves with standing in the same month. The size of a party scales the noise.
        speed, lam = priors.speed.to_pymc("speed"), priors.lam.to_pymc("lam")
        expected = given.v[:, 0] + speed * (place - given.v[:, 0]) + lam * (liked[:, 1] - liked[:, 0])
        noise = priors.intention_noise.to_pymc("intention_noise")
        pm.StudentT("intention", TAIL, mu=expected, sigma=noise * given.scale, observed=given.v[:, 1])

        # Where standing goes: to the usual place of this leader, in government or not, and to what her MPs' support is
        # worth. A leader's own place keeps differences between leaders from passing for an effect of their MPs.
        usual_sd, usual_z = priors.usual_sd.to_pymc("usual_sd"), pm.Normal("usual_z", 0.0, 1.0, dims="leader")
        usual = priors.usual_in_office.to_pymc("usual_in_office") * in_office + (usual_sd * usual_z)[leader]
        usual += priors.usual_in_opposition.to_pymc("usual_in_opposition") * (1.0 - in_office)
        psi, chi, r = priors.psi.to_pymc("psi"), priors.chi.to_pymc("chi"), priors.return_speed.to_pymc("r")
        next_standing = now + r * (usual + psi * support - now) + chi * moved
        spread = priors.standing_noise.to_pymc("standing_noise")
        pm.StudentT("standing", TAIL, mu=next_standing, sigma=spread, observed=given.favourability[:, 1])
    return model


def _with_support(rows: Steps) -> Steps:
    """Steps with the usual support at both ends, that is without its terms, where it is not known at either."""
    known = ~np.isnan(rows.support).any(axis=1)
    return replace(rows, support=np.where(known[:, None], rows.support, USUAL_SUPPORT))


def prior_draws(priors: ResponsePriors | None = None, *, n_draws: int, seed: int) -> xr.Dataset:
    """Draw the links from their priors, for dates before there is a record to learn from.

    Parameters
    ----------
    priors : ResponsePriors, optional
        Priors as values.
    n_draws : int
        How many draws.
    seed : int
        Seed.

    Returns
    -------
    xr.Dataset
        `models.effects.RESPONSE_VARIABLES` with dims chain (one) and draw, as a posterior has them.
    """
    priors = priors or ResponsePriors()
    rng = np.random.default_rng([seed, 19])
    values = {
        name: np.asarray(getattr(priors, "return_speed" if name == "r" else name).rvs(n_draws, random_state=rng))
        for name in RESPONSE_VARIABLES
    }
    return xr.Dataset({name: (("chain", "draw"), drawn[None, :]) for name, drawn in values.items()})
