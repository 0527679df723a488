"""What scores of a variant are kept under: all that its name stands for now, and no less."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from data.errors import BadInput
from models.backtest import Job, job_path
from models.makers import is_own, maker, settings_of

MINE = """
from dataclasses import replace

import preliz as pz

from models import PollPriors
from models.config import ChainConfig


def steady():
    return replace(ChainConfig(), poll_priors=replace(PollPriors(), drift=pz.LogNormal(-5.5, 0.1)))


def few():
    return ChainConfig(draws=50)


def own(as_of, election_date, *, seed, tables, progress):
    pass
"""
POLLING_DAY = date(1966, 3, 31)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module of the user's in the folder she works in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path not in ("", str(tmp_path))])
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    yield tmp_path / "mine.py"
    for name in ("mine", "number", "beside", "further"):
        sys.modules.pop(name, None)


def test_a_changed_maker_is_scored_again(mine: Path) -> None:
    """Scores are kept under the source of a maker, with what it imports, and under the settings of a variant."""
    before = settings_of("mine:own"), settings_of("mine:few")
    mine.write_text(MINE + "\n# changed\n", encoding="utf-8")
    assert settings_of("mine:own") != before[0]
    assert settings_of("mine:few") == before[1]
    mine.write_text(MINE + "\nfrom beside import other\n", encoding="utf-8")
    mine.with_name("beside.py").write_text("import further as other\n", encoding="utf-8")
    mine.with_name("further.py").write_text("", encoding="utf-8")
    before = settings_of("mine:own"), settings_of("mine:few")
    mine.with_name("further.py").write_text("# changed\n", encoding="utf-8")
    assert settings_of("mine:own") != before[0]
    assert settings_of("mine:few") == before[1]
    assert is_own("mine:own")
    assert not is_own("mine:few")
    assert "mine.own" in job_path(Job(POLLING_DAY, 1, "mine:own")).name


def test_priors_that_print_alike_are_told_apart(mine: Path) -> None:
    """PreliZ prints three digits of a parameter; scores are kept under all of them."""
    mine.write_text(MINE.replace("-5.5,", "-5.5001,"), encoding="utf-8")
    before, printed = settings_of("mine:steady"), repr(maker("mine:steady"))
    mine.write_text(MINE.replace("-5.5,", "-5.50012,"), encoding="utf-8")
    assert repr(maker("mine:steady")) == printed
    assert settings_of("mine:steady") != before


def test_an_edit_counts_at_once(mine: Path) -> None:
    """In a kernel that goes on running, what a name stands for is what its file says now, and the file beside it."""
    other = mine.with_name("number.py")
    other.write_text("N = 7\n", encoding="utf-8")
    text = MINE + "\nimport number\n\n\ndef some():\n    return ChainConfig(draws=number.N)\n"
    mine.write_text(text, encoding="utf-8")
    before = job_path(Job(POLLING_DAY, 1, "mine:some"))
    other.write_text("N = 4321\n", encoding="utf-8")
    assert "draws=4321" in settings_of("mine:some")
    assert job_path(Job(POLLING_DAY, 1, "mine:some")) != before
    mine.write_text(text.replace("number.N", "number.N + 4"), encoding="utf-8")
    assert "draws=4325" in settings_of("mine:some")
    mine.write_text("def some(:\n", encoding="utf-8")
    with pytest.raises(BadInput, match="mine cannot be imported: SyntaxError"):
        settings_of("mine:some")
