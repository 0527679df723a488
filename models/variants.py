"""Variants of the chain: the same path with one kind of evidence taken out, so that its worth can be measured.

A variant is a function without arguments that returns a ``ChainConfig``; ``selectorate backtest --variants`` takes the
names below or the import path of another (``package.module:function``). A term is taken out by a prior that holds it
at nought.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from types import ModuleType

import preliz as pz
from preliz.distributions.distributions import Distribution

from data.errors import BadInput, SelectorateError
from models.config import ChainConfig
from models.priors import VotePriors

NOUGHT: Distribution = pz.Normal(0.0, 1e-5)
"""So narrow that the term moves no share by a thousandth of a point."""
NONE: Distribution = pz.HalfNormal(1e-5)
"""The same for what cannot be negative."""
SLOW: Distribution = pz.Normal(-7.0, 0.1)
"""Logarithm of a speed a year at which nobody goes home within a parliament."""


def full() -> ChainConfig:
    """All evidence: what a live run uses."""
    return ChainConfig()


def no_leaders() -> ChainConfig:
    """Without the standing of leaders."""
    return replace(full(), vote_priors=replace(VotePriors(), beta_favourability=NOUGHT))


def no_mps() -> ChainConfig:
    """Without MPs' support for their leader."""
    return replace(full(), vote_priors=replace(VotePriors(), beta_margin=NOUGHT))


def no_office() -> ChainConfig:
    """Without the cost of time in office."""
    return replace(full(), vote_priors=replace(VotePriors(), beta_office=NOUGHT))


def no_campaign() -> ChainConfig:
    """As if campaigns were like other times: opinion moves and comes home no faster, and nobody gains."""
    still = replace(VotePriors(), campaign=NONE, campaign_newer=NONE, log_pace=NOUGHT, airtime=NOUGHT)
    return replace(full(), campaign_pace=1.0, vote_priors=still)


def no_leaders_no_mps() -> ChainConfig:
    """Without either."""
    return replace(full(), vote_priors=replace(VotePriors(), beta_favourability=NOUGHT, beta_margin=NOUGHT))


def no_polls() -> ChainConfig:
    """Without polls since the last election: leaders, MPs and fundamentals alone, from the last result on."""
    return replace(full(), polls=False)


def polls_only() -> ChainConfig:
    """Polls alone: no leaders, MPs, time in office, return to the last result or airtime; campaigns keep their pace."""
    nought = replace(VotePriors(), beta_favourability=NOUGHT, beta_margin=NOUGHT, beta_office=NOUGHT)
    still = replace(nought, log_kappa=SLOW, log_kappa_newer=SLOW, campaign=NONE, campaign_newer=NONE, airtime=NOUGHT)
    return replace(full(), vote_priors=still)


def leave_one_out() -> ChainConfig:
    """All evidence, and votes and seats learned from every other election, later ones too: not a forecast."""
    return replace(full(), leave_one_out=True)


VARIANTS: tuple[Callable[[], ChainConfig], ...] = (
    full,
    no_leaders,
    no_mps,
    no_office,
    no_campaign,
    no_leaders_no_mps,
    no_polls,
    polls_only,
    leave_one_out,
)
"""Variants of the track record."""


def variant(name: str) -> ChainConfig:
    """Find a variant.

    Parameters
    ----------
    name : str
        Name of a function here, or the import path of one elsewhere.

    Returns
    -------
    ChainConfig
        Its settings.

    Raises
    ------
    BadInput
        If there is no such function, its module cannot be imported, or it fails or gives something else.
    """
    known = {function.__name__: function for function in VARIANTS}
    if name in known:
        return known[name]()
    path, _, function = name.partition(":")
    absent = BadInput(
        f'No variant "{name}". Available: {", ".join(known)}, or package.module:function for one of your own.'
    )
    if not (path and function):
        raise absent
    try:
        module = imported(path)
        found = getattr(module, function)
    except (ImportError, AttributeError) as error:
        raise absent from error
    try:
        made = found()
    except SelectorateError:
        raise
    except Exception as error:
        raise BadInput(
            f'"{name}" gives no settings: {_told(error)}{_place(error, module)}. Mend it and try again.'
        ) from error
    if not isinstance(made, ChainConfig):
        raise BadInput(f'Variant "{name}" gives a {type(made).__name__}; it must give a ChainConfig.')
    return made


def imported(module: str) -> ModuleType:
    """Import a module of the user's; a fault in it is told, and not taken for a module that is not there.

    Parameters
    ----------
    module : str
        Its name.

    Returns
    -------
    ModuleType
        The module.

    Raises
    ------
    ModuleNotFoundError
        If there is none.
    BadInput
        If it cannot be imported.
    """
    try:
        return import_module(module)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}."):
            raise
        raise BadInput(f"{module} cannot be imported: {_told(error)}. Mend it and try again.") from error


def _told(error: Exception) -> str:
    """Kind of an error and what it says, on one line."""
    return ": ".join([type(error).__name__, *filter(None, [" ".join(str(error).split())])])


def _place(error: Exception, module: ModuleType) -> str:
    """Last line of a module that an error came through: it may be raised in a library that the module misused."""
    lines = [one.lineno for one in extract_tb(error.__traceback__) if one.filename == module.__file__]
    return f" (line {lines[-1]} of {Path(str(module.__file__)).name})" if lines else ""
