import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from data import schemas


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """The [project] table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was installed, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    install = [
        find_uv_bin(),
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        sys.executable,
        "--target",
        str(folder),
    ]
    done = subprocess.run([*install, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def run_installed(installed: Path, cwd: Path, *command: str) -> str:
    """Run a command that finds the installed package before the checkout."""
    env = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_holds_the_package_and_nothing_else(root: Path, wheel: Path) -> None:
    """The wheel holds every module, table and posterior, app.py and the server's settings, and no test or raw file."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {p.relative_to(root).as_posix() for f in ("data", "models", "views") for p in (root / f).rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules | {"app.py"}
    assert {f"data/tables/{table}.csv" for table in schemas.TABLES} <= names
    learned = (path for folder in ("posteriors", "contests") for path in (root / "data" / folder).iterdir())
    assert {path.relative_to(root).as_posix() for path in learned} <= names
    assert ".streamlit/config.toml" in names
    assert {name.split("/")[0] for name in names} == {"data", "models", "views", "app.py", ".streamlit"}


def test_wheel_says_that_it_is_typed(wheel: Path) -> None:
    """Both packages that programs import carry the marker without which a type checker takes all of it for Any."""
    assert {"data/py.typed", "models/py.typed"} <= set(zipfile.ZipFile(wheel).namelist())


def test_wheel_carries_licence_and_command(wheel: Path) -> None:
    """Licence and console script go with the wheel."""
    archive = zipfile.ZipFile(wheel)
    inside = {name.split(".dist-info/")[1]: name for name in archive.namelist() if ".dist-info/" in name}
    assert "licenses/LICENSE" in inside
    assert "selectorate = models.cli:main" in archive.read(inside["entry_points.txt"]).decode()


def test_installed_package_runs(installed: Path, tmp_path: Path) -> None:
    """An ordinary install reads its tables, finds app.py and answers on the command line, away from the checkout."""
    code = (
        "import importlib.util, data, models, views; from pathlib import Path\n"
        "print(Path(models.__file__).parents[1], Path(importlib.util.find_spec('app').origin).parent)\n"
        "print(data.read_table('parties').height)"
    )
    home, beside, parties = run_installed(installed, tmp_path, sys.executable, "-c", code).split()
    assert home == beside == str(installed)
    assert int(parties) > 10
    shown = run_installed(installed, tmp_path, str(installed / "bin" / "selectorate"), "data", "show", "parties")
    assert shown.startswith("parties: Party codes")


def test_versions_agree(root: Path, project: dict[str, Any], wheel: Path) -> None:
    """One version: in the project file, the installed metadata, the wheel, the citation and the changelog."""
    version = project["version"]
    assert importlib.metadata.version("selectorate") == version
    assert wheel.name.startswith(f"selectorate-{version}-")
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^## \[?{re.escape(version)}", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_lock_satisfies_the_project(root: Path, project: dict[str, Any]) -> None:
    """Every dependency is locked, at a version that the project file allows."""
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    locked = {canonicalize_name(n): v for n, v in re.findall(r"^([\w.-]+)(?:\[.*?\])?==([\w.]+)", text, re.MULTILINE)}
    wanted = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    requirements = [Requirement(r) for r in wanted]
    wrong = [str(r) for r in requirements if locked.get(canonicalize_name(r.name), "none") not in r.specifier]
    assert wrong == []


def test_python_range_is_one(root: Path, project: dict[str, Any]) -> None:
    """The set-up accepts the Pythons that the project file allows, and .python-version is one of them."""
    allowed = SpecifierSet(project["requires-python"])
    source = (root / "bootstrap.py").read_text(encoding="utf-8")
    oldest, too_new = re.findall(r"^(?:OLDEST|TOO_NEW) = \(3, (\d+)\)", source, re.MULTILINE)
    assert [f"3.{n}" in allowed for n in range(int(oldest) - 1, int(too_new) + 1)] == [
        int(oldest) <= n < int(too_new) for n in range(int(oldest) - 1, int(too_new) + 1)
    ]
    assert (root / ".python-version").read_text(encoding="utf-8").strip() in allowed


def test_makefile_prints_itself(root: Path, tmp_path: Path) -> None:
    """Plain `make` lists every goal with its line of help."""
    shutil.copy(root / "Makefile", tmp_path)
    shown = subprocess.run(["make"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    goals = re.search(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert goals is not None
    assert re.findall(r"^  make (\S+) +\S", shown, re.MULTILINE) == goals.group(1).split()
