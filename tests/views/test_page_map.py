from datetime import date
from types import ModuleType

import pytest

from models.forecast import Forecast
from models.seat_table import tipping_seats

FACTS = ("**Majority:**", "**Swing needed:**", "**Change:**", "**Most like it:**")


@pytest.mark.parametrize("mode", ["winner", "chance", "change", "category"])
@pytest.mark.usefixtures("stored")
def test_map_colours(mode: str, pages: ModuleType) -> None:
    """The map can be coloured in four ways."""
    app = pages.start("map")
    app.button_group(key="map_mode").set_value(mode).run()
    assert not app.exception
    titles = {"winner": "Likeliest winner", "chance": "in 100", "change": "gain by", "category": "Strength of colour"}
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
    assert "1 August 2026 the likeliest winner went from the Liberal Democrats (100 in 100)" in pages.texts(app)


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
