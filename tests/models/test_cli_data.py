"""The commands for rows of one's own, and what the doctor says of them."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.catalogue import package
from data.errors import BadInput
from data.load import load_evidence, tables_dir
from data.own.overlay import CARD, batches
from data.own.place import folder
from data.schemas import TABLES
from models import doctor
from models.cli_data import tables
from models.doctor import examine

POLL = "pollster,end_date,con,lab,lib,ref,grn\nYouGov,2026-10-14,19,24,11,25,13\n"


@pytest.fixture
def added(tmp_path: Path) -> str:
    """A batch of one poll, added by the command; its name."""
    file = tmp_path / "october.csv"
    file.write_text(POLL, encoding="utf-8")
    assert CliRunner().invoke(tables, ["add", "polls", str(file)]).exit_code == 0
    return batches()[0].name


def test_one_row_is_one_row(added: str) -> None:
    """A batch of one row is told as 1 row, when it is listed and when it is removed."""
    assert "  1 row, added" in CliRunner().invoke(tables, ["own"]).output
    assert CliRunner().invoke(tables, ["remove", added]).output == f"Removed {added} (1 row).\n"


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("polls", POLL),
        ("events", "leader,date,kind,mps,event\nKeir Starmer,2026-06-01,letters,90,letters\n"),
    ],
)
def test_own_rows_count_for_the_next_forecast(kind: str, rows: str, tmp_path: Path) -> None:
    """Polls and events of MPs alike are promised to the next forecast, and counted among the rows it rests on."""
    file = tmp_path / "mine.csv"
    file.write_text(rows, encoding="utf-8")
    said = CliRunner().invoke(tables, ["add", kind, str(file)]).output
    assert "The next forecast uses them" in said
    assert load_evidence().n_own() == 1


def test_every_kind_is_in_the_help() -> None:
    """The help of the command names all kinds of files."""
    said = CliRunner().invoke(tables, ["add", "--help"], env={"COLUMNS": "200"}).output
    assert all(kind in said for kind in ("polls", "ratings", "mps", "events"))


def test_two_forms_at_once_are_refused() -> None:
    """The whole table as CSV and its description as JSON cannot both be asked for."""
    result = CliRunner().invoke(tables, ["show", "elections", "--csv", "--json"])
    assert isinstance(result.exception, BadInput)
    assert "Give one of them" in str(result.exception)


def test_the_list_of_tables_is_no_csv() -> None:
    """Without the name of a table there is nothing to print as CSV."""
    result = CliRunner().invoke(tables, ["show", "--csv"])
    assert isinstance(result.exception, BadInput)
    assert "Name it" in str(result.exception)


def test_a_report_is_written_to_a_folder_that_is_there(tmp_path: Path) -> None:
    """A misspelt folder is refused, not made; a folder that is there gets the report."""
    result = CliRunner().invoke(tables, ["check", "--out", str(tmp_path / "nowhere" / "report.txt")])
    assert isinstance(result.exception, BadInput)
    assert "Make it first" in str(result.exception)
    assert list(tmp_path.iterdir()) == []
    assert CliRunner().invoke(tables, ["check", "--out", str(tmp_path / "report.txt")]).exit_code == 0
    assert (tmp_path / "report.txt").read_text(encoding="utf-8").endswith("All checks pass.\n")


def test_the_help_of_check_promises_what_it_prints() -> None:
    """The report has no sources, so the help names none."""
    said = CliRunner().invoke(tables, ["check", "--help"], env={"COLUMNS": "200"}).output
    assert "sources" not in said
    assert "rows and span" in said


def test_the_doctor_compares_tables_with_their_description(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor names a table that is not the one described, and a description that is damaged."""
    assert f"description of {len(TABLES)} tables" in "\n".join(finding.what for finding in examine() if finding.ok)
    folder = shutil.copytree(tables_dir(), tmp_path / "tables")
    with (folder / "mp_events.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    monkeypatch.setattr(doctor, "tables_dir", lambda: folder)
    assert ["tables as they are: mp_events." in finding.what for finding in examine() if not finding.ok] == [True]
    monkeypatch.setattr(doctor, "read_package", package.read_package.__wrapped__)
    monkeypatch.setattr(package, "package_path", lambda: tmp_path / "datapackage.json")
    whole = json.loads((tables_dir().parent / "datapackage.json").read_text(encoding="utf-8"))
    del whole["poll_counts"][0]["kept"]
    for damaged in (None, "[]", "{}", "nonsense", json.dumps(whole)):
        if damaged is not None:
            (tmp_path / "datapackage.json").write_text(damaged, encoding="utf-8")
        bad = [finding.what for finding in examine() if not finding.ok]
        assert len(bad) == 1
        assert "data/datapackage.json is missing or damaged" in bad[0]


def test_the_doctor_counts_own_rows_and_names_damaged_batches(added: str) -> None:
    """The doctor says how many own rows there are, and goes on past a damaged batch, which it names."""
    assert "rows of your own: 1 in 1 sound batches" in [finding.what for finding in examine()]
    (folder() / added / CARD).write_text("{", encoding="utf-8")
    bad = [finding.what for finding in examine() if not finding.ok]
    assert len(bad) == 1
    assert f"your batch {added} is damaged" in bad[0]
