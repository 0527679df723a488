import json
from typing import Any

import altair as alt
import polars as pl
import pytest

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, compare, run_scenario
from models.seat_map import seats_to_map
from views import (
    charts,
    charts_fan,
    charts_geo,
    charts_hex,
    frames,
    frames_fan,
    frames_geo,
    frames_scenario,
    hexes,
    palette,
)
from views.draw import LABELS, template

KINDS = ("dots", "bars", "card", "dumbbell", "fan", "map", "geo")


def parts(
    kind: str, forecast: Forecast, *, accessible: bool = False
) -> tuple[Any, dict[str, pl.DataFrame], dict[str, Any]]:
    """Chart, tables and settings, as the pages put them together."""
    lines = frames.contenders(forecast)
    if kind == "dots":
        dots = frames.quantile_dots(forecast, lines, bin_width=500 / charts.BINS, accessible=accessible)
        return charts.seat_dots, {"dots": dots}, {"rows": len(lines), "majority": 326, "top": 500}
    if kind == "bars":
        table = frames.outcome_segments({"": frames.outcomes(forecast)}, accessible=accessible)
        return charts.outcome_bars, {"outcomes": table}, {"rows": 1}
    if kind == "card":
        code = forecast.constituencies()["constituency"][0]
        rows = frames.card_rows(forecast.constituency(code), accessible=accessible)
        return charts.seat_card, {"shares": rows}, {"rows": rows.height}
    if kind == "dumbbell":
        other = run_scenario(forecast, Scenario(parties={"lab": PartyScenario(share_shift=0.03)}))
        rows = frames_scenario.dumbbell_rows(compare(forecast, other), accessible=accessible)
        return charts.dumbbell, {"changes": rows}, {"rows": rows.height, "majority": 326, "top": 400}
    if kind == "fan":
        parties = frames.main_parties(forecast)
        span = frames_fan.Span.between(forecast.manifest.previous_election, forecast.manifest.as_of)
        tables = {
            "path": frames_fan.intention(forecast, parties),
            "polls": frames_fan.poll_dots(forecast, parties)[0],
            "day": frames_fan.polling_day(forecast, parties, span=span, accessible=accessible),
        }
        looks = tuple((palette.line(p).short, palette.colour(p, accessible)) for p in parties)
        return charts_fan.fan, tables, {"lines": looks, "span": span}
    seats = seats_to_map(forecast, forecast)
    placed = frames_geo.place(seats, seats) if kind == "geo" else hexes.place(seats)
    title, entries = hexes.legend(placed, mode="winner", accessible=accessible)
    ring = placed.head(1).select("x", "y", pl.selectors.by_name("path", require_all=False))
    tables = {"seats": hexes.paint(placed, mode="winner", accessible=accessible), "ring": ring}
    box = frames_geo.box(placed) if kind == "geo" else hexes.box(placed)
    chart = charts_geo.geo_map if kind == "geo" else charts_hex.hex_map
    return chart, tables, {"box": box, "title": title, "entries": entries}


def layers(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """All single views of a specification."""
    return [view for layer in spec["layer"] for view in (layers(layer) if "layer" in layer else [layer])]


def fields(node: Any) -> set[str]:
    """Every field an encoding names."""
    if isinstance(node, dict):
        own = {node["field"]} if isinstance(node.get("field"), str) else set()
        return own.union(*(fields(value) for value in node.values()))
    return set().union(*(fields(value) for value in node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("kind", KINDS)
def test_chart_is_valid(kind: str, forecast: Forecast) -> None:
    """Each chart passes the schema of Vega-Lite with real tables."""
    chart, tables, settings = parts(kind, forecast)
    spec = chart(*tables.values(), **settings).to_dict()
    assert len(layers(spec)) >= 2


@pytest.mark.parametrize("kind", KINDS)
def test_chart_draws_what_its_tables_hold(kind: str, forecast: Forecast) -> None:
    """Every field a chart names is a column of the table it is drawn from."""
    chart, tables, settings = parts(kind, forecast)
    spec = json.loads(template(chart, tuple(tables), tuple(settings.items())))
    inline = {name: set(rows[0]) for name, rows in spec.get("datasets", {}).items()}
    known = {name: set(table.columns) for name, table in tables.items()} | inline
    drawn = set()
    for view in layers(spec):
        made = {step["as"] for step in view.get("transform", []) if "as" in step}
        source = view.get("data") or spec["data"]
        columns = set(source["values"][0]) if "values" in source else known[source["name"]]
        drawn.add(source.get("name"))
        assert fields(view["encoding"]) - made <= columns
    assert set(tables) <= drawn


@pytest.mark.parametrize("kind", KINDS)
def test_text_takes_its_colour_from_the_table(kind: str, forecast: Forecast) -> None:
    """Text marks stand on fills only and name their ink; labels turn with the page, the rest is left to the theme."""
    chart, tables, settings = parts(kind, forecast)
    spec = json.loads(template(chart, tuple(tables), tuple(settings.items())))
    for view in layers(spec):
        if view["mark"]["type"] == "text":
            assert view["encoding"]["color"]["field"] == "ink"
    assert spec.pop("config") == LABELS
    assert "labelColor" not in json.dumps(spec)


@pytest.mark.parametrize("kind", ["dots", "bars", "card", "dumbbell", "map", "geo"])
def test_colours_are_data(kind: str, forecast: Forecast) -> None:
    """Another set of colours changes the tables, so the specification can stay (but for a legend)."""
    usual, accessible = (parts(kind, forecast, accessible=flag) for flag in (False, True))
    assert usual[1] is not accessible[1]
    name = next(iter(usual[1]))
    assert usual[1][name]["fill"].to_list() != accessible[1][name]["fill"].to_list()
    if kind not in {"map", "geo"}:
        assert usual[2] == accessible[2]


def test_specification_is_kept(forecast: Forecast) -> None:
    """The second drawing of a chart reuses the specification of the first."""
    chart, tables, settings = parts("dumbbell", forecast)
    first = template(chart, tuple(tables), tuple(settings.items()))
    before = template.cache_info().hits
    assert template(chart, tuple(tables), tuple(settings.items())) is first
    assert template.cache_info().hits == before + 1


@pytest.mark.parametrize("page", [("dots", "bars", "fan"), ("map", "card"), ("geo", "card"), ("dumbbell", "bars")])
def test_pages_are_small(page: tuple[str, ...], forecast: Forecast) -> None:
    """The charts of a page weigh less than 250 kB as JSON."""
    weight = 0
    for kind in page:
        chart, tables, settings = parts(kind, forecast)
        weight += len(template(chart, tuple(tables), tuple(settings.items())))
        weight += sum(len(table.write_json()) for table in tables.values())
    assert weight < 250_000


def test_nothing_moves_by_itself(forecast: Forecast) -> None:
    """No chart is animated."""
    for kind in KINDS:
        chart, tables, settings = parts(kind, forecast)
        assert '"timer"' not in template(chart, tuple(tables), tuple(settings.items()))


@pytest.mark.parametrize("kind", ["map", "geo"])
def test_click_selects_a_constituency(kind: str, forecast: Forecast) -> None:
    """Each map names one selection, by constituency."""
    chart, tables, settings = parts(kind, forecast)
    spec = json.loads(template(chart, tuple(tables), tuple(settings.items())))
    (param,) = (param for param in spec["params"] if "select" in param)
    assert param["name"] == charts_hex.SELECTION
    assert param["select"]["fields"] == ["constituency"]
    assert param["select"]["on"] == "click"


def test_majority_is_marked(forecast: Forecast) -> None:
    """The line of the majority carries its number."""
    chart, tables, settings = parts("dots", forecast)
    assert "326 for a majority" in template(chart, tuple(tables), tuple(settings.items()))


def test_charts_take_named_data() -> None:
    """A chart can be built before its table is there."""
    spec = charts.outcome_bars(alt.NamedData("later"), rows=2).to_dict()
    assert spec["data"] == {"name": "later"}
