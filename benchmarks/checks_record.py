"""The fits that the checks look at: what was learned from the shipped record the day after the last election."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from data import load_evidence
from models.arrival import logit
from models.cli import DEFAULT_SEED
from models.config import ChainConfig
from models.history import arrival_history
from models.leader_model import build_leader_model
from models.leader_record import leader_record
from models.links import Links, learn_links, monthly
from models.mp_model import build_mp_model, mp_record
from models.response import build_response_model
from models.response_panel import response_panel
from models.stages import Run
from models.standing import Standing
from models.votes import build_votes_model

CUT = date(2024, 7, 5)
"""The day after the last election: from this record all forecasts of this Parliament are made."""
TODAY = {
    "con": 0.193,
    "lab": 0.237,
    "lib": 0.110,
    "ref": 0.241,
    "grn": 0.124,
    "snp": 0.027,
    "plaid": 0.008,
    "restore": 0.040,
    "oth": 0.020,
}
"""Average of the polls of 17 August 2026."""
LAST = {
    "con": 0.244,
    "lab": 0.347,
    "lib": 0.125,
    "ref": 0.147,
    "grn": 0.069,
    "snp": 0.026,
    "plaid": 0.007,
    "restore": np.nan,
    "oth": 0.035,
}
"""Result of 2024; Restore Britain did not stand."""
GAP, MARGIN, OFFICE = -2.6, -0.93, -1
"""Badenoch against Burnham in August 2026: tens of points of standing, Murr's margin, Labour's wins in a row."""
POLL_SD = 0.06
"""Spread of what polls leave open of voting intention today, in log-odds: a point at 25 per cent."""


@dataclass(frozen=True)
class Stage:
    """A model of the chain with its data and its posterior."""

    name: str
    data: Any
    model: pm.Model
    tree: xr.DataTree

    @property
    def posterior(self) -> xr.Dataset:
        """The posterior, with dims chain and draw."""
        return self.tree["posterior"].to_dataset()


def real_stages(*, progress: bool = True) -> tuple[dict[str, Stage], Links]:
    """Fit the four models to the shipped record, or read their fits back where they are kept.

    Parameters
    ----------
    progress : bool
        Tell on stderr how far it is.

    Returns
    -------
    stages : dict of Stage
        By name of the model.
    links : Links
        What the first three teach.
    """
    config, run = ChainConfig(), Run(DEFAULT_SEED, progress)
    record = load_evidence(own=False).as_of(CUT)
    links = learn_links(record, config.links, run)
    history = arrival_history(record, links)
    votes = run.fit("votes", history, build_votes_model, config.vote_priors, config.vote_sampler)
    panel = response_panel(record, *monthly(record, links.scale, links.habits))
    read, voted = leader_record(record), mp_record(record)
    built = {
        "leaders": (read, build_leader_model(read)),
        "mps": (voted, build_mp_model(voted)),
        "response": (panel, build_response_model(panel)),
        "votes": (history, build_votes_model(history)),
    }
    fits = links.fits | {"votes": votes}
    return {name: Stage(name, data, model, fits[name]) for name, (data, model) in built.items()}, links


def standing_today(n_draws: int, *, margin: float = MARGIN, seed: int = 1) -> Standing:
    """Where the parties stood in August 2026.

    Parameters
    ----------
    n_draws : int
        Draws of voting intention.
    margin : float
        Difference of Murr's margins of the Conservative and the Labour leader, -2 to 2.
    seed : int
        Seed.

    Returns
    -------
    Standing
        Starting point of the arrival model.
    """
    rng = np.random.default_rng(seed)
    now = logit(np.array(list(TODAY.values())))
    return Standing(
        parties=tuple(TODAY),
        intention=now + POLL_SD * rng.standard_normal((n_draws, now.size)),
        previous=logit(np.array(list(LAST.values()))),
        gap=np.full(n_draws, GAP),
        margin=np.full(n_draws, margin),
        office=OFFICE,
    )
