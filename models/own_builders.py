"""The chain with a model of the user's in the place of one of ours.

A builder is ``build(data, *, priors) -> pm.Model``, called with what ours is called with. Its posterior must have the
variables that the next stage reads; those are named in the docstring of the builder it stands in for. It may have more.
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
from models.forecast import Forecast
from models.graph_hash import model_fingerprint
from models.stages import Run

Builder = Callable[..., pm.Model]
BUILDER = "builder"
"""Entry among a stage's priors in the manifest that names the builder in place of ours."""


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
        """
        own = dict(self.builders).get(name)
        if own is None:
            return super().fit(name, data, build, priors, sampler)

        model = own(data, priors=priors)

        def built(given: Any, *, priors: Any) -> pm.Model:
            return model

        # Fits are kept by what went into them. A builder may hold numbers of its own and call what lies elsewhere, and
        # two may lie in one file: so it is what it has built that counts, and the text of operations written beside it.
        return super().fit(name, (data, model_fingerprint(model), _text(own)), built, priors, sampler)


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
        If a stage is not known, or not fitted under these settings.
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
