"""The survival model: how long leaders of the three parties last, learned from all months of leadership since 1955.

See ``models.survival_odds`` for the clocks. A month in which a leader stays adds minus the area under them to the log
of the likelihood; the day she goes adds the log of the rate of those that can have struck: ``health`` where she died or
was gravely ill, ``politics`` and ``defeat`` together otherwise, since nobody can tell the two apart.

What is known when a month begins is a best guess from what was published, so effects need no correction for its error
(as in ``models.response_panel``).

What terms are worth since 1990, when each was foretold by what came before, is in ``reports/survival.csv``: era and
gain tell who goes over a defeat, favourability who goes otherwise; support less, though its effect is clear today;
party and office add nothing and are kept small by their priors. Tried as well and left out, since scores hardly moved:
a trend of exits without a lost election, fewer of them in a leader's first year, having lost office rather than stayed
out of it, MPs' support or favourability on the day of a defeat. A plain hazard in place of the chance to weather a
defeat foretold defeats a little better and months worse, and gave Corbyn nine in ten to go over 2017.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from data import Evidence
from models.fit import SamplerConfig
from models.graph_data import as_data
from models.stages import fit_stage
from models.survival_odds import LIBERAL, PARTIES, Odds
from models.survival_priors import SurvivalPriors
from models.survival_record import ILL, STAYED, WENT, SurvivalRecord, survival_record

SAMPLER = SamplerConfig(draws=1500, target_accept=0.9)
"""Fourteen numbers that hardly depend on each other: 1,500 draws of each chain keep R-hat low at every date."""

OFTEN_UNKNOWN = ("pull", "liking", "since", "decade", "gain")
"""What is not known of every month: a term that takes its place, or none, speaks for it there."""


def build_survival_model(record: SurvivalRecord, *, priors: SurvivalPriors | None = None) -> pm.Model:
    """Build the survival model.

    Parameters
    ----------
    record : SurvivalRecord
        Months of leadership, one at least.
    priors : SurvivalPriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        With dims ``party`` and ``month``, the names of `models.survival_odds.Odds`, and ``how``, how a month ended
        (`models.survival_record`).

    Raises
    ------
    ValueError
        If there is no month: ``prior_odds`` says what is known then.
    """
    if not record.months.size:
        raise ValueError("No month of leadership to learn from. Use prior_odds.")
    priors = priors or SurvivalPriors()
    lost, liberal = ~np.isnan(record.since), record.party == LIBERAL
    filled = replace(record, **{name: np.nan_to_num(getattr(record, name)) for name in OFTEN_UNKNOWN})
    with pm.Model(coords={"party": list(PARTIES)}) as model:
        given = as_data(filled, "month", "months", "how", "premier", *OFTEN_UNKNOWN)
        # Politics: what MPs and voters think of her, a level of its own where that is not known.
        level = priors.usual.to_pymc("usual") + priors.party.to_pymc("of_party", dims="party")[record.party]
        level += priors.support.to_pymc("support") * given.pull
        level += priors.unknown.to_pymc("unknown") * np.isnan(record.pull)
        level += priors.rating.to_pymc("rating") * given.liking
        level += priors.unrated.to_pymc("unrated") * np.isnan(record.liking)
        level += priors.premier.to_pymc("premier") * given.premier
        politics, health = pt.exp(level), priors.health.to_pymc("health")

        # Defeat: she goes over it or weathers it; the longer she stays, the more likely the latter.
        logit = priors.defeat.to_pymc("defeat") + priors.era.to_pymc("era") * given.decade
        logit += priors.liberal.to_pymc("liberal") * liberal + priors.gain.to_pymc("gain") * given.gain
        delay = priors.delay.to_pymc("delay")
        over, fade = pm.math.invlogit(logit), pt.exp(-given.months / delay)
        leaving = over * pt.exp(-given.since / delay)
        before, after = 1.0 - over + leaving, 1.0 - over + leaving * fade
        striking = politics + lost * leaving * fade / delay / after

        area = (politics + health) * given.months + lost * (pt.log(before) - pt.log(after))
        rates = striking, health, area
        pm.CustomDist("how", *rates, logp=_log_density, dist=_how, observed=given.how, dtype="int64", dims="month")
    return model


def _log_density(how: Any, striking: Any, health: Any, area: Any) -> Any:
    """Log density of how a month ended, from the rates of the clocks on its last day and the area under them."""
    rate = pt.switch(pt.eq(how, WENT), pt.log(striking), pt.switch(pt.eq(how, ILL), pt.log(health), 0.0))
    return rate - area


def _how(striking: Any, health: Any, area: Any, size: Any) -> Any:
    """How months end that are as long as those on record: who leaves fell ill as often as that clock strikes first."""
    leaves, is_ill = -pt.expm1(-area), health / (health + striking)
    chances = {STAYED: 1.0 - leaves, WENT: leaves * (1.0 - is_ill), ILL: leaves * is_ill}
    return pm.Categorical.dist(p=pt.stack([chances[how] for how in sorted(chances)], axis=-1), size=size)


@lru_cache(maxsize=4)
def learn_odds(evidence: Evidence, priors: SurvivalPriors | None = None, *, seed: int, progress: bool = True) -> Odds:
    """Learn how long leaders last from a record.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.
    priors : SurvivalPriors, optional
        Priors as values; equal only if it is one object.
    seed : int
        Seed of the sampler.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    Odds
        Draws of the posterior, read back where it is kept; of the priors where the record has no month.
    """
    record, priors = survival_record(evidence), priors or SurvivalPriors()
    if not record.months.size:
        return prior_odds(priors, seed=seed)
    return Odds.of(fit_odds(record, priors, seed=seed, progress=progress)["posterior"].to_dataset())


def fit_odds(record: SurvivalRecord, priors: SurvivalPriors, *, seed: int, progress: bool = True) -> xr.DataTree:
    """Fit the model to a record, or read the fit where it is kept.

    Parameters
    ----------
    record : SurvivalRecord
        Months of leadership.
    priors : SurvivalPriors
        Priors as values.
    seed : int
        Seed of the sampler.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    xr.DataTree
        From ``models.stages.fit_stage``.
    """
    sampler = replace(SAMPLER, seed=seed)
    return fit_stage("survival", record, build_survival_model, priors, sampler, progress=progress)


def prior_odds(priors: SurvivalPriors | None = None, *, n_draws: int = 2000, seed: int = 0) -> Odds:
    """Draw odds from the priors: what is held before any record.

    Parameters
    ----------
    priors : SurvivalPriors, optional
        Priors as values.
    n_draws : int
        Draws.
    seed : int
        Seed.

    Returns
    -------
    Odds
        Plain arrays.
    """
    priors, rng = priors or SurvivalPriors(), np.random.default_rng(seed)
    drawn = {name: np.asarray(prior.rvs(n_draws, random_state=rng)) for name, prior in vars(priors).items()}
    del drawn["party"]
    of_party = np.asarray(priors.party.rvs((n_draws, len(PARTIES)), random_state=rng))
    return Odds(**drawn, of_party=of_party)
