"""Chart of scenarios side by side: in each party's row a mark and its range for every scenario."""

import altair as alt

from views import palette
from views.charts import AXES, Chart, Table, majority_rule, raw, rows_by_rank, rule_at, stack

SHAPES = ("circle", "square", "diamond", "triangle-up")
SIZE = alt.expr("datum.letter == 'D' ? 480 : datum.letter == 'C' ? 400 : 250")
"""Area at which a letter fits into its shape."""
LINE = 25
"""Height of one scenario's line in a row, in pixels."""
MIDDLE = alt.expr("datum.letter == 'D' ? 3.5 : 0.5")
"""How far below the middle of its box a letter stands: lower in the triangle."""


def ranges(
    table: Table,
    *,
    rows: int,
    letters: tuple[str, ...],
    first: int,
    ends: tuple[int, int],
    at: int,
    said: str,
    axis: str,
) -> Chart:
    """Mark for the mean and bar for 90 % of the draws, a line for each scenario in the row of each party.

    Parameters
    ----------
    table : pl.DataFrame or alt.NamedData
        As ``views.frames_compare.seat_rows`` or ``difference_rows`` gives it.
    rows : int
        Number of parties.
    letters : tuple of str
        Letters of the scenarios shown, in order.
    first : int
        Place of the first of them among all shapes.
    ends : tuple of int
        Ends of the axis in seats.
    at : int
        Where a dashed line is drawn.
    said : str
        What is written above it.
    axis : str
        What is measured.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    names = list(letters)
    scale = alt.Scale(domain=list(ends), nice=False)
    base = alt.Chart(table).encode(
        y=rows_by_rank(),
        yOffset=alt.YOffset("letter:N", sort=names, scale=alt.Scale(domain=names, paddingOuter=0.4)),
        tooltip=[
            alt.Tooltip("short:N", title="Party"),
            alt.Tooltip("scenario:N", title="Scenario"),
            alt.Tooltip("mean:Q", title="Mean", format=".0f"),
            alt.Tooltip("lo90:Q", title="90% from", format=".0f"),
            alt.Tooltip("hi90:Q", title="90% to", format=".0f"),
        ],
    )
    x = alt.X("lo90:Q", title=axis, scale=scale, axis=alt.Axis(tickCount=6))
    mean = alt.X("mean:Q", title=axis, scale=scale, axis=None)
    shape = alt.Shape(
        "letter:N", scale=alt.Scale(domain=names, range=list(SHAPES[first : first + len(names)])), legend=None
    )
    marks = base.mark_point(filled=True, opacity=1, stroke=palette.OUTLINE, strokeWidth=1, size=SIZE)
    return stack(
        base.mark_rule(strokeWidth=5, color=palette.OUTLINE).encode(x=x, x2="hi90:Q"),
        base.mark_rule(strokeWidth=3).encode(x=alt.X("lo90:Q", scale=scale, axis=None), x2="hi90:Q", color=raw("fill")),
        marks.encode(x=mean, color=raw("fill"), shape=shape),
        base.mark_text(fontWeight="bold", fontSize=10, dy=MIDDLE).encode(x=mean, text="letter:N", color=raw("ink")),
        rule_at(at, said, scale),
        height=rows * (LINE * len(names) + 12) + AXES,
        own_axes=True,
    )


def beside(
    table: Table, *, rows: int, lanes: tuple[str, ...], kinds: tuple[tuple[str, str], ...], end: int, at: int
) -> Chart:
    """Seats as forecast, with their range, and other figures of the same party under it, a lane for each kind of them.

    Parameters
    ----------
    table : pl.DataFrame or alt.NamedData
        As ``views.frames_beside`` gives it.
    rows : int
        Number of parties.
    lanes : tuple of str
        Lanes of a row, from above.
    kinds : tuple of (str, str)
        Kinds of figures, each with its shape.
    end : int
        Right end of the axis in seats.
    at : int
        Seats for a majority.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[0, end], nice=False)
    lane = alt.YOffset("lane:N", sort=list(lanes), scale=alt.Scale(domain=list(lanes), paddingOuter=0.4))
    base = alt.Chart(table).encode(y=rows_by_rank(), yOffset=lane)
    tooltip = [
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("name:N", title="Whose"),
        alt.Tooltip("value:Q", title="Seats", format=".0f"),
    ]
    ranged = base.transform_filter("isValid(datum.lo90)")
    legend = alt.Legend(
        title=None, orient="bottom", columns=2, labelLimit=210, symbolOpacity=1, symbolFillColor=palette.OUTLINE
    )
    names, shapes = ([kind[i] for kind in kinds] for i in range(2))
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=names, range=shapes), legend=legend)
    x = alt.X("lo90:Q", title="Seats", scale=scale, axis=alt.Axis(tickCount=6))
    return stack(
        ranged.mark_rule(strokeWidth=5, color=palette.OUTLINE).encode(x=x, x2="hi90:Q"),
        ranged.mark_rule(strokeWidth=3).encode(
            x=alt.X("lo90:Q", scale=scale, axis=None), x2="hi90:Q", color=raw("fill")
        ),
        base.mark_point(filled=True, opacity=0.9, stroke=palette.OUTLINE, strokeWidth=1, size=90).encode(
            x=alt.X("value:Q", scale=scale, axis=None), color=raw("fill"), shape=shape, tooltip=tooltip
        ),
        majority_rule(at, scale),
        height=rows * (LINE * len(lanes) + 12) + AXES + 40,
        own_axes=True,
    )
