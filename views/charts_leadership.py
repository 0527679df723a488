"""Charts of leadership contests: chances by rule, dots with ranges, groups side by side, past divergence."""

import altair as alt

from views import palette
from views.charts import AXES, RANK, Chart, Table, raw, stack
from views.layers import POINT, ends, legend, series
from views.names_leadership import RULE_LINES

RULE_HEIGHT, GROUP_HEIGHT, RANGE_HEIGHT, PAST_HEIGHT = 66, 19, 46, 26
LINE = 15
"""Height of a line of a label, in pixels."""


def _rows(lines: int) -> alt.Y:
    """Position of a row by its label of some lines, parted by ``|`` and centred, in the order of ``rank``."""
    axis = alt.Axis(
        labelExpr="split(datum.label, '|')",
        labelLimit=150,
        labelLineHeight=LINE,
        labelOffset=-LINE * (lines - 1) / 2,
        labelOverlap=False,
        labelFlush=False,
        title=None,
    )
    return alt.Y("row:N", sort=RANK, axis=axis)


def _nought() -> alt.Chart:
    rule = alt.Chart(alt.InlineData([{"at": 0}]))
    drawn: alt.Chart = rule.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3]).encode(
        x="at:Q", tooltip=alt.value(None)
    )
    return drawn


def chances(segments: Table, *, rows: int, looks: tuple[tuple[str, str], ...]) -> Chart:
    """Bars of 100, one a rule, divided by who wins.

    Parameters
    ----------
    segments : pl.DataFrame or alt.NamedData
        As ``views.frames_leadership.chances`` gives it.
    rows : int
        Number of rules.
    looks : tuple of (str, str)
        Label and colour of each candidate, in the order of the legend.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[0, 100], nice=False)
    shown = legend(columns=1)
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(domain=[name for name, _ in looks], range=[fill for _, fill in looks]),
        legend=alt.Legend(**{**shown.to_dict(), "symbolType": "square", "symbolStrokeWidth": 1, "symbolSize": 130}),
    )
    base = alt.Chart(segments).encode(y=_rows(RULE_LINES))
    bars = base.mark_bar(stroke=palette.OUTLINE, strokeWidth=1, size=38).encode(
        x=alt.X("start:Q", scale=scale, axis=None),
        x2="end:Q",
        color=colour,
        tooltip=[
            alt.Tooltip("rule:N", title="Rule"),
            alt.Tooltip("candidate:N", title="Wins"),
            alt.Tooltip("told:N", title="In 100"),
        ],
    )
    text = (
        base.transform_filter("datum.percent >= 8")
        .mark_text(lineBreak="|", lineHeight=15, fontWeight="bold", fontSize=12, dy=-7)
        .encode(x=alt.X("middle:Q", scale=scale, axis=None), text="text:N", color=raw("ink"))
    )
    return stack(bars, text, height=RULE_HEIGHT * rows + 20 * len(looks) + 10)


def ranges(table: Table, *, rows: int, axis: str, form: str) -> Chart:
    """A dot and its 90 % range a row, with a line at nought.

    Parameters
    ----------
    table : pl.DataFrame or alt.NamedData
        As ``views.frames_leadership.margins`` gives it.
    rows : int
        Number of rows.
    axis : str
        What is measured.
    form : str
        How a number is written.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    x = alt.X("lo90:Q", title=axis, axis=alt.Axis(tickCount=6), scale=alt.Scale(zero=True))
    return stack(_nought(), *_dots(table, x, form), height=RANGE_HEIGHT * rows + AXES - 20)


def seats(table: Table, *, rows: int, majority: int, top: int) -> Chart:
    """Seats under each candidate: a dot and its 90 % range, with the majority marked.

    Parameters
    ----------
    table : pl.DataFrame or alt.NamedData
        As ``views.frames_leadership.seats_by_leader`` gives it.
    rows : int
        Number of candidates.
    majority : int
        Seats for a majority.
    top : int
        Right end of the axis in seats.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("lo90:Q", title="Seats", axis=alt.Axis(tickCount=4), scale=scale)
    at = alt.Axis(orient="top", values=[majority], labelExpr=f"'{majority} for a majority'", title=None, grid=False)
    rule = alt.Chart(alt.InlineData([{"majority": majority}])).mark_rule(color=palette.OUTLINE, strokeDash=[4, 3])
    line = rule.encode(x=alt.X("majority:Q", axis=at, title=None, scale=scale), tooltip=alt.value(None))
    marks = alt.layer(*_dots(table, x, ".0f"))
    chart: Chart = alt.LayerChart(layer=[marks, line]).resolve_axis(x="independent")
    return chart.properties(height=RANGE_HEIGHT * rows + AXES + 20)


def _dots(table: Table, x: alt.X, form: str) -> list[alt.Chart]:
    """Range with its outline, and dot."""
    base = alt.Chart(table).encode(y=_rows(2))
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("mean:Q", title="Mean", format=form), *ends(form)]
    return [
        base.mark_rule(strokeWidth=6, color=palette.OUTLINE).encode(x=x, x2="hi90:Q", tooltip=tooltip),
        base.mark_rule(strokeWidth=4).encode(x=x, x2="hi90:Q", color=raw("fill"), tooltip=tooltip),
        base.mark_point(size=140, **POINT).encode(x="mean:Q", color=raw("fill"), tooltip=tooltip),
    ]


def standings(points: Table, *, rows: int, groups: tuple[str, ...]) -> Chart:
    """First votes of each candidate by group: a dot and its 90 % range, shape and colour by group.

    Parameters
    ----------
    points : pl.DataFrame or alt.NamedData
        As ``views.frames_leadership.standings`` gives it.
    rows : int
        Number of candidates.
    groups : tuple of str
        Groups, in the order of the legend.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    look = series("group", groups, (*palette.SERIES[:3], palette.SERIES[4]))
    base = alt.Chart(points).encode(
        y=_rows(1),
        yOffset=alt.YOffset("group:N", sort=list(groups), scale=alt.Scale(domain=list(groups), paddingOuter=0.5)),
    )
    x = alt.X(
        "lo90:Q", title="Share of first votes", axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])
    )
    tooltip = [
        alt.Tooltip("name:N", title="Candidate"),
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("mean:Q", title="Mean", format=".0%"),
        *ends(".0%"),
    ]
    return stack(
        base.mark_rule(strokeWidth=3).encode(x=x, x2="hi90:Q", color=look["color"], tooltip=tooltip),
        base.mark_point(size=90, **POINT).encode(x="mean:Q", **look, tooltip=tooltip),
        height=rows * (GROUP_HEIGHT * len(groups) + 14) + AXES + 24 * ((len(groups) + 1) // 2),
    )


def past(divergences: Table, *, rows: int) -> Chart:
    """How far members parted from MPs in each contest: a bar from nought, with the party's letters at its end.

    Parameters
    ----------
    divergences : pl.DataFrame or alt.NamedData
        As ``views.frames_leadership_past.divergences`` gives it.
    rows : int
        Number of contests.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    base = alt.Chart(divergences).encode(y=_rows(1))
    x = alt.X("points:Q", title="Members less MPs, in points", axis=alt.Axis(tickCount=6))
    tooltip = [
        alt.Tooltip("name:N", title="Contest"),
        alt.Tooltip("party:N", title="Party"),
        alt.Tooltip("points:Q", title="Members less MPs", format="+.0f"),
    ]
    return stack(
        _nought(),
        base.mark_rule(strokeWidth=3, color=palette.OUTLINE).encode(x=x, tooltip=tooltip),
        base.mark_circle(size=330, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(
            x="points:Q", color=raw("fill"), tooltip=tooltip
        ),
        base.mark_text(fontWeight="bold", fontSize=10).encode(
            x="points:Q", text="letters:N", color=raw("ink"), tooltip=tooltip
        ),
        height=PAST_HEIGHT * rows + AXES,
    )
