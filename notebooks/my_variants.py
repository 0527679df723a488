"""Ways to run the models, for the notebooks on priors and backtests: as they are, with a belief or a term changed.

``my_variants:ours`` is an import path. A function without arguments that returns a ``ChainConfig`` gives settings; one
that takes dates, seed and tables and returns a ``Forecast`` makes it in its own way.
"""

import os
from dataclasses import replace
from datetime import date

import preliz as pz
import pymc as pm

from data import Evidence
from models import Forecast
from models.config import ChainConfig
from models.history import ArrivalHistory
from models.own_builders import forecast_with
from models.priors import PollPriors, VotePriors
from models.votes import build_votes_model

DRAWS = os.environ.get("SELECTORATE_DRAWS")
"""Draws a chain, for a quick look; each model's own number unless the environment says otherwise. Scores of `one_pace`
are kept under this file and not under this number: with another, point ``SELECTORATE_HOME`` elsewhere."""
STAGES = ("poll_sampler", "vote_sampler", "seat_sampler")
LINKS = ("leader_sampler", "mp_sampler", "response_sampler")


def ours() -> ChainConfig:
    """Give the settings as they are."""
    usual = ChainConfig()
    if DRAWS is None:
        return usual
    size = {"draws": int(DRAWS), "tune": max(int(DRAWS) // 2, 200)}
    links = replace(usual.links, **{name: replace(getattr(usual.links, name), **size) for name in LINKS})
    stages = {name: replace(getattr(usual, name), **size) for name in STAGES}
    return replace(usual, draws=2 * int(DRAWS), links=links, **stages)


def no_return() -> ChainConfig:
    """Believe that voters who strayed from the older parties do not come home: a tenth of the usual pace.

    In a campaign next to nothing. The newer parties, whose pace is `log_kappa_newer`, are left as they are.
    """
    changed = replace(VotePriors(), log_kappa=pz.Normal(-2.8, 0.3), campaign=pz.HalfNormal(0.02))
    return replace(ours(), vote_priors=changed)


def quiet() -> ChainConfig:
    """Believe that opinion moves less than it seems, as in the notebook on priors."""
    return replace(ours(), poll_priors=replace(PollPriors(), drift=pz.LogNormal(-5.52, 0.418)))


def one_pace_model(history: ArrivalHistory, *, priors: VotePriors) -> pm.Model:
    """Build the arrival model with a term more: voters of newer parties go home as fast as those of the older ones.

    Within about a tenth, as a belief on the ratio of the two paces, which no prior on either of them can say.
    """
    with build_votes_model(history, priors=priors) as model:
        ratio = model["log_kappa_newer"] - model["log_kappa"]
        pm.Potential("one_pace", pm.logp(pm.Normal.dist(0.0, 0.1), ratio))
    return model


def one_pace(as_of: date, election_date: date, *, seed: int, tables: Evidence, progress: bool) -> Forecast:
    """Make a forecast by our chain with that arrival model in the place of ours."""
    builders = {"votes": one_pace_model}
    return forecast_with(builders, as_of, election_date, seed=seed, config=ours(), tables=tables, progress=progress)
