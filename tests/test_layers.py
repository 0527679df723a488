import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ("data", "models", "views")
SAMPLERS = ("pymc", "pytensor", "arviz", "nutpie", "preliz")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of pyproject.toml on the packages under a folder."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def modules_imported(source: Path) -> set[str]:
    """First names of all modules a file imports, at any depth of nesting."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_contracts_hold(root: Path) -> None:
    """Imports run from views to models to data, and no page leads to a sampler."""
    done = lint(root)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("data/errors.py", "import models.count"),
        ("models/count.py", "import views.palette"),
        ("models/count.py", "def later():\n    import streamlit"),
        ("models/kalman.py", "import pymc"),
        ("views/palette.py", "import models.chain"),
    ],
)
def test_broken_arrow_is_found(root: Path, tmp_path: Path, module: str, line: str) -> None:
    """One import against the arrows, at the top or inside a function, breaks a contract."""
    for package in PACKAGES:
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("tables", "__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert " BROKEN" in done.stdout


def test_app_is_navigation_only(root: Path) -> None:
    """app.py imports Streamlit and views, and nothing imports app.py."""
    assert modules_imported(root / "app.py") <= {"streamlit", "views"}
    importers = [p for package in PACKAGES for p in (root / package).rglob("*.py") if "app" in modules_imported(p)]
    assert importers == []


def test_pages_load_without_a_sampler(root: Path) -> None:
    """All pages and the reading of forecasts load in one process without PyMC, ArviZ or nutpie being imported."""
    pages = sorted(f"views.{p.stem}" for p in (root / "views").glob("*.py") if p.stem != "__init__")
    code = (
        "import sys, importlib\n"
        f"for name in {[*pages, 'models.store', 'models.scenario']!r}: importlib.import_module(name)\n"
        f"print(*[name for name in {SAMPLERS!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert pages
    assert done.stdout.strip() == ""


def test_map_of_modules_is_true(root: Path) -> None:
    """ARCHITECTURE.md names every module there is, and none that is not."""
    text = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = {
        p.relative_to(root).as_posix()
        for package in PACKAGES
        for p in (root / package).rglob("*.py")
        if p.stem != "__init__"
    }
    words = {word.strip("`.,;:()|") for word in text.split()}
    mapped = {
        w for w in words if re.fullmatch(rf"({'|'.join(PACKAGES)})/[\w/]+\.py", w) and not w.endswith("__init__.py")
    }
    assert {"missing": modules - mapped, "gone": mapped - modules} == {"missing": set(), "gone": set()}
