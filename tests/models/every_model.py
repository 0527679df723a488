"""Every model of ours on little data, for tests that hold for all of them; and a stand-in for the sampler."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from data import Evidence, load_evidence
from models.contest import build_contest_model, contest_record
from models.fit import SamplerConfig
from models.inference import quietly
from models.leader_model import build_leader_model
from models.leader_record import leader_record
from models.mp_model import build_mp_model, mp_record
from models.pairs import seat_pairs
from models.polls import build_poll_model
from models.response import build_response_model
from models.seats import build_seat_model
from models.survival import build_survival_model
from models.survival_record import survival_record
from models.synthetic import synthetic_history
from models.votes import build_votes_model
from tests.models.made_up_panel import made_up_panel
from tests.models.made_up_polls import THREE, made_up


@cache
def known(year: int) -> Evidence:
    """Tables as known at the start of a year."""
    return load_evidence(own=False).as_of(date(year, 1, 1))


MODELS: dict[str, Callable[[], pm.Model]] = {
    "polls": lambda: build_poll_model(made_up(12, 3, THREE, {"A": 0.1, "B": -0.1})),
    "leaders": lambda: build_leader_model(leader_record(known(1990))),
    "mps": lambda: build_mp_model(mp_record(known(1992))),
    "response": lambda: build_response_model(made_up_panel(2, 1)),
    "votes": lambda: build_votes_model(synthetic_history(6, 1)),
    "seats": lambda: build_seat_model(seat_pairs(known(2016))[-1:]),
    "contest": lambda: build_contest_model(contest_record(known(2000))),
    "survival": lambda: build_survival_model(survival_record(known(1970))),
}


def from_prior(model: pm.Model, sampler: SamplerConfig, progress: bool = True) -> xr.DataTree:
    """Draws from the prior in the place of the posterior: what a sampler gives but for the data, without compiling."""
    n = sampler.chains * sampler.draws
    with quietly():
        drawn: Any = pm.sample_prior_predictive(
            n, model=model, random_seed=sampler.seed, compile_kwargs={"mode": "FAST_COMPILE"}
        )
    names = [variable.name for variable in [*model.free_RVs, *model.deterministics]]
    split = {
        name: (
            ("chain", "draw", *values.dims[2:]),
            values.values.reshape(sampler.chains, sampler.draws, *values.shape[2:]),
        )
        for name, values in drawn["prior"].to_dataset()[names].data_vars.items()
    }
    coords = {str(k): v.values for k, v in drawn["prior"].coords.items() if k not in ("chain", "draw")}
    shape = (sampler.chains, sampler.draws)
    energy = np.random.default_rng(sampler.seed).normal(size=shape)
    stats = {"diverging": (("chain", "draw"), np.zeros(shape, dtype=bool)), "energy": (("chain", "draw"), energy)}
    counted = {"chain": np.arange(shape[0]), "draw": np.arange(shape[1])}
    tree = xr.DataTree.from_dict(
        {"posterior": xr.Dataset(split, coords=coords | counted), "sample_stats": xr.Dataset(stats, coords=counted)}
    )
    tree.attrs = {"compile_seconds": 0.0, "sampling_seconds": 0.0}
    return tree
