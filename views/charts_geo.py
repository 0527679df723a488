"""The geographic map: the outline of each seat, coloured as the hex map is, to be clicked."""

import altair as alt

from views import palette
from views.charts import Chart, Table, raw, stack
from views.charts_hex import Axes, Box, clickable, fit, legend_of, plane
from views.hexes import Entries

HEIGHT = 900
"""Height in pixels at most: the country is twice as high as wide."""

LEAST = 7
"""Room in pixels to the border that a seat's letters need to be read."""


def geo_map(seats: Table, ring: Table, *, box: Box, title: str, entries: Entries) -> Chart:
    """Draw the map; a click on a seat selects its ``constituency``.

    An outline is the symbol of its seat, a path around a point inside: one row a seat, which a click selects as it does
    a hexagon.

    Parameters
    ----------
    seats : pl.DataFrame or alt.NamedData
        As ``views.hexes.paint`` gives it, with ``path`` and ``room`` of ``models.outlines.outlines``.
    ring : pl.DataFrame or alt.NamedData
        ``x, y, path`` of the seat to mark; no rows for none.
    box : tuple of float
        Ends ``x0, x1, y0, y1`` of the picture, on the grid of the outlines.
    title : str
        Title of the legend.
    entries : tuple of (str, str)
        Names and colours of the legend.

    Returns
    -------
    alt.LayerChart
        As wide as its container, with the true proportions of the land at any width.
    """
    axes = plane(box)
    rings = [
        alt.Chart(ring)
        .mark_point(
            filled=False, opacity=1, stroke=stroke, strokeWidth=width, size=axes.area(2.0), clip=True, aria=False
        )
        .encode(x=axes.x, y=axes.y, shape=_outline())
        for stroke, width in (("#000000", 4), ("#FFFFFF", 1.5))
    ]
    return fit(stack(legend_of(axes, box, title, entries), *_seats(seats, axes), *rings, height=HEIGHT), box, HEIGHT)


def _outline() -> alt.Shape:
    return alt.Shape("path:N", scale=None, legend=None)


def _seats(seats: Table, axes: Axes) -> list[alt.Chart]:
    """Outlines that can be clicked, and letters where they have room."""
    base = alt.Chart(seats).encode(x=axes.x, y=axes.y)
    outlines = clickable(
        base.mark_point(
            filled=True,
            opacity=1,
            stroke=palette.OUTLINE,
            strokeWidth=0.5,
            size=axes.area(2.0),
            cursor="pointer",
            clip=True,
        ).encode(shape=_outline())
    )
    room = f"datum.room * {axes.side}"
    letters = base.mark_text(
        fontWeight="bold",
        # Letters without room have no size: transparent ones would take the clicks of the seats around.
        fontSize=alt.expr(f"{room} < {LEAST} ? 0 : max(8, min(15, {room} * 0.9))"),
        clip=True,
    ).encode(text="letters:N", color=raw("ink"))
    return [outlines, letters]
