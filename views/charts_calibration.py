"""Charts of calibration: ranges that held, chances that came, and where results fell within the draws."""

import altair as alt

from views import palette
from views.charts import AXES, Chart, Table, stack
from views.layers import HEIGHT, POINT, ends, legend, series
from views.metrics_track import VERDICTS


def coverage(covered: Table, *, rows: int) -> Chart:
    """Part of results inside ranges (dot), the part that should be (tick), and the band that chance allows.

    Parameters
    ----------
    covered : pl.DataFrame or alt.NamedData
        As ``views.frames_track.coverage`` gives it.
    rows : int
        Number of rows.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    axis = alt.Axis(labelLimit=150, labelOverlap=False, title=None)
    base = alt.Chart(covered).encode(y=alt.Y("row:N", sort=alt.EncodingSortField(field="rank", op="min"), axis=axis))
    x = alt.X("band_lo:Q", title="Results inside, in 100", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=6))
    tooltip = [
        alt.Tooltip("row:N", title="Ranges"),
        alt.Tooltip("covered:Q", title="Inside, in 100", format=".0f"),
        alt.Tooltip("band_lo:Q", title="Right ranges: from", format=".0f"),
        alt.Tooltip("band_hi:Q", title="Right ranges: to", format=".0f"),
        alt.Tooltip("verdict:N", title="Verdict"),
    ]
    look = series("verdict", VERDICTS, (palette.SERIES[1], palette.SERIES[0], palette.SERIES[4]))
    return stack(
        base.mark_rule(strokeWidth=12, color=palette.OUTLINE).encode(x=x, x2="band_hi:Q", tooltip=tooltip),
        base.mark_rule(strokeWidth=10, color=palette.NEUTRAL).encode(x=x, x2="band_hi:Q", tooltip=tooltip),
        base.mark_tick(thickness=2, size=20, color=palette.OUTLINE).encode(x="level:Q", tooltip=tooltip),
        base.mark_point(size=90, **POINT).encode(x="covered:Q", **look, tooltip=tooltip),
        height=28 * rows + AXES + 30,
    )


def reliability(chances: Table) -> Chart:
    """Chances given against the part that won; dots by number, bars for 90 %, a diagonal where the two agree.

    Parameters
    ----------
    chances : pl.DataFrame or alt.NamedData
        As ``views.frames_track.reliability`` gives it.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("chance:Q", title="Chance given, in 100", scale=scale, axis=alt.Axis(tickCount=5))
    y = alt.Y("won:Q", title="Won, in 100", scale=scale, axis=alt.Axis(tickCount=5))
    base = alt.Chart(chances).encode(x=x)
    tooltip = [
        alt.Tooltip("n:Q", title="Chances", format=","),
        alt.Tooltip("chance:Q", title="Mean, in 100", format=".0f"),
        alt.Tooltip("won:Q", title="Won, in 100", format=".0f"),
        *ends(".0f"),
    ]
    diagonal = alt.Chart(alt.InlineData([{"chance": 0, "won": 0}, {"chance": 100, "won": 100}]))
    return stack(
        diagonal.mark_line(color=palette.OUTLINE, strokeDash=[4, 3], strokeWidth=1.5).encode(x=x, y=y),
        base.mark_rule(strokeWidth=2.5, color=palette.OUTLINE).encode(y=alt.Y("lo90:Q", scale=scale), y2="hi90:Q"),
        base.mark_circle(opacity=1, color=palette.SERIES[0], stroke=palette.OUTLINE, strokeWidth=1).encode(
            y=y, size=alt.Size("n:Q", scale=alt.Scale(type="sqrt", range=[40, 400]), legend=None), tooltip=tooltip
        ),
        height=HEIGHT,
    )


def pit(tenths: Table) -> Chart:
    """Results counted by the tenth of the draws they fell in: flat where ranges are right.

    Parameters
    ----------
    tenths : pl.DataFrame or alt.NamedData
        As ``views.frames_track.pit`` gives it.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    names = ["Votes", "Seats"]
    colour = alt.Color(
        "what:N", scale=alt.Scale(domain=names, range=[palette.SERIES[0], palette.SERIES[1]]), legend=legend()
    )
    y = alt.Y("n:Q", title="Results", axis=alt.Axis(tickMinStep=1, tickCount=5))
    base = alt.Chart(tenths)
    tooltip = [
        alt.Tooltip("what:N", title="Of"),
        alt.Tooltip("tenth:O", title="Tenth of the draws"),
        alt.Tooltip("n:Q", title="Results"),
        alt.Tooltip("expected:Q", title="If ranges were right", format=".1f"),
    ]
    return stack(
        base.transform_filter("datum.n > 0")
        .mark_bar(stroke=palette.OUTLINE, strokeWidth=1)
        .encode(
            x=alt.X(
                "tenth:O",
                title="Tenth of the draws, lowest first",
                scale=alt.Scale(domain=list(range(1, 11))),
                axis=alt.Axis(labelAngle=0),
            ),
            xOffset=alt.XOffset("what:N", sort=names),
            y=y,
            color=colour,
            tooltip=tooltip,
        ),
        base.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3], strokeWidth=1.5).encode(y=alt.Y("max(expected):Q")),
        height=HEIGHT,
    )
