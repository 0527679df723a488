"""The page of the track record, on a made-up report."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from models.reports import SCHEMA, SUMMARY, TABLE
from models.track_record import summary
from views.metrics_track import EVIDENCE, METHODS, METRICS
from views.track import FOLDER
from views.track_figures import write

ELECTIONS = {
    date(2005, 5, 5): 0.9,
    date(2010, 5, 6): 1.1,
    date(2015, 5, 7): 0.8,
    date(2017, 6, 8): 1.3,
    date(2019, 12, 12): 1.0,
}
"""Each with the size of its errors."""
LEADS = (365, 30, 1)
SEATS = {"con": (330, 365), "lab": (240, 202), "lib": (20, 11), "snp": (40, 48), "sf": (7, 7)}
"""Expected seats and those that came; votes are a thousandth."""
Row = tuple[date, int, str, str, str, float]


def scores(day: date, lead: int) -> Iterator[Row]:
    """Scores of all forecasts of one election at one lead time."""
    for i, variant in enumerate([*METHODS, *(code for code in EVIDENCE if code not in METHODS)]):
        error = ELECTIONS[day] * (1 + 0.1 * i) * (1 + lead / 365)
        for metric, size in (("vote_mae", 0.02), ("seat_mae", 15.0), ("seat_mae_no_snp", 16.0), ("seat_brier", 0.1)):
            yield day, lead, variant, metric, "", size * error
        for metric, size in (("vote_crps", 0.015), ("seat_crps", 10.0)):
            yield day, lead, variant, metric, "", size * error
        yield day, lead, variant, "called", "", 0.9 - 0.01 * i
    yield day, lead, "full", "majority_chance", "con", 0.7
    yield day, lead, "full", "hung_chance", "", 0.3


def ranges(day: date, lead: int) -> Iterator[Row]:
    """What the full model said of one election at one lead time, and how often its ranges held."""
    for what in ("votes", "seats", "constituency"):
        for level in (50, 80, 90, 95):
            yield day, lead, "full", f"{what}_cover{level}", "", min(level / 100 * ELECTIONS[day], 1.0)
    for number in range(10):
        for name, value in (("n", 40.0), ("chance", number / 10 + 0.05), ("won", number / 10)):
            yield day, lead, "full", f"reliability_{name}_{number}", "", value
    for party, (said, came) in SEATS.items():
        for what, scale in (("seat", 1.0), ("vote", 0.001)):
            ends = (("mean", said), ("lo90", said - 30), ("hi90", said + 30), ("result", came))
            for name, seats in ends:
                yield day, lead, "full", f"{what}_{name}", party, scale * max(seats, 0)
            yield day, lead, "full", f"{what}_pit", party, 0.3


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a report made today of made-up scores."""
    rows = [row for day in ELECTIONS for lead in LEADS for row in (*scores(day, lead), *ranges(day, lead))]
    for name, error in (("exit_poll", 4.0), ("published: Some <b>Firm</b>", 25.0)):
        rows.append((date(2019, 12, 12), 0, name, "seat_mae_no_snp", "", error))
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    folder: Path = tmp_path_factory.mktemp("reports")
    table.write_csv(folder / TABLE)
    (folder / SUMMARY).write_text(json.dumps(summary(table, [])), encoding="utf-8")
    return folder


@pytest.fixture
def shown(report: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page finds the made-up report."""
    monkeypatch.setenv(FOLDER, str(report))
    return report


@pytest.fixture
def spoilt(report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the report for a test to spoil."""
    for name in (TABLE, SUMMARY):
        (tmp_path / name).write_bytes((report / name).read_bytes())
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("shown")
def test_page_opens(pages: ModuleType) -> None:
    """The page needs no stored forecast, says what it rests on, and shows its six parts in order."""
    app = pages.start("track")
    assert not app.exception
    assert not app.warning
    text = pages.texts(app)
    assert "5 general elections, 5 May 2005 to 12 December 2019, each forecast anew at 3 lead times" in text
    assert "which are those at hand" in text
    assert [heading.value for heading in app.subheader] == [
        "Skill by lead time",
        "What each kind of evidence adds",
        "Calibration",
        "Largest misses",
        "Each election's story",
        "Beside published forecasts",
    ]


@pytest.mark.usefixtures("shown")
def test_every_chart_has_its_sentence(pages: ModuleType) -> None:
    """All seven charts have a text alternative that stands on the page, too, and a table."""
    app = pages.start("track")
    text = pages.texts(app)
    alternatives = pages.alternatives(app)
    assert len(alternatives) == 7
    for alternative in alternatives:
        assert alternative in text
    assert [expander.label for expander in app.main.expander] == ["Table and files"] * 7
    assert app.session_state["chart_source"].startswith("selectorate, past elections forecast anew with ")


@pytest.mark.usefixtures("shown")
def test_sentences_tell_the_numbers_of_the_table(pages: ModuleType) -> None:
    """The error printed is the mean of the scores in the table, and so is the ratio."""
    text = pages.texts(pages.start("track"))
    mean = 100 * 0.02 * (1 + 30 / 365) * sum(ELECTIONS.values()) / len(ELECTIONS)
    assert f"the model's votes were wrong by {mean:.1f} points on average" in text
    assert f"by {1.1 * mean:.1f} points and the model's by {mean:.1f} points: 0.91 times that" in text
    assert "The interval is below 1: the model was better than the shrunk poll mean." in text
    assert "Of 1 published forecast of 1 election, this model's last one was nearer in seats than 1" in text


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.usefixtures("shown")
def test_every_score_can_be_chosen(metric: str, pages: ModuleType) -> None:
    """Each score has its sentence and chart."""
    app = pages.start("track")
    app.button_group(key="track_skill_metric").set_value(metric).run()
    assert not app.exception
    assert f"the model's {METRICS[metric].subject}" in pages.texts(app)
    assert METRICS[metric].axis in app.get("vega_lite_chart")[0].proto.spec


@pytest.mark.usefixtures("shown")
def test_lead_times_can_be_chosen(pages: ModuleType) -> None:
    """Evidence, calibration and misses each follow their own lead time."""
    app = pages.start("track")
    assert "With all lead times together, 90% ranges" in pages.texts(app)
    for key in ("track_evidence_lead", "track_coverage_lead", "track_chances_lead", "track_misses_lead"):
        app.button_group(key=key).set_value("365 days")
    app.button_group(key="track_misses_what").set_value("Seats").run()
    assert not app.exception
    text = pages.texts(app)
    for part in (
        "365 days before polling day, over 5 elections",
        "365 days before polling day, 90% ranges",
        "365 days before polling day the chance given",
        "365 days before polling day the largest miss in seats was Labour",
    ):
        assert part in text


@pytest.mark.usefixtures("shown")
def test_story_of_an_election(pages: ModuleType) -> None:
    """The last election opens; 2015 and 2017 say that no Scottish polls are held."""
    app = pages.start("track")
    text = pages.texts(app)
    assert "30 days before, on 12 November 2019: the Conservatives 330 seats (300 to 360)" in text
    assert "A Conservative majority likely (about 7 in 10)" in text
    assert "What came: the Conservatives 365 seats" in text
    assert not app.info
    for day in ("8 June 2017", "7 May 2015"):
        app.selectbox(key="track_election").set_value(day).run()
        assert not app.exception
        assert "no Scottish polls are held" in app.info[0].value


@pytest.mark.usefixtures("shown")
def test_names_from_a_report_are_shown_as_written(pages: ModuleType) -> None:
    """A forecaster's name is text, whatever it holds."""
    app = pages.open_box(pages.start("track"), "track_published_box")
    assert "Some <b>Firm</b>" in app.main.expander[-1].dataframe[0].value["Forecast"].to_list()


def test_without_a_report_the_page_says_how_to_make_one(
    pages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no report the page gives the command in one sentence."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    app = pages.start("track")
    assert not app.exception
    (message,) = app.info
    assert "selectorate backtest" in message.value
    assert not app.get("vega_lite_chart")


@pytest.mark.parametrize("kept", [b'{"made_with": ', b'{"made_with": {}, "elections": []}'])
def test_damaged_report_is_named(kept: bytes, spoilt: Path, pages: ModuleType) -> None:
    """A summary cut short, or without its parts, is refused in one sentence that names no folder of the machine."""
    (spoilt / SUMMARY).write_bytes(kept)
    app = pages.start("track")
    assert not app.exception
    (message,) = app.error
    assert "damaged" in message.value
    assert str(spoilt.parent) not in message.value


def test_a_report_of_another_version_is_named(spoilt: Path, pages: ModuleType) -> None:
    """A summary whose comparisons lack a column is refused by name, not shown in part."""
    told = json.loads((spoilt / SUMMARY).read_text(encoding="utf-8"))
    for entry in told["skill"]:
        del entry["ours"]
    (spoilt / SUMMARY).write_text(json.dumps(told), encoding="utf-8")
    app = pages.start("track")
    assert not app.exception
    assert "it has no skill" in app.error[0].value


def test_stale_report_is_marked(spoilt: Path, pages: ModuleType) -> None:
    """A report of other code is shown under a warning."""
    told = json.loads((spoilt / SUMMARY).read_text(encoding="utf-8"))
    told["made_with"]["code"] = "0" * 16
    (spoilt / SUMMARY).write_text(json.dumps(told), encoding="utf-8")
    app = pages.start("track")
    assert not app.exception
    (message,) = app.warning
    assert "other code or tables" in message.value
    assert len(app.get("vega_lite_chart")) == 7


def test_what_was_made_again_is_told(spoilt: Path, pages: ModuleType) -> None:
    """The page says which code made the record and how it was compared with the one it names."""
    told = json.loads((spoilt / SUMMARY).read_text(encoding="utf-8"))
    told["made_again"] = {"code": "c0de", "elections": ["2017-06-08", "2024-07-04"], "forecasts": 135}
    (spoilt / SUMMARY).write_text(json.dumps(told), encoding="utf-8")
    (made,) = [entry.value for entry in pages.start("track").caption if entry.value.startswith("Made with")]
    assert "The record itself is of code c0de; 135 forecasts of 2 elections, made with both" in made


def test_figures_are_files_of_the_same_charts(spoilt: Path) -> None:
    """Every figure is written as a picture with its axes, and the same record gives the same bytes."""
    pytest.importorskip("vl_convert")
    files = write(spoilt)
    first = {file.name: file.read_bytes() for file in files}
    assert {"skill_votes.svg", "evidence.svg", "coverage.svg", "published.svg"} <= first.keys()
    assert b"Days before polling day" in first["skill_votes.svg"]
    assert {file.name: file.read_bytes() for file in write(spoilt)} == first
