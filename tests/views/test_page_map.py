from types import ModuleType

import pytest

from models.forecast import Forecast


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
    assert "Last won by" in pages.texts(app)
    assert len(app.get("vega_lite_chart")) == 2


@pytest.mark.parametrize("nation", ["Northern Ireland", "Speaker"])
@pytest.mark.usefixtures("stored")
def test_seats_of_all_kinds_have_a_card(nation: str, forecast: Forecast, pages: ModuleType) -> None:
    """Northern Irish seats and the Speaker's open like any other."""
    table = forecast.constituencies()
    rows = table.filter(nation=nation) if nation != "Speaker" else table.filter(base_winner="spk")
    app = pages.start("map")
    app.selectbox(key="seat").set_value(rows["constituency"][0]).run()
    assert not app.exception
    assert rows["name"][0] in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_map_zooms_to_a_region(pages: ModuleType) -> None:
    """A region can be looked at alone."""
    app = pages.start("map")
    whole = app.get("vega_lite_chart")[0].proto.spec
    app.selectbox(key="map_region").set_value("London").run()
    assert not app.exception
    assert app.get("vega_lite_chart")[0].proto.spec != whole


@pytest.mark.usefixtures("stored")
def test_table_can_show_changes_only(pages: ModuleType) -> None:
    """The table under the map can be cut to the seats with another likely winner."""
    app = pages.start("map")
    assert len(app.dataframe[0].value) == 650
    app.toggle(key="map_changes").set_value(True).run()
    table = app.dataframe[0].value
    assert 0 < len(table) < 650
    assert (table["Last"] != table["Likeliest"]).all()
