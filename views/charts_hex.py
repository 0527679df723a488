"""The hex map: one hexagon a seat with its party's letters inside, to be clicked; and what other maps share with it."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from views import palette
from views.charts import Chart, Table, raw, stack
from views.hexes import Entries

Box = tuple[float, float, float, float]
"""Ends ``x0, x1, y0, y1`` of a picture."""

SELECTION = "seat"
"""Name of the click selection, by which the page reads it."""

HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"
HEIGHT = 780


def hex_map(seats: Table, ring: Table, *, box: Box, title: str, entries: Entries) -> Chart:
    """Draw the hex map; a click on a hexagon selects its ``constituency``.

    Parameters
    ----------
    seats : pl.DataFrame or alt.NamedData
        As ``views.hexes.paint`` gives it.
    ring : pl.DataFrame or alt.NamedData
        ``x, y`` of the seat to ring; no rows for none.
    box : tuple of float
        Ends ``x0, x1, y0, y1`` of the picture, in widths of a hexagon.
    title : str
        Title of the legend.
    entries : tuple of (str, str)
        Names and colours of the legend.

    Returns
    -------
    alt.LayerChart
        As wide as its container; hexagons stay regular at any width.
    """
    axes = plane(box)
    rings = [
        alt.Chart(ring)
        .mark_point(
            shape=HEXAGON,
            filled=False,
            opacity=1,
            stroke=stroke,
            strokeWidth=width,
            size=axes.area(1.25),
            clip=True,
            aria=False,  # a ring says nothing that the card does not; without a ring it would be an image of nothing
        )
        .encode(x=axes.x, y=axes.y)
        for stroke, width in (("#000000", 5), ("#FFFFFF", 2))
    ]
    legend = legend_of(axes, box, title, entries, symbol=HEXAGON)
    return fit(stack(legend, *_hexagons(seats, axes), *rings, height=HEIGHT), box, HEIGHT)


def fit(chart: Chart, box: Box, highest: int) -> Chart:
    """Fit a map to its container.

    Parameters
    ----------
    chart : alt.LayerChart
        Layers on one plane.
    box : tuple of float
        Ends ``x0, x1, y0, y1`` of the picture.
    highest : int
        Its height in pixels at most.

    Returns
    -------
    alt.LayerChart
        On a narrow screen, and for a region wider than it is high, no higher than the map.
    """
    wide, high = box[1] - box[0], box[3] - box[2]
    chart = chart.resolve_scale(color="independent")
    fitted: Chart = chart.add_params(alt.param(name="height", expr=f"min({highest}, width * {high / wide:.4f})"))
    return fitted.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))


@dataclass(frozen=True, kw_only=True)
class Axes:
    """Axes with one scale at any width; ``side`` is the pixels of one step (of one hexagon), as an expression."""

    x: alt.X
    y: alt.Y
    side: str

    def area(self, scale: float) -> Any:
        """Size of a symbol ``scale`` times as wide as its place."""
        return alt.expr(f"pow({self.side} * {scale}, 2)")


def plane(box: Box) -> Axes:
    """Axes on which a step across is as long as a step up.

    Parameters
    ----------
    box : tuple of float
        Ends ``x0, x1, y0, y1`` of the picture.

    Returns
    -------
    Axes
        With the top of the map at the top of the picture.
    """
    x0, x1, y0, y1 = box
    wide, high = x1 - x0, y1 - y0
    side = f"min(width / {wide:.3f}, height / {high:.3f})"
    across = [alt.expr(f"width / 2 {sign} {side} * {wide / 2:.3f}") for sign in "-+"]
    # Top of the map at the top of the picture: on a phone the free room is then below, not above.
    down = [alt.expr(f"{side} * {high:.3f}"), alt.expr("0")]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[x0, x1], range=across, nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[y0, y1], range=down, nice=False, zero=False))
    return Axes(x=x, y=y, side=side)


def legend_of(axes: Axes, box: Box, title: str, entries: Entries, *, symbol: str = "square") -> alt.Chart:
    """Carry the legend in an invisible mark: the fills of the seats are already chosen and have no scale.

    Parameters
    ----------
    axes : Axes
        Plane of the map.
    box : tuple of float
        Its ends.
    title : str
        Title of the legend.
    entries : tuple of (str, str)
        Names and colours.
    symbol : str
        Shape of its marks.

    Returns
    -------
    alt.Chart
        A layer.
    """
    names, fills = [name for name, _ in entries], [fill for _, fill in entries]
    legend = alt.Legend(
        title=title,
        titleLimit=320,
        orient="bottom",
        columns=4,
        symbolOpacity=1,
        symbolStrokeColor=palette.OUTLINE,
        symbolType=symbol,
        symbolSize=180,
        symbolStrokeWidth=1,
    )
    point = alt.Chart(alt.InlineData([{"x": box[0], "y": box[2], "key": names[0]}]))
    carrier: alt.Chart = point.mark_point(size=0, opacity=0, filled=True).encode(
        x=axes.x, y=axes.y, color=alt.Color("key:N", scale=alt.Scale(domain=names, range=fills), legend=legend)
    )
    return carrier


def _hexagons(seats: Table, axes: Axes) -> list[alt.Chart]:
    """Hexagons that can be clicked, and the letters on them."""
    base = alt.Chart(seats).encode(x=axes.x, y=axes.y)
    hexagons = clickable(
        base.mark_point(
            shape=HEXAGON,
            filled=True,
            opacity=1,
            stroke=palette.OUTLINE,
            strokeWidth=1,
            size=axes.area(1.15),
            cursor="pointer",
            clip=True,
        )
    )
    letters = base.mark_text(
        fontWeight="bold", fontSize=alt.expr(f"max(6.5, min(15, {axes.side} * 0.5))"), clip=True
    ).encode(text="letters:N", color=raw("ink"))
    return [hexagons, letters]


def clickable(seats: alt.Chart) -> alt.Chart:
    """Let marks be clicked, and say on each what its seat's outlook is.

    Parameters
    ----------
    seats : alt.Chart
        One mark a seat, of a table that ``views.hexes.paint`` made.

    Returns
    -------
    alt.Chart
        With fill, text alternative, tooltip and the selection ``SELECTION``.
    """
    tooltip = [alt.Tooltip("name:N", title="Seat"), alt.Tooltip("outlook:N", title="Outlook")]
    marks: alt.Chart = (
        seats.transform_calculate(label="datum.name + ': ' + datum.outlook")
        .encode(color=raw("fill"), description=alt.Description("label:N"), tooltip=tooltip)
        .add_params(alt.selection_point(name=SELECTION, fields=["constituency"], on="click"))
    )
    return marks
