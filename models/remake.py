"""Make a stored forecast again from its manifest, and say whether every draw is the same.

A manifest names dates, seed, samplers, tables and code; priors it holds in words, which cannot be turned back into
values. So a forecast under the usual priors is remade from its manifest alone, and one under others with the variant
that gave them. The manifest names it where ``selectorate fit --variant`` made the forecast, but code of the user's runs
only where she names it, too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from data import load_evidence
from data.errors import BadInput, DamagedArtefact
from models.chain import make_forecast
from models.config import STAGES, ChainConfig
from models.fit import SamplerConfig
from models.forecast import SCHEMA_VERSION, Forecast, Manifest
from models.makers import USUAL, VARIANT, forecast_by, is_own
from models.store import MANIFEST, code_version
from models.variants import variant

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
    draws: int | None
    variant: str | None

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
            draws, named = kept.get("draws"), kept.get(VARIANT)
            found = cls(manifest, str(kept["sha256"]), draws if draws is None else int(draws), named and str(named))
            if not 0 < (found.draws or 1) <= MOST_DRAWS:
                raise ValueError(f"{draws} draws")
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
    evidence = load_evidence().as_of(manifest.as_of)
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
        Variant or import path that made it; a variant of ours that the manifest names, else the usual settings, unless
        given.
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
        If tables or code differ, the priors are not those of the variant, or code of the user's made it that she does
        not name.
    """
    manifest, differing = recipe.manifest, list(differences(recipe))
    if differing and not anyway:
        raise BadInput(f"The same forecast cannot be made here: {' and '.join(differing)}. {ANYWAY}.")
    if name is None and ":" in (recipe.variant or ""):
        # A file may name any function there is: none is called unless the user names it herself.
        raise BadInput(
            f'It was made by "{recipe.variant}", which is run only if you say so: --variant {recipe.variant}.'
        )
    made_by = name or recipe.variant or USUAL
    if is_own(made_by):
        made = forecast_by(made_by, manifest.as_of, manifest.election_date, seed=manifest.seed, progress=progress)
    else:
        config = settings(recipe, made_by)
        made = make_forecast(
            manifest.as_of, manifest.election_date, seed=manifest.seed, config=config, progress=progress
        )
    made.tree.attrs.pop(VARIANT, None)
    if recipe.variant:
        made.tree.attrs[VARIANT] = recipe.variant
    return made


def settings(recipe: Recipe, name: str) -> ChainConfig:
    """Put the settings of a run together again.

    Parameters
    ----------
    recipe : Recipe
        Samplers, draws, and whether polls were used.
    name : str
        Variant that has the priors.

    Returns
    -------
    ChainConfig
        Settings.

    Raises
    ------
    BadInput
        If the manifest's priors are not the variant's.
    DamagedArtefact
        If a stage's sampler is missing or has settings that cannot be.
    """
    base, manifest = variant(name), recipe.manifest
    told = base.described_priors()
    other = [
        f"{stage} {prior}"
        for stage, priors in {**told, **manifest.priors}.items()
        for prior in priors
        if told.get(stage, {}).get(prior) != manifest.priors.get(stage, {}).get(prior)
    ]
    if other:
        raise BadInput(
            f'It was made under other priors than "{name}" has ({", ".join(other[:3])}), and a manifest holds priors '
            "in words, which cannot be turned back into values. Name the variant that has them with --variant."
        )
    samplers = {stage: _sampler(stage, manifest) for stage in STAGES}
    links = replace(
        base.links,
        leader_sampler=samplers["leaders"],
        mp_sampler=samplers["mps"],
        response_sampler=samplers["response"],
    )
    return replace(
        base,
        draws=recipe.draws or base.draws,
        polls=manifest.n_polls > 0,
        links=links,
        poll_sampler=samplers["polls"],
        vote_sampler=samplers["votes"],
        seat_sampler=samplers["seats"],
    )


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
