"""Altair charts of seats and votes, made from small tables. No Streamlit, no statistics.

Text off the marks is drawn by axes and legends only, because those take their colour from the light or dark theme; text
on a fill is black or white, whichever reads better there.
"""

from typing import Any

import altair as alt
import polars as pl

from views import palette, words

Chart = alt.LayerChart
ROW_HEIGHT = 60
AXES = 76
"""Room for axes above and below, in pixels."""
DOT_CAP = 10
BINS = 46


def fills(lines: list[str], accessible: bool) -> alt.Scale:
    """Colour scale of some lines, by their short names."""
    return alt.Scale(
        domain=[palette.line(code).short for code in lines], range=[palette.colour(code, accessible) for code in lines]
    )


def two_line_axis(**options: Any) -> alt.Axis:
    """Axis whose labels break at ``|``."""
    return alt.Axis(
        labelExpr="split(datum.label, '|')",
        labelLimit=150,
        labelLineHeight=15,
        labelOverlap=False,
        title=None,
        **options,
    )


def stack(*layers: alt.Chart, height: int, description: str, own_axes: bool = False) -> Chart:
    """Lay charts over each other; with ``own_axes`` each keeps its own axis of seats."""
    chart: Chart = alt.LayerChart(layer=list(layers))
    if own_axes:
        chart = chart.resolve_axis(x="independent")
    return chart.properties(height=height, description=description)


def with_short(table: pl.DataFrame, key: str = "line") -> pl.DataFrame:
    """Table with the column ``short``: the short name of each row's line."""
    return table.with_columns(short=pl.col(key).map_elements(lambda c: palette.line(c).short, return_dtype=pl.String))


def seat_dots(dots: pl.DataFrame, *, majority: int, top: int, accessible: bool, description: str) -> Chart:
    """Quantile dotplot of seats, one row a line, with the majority marked.

    Parameters
    ----------
    dots : pl.DataFrame
        As ``views.frames.quantile_dots`` gives it.
    majority : int
        Seats for a majority.
    top : int
        Right end of the axis in seats.
    accessible : bool
        Whether to use the accessible colours.
    description : str
        The sentence that says what the chart shows.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    lines = dots["line"].unique(maintain_order=True).to_list()
    rows = dots["row"].unique(maintain_order=True).to_list()
    diameter = f"min({DOT_CAP}, 0.94 * width / {BINS})"
    x = alt.X("bin:Q", title="Seats", scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(tickCount=6))
    marks = (
        alt.Chart(with_short(dots))
        .mark_circle(
            stroke=palette.OUTLINE,
            strokeWidth=0.7,
            opacity=1,
            size=alt.expr(f"pow({diameter}, 2)"),
            yOffset=alt.expr(f"height / {2 * len(rows)} - 4 - {diameter} * (0.5 + datum.level * datum.step)"),
        )
        .encode(
            x=x,
            y=alt.Y("row:N", sort=rows, axis=two_line_axis(), scale=alt.Scale(padding=0.5)),
            color=alt.Color("short:N", scale=fills(lines, accessible), legend=None),
            tooltip=[alt.Tooltip("short:N", title="1 chance in 50"), alt.Tooltip("seats:Q", title="Seats, about")],
        )
    )
    height = ROW_HEIGHT * len(rows) + AXES
    return stack(marks, _majority_rule(majority), height=height, description=description, own_axes=True)


def _majority_rule(majority: int) -> alt.Chart:
    axis = alt.Axis(orient="top", values=[majority], labelExpr=f"'{majority} for a majority'", title=None, grid=False)
    rule = alt.Chart(pl.DataFrame({"majority": [majority]}))
    marked: alt.Chart = rule.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3], strokeWidth=1.5).encode(
        x=alt.X("majority:Q", axis=axis, title=None), tooltip=alt.value(None)
    )
    return marked


def outcome_bars(tables: dict[str, pl.DataFrame], *, accessible: bool, description: str) -> Chart:
    """Bars of 100 simulations, divided by outcome.

    Parameters
    ----------
    tables : dict
        Label of each bar to its outcomes, as ``views.frames.outcomes`` gives them.
    accessible : bool
        Whether to use the accessible colours.
    description : str
        The sentence that says what the chart shows.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    table = pl.concat([_segments(outcomes, bar, accessible) for bar, outcomes in tables.items()])
    scale = alt.Scale(domain=[0, 100], nice=False)
    rows = list(tables)
    y = alt.Y("bar:N", sort=rows, title=None, axis=alt.Axis() if len(rows) > 1 else None)
    bars = (
        alt.Chart(table)
        .mark_bar(stroke=palette.OUTLINE, strokeWidth=1)
        .encode(
            x=alt.X("start:Q", scale=scale, axis=None),
            x2="end:Q",
            y=y,
            color=alt.Color("fill:N", scale=None),
            tooltip=[alt.Tooltip("label:N", title="Outcome"), alt.Tooltip("percent:Q", title="In 100 simulations")],
        )
    )
    text = (
        alt.Chart(table.filter(pl.col("percent") >= 8))
        .mark_text(lineBreak="|", lineHeight=15, fontWeight="bold", fontSize=12, dy=-7)
        .encode(x=alt.X("middle:Q", scale=scale, axis=None), y=y, text="text:N", color=alt.Color("ink:N", scale=None))
    )
    return stack(bars, text, height=58 * len(rows) + 22, description=description)


def _segments(outcomes: pl.DataFrame, bar: str, accessible: bool) -> pl.DataFrame:
    end = outcomes["percent"].cum_sum()
    fill = [palette.NEUTRAL if c == "hung" else palette.colour(c, accessible) for c in outcomes["code"]]
    letters = ["Hung" if c == "hung" else palette.line(c).letters for c in outcomes["code"]]
    return outcomes.with_columns(
        bar=pl.lit(bar),
        start=end - outcomes["percent"],
        end=end,
        middle=end - outcomes["percent"] / 2,
        fill=pl.Series(fill),
        ink=pl.Series([palette.ink_on(f) for f in fill]),
        text=pl.Series([f"{name}|{n}" for name, n in zip(letters, outcomes["percent"], strict=True)]),
    )


def seat_card(shares: pl.DataFrame, *, accessible: bool, description: str) -> Chart:
    """Expected share of each line in one seat: a dot for the mean, a bar for 90 %, a diamond for the last result.

    Parameters
    ----------
    shares : pl.DataFrame
        As ``Forecast.constituency`` gives it.
    accessible : bool
        Whether to use the accessible colours.
    description : str
        The sentence that says what the chart shows.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    table = with_short(shares, "party").with_columns(
        row=pl.Series(
            [f"{palette.line(c).short}|{words.frequency(p)}" for c, p in shares.select("party", "p_win").iter_rows()],
            dtype=pl.String,
        )
    )
    rows, lines = table["row"].to_list(), table["party"].to_list()
    base = alt.Chart(table).encode(y=alt.Y("row:N", sort=rows, axis=two_line_axis()))
    x = alt.X("lo90:Q", title="Share of the vote", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(zero=True))
    colour = alt.Color("short:N", scale=fills(lines, accessible), legend=None)
    tooltip = [
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("mean:Q", format=".0%", title="Expected"),
        alt.Tooltip("lo90:Q", format=".0%", title="90% from"),
        alt.Tooltip("hi90:Q", format=".0%", title="90% to"),
        alt.Tooltip("base:Q", format=".0%", title="Last result"),
    ]
    return stack(
        base.mark_rule(strokeWidth=8, color=palette.OUTLINE).encode(x=x, x2="hi90:Q"),
        base.mark_rule(strokeWidth=6).encode(x=x, x2="hi90:Q", color=colour, tooltip=tooltip),
        base.mark_point(filled=True, size=150, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(
            x="mean:Q", color=colour, tooltip=tooltip
        ),
        base.mark_point(shape="diamond", size=60, fill="#FFFFFF", stroke=palette.OUTLINE, strokeWidth=1.5).encode(
            x="base:Q", tooltip=tooltip
        ),
        height=40 * len(rows) + AXES,
        description=description,
    )


def dumbbell(table: pl.DataFrame, *, majority: int, top: int, accessible: bool, description: str) -> Chart:
    """Seats in the forecast (hollow) and in the scenario (filled), with the paired change beside the name.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.scenario.compare`` gives it, largest first.
    majority : int
        Seats for a majority.
    top : int
        Right end of the axis in seats.
    accessible : bool
        Whether to use the accessible colours.
    description : str
        The sentence that says what the chart shows.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    labels = [
        f"{palette.line(r['party']).short}|{words.signed(r['seats_change'])} "
        f"({words.signed(r['lo90'])} to {words.signed(r['hi90'])})"
        for r in table.iter_rows(named=True)
    ]
    table = with_short(table, "party").with_columns(row=pl.Series(labels, dtype=pl.String))
    base = alt.Chart(table).encode(y=alt.Y("row:N", sort=labels, axis=two_line_axis()))
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("seats_base:Q", title="Seats (mean)", scale=scale, axis=alt.Axis(tickCount=6))
    hidden = alt.X("seats_base:Q", scale=scale, axis=None)
    end = alt.X("seats_other:Q", scale=scale, axis=None)
    colour = alt.Color("short:N", scale=fills(table["party"].to_list(), accessible), legend=None)
    tooltip = [
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("seats_base:Q", format=".0f", title="Forecast"),
        alt.Tooltip("seats_other:Q", format=".0f", title="Scenario"),
    ]
    return stack(
        base.mark_rule(strokeWidth=5, color=palette.OUTLINE).encode(x=x, x2="seats_other:Q"),
        base.mark_rule(strokeWidth=3).encode(x=hidden, x2="seats_other:Q", color=colour),
        base.mark_point(size=110, filled=False, color=palette.OUTLINE, strokeWidth=2.5).encode(
            x=hidden, tooltip=tooltip
        ),
        base.mark_point(size=150, filled=True, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(
            x=end, color=colour, tooltip=tooltip
        ),
        _majority_rule(majority),
        height=42 * len(labels) + AXES,
        description=description,
        own_axes=True,
    )
