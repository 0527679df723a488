import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("data", "models", "views")
UNSAFE_MODULES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
UNSAFE_CALLS = {
    "eval",
    "exec",
    "yaml.load",
    "yaml.unsafe_load",
    "os.system",
    "os.popen",
    "pd.read_pickle",
    "pickle.load",
}
UNSAFE_FLAGS = {"shell", "allow_pickle", "unsafe_allow_html"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_BUILDER = 80
TEXT = {".py", ".md", ".toml", ".cff", ".lock", ".yml", ".json", ".csv", ".cfg", ""}


def sources(root: Path, *folders: str) -> list[Path]:
    """Python files of some folders, and the two at the top."""
    return [p for folder in folders for p in sorted((root / folder).rglob("*.py"))] + [
        root / "app.py",
        root / "bootstrap.py",
    ]


def unsafe(source: str) -> list[str]:
    """What in a source could run code that came as data, or markup that came from outside."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.partition(".")[0] in UNSAFE_MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in UNSAFE_MODULES:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            found += [ast.unparse(node.func)] if ast.unparse(node.func) in UNSAFE_CALLS else []
            found += [
                f"{k.arg}={ast.unparse(k.value)}"
                for k in node.keywords
                if k.arg in UNSAFE_FLAGS and ast.unparse(k.value) != "False"
            ]
    return found


def code_lines(function: ast.FunctionDef, text: list[str]) -> int:
    """Lines of a function's body with code on them: no docstring, no blank line, no line of comment alone."""
    body = function.body
    if (
        isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    ):
        body = body[1:]
    lines = text[body[0].lineno - 1 : function.end_lineno] if body else []
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function of a file, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def tracked(root: Path) -> list[Path]:
    """Text files that belong to the project, by folder."""
    tops = [p for p in root.iterdir() if p.is_file() and p.suffix in TEXT]
    folders = (*PACKAGES, "tests", "benchmarks", "notebooks", "reports", "docs", ".ci", ".streamlit")
    inside = [p for f in folders for p in (root / f).rglob("*") if p.is_file() and p.suffix in TEXT]
    return [p for p in tops + inside if not {"__pycache__", "_build"} & {*p.parts}]


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "eval(text)",
        "exec('x = 1')",
        "yaml.load(stream)",
        "numpy.load(path, allow_pickle=True)",
        "subprocess.run(command, shell=True)",
        "streamlit.markdown(name, unsafe_allow_html=True)",
    ],
)
def test_unsafe_code_is_recognised(source: str) -> None:
    """Each way of running data as code, or markup from outside, is recognised."""
    assert unsafe(source)


def test_nothing_runs_data_as_code(root: Path) -> None:
    """No pickle, eval, shell or raw HTML in the packages."""
    found = {str(p.relative_to(root)): unsafe(p.read_text(encoding="utf-8")) for p in sources(root, *PACKAGES)}
    assert {name: what for name, what in found.items() if what} == {}


def test_files_are_short(root: Path) -> None:
    """No file of Python is longer than a reader can hold."""
    paths = sources(root, *PACKAGES, "benchmarks", "tests")
    lengths = {str(p.relative_to(root)): len(p.read_text(encoding="utf-8").splitlines()) for p in paths}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_functions_are_short(root: Path) -> None:
    """No function has more than 40 lines of code; one that returns a PyMC model may have 80."""
    long = {}
    for path in sources(root, *PACKAGES, "benchmarks"):
        text = path.read_text(encoding="utf-8").splitlines()
        for function in functions(path):
            builder = function.returns is not None and ast.unparse(function.returns) == "pm.Model"
            count = code_lines(function, text)
            if count > (LONGEST_BUILDER if builder else LONGEST_FUNCTION):
                long[f"{path.relative_to(root)}:{function.lineno} {function.name}"] = count
    assert long == {}


def test_tests_say_what_they_hold(root: Path) -> None:
    """Every test has a docstring of one sentence."""
    tests = [(p, f) for p in (root / "tests").rglob("test_*.py") for f in functions(p) if f.name.startswith("test_")]
    silent = [f"{p.name}:{f.lineno} {f.name}" for p, f in tests if not (ast.get_docstring(f) or "").endswith(".")]
    assert len(tests) > 0
    assert silent == []


def test_no_path_of_a_machine(root: Path) -> None:
    """No file names a folder that only one machine has."""
    private = re.compile(r"(?<![\w.])/(?:root|work|Users|home/\w+|tmp/\w+)/")
    found = [
        f"{path.relative_to(root)}: {match.group()}"
        for path in tracked(root)
        for match in private.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_lock_names_no_address(root: Path) -> None:
    """The lock holds packages and hashes only, every package hashed, so that it serves from any index."""
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, flags=re.MULTILINE)
    pins = re.findall(
        r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==\S+(?: ; [^\\\n]+)? *\\\n +--hash=sha256:[0-9a-f]{64}",
        text,
        flags=re.MULTILINE,
    )
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, flags=re.MULTILINE)) > 50
    assert not (root / "uv.lock").exists()
