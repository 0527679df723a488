"""Make a stored forecast again from its manifest, and say whether every draw is the same.

A manifest holds dates, seed, priors to the last digit, samplers, and the fingerprints of tables and code, so a forecast
is remade from it alone. Only where a function or builder of the user's made it does that have to run, too; the manifest
names it, but it runs only where she names it herself.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from data import load_evidence
from data.errors import BadInput, DamagedArtefact
from models.chain import make_forecast
from models.config import STAGES, ChainConfig, LinkConfig
from models.fit import SamplerConfig
from models.forecast import SCHEMA_VERSION, Forecast, Manifest
from models.makers import VARIANT, forecast_by, is_own
from models.own_builders import BUILDER
from models.prior_text import read_priors
from models.store import MANIFEST, code_version

MOST_DRAWS = 1_000_000
"""More than any forecast has: a manifest with more was not written by us."""
MOST_CHAINS = 100
"""The same for the chains of a stage."""
ANYWAY = "Give --anyway to make it with what is here"


class _Sampler(BaseModel, extra="forbid", strict=True):
    """Settings of a ``SamplerConfig`` that can be: a manifest may have been written by anybody."""

    draws: int = Field(ge=1, le=MOST_DRAWS)
    tune: int = Field(ge=0, le=MOST_DRAWS)
    chains: int = Field(ge=1, le=MOST_CHAINS)
    target_accept: float = Field(gt=0.0, lt=1.0)
    seed: int = Field(ge=0)
    sampler: Literal["nutpie", "pymc"]


@dataclass(frozen=True)
class Recipe:
    """What a manifest says of a forecast: the manifest, the hash of its arrays, draws, and what made it."""

    manifest: Manifest
    sha256: str
    draws: int
    variant: str | None

    @property
    def needs_code(self) -> bool:
        """Whether a function or a builder of the user's made it."""
        return self.manifest.by_own_code or any(BUILDER in told for told in self.manifest.priors.values())

    @classmethod
    def read(cls, path: Path) -> "Recipe":
        """Read a manifest.

        Parameters
        ----------
        path : Path
            ``manifest.json`` or its folder; the arrays need not be there.

        Returns
        -------
        Recipe
            What it says.

        Raises
        ------
        BadInput
            If there is no file, another version wrote it, or it tells of a scenario's answer.
        DamagedArtefact
            If it cannot be read.
        """
        file = path / MANIFEST if path.is_dir() else path
        if not file.is_file():
            raise BadInput(f"No manifest at {file.name}. Give the manifest.json of a stored forecast, or its folder.")
        try:
            kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            format_version = int(kept["manifest"]["schema_version"])
            if format_version != SCHEMA_VERSION:
                raise BadInput(f"The manifest has format {format_version}, this version reads {SCHEMA_VERSION}.")
            manifest = Manifest.model_validate(kept["manifest"])
            named = kept.get(VARIANT)
            found = cls(manifest, str(kept["sha256"]), int(kept["draws"]), named and str(named))
            if not 0 < found.draws <= MOST_DRAWS:
                raise ValueError(f"{found.draws} draws")
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            raise DamagedArtefact(
                f"{file.name} cannot be read: it is damaged, or no manifest of a forecast."
            ) from error
        if manifest.scenario is not None:
            raise BadInput("The manifest is that of a scenario's answer. Remake its base and ask the scenario again.")
        return found


def differences(recipe: Recipe) -> Iterator[str]:
    """Tell what is not as it was when a forecast was made.

    Parameters
    ----------
    recipe : Recipe
        From a manifest.

    Yields
    ------
    str
        The beginning of a sentence for each of tables and code that differs.
    """
    manifest = recipe.manifest
    tables = load_evidence()
    evidence = tables if manifest.leave_one_out else tables.as_of(manifest.as_of)
    if evidence.fingerprint() != manifest.data_fingerprint:
        own = evidence.n_own()
        rows = f" ({manifest.n_own:,} rows of your own then, {own:,} now)" if own != manifest.n_own else ""
        yield f"the tables as of {manifest.as_of} are not those it was made from{rows}"
    if code_version() != manifest.code_version:
        yield f"the code is {code_version()}, it was made by {manifest.code_version}"


def remake(recipe: Recipe, *, name: str | None = None, anyway: bool = False, progress: bool = True) -> Forecast:
    """Make a forecast again.

    Parameters
    ----------
    recipe : Recipe
        From its manifest.
    name : str, optional
        Import path of the user's function that made it, where one did.
    anyway : bool
        Make it even where tables or code are others now.
    progress : bool
        Print stages and progress bars to stderr.

    Returns
    -------
    Forecast
        On the same machine, with the same packages, the same draws to the byte.

    Raises
    ------
    BadInput
        If tables or code differ, code of the user's made it that she does not name, or she names some that did not.
    DamagedArtefact
        If the manifest holds settings that cannot be.
    """
    manifest, differing = recipe.manifest, list(differences(recipe))
    if differing and not anyway:
        raise BadInput(f"The same forecast cannot be made here: {' and '.join(differing)}. {ANYWAY}.")
    dates = (manifest.as_of, manifest.election_date)
    if recipe.needs_code:
        return forecast_by(_function(recipe, name), *dates, seed=manifest.seed, progress=progress)
    if name is not None:
        raise BadInput("The manifest holds all settings of this forecast. Leave --variant out.")
    made = make_forecast(*dates, seed=manifest.seed, config=settings(recipe), progress=progress)
    if recipe.variant:
        made.tree.attrs[VARIANT] = recipe.variant
    return made


def _function(recipe: Recipe, name: str | None) -> str:
    """Import path of the user's function, as she names it: a file may name any, and none is called for that."""
    if name is None:
        named = recipe.variant or "package.module:function"
        raise BadInput(f"Code of your own made it, which is run only if you say so: --variant {named}.")
    if not is_own(name):
        raise BadInput(
            f'Code of your own made it, and "{name}" is no function that makes a forecast; '
            "give one as package.module:function."
        )
    return name


def settings(recipe: Recipe) -> ChainConfig:
    """Put the settings of a run together again.

    Parameters
    ----------
    recipe : Recipe
        From a manifest.

    Returns
    -------
    ChainConfig
        Settings, priors to the last digit.

    Raises
    ------
    DamagedArtefact
        If a stage's priors or sampler are missing, or are such as cannot be.
    """
    manifest = recipe.manifest
    priors = {stage: _priors(stage, usual, manifest) for stage, usual in ChainConfig().priors().items()}
    samplers = {stage: _sampler(stage, manifest) for stage in STAGES}
    return ChainConfig(
        draws=recipe.draws,
        polls=manifest.n_polls > 0,
        campaign_pace=manifest.campaign_pace,
        leave_one_out=manifest.leave_one_out,
        links=LinkConfig(
            leader_priors=priors["leaders"],
            mp_priors=priors["mps"],
            response_priors=priors["response"],
            leader_sampler=samplers["leaders"],
            mp_sampler=samplers["mps"],
            response_sampler=samplers["response"],
        ),
        poll_priors=priors["polls"],
        vote_priors=priors["votes"],
        seat_priors=priors["seats"],
        poll_sampler=samplers["polls"],
        vote_sampler=samplers["votes"],
        seat_sampler=samplers["seats"],
    )


def _priors(stage: str, usual: Any, manifest: Manifest) -> Any:
    """Read the priors of a stage from a manifest."""
    try:
        return read_priors(usual, manifest.priors.get(stage, {}))
    except BadInput as fault:
        raise DamagedArtefact(
            f"The manifest's priors of the stage {stage} cannot be used ({fault}) Give the manifest as it was stored."
        ) from fault


def _sampler(stage: str, manifest: Manifest) -> SamplerConfig:
    """Read the sampler of a stage from a manifest."""
    try:
        return SamplerConfig(**_Sampler.model_validate(manifest.samplers.get(stage, {})).model_dump())
    except ValidationError as error:
        fault = error.errors()[0]
        raise DamagedArtefact(
            f"The manifest's sampler of the stage {stage} cannot be used ({fault['loc'][0]}: {fault['msg']}). "
            "Give the manifest as it was stored."
        ) from error
