"""Charts of the track record: skill by lead time, worth of evidence, one election's story, forecasts of others."""

import altair as alt

from views import palette
from views.charts import AXES, Chart, Table, rows_by_rank, stack
from views.layers import HEIGHT, POINT, ends, legend, series

RESULT = "Result"
KINDS = ("Published", "Exit poll", "This model")


def skill(lines: Table, *, methods: tuple[tuple[str, str], ...], axis: str, zero: bool) -> Chart:
    """Mean score by days before polling day, one line a method.

    Parameters
    ----------
    lines : pl.DataFrame or alt.NamedData
        As ``views.frames_track.skill_lines`` gives it.
    methods : tuple of (str, str)
        Name and colour of each method, in the order of the legend.
    axis : str
        Title of the upright axis.
    zero : bool
        Whether that axis starts at nought.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    look = series("method", tuple(name for name, _ in methods), tuple(fill for _, fill in methods))
    base = alt.Chart(lines).encode(
        x=alt.X(
            "lead_days:O",
            sort="descending",
            title="Days before polling day",
            axis=alt.Axis(labelAngle=0, labelExpr="format(datum.value, ',')"),
        ),
        y=alt.Y("value:Q", title=axis, scale=alt.Scale(zero=zero), axis=alt.Axis(tickCount=6)),
    )
    tooltip = [
        alt.Tooltip("method:N", title="Forecast"),
        alt.Tooltip("lead_days:Q", title="Days before", format=","),
        alt.Tooltip("value:Q", title=axis, format=".3~r"),
        alt.Tooltip("elections:Q", title="Elections"),
    ]
    return stack(
        base.mark_line(strokeWidth=2).encode(color=look["color"]),
        base.mark_point(size=80, **POINT).encode(**look, tooltip=tooltip),
        height=HEIGHT + 40,
    )


def evidence(worth: Table, *, rows: int, axis: str) -> Chart:
    """What each kind of evidence is worth: dot and 90 % interval, with a line at nought.

    Parameters
    ----------
    worth : pl.DataFrame or alt.NamedData
        As ``views.frames_track.evidence`` gives it.
    rows : int
        Number of rows.
    axis : str
        What is measured.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    base = alt.Chart(worth).encode(y=rows_by_rank())
    x = alt.X(
        "lo90:Q",
        title=[f"{axis}: difference", "(left of the line: this model is better)"],
        scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=5),
    )
    tooltip = [
        alt.Tooltip("row:N", title="Forecast"),
        alt.Tooltip("difference:Q", title="This model minus it", format="+.2f"),
        *ends("+.2f"),
        alt.Tooltip("elections:Q", title="Elections"),
    ]
    nought = alt.Chart(alt.InlineData([{"lo90": 0}])).mark_rule(color=palette.OUTLINE, strokeDash=[4, 3])
    return stack(
        nought.encode(x="lo90:Q", tooltip=alt.value(None)),
        base.mark_rule(strokeWidth=3, color=palette.SERIES[0]).encode(x=x, x2="hi90:Q", tooltip=tooltip),
        base.mark_point(size=120, color=palette.SERIES[0], **POINT).encode(x="difference:Q", tooltip=tooltip),
        height=50 * rows + AXES,
    )


def story(seats: Table, *, lines: tuple[tuple[str, str], ...], places: tuple[str, ...]) -> Chart:
    """Expected seats of one election with 90 % ranges by lead time, beside the result.

    Parameters
    ----------
    seats : pl.DataFrame or alt.NamedData
        As ``views.frames_track.story`` gives it.
    lines : tuple of (str, str)
        Short name and colour of each party, in the order of the legend.
    places : tuple of str
        Lead times, longest first.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    names = [name for name, _ in lines]
    colour = alt.Color(
        "short:N", scale=alt.Scale(domain=names, range=[fill for _, fill in lines]), legend=legend(len(lines))
    )
    x = alt.X(
        "place:N",
        scale=alt.Scale(domain=[*places, RESULT]),
        title="Days before polling day",
        axis=alt.Axis(labelAngle=0, labelOverlap=False),
    )
    offset = alt.XOffset("short:N", scale=alt.Scale(domain=names))
    y = alt.Y("lo90:Q", title="Seats", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=6))
    base = alt.Chart(seats).encode(x=x, xOffset=offset)
    tooltip = [
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("place:N", title="Days before"),
        alt.Tooltip("mean:Q", title="Expected", format=".0f"),
        *ends(".0f"),
        alt.Tooltip("came:Q", title="Came", format=".0f"),
    ]
    result = alt.Chart(seats).transform_filter(f"datum.place === '{places[-1]}'")
    level = alt.Y("came:Q")
    return stack(
        result.mark_rule(strokeWidth=0.7, color=palette.OUTLINE).encode(y=level),
        result.mark_rule(strokeDash=[4, 3], strokeWidth=1.7).encode(y=level, color=colour),
        base.mark_rule(strokeWidth=5, color=palette.OUTLINE).encode(y=y, y2="hi90:Q"),
        base.mark_rule(strokeWidth=3).encode(y=y, y2="hi90:Q", color=colour, tooltip=tooltip),
        base.mark_point(shape="circle", size=70, **POINT).encode(y="mean:Q", color=colour, tooltip=tooltip),
        result.transform_calculate(place=f"'{RESULT}'")
        .mark_point(shape="diamond", size=110, **POINT)
        .encode(x=x, xOffset=offset, y=level, color=colour, tooltip=tooltip),
        height=HEIGHT + 60,
    )


def published(errors: Table, *, rows: int) -> Chart:
    """Mean seat error of published forecasts, the exit poll and this model, one row an election.

    Parameters
    ----------
    errors : pl.DataFrame or alt.NamedData
        As ``views.frames_track.published`` gives it.
    rows : int
        Number of elections.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    order = alt.EncodingSortField(field="election_date", op="min", order="descending")
    base = alt.Chart(errors).encode(
        x=alt.X("error:Q", title="Mean error (seats)", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=6)),
        y=alt.Y("polled:N", sort=order, title=None),
    )
    look = series("kind", KINDS, (palette.SERIES[3], palette.SERIES[1], palette.SERIES[0]), columns=3)
    tooltip = [
        alt.Tooltip("name:N", title="Forecast"),
        alt.Tooltip("polled:N", title="Election"),
        alt.Tooltip("error:Q", title="Mean error (seats)", format=".0f"),
    ]
    others = base.transform_filter("datum.kind === 'Published'")
    marked = base.transform_filter("datum.kind !== 'Published'")
    return stack(
        others.mark_point(size=60, **(POINT | {"opacity": 0.75})).encode(**look, tooltip=tooltip),
        marked.mark_point(size=150, **POINT).encode(**look, tooltip=tooltip),
        height=52 * rows + AXES + 60,
    )
