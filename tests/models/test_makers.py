"""Forecasts by import path, and made again from a manifest: real tables, draws from priors in place of fits."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.errors import BadInput, DamagedArtefact
from models import Scenario, backtest, cli, compare, run_scenario, serve, stages
from models.config import ChainConfig, LinkConfig
from models.fit import SamplerConfig
from models.forecast import Forecast
from models.makers import forecast_by, maker
from models.remake import Recipe, remake
from models.store import load_forecast, save_forecast
from tests.models.every_model import from_prior
from tests.views.pages import start, texts

FEW = SamplerConfig(draws=60, tune=10)
LINKS = LinkConfig(leader_sampler=FEW, mp_sampler=FEW, response_sampler=FEW)
CONFIG = ChainConfig(draws=50, links=LINKS, poll_sampler=FEW, vote_sampler=FEW, seat_sampler=FEW)
DATES = (date(1966, 3, 30), date(1966, 3, 31))
"""An election early enough for the past to be prepared in seconds."""
SEED = 20160712  # that of the command and of the backtest, so that they share draws
MINE = '''
from dataclasses import replace

import preliz as pz
import pymc as pm

from models import PollPriors
from models.chain import make_forecast
from models.own_builders import forecast_with
from models.polls import build_poll_model
from tests.models.test_makers import CONFIG


def steady():
    """One prior replaced."""
    return replace(CONFIG, poll_priors=replace(PollPriors(), drift=pz.LogNormal(-5.5, 0.1)))


def few():
    """The usual priors with few draws."""
    return CONFIG


def build(panel, *, priors):
    """Our model with one more variable."""
    model = build_poll_model(panel, priors=priors)
    with model:
        pm.Normal("mine")
    return model


def own(as_of, election_date, *, seed, tables, progress):
    """Our chain with another builder; what was not known yet is not there."""
    assert tables.cut == as_of
    return forecast_with(
        {"polls": build}, as_of, election_date, seed=seed, config=CONFIG, tables=tables, progress=progress
    )


def nothing(as_of, election_date, *, seed, tables, progress):
    """Not a forecast."""


def odd(one, two, three):
    """What nobody can call."""


def misspelt():
    """A prior that there is not."""
    return replace(CONFIG, poll_priors=replace(PollPriors(), drfit=pz.LogNormal(-5.5, 0.1)))


def unlucky():
    """A fault of any kind, told over two lines."""
    raise RuntimeError("no luck\\ntoday")
'''


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of all tests here, so that none draws a stage that another has drawn."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def mine(tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module of the user's in the folder she works in; stages take draws from their priors."""
    monkeypatch.setattr(stages, "sample", from_prior)
    monkeypatch.setenv("SELECTORATE_HOME", str(shared))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path not in ("", str(tmp_path))])
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    yield tmp_path / "mine.py"
    sys.modules.pop("mine", None)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run ``selectorate`` and give its exit code and what it wrote to stderr."""

    def call(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["selectorate", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, capsys.readouterr().err

    return call


def same(one: Forecast, two: Forecast) -> bool:
    """Whether two forecasts have the same draws to the byte."""
    return one.votes.tobytes() == two.votes.tobytes() and one.winner.tobytes() == two.winner.tobytes()


def test_settings_and_makers_go_everywhere(
    command: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One prior or one builder replaced by import path: fitted, stored, asked, shown and scored by the usual doors."""
    shown: list[Path] = []
    monkeypatch.setattr(serve, "serve_dashboard", lambda port, folder: shown.append(folder) or 0)
    made = {}
    for name in ("few", "steady", "own"):
        folder = tmp_path / name
        words = ("--variant", f"mine:{name}", "--as-of", DATES[0], "--election", DATES[1], "--out", folder)
        code, err = command("fit", *words)
        assert (code, "Look at it with: selectorate app --forecast" in err) == (0, True), err
        made[name] = load_forecast(folder)
        answer = run_scenario(made[name], Scenario(tactical=0.5))
        assert compare(made[name], answer).height == len(made[name].lines)
        assert command("app", "--forecast", folder)[0] == 0
    assert shown == [tmp_path / name for name in made]
    monkeypatch.setenv("SELECTORATE_FORECAST", str(shown[-1]))
    page = start("forecast")
    assert not page.exception
    assert "31 March 1966" in texts(page)
    assert not same(made["few"], made["steady"])
    assert "LogNormal(mu=-5.5" in made["steady"].manifest.priors["polls"]["drift"]
    assert made["own"].manifest.priors["polls"]["builder"] == "mine:build"
    table = backtest([DATES[1]], lead_days=1, variants=["mine:steady", "mine:own"], progress=False)
    scored = table.filter(pl.col("metric") == "vote_mae").group_by("variant").agg(pl.col("value").first())
    assert dict(scored.iter_rows()).keys() == {"mine:steady", "mine:own"}
    assert (scored["value"] > 0.0).all()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("mine:absent", 'No variant "mine:absent"'),
        ("absent:few", 'No variant "absent:few"'),
        ("best", 'No variant "best"'),
        ("", 'No variant ""'),
        ("mine:odd", "can be called neither without arguments nor as odd"),
        (
            "mine:misspelt",
            r'"mine:misspelt" gives no settings: TypeError: .*argument .drfit.*\(line 50 of mine\.py\)\. Mend',
        ),
        (
            "mine:unlucky",
            r'"mine:unlucky" gives no settings: RuntimeError: no luck today \(line 55 of mine\.py\)\. Mend',
        ),
        ("mine:CONFIG", r'"mine:CONFIG" gives no settings: TypeError: .ChainConfig. object is not callable\. Mend'),
        ("faulty:few", "faulty cannot be imported: SyntaxError"),
        ("lacking:few", "lacking cannot be imported: ModuleNotFoundError: No module named 'absent'"),
    ],
)
def test_what_cannot_make_a_forecast_is_refused(name: str, sentence: str, mine: Path) -> None:
    """Names that lead nowhere and functions that cannot be called are refused before a fit, and faults are named."""
    mine.with_name("faulty.py").write_text("def few(:\n", encoding="utf-8")
    mine.with_name("lacking.py").write_text("import absent\n", encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        maker(name)


def test_a_maker_must_give_the_forecast_asked_for() -> None:
    """Something else than a forecast is refused in a sentence."""
    with pytest.raises(BadInput, match="gives a NoneType; called with two dates it must give a Forecast"):
        forecast_by("mine:nothing", *DATES, seed=1, progress=False)


@pytest.fixture
def stored(mine: Path) -> Callable[..., Path]:
    """Store a forecast made by hand in the folder of its name, with some entries of its manifest changed."""

    def store(name: str, **changes: object) -> Path:
        made = forecast_by(name, *DATES, seed=SEED, progress=False)
        made.tree.attrs.clear()
        folder = save_forecast(made, mine.parent / name.partition(":")[2])
        kept = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        kept["manifest"] |= changes
        (folder / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")
        return folder

    return store


def test_a_forecast_is_remade_from_its_manifest_alone(
    command: Callable[..., tuple[int, str]],
    stored: Callable[..., Path],
    tmp_path: Path,
    own_store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The manifest without arrays, and without any stage that was kept, gives the same file to the byte."""
    folder = stored("mine:few")
    (tmp_path / "alone.json").write_bytes((folder / "manifest.json").read_bytes())
    monkeypatch.setenv("SELECTORATE_HOME", str(own_store))
    code, err = command("fit", "--from", tmp_path / "alone.json", "--out", tmp_path / "again")
    assert code == 0, err
    assert "Every draw is that of the manifest, to the byte." in err
    assert (tmp_path / "again" / "forecast.nc").read_bytes() == (folder / "forecast.nc").read_bytes()


def test_what_differs_is_named_and_may_be_waved_through(
    command: Callable[..., tuple[int, str]], stored: Callable[..., Path], tmp_path: Path
) -> None:
    """Other tables and other code end in one sentence and exit code 2, unless --anyway is given."""
    folder = stored("mine:few", code_version="0.0+cafe", data_fingerprint="00", n_own=3)
    code, err = command("fit", "--from", folder, "--out", tmp_path / "again")
    assert code == 2
    assert "as of 1966-03-30 are not those it was made from (3 rows of your own then, 0 now) and the code is" in err
    assert "made by 0.0+cafe. Give --anyway" in err
    assert not (tmp_path / "again").exists()
    assert same(load_forecast(stored("mine:few")), remake(Recipe.read(folder), anyway=True, progress=False))


def test_other_priors_come_back_from_the_manifest(
    stored: Callable[..., Path], mine: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forecast under priors of the user's is remade without her file and any stage that was kept."""
    mine.write_text(MINE.replace("-5.5,", "-5.50012,"), encoding="utf-8")
    folder = stored("mine:steady")
    mine.unlink()
    sys.modules.pop("mine")
    monkeypatch.setenv("SELECTORATE_HOME", str(own_store))
    assert same(load_forecast(folder), remake(Recipe.read(folder), progress=False))
    with pytest.raises(BadInput, match=r"holds all settings of this forecast\. Leave --variant out"):
        remake(Recipe.read(folder), name="mine:steady", progress=False)


def test_a_manifest_runs_no_code_that_the_user_does_not_name(stored: Callable[..., Path], mine: Path) -> None:
    """The import path in a manifest is shown, not followed; a number of draws that nobody has is refused."""
    folder = stored("mine:own")
    assert same(load_forecast(folder), remake(Recipe.read(folder), name="mine:own", progress=False))
    file = folder / "manifest.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    mine.write_text("raise SystemExit('ran')\n", encoding="utf-8")
    sys.modules.pop("mine")
    file.write_text(json.dumps(kept | {"variant": "mine:own"}), encoding="utf-8")
    with pytest.raises(BadInput, match="run only if you say so: --variant mine:own"):
        remake(Recipe.read(folder), progress=False)
    with pytest.raises(BadInput, match='"no_mps" is no function that makes a forecast'):
        remake(Recipe.read(folder), name="no_mps", progress=False)
    file.write_text(json.dumps(kept | {"draws": 10**9}), encoding="utf-8")
    with pytest.raises(DamagedArtefact, match="cannot be read"):
        Recipe.read(folder)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--from", "none.json"), "No manifest at none.json"),
        (("--from", "mine.py"), "cannot be read"),
        (("--from", "mine.py", "--as-of", "2019-01-01"), "--from brings its own dates and seed. Leave --as-of out"),
        (("--variant", "mine:unlucky"), '"mine:unlucky" gives no settings: RuntimeError: no luck today'),
        (("--anyway",), "--anyway goes with --from"),
        (("--out", "here"), "--out goes with --from or --variant"),
    ],
)
def test_options_that_cannot_be_are_refused(
    command: Callable[..., tuple[int, str]], words: tuple[str, ...], sentence: str
) -> None:
    """What is no manifest, a variant that fails, and options that would be passed over, end in one sentence."""
    code, err = command("fit", *words)
    assert code in {BadInput.exit_code, DamagedArtefact.exit_code}
    assert sentence in err
    assert err.count("\n") == 1
