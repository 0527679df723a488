"""Charts of what a goal would take: the chance along one dial, and the second dial needed beside the first."""

import altair as alt

from views import palette
from views.charts import Chart, Table, stack
from views.layers import POINT, legend

MARKED = ("Forecast", "What it takes")
HEIGHT = 380


def _look() -> dict[str, alt.Color | alt.Shape]:
    """Colour and shape of the two places that are marked, in one legend."""
    blue, orange = palette.SERIES[:2]
    return {
        "color": alt.Color("kind:N", scale=alt.Scale(domain=list(MARKED), range=[blue, orange]), legend=legend()),
        "shape": alt.Shape(
            "kind:N", scale=alt.Scale(domain=list(MARKED), range=["circle", "diamond"]), legend=legend()
        ),
    }


def curve(points: Table, *, axis: str, wanted: float) -> Chart:
    """Chance of a goal along a dial, with the band of counting, the chance that is wanted, and what it takes.

    Parameters
    ----------
    points : pl.DataFrame or alt.NamedData
        As ``views.frames_solve.curve`` gives it.
    axis : str
        Title of the dial.
    wanted : float
        The wanted chance in 100.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("value:Q", title=axis, scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(tickCount=6))

    def height(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title="Chance in 100", scale=scale, axis=alt.Axis(tickCount=5))

    tooltip = [
        alt.Tooltip("told:N", title="Dial"),
        alt.Tooltip("chance:Q", title="Chance in 100", format=".0f"),
        alt.Tooltip("lo95:Q", title="95% from", format=".0f"),
        alt.Tooltip("hi95:Q", title="95% to", format=".0f"),
    ]
    base, colour = alt.Chart(points), palette.SERIES[0]
    rule = alt.Chart(alt.InlineData([{"wanted": wanted}]))
    return stack(
        base.mark_area(opacity=0.22, color=colour).encode(x=x, y=height("lo95"), y2="hi95:Q"),
        rule.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3], strokeWidth=1.5).encode(
            y=height("wanted"), tooltip=alt.value(None)
        ),
        base.mark_line(strokeWidth=2, color=colour).encode(x=x, y=height("chance"), order="value:Q"),
        base.mark_circle(size=30, opacity=1, color=colour).encode(x=x, y=height("chance"), tooltip=tooltip),
        base.transform_filter("datum.kind !== ''")
        .mark_point(size=150, **POINT)
        .encode(x=x, y=height("chance"), tooltip=tooltip, **_look()),
        height=HEIGHT,
    )


def frontier(points: Table, *, first: str, second: str) -> Chart:
    """What is needed of a second dial beside the first, and where the forecast stands.

    Parameters
    ----------
    points : pl.DataFrame or alt.NamedData
        As ``views.frames_solve.frontier`` gives it.
    first, second : str
        Titles of both dials.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    loose, ticks = alt.Scale(zero=False), alt.Axis(tickCount=6)
    base = alt.Chart(points).encode(
        x=alt.X("first:Q", title=first, scale=loose, axis=ticks),
        y=alt.Y("second:Q", title=second, scale=loose, axis=ticks),
    )
    tooltip = [alt.Tooltip("told_first:N", title="First dial"), alt.Tooltip("told_second:N", title="Second dial")]
    return stack(
        base.transform_filter(f"datum.kind === '{MARKED[1]}'")
        .mark_line(strokeWidth=2, color=palette.SERIES[1])
        .encode(order="first:Q"),
        base.mark_point(size=130, **POINT).encode(tooltip=tooltip, **_look()),
        height=HEIGHT,
    )
