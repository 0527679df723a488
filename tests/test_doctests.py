import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def told() -> list[str]:
    """Modules with an example in a docstring."""
    paths = sorted(path for package in ("data", "models", "views") for path in (ROOT / package).rglob("*.py"))
    with_examples = (path for path in paths if ">>> " in path.read_text(encoding="utf-8"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in with_examples]


# Python's doctest rather than `pytest --doctest-modules`: only modules with examples are imported, and they run in the
# same session as all other tests.
@pytest.mark.parametrize("name", told())
def test_examples_hold(name: str) -> None:
    """Every example in a docstring gives what it says."""
    module = import_module(name)
    ran = doctest.testmod(module)
    assert ran.attempted > 0
    assert ran.failed == 0


def test_examples_are_there() -> None:
    """A dozen examples or more are run, from fits, scenarios, links, questions and words among others."""
    named = {"inference", "scenario_schema", "scenario_link", "solve_schema"}
    assert {f"models.{name}" for name in named} | {"views.words"} <= set(told())
    found = doctest.DocTestFinder(exclude_empty=True)
    count = sum(len(test.examples) for name in told() for test in found.find(import_module(name)))
    assert count >= 12
