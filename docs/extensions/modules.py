"""Reference pages of modules, from their docstrings."""

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sphinx.application import Sphinx

import models

LIMITS = {"ge": "at least", "le": "at most", "gt": "above", "lt": "below", "min_length": "length at least"}
LIMITS |= {"max_length": "length at most"}
REFERENCE = Path(__file__).parents[1] / "reference"


def _names(module: ModuleType) -> list[str]:
    """Public classes and functions that a module defines, in the order of its file."""
    held = [
        (name, found)
        for name, found in vars(module).items()
        if not name.startswith("_") and getattr(found, "__module__", None) == module.__name__
        if inspect.isclass(found) or inspect.isfunction(found)
    ]
    return [name for name, found in held if found.__doc__]


def module(path: str, *only: str) -> str:
    """Document a module: its own text, then each public name.

    Parameters
    ----------
    path : str
        The module.
    *only : str
        Names to document; all by default.

    Returns
    -------
    str
        Markdown, a section of the second level.
    """
    found = import_module(path)
    names = list(only) or _names(found)
    summary = "\n".join(f"   {name}" for name in names)
    entries = "\n\n".join(_entry(path, name, getattr(found, name)) for name in names)
    head = f".. py:module:: {path}\n\n.. autosummary::\n   :nosignatures:\n\n{summary}\n\n{entries}\n"
    return f"## {path}\n\n{_lead(found)}\n\n```{{eval-rst}}\n{head}```\n"


def public() -> str:
    """List the names of ``models``, and document here those that no other page of the reference does."""
    homes = [(getattr(models, name).__module__, name) for name in models.__all__]
    pages = "".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    rows = "\n".join(f"   {home}.{name}" for home, name in homes)
    elsewhere = {(home, name) for home, name in homes if f'("{home}")' in pages or f'("{home}:{name}")' in pages}
    entries = [_entry(home, name, getattr(models, name)) for home, name in homes if (home, name) not in elsewhere]
    here = "\n".join(["", *entries])
    return f"```{{eval-rst}}\n.. autosummary::\n   :nosignatures:\n\n{rows}\n{here}\n```\n"


def prior_class(path: str) -> str:
    """Document a class of priors, as ``models.priors:PollPriors``, without its fields: they are listed under it."""
    return f"```{{eval-rst}}\n.. autoclass:: {path.replace(':', '.')}\n```\n"


def _lead(found: ModuleType) -> str:
    """First paragraph of a module's docstring, as Markdown."""
    text = (found.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(text.split()).replace("``", "`")


def _entry(path: str, name: str, found: object) -> str:
    if not inspect.isclass(found):
        return f".. autofunction:: {path}.{name}\n"
    if not issubclass(found, BaseModel):
        return f".. autoclass:: {path}.{name}\n   :members:\n"
    options = "   :members:\n   :exclude-members: " + ", ".join(["model_config", *found.model_fields])
    fields = "\n".join(f"   * ``{key}``: {_field(field)}" for key, field in found.model_fields.items())
    return f".. autoclass:: {path}.{name}\n{options}\n\n   .. rubric:: Fields\n\n{fields}\n"


def _field(field: FieldInfo) -> str:
    """Type, limits and default of one field of a pydantic model."""
    limits = [
        f"{LIMITS[key]} {value}"
        for limit in field.metadata
        for key, value in vars_of(limit).items()
        if key in LIMITS and value is not None
    ]
    default = "needed" if field.is_required() else ("empty" if field.default_factory else f"``{field.default!r}``")
    known = default if default in ("needed", "empty") else f"{default} if left out"
    return ", ".join([f"``{spelled(field.annotation)}``", *limits, known])


def vars_of(limit: object) -> dict[str, Any]:
    """What a limit says, by name."""
    return {key: getattr(limit, key) for key in LIMITS if hasattr(limit, key)}


def spelled(kind: Any) -> str:
    """A type as one would write it, without modules and limits."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return spelled(inside[0])
    if origin is Literal:
        return " | ".join(repr(word) for word in inside)
    if origin in (Union, UnionType):
        return " | ".join(map(spelled, inside))
    name = "None" if kind is type(None) else getattr(kind, "__name__", str(kind))
    return f"{name}[{', '.join(map(spelled, inside))}]" if inside else name


def without_signature(app: Sphinx, what: str, name: str, found: object, *_: object) -> tuple[str, str] | None:
    """Leave the signature out of pydantic models and priors: their fields are listed under them."""
    del app
    listed = what == "class" and inspect.isclass(found) and (issubclass(found, BaseModel) or name.endswith("Priors"))
    return ("", "") if listed else None
