import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import load_evidence
from data.schemas import TABLES
from models import cli, obtain
from models.forecast import Forecast
from models.store import MANIFEST, forecast_path, save_forecast
from tests.views.synthetic import synthetic_forecast

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Call the command line in an empty home; gives the exit code, stdout and stderr."""
    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path))

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["selectorate", *words])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("forecast", "--as-of", "yesterday"), "is not a date"),
        (("forecast", "--as-of", "2024-13-01"), "is not a date"),
        (("forecast", "--as-of", "1950-01-01"), "outside the data a forecast needs"),
        (("forecast", "--as-of", "2100-01-01"), "outside the data a forecast needs"),
        (("forecast", "--election", "2029-08-16"), "due by 2029-08-15"),
        (("forecast", "--as-of", "2016-08-22", "--election", "2024-07-04"), "lies the election of 2017-06-08"),
        (("forecast", "--as-of", "2016-08-22", "--election", "2016-01-01"), "lies before"),
        (("scenario", "nowhere.json"), "Cannot read nowhere.json"),
        (("data", "show", "pols"), 'No table "pols"'),
        (("data", "build", "--raw", "nowhere"), "nowhere"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_two(run: Run, words: tuple[str, ...], sentence: str) -> None:
    """Bad input ends with exit code 2, one line on stderr, nothing on stdout and nothing written."""
    code, out, err = run(*words)
    assert code == 2
    assert sentence in err
    assert err.count("\n") == 1
    assert out == ""
    assert "Traceback" not in err


def test_a_scenario_that_is_not_utf8_is_refused(run: Run, tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are named by their place."""
    (tmp_path / "s.json").write_bytes(b'{"name": "\xff"}')
    code, _, err = run("scenario", str(tmp_path / "s.json"))
    assert (code, "byte 10" in err) == (2, True)


def test_a_missing_table_is_exit_three(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where a shipped table is gone, the command says which and how to get it back."""
    monkeypatch.setattr("data.load.tables_dir", lambda: tmp_path)
    code, _, err = run("data", "show", "polls")
    assert code == 3
    assert "polls.csv is missing" in err


def test_doctor_finds_a_damaged_forecast(run: Run, forecast: Forecast, tmp_path: Path) -> None:
    """The doctor passes a sound forecast and reports a damaged one with exit code 3."""
    folder = save_forecast(forecast, tmp_path / "forecasts" / "a")
    code, out, _ = run("doctor")
    assert (code, "ok  forecast a" in out) == (0, True)
    (folder / MANIFEST).write_text("{")
    code, out, _ = run("doctor")
    assert code == 3
    assert "BAD The forecast stored in a/ is damaged" in out


def test_forecast_prints_json_with_the_promised_keys(
    run: Run, forecast: Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The JSON holds every promised key, and its figures are those of the forecast."""
    monkeypatch.setattr(obtain, "obtain_forecast", lambda *_, **__: forecast)
    code, out, _ = run("forecast", "--json")
    told = json.loads(out)
    assert code == 0
    promised = {
        "as_of",
        "election_date",
        "draws",
        "votes",
        "seats",
        "p_majority",
        "p_hung",
        "diagnostics",
        "provenance",
    }
    assert promised <= set(told)
    assert set(told["seats"]["lab"]) == {"mean", "median", "lo90", "hi90"}
    assert sum(line["mean"] for line in told["seats"].values()) == pytest.approx(forecast.n_seats, abs=0.3)


def test_explain_prints_text_or_json_and_refuses_a_bad_party(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What made a forecast comes as text or JSON, of one party if asked, and an unknown party is one sentence."""
    made = synthetic_forecast(draws=60)
    monkeypatch.setattr(obtain, "obtain_forecast", lambda *_, **__: made)
    code, out, _ = run("explain", "--party", "lab")
    assert (code, "the last result alone" in out, "associations" in out) == (0, True, True)
    code, out, _ = run("explain", "--json")
    assert code == 0
    assert set(json.loads(out)["contributions"]) == set(made.parties)
    code, out, err = run("explain", "--party", "labour")
    assert (code, out) == (2, "")
    assert err == f'No party "labour" in this forecast. Allowed: {", ".join(made.parties)}.\n'


def test_seats_come_as_csv_or_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every seat is printed as CSV or JSON; other tables of seats on demand; without an earlier forecast no change."""
    made = synthetic_forecast(draws=60)
    monkeypatch.setattr(obtain, "obtain_forecast", lambda *_, **__: made)
    code, out, _ = run("seats")
    assert code == 0
    assert pl.read_csv(out.encode())["constituency"].to_list() == made.constituencies()["constituency"].to_list()
    code, out, _ = run("seats", "--table", "tipping", "--json")
    assert code == 0
    assert sum(row["p_tip"] for row in json.loads(out)) == pytest.approx(1.0, abs=0.02)
    assert run("seats", "--table", "swing")[1].startswith("constituency,name,ahead,challenger,swing\n")
    code, out, err = run("seats", "--table", "changed")
    assert (code, out) == (2, "")
    assert err.startswith("No earlier forecast of 2029-05-03 by the same code is stored.")
    save_forecast(made, forecast_path(date(2026, 8, 1), made.manifest.election_date))
    assert run("seats", "--table", "changed")[1].count("\n") == 1


def test_tables_can_be_shown(run: Run) -> None:
    """A table is described with as many rows as asked for, printed whole as CSV, or described as JSON."""
    code, out, _ = run("data", "show", "elections", "--rows", "3")
    assert code == 0
    described, rows = out.split("\n\n")
    assert "Terms: Open Parliament Licence" in described
    assert rows.splitlines()[0].startswith("election_date,name,seats")
    assert len(rows.splitlines()) == 4
    assert len(run("data", "show", "elections", "--csv")[1].splitlines()) == 20
    assert json.loads(run("data", "show", "elections", "--json")[1])["rows"] == 19
    assert all(name in run("data", "show")[1] for name in TABLES)


def test_own_rows_are_added_listed_and_removed(run: Run, tmp_path: Path) -> None:
    """A file of polls is taken, listed by name, enters the evidence, and is gone when it is removed."""
    file = tmp_path / "october.csv"
    file.write_text("pollster,end_date,con,lab,lib,ref,grn\nYouGov,2026-10-14,19,24,11,25,13\n", encoding="utf-8")
    before = load_evidence()
    assert run("data", "own")[1].startswith("No rows of your own")
    code, out, _ = run("data", "add", "polls", str(file))
    assert code == 0
    name = next(word for word in out.split() if word.startswith("october-")).rstrip(".")
    assert name in run("data", "own")[1]
    assert load_evidence().polls.height == before.polls.height + 1
    assert load_evidence().n_own() == 1
    assert load_evidence().cut == date(2026, 10, 15)
    assert load_evidence().fingerprint() != before.fingerprint()
    assert run("data", "remove", name)[0] == 0
    assert load_evidence().fingerprint() == before.fingerprint()


def test_own_rows_that_cannot_be_are_refused(run: Run, tmp_path: Path) -> None:
    """A file with a fault is refused row by row with exit code 2, and nothing of it is kept."""
    file = tmp_path / "october.csv"
    file.write_text("pollster,end_date,con,lab\nYouGov,2026-10-14,3O,24\nYouGov,14/10/2026,19,24\n", encoding="utf-8")
    code, _, err = run("data", "add", "polls", str(file))
    assert code == 2
    assert "row 2" in err
    assert "row 3" in err
    assert "Traceback" not in err
    assert run("data", "own")[1].startswith("No rows of your own")


def test_the_check_is_written_where_asked(run: Run, tmp_path: Path) -> None:
    """The report of the checks is printed and written to a file."""
    code, out, _ = run("data", "check", "--out", str(tmp_path / "check.txt"))
    assert code == 0
    assert out == (tmp_path / "check.txt").read_text(encoding="utf-8")
    assert out.splitlines()[-1] == "All checks pass."
