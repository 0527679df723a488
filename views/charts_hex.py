"""The hex map: one hexagon a seat, its party's letters inside, coloured in one of four ways."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import polars as pl

from views import palette, words
from views.charts import Chart, stack

SELECTION = "seat"
"""Name of the click selection, by which the page reads it."""

MODES = {
    "winner": "Winner",
    "chance": "Chance",
    "change": "Change of hands",
    "category": "Category",
}
STRENGTH = {"safe": 1.0, "likely": 0.72, "lean": 0.46, "toss-up": 0.2}
"""How much of the party's colour is left in the paler kinds of seat."""

BANDS = ((0.95, "95 or more"), (0.8, "80 to 95"), (0.65, "65 to 80"), (0.5, "50 to 65"), (0.0, "under 50"))
"""Bands of the chance of the likeliest winner, in 100, from certain to open."""

HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"
ROW = 0.75**0.5
"""Distance of two rows when two columns are 1 apart (regular hexagons standing on a corner)."""


def place(seats: pl.DataFrame) -> pl.DataFrame:
    """Give each seat the centre of its hexagon, in widths of a hexagon.

    Parameters
    ----------
    seats : pl.DataFrame
        ``q`` and ``r`` of an odd-r layout (odd rows stand half a hexagon to the right; larger ``r`` is further north).

    Returns
    -------
    pl.DataFrame
        The rows with a hexagon, with columns ``x`` and ``y`` (north is up).
    """
    found = seats.with_columns(pl.col("q", "r").cast(pl.Float64).fill_nan(None)).drop_nulls(["q", "r"])
    return found.with_columns(x=pl.col("q") + 0.5 * (pl.col("r").cast(pl.Int64) % 2).abs(), y=pl.col("r") * ROW)


def paint(seats: pl.DataFrame, *, mode: str, accessible: bool) -> pl.DataFrame:
    """Choose fill, ink and letters of every hexagon.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``Forecast.constituencies`` gives it, placed.
    mode : str
        A key of ``MODES``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        With ``fill, ink, letters, key`` (entry of the legend) and words for the tooltip.
    """
    fill, key = [], []
    for winner, base, p in seats.select("winner", "base_winner", "p_winner").iter_rows():
        colour, name = _paint_one(winner, base, p, mode, accessible)
        fill.append(colour)
        key.append(name)
    look = {code: palette.line(code) for code in seats["winner"].unique()}
    return seats.with_columns(
        fill=pl.Series(fill, dtype=pl.String),
        key=pl.Series(key, dtype=pl.String),
        ink=pl.Series([_ink(f) for f in fill], dtype=pl.String),
        letters=pl.Series([look[w].letters for w in seats["winner"]], dtype=pl.String),
        outlook=pl.Series(
            [f"{look[w].name}, {words.frequency(p)}" for w, p in seats.select("winner", "p_winner").iter_rows()],
            dtype=pl.String,
        ),
    )


@cache
def _ink(fill: str) -> str:
    return palette.ink_on(fill)


@cache
def _tint(code: str, kind: str, accessible: bool) -> str:
    return palette.mix(palette.colour(code, accessible), STRENGTH[kind])


def _paint_one(winner: str, base: str, p: float, mode: str, accessible: bool) -> tuple[str, str]:
    short = palette.line(winner).short
    if mode == "chance":
        i = next(i for i, (floor, _) in enumerate(BANDS) if p >= floor)
        return palette.CERTAINTY[-1 - i], BANDS[i][1]
    if mode == "change" and winner == base:
        return palette.NEUTRAL, "Held"
    if mode == "category":
        kind = words.category(p)
        return _tint(winner, kind, accessible), kind
    return palette.colour(winner, accessible), short


def _entries(seats: pl.DataFrame, mode: str, accessible: bool) -> tuple[alt.Scale, str]:
    """Entries of the legend with their colours, and its title."""
    ranked = seats["winner"].value_counts(sort=True)["winner"].to_list()
    if mode == "chance":
        names = [name for _, name in BANDS]
        return alt.Scale(domain=names, range=list(reversed(palette.CERTAINTY))), "Chance of the likeliest, in 100"
    if mode == "category":
        name = palette.line(ranked[0]).name
        tints = [_tint(ranked[0], kind, accessible) for kind in words.CATEGORIES]
        return alt.Scale(domain=list(words.CATEGORIES), range=tints), f"Strength of colour, as for {name}"
    names = [palette.line(code).short for code in ranked]
    colours = [palette.colour(code, accessible) for code in ranked]
    if mode == "change":
        return alt.Scale(domain=["Held", *names], range=[palette.NEUTRAL, *colours]), "Likely gain by"
    return alt.Scale(domain=names, range=colours), "Likeliest winner"


def hex_map(
    seats: pl.DataFrame, *, mode: str, chosen: str | None, within: pl.DataFrame, accessible: bool, description: str
) -> Chart:
    """Draw the hex map; a click on a hexagon selects its ``constituency``.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``place`` and ``paint`` give it.
    mode : str
        A key of ``MODES``.
    chosen : str, optional
        Code of the seat to ring.
    within : pl.DataFrame
        The placed seats the picture is cut to (all, or one region's).
    accessible : bool
        Whether to use the accessible colours.
    description : str
        The sentence that says what the map shows.

    Returns
    -------
    alt.LayerChart
        Hexagons stay regular at any width.
    """
    axes = _frame(within)
    ring = alt.Chart(seats.filter(pl.col("constituency") == (chosen or "")).select("x", "y"))
    rings = [
        ring.mark_point(
            shape=HEXAGON, filled=False, opacity=1, stroke=stroke, strokeWidth=width, size=axes.area(1.25), clip=True
        ).encode(x=axes.x, y=axes.y)
        for stroke, width in (("#000000", 5), ("#FFFFFF", 2))
    ]
    layers = [_legend(seats, mode, accessible, axes), *_hexagons(seats, axes), *rings]
    chart: Chart = stack(*layers, height=780, description=description).resolve_scale(color="independent")
    return chart


@dataclass(frozen=True, kw_only=True)
class Axes:
    """Axes that keep hexagons regular at any width; ``side`` is the width of one in pixels, as an expression."""

    x: alt.X
    y: alt.Y
    side: str

    def area(self, scale: float) -> Any:
        """Size of a symbol ``scale`` times as wide as its place."""
        return alt.expr(f"pow({self.side} * {scale}, 2)")


def _legend(seats: pl.DataFrame, mode: str, accessible: bool, axes: Axes) -> alt.Chart:
    """Carry the legend in an invisible mark: the fills of the hexagons are already chosen and have no scale."""
    scale, title = _entries(seats, mode, accessible)
    legend = alt.Legend(
        title=title,
        orient="bottom",
        columns=4,
        symbolOpacity=1,
        symbolStrokeColor=palette.OUTLINE,
        symbolType=HEXAGON,
        symbolSize=180,
        symbolStrokeWidth=1,
    )
    mark = alt.Chart(seats.select("x", "y", "key").head(1)).mark_point(size=0, opacity=0, filled=True)
    carrier: alt.Chart = mark.encode(x=axes.x, y=axes.y, color=alt.Color("key:N", scale=scale, legend=legend))
    return carrier


def _hexagons(seats: pl.DataFrame, axes: Axes) -> list[alt.Chart]:
    """Hexagons that can be clicked, and the letters on them."""
    columns = ["constituency", "name", "x", "y", "fill", "ink", "letters", "outlook"]
    base = alt.Chart(seats.select(columns)).encode(x=axes.x, y=axes.y)
    hexagons = (
        base.transform_calculate(label="datum.name + ': ' + datum.outlook")
        .mark_point(
            shape=HEXAGON,
            filled=True,
            opacity=1,
            stroke=palette.OUTLINE,
            strokeWidth=1,
            size=axes.area(1.15),
            cursor="pointer",
            clip=True,
        )
        .encode(
            color=alt.Color("fill:N", scale=None),
            description=alt.Description("label:N"),
            tooltip=[alt.Tooltip("name:N", title="Seat"), alt.Tooltip("outlook:N", title="Likeliest winner")],
        )
        .add_params(alt.selection_point(name=SELECTION, fields=["constituency"], on="click"))
    )
    letters = base.mark_text(
        fontWeight="bold", fontSize=alt.expr(f"max(6.5, min(15, {axes.side} * 0.5))"), clip=True
    ).encode(text="letters:N", color=alt.Color("ink:N", scale=None))
    return [hexagons, letters]


def _frame(within: pl.DataFrame) -> Axes:
    x0, x1 = float(within["x"].min()) - 0.6, float(within["x"].max()) + 0.6  # type: ignore[arg-type]
    y0, y1 = float(within["y"].min()) - 0.7, float(within["y"].max()) + 0.7  # type: ignore[arg-type]
    wide, high = x1 - x0, y1 - y0
    side = f"min(width / {wide:.3f}, height / {high:.3f})"
    across = [alt.expr(f"width / 2 {sign} {side} * {wide / 2:.3f}") for sign in "-+"]
    # Top of the map at the top of the picture: on a phone the free room is then below, not above.
    down = [alt.expr(f"{side} * {high:.3f}"), alt.expr("0")]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[x0, x1], range=across, nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[y0, y1], range=down, nice=False, zero=False))
    return Axes(x=x, y=y, side=side)
