import json
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.forecast import Forecast
from models.response_curves import Curves, response_curves
from models.scenario import Scenario, read_scenario
from models.scenario_parts import parts_of
from models.sensitivity import sensitivity
from models.solve_schema import Dial
from models.waterfall import Waterfall, waterfall
from views import charts_lab, frames_lab, lab_curves, palette
from views import sentences_lab as told
from views.draw import template

SET = read_scenario("""{"tactical": 0.5, "turnout": {"con": 0.2}, "parties": {"lab": {"favourability": 40},
    "ref": {"share_shift": -0.03}}}""")
EVERY = read_scenario("""{"tactical": 0.5, "turnout": {"con": 0.2}, "polling_error": "2015",
    "election_date": "2028-05-04", "stand_downs": {"grn": ["London", "Scotland"]}, "seats": {"E14001063": "grn"},
    "regional_swing": {"London": {"lab": 0.02}},
    "parties": {"con": {"leader": "A leader of a very long name indeed", "favourability": 5},
    "lab": {"favourability": 40, "mp_support": 0.5, "event": "gaffe", "share_shift": 0.02}}}""")
LIKED = Dial(kind="favourability", party="lab")


@pytest.fixture(scope="module")
def shared_out(forecast: Forecast) -> Waterfall:
    """Contributions of four settings."""
    return waterfall(forecast, SET, draws=200)


@pytest.fixture(scope="module")
def curves(forecast: Forecast) -> Curves:
    """Seats along a favourability, with tactical voting set besides."""
    return response_curves(forecast, SET, LIKED, draws=200)


def test_bars_hang_together(shared_out: Waterfall) -> None:
    """Each bar starts where the one above ends, from the forecast's mean to the scenario's, and the axis holds all."""
    rows = frames_lab.bars(shared_out, "lab")
    total = shared_out.total_seats.row(by_predicate=pl.col("party") == "lab", named=True)
    assert rows.height == len(shared_out.parts) + 2
    assert rows["start"][0] == total["base"]
    assert rows["end"].to_list()[:-2] == pytest.approx(rows["start"].to_list()[1:-1])
    assert rows["end"][-2] == pytest.approx(rows["end"][-1]) == pytest.approx(total["other"])
    assert set(rows["kind"].to_list()[1:-1]) <= {"More", "Fewer"}
    low, high = frames_lab.bar_ends(rows)
    assert low < min(rows["start"].min(), rows["end"].min())  # type: ignore[type-var]
    assert high > max(rows["start"].max(), rows["end"].max())  # type: ignore[type-var]
    assert rows["row"].n_unique() == rows.height


def test_contributions_are_said(forecast: Forecast, shared_out: Waterfall) -> None:
    """The sentence has the total with its range, the vote, and the settings that give and take most."""
    text = told.contributions(forecast, shared_out, "ref")
    seats = shared_out.seats.filter(pl.col("party") == "ref").sort("mean")
    total = shared_out.total_seats.row(by_predicate=pl.col("party") == "ref", named=True)
    assert f"from a mean of {total['base']:.0f} to {total['other']:.0f}" in text
    assert "and its vote by −" in text
    assert f"Most is lost by “{told.part(forecast, shared_out.parts[seats['part'][0]])}”" in text
    assert told.lot(shared_out, "ref") == ""
    table = frames_lab.contribution_table(forecast, shared_out, "ref")
    assert table["Setting"].to_list()[-1] == "All together"
    assert table.height == 5
    northern = frames_lab.contribution_table(forecast, shared_out, "dup")
    assert northern.columns == ["Setting", "Seats", "90% range"]


def test_every_part_has_a_name(forecast: Forecast) -> None:
    """Every kind of setting has a name of its own, and a short one that fits beside a bar."""
    parts = parts_of(forecast, EVERY)
    assert len(parts) == 12
    assert len({told.part(forecast, part) for part in parts}) == 12
    assert all(told.part(forecast, part) for part in parts)
    brief = [told.brief(part) for part in parts]
    assert len(set(brief)) == 12
    assert max(len(name) for name in brief) <= 22
    assert "Labour: MPs 50%" in brief
    assert "Polls' error" in brief


def test_lot_states_its_error(forecast: Forecast) -> None:
    """With more settings than can all be combined the caption says how far a part may be off."""
    found = waterfall(forecast, EVERY, draws=40)
    assert "With 12 settings, orders are drawn by lot: the standard error of a part is at most" in told.lot(
        found, "lab"
    )


def parts(forecast: Forecast, kind: str, shared_out: Waterfall, curves: Curves) -> tuple[Any, ...]:
    """Chart, tables and settings, as the sections put them together."""
    if kind == "waterfall":
        rows = frames_lab.bars(shared_out, "lab")
        settings = {"rows": rows.height, "majority": 326, "ends": frames_lab.bar_ends(rows)}
        return charts_lab.waterfall, {"bars": rows}, settings
    lines = frames_lab.drawn(curves)
    tables = {
        "curves": frames_lab.curve_rows(curves, lines, "lab"),
        "live": frames_lab.live_rows(curves, lines, accessible=False),
    }
    looks = tuple((palette.line(code).short, palette.colour(code, False)) for code in lines)
    slider = lab_curves.slider_of(forecast, curves)
    marked = lab_curves.marked_places(curves)
    return (
        charts_lab.response,
        tables,
        {"lines": looks, "slider": slider, "marked": marked, "majority": 326, "top": 500},
    )


def views_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """All single views of a specification."""
    inner = spec.get("layer") or spec.get("vconcat")
    return [spec] if inner is None else [view for part in inner for view in views_of(part)]


def fields(node: Any) -> set[str]:
    """Every field an encoding names."""
    if isinstance(node, dict):
        own = {node["field"]} if isinstance(node.get("field"), str) else set()
        return own.union(*(fields(value) for value in node.values()))
    return set().union(*(fields(value) for value in node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("kind", ["waterfall", "response"])
def test_chart_draws_what_its_tables_hold(forecast: Forecast, kind: str, shared_out: Waterfall, curves: Curves) -> None:
    """Each chart is valid with its tables, and every field it names is a column of the table it is drawn from."""
    chart, tables, settings = parts(forecast, kind, shared_out, curves)
    chart(*tables.values(), **settings).to_dict()
    spec = json.loads(template(chart, tuple(tables), tuple(settings.items())))
    known = {name: set(table.columns) for name, table in tables.items()}
    known |= {name: set(rows[0]) for name, rows in spec["datasets"].items()}
    drawn = set()
    for view in views_of(spec):
        source = view.get("data") or spec.get("data")
        made = {step["as"] for step in view.get("transform", []) if "as" in step}
        columns = set(source["values"][0]) if "values" in source else known[source["name"]]
        drawn.add(source.get("name"))
        assert fields(view["encoding"]) - made <= columns
    assert set(tables) <= drawn


def test_slider_stands_where_the_scenario_does(forecast: Forecast, curves: Curves) -> None:
    """The slider has a label, starts at the scenario's place, and the table has seats for each of its places."""
    chart, tables, settings = parts(forecast, "response", None, curves)  # type: ignore[arg-type]
    spec = chart(*tables.values(), **settings).to_dict()
    (place,) = spec["params"]
    assert place["bind"] == {
        "input": "range", "min": -60.0, "max": 60.0, "step": 2.0, "name": "Net favourability of Andy Burnham "
    }  # fmt: skip
    assert place["value"] == 40.0
    live = tables["live"]
    assert live["value"].n_unique() == 61
    assert (
        live.filter(pl.col("value") == 40.0)["median"].to_list() == live.filter(pl.col("value") == 0.0)["now"].to_list()
    )
    assert settings["marked"] == ((8.0, "Forecast"), (40.0, "Scenario"))


def test_curve_is_said(forecast: Forecast, curves: Curves) -> None:
    """The sentence has seats at both ends and now, and what becomes of both chances; the table has every value."""
    text = told.curve(forecast, curves, "lab")
    rows = curves.seats.filter(pl.col("party") == "lab").sort("value")
    for row in (rows.row(0, named=True), rows.row(-1, named=True)):
        assert f"{row['median']:.0f} seats (90% range {row['lo90']:.0f} to {row['hi90']:.0f})" in text
    assert "as now, at +40," in text
    assert "The chance of a majority goes from" in text
    table = frames_lab.curve_table(forecast, curves, ["lab", "con"], "lab")
    assert table.height == rows.height
    assert [name for name in table["Net favourability of Andy Burnham"] if "(" in name] == [
        "+8 (forecast)",
        "+40 (scenario)",
    ]


def test_lines_worth_drawing_reach_five_seats(curves: Curves) -> None:
    """Only lines of Great Britain that reach five seats somewhere along the dial are drawn, the largest now first."""
    lines = frames_lab.drawn(curves)
    best = dict(curves.seats.group_by("party").agg(pl.col("hi90").max()).iter_rows())
    assert all(best[code] >= 5 for code in lines)
    assert not set(lines) & {"sf", "dup", "spk", "oth"}
    now = dict(curves.now.select("party", "median").iter_rows())
    assert [now[code] for code in lines] == sorted((now[code] for code in lines), reverse=True)


def test_steps_are_sorted(forecast: Forecast) -> None:
    """The table of steps begins with the largest change, which the sentence names."""
    found = sensitivity(forecast, Scenario(), ["con", "lab", "ref"], draws=100)
    table = frames_lab.step_table(forecast, found, "lab")
    sizes = [abs(int(text.replace("−", "-"))) for text in table["Seats"]]
    assert sizes == sorted(sizes, reverse=True)
    assert f"“{table['One step'][0]}”" in told.steps(forecast, found, "lab")
    assert "Labour: +1 point of the vote" in table["One step"].to_list()
    assert "Andy Burnham: −10 points of the party's MPs, from 94%" in table["One step"].to_list()


def opened(pages: ModuleType, *boxes: str) -> AppTest:
    """The page Scenario with some sections open."""
    app = pages.start("scenario")
    for box in boxes:
        pages.open_box(app, box)
    assert not app.exception
    return app


@pytest.mark.usefixtures("stored")
def test_nothing_is_computed_until_asked(pages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the sections are closed no curve, step or contribution is run."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("computed unasked")

    for name in ("response_curves", "sensitivity"):
        monkeypatch.setattr(lab_curves, name, refuse)
    monkeypatch.setattr("views.lab_waterfall.waterfall", refuse)
    app = opened(pages)
    app.slider(key="sc_lab_favourability").set_value(60.0).run()
    assert not app.exception
    assert "If we made it so" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_contributions_follow_the_panel(pages: ModuleType) -> None:
    """With nothing set the section says so; with two settings it has a chart, its sentence on the page, and a table."""
    app = opened(pages, "lab_waterfall")
    assert "Nothing is set yet" in pages.texts(app)
    before = len(pages.alternatives(app))
    app.slider(key="sc_lab_favourability").set_value(60.0).run()
    app.slider(key="sc_lab_shift").set_value(2.0).run()
    assert not app.exception
    assert len(pages.alternatives(app)) == before + 1
    (sentence,) = [text for text in pages.alternatives(app) if text.startswith("The scenario changes the seats of")]
    assert sentence in pages.texts(app)
    assert "Labour" in sentence
    table = next(frame.value for frame in app.dataframe if "Setting" in frame.value.columns)
    assert len(table) == 3


@pytest.mark.usefixtures("stored")
def test_every_dial_has_a_curve(pages: ModuleType) -> None:
    """Each dial gives a chart whose sentence stands on the page, and a table."""
    app = opened(pages, "lab_curves")
    for kind in told.DIALS:
        app.selectbox(key="lab_dial").set_value(kind).run()
        assert not app.exception, kind
        assert pages.alternatives(app)[-1] in pages.texts(app)
        assert "The chance of a majority" in pages.alternatives(app)[-1]


@pytest.mark.usefixtures("stored")
def test_dials_bear_the_names_of_the_scenario(pages: ModuleType) -> None:
    """With another leader in the panel, the dial, its slider and its step bear the new name."""
    app = pages.choose_party(opened(pages, "lab_curves", "lab_steps"), "con")
    app.selectbox(key="sc_con_leader").set_value("A new leader").run()
    app.selectbox(key="lab_dial_favourability").set_value("con").run()
    assert not app.exception
    assert "Net favourability of A new leader. At −60" in pages.texts(app)
    chart = json.loads(app.get("vega_lite_chart")[-1].proto.spec)
    assert chart["params"][0]["bind"]["name"] == "Net favourability of A new leader "
    table = next(frame.value for frame in app.dataframe if "One step" in frame.value.columns)
    assert "A new leader: +10 points of net favourability, from +4" in table["One step"].to_list()


@pytest.mark.usefixtures("stored")
def test_markup_in_a_name_is_shown_as_written(pages: ModuleType) -> None:
    """A leader's name with markup in it is read letter by letter."""
    app = opened(pages, "lab_curves")
    app.selectbox(key="lab_dial_favourability").set_value("restore").run()
    assert not app.exception
    assert any(text.value.startswith("Net favourability of Rupert \\[Lowe\\]\\.") for text in app.markdown)


@pytest.mark.usefixtures("stored")
def test_steps_have_a_table(pages: ModuleType) -> None:
    """The section on steps has a sentence and a table with a row a dial."""
    app = opened(pages, "lab_steps")
    table = next(frame.value for frame in app.dataframe if "One step" in frame.value.columns)
    assert len(table) >= 15
    assert "tried one at a time" in pages.texts(app)
