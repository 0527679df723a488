import re
from pathlib import Path

import pytest
import typer

from models.cli import app
from models.store import forecast_path, save_forecast
from tests.views.synthetic import synthetic_forecast


def blocks(root: Path, language: str) -> list[str]:
    """Fenced blocks of one language in the README."""
    return re.findall(rf"^```{language}\n(.*?)^```", (root / "README.md").read_text(encoding="utf-8"), re.M | re.S)


def test_notebook_example_runs(root: Path, own_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines for a notebook run as they stand on a stored forecast, and print the change of every party's seats."""
    forecast = synthetic_forecast(draws=100)
    save_forecast(forecast, forecast_path(forecast.manifest.as_of, forecast.manifest.election_date))
    (example,) = blocks(root, "python")
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "seats_change" in printed
    assert "lab" in printed


def test_commands_exist(root: Path) -> None:
    """Every command and option that the README shows is one that the command line has."""
    root_command = typer.main.get_command(app)
    shown = re.findall(r"^(?:echo .*\| )?selectorate ([^#\n]+)", "\n".join(blocks(root, "sh")), re.M)
    assert len(shown) >= 5
    for words in shown:
        command, context = root_command, typer.Context(root_command)
        for word in words.split():
            if word.startswith("--"):
                assert word in {name for option in command.params for name in option.opts}, words
            elif hasattr(command, "get_command"):
                command = command.get_command(context, word)
                assert command is not None, words


def test_goals_exist(root: Path) -> None:
    """Every `make` goal that README and ARCHITECTURE name is in the Makefile."""
    goals = set(re.findall(r"^([a-z-]+):.*##", (root / "Makefile").read_text(encoding="utf-8"), re.M))
    text = "".join((root / name).read_text(encoding="utf-8") for name in ("README.md", "ARCHITECTURE.md"))
    named = set(re.findall(r"(?:`| {4})make ([a-z]+)", text))
    assert {"app", "test"} <= named <= goals
