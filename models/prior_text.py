"""Priors written down exactly, and read back without running anybody's code.

PreliZ prints three digits, for eyes: two priors that print alike need not be alike.
"""

import ast
from dataclasses import fields, replace
from typing import Any

import numpy as np
import preliz as pz
from preliz.distributions.distributions import Distribution

from data.errors import DamagedArtefact

SHOWN = 80
"""Letters of a text that a sentence repeats."""


def prior_text(prior: Distribution | float) -> str:
    """Write a prior down with every digit, as the call that makes it.

    Parameters
    ----------
    prior : Distribution or float
        A distribution of PreliZ with all its parameters, or a number held fixed.

    Returns
    -------
    str
        Two priors have the same text only if they are the same.

    Examples
    --------
    >>> import preliz as pz
    >>> prior_text(pz.Truncated(pz.Normal(0.0, 0.41835), lower=0.0))
    'Truncated(Normal(mu=0.0, sigma=0.41835), lower=0.0, upper=inf)'
    """
    if not isinstance(prior, Distribution):
        return repr(prior)
    inner = getattr(prior, "dist", None)  # of what is truncated, censored or mixed
    parts = inner if isinstance(inner, list) else [inner] if inner is not None else []
    within = sum(len(part.params) for part in parts)
    own = zip(prior.param_names[within:], prior.params[within:], strict=True)
    told = ", ".join(map(prior_text, parts))
    words = [f"[{told}]"] if isinstance(inner, list) else [told] if parts else []
    words += [f"{name}={np.asarray(value, dtype=float).tolist()!r}" for name, value in own]
    return f"{type(prior).__name__}({', '.join(words)})"


def read_prior(text: str) -> Distribution | float:
    """Read a prior that ``prior_text`` wrote down. Nothing is called but a distribution of PreliZ.

    Parameters
    ----------
    text : str
        As in a manifest.

    Returns
    -------
    Distribution or float
        The prior.

    Raises
    ------
    DamagedArtefact
        If it is anything else.

    Examples
    --------
    >>> prior_text(read_prior("LogNormal(mu=-4.199705077879927, sigma=0.5)"))
    'LogNormal(mu=-4.199705077879927, sigma=0.5)'
    """
    try:
        prior = _value(ast.parse(text, mode="eval").body)
        if isinstance(prior, list) or prior_text(prior) != text:
            raise ValueError(text)
    except (AttributeError, KeyError, MemoryError, RecursionError, SyntaxError, TypeError, ValueError) as error:
        raise DamagedArtefact(
            f'"{text[:SHOWN]}" is no prior as a manifest has them: a number, or a distribution of PreliZ with its '
            "parameters by name. Give the manifest as it was stored."
        ) from error
    return prior


def _value(node: ast.expr) -> Any:
    """What an expression of numbers, lists and distributions stands for; any other is an error."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.Name(id="inf"):
            return np.inf
        case ast.List(elts=entries):
            return [_value(entry) for entry in entries]
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=given):
            kind = getattr(pz.distributions, name)
            if not (isinstance(kind, type) and issubclass(kind, Distribution)):
                raise ValueError(name)
            own = {str(word.arg): _value(word.value) for word in given}
            made = kind(*map(_value, parts), **own)
            # PreliZ makes a scale of a precision and a precision of that, which costs the last digit.
            made.params = (*made.params[: len(made.params) - len(own)], *own.values())
            return made
    raise ValueError(ast.dump(node))


def describe_priors(priors: Any) -> dict[str, str]:
    """Write priors down for a manifest.

    Parameters
    ----------
    priors : dataclass
        Priors of a model, as in ``models.priors``.

    Returns
    -------
    dict
        Name to distribution or number, as ``prior_text`` writes it.
    """
    return {item.name: prior_text(getattr(priors, item.name)) for item in fields(priors)}


def read_priors[Priors](usual: Priors, told: dict[str, str]) -> Priors:
    """Read the priors of a model from a manifest.

    Parameters
    ----------
    usual : dataclass
        Priors of that model.
    told : dict
        From ``describe_priors``.

    Returns
    -------
    dataclass
        Priors as they were.

    Raises
    ------
    DamagedArtefact
        If one is missing, unknown or unreadable, or a number stands where a distribution belongs.
    """
    held: Any = usual
    kinds = {item.name: isinstance(getattr(held, item.name), Distribution) for item in fields(held)}
    odd = sorted(told.keys() ^ kinds.keys())
    read = {} if odd else {name: read_prior(text) for name, text in told.items()}
    odd += [name for name, prior in read.items() if isinstance(prior, Distribution) != kinds[name]]
    if odd:
        raise DamagedArtefact(
            f"The manifest's {odd[0]} of {type(held).__name__} is missing, unknown or of another kind than a prior of "
            "that name. Give the manifest as it was stored."
        )
    return replace(held, **read)  # type: ignore[no-any-return]
