"""What a score depends on: the tables and the code that made it, as two hashes that a report can name.

The hash of the code is that of its tokens without comments, docstrings and layout. So a report stays true when a
sentence is mended, and is found stale when anything is that could change a number.
"""

import ast
import hashlib
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from data import load, load_evidence
from models.store import statistical_modules

PRIORS = ("priors", "link_priors")
"""Modules of values that a fit names one by one."""
SCORING = ("backtest_job", "baselines", "metrics", "score", "simple_swing", "truth", "variants")
"""Modules that change no forecast, but what is said of it."""
_LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER)
_STARTS = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


@cache
def made_with() -> dict[str, str]:
    """Hashes of the shipped tables and of the code that cuts them, forecasts and scores.

    Returns
    -------
    dict
        ``code`` and ``tables``, 16 hexadecimal digits each.
    """
    folder = Path(__file__).parent
    modules = [*statistical_modules(), *(folder / f"{name}.py" for name in SCORING), Path(load.__file__)]
    return {"code": code_hash(modules), "tables": load_evidence(own=False).fingerprint()[:16]}


@cache
def code_behind(module: str) -> str:
    """Hash a module of ours with all of ours that it imports, at any distance: what a model is made of.

    Priors are left out: a fit names those it was made with by their values.

    Parameters
    ----------
    module : str
        Name of a module; one that is not in this folder stands for itself alone, unhashed.

    Returns
    -------
    str
        As ``code_hash`` gives it.
    """
    folder, found = Path(__file__).parent, set[str]()
    waiting = [module.removeprefix("models.")]
    while waiting:
        name = waiting.pop()
        path = folder / f"{name}.py"
        if name not in found and name not in PRIORS and path.is_file():
            found.add(name)
            waiting += _imported(path)
    return code_hash(folder / f"{name}.py" for name in sorted(found))


def _imported(path: Path) -> Iterator[str]:
    """Names of the modules of ``models`` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "models":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
            yield str(node.module).split(".")[1]


def code_hash(paths: Iterable[Path]) -> str:
    """Hash the tokens of some modules.

    Parameters
    ----------
    paths : iterable of Path
        Python files.

    Returns
    -------
    str
        16 hexadecimal digits, the same whatever comments, docstrings and line breaks say.
    """
    digest = hashlib.sha256()
    for path in paths:
        digest.update("\n".join([path.stem, *_tokens(path)]).encode())
    return digest.hexdigest()[:16]


def _tokens(path: Path) -> Iterator[str]:
    at_start = True
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type in _LAYOUT or (at_start and token.type in (tokenize.STRING, tokenize.NEWLINE)):
                continue  # a text that stands alone is a docstring: it goes, with the end of its line
            at_start = token.type in _STARTS
            yield tokenize.tok_name[token.type] if at_start else token.string
