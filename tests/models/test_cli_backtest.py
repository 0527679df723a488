"""The command ``selectorate backtest``, with the jobs themselves made up."""

import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from models import cli, track_record
from models.backtest import Failure, Job
from models.reports import SCHEMA

backtest = import_module("models.backtest")  # `from models import backtest` is the function
Run = Callable[..., tuple[int, str, str]]
ROW = (date(2019, 12, 12), 1, "full", "vote_mae", "", 0.01)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Call the command in an empty folder; every job gives one score, and one of them fails."""
    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    failed = Failure(Job(date(2019, 12, 12), 7, "full"), "ValueError: no luck")
    monkeypatch.setattr(backtest, "run_to_end", lambda *_, **__: [failed])
    monkeypatch.setattr(backtest, "collect", lambda _: pl.DataFrame([ROW], schema=SCHEMA, orient="row"))
    monkeypatch.setattr(track_record, "write_report", lambda table, _, folder: (folder.mkdir(), table)[1])

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["selectorate", "backtest", *words])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_a_part_of_the_grid_replaces_no_report(run: Run, tmp_path: Path) -> None:
    """Some elections alone are printed; they are written only where a folder is named."""
    code, out, err = run("--elections", "2019", "--leads", "1,7")
    assert code == 0
    assert "vote_mae" in out
    assert "no report was written" in err
    assert err.startswith("18 forecasts of the past, 0 of them made before.")
    assert "Not done: 2019-12-12, 7 days, full: ValueError: no luck" in err
    assert not (tmp_path / "reports").exists()
    run("--elections", "2019", "--leads", "1", "--out", "mine")
    assert (tmp_path / "mine").is_dir()


def test_the_whole_grid_is_written(run: Run, tmp_path: Path) -> None:
    """Without a choice of elections, leads or variants the record goes to ``reports/``."""
    _, _, err = run()
    assert "no report" not in err
    assert (tmp_path / "reports").is_dir()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--leads", "0,7"), "holds 0; a forecast is made one day before polling day or earlier"),
        (("--leads", "soon"), "not a list of days"),
        (("--elections", "2018-01-01"), "No backtest of 2018-01-01"),
        (("--elections", "2019", "--variants", "best"), 'No variant "best"'),
    ],
)
def test_what_cannot_be_tested_is_refused(run: Run, words: tuple[str, ...], sentence: str) -> None:
    """Bad input ends in one sentence and exit code 2."""
    code, _, err = run(*words)
    assert code == 2
    assert sentence in err
