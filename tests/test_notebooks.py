"""The notebooks, each executed in a kernel of its own with few draws, as a reader would run them from top to bottom."""

import json
import os
import re
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import jupytext
import pytest
from jupytext.config import load_jupytext_config
from nbformat import NotebookNode

from models.forecast import Forecast
from models.store import forecast_path, save_forecast
from tests.views.synthetic import synthetic_forecast

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = [
    "01_quick_start",
    "02_the_data",
    "03_polls",
    "04_leaders_and_mps",
    "05_seats",
    "06_own_priors",
    "07_own_polls",
    "08_calibration",
    "09_backtest",
    "10_contest_2016",
    "11_scenario_function",
    "12_scale_on_dask",
]
QUICK = ["01_quick_start", "02_the_data", "07_own_polls", "11_scenario_function"]
DRAWS = 100
"""Draws a chain in tests: enough to show that every line runs, too few for any figure."""
SECONDS = 600
"""Processor time of all notebooks together: ten minutes of one core of two, whatever else the machine does."""
LONGEST = 900
EXECUTE = """
import sys
from pathlib import Path

import jupytext
from nbclient import NotebookClient

source, target = map(Path, sys.argv[1:])
notebook = jupytext.read(source)
NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(source.parent)}}).execute()
jupytext.write(notebook, target)
"""
"""Run in a process of its own, as the client leaves sockets open, which would be errors here."""
SUMMER, POLLING_DAY = date(2016, 8, 22), date(2017, 6, 8)
SPENT: dict[str, float] = {}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of made-up forecasts, shared by all notebooks, as a reader's is: fits and jobs of one serve the next.

    One is the newest, the other that of the contest of 2016, which can be told in seats where it is there.
    """
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELECTORATE_HOME", str(folder))
        made = synthetic_forecast(draws=400)
        leaders = [
            one.model_copy(update={"leader": "Jeremy Corbyn"}) for one in made.manifest.leaders if one.party == "lab"
        ]
        then = made.manifest.model_copy(
            update={"as_of": SUMMER, "election_date": POLLING_DAY, "leaders": tuple(leaders)}
        )
        for one in (made, Forecast(made.tree, then)):
            save_forecast(one, forecast_path(one.manifest.as_of, one.manifest.election_date))
    return folder


def executed(name: str, home: Path) -> NotebookNode:
    """Run a notebook in a fresh kernel, from the folder it lies in; an error in a cell is raised."""
    folders = {"SELECTORATE_HOME": home, "IPYTHONDIR": home / "ipython", "JUPYTER_RUNTIME_DIR": home / "jupyter"}
    env = os.environ | {key: str(folder) for key, folder in folders.items()} | {"SELECTORATE_DRAWS": str(DRAWS)}
    command = [sys.executable, "-c", EXECUTE, str(FOLDER / f"{name}.py"), str(home / f"{name}.ipynb")]
    before = cpu_seconds()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    SPENT[name] = cpu_seconds() - before
    assert done.returncode == 0, done.stderr[-4000:]
    return jupytext.read(home / f"{name}.ipynb")


def cpu_seconds() -> float:
    """Processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(name: str) -> NotebookNode:
    """A notebook as cells."""
    return jupytext.read(FOLDER / f"{name}.py")


def outputs(notebook: NotebookNode, kind: str) -> list[Any]:
    """Outputs of one kind, of all cells."""
    return [out for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == kind]


def test_there_are_twelve() -> None:
    """Every notebook is in the list that is executed."""
    assert [path.stem for path in sorted(FOLDER.glob("[0-9]*.py"))] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_reads_as_a_notebook(name: str) -> None:
    """It begins with a title, ends with something to try, names its kernel, and is short enough for one sitting."""
    notebook, text = read(name), (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    assert notebook.cells[0].cell_type == notebook.cells[-1].cell_type == "markdown"
    assert re.match(r"# \w", notebook.cells[0].source)
    assert re.search(r"^## Something to try\n\n\w", notebook.cells[-1].source, re.M)
    assert 40 <= len(text.splitlines()) <= 160
    assert "import pymc" not in text  # notebooks call the library; models are built there and in my_variants.py


@pytest.mark.parametrize("name", NAMES)
def test_jupyter_saves_what_it_opened(name: str) -> None:
    """A notebook run and saved in Jupyter, with what the kernel and the cells add, is the same file to the byte."""
    notebook, path = read(name), FOLDER / f"{name}.py"
    notebook.metadata["language_info"] = {"name": "python", "version": "3.13.0"}
    for cell in notebook.cells:
        cell.metadata["execution"] = {"iopub.status.idle": "2026-11-30T12:00:00Z"}
    saved = jupytext.writes(notebook, fmt="py:percent", config=load_jupytext_config(str(path)))
    assert saved == path.read_text(encoding="utf-8")


def test_lab_opens_them_as_notebooks() -> None:
    """A double click in the JupyterLab of `make notebooks` opens a notebook, by a setting that lies beside them."""
    settings = json.loads((FOLDER / ".jupyter/labconfig/default_setting_overrides.json").read_text(encoding="utf-8"))
    viewers = settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
    assert viewers == {"python": "Jupytext Notebook"}
    assert 'JUPYTER_CONFIG_PATH="$(CURDIR)/notebooks/.jupyter"' in (FOLDER.parent / "Makefile").read_text("utf-8")


def test_no_output_is_kept(root: Path) -> None:
    """Outputs are made by running: no notebook with outputs is tracked, and one that Jupyter writes is ignored."""
    assert "*.ipynb" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    if not (root / ".git").exists():
        pytest.skip("not a checkout")
    done = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)
    assert [line for line in done.stdout.splitlines() if line.endswith(".ipynb")] == []


@pytest.mark.timeout(LONGEST)
@pytest.mark.parametrize("name", QUICK)
def test_quick_ones_run(name: str, home: Path) -> None:
    """Those that sample nothing run from top to bottom without a word on stderr, and show something."""
    notebook = executed(name, home)
    assert [out.text for out in outputs(notebook, "stream") if out.name == "stderr"] == []
    assert len(outputs(notebook, "execute_result")) >= 1


@pytest.mark.slow
@pytest.mark.timeout(LONGEST)
@pytest.mark.parametrize("name", NAMES)
def test_all_run(name: str, home: Path) -> None:
    """Every notebook runs from top to bottom and shows something; that of 2016 the price of a rule."""
    notebook = executed(name, home)
    assert outputs(notebook, "execute_result")
    assert name != "10_contest_2016" or any("price" in out.text for out in outputs(notebook, "stream"))


@pytest.mark.slow
def test_all_are_done_in_ten_minutes() -> None:
    """All notebooks together take less processor time than ten minutes."""
    assert set(SPENT) >= set(NAMES), "run with the tests before"
    print({name: round(seconds) for name, seconds in SPENT.items()})
    assert sum(SPENT[name] for name in NAMES) < SECONDS, SPENT
