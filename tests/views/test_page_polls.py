from types import ModuleType
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.forecast import Forecast
from views import frames, palette

HEAD = "pollster,end_date,sample,con,lab,lib,ref,grn\n"


def table(app: AppTest) -> Any:
    """The table of every poll."""
    (found,) = [frame.value for frame in app.dataframe if "Why" in frame.value.columns]
    return found


def upload(app: AppTest, content: str | bytes, name: str = "polls.csv") -> AppTest:
    """Send a file to the page."""
    raw = content.encode() if isinstance(content, str) else content
    return app.file_uploader(key="polls_upload").set_value((name, raw, "text/csv")).run()


@pytest.mark.usefixtures("stored")
def test_page_shows_every_poll(forecast: Forecast, pages: ModuleType) -> None:
    """The page has every poll used and every one excluded, with the reason, and its charts' sentences as text."""
    app = pages.start("polls")
    assert not app.exception
    shown = table(app)
    assert (shown["Status"] == "used").sum() >= forecast.manifest.n_polls
    excluded = shown[shown["Status"] == "excluded"]
    assert len(excluded) > 0
    assert excluded["Why"].str.len().min() > 0
    text = pages.texts(app)
    assert f"the forecast uses {forecast.manifest.n_polls} polls of Great Britain" in text
    assert len(pages.alternatives(app)) == 2
    for sentence in pages.alternatives(app):
        assert sentence in text


@pytest.mark.usefixtures("stored")
def test_polls_are_found_by_text_and_status(pages: ModuleType) -> None:
    """The table is cut by a text in any column and by status; a text that no poll holds says so."""
    app = pages.start("polls")
    everything = table(app)
    app.text_input(key="polls_find").set_value("yougov").run()
    assert set(table(app)["Pollster"]) == {"YouGov"}
    app.text_input(key="polls_find").set_value("").run()
    app.button_group(key="polls_status").set_value("excluded").run()
    assert set(table(app)["Status"]) == {"excluded"}
    assert len(table(app)) < len(everything)
    app.text_input(key="polls_find").set_value("no such pollster").run()
    assert not app.exception
    assert "No such poll." in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_smoothers_are_compared_with_the_model(pages: ModuleType) -> None:
    """Another smoother says where it has parties and how far it is from the model; without a party none is drawn."""
    app = pages.start("polls")
    assert "the model has" in pages.alternatives(app)[0]
    app.button_group(key="polls_smoother").set_value("local").run()
    assert not app.exception
    assert "local regression has" in pages.alternatives(app)[0]
    assert "furthest from the model on" in pages.alternatives(app)[0]
    app.pills(key="polls_parties").set_value([]).run()
    assert "Choose a party to draw." in pages.texts(app)
    assert len(pages.alternatives(app)) == 1


@pytest.mark.usefixtures("stored")
def test_leans_and_residuals_follow_the_party(forecast: Forecast, pages: ModuleType) -> None:
    """The party chosen for leans is the one of their sentence; the table's own names it in its columns."""
    app = pages.start("polls")
    party = frames.main_parties(forecast)[-1]
    app.selectbox(key="polls_lean").set_value(party).run()
    assert palette.line(party).who in pages.alternatives(app)[1]
    app.selectbox(key="polls_party").set_value(party).run()
    assert f"Lean, {palette.line(party).short}" in table(app).columns
    assert f"Residual, {palette.line(party).short}" in table(app).columns


@pytest.mark.usefixtures("stored")
def test_a_poll_of_ones_own_is_weighed_in(forecast: Forecast, pages: ModuleType) -> None:
    """A poll as the forecast expects gives votes and seats before and after, named approximate, and what counts."""
    app = upload(pages.start("polls"), f"{HEAD}New house,2026-08-19,2000,19,24,11,24,12\n")
    assert not app.exception
    assert "Approximate: with this poll" in pages.texts(app)
    assert f"of {forecast.n_draws} simulations still count" in pages.texts(app)
    (update,) = [frame.value for frame in app.dataframe if "Seats after" in frame.value.columns]
    row = forecast.seat_summary().row(by_predicate=pl.col("party") == "lab", named=True)
    labour = update.set_index("Party").loc["Labour"]
    assert labour["Seats before"].startswith(f"{row['median']:.0f} ")


@pytest.mark.usefixtures("stored")
def test_polls_too_far_off_are_refused(pages: ModuleType) -> None:
    """Polls that too few simulations agree with give no figures, but the number of those that do and what to do."""
    rows = "".join(f"New house {i},2026-08-19,3000,5,45,11,14,12\n" for i in range(3))
    app = upload(pages.start("polls"), HEAD + rows)
    assert not app.exception
    assert "simulations still count with these 3 polls, fewer than 100" in pages.texts(app)
    assert "selectorate data add" in pages.texts(app)
    assert not [frame for frame in app.dataframe if "Seats after" in frame.value.columns]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "E101 polls.csv: it is empty."),
        (b"\x89PNG\r\n", "E114 polls.csv: content is PNG, expected CSV."),
        (f"{HEAD}YouGov,2026-08-19,2000,19,94,11,24,12\n", "E107 polls.csv, row 2: shares sum to 160.0"),
        (f"{HEAD}YuoGov,2026-08-19,2000,19,24,11,24,12\n", 'Did you mean "YouGov"?'),
        ("<b>x</b>,con\n", "E114 polls.csv: content is HTML or XML, expected CSV."),
    ],
)
@pytest.mark.usefixtures("stored")
def test_bad_files_get_the_sentences_of_own_rows(pages: ModuleType, content: str | bytes, said: str) -> None:
    """A bad file is answered with the code and sentence it would get in a terminal, and nothing is weighed in."""
    app = upload(pages.start("polls"), content)
    assert not app.exception
    assert said in pages.texts(app)
    assert "Approximate: with" not in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_old_polls_and_polls_of_nations_are_passed_over(pages: ModuleType) -> None:
    """What cannot be weighed in is counted with its reason beside what can."""
    head = "pollster,end_date,area,con,lab\n"
    rows = "New house,2026-08-19,GB,19,24\nNew house,2026-08-19,Scotland,12,30\nNew house,2025-08-19,GB,18,22\n"
    app = upload(pages.start("polls"), head + rows)
    assert not app.exception
    assert "Approximate: with this poll" in pages.texts(app)
    assert "Passed over: 1 poll not of Great Britain and 1 poll more than 28 days before" in pages.texts(app)
