"""Altair charts of seats and votes, made from prepared tables. No Streamlit, no statistics.

Every chart takes its tables as frames or as ``alt.NamedData``: the specification holds nothing of the data but the
number of rows and the ends of axes, so that a page can keep it and send new data only. Text off the marks is drawn by
axes and legends, because those take their colour from the light or dark theme; text on a fill is black or white.
"""

from typing import Any

import altair as alt
import polars as pl

from views import palette

Table = pl.DataFrame | alt.NamedData
Chart = alt.LayerChart
ROW_HEIGHT = 60
AXES = 76
"""Room for axes above and below, in pixels."""
DOT_CAP = 10
BINS = 46
"""Bins of the dotplot: as many as leave room for a dot of 6 pixels on a phone."""
RANK = alt.EncodingSortField(field="rank", op="min")


def two_line_axis() -> alt.Axis:
    """Axis whose labels break at ``|``."""
    return alt.Axis(
        labelExpr="split(datum.label, '|')", labelLimit=150, labelLineHeight=15, labelOverlap=False, title=None
    )


def rows_by_rank() -> alt.Y:
    """Position of a row by its two-line label, in the order of ``rank``."""
    return alt.Y("row:N", sort=RANK, axis=two_line_axis())


def raw(field: str) -> alt.Color:
    """Colour held by the table itself."""
    return alt.Color(f"{field}:N", scale=None)


def stack(*layers: alt.Chart, height: int, own_axes: bool = False) -> Chart:
    """Lay charts over each other; with ``own_axes`` each keeps its own axis of seats."""
    chart: Chart = alt.LayerChart(layer=list(layers))
    if own_axes:
        chart = chart.resolve_axis(x="independent")
    return chart.properties(height=height)


def seat_dots(dots: Table, *, rows: int, majority: int, top: int) -> Chart:
    """Quantile dotplot of seats, one row a line, with the majority marked.

    Parameters
    ----------
    dots : pl.DataFrame or alt.NamedData
        As ``views.frames.quantile_dots`` gives it.
    rows : int
        Number of lines.
    majority : int
        Seats for a majority.
    top : int
        Right end of the axis in seats.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    diameter = f"min({DOT_CAP}, 0.94 * width / {BINS})"
    x = alt.X("bin:Q", title="Seats", scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(tickCount=6))
    y = rows_by_rank()
    marks = (
        alt.Chart(dots)
        .mark_circle(
            stroke=palette.OUTLINE,
            strokeWidth=0.7,
            opacity=1,
            size=alt.expr(f"pow({diameter}, 2)"),
            yOffset=alt.expr(f"height / {2 * rows} - 4 - {diameter} * (0.5 + datum.level * datum.step)"),
        )
        .encode(
            x=x,
            y=y,
            color=raw("fill"),
            tooltip=[alt.Tooltip("short:N", title="1 chance in 50"), alt.Tooltip("seats:Q", title="Seats, about")],
        )
    )
    return stack(marks, majority_rule(majority), height=ROW_HEIGHT * rows + AXES, own_axes=True)


def rule_at(at: int, said: str, scale: Any = alt.Undefined) -> alt.Chart:
    """Dashed line across all rows, named on an axis above; for charts whose layers have axes of their own."""
    axis = alt.Axis(orient="top", values=[at], labelExpr=f"'{said}'", title=None, grid=False)
    rule = alt.Chart(alt.InlineData([{"at": at}])).mark_rule(color=palette.OUTLINE, strokeDash=[4, 3], strokeWidth=1.5)
    drawn: alt.Chart = rule.encode(x=alt.X("at:Q", axis=axis, title=None, scale=scale), tooltip=alt.value(None))
    return drawn


def majority_rule(majority: int, scale: Any = alt.Undefined) -> alt.Chart:
    """Line at the majority."""
    return rule_at(majority, f"{majority} for a majority", scale)


def outcome_bars(outcomes: Table, *, rows: int) -> Chart:
    """Bars of 100 simulations, divided by outcome.

    Parameters
    ----------
    outcomes : pl.DataFrame or alt.NamedData
        As ``views.frames.outcome_segments`` gives it.
    rows : int
        Number of bars; one bar has no label.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[0, 100], nice=False)
    y = alt.Y("bar:N", sort=RANK, title=None, axis=alt.Axis(labelLimit=150) if rows > 1 else None)
    bars = (
        alt.Chart(outcomes)
        .mark_bar(stroke=palette.OUTLINE, strokeWidth=1)
        .encode(
            x=alt.X("start:Q", scale=scale, axis=None),
            x2="end:Q",
            y=y,
            color=raw("fill"),
            tooltip=[alt.Tooltip("label:N", title="Outcome"), alt.Tooltip("percent:Q", title="In 100 simulations")],
        )
    )
    text = (
        alt.Chart(outcomes)
        .transform_filter("datum.percent >= 8")
        .mark_text(lineBreak="|", lineHeight=15, fontWeight="bold", fontSize=12, dy=-7)
        .encode(x=alt.X("middle:Q", scale=scale, axis=None), y=y, text="text:N", color=raw("ink"))
    )
    return stack(bars, text, height=58 * rows + 22)


def seat_card(shares: Table, *, rows: int) -> Chart:
    """Expected share of each line in one seat: a dot for the mean, a bar for 90 %, a diamond for the last result.

    Parameters
    ----------
    shares : pl.DataFrame or alt.NamedData
        As ``views.frames.card_rows`` gives it.
    rows : int
        Number of lines.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    base = alt.Chart(shares).encode(y=rows_by_rank())
    x = alt.X("lo90:Q", title="Share of the vote", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("mean:Q", format=".0%", title="Expected"),
        alt.Tooltip("lo90:Q", format=".0%", title="90% from"),
        alt.Tooltip("hi90:Q", format=".0%", title="90% to"),
        alt.Tooltip("base:Q", format=".0%", title="Last general election"),
    ]
    return stack(
        base.mark_rule(strokeWidth=8, color=palette.OUTLINE).encode(x=x, x2="hi90:Q"),
        base.mark_rule(strokeWidth=6).encode(x=x, x2="hi90:Q", color=raw("fill"), tooltip=tooltip),
        base.mark_point(filled=True, size=150, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(
            x="mean:Q", color=raw("fill"), tooltip=tooltip
        ),
        base.mark_point(shape="diamond", size=60, fill="#FFFFFF", stroke=palette.OUTLINE, strokeWidth=1.5).encode(
            x="base:Q", tooltip=tooltip
        ),
        height=40 * rows + AXES,
    )


def dumbbell(changes: Table, *, rows: int, majority: int, top: int) -> Chart:
    """Seats in the forecast (ring) and in the scenario (dot), with the paired change beside the name.

    Parameters
    ----------
    changes : pl.DataFrame or alt.NamedData
        As ``views.frames_scenario.dumbbell_rows`` gives it.
    rows : int
        Number of lines.
    majority : int
        Seats for a majority.
    top : int
        Right end of the axis in seats.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    base = alt.Chart(changes).encode(y=rows_by_rank())
    scale = alt.Scale(domain=[0, top], nice=False)

    def at(field: str, axis: Any = None) -> alt.X:
        return alt.X(f"{field}:Q", title="Seats (mean)", scale=scale, axis=axis)

    tooltip = [
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("seats_base:Q", format=".0f", title="Forecast"),
        alt.Tooltip("seats_other:Q", format=".0f", title="Scenario"),
    ]
    shown = alt.Axis(tickCount=6)
    return stack(
        base.mark_rule(strokeWidth=5, color=palette.OUTLINE).encode(x=at("seats_base", shown), x2="seats_other:Q"),
        base.mark_rule(strokeWidth=3).encode(x=at("seats_base"), x2="seats_other:Q", color=raw("fill")),
        base.mark_point(size=110, filled=False, color=palette.OUTLINE, strokeWidth=2.5).encode(
            x=at("seats_base"), tooltip=tooltip
        ),
        base.mark_point(size=150, filled=True, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(
            x=at("seats_other"), color=raw("fill"), tooltip=tooltip
        ),
        majority_rule(majority),
        height=42 * rows + AXES,
        own_axes=True,
    )
