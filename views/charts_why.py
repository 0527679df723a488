"""Charts of what made a forecast: floating bars of evidence, shares of uncertainty, worth of links by time."""

from typing import Any

import altair as alt

from views import palette
from views.charts import AXES, RANK, Chart, Table, raw, rows_by_rank, stack
from views.layers import POINT, series

STEP_HEIGHT = 48


def waterfall(steps: Table, *, rows: int, axis: str) -> Chart:
    """Floating bars from what the last result alone leads to expect to the forecast, with 90 % intervals below them.

    Parameters
    ----------
    steps : pl.DataFrame or alt.NamedData
        As ``views.frames_why.waterfall`` gives it.
    rows : int
        Number of steps.
    axis : str
        What is measured.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    base = alt.Chart(steps).encode(y=rows_by_rank())
    tooltip = [alt.Tooltip("name:N", title="Evidence"), alt.Tooltip("told:N", title="Mean and 90% range")]

    def at(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=axis, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=6))

    level = base.transform_filter("datum.kind === 'level'")
    step = base.transform_filter("datum.kind === 'step'")
    below: dict[str, Any] = {"yOffset": 13}
    return stack(
        base.mark_line(interpolate="step-before", strokeWidth=1, strokeDash=[3, 3], color=palette.OUTLINE).encode(
            x=at("end"), order="rank:Q"
        ),
        base.mark_rule(strokeWidth=2, color=palette.OUTLINE, **below).encode(
            x=at("lo90"), x2="hi90:Q", tooltip=tooltip
        ),
        step.mark_bar(size=14, stroke=palette.OUTLINE, strokeWidth=1).encode(
            x=at("start"), x2="end:Q", color=raw("fill"), tooltip=tooltip
        ),
        level.mark_point(shape="diamond", size=170, **POINT).encode(x=at("end"), color=raw("fill"), tooltip=tooltip),
        height=STEP_HEIGHT * rows + AXES - 20,
    )


def budget(segments: Table, *, rows: int, looks: tuple[tuple[str, str], ...]) -> Chart:
    """Bars of 100, one a party, divided by the source that owns the uncertainty.

    Parameters
    ----------
    segments : pl.DataFrame or alt.NamedData
        As ``views.frames_why.budget_segments`` gives it.
    rows : int
        Number of bars.
    looks : tuple of (str, str)
        Name and colour of each source, in the order of the legend.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[0, 100], nice=False)
    y = alt.Y("bar:N", sort=RANK, title=None)
    colour = alt.Color(
        "source:N",
        scale=alt.Scale(domain=[name for name, _ in looks], range=[fill for _, fill in looks]),
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=2,
            labelLimit=210,
            symbolType="square",
            symbolSize=130,
            symbolStrokeColor=palette.OUTLINE,
            symbolStrokeWidth=1,
        ),
    )
    bars = (
        alt.Chart(segments)
        .mark_bar(stroke=palette.OUTLINE, strokeWidth=1, size=26)
        .encode(
            x=alt.X("start:Q", scale=scale, axis=None),
            x2="end:Q",
            y=y,
            color=colour,
            tooltip=[
                alt.Tooltip("bar:N", title="Party"),
                alt.Tooltip("name:N", title="Source"),
                alt.Tooltip("percent:Q", title="Of 100"),
            ],
        )
    )
    text = (
        alt.Chart(segments)
        .transform_filter("datum.percent >= 8")
        .mark_text(fontWeight="bold", fontSize=12)
        .encode(x=alt.X("middle:Q", scale=scale, axis=None), y=y, text="text:N", color=raw("ink"))
    )
    return stack(bars, text, height=34 * rows + 22 * ((len(looks) + 1) // 2) + 24)


def worth(lines: Table, *, links: tuple[str, ...], polling_day: int) -> Chart:
    """Points of the vote by days after a change, with bands of 90 % and polling day marked.

    Parameters
    ----------
    lines : pl.DataFrame or alt.NamedData
        As ``views.frames_why.worth_lines`` gives it.
    links : tuple of str
        Labels of the links, in the order of the legend.
    polling_day : int
        Days to polling day.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    look = series("link", links, palette.SERIES[: len(links)], columns=1)
    base = alt.Chart(lines)
    x = alt.X("days:Q", title="Days after the change", axis=alt.Axis(tickCount=6, format=",d"))

    def height(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title="Points of the vote", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5))

    shown = alt.X("days:Q", axis=None)
    tooltip = [
        alt.Tooltip("link:N", title="Change"),
        alt.Tooltip("days:Q", title="Days after", format=","),
        *(alt.Tooltip(f"{f}:Q", title=t, format="+.1f") for f, t in (("mean", "Points"), ("lo90", "90% from"))),
        alt.Tooltip("hi90:Q", title="90% to", format="+.1f"),
    ]
    return stack(
        base.mark_area(opacity=0.22).encode(x=x, y=height("lo90"), y2="hi90:Q", color=look["color"]),
        base.mark_line(strokeWidth=2).encode(x=shown, y=height("mean"), color=look["color"]),
        base.mark_point(size=70, **POINT).encode(x=shown, y=height("mean"), **look, tooltip=tooltip),
        _day_rule(polling_day),
        height=400,
        own_axes=True,
    )


def _day_rule(days: int) -> alt.Chart:
    axis = alt.Axis(orient="top", values=[days], labelExpr="'Polling day'", title=None, grid=False, labelFlush=True)
    rule = alt.Chart(alt.InlineData([{"days": days}]))
    marked: alt.Chart = rule.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3], strokeWidth=1.5).encode(
        x=alt.X("days:Q", axis=axis, title=None), tooltip=alt.value(None)
    )
    return marked
