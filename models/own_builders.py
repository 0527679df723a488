"""The chain with a model of the user's in the place of one of ours.

A builder is ``build(data, *, priors) -> pm.Model``, called with what ours is called with. Its model must have the
variables that are read of its stage (``READ``), with the dims and labels that ours has on the same data. It may have
more.
"""

import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pymc as pm
import xarray as xr

from data import Evidence
from data.errors import BadInput
from models.chain import make_forecast
from models.config import STAGES, ChainConfig
from models.effects import RESPONSE_VARIABLES
from models.forecast import Forecast
from models.graph_hash import model_fingerprint
from models.leader_events import HONEYMOONS
from models.mp_model import SINGLE
from models.next_election import SCALARS
from models.polls import HYPERPARAMETERS
from models.stages import Run, settled

Builder = Callable[..., pm.Model]
BUILDER = "builder"
"""Entry among a stage's priors in the manifest that names the builder in place of ours."""
READ: Mapping[str, tuple[str, ...]] = {
    "leaders": (
        *("wording_offset", "load", "noise", "noise_unnamed", "offset", "house_sd", "own_sd", "shared_sd", "drift"),
        *("usual_other", "usual_premier", "usual_sd", "first_sd", "honeymoon_half_life", "event_half_life"),
        *("honeymoon_sd", "event_sd", "event_size", *(f"honeymoon_{name}" for name in HONEYMOONS)),
    ),
    "mps": (*SINGLE, "noise", "halving"),
    "response": RESPONSE_VARIABLES,
    "polls": HYPERPARAMETERS,
    "votes": (
        *("kappa", "campaign", "drift", "bias", "error", "pace", "airtime"),
        *("beta_office", "beta_favourability", "beta_margin"),
    ),
    "seats": (
        *SCALARS,
        *("churn_sd", "leave_sd", "attack_mean", "attack_sd", "hold_mean", "hold_sd", "personal_mean", "personal_sd"),
        *("upset_mean", "upset_sd", "size_mean", "size_party", "size_party_sd", "size_year_sd", "size_cell_sd"),
    ),
}
"""Variables of each stage's posterior that a forecast is made from."""


@dataclass(frozen=True)
class OwnRun(Run):
    """A run of the chain in which some stages are built by others."""

    builders: tuple[tuple[str, Builder], ...] = ()

    def fit(self, name: str, data: Any, build: Builder, priors: Any, sampler: Any) -> xr.DataTree:
        """Fit a stage with the user's builder, if there is one for it.

        Parameters
        ----------
        name, data, build, priors, sampler
            As for ``Run.fit``.

        Returns
        -------
        xr.DataTree
            From ``fit_stage``.

        Raises
        ------
        BadInput
            If the model lacks what is read of the stage.
        """
        own = dict(self.builders).get(name)
        if own is None:
            return super().fit(name, data, build, priors, sampler)

        data = settled(data)
        model = own(data, priors=priors)
        _check(name, model, build(data, priors=priors))

        def built(given: Any, *, priors: Any) -> pm.Model:
            return model

        # Fits are kept by what went into them. A builder may hold numbers of its own and call what lies elsewhere, and
        # two may lie in one file: so it is what it has built that counts, and the text of operations written beside it.
        return super().fit(name, (data, model_fingerprint(model), _text(own)), built, priors, sampler)


def _check(stage: str, model: pm.Model, ours: pm.Model) -> None:
    """Refuse a model that has not what is read of its stage, before it is sampled."""
    if not isinstance(model, pm.Model):
        raise BadInput(f"The builder of the {stage} model gives a {type(model).__name__}; it must give a pm.Model.")
    given, wanted = _laid_out(model), _laid_out(ours)
    read = [name for name in READ[stage] if name in wanted]  # on little data ours has not all of them either
    faults = [
        f"{name} is missing"
        if name not in given
        else f"{name} has the dims {_dims(given[name])}, not {_dims(wanted[name])}"
        if _dims(given[name]) != _dims(wanted[name])
        else f"{name} has other labels along {_dims(wanted[name])}"
        for name in read
        if given.get(name) != wanted[name]
    ]
    if faults:
        raise BadInput(
            f"The {stage} model that was built cannot stand in for ours: {', '.join(faults)}. Give it a random "
            "variable or pm.Deterministic of each name, with the dims and coords that ours has."
        )


def _laid_out(model: pm.Model) -> dict[str, tuple[tuple[Any, Any], ...]]:
    """Names and labels of the dims of all variables that a posterior has."""
    named = {v.name: model.named_vars_to_dims.get(v.name, (None,) * v.ndim) for v in model.unobserved_RVs}
    return {name: tuple((dim, model.coords.get(dim)) for dim in dims) for name, dims in named.items()}


def _dims(laid_out: tuple[tuple[Any, Any], ...]) -> str:
    return f"({', '.join(str(dim or 'unnamed') for dim, _ in laid_out)})"


def _text(build: Builder) -> str:
    """Text of the file a builder is written in, or of the builder where there is no such file, as in a notebook."""
    function = inspect.unwrap(build.func if isinstance(build, partial) else build)
    found: Any = function if inspect.isroutine(function) else type(function)
    with suppress(OSError, TypeError):
        return Path(inspect.getfile(found)).read_text(encoding="utf-8")
    with suppress(OSError, TypeError):
        return inspect.getsource(found)
    return ""


def _name(build: Builder) -> str:
    """Where a builder is defined, for a reader of the manifest."""
    found: Any = build.func if isinstance(build, partial) else build
    told = found if hasattr(found, "__qualname__") else type(found)
    return f"{told.__module__}:{told.__qualname__}"


def forecast_with(
    builders: Mapping[str, Builder],
    as_of: date,
    election_date: date,
    *,
    seed: int,
    config: ChainConfig | None = None,
    tables: Evidence | None = None,
    progress: bool = True,
) -> Forecast:
    """Make a forecast as ``make_forecast`` does, with some stages built by others.

    Parameters
    ----------
    builders : mapping of str to callable
        Builder by stage (``models.config.STAGES``).
    as_of, election_date, seed, config, tables, progress
        As for ``make_forecast``.

    Returns
    -------
    Forecast
        Its manifest names the builders among the priors of their stages.

    Raises
    ------
    BadInput
        If a stage is not known or not fitted under these settings, or a model lacks what is read of its stage.
    """
    unknown = sorted(set(builders) - set(STAGES))
    if unknown:
        raise BadInput(f'No stage "{unknown[0]}". Available: {", ".join(STAGES)}.')
    if "polls" in builders and config is not None and not config.polls:
        raise BadInput("These settings use no polls, so the builder of that stage would never be called. Leave it out.")

    run = OwnRun(seed, progress, tuple(builders.items()))
    made = make_forecast(as_of, election_date, seed=seed, config=config, tables=tables, run=run)
    named = {stage: _name(build) for stage, build in builders.items()}
    priors = {
        stage: {**told, BUILDER: named[stage]} if stage in named else told
        for stage, told in made.manifest.priors.items()
    }
    return replace(made, manifest=made.manifest.model_copy(update={"priors": priors}))
