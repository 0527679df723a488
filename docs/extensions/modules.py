"""Reference pages of modules, from their docstrings."""

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

import models

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
    entries = [_entry(home, name, getattr(models, name)) for home, name in homes if f'module("{home}")' not in pages]
    here = "\n".join(["", *entries])
    return f"```{{eval-rst}}\n.. autosummary::\n   :nosignatures:\n\n{rows}\n{here}\n```\n"


def _lead(found: ModuleType) -> str:
    """First paragraph of a module's docstring, as Markdown."""
    text = (found.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(text.split()).replace("``", "`")


def _entry(path: str, name: str, found: object) -> str:
    if not inspect.isclass(found):
        return f".. autofunction:: {path}.{name}\n"
    hidden = "model_config" if hasattr(found, "model_fields") else ""
    options = "   :members:\n" + (f"   :exclude-members: {hidden}\n" if hidden else "")
    return f".. autoclass:: {path}.{name}\n{options}"
