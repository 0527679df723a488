"""Fits of single stages, kept by what went into them, so that none is made twice.

A stage's fit depends on its data, priors, sampler and its own model's code alone. Their hash, with that of how much of
it is kept, is the name of the file: a run that meets the same reads the posterior back, which on one machine are the
bytes it would sample again. What a posterior learned from past elections alone changes with the next election only, so
all forecasts of one Parliament share it, and those of today's come with the package (``models.shipped``).
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from data import load
from models.config import STAGES
from models.fingerprint import code_behind
from models.fit import SamplerConfig, diagnose, sample
from models.prior_text import describe_priors, read_priors
from models.store import home

DIAGNOSTICS = "diagnostics"
SHIPPED = Path(load.__file__).parent / "posteriors"
NOT_KEPT = {"seats": ["intercept", "slope", "log_size"]}
"""Variables with a value for every pair, nation and party: four fifths of a posterior, and no election to come has
them."""
KEPT_BITS = 12
"""Bits of a draw's mantissa that are kept: the error, at most one part in 4,000, is far below that of sampling, and
files take a quarter of the room."""

DIGITS = "single"
"""Precision of what is fitted, a part of each key: fits from before data were ``settled`` are not read for those of
after."""


def digest(value: Any) -> str:
    """Hash arrays, numbers, texts, dates and dataclasses or tuples of them.

    Parameters
    ----------
    value : object
        What to hash.

    Returns
    -------
    str
        SHA-256 in hexadecimals. Numbers count to seven digits, as the last ones differ between processors that add up
        in another order: values that are the same but for them almost always have equal hashes.
    """
    found = hashlib.sha256()
    _feed(found, value)
    return found.hexdigest()


def _feed(found: Any, value: Any) -> None:
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, np.ndarray):
        found.update(f"{value.dtype}{value.shape}".encode())
        told = value.astype(DIGITS) + np.dtype(DIGITS).type(0) if value.dtype.kind == "f" else value  # -0 is 0
        found.update(np.ascontiguousarray(told).tobytes() if value.dtype != object else repr(value.tolist()).encode())
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            found.update(f"{key}:".encode())
            _feed(found, value[key])
    elif isinstance(value, (list, tuple)):
        found.update(f"{len(value)}[".encode())
        for entry in value:
            _feed(found, entry)
    elif isinstance(value, float):
        found.update(f"float={np.dtype(DIGITS).type(value)!r};".encode())
    else:
        found.update(f"{type(value).__name__}={value!r};".encode())


def settled(value: Any) -> Any:
    """Cut numbers to the digits that ``digest`` counts, so that data of one hash are the same data.

    The last digits of a sum differ with the order of adding, and so from processor to processor and with the number of
    cores. A sampler carries any difference on until its draws have nothing in common.

    Parameters
    ----------
    value : object
        Arrays, numbers, texts, dates and dataclasses, tuples, lists or dicts of them.

    Returns
    -------
    object
        The same with floats that single precision holds.
    """
    if isinstance(value, np.ndarray):
        return value.astype(DIGITS).astype(value.dtype) + 0.0 if value.dtype.kind == "f" else value
    if isinstance(value, float):
        return float(np.dtype(DIGITS).type(value))
    if isinstance(value, dict):
        return {key: settled(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(settled, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: settled(getattr(value, field.name)) for field in fields(value)})
    return value


def fit_stage(
    name: str,
    data: Any,
    build: Callable[..., pm.Model],
    priors: Any,
    sampler: SamplerConfig,
    *,
    progress: bool = True,
) -> xr.DataTree:
    """Read the posterior of a stage where it is kept or shipped, else sample it and keep it.

    Parameters
    ----------
    name : str
        Stage, the beginning of the file's name.
    data : dataclass
        What ``build`` is called with, once it is ``settled``.
    build : callable
        Makes the model from ``data`` and ``priors``.
    priors : dataclass
        Priors as values.
    sampler : SamplerConfig
        Sampler and its settings.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    xr.DataTree
        ``posterior``, without ``NOT_KEPT`` and to ``KEPT_BITS``, with the diagnostics as an attribute.
    """
    code = code_behind(build.__module__) + code_behind(sample.__module__)
    kept = [KEPT_BITS, NOT_KEPT.get(name, []), DIGITS]
    data, told = settled(data), describe_priors(priors)
    key = json.dumps([code, digest(data), told, asdict(sampler), kept], sort_keys=True)
    file = f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:24]}.nc"
    own = home() / "stages" / file
    for path in (own, SHIPPED / file):
        found = _read(path)
        if found is not None:
            return found
    sampled = sample(build(data, priors=read_priors(priors, told)), sampler, progress=progress)
    posterior = sampled["posterior"].to_dataset().drop_vars(NOT_KEPT.get(name, []), errors="ignore")
    tree = xr.DataTree.from_dict({"posterior": posterior.map(_rounded)})
    tree.attrs = {DIAGNOSTICS: json.dumps(diagnose(sampled))}
    _write(tree, own)
    return tree


def _rounded(draws: xr.DataArray) -> xr.DataArray:
    """Draws with no more than ``KEPT_BITS`` of their mantissa."""
    part, exponent = np.frexp(draws.values)
    scale = 2.0**KEPT_BITS
    return draws.copy(data=np.ldexp(np.rint(part * scale) / scale, exponent))


@dataclass(frozen=True)
class Run:
    """One run of the chain: the seed of all its random numbers, and whether it tells how far it is."""

    seed: int
    progress: bool = True

    def fit(
        self, name: str, data: Any, build: Callable[..., pm.Model], priors: Any, sampler: SamplerConfig
    ) -> xr.DataTree:
        """Fit a stage as ``fit_stage`` does, and say on stderr how long it took.

        Parameters
        ----------
        name : str
            Stage, one of ``models.config.STAGES``.
        data, build, priors, sampler
            As for ``fit_stage``; the sampler gets the seed of the run.

        Returns
        -------
        xr.DataTree
            From ``fit_stage``.
        """
        start = perf_counter()
        self.tell(f"{STAGES[name]} ...")
        tree = fit_stage(name, data, build, priors, replace(sampler, seed=self.seed), progress=self.progress)
        self.tell(f"{STAGES[name]}: {perf_counter() - start:.0f} s")
        return tree

    def tell(self, what: str) -> None:
        """Print a line on stderr where progress is wanted."""
        if self.progress:
            print(f"  {what}", file=sys.stderr, flush=True)


def diagnostics(tree: xr.DataTree) -> dict[str, float]:
    """How well a stage was sampled, as measured when it was.

    Parameters
    ----------
    tree : xr.DataTree
        From ``fit_stage``.

    Returns
    -------
    dict
        As ``models.fit.diagnose`` gives it.
    """
    measured: dict[str, float] = json.loads(tree.attrs[DIAGNOSTICS])
    return measured


def _read(path: Path) -> xr.DataTree | None:
    """Posterior kept at ``path``; None where there is none or its hash does not match, so that it is made anew."""
    seal = path.with_suffix(".sha256")
    if not (path.is_file() and seal.is_file()):
        return None
    told = path.stat()
    return _read_sealed(path, seal.read_text(encoding="utf-8").strip(), told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=24)  # all stages and variants of one Parliament: to read one takes longer than to use it
def _read_sealed(path: Path, seal: str, _changed: int, _size: int) -> xr.DataTree | None:
    """Read a file once for as long as it stays the same: forecasts of one Parliament come back to the same fits."""
    if hashlib.sha256(path.read_bytes()).hexdigest() != seal:
        return None
    with xr.open_datatree(path, engine="h5netcdf") as stored:
        return stored.load()


def _write(tree: xr.DataTree, path: Path) -> None:
    """Keep a posterior, hash last; a folder that cannot be written costs the next run a fit and no more."""
    packed = {"zlib": True, "complevel": 4, "shuffle": True}
    names = [str(name) for name in tree["posterior"].data_vars]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".nc")
        os.close(handle)
        tree.to_netcdf(aside, engine="h5netcdf", encoding={"/posterior": dict.fromkeys(names, packed)})
        seal = hashlib.sha256(Path(aside).read_bytes()).hexdigest()
        path.with_suffix(".sha256").unlink(missing_ok=True)
        os.replace(aside, path)
        path.with_suffix(".sha256").write_text(seal + "\n", encoding="utf-8")
    except OSError:
        return
