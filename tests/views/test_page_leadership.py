"""The page on leadership contests."""

import importlib.util
import json
import re
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data.errors import DamagedArtefact
from models import contest_answer, contest_reports
from models.store import forecast_path
from views import leadership

_spec = importlib.util.spec_from_file_location("contests_for_page", Path(__file__).with_name("contests.py"))
assert _spec is not None
assert _spec.loader is not None
contests = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(contests)

EVE = date(2016, 9, 23)


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Made-up habits, and a folder of made-up reports that the page reads."""
    contests.teach(monkeypatch)
    contests.write_reports(tmp_path)
    read = contest_reports.read_contests
    monkeypatch.setattr(leadership, "read_contests", lambda name: read(name, tmp_path))
    leadership._answer.clear()
    return tmp_path


def own(pages: ModuleType, rows: list[dict[str, object]], party: str = "lab") -> AppTest:
    """A session with a contest of its own between candidates given as rows of the table."""
    app = pages.start("leadership")
    app.session_state["le_candidates"] = {party: rows}
    app.button_group(key="le_party").set_value(party)
    return app.button_group(key="le_mode").set_value("One of your own").run()


def plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


@pytest.mark.usefixtures("stored", "reports")
def test_page_opens_with_the_contest_of_2016(pages: ModuleType) -> None:
    """The page opens with the question it answers: who would have won in 2016, under which rule."""
    app = pages.start("leadership")
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="le_past_lab").value == "Labour 2016, won by Jeremy Corbyn"
    assert "Under the rule in force (one member one vote" in plain(pages.texts(app))
    assert "172 of the party's 229 MPs" in pages.texts(app)
    assert "What the evidence cannot say" in [heading.value for heading in app.subheader]
    rules = app.dataframe[0].value
    assert rules["Rule"].to_list() == ["Labour 2014 (in force)", "Labour 1922", "Labour 1981", "Labour 1993"]


@pytest.mark.usefixtures("stored", "reports")
def test_seats_come_from_the_report_where_no_forecast_is(pages: ModuleType) -> None:
    """Without a forecast of that day the report's seats are shown and the command is told; no leadership is."""
    app = pages.start("leadership")
    text = pages.texts(app)
    assert "No forecast of 23 September 2016 is stored" in text
    assert "selectorate contest --party lab --as-of 2016-09-23" in text
    rules = app.dataframe[0].value
    assert rules["Seats (90% range)"].to_list()[:3] == ["210 (160 to 270)", "222 (170 to 280)", "–"]
    assert rules["Price in seats (90% range)"].to_list()[:2] == ["–", "+12 (−3 to +31)"]
    assert "Candidates as leaders" not in [heading.value for heading in app.subheader]
    assert [metric.label for metric in app.metric] == ["Wins", "→ MPs behind"] * 2


@pytest.mark.usefixtures("stored", "reports")
def test_without_forecast_and_report_no_seats_are_shown(pages: ModuleType) -> None:
    """Where neither forecast nor report has seats, there are none, and the page says how to get them."""
    app = pages.start("leadership")
    app.button_group(key="le_party").set_value("con").run()
    assert not app.exception
    assert "so no seats are shown" in pages.texts(app)
    assert "Seats (90% range)" not in app.dataframe[0].value.columns


@pytest.mark.usefixtures("stored", "reports")
def test_contest_of_the_users_own_has_seats(pages: ModuleType) -> None:
    """A contest of one's own is held on the day of the shown forecast, between leader and a challenger."""
    app = pages.start("leadership")
    app.button_group(key="le_mode").set_value("One of your own").run()
    assert not app.exception
    assert not app.error
    text = pages.texts(app)
    assert "A contest as of 17 August 2026" in text
    assert "no better than the ranges you give" in text
    assert "Andy Burnham wins" in text or "A challenger wins" in text
    labels = [metric.label for metric in app.metric]
    assert labels == ["Wins", "→ Favourability", "→ MPs behind", "→ Votes", "→ Seats"] * 2
    (leaders,) = [table.value for table in app.dataframe if "As leader" in table.value]
    assert leaders["As leader"].to_list() == ["Andy Burnham", "A challenger"]
    assert leaders["Still leads in 100"].to_list() != ["–", "–"]


@pytest.mark.usefixtures("stored", "reports")
def test_every_chart_has_its_sentence(pages: ModuleType) -> None:
    """Every chart has a text alternative that stands on the page, too."""
    app = pages.start("leadership")
    app.button_group(key="le_mode").set_value("One of your own").run()
    text, alternatives = pages.texts(app), pages.alternatives(app)
    assert len(alternatives) == 5
    for alternative in alternatives:
        assert alternative in text


@pytest.mark.usefixtures("stored", "reports")
def test_ranges_move_the_answer(pages: ModuleType) -> None:
    """A candidate whom all groups want wins nearly always, and names are printed as they are written."""
    favourite = {"name": "[Jo] *Bloggs*"} | {
        f"{group}_{end}": value for group in ("mps", "members", "affiliates") for end, value in (("lo", 85), ("hi", 95))
    }
    app = own(pages, [favourite, {"name": "Andy Burnham"}])
    assert not app.exception
    assert "[Jo] *Bloggs* wins" in pages.texts(app)
    assert "Ranges of your own are met within a few points" in pages.texts(app)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"name": "Ann"}], "Fewer than two candidates"),
        ([{"name": "Ann"}, {"name": "Ann"}], '"Ann" is named twice'),
        ([{"name": "Ann"}, {"name": "Bob", "mps_lo": 10.0}], 'The range "% of MPs" of Bob has one end only'),
        ([{"name": "Ann"}, {"name": "Bob", "mps_lo": 60.0, "mps_hi": 10.0}], "runs from 0.6 down to 0.1"),
        ([{"name": "Ann"}, {"name": "", "mps_lo": 10.0, "mps_hi": 20.0}], "ranges but no candidate"),
        ([{"name": "Ann"}, {"name": "Bob", "favourability_lo": -300.0, "favourability_hi": 0.0}], "greater than"),
    ],
)
@pytest.mark.usefixtures("stored", "reports")
def test_bad_candidates_are_refused(rows: list[dict[str, object]], said: str, pages: ModuleType) -> None:
    """Candidates that cannot be read are answered in one sentence, and the rest of the page stays."""
    app = own(pages, rows)
    assert not app.exception
    (message,) = app.error
    assert said in plain(message.value)
    assert "Past contests held again" in [heading.value for heading in app.subheader]
    assert "Rule in force" in pages.texts(app)


@pytest.mark.usefixtures("stored", "reports")
def test_rules_can_be_chosen(pages: ModuleType) -> None:
    """Rules that fit the party can be chosen; the one in force is always there."""
    app = pages.start("leadership")
    assert "Rule in force: Labour 2014: one member one vote" in pages.texts(app)
    assert "Compared with: Labour 1922, Labour 1981 and Labour 1993." in pages.texts(app)
    boxes = {plain(box.label): box for box in app.checkbox}
    assert not any(label.startswith("Labour 2014") for label in boxes)
    boxes["Cons. 1998: MPs choose two, members decide"].check()
    for box in boxes.values():
        if box.label.startswith("Labour"):
            box.uncheck()
    app.run()
    assert not app.exception
    assert app.dataframe[0].value["Rule"].to_list() == ["Labour 2014 (in force)", "Cons. 1998"]
    app.checkbox(key="le_rule_con-1998_lab_lab-2014").uncheck().run()
    assert not app.exception
    assert app.dataframe[0].value["Rule"].to_list() == ["Labour 2014 (in force)"]
    app.button_group(key="le_party").set_value("con").run()
    assert not any("affiliates" in box.label or "supporters" in box.label for box in app.checkbox)


@pytest.mark.usefixtures("stored", "reports")
def test_rule_of_the_users_own_is_compared(pages: ModuleType) -> None:
    """The form makes a rule, which joins the others until it is left out; bad weights are answered in one sentence."""
    app = pages.start("leadership")
    app.number_input(key="le_weight_mps_lab").set_value(90.0)
    app.main.button[0].click().run()
    assert not app.exception
    (message,) = app.error
    assert "the weights of a stage sum to 1.56" in plain(message.value)
    app.number_input(key="le_weight_members_lab").set_value(10.0)
    app.number_input(key="le_weight_affiliates_lab").set_value(0.0)
    app.main.button[0].click().run()
    assert not app.exception
    assert not app.error
    assert app.dataframe[0].value["Rule"].to_list()[-1] == "Your own"
    app.button(key="le_drop").click().run()
    assert "Your own" not in app.dataframe[0].value["Rule"].to_list()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"stages": []}', "stages"),
        (b'{"rules": 1}', "not allowed"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b'{"stages": [{"sections": [{"who": ["friends"]}]}]}', "friends"),
    ],
)
@pytest.mark.usefixtures("stored", "reports")
def test_bad_rule_file_is_refused(content: bytes, said: str, pages: ModuleType) -> None:
    """A file that is no rule changes nothing and is answered in one sentence."""
    app = pages.start("leadership")
    app.file_uploader[0].set_value(("rule.json", content, "application/json")).run()
    assert not app.exception
    (message,) = app.error
    assert said in plain(message.value)
    assert len(app.dataframe[0].value) == 4


@pytest.mark.usefixtures("stored", "reports")
def test_rule_file_is_loaded_and_kept_where_it_fits(pages: ModuleType) -> None:
    """A rule from a file is compared, and left out with a sentence where the party lacks a group it names."""
    rule = {"rule": "lab-2014", "name": "supporters alone", "stages": [{"sections": [{"who": ["supporters"]}]}]}
    app = pages.start("leadership")
    app.file_uploader[0].set_value(("rule.json", json.dumps(rule).encode(), "application/json")).run()
    assert not app.exception
    assert app.dataframe[0].value["Rule"].to_list()[-1] == "Your own"
    assert app.dataframe[0].value["Rule"].to_list()[0] == "Labour 2014 (in force)"
    app.button_group(key="le_party").set_value("con").run()
    assert not app.exception
    (message,) = app.error
    assert "gives a vote to supporters" in plain(message.value)
    assert "Your own" not in app.dataframe[0].value["Rule"].to_list()


@pytest.mark.usefixtures("stored")
def test_reports_that_are_missing_are_named(reports: Path, pages: ModuleType) -> None:
    """Without reports the page still holds a contest of one's own, and says what is missing."""
    for name in ("contests.csv", "contest_rules.csv"):
        (reports / name).unlink()
    app = pages.start("leadership")
    assert not app.exception
    assert [plain(info.value).split(" (")[0] for info in app.info] == ["No report of past contests is here"] * 2
    assert app.button_group(key="le_mode").options == ["One of your own"]
    assert len(app.metric) == 10


@pytest.mark.usefixtures("stored", "reports")
def test_damaged_habits_leave_the_record(monkeypatch: pytest.MonkeyPatch, pages: ModuleType) -> None:
    """Where what contests taught cannot be read, the lab says so and the record below stays."""

    def damaged(day: date) -> None:
        raise DamagedArtefact(f"What contests taught cannot be read on {day}.")

    monkeypatch.setattr(contest_answer, "learned_by", damaged)
    app = pages.start("leadership")
    assert not app.exception
    assert "cannot be read" in plain(app.error[0].value)
    assert "Past contests held again" in [heading.value for heading in app.subheader]


@pytest.mark.usefixtures("reports")
def test_stored_forecast_of_the_eve_gives_seats(
    synthetic: ModuleType, pages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forecast that is stored for the eve gives seats to every candidate; the newest stays the one shown."""
    made = synthetic.synthetic_forecast(draws=60)
    pages.store(made)
    folder = pages.store(made)
    folder.rename(forecast_path(EVE, date(2017, 6, 8)))
    pages.store(made)
    asked: list[Path] = []
    monkeypatch.setattr(leadership, "_read", lambda folder, stamp: asked.append(Path(folder)) or made)
    app = pages.start("leadership")
    assert not app.exception
    assert [folder.name for folder in asked] == ["2016-09-23_2017-06-08"]
    assert "Candidates as leaders" in [heading.value for heading in app.subheader]
    assert "Data to 17 August 2026" in pages.texts(app)


@pytest.mark.usefixtures("stored", "reports")
def test_record_is_told(pages: ModuleType) -> None:
    """The record says how replays did beside the last poll and the MPs' favourite, newest contest first."""
    app = pages.start("leadership")
    text = pages.texts(app)
    assert "our favourite won 2 of 3 past contests" in text
    assert "the MPs' favourite won 0 of the 2 where one is known" in text
    assert "the leader of the last poll of members 2 of 2" in text
    (replays,) = [table.value for table in app.dataframe if "Our favourite" in table.value]
    assert replays["Won"].to_list() == ["Liz Truss", "Jo Swinson", "Jeremy Corbyn"]
    assert pl.Series(replays["Members less MPs"]).to_list() == ["+22", "–", "+81"]
