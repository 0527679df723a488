import ast

from models.modules import FOLDER, behind, imported
from models.store import KEEPERS, statistical_modules


def by_syntax(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "models":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
            found.add(str(node.module).split(".")[1])
    return found


def test_imports_are_those_of_the_syntax_tree() -> None:
    """Reading imports line by line finds what Python's own parser finds, in every module."""
    for path in sorted(FOLDER.glob("*.py")):
        assert imported(path.stem) == by_syntax(path.stem), path.stem


def test_what_fits_and_draws_is_found() -> None:
    """Models, their arithmetic and their priors stand behind a forecast; scores, pages' words and commands do not."""
    found = {path.stem for path in statistical_modules()}
    assert {"chain", "polls", "votes", "seats", "kernel", "priors", "stages", "arrival"} <= found
    assert not found & {"score", "metrics", "describe", "cli", "backtest", "scenario", "contest", *KEEPERS}


def test_what_is_left_out_takes_along_what_only_it_imports() -> None:
    """Without one module on the way, those behind it alone are not found."""
    whole, without = behind("obtain"), behind("obtain", frozenset({"chain"}))
    assert {"chain", "polls"} <= whole
    assert not without & {"chain", "polls"}
    assert "store" in without
