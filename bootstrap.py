"""Make ``.venv`` ready: the locked packages, this project, everything compiled. ``make`` runs it.

Works from any Python 3.6 or newer with nothing installed. It looks for a Python this project can run on, fetches uv
(by pip, or without pip from the package index), checks every file against the hashes in ``requirements.lock``, and
notes what it installed, so that the next run returns at once. ``--browser`` also looks for a Chromium for the tests.
"""

import fcntl
import hashlib
import html
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path
from typing import Dict, Iterator, List, Optional

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-from"
BROWSER_SOUGHT = VENV / "browser-sought"
OLDEST = (3, 12)
TOO_NEW = (3, 15)
SOURCES = ("data", "models", "views", "app.py")
TOOLS = (
    "tests babel bs4 debugpy docutils ipykernel jedi jupyter_cache jupyter_client jupyter_lsp jupyter_server "
    "jupyterlab jupyterlab_server jupytext mypy mypyc myst_nb myst_parser nbclient nbconvert nbformat parso playwright "
    "prompt_toolkit pydata_sphinx_theme setuptools sphinx sqlalchemy zmq"
)
NEVER_LOADED = "/({})/".format(TOOLS.replace(" ", "|"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PUBLIC_INDEX = "https://pypi.org/simple"
# Told of itself: release, whether wheels are to be had for it (CPython with its lock), and its path behind any shim.
ASK = """
import sys, sysconfig
fit = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
print(sys.version_info[0], sys.version_info[1], int(fit), sys.executable)
"""


class CannotSetUp(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(text: str) -> None:
    """Print one line of progress."""
    print("set-up: " + text, file=sys.stderr, flush=True)


def environment() -> Dict[str, str]:
    """Environment for pip and uv: the user's, less what redirects an install, pip's settings told to uv as well."""
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    redirecting = "VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV"
    for name in redirecting.split():
        env.pop(name, None)
    told = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_EXTRA_INDEX_URL": "UV_INDEX", "PIP_CERT": "SSL_CERT_FILE"}
    for pip_name, uv_name in told.items():
        if env.get(pip_name):
            env.setdefault(uv_name, env[pip_name])
    return env


def succeeds(command: List[str], *, silent: bool = True) -> bool:
    """Run a command without a shell or questions, and say whether it ended well."""
    sink = subprocess.DEVNULL if silent else None
    try:
        done = subprocess.run(
            command, check=False, cwd=str(ROOT), env=environment(), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
        )
    except OSError:
        return False
    return done.returncode == 0


def run(command: List[str], failure: str) -> None:
    """Run a command, showing what it prints; end the set-up with ``failure`` if it fails."""
    if not succeeds(command, silent=False):
        raise CannotSetUp(failure)


def usable(python: Path) -> Optional[str]:
    """Real path of an interpreter; None if it does not run, is too old or new, or packages have no wheels for it."""
    try:
        answer = subprocess.check_output(
            [str(python), "-c", ASK], cwd=str(ROOT), env=environment(), stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor, fit, path = answer.decode().strip().split(" ", 3)
    return path if int(fit) and OLDEST <= (int(major), int(minor)) < TOO_NEW else None


def wanted_release() -> str:
    """Release that ``.python-version`` names, for example 3.13."""
    return (ROOT / ".python-version").read_text().strip()


def candidates() -> Iterator[Path]:
    """Programs outside ``.venv`` that may be a usable Python: UV_PYTHON, then the wanted release, then the others.

    pyenv's versions are looked for in its own folder, since its shims serve only the versions chosen in it.
    """
    folders = [Path(p) for p in os.environ.get("PATH", "").split(os.pathsep) if p]
    pyenv = [Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv")))]
    pyenv += [folder.parent for folder in folders if folder.name == "shims"]
    wanted = wanted_release()
    others = ["3.{}".format(minor) for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1)]
    chosen = shutil.which(os.environ.get("UV_PYTHON", ""))
    paths = [Path(chosen)] if chosen else []
    paths += [Path(sys.executable)] if "{}.{}".format(*sys.version_info[:2]) == wanted else []
    for release in dict.fromkeys([wanted, *others]):
        paths += [folder / ("python" + release) for folder in folders]
        for home in pyenv:
            paths += sorted((home / "versions").glob(release + "*/bin/python"), reverse=True)
    paths += [Path(sys.executable)] + [folder / name for folder in folders for name in ("python3", "python")]
    for path in dict.fromkeys(paths):
        if path.is_file() and VENV not in path.parents:
            yield path


def find_python() -> Optional[str]:
    """Path of the best installed Python, or None."""
    return next(filter(None, map(usable, candidates())), None)


def pinned_uv() -> str:
    """Requirement on uv, hashes included, as it stands in the lock."""
    found = re.search(r"^uv==(?:.*\\\n)*.*$", LOCK.read_text(), flags=re.MULTILINE)
    if not found:
        raise CannotSetUp("requirements.lock does not pin uv. Restore it: git checkout requirements.lock")
    return found.group()


def uv_by_pip(python: str, folder: Path) -> Optional[Path]:
    """Fetch uv with an interpreter's pip; None if it has none, or one that cannot."""
    wish, target = folder / "uv.txt", folder / "uv"
    wish.write_text(pinned_uv() + "\n")
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    if succeeds([*pip, "--target", str(target), "--requirement", str(wish)]):
        return next(target.glob("**/bin/uv"), None)
    return None


def wheel_tag() -> str:
    """Pattern of the part of a wheel's file name that tells this kind of machine."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "macosx_[0-9_]+_" + re.escape(machine)
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return r"[a-z0-9_.]*{}_[0-9_]+_{}[a-z0-9_.]*".format(libc, re.escape(machine))


def download(address: str) -> bytes:
    """Bytes at an address of the package index; proxies and certificates are those of the environment."""
    request = urllib.request.Request(address, headers={"Accept": "text/html"})  # noqa: S310 (the user's own index)
    context = ssl.create_default_context(cafile=environment().get("SSL_CERT_FILE"))
    with urllib.request.urlopen(request, timeout=120, context=context) as answer:  # noqa: S310 (as above)
        return bytes(answer.read())


def uv_by_hand(folder: Path) -> Path:
    """Fetch uv without pip: read the index's page, download the wheel, check its hash, unpack the program."""
    pin = pinned_uv()
    version = pin.split()[0].split("==")[1]
    index = environment().get("UV_DEFAULT_INDEX", PUBLIC_INDEX).rstrip("/") + "/uv/"
    name = r'href="([^"]*/uv-{}-py3-none-{}\.whl)[#"]'.format(re.escape(version), wheel_tag())
    try:
        links = re.findall(name, download(index).decode())
        if not links:
            raise CannotSetUp("uv {} has no wheel for this machine. Install pip, then run again.".format(version))
        wheel = download(urllib.parse.urljoin(index, html.unescape(links[0])))
    except OSError as error:
        raise CannotSetUp("Cannot fetch uv from the package index ({}). Is the network up?".format(error)) from error
    if "sha256:" + hashlib.sha256(wheel).hexdigest() not in pin:
        raise CannotSetUp("The uv that was downloaded is not the one in requirements.lock; nothing of it was run.")
    packed, program = folder / "uv.whl", folder / "uv-program"
    packed.write_bytes(wheel)
    with zipfile.ZipFile(str(packed)) as archive:
        program.write_bytes(archive.read("uv-{}.data/scripts/uv".format(version)))
    program.chmod(0o755)
    return program


def obtain_uv(python: Optional[str], folder: Path) -> str:
    """Path of uv: the one in ``.venv`` if it runs, else fetched into ``folder``."""
    installed = VENV / "bin" / "uv"
    if succeeds([str(installed), "--version"]):
        return str(installed)
    say("fetching uv")
    for interpreter in dict.fromkeys([sys.executable, python or sys.executable]):
        program = uv_by_pip(interpreter, folder)
        if program:
            return str(program)
    return str(uv_by_hand(folder))


def state() -> str:
    """What an environment depends on, as a hash: the lock, the project file, this script and where the clone lies."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (LOCK, ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make_venv(uv: str, python: Optional[str]) -> None:
    """Make an empty ``.venv``; without an installed Python, uv downloads one."""
    if VENV.is_symlink():
        raise CannotSetUp(".venv is a link to where no environment is. Remove it (rm .venv), then run again.")
    say("Python: " + (python or wanted_release() + ", to be downloaded by uv"))
    command = [uv, "venv", "--quiet", "--clear", "--python", python or wanted_release(), str(VENV)]
    run(command, "No Python 3.12 to 3.14 was found or could be downloaded. Install Python 3.13, then run again.")


def compile_all() -> None:
    """Byte-compile what the program may load, whatever PYTHONDONTWRITEBYTECODE says: imports are four times faster.

    A third of the time of uv's --compile-bytecode, which compiles tests and tools too, and not the editable sources.
    """
    packages = (VENV / "lib").glob("python3.*/site-packages")
    own = (ROOT / name for name in SOURCES)
    everything = [str(path) for path in (*packages, *own) if path.exists()]
    succeeds([str(PYTHON), "-m", "compileall", "-q", "-j", "0", "-x", NEVER_LOADED, *everything])


def install() -> None:
    """Bring ``.venv`` to the state of the lock, and note it only once all went well."""
    if STAMP.exists():
        STAMP.unlink()
    with tempfile.TemporaryDirectory(prefix="selectorate-") as name:
        present = usable(PYTHON)
        python = present or find_python()
        uv = obtain_uv(python, Path(name))
        if not present:
            make_venv(uv, python)
        say("installing the packages of requirements.lock")
        pip = [uv, "pip", "--quiet"] if not sys.stderr.isatty() else [uv, "pip"]
        into = ["--python", str(PYTHON)]
        sync = [*pip, "sync", *into, "--require-hashes", str(LOCK)]
        run(sync, "The packages could not be installed: see above. Run again to go on from here.")
        own = [*pip, "install", *into, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
        run(own, "selectorate itself could not be installed: see above.")
    say("compiling them")
    compile_all()
    partial = STAMP.with_name(STAMP.name + ".part")
    partial.write_text(state())
    os.replace(str(partial), str(STAMP))
    say("ready")


def seek_browser() -> None:
    """Look for a Chromium; on Debian as root, try once to install one. Without one, browser tests skip and say so."""
    caches = "Library/Caches" if sys.platform == "darwin" else ".cache"
    playwright = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", str(Path.home() / caches / "ms-playwright")))
    if any(map(shutil.which, BROWSERS)) or any(playwright.glob("chromium*")) or BROWSER_SOUGHT.exists():
        return
    BROWSER_SOUGHT.write_text("")
    release = Path("/etc/os-release")
    debian = release.is_file() and "ID=debian" in release.read_text().split()
    if debian and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing Debian's Chromium for the browser tests")
        get = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Acquire::Retries=1"]
        if succeeds([*get, "update"]) and succeeds([*get, "install", "--yes", "--no-install-recommends", "chromium"]):
            return
    say("no Chromium here: browser tests will be skipped")


def main() -> int:
    """Set up unless it is done already; only one process at a time.

    Returns
    -------
    int
        0, or 1 after one sentence on stderr.
    """
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache" / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if not (STAMP.is_file() and STAMP.read_text() == state()):
                install()
            if "--browser" in sys.argv[1:]:
                seek_browser()
        except CannotSetUp as error:
            say(str(error))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
