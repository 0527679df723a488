import ast
import re
import subprocess
import sys
from datetime import date
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import numpy as np
import polars as pl
import pytest
import typer

from data.own.adding import add
from models.cli import app
from models.rules import read_rule
from models.store import forecast_path, save_forecast
from tests.views.synthetic import synthetic_forecast

MODELS = ("chain", "polls", "leaders", "mps", "response", "votes", "nations", "seats", "contest", "survival")
PARTS = ("The model", "Assumptions", "Limits", "What it scored")
NEEDED = ("sphinx", "myst_nb", "pydata_sphinx_theme", "numpydoc", "math_core")
ELSEWHERE = r"(?:https?:)?//"
FETCHED = (
    rf'<(?:script|img|iframe|source)[^>]*\ssrc="{ELSEWHERE}',
    rf'<link[^>]*\shref="{ELSEWHERE}',
    rf"""url\(["']?{ELSEWHERE}""",
    rf"""@import\s*["']{ELSEWHERE}""",
)
"""How a page or a style sheet has a browser load something of another host."""
# Sphinx as `make docs` starts it, in a process that cannot open a connection.
OFFLINE = """
import socket, sys
def refuse(*_, **__):
    raise OSError("no network here")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def sources(root: Path) -> list[Path]:
    """Pages as they are written."""
    return sorted(path for path in (root / "docs").rglob("*.md") if "_build" not in path.parts)


def blocks(page: Path, language: str) -> list[str]:
    """Fenced blocks of one language on a page; those marked ``no-run`` are left out."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages; the build had no network, and no warning."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (pip install 'selectorate[docs]')")
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-c", OFFLINE, "-W", "--keep-going", "-q", "-b", "html"]
    command += ["-d", str(folder / "trees"), str(root / "docs"), str(folder / "html")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def text_of(page: Path) -> str:
    """Words of a built page, without markup."""
    inside = re.sub(r"<(script|style).*?</\1>", " ", page.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


@pytest.mark.browser
def test_pages_stand_alone_in_a_browser(built: Path, chromium: str) -> None:
    """On a phone pages load nothing but their own files, draw their formulas, and never scroll sideways."""
    from playwright.sync_api import sync_playwright

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built)))
    Thread(target=server.serve_forever, daemon=True).start()
    own, asked = f"http://127.0.0.1:{server.server_address[1]}/", list[str]()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.on("request", lambda request: asked.append(request.url))
            for name in ("index", "explanation/votes", "explanation/seats", "reference/scenario", "reference/tables"):
                page.goto(f"{own}{name}.html", wait_until="networkidle")
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            page.goto(f"{own}explanation/votes.html")
            sizes = page.evaluate("[...document.querySelectorAll('math')].map(m => m.getBoundingClientRect().height)")
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
    assert [url for url in asked if not url.startswith((own, "data:"))] == []
    assert len(sizes) > 10
    assert min(sizes) > 5


def test_every_model_has_a_page(built: Path) -> None:
    """Each model's page has the model, what it assumes, its limits and its scores, with formulas that browsers draw."""
    for name in MODELS:
        page = built / "explanation" / f"{name}.html"
        told, html = text_of(page), page.read_text(encoding="utf-8")
        assert [part for part in PARTS if part not in told] == [], name
        assert "<math" in html or name == "chain", name
        assert "@{" not in told, name


def test_nothing_is_fetched_from_elsewhere(built: Path) -> None:
    """No built page loads a script, style, font or picture from another host, and none names a folder of a machine."""
    pages = [*built.rglob("*.html"), *built.rglob("*.css")]
    loaded = re.compile("|".join(FETCHED))
    assert len(pages) > 40
    assert [page.name for page in pages if loaded.search(page.read_text(encoding="utf-8"))] == []
    named = [page.name for page in built.rglob("*.html") if str(Path.home()) + "/" in page.read_text(encoding="utf-8")]
    assert named == []


def test_glossary_is_used(root: Path, built: Path) -> None:
    """Every word of the glossary has an entry in the built page, and a dozen of them are linked from other pages."""
    entries = set(re.findall(r'<dt id="(term-[^"]+)"', (built / "glossary.html").read_text(encoding="utf-8")))
    linked = {
        anchor
        for page in built.rglob("*.html")
        if page.name != "glossary.html"
        for anchor in re.findall(r'glossary\.html#(term-[^"]+)"', page.read_text(encoding="utf-8"))
    }
    written = re.findall(r"^(\S.*)\n   \S", (root / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)
    assert len(entries) == len(written) >= 25
    assert linked <= entries
    assert len(linked) >= 12


def test_figures_are_those_of_the_reports(root: Path, built: Path) -> None:
    """Scores on the pages are what the reports say: contests, survival, the seats of 2024 and the eve of 2024."""
    reports = root / "reports"
    held = pl.read_csv(reports / "contests.csv", infer_schema_length=None)
    contest = f"all ({held.height}) {-np.log(held['p_winner'].to_numpy()).mean():.2f}"
    assert contest in text_of(built / "explanation" / "contest.html")
    months = pl.read_csv(reports / "survival.csv").row(by_predicate=pl.col("name") == "months, all: log", named=True)
    survival = f"{months['n']:,} {months['model']:.3f} {months['baseline']:.3f}"
    assert survival in text_of(built / "explanation" / "survival.html")
    seats = pl.read_csv(reports / "seats_true_votes.csv").filter(
        pl.col("pair") == "2019-2024", pl.col("model") == "selectorate"
    )
    assert f"seat model {seats['abs_error_seats'].item():.0f}" in text_of(built / "explanation" / "seats.html")
    eve = pl.read_csv(reports / "score_2024-07-03.csv").row(by_predicate=pl.col("party") == "con", named=True)
    assert f"{eve['seats']:.0f} ({eve['seats_lo90']:.0f} to {eve['seats_hi90']:.0f})" in text_of(
        built / "explanation" / "model_card.html"
    )


def test_errors_of_votes_are_those_of_the_record(root: Path, built: Path) -> None:
    """The error of the eve on the page of the votes model is the mean of the record's over the elections all have."""
    record = pl.read_csv(root / "reports" / "track_record.csv", infer_schema_length=None)
    whole = record.filter(pl.col("metric") == "vote_mae", pl.col("party").is_null() | (pl.col("party") == ""))
    eve = whole.filter(pl.col("lead_days") == 1, pl.col("variant").is_in(["full", "poll_mean_normal"]))
    both = eve.pivot("variant", index="election_date", values="value").drop_nulls()
    ours = f"1 {both.height} {both['full'].mean() * 100:.2f}"  # type: ignore[operator]
    assert ours in text_of(built / "explanation" / "votes.html")


def test_every_command_is_described(built: Path) -> None:
    """The page of the command line has a section on each command there is, and names each of its options."""
    told, root_command = text_of(built / "reference" / "command_line.html"), typer.main.get_command(app)
    context = typer.Context(root_command)
    commands = {name: root_command.get_command(context, name) for name in root_command.list_commands(context)}
    tables = commands.pop("data")
    commands |= {f"data {name}": tables.get_command(context, name) for name in tables.list_commands(context)}
    assert len(commands) > 12
    for name, command in commands.items():
        assert f"selectorate {name} [OPTIONS]" in told, name
        assert [
            option
            for parameter in command.params
            for option in parameter.opts
            if option.startswith("--") and option not in told
        ] == []


def test_priors_are_those_of_the_code(built: Path) -> None:
    """The page of priors names each model's with the value they have."""
    from models.priors import PollPriors

    told = text_of(built / "reference" / "priors.html")
    assert f"middle {float(PollPriors().drift.ppf(0.5)):.3g}" in told
    for name in PollPriors.__dataclass_fields__:
        assert name in told


def test_public_names_are_documented(built: Path) -> None:
    """Every public name of the models has an entry in the reference."""
    import models

    entries = {
        anchor
        for page in (built / "reference").glob("*.html")
        for anchor in re.findall(r'<dt class="[^"]*" id="([\w.]+)"', page.read_text(encoding="utf-8"))
    }
    wanted = {f"{getattr(models, name).__module__}.{name}" for name in models.__all__}
    assert wanted - entries == set()


def test_python_on_pages_runs(root: Path, own_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines of Python on a page run one after the other as they stand, on a stored forecast."""
    forecast = synthetic_forecast(draws=600)
    save_forecast(forecast, forecast_path(forecast.manifest.as_of, forecast.manifest.election_date))
    ran = 0
    for page in sources(root):
        names: dict[str, object] = {}
        for block in blocks(page, "python"):
            exec(compile(block, page.name, "exec"), names)
            ran += 1
    assert ran >= 8
    assert "seats_change" in capsys.readouterr().out


def test_python_that_pages_do_not_run_could_be(root: Path) -> None:
    """Lines that would take minutes are Python all the same, and what they import is there."""
    shown = [(page.name, block) for page in sources(root) for block in blocks(page, "python no-run")]
    assert shown
    for name, block in shown:
        tree = ast.parse(block, name)
        tree.body = [line for line in tree.body if isinstance(line, ast.Import | ast.ImportFrom)]
        assert tree.body, name
        exec(compile(tree, name, "exec"), {})


def test_files_on_pages_can_be_used(root: Path, own_store: Path, tmp_path: Path) -> None:
    """The file of polls and the rule that guides show are taken as they stand."""
    (polls,) = blocks(root / "docs" / "howto" / "own_polls.md", "text")
    file = tmp_path / "my-polls.csv"
    file.write_text(polls, encoding="utf-8")
    assert add("polls", file, date(2026, 9, 30)).rows == 1
    (rule,) = blocks(root / "docs" / "howto" / "contest.md", "json")
    assert [stage.advance for stage in read_rule(rule).stages] == [3, None]


def test_commands_on_pages_exist(root: Path) -> None:
    """Every command and option that a page shows is one that the command line has."""
    root_command = typer.main.get_command(app)
    shown = [
        found
        for page in sources(root)
        for block in blocks(page, "sh")
        for found in re.findall(r"^(?:echo .*\| )?selectorate ([^#\n]+)", block, re.M)
    ]
    assert len(shown) >= 10
    for words in shown:
        command, context = root_command, typer.Context(root_command)
        for word in words.split():
            if word.startswith("--"):
                assert word in {name for option in command.params for name in option.opts + option.secondary_opts}, (
                    words
                )
            elif hasattr(command, "get_command"):
                command = command.get_command(context, word)
                assert command is not None, words
