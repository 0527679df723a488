"""Ways to run the models, for the notebooks on priors and backtests: settings as they are, and with one belief changed.

``my_variants:ours`` is an import path: any function of any module that returns a ``ChainConfig`` is a variant.
"""

import os
from dataclasses import replace

import preliz as pz

from models.config import ChainConfig
from models.priors import PollPriors, VotePriors

DRAWS = int(os.environ.get("SELECTORATE_DRAWS", "3000"))
"""Draws a chain: as many as the largest of the models' own settings, unless the environment says otherwise."""
STAGES = ("poll_sampler", "vote_sampler", "seat_sampler")
LINKS = ("leader_sampler", "mp_sampler", "response_sampler")


def ours() -> ChainConfig:
    """Give the settings as they are, but for the number of draws."""
    usual = ChainConfig(draws=min(2 * DRAWS, 4000))
    links = replace(usual.links, **{name: replace(getattr(usual.links, name), **_size()) for name in LINKS})
    return replace(usual, links=links, **{name: replace(getattr(usual, name), **_size()) for name in STAGES})


def no_return() -> ChainConfig:
    """Believe that voters who strayed from the older parties do not come home: a tenth of the usual pace.

    In a campaign next to nothing. The newer parties, whose pace is `log_kappa_newer`, are left as they are.
    """
    changed = replace(VotePriors(), log_kappa=pz.Normal(-2.8, 0.3), campaign=pz.HalfNormal(0.02))
    return replace(ours(), vote_priors=changed)


def quiet() -> ChainConfig:
    """Believe that opinion moves less than it seems, as in the notebook on priors; as many draws as the models take."""
    return replace(ChainConfig(), poll_priors=replace(PollPriors(), drift=pz.LogNormal(-5.52, 0.418)))


def _size() -> dict[str, int]:
    """Draws to keep and, before them, to tune with."""
    return {"draws": DRAWS, "tune": max(DRAWS // 2, 200)}
