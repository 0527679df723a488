"""Ways to make a forecast, by name: a variant of ours, or an import path of the user's.

``package.module:function`` stands for one of two things, told by what the function must be given:

settings
    Nothing: it returns a ``ChainConfig``, such as the usual one with one prior replaced (``models.variants``).
a maker
    ``(as_of, election_date, *, seed, tables, progress)``, with the tables cut at ``as_of``: it returns a ``Forecast``,
    however it made it. One that replaces a model's builder and nothing else calls
    ``models.own_builders.forecast_with``.

Whatever returns a ``Forecast`` can be stored, shown by the app, asked scenarios and scored on past elections.
"""

import ast
import hashlib
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from data import Evidence, load_evidence
from data.errors import BadInput
from models.chain import make_forecast
from models.config import ChainConfig
from models.forecast import Forecast
from models.prior_text import describe_priors, read_priors
from models.variants import imported, variant

USUAL = "full"
VARIANT = "variant"
"""Attribute of a forecast's tree that names what made it; the usual settings leave none."""
OURS = [Path(__file__).parents[1] / package for package in ("data", "models", "views")]
_READ: dict[str, dict[Path, bytes]] = {}
"""Files behind each module of the user's as they were when it was imported."""


class Maker(Protocol):
    """What makes a forecast; see the module."""

    def __call__(self, as_of: date, election_date: date, *, seed: int, tables: Evidence, progress: bool) -> Forecast:
        """Make a forecast from tables."""


def maker(name: str) -> Maker:
    """Find what makes a forecast.

    Parameters
    ----------
    name : str
        Variant or import path.

    Returns
    -------
    Maker
        To be called as ``forecast_by`` does.

    Raises
    ------
    BadInput
        If there is no such function, its module cannot be imported, it can be called in neither way, it fails to give
        settings, or one of their priors is no distribution.
    """
    own = _own_maker(name)
    if own is not None:
        return own
    config = variant(name)
    _check_priors(name, config)
    made: Maker = partial(make_forecast, config=config)
    return made


def _check_priors(name: str, config: ChainConfig) -> None:
    """Refuse what is no prior, or a number in the place of one, before minutes are spent on the stages ahead of it."""
    for stage, priors in config.priors().items():
        try:
            read_priors(type(priors)(), describe_priors(priors))
        except BadInput as fault:
            raise BadInput(f'"{name}" gives priors of {stage} that cannot be used: {fault}') from fault


def _own_maker(name: str) -> Maker | None:
    """Maker at an import path; None for settings, and for what ``variant`` will refuse."""
    module, colon, function = name.partition(":")
    if not colon:
        return None
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))  # last, so that a file here never stands in for an installed package
    try:
        found: Any = getattr(_imported_anew(module), function)
        needed = inspect.signature(found)
    except (ImportError, AttributeError, TypeError, ValueError):
        return None
    if not any(p.default is p.empty and p.kind < p.VAR_POSITIONAL for p in needed.parameters.values()):
        return None
    try:
        needed.bind(None, None, seed=0, tables=None, progress=False)
    except TypeError as error:
        raise BadInput(
            f'"{name}" can be called neither without arguments nor as '
            f"{function}(as_of, election_date, seed=, tables=, progress=): {error}."
        ) from error
    own: Maker = found
    return own


def _imported_anew(name: str) -> ModuleType:
    """Import a module of the user's; again where it, or one that it imports, was edited since a name in it was used.

    A notebook's kernel outlives many edits. Scores are kept under what the files say, so that is what must run.
    """
    module = imported(name)
    if module.__file__ is None:
        return module
    file = Path(module.__file__).resolve()
    texts = _read_with(file, file.parents[name.count(".")])
    if _READ.setdefault(name, texts) != texts:
        known = {path for path in texts.keys() | _READ[name].keys() if not _is_ours(path)}
        for other, loaded in list(sys.modules.items()):
            if Path(getattr(loaded, "__file__", None) or ".").resolve() in known:
                del sys.modules[other]
        module, _READ[name] = imported(name), texts
    return module


def is_own(name: str) -> bool:
    """Whether a name stands for a maker of the user's, which has no settings to look at."""
    return _own_maker(name) is not None


def settings_of(name: str) -> str:
    """Say what a name stands for, so that scores kept for it are made again when that changes.

    Parameters
    ----------
    name : str
        Variant or import path.

    Returns
    -------
    str
        Its settings, priors to the last digit; of a maker, the hash of the file it is written in and of the user's
        others that it imports.
    """
    own = _own_maker(name)
    if own is None:
        config = variant(name)
        return f"{config!r} {config.described_priors()!r}"
    function = inspect.unwrap(_function(own))
    file = Path(inspect.getfile(function)).resolve()
    texts = _read_with(file, file.parents[function.__module__.count(".")])
    return hashlib.sha256(b"\0".join(text for _, text in sorted(texts.items()))).hexdigest()


def _is_ours(file: Path) -> bool:
    return any(file.is_relative_to(package) for package in OURS)


def _read_with(file: Path, root: Path) -> dict[Path, bytes]:
    """Text of a file and of those of the user's below a folder that it imports, at any distance."""
    found, waiting = dict[Path, bytes](), [file]
    while waiting:
        one = waiting.pop()
        found[one] = one.read_bytes()
        for node in _nodes(found[one]):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            said = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            above = one.parents[node.level - 1] if isinstance(node, ast.ImportFrom) and node.level else root
            names = [said, *(f"{said}.{name.name}".lstrip(".") for name in node.names)]
            parts = [above.joinpath(*name.split(".")) for name in names if name]
            files = [path for part in parts for path in (part.with_suffix(".py"), part / "__init__.py")]
            waiting += [path for path in files if path.is_file() and path not in found and not _is_ours(path)]
    return found


def _nodes(text: bytes) -> Iterator[ast.AST]:
    """What a file is made of; nothing where it is no Python, which its import will tell."""
    with suppress(SyntaxError, ValueError):
        yield from ast.walk(ast.parse(text))


def _function(own: Maker) -> Callable[..., Any]:
    found: Any = own
    return found.func if isinstance(found, partial) else found


def forecast_by(
    name: str,
    as_of: date,
    election_date: date,
    *,
    seed: int,
    tables: Evidence | None = None,
    progress: bool = True,
) -> Forecast:
    """Make a forecast in the way a name stands for.

    Parameters
    ----------
    name : str
        Variant or import path.
    as_of, election_date : date
        Last day of evidence; polling day.
    seed : int
        Seed of all random numbers.
    tables : Evidence, optional
        All tables, uncut; the shipped ones with the user's own rows unless given.
    progress : bool
        Print stages and progress bars to stderr.

    Returns
    -------
    Forecast
        With the name in it, so that it can be made again from its manifest.

    Raises
    ------
    BadInput
        If the name is not known or gives something else than a ``Forecast`` for these dates.
    """
    own, known = _own_maker(name), tables or load_evidence()
    # Somebody else's code is handed what was known on the day and no more, so that it cannot look ahead.
    given = known if own is None else known.as_of(as_of)
    made = (own or maker(name))(as_of, election_date, seed=seed, tables=given, progress=progress)
    if not isinstance(made, Forecast):
        raise BadInput(f'"{name}" gives a {type(made).__name__}; called with two dates it must give a Forecast.')
    told = (made.manifest.as_of, made.manifest.election_date)
    if told != (as_of, election_date):
        raise BadInput(
            f'"{name}" was asked for {election_date} as of {as_of} and gives a forecast of {told[1]} as of {told[0]}.'
        )
    if name != USUAL:
        made.tree.attrs[VARIANT] = name
    if own is None:
        return made
    return replace(made, manifest=made.manifest.model_copy(update={"by_own_code": True}))
