"""Which of our modules stand behind which: followed along imports, so that no list has to be kept."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r"^[ \t]*from models(?:\.(\w+))? import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_NAME = re.compile(r"(\w+)(?:[ \t]+as[ \t]+\w+)?")


@cache
def imported(module: str) -> frozenset[str]:
    """Names of the modules of ``models`` that one of them imports, wherever in the file.

    Parameters
    ----------
    module : str
        Name of a module in this folder.

    Returns
    -------
    frozenset of str
        Names without ``models.``; of ``from models import x`` each ``x``, module or not.
    """
    found: set[str] = set()
    for inside, names in _IMPORT.findall((FOLDER / f"{module}.py").read_text(encoding="utf-8")):
        found |= {inside} if inside else {name for name in _NAME.findall(names) if name != "noqa"}
    return frozenset(found)


def behind(module: str, without: frozenset[str] = frozenset()) -> set[str]:
    """Find a module and all of ours that it imports, at any distance.

    Parameters
    ----------
    module : str
        Name of a module; of one that is not in this folder nothing is known.
    without : frozenset of str
        Modules that are left out, with what only they import.

    Returns
    -------
    set of str
        Names of files in this folder.
    """
    found, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in without and (FOLDER / f"{name}.py").is_file():
            found.add(name)
            waiting += imported(name)
    return found
