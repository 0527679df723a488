"""Priors and constants as the code has them, with the reasons that stand beside them there."""

import ast
import inspect
import re
from importlib import import_module
from typing import Any

from preliz.distributions.distributions import Distribution


def _named(path: str) -> Any:
    """Object of a path such as ``models.priors:PollPriors``."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def _reasons(owner: type) -> dict[str, str]:
    """Text under each field of a dataclass."""
    tree = ast.parse(inspect.cleandoc(inspect.getsource(owner)))
    body = tree.body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            assert isinstance(field.target, ast.Name)
            found[field.target.id] = markdown(str(after.value.value))
    return found


def markdown(text: str) -> str:
    """A docstring's text as Markdown on one line: double backticks are code there, and stars are literal."""
    line = " ".join(text.split())
    return re.sub(r"``([^`]+)``", r"`\1`", line).replace("*", r"\*")


def number(value: float) -> str:
    """A number as short as it can be told apart: three digits."""
    return f"{value:.3g}".replace("-", "−")


def told(value: Any) -> str:
    """A prior in words: distribution, middle, and where nineteen in twenty of its draws lie."""
    if not isinstance(value, Distribution):
        return f"`{value}`"
    low, middle, high = (float(value.ppf(p)) for p in (0.025, 0.5, 0.975))
    arguments = ", ".join(f"{name}={getattr(value, name):.3g}" for name in value.param_names)
    name = f"`{type(value).__name__}({arguments})`"
    return f"{name}, middle {number(middle)}, 95 % from {number(low)} to {number(high)}"


def priors(path: str) -> str:
    """List the priors of a model, each with its reason.

    Parameters
    ----------
    path : str
        Module and class, as ``models.priors:PollPriors``.

    Returns
    -------
    str
        A definition list in Markdown.
    """
    owner = _named(path)
    held, reasons = owner(), _reasons(owner)
    lines = []
    for name in owner.__dataclass_fields__:
        reason = f"\n\n  {reasons[name]}" if name in reasons else ""
        lines.append(f"`{name}`\n: {told(getattr(held, name))}{reason}\n")
    return "\n".join(lines)


def prior(path: str, name: str) -> str:
    """Tell one prior of a class, as ``prior("models.priors:PollPriors", "drift")``."""
    return told(getattr(_named(path)(), name))


def constant(path: str, digits: int | None = None) -> str:
    """Value of a constant, as ``constant("models.votes:TAIL")``; rounded where digits are given."""
    value = _named(path)
    if isinstance(value, float):
        return number(value) if digits is None else f"{value:.{digits}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
