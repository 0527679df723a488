from datetime import date
from types import ModuleType

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, run_scenario
from models.seat_holders import seats_held
from models.seat_table import seat_table, tipping_seats
from views import sentences_seats

FACTS = (
    "**Chances:**",
    "**Last general election:**",
    "**Majority:**",
    "**Swing needed:**",
    "**Change:**",
    "**Most like it:**",
)


@pytest.mark.parametrize("mode", ["winner", "chance", "change", "category", "swing", "uniform"])
@pytest.mark.usefixtures("stored")
def test_map_colours(mode: str, pages: ModuleType) -> None:
    """The map can be coloured in six ways."""
    app = pages.start("map")
    app.button_group(key="map_mode").set_value(mode).run()
    assert not app.exception
    titles = {
        "winner": "Likeliest winner",
        "chance": "in 100",
        "change": "gain by",
        "category": "Strength of colour",
        "swing": "Swing that flips the seat",
        "uniform": "Uniform swing would give it to",
    }
    assert titles[mode] in app.get("vega_lite_chart")[0].proto.spec


@pytest.mark.usefixtures("stored")
def test_seat_is_found_by_name(forecast: Forecast, pages: ModuleType) -> None:
    """Choosing a seat by name opens its card, without a mouse."""
    app = pages.start("map")
    assert len(app.get("vega_lite_chart")) == 1
    names = dict(forecast.constituencies().select("name", "constituency").iter_rows())
    app.selectbox(key="seat").set_value(names["Ynys Môn"]).run()
    assert not app.exception
    assert "Ynys Môn" in pages.texts(app)
    assert "at the general election of 4 July 2024; " in pages.texts(app)
    assert len(app.get("vega_lite_chart")) == 2


@pytest.mark.usefixtures("stored")
def test_a_northern_irish_seat_has_a_card(forecast: Forecast, pages: ModuleType) -> None:
    """Northern Irish seats open like any other."""
    row = forecast.constituencies().filter(nation="Northern Ireland").row(0, named=True)
    app = pages.start("map")
    app.selectbox(key="seat").set_value(row["constituency"]).run()
    assert not app.exception
    assert row["name"] in pages.texts(app)
    for fact in FACTS:
        assert fact in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_the_speaker_has_one_sentence(forecast: Forecast, pages: ModuleType) -> None:
    """In the Speaker's seat nothing is forecast, so its card has neither chart nor swing, majority or seats like it."""
    row = forecast.constituencies().filter(base_winner="spk").row(0, named=True)
    app = pages.start("map")
    app.selectbox(key="seat").set_value(row["constituency"]).run()
    assert not app.exception
    assert "The Speaker, if standing again, is not opposed by the main parties" in pages.texts(app)
    assert len(app.get("vega_lite_chart")) == 1
    for fact in FACTS:
        assert fact not in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_a_by_election_is_told(forecast: Forecast, pages: ModuleType) -> None:
    """A seat that changed hands since the general election has both winners, and its chart says what it draws."""
    app = pages.start("map")
    app.selectbox(key="seat").set_value("E14001455").run()
    text = pages.texts(app)
    assert "by Reform UK at the by-election of 1 May 2025 (by Labour at the general election before)" in text
    assert "The by-election since is not drawn." in text
    assert "Reform UK as holder" in text


@pytest.mark.usefixtures("stored")
def test_likeliest_winners_are_told_beside_the_forecast(pages: ModuleType) -> None:
    """Under the map of winners stands why they add up to something else than the forecast; not under other maps."""
    app = pages.start("map")
    assert "Counted by the likeliest winner of each seat" in pages.texts(app)
    app.button_group(key="map_mode").set_value("change").run()
    assert "Counted by the likeliest winner of each seat" not in pages.texts(app)


def test_card_says_what_changed_since_the_last_forecast(forecast: Forecast, pages: ModuleType) -> None:
    """Without an earlier forecast the card says so; with one it says since when, and what became of the seat."""
    pages.store(forecast)
    code = forecast.constituencies()["constituency"][0]
    app = pages.start("map")
    app.selectbox(key="seat").set_value(code).run()
    assert "no earlier forecast of this election" in pages.texts(app)
    tree = forecast.tree.copy(deep=True)
    tree["outcome"].ds["winner"].values[:, 0] = forecast.lines.index("lib")
    then = forecast.manifest.model_copy(update={"as_of": date(2026, 8, 1)})
    pages.store(Forecast(tree, then))
    app.run()
    assert not app.exception
    assert "1 August 2026 the likeliest winner went from the Liberal Democrats (over 99 in 100)" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_tipping_seats_are_shown_when_asked_for(forecast: Forecast, pages: ModuleType) -> None:
    """Seats that tip a majority stand in a table once its box is opened, for the party chosen."""
    app = pages.start("map")
    assert len(app.dataframe) == 1
    app.session_state["map_tipping"] = True
    app.run()
    app.selectbox(key="map_tipping_party").set_value("con").run()
    assert not app.exception
    shown = app.dataframe[1].value
    assert shown["Seat"].tolist() == tipping_seats(forecast, "con")["name"].head(len(shown)).to_list()
    assert "the lead of the Conservatives" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_map_zooms_to_a_region(pages: ModuleType) -> None:
    """A region can be looked at alone."""
    app = pages.start("map")
    whole = app.get("vega_lite_chart")[0].proto.spec
    app.selectbox(key="map_region").set_value("London").run()
    assert not app.exception
    assert app.get("vega_lite_chart")[0].proto.spec != whole
    assert "London: of 75 seats, " in pages.alternatives(app)[0]
    assert "650 of 650 seats, of all regions" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_table_can_show_changes_only(pages: ModuleType) -> None:
    """The table under the map can be cut to the seats whose holder is not the likeliest winner."""
    app = pages.start("map")
    assert len(app.dataframe[0].value) == 650
    app.toggle(key="map_changes").set_value(True).run()
    table = app.dataframe[0].value
    assert 0 < len(table) < 650
    assert (table["Holder"] != table["Likeliest"]).all()


def geographic(app: AppTest) -> AppTest:
    """Open the tab of the geographic map."""
    app.session_state["map_tab"] = "Geographic"
    return app.run()


@pytest.mark.usefixtures("stored")
def test_a_second_tab_has_the_outlines(pages: ModuleType) -> None:
    """The geographic map draws outlines in the colours of the hex map, under the same sentence."""
    app = pages.start("map")
    said = pages.alternatives(app)
    assert '"path"' not in app.get("vega_lite_chart")[0].proto.spec
    geographic(app)
    assert not app.exception
    (chart,) = app.get("vega_lite_chart")
    assert '"path"' in chart.proto.spec
    assert "Likeliest winner" in chart.proto.spec
    assert pages.alternatives(app) == said
    assert "generalised to half a kilometre" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_outlines_zoom_to_a_region(pages: ModuleType) -> None:
    """The geographic map of a region is as large as the region."""
    app = geographic(pages.start("map"))
    whole = app.get("vega_lite_chart")[0].proto.spec
    app.selectbox(key="map_region").set_value("London").run()
    assert not app.exception
    assert app.get("vega_lite_chart")[0].proto.spec != whole


@pytest.mark.usefixtures("stored")
def test_seats_are_found_by_mp_and_party(forecast: Forecast, pages: ModuleType) -> None:
    """The box names each seat with its MP and party, a by-election by its day, and accents also without them."""
    options = pages.start("map").selectbox(key="seat").options
    assert len(options) == 650
    assert "Halifax — Kate Dearden (Labour)" in options
    assert "Chorley — Lindsay Hoyle (Speaker)" in options
    assert "Runcorn and Helsby — won at a by-election on 1 May 2025 (Reform UK)" in options
    assert any(option.startswith("Ynys Môn — ") and option.endswith(" · Ynys Mon") for option in options)
    greens = (seats_held(forecast)["holder"] == "grn").sum()
    assert sum("(Green)" in option for option in options) == greens


@pytest.mark.usefixtures("stored")
def test_buttons_go_through_the_seats_of_a_region(forecast: Forecast, pages: ModuleType) -> None:
    """Next and previous go by name through the seats on the map, start at its ends and go round them."""
    names = forecast.constituencies().filter(region="Wales").sort("name")["name"].to_list()
    app = pages.start("map")
    app.selectbox(key="map_region").set_value("Wales").run()
    visited = []
    for button in ("seat_after", "seat_after", "seat_before", "seat_before"):
        app.button(key=button).click().run()
        assert not app.exception
        visited.append(app.subheader[0].value)
    assert visited == [names[0], names[1], names[0], names[-1]]


def supposed(app: AppTest, points: float) -> AppTest:
    """Set Labour's change of share in the panel."""
    app.session_state["sc_lab_shift"] = points
    return app.run()


@pytest.mark.usefixtures("stored")
def test_a_scenario_moves_the_map(forecast: Forecast, pages: ModuleType) -> None:
    """With a scenario set, changes are those it makes, in the sentence, the legend and the table."""
    app = pages.start("map")
    app.button_group(key="map_mode").set_value("change").run()
    supposed(app, 8.0)
    assert not app.exception
    answer = run_scenario(forecast, Scenario(parties={"lab": PartyScenario(share_shift=0.08)}))
    changed = (answer.constituencies()["winner"] != forecast.constituencies()["winner"]).sum()
    assert changed > 10
    said = f"In the scenario: of 650 seats, {changed} have another likeliest winner than without it"
    assert said in pages.alternatives(app)[0]
    assert "Changed by the scenario to" in app.get("vega_lite_chart")[0].proto.spec
    app.toggle(key="map_changes").set_value(True).run()
    table = app.dataframe[0].value
    assert len(table) == changed
    assert (table["Without"] != table["Likeliest"]).all()


@pytest.mark.usefixtures("stored")
def test_a_card_says_what_a_scenario_does(forecast: Forecast, pages: ModuleType) -> None:
    """With a scenario set, the card has its chances beside the forecast's, and its majority when that is asked for."""
    app = supposed(pages.start("map"), 8.0)
    names = dict(forecast.constituencies().select("name", "constituency").iter_rows())
    app.selectbox(key="seat").set_value(names["Halifax"]).run()
    assert not app.exception
    text = pages.texts(app)
    assert "; in the scenario a " in text
    assert "**Scenario:** chance of Labour from " in text
    assert " whoever wins; " not in text
    app.session_state["card_majority"] = True
    app.run()
    assert not app.exception
    answer = run_scenario(forecast, Scenario(parties={"lab": PartyScenario(share_shift=0.08)}))
    row = seat_table(answer).row(by_predicate=pl.col("name") == "Halifax", named=True)
    assert sentences_seats.majority(row) in pages.texts(app)


def test_earlier_forecasts_are_told_when_asked_for(forecast: Forecast, pages: ModuleType) -> None:
    """The card's box of earlier forecasts gives the chance each gave the likeliest winner, once it is opened."""
    pages.store(forecast)
    pages.store(Forecast(forecast.tree, forecast.manifest.model_copy(update={"as_of": date(2026, 8, 1)})))
    row = forecast.constituencies().filter(pl.col("p_winner").is_between(0.5, 0.9)).row(0, named=True)
    app = pages.start("map")
    app.selectbox(key="seat").set_value(row["constituency"]).run()
    assert "in earlier forecasts" not in pages.texts(app)
    app.session_state["card_earlier"] = True
    app.run()
    assert not app.exception
    assert f"in earlier forecasts: {round(100 * row['p_winner'])} in 100 on 1 August 2026." in pages.texts(app)
