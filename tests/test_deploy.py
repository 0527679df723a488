import fnmatch
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.served import LONG, browsing, free_port, rest, serving, store_forecast

NAME = "forecast.example.org"
HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
SECRET = re.compile(r"password|secret|token|api_?key|credential", re.IGNORECASE)


def steps(root: Path) -> list[tuple[str, str]]:
    """Instructions of the container file, in order."""
    text = (root / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1].strip()) for line in text.splitlines() if line.strip()]


def last(root: Path, wanted: str) -> str:
    """What the last instruction of a kind says."""
    return [said for kind, said in steps(root) if kind == wanted][-1]


def copied(root: Path) -> list[str]:
    """What is copied from the repository."""
    lines = [said.split() for kind, said in steps(root) if kind == "COPY" and not said.startswith("--from")]
    return [source for words in lines for source in words[:-1]]


def test_container_runs_without_rights_or_secrets(root: Path) -> None:
    """The container's user is not root, nothing in the file looks like a secret, and a health check is declared."""
    kinds = [kind for kind, _ in steps(root)]
    assert re.fullmatch(r"[1-9]\d{3,}", last(root, "USER"))
    assert kinds.index("USER") < kinds.index("CMD")
    assert not any(SECRET.search(said) for _, said in steps(root))
    assert "/_stcore/health" in last(root, "HEALTHCHECK")
    assert not any(kind == "ADD" for kind in kinds)
    assert set(kinds) <= {
        *("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"),
    }


def test_container_gets_what_it_copies(root: Path) -> None:
    """All that the container file copies is there, and the list of what is sent to the builder lets it through."""
    ignored = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    for source in copied(root):
        path = source.removeprefix("./")
        assert (root / path).exists(), path
        assert any(fnmatch.fnmatch(path, pattern) for pattern in sent), path


@pytest.fixture
def image(root: Path, tmp_path: Path) -> Path:
    """Folder with what the container holds of the repository."""
    folder = tmp_path / "image"
    folder.mkdir()
    for source in copied(root):
        path = root / source.removeprefix("./")
        if path.is_dir():
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, folder / path.name)
    return folder


def test_container_can_install_the_project(image: Path, tmp_path: Path) -> None:
    """What is copied suffices to build and install the project itself, as set-up does."""
    uv = Path(sys.executable).parent / "uv"
    command = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation", "--python"]
    target = tmp_path / "installed"
    subprocess.run([*command, sys.executable, "--target", target, image], check=True, cwd=image)
    assert (target / "app.py").is_file()
    assert (target / ".streamlit" / "config.toml").is_file()


def test_container_starts_and_is_healthy(root: Path, image: Path, tmp_path: Path) -> None:
    """The container's command serves from its own files, and its health check ends well, and badly once it is gone."""
    command = json.loads(last(root, "CMD"))
    assert command[:5] == ["python", "-m", "streamlit", "run", "app.py"]
    check = json.loads(last(root, "HEALTHCHECK").partition("CMD")[2])
    with serving(image / "app.py", tmp_path, *command[5:]) as port:
        asked = [sys.executable, "-c", check[2].replace("8501", str(port))]
        assert subprocess.run(asked, check=False).returncode == 0
    assert subprocess.run(asked, check=False, stderr=subprocess.DEVNULL).returncode != 0


@pytest.fixture(scope="module")
def nginx() -> str:
    """Path of nginx; the test skips where there is none."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None or shutil.which("openssl") is None:
        pytest.skip("no nginx here, or no openssl for its certificate (apt-get install nginx openssl)")
    return found


def placed(root: Path, folder: Path, ports: dict[str, int]) -> Path:
    """The shipped file with its ports and paths put elsewhere, and nothing else."""
    text = (root / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    for old, new in {
        "pid /run/nginx.pid": f"daemon off; pid {folder}/pid",
        "/var/log/nginx": str(folder),
        "/etc/ssl": str(folder),
        "listen 443": f"listen 127.0.0.1:{ports['https']}",
        "listen 80": f"listen 127.0.0.1:{ports['http']}",
        "127.0.0.1:8501": f"127.0.0.1:{ports['app']}",
        "127.0.0.1:8502": f"127.0.0.1:{ports['app']}",
        "http {": "http {\n" + own,
    }.items():
        assert old in text
        text = text.replace(old, new)
    if os.geteuid() == 0:  # workers of another user could not write to pytest's folders
        text = "user root;\n" + text
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def proxied(root: Path, nginx: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Ports of the shipped nginx in front of a dashboard started as deploy/README.md says."""
    folder = tmp_path_factory.mktemp("proxied")
    store_forecast(folder)
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    files = ["-keyout", folder / f"{NAME}.key", "-out", folder / f"{NAME}.pem"]
    subprocess.run([*made, "-subj", f"/CN={NAME}", *files], check=True, capture_output=True)
    settings = {"STREAMLIT_SERVER_ALLOWED_HOSTS": NAME, "STREAMLIT_BROWSER_SERVER_ADDRESS": NAME}
    with serving(root / "app.py", folder, env=settings) as app:
        ports = {"app": app, "https": free_port(), "http": free_port()}
        command = [nginx, "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(placed(root, folder, ports))]
        proxy = subprocess.Popen(command)
        try:
            for _ in range(100):
                assert proxy.poll() is None, (folder / "start.log").read_text(encoding="utf-8")
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", ports["https"])) == 0:
                        break
                time.sleep(0.1)
            yield ports
        finally:
            proxy.terminate()
            proxy.wait(20)


def connect(ports: dict[str, int], source: str = "127.0.0.1") -> http.client.HTTPConnection:
    """A connection to the proxy under TLS for its own name."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    raw = socket.create_connection(("127.0.0.1", ports["https"]), timeout=20, source_address=(source, 0))
    connection = http.client.HTTPConnection(NAME)
    connection.sock = context.wrap_socket(raw, server_hostname=NAME)
    return connection


def asked(
    ports: dict[str, int], path: str, *, host: str = NAME, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str]]:
    """Status and headers that the proxy answers with."""
    connection = connect(ports)
    try:
        whole = {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET" if body is None else "PUT", path, body, whole)
        got = connection.getresponse()
        return got.status, {name.lower(): value for name, value in got.getheaders()}
    finally:
        connection.close()


def session(ports: dict[str, int], **changed: str) -> int:
    """Status of the request that opens a session through the proxy."""
    headers = {
        "Origin": f"https://{NAME}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    return asked(ports, "/_stcore/stream", **{**headers, **changed})[0]


def test_proxy_lets_its_own_page_through(proxied: dict[str, int]) -> None:
    """The start page, its health and a session of its own page pass, with every security header."""
    status, headers = asked(proxied, "/")
    assert status == 200
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert not re.search(r"\d", headers.get("server", ""))
    assert asked(proxied, "/_stcore/health")[0] == 200
    assert session(proxied) == 101


def test_proxy_refuses_strangers(proxied: dict[str, int]) -> None:
    """A foreign Host, a foreign Origin, the metrics, the agent's door and a large body are refused by the proxy."""
    assert asked(proxied, "/", host="evil.example")[0] == 421
    assert session(proxied, host="evil.example") == 421
    assert session(proxied, Origin="https://evil.example") == 403
    for path in ("/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/script-health-check"):
        assert asked(proxied, path)[0] == 404
    assert asked(proxied, "/_stcore/upload_file/x/y", body=b" " * 1_100_000)[0] == 413


def test_proxy_knows_no_other_name(proxied: dict[str, int]) -> None:
    """Under TLS for another name no certificate is shown, and without TLS one is sent to the encrypted page."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", proxied["https"]), timeout=20) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname="evil.example")
    connection = http.client.HTTPConnection("127.0.0.1", proxied["http"], timeout=20)
    connection.request("GET", "/map?s=1", headers={"Host": NAME})
    got = connection.getresponse()
    connection.close()
    assert (got.status, got.getheader("location")) == (308, f"https://{NAME}/map?s=1")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is no address of this machine")
def test_proxy_limits_a_flood(proxied: dict[str, int]) -> None:
    """Somebody who asks hundreds of times at once is told to wait, and others are served meanwhile."""
    connection = connect(proxied, "127.0.0.2")
    found = set()
    for _ in range(900):
        connection.request("GET", "/_stcore/health", headers={"Host": NAME})
        answer = connection.getresponse()
        answer.read()
        found.add(answer.status)
        if answer.status == 429:
            break
    connection.close()
    assert found == {200, 429}
    assert asked(proxied, "/_stcore/health")[0] == 200


@pytest.mark.browser
def test_page_works_behind_the_proxy(proxied: dict[str, int], chromium: str) -> None:
    """Under the strict policy a browser draws the charts of a page, moves to another, and reports nothing refused."""
    rules = f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{proxied['https']}"
    faults: list[str] = []
    with browsing(chromium, rules) as browser:
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.set_default_timeout(LONG)
        requests: list[str] = []
        page.on("request", lambda sent: requests.append(sent.url))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(f"https://{NAME}/")
        for heading in ("Forecast", "Map"):
            if heading != "Forecast":
                page.get_by_role("link", name=heading, exact=True).click()
            expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible(timeout=LONG)
            rest(page)
            page.locator("[data-testid=stVegaLiteChart] :is(svg, canvas).marks").first.wait_for()
    assert faults == []
    assert len(requests) < 200  # the burst that the proxy allows
