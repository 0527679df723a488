"""What a score depends on: the tables and the code that made it, as two hashes that a report can name.

The hash of the code is that of its tokens without comments, docstrings and layout. So a report stays true when a
sentence is mended, and is found stale when anything is that could change a number.
"""

import hashlib
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from data import load, load_evidence
from models.modules import FOLDER, behind
from models.store import KEEPERS, statistical_modules

PRIORS = frozenset({"priors", "link_priors", "contest_priors", "survival_priors"})
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
    modules = [*statistical_modules(), *(FOLDER / f"{name}.py" for name in SCORING), Path(load.__file__)]
    return {"code": code_hash(modules), "tables": load_evidence(own=False).fingerprint()[:16]}


@cache
def code_behind(module: str) -> str:
    """Hash a module of ours with all of ours that it imports, at any distance: what a model is made of.

    Priors are left out, as a fit names those it was made with by their values; so is what only keeps a fit.

    Parameters
    ----------
    module : str
        Name of a module; one that is not in this folder stands for itself alone, unhashed.

    Returns
    -------
    str
        As ``code_hash`` gives it.
    """
    found = behind(module.removeprefix("models."), KEEPERS | PRIORS)
    return code_hash(FOLDER / f"{name}.py" for name in sorted(found))


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
