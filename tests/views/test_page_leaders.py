import json
from dataclasses import replace
from datetime import date
from types import ModuleType

import numpy as np
import polars as pl
import pytest

from models.forecast import Forecast
from models.leader_chain import Chain, chain, state_of
from models.leader_history import CUTS
from models.mp_history import Backing
from views import charts_leaders, frames_alternatives, frames_leaders, palette
from views import sentences_alternatives as others
from views import sentences_leaders as sentences
from views import sentences_links as links
from views.draw import template


@pytest.fixture(scope="module")
def con(forecast: Forecast) -> Chain:
    return chain(forecast, "con", draws=200)


@pytest.mark.usefixtures("stored")
def test_page_opens_on_the_largest_party(pages: ModuleType) -> None:
    """The page has trend, MPs, links and others of a party's leader, each chart with its sentence in the text."""
    app = pages.start("leaders")
    assert not app.exception
    assert app.selectbox(key="leaders_party").value == "ref"
    app.selectbox(key="leaders_party").set_value("con").run()
    assert not app.exception
    text = pages.texts(app)
    charts = pages.alternatives(app)
    assert len(charts) == 2 + 7 + 3 + 1
    assert all(said in text for said in charts)
    assert "Kemi Badenoch stands at −" in text
    assert "of 121 MPs stand behind Kemi Badenoch" in text
    assert "42 of 121 MPs, ballot of 9 October 2024" in text
    assert "Associated, not shown to cause" in text
    assert "No poll held has asked voters about James Cleverly" in text
    assert "Robert Jenrick" not in text


@pytest.mark.usefixtures("stored")
def test_no_evidence_is_said(pages: ModuleType) -> None:
    """A leader nobody was asked about, of a party with few MPs, has no chart of either, and the page says why."""
    app = pages.start("leaders")
    app.selectbox(key="leaders_party").set_value("restore").run()
    assert not app.exception
    text = pages.texts(app)
    assert "No rating of Rupert [Lowe] is held: no evidence of what voters think" in text
    assert "the party won no seat at the last general election" in text
    assert "no link from MPs is drawn" in text
    assert "How long leaders of Restore Britain last was not learned" in text
    assert len(pages.alternatives(app)) == 4 + 1 + 1


@pytest.mark.usefixtures("stored")
def test_past_leaders_are_reached(pages: ModuleType) -> None:
    """From 1979 on the table of votes of MPs reaches back to Thatcher, and the newest is still first."""
    app = pages.start("leaders")
    app.selectbox(key="leaders_party").set_value("con").run()
    short = next(f.value for f in app.dataframe if "How many" in f.value)
    app.button_group(key="leaders_since").set_value("1979").run()
    assert not app.exception
    whole = next(f.value for f in app.dataframe if "How many" in f.value)
    assert set(short["Leader"]) == {"Kemi Badenoch"}
    assert "Margaret Thatcher" in set(whole["Leader"])
    assert whole["Leader"].iloc[0] == "Kemi Badenoch"


@pytest.mark.usefixtures("stored")
def test_scenario_is_named_where_it_changes_the_leader(pages: ModuleType) -> None:
    """With another standing set in the panel the page says so, and still shows the forecast as it stands."""
    app = pages.start("leaders")
    before = pages.alternatives(app)
    app.session_state["leaders_party"] = "lab"
    app.slider(key="sc_lab_favourability").set_value(-30.0).run()
    assert not app.exception
    text = pages.texts(app)
    assert "In your scenario favourability is −30. This page shows the forecast as it stands" in text
    app.selectbox(key="leaders_party").set_value("ref").run()
    assert "In your scenario" not in pages.texts(app)
    assert pages.alternatives(app) == before


@pytest.mark.usefixtures("own_store")
def test_another_parliament_has_no_history(forecast: Forecast, pages: ModuleType) -> None:
    """A forecast that follows an earlier election has its links still, and a sentence in place of its history."""
    told = forecast.manifest.model_copy(update={"previous_election": date(2019, 12, 12)})
    pages.store(replace(forecast, manifest=told))
    app = pages.start("leaders")
    app.selectbox(key="leaders_party").set_value("con").run()
    assert not app.exception
    assert "the history of its leaders cannot be drawn" in pages.texts(app)
    assert "Nor is it said here what others would win" in pages.texts(app)
    assert len(pages.alternatives(app)) == 7 + 3


def test_dots_are_twenty_equal_chances(con: Chain) -> None:
    """Twenty dots stand where the draws are, stacked without a gap, and seats come in whole numbers."""
    for link in con.draws:
        dots = frames_leaders.link_dots(con, link)
        assert dots.height == frames_leaders.N_DOTS
        assert dots["value"].median() == pytest.approx(np.median(con.draws[link]), abs=np.ptp(con.draws[link]) / 20)
        for _, stack in dots.group_by("bin"):
            assert sorted(stack["level"]) == list(range(stack.height))
    assert (frames_leaders.link_dots(con, "share_seats")["bin"] % 1 == 0).all()


def test_sentences_hold_the_ranges(con: Chain, forecast: Forecast) -> None:
    """Each link is told with its 90 % range, and those from polls as association."""
    state = state_of(forecast, "con")
    row = con.summary().row(by_predicate=pl.col("link") == "standing_seats", named=True)
    said = links.link(con, "standing_seats", state, 990)
    assert f"+{row['median']:.0f} seats (90% range " in said
    assert "Associated" in links.link(con, "standing_share", state, 990)
    assert "990 days on" in links.link(con, "standing_share", state, 990)
    losing = replace(con, mps=-0.1)
    assert "Ten in 100 fewer MPs behind Kemi Badenoch" in links.link(losing, "mps_share", state, 990)


def test_trend_note_names_what_is_missing(forecast: Forecast) -> None:
    """The caption names leaders nobody rated, how many ratings are drawn, and where the forecast starts elsewhere."""
    state = state_of(forecast, "grn")
    path = pl.DataFrame({"leader": [state.leader], "mean": [state.favourability + 1.0]})
    near = sentences.trend_note(path, state, 1, ["A B"])
    assert "No rating is held of A B." in near
    assert "The forecast starts" not in near
    assert "drawn" not in near
    far = sentences.trend_note(path.with_columns(mean=pl.lit(20.0)), state, 5, [])
    assert "one in 5 drawn" in far
    assert "The forecast starts from −9 ± 7" in far
    assert "No rating" not in far


def test_backing_is_told_in_counts(forecast: Forecast) -> None:
    """MPs' backing is a count of the party's MPs; without evidence it is said that there is none."""
    bands = dict(zip(CUTS, (0.2, 0.3, 0.4, 0.6, 0.7, 0.8), strict=True))
    row = {"leader": "Kemi Badenoch", "spell": 1, "day": date(2026, 8, 1), "mps": 121, "mean": 0.5, **bands}
    facts = pl.DataFrame(
        {
            "leader": ["Kemi Badenoch"] * 2,
            "day": [date(2024, 10, 9), date(2025, 9, 15)],
            "what": ["ballot", "defection"],
            "mps": [42, 1],
            "entitled": [121, 121],
            "vote": [True, False],
            "unverified": [False, True],
        }
    )
    held = Backing(path=pl.DataFrame([row]), facts=facts.tail(1), whole=facts)
    state = state_of(forecast, "con")
    said = sentences.backing(held, state, 120)
    assert "About 60 of 120 MPs stand behind Kemi Badenoch (95% range 24 to 96)" in said
    assert "42 of 121 MPs, ballot of 9 October 2024; 1 act against the leader since." in said
    assert "%" not in said.replace("95% range", "")
    assert frames_leaders.backing_points(held.path)["told"][0] == "about 60 of 121 MPs (95% range 24 to 97)"
    strength = sentences.strength(forecast, state, facts, date(2026, 4, 23))
    assert strength[1] == "1 vote of MPs on Kemi Badenoch and 1 act against, 1 of them not checked in a second place."
    nothing = Backing(path=held.path.clear(), facts=facts.clear(), whole=facts.clear(), few=4)
    assert sentences.backing(nothing, state, 4).startswith("No evidence of how many MPs stand behind Kemi Badenoch")


def test_what_adds_nothing_is_said() -> None:
    """An interval that holds nought adds nothing that can be seen; one below it lowers the error."""
    rows = pl.DataFrame(
        {
            "adds": ["leaders' standing", "MPs' support"],
            "difference": [0.02, -0.3],
            "lo90": [-0.1, -0.5],
            "hi90": [0.14, -0.1],
            "elections": [13, 13],
        }
    )
    said = links.adds(rows, 1000)
    assert "leaders' standing adds nothing that can be seen (+0.02 points of error, 90% interval −0.10 to 0.14" in said
    assert "MPs' support lowers the error (−0.30" in said
    assert links.adds(rows.clear(), 1000) == ""


def alternatives_of(*rows: tuple[str, int, str, float]) -> pl.DataFrame:
    """A summary of alternatives, made up."""
    ends = dict.fromkeys(CUTS, 100.0)
    return pl.DataFrame(
        [
            {"leader": name, "group": group, "basis": basis, "named_for": "contest of 2024", "favourability": 4.0}
            | {"favourability_sd": 19.0, "n_ratings": 0, "last_rating": date(2024, 6, 1) if "rated" in basis else None}
            | {"seats": 100.0, "seats_lo90": 50.0, "seats_hi90": 150.0, **ends, "change": 22.0}
            | {"change_lo90": -39.0, "change_hi90": 136.0, "p_better": better, "p_worse": 0.2, "p_lasts": None}
            for name, group, basis, better in rows
        ]
    )


def test_alternatives_in_words() -> None:
    """Chances come in words with a frequency, equal answers share a row of the chart, an unknown chance is said."""
    found = alternatives_of(
        ("A", 0, "in office", 0.0),
        ("A new leader", 1, "nobody asked voters", 0.71),
        ("[B]", 1, "nobody asked voters", 0.71),
        ("C", 2, "rated before", 0.1),
    )
    rows = frames_alternatives.alternative_rows(found, "con", accessible=False)
    assert rows["row"].to_list() == ["A|in office", "A new leader|or [B]", "C|last asked in 2024"]
    assert frames_alternatives.axis_end(rows, 500) == 125
    table = frames_alternatives.alternatives_table(found, date(2029, 5, 3))
    assert table["Better than now"].to_list()[:2] == ["", "likely (about 7 in 10)"]
    assert table["Change (90% range)"][1] == "+22 (−39 to +136)"
    assert table["Leads on 3 May 2029"][0] == "not known"
    said = others.alternatives(found, "con", date(2029, 5, 3))
    assert "more seats than now are likely (about 7 in 10), fewer are unlikely (about 2 in 10)" in said
    assert "still leads" not in said
    assert "[B]" in others.unrated(found)


def test_changes_of_leader_are_named_on_the_axis() -> None:
    """Each leader's last name stands where she began, quotes and all, and the legend names kinds of marks."""
    begun = ((date(2022, 9, 6), "O'Neil"), (date(2024, 11, 2), "Badenoch"))
    spec = template(
        charts_leaders.history,
        ("path", "marks"),
        (
            ("fill", palette.colour("con", False)),
            ("axis", "Points"),
            ("form", "+.0f"),
            ("domain", (-80.0, 80.0)),
            ("kinds", (frames_leaders.VOTE, frames_leaders.ACT)),
            ("begun", begun),
            ("ends", (date(2022, 9, 6), date(2026, 9, 30))),
        ),
    )
    found = json.loads(spec)
    axis = found["layer"][1]["encoding"]["x"]["axis"]
    assert "== '2022-09-06' ? 'O\\'Neil' :" in axis["labelExpr"]
    assert [value["year"] for value in axis["values"]] == [2022, 2024]
    assert frames_leaders.ACT in json.dumps(found)
    assert frames_leaders.surname("Iain Duncan Smith") == "Duncan Smith"
