"""Priors written down exactly, and read back without running anybody's code.

PreliZ prints three digits, for eyes: two priors that print alike need not be alike. What is fitted is what was written
down and read back (``models.stages``), so that the text in a key or a manifest tells all of a prior.
"""

import ast
from dataclasses import fields, replace
from typing import Any

import numpy as np
import preliz as pz
from preliz.distributions.distributions import Distribution

from data.errors import BadInput

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
        From which ``read_prior`` makes the prior again.

    Raises
    ------
    BadInput
        If it is neither.

    Examples
    --------
    >>> import preliz as pz
    >>> prior_text(pz.Truncated(pz.Normal(0.0, 0.41835), lower=0.0))
    'Truncated(Normal(mu=0.0, sigma=0.41835), lower=0.0, upper=inf)'
    """
    if isinstance(prior, int | float | np.number):
        return repr(float(prior))
    if not (isinstance(prior, Distribution) and prior.is_frozen):
        raise _no_prior(repr(prior))
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
    BadInput
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
    except (ArithmeticError, AttributeError, MemoryError, RecursionError, SyntaxError, TypeError, ValueError) as error:
        raise _no_prior(text) from error
    return prior


def _no_prior(given: str) -> BadInput:
    return BadInput(
        f'"{given[:SHOWN]}" cannot be a prior. Give a number, or a distribution of PreliZ with all its parameters, '
        "such as Normal(mu=0.0, sigma=1.0)."
    )


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
            return _made(kind, [_value(part) for part in parts], {str(one.arg): _value(one.value) for one in given})
    raise ValueError(ast.dump(node))


def _made(kind: type[Distribution], parts: list[Any], own: dict[str, Any]) -> Distribution:
    """A distribution of others and of parameters of its own, each with the digits given.

    PreliZ makes a scale of a precision and a precision of that, which costs the last digit, and does so again within
    what is truncated; digits that it kept stay of the type it keeps them in.
    """
    inner = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    told = [one.params for one in inner]
    made = kind(*parts, **own)
    for one, params in zip(inner, told, strict=True):
        one.params = params
    within = len(made.params) - len(own)
    both = zip(made.params[within:], own.values(), strict=True)
    exact = (held if np.array_equal(held, value) else np.float64(value) for held, value in both)
    made.params = (*made.params[:within], *exact)
    return made


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

    Raises
    ------
    BadInput
        If one is neither.
    """
    return {item.name: prior_text(getattr(priors, item.name)) for item in fields(priors)}


def read_priors[Priors](usual: Priors, told: dict[str, str]) -> Priors:
    """Read the priors of a model that ``describe_priors`` wrote down.

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
    BadInput
        If one is missing, unknown or unreadable, or a number stands where a distribution belongs.
    """
    of: Any = usual
    held = {item.name: getattr(of, item.name) for item in fields(of)}
    odd = sorted(told.keys() ^ held.keys())
    if odd:
        raise BadInput(f'The prior "{odd[0]}" of {type(of).__name__} is missing or unknown. It has: {", ".join(held)}.')
    read = {name: read_prior(text) for name, text in told.items()}
    for name, prior in read.items():
        if isinstance(prior, Distribution) != isinstance(held[name], Distribution):
            raise BadInput(
                f'"{told[name][:SHOWN]}" cannot be the prior {name} of {type(of).__name__}. Give one such as '
                f"{prior_text(held[name])}."
            )
    return replace(of, **read)  # type: ignore[no-any-return]
