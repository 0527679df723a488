import ast
import functools
import hashlib
import importlib.util
import os
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

WHEEL = "uv-9.9.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"


@pytest.fixture
def bootstrap(root: Path, tmp_path: Path) -> ModuleType:
    """A copy of bootstrap.py whose repository is an empty folder."""
    clone = tmp_path / "clone"
    clone.mkdir()
    for name, text in {".python-version": "3.13\n", "pyproject.toml": "", "requirements.lock": ""}.items():
        (clone / name).write_text(text, encoding="utf-8")
    (clone / "bootstrap.py").write_bytes((root / "bootstrap.py").read_bytes())
    spec = importlib.util.spec_from_file_location("bootstrap_copy", clone / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Path]:
    """Folder of a package index on this machine that serves one wheel of uv."""
    folder = tmp_path / "index"
    (folder / "uv").mkdir(parents=True)
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        archive.writestr("uv-9.9.9.data/scripts/uv", "#!/bin/sh\necho uv 9.9.9\n")
    (folder / "uv" / "index.html").write_text(f'<a href="../{WHEEL}#sha256=0">{WHEEL}</a>', encoding="utf-8")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (folder / "address").write_text(f"http://127.0.0.1:{server.server_port}", encoding="utf-8")
    yield folder
    server.shutdown()
    server.server_close()


def pin(bootstrap: ModuleType, digest: str) -> None:
    """Lock uv at the served version with a hash."""
    bootstrap.LOCK.write_text(
        f"typer==1\n    --hash=sha256:0\nuv==9.9.9 \\\n    --hash=sha256:{digest}\n", encoding="utf-8"
    )


def test_source_is_old_python(root: Path) -> None:
    """The script parses as Python 3.6, so that any Python 3 can at least say what is missing."""
    ast.parse((root / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_this_python_is_usable_and_a_wrong_one_is_not(bootstrap: ModuleType, tmp_path: Path) -> None:
    """The running interpreter is accepted under its own path; one too old, broken or absent is passed over."""
    assert bootstrap.usable(Path(sys.executable)) == sys.executable
    for name, script in {
        "old": "echo 3 11 1 /usr/bin/python3",
        "threads": "echo 3 13 0 /x",
        "broken": "exit 3",
    }.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        assert bootstrap.usable(program) is None
    assert bootstrap.usable(tmp_path / "absent") is None


def test_wanted_release_comes_first(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release of .python-version is tried before others, pyenv's own folder is looked into, .venv is not."""
    bin_, pyenv = tmp_path / "bin", tmp_path / "pyenv"
    places = [bin_ / "python3.14", bin_ / "python3", pyenv / "versions" / "3.13.2" / "bin" / "python"]
    places.append(bootstrap.VENV / "bin" / "python3.13")
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("", encoding="utf-8")
    monkeypatch.setenv("PATH", os.pathsep.join([str(bin_), str(bootstrap.VENV / "bin")]))
    monkeypatch.setenv("PYENV_ROOT", str(pyenv))
    monkeypatch.delenv("UV_PYTHON", raising=False)
    monkeypatch.setattr(sys, "executable", str(bin_ / "python3"))
    monkeypatch.setattr(sys, "version_info", (3, 11, 7))
    assert list(bootstrap.candidates()) == [places[2], places[0], places[1]]


def test_uv_comes_without_pip(
    bootstrap: ModuleType, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no pip, uv is downloaded from the index that pip would use, and runs."""
    pin(bootstrap, hashlib.sha256((index / WHEEL).read_bytes()).hexdigest())
    monkeypatch.setenv("PIP_INDEX_URL", (index / "address").read_text(encoding="utf-8"))
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setattr(bootstrap, "wheel_tag", lambda: ".*manylinux.*")
    program = bootstrap.uv_by_hand(tmp_path)
    assert bootstrap.succeeds([str(program)])


def test_foreign_uv_is_refused(
    bootstrap: ModuleType, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel whose hash is not in the lock is neither unpacked nor run."""
    pin(bootstrap, "0" * 64)
    monkeypatch.setenv("UV_DEFAULT_INDEX", (index / "address").read_text(encoding="utf-8"))
    monkeypatch.setattr(bootstrap, "wheel_tag", lambda: ".*manylinux.*")
    with pytest.raises(bootstrap.CannotSetUp, match=r"not the one in requirements\.lock"):
        bootstrap.uv_by_hand(tmp_path)
    assert not (tmp_path / "uv-program").exists()


def test_done_work_is_not_done_again(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a current stamp nothing is installed; a changed lock or a moved clone installs again."""
    installed = []
    monkeypatch.setattr(bootstrap, "install", lambda: installed.append(1))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    bootstrap.VENV.mkdir()
    bootstrap.STAMP.write_text(bootstrap.state(), encoding="utf-8")
    assert bootstrap.main() == 0
    assert installed == []
    bootstrap.LOCK.write_text("typer==1\n", encoding="utf-8")
    assert bootstrap.main() == 0
    assert installed == [1]


def test_failure_is_one_sentence(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """A lock without uv ends the set-up with one sentence and exit code 1, and leaves no stamp."""
    bootstrap.VENV.mkdir()
    bootstrap.STAMP.write_text("old", encoding="utf-8")
    assert bootstrap.main() == 1
    assert "requirements.lock does not pin uv" in capsys.readouterr().err.splitlines()[-1]
    assert not bootstrap.STAMP.exists()


def test_link_to_nowhere_is_told(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Where .venv is a link to no environment, the sentence says so, and not that there was no Python."""
    bootstrap.VENV.symlink_to(tmp_path / "gone")
    with pytest.raises(bootstrap.CannotSetUp, match=r"\.venv is a link .*\(rm \.venv\)"):
        bootstrap.make_venv("uv", sys.executable)


def test_browser_is_sought_once(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without any Chromium, and without leave to install one, the set-up says so once and goes on."""
    bootstrap.VENV.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bootstrap.seek_browser()
    bootstrap.seek_browser()
    assert capsys.readouterr().err.count("browser tests will be skipped") == 1


def test_present_browser_is_enough(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Chromium of Playwright's own is found, and nothing is installed or said."""
    bootstrap.VENV.mkdir()
    (tmp_path / "browsers" / "chromium-1").mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setattr(bootstrap, "succeeds", pytest.fail)
    bootstrap.seek_browser()
    assert capsys.readouterr().err == ""
