"""Charts of the page of polls: the trend by one smoother with every poll, and pollsters' leans."""

from datetime import date

import altair as alt

from views import palette
from views.charts import AXES, Chart, Table, rows_by_rank, stack
from views.layers import POINT, legend

HEIGHT = 420


def trend(
    path: Table,
    line: Table,
    polls: Table,
    *,
    looks: tuple[tuple[str, str, str], ...],
    model: bool,
    days: tuple[date, date],
) -> Chart:
    """Voting intention since the last election, with every poll.

    Parameters
    ----------
    path : pl.DataFrame or alt.NamedData
        ``date, short`` and ``models.bands.BANDS``: the model's path.
    line : pl.DataFrame or alt.NamedData
        ``date, short, share``: the smoother chosen.
    polls : pl.DataFrame or alt.NamedData
        As ``views.frames_polls.marks`` gives it.
    looks : tuple of (str, str, str)
        Short name, colour and shape of each party, in the order of the legend.
    model : bool
        Whether the model is the smoother: then its bands are drawn, else its median as a dashed line.
    days : tuple of (date, date)
        First and last day of the axis.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    names, fills, shapes = (list(column) for column in zip(*looks, strict=True))
    colour = alt.Color("short:N", scale=alt.Scale(domain=names, range=fills), legend=legend(3))
    shape = alt.Shape("short:N", scale=alt.Scale(domain=names, range=shapes), legend=legend(3))
    axis = alt.Axis(title=None, format="%b %Y", tickCount=5, labelFlush=False, labelOverlap=True)
    ends = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in days]

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:T", axis=axis, scale=alt.Scale(domain=ends, nice=False))

    def y(field: str) -> alt.Y:
        shown, title = alt.Axis(format="%", tickCount=6), "Share of those with a voting intention"
        return alt.Y(f"{field}:Q", title=title, axis=shown, scale=alt.Scale(zero=True))

    base = alt.Chart(path).encode(x=x("date"))
    chosen = alt.Chart(line).encode(x=x("date"), y=y("share"))
    marks = (
        alt.Chart(polls)
        .mark_point(size=16, filled=True, opacity=0.5)
        .encode(x=x("end_date"), y=y("share"), color=colour, shape=shape, tooltip=_hover())
    )
    wide = [
        base.mark_area(opacity=0.13).encode(y=y("lo95"), y2="hi95:Q", color=colour),
        base.mark_area(opacity=0.16).encode(y=y("lo80"), y2="hi80:Q", color=colour),
        base.mark_area(opacity=0.24).encode(y=y("lo50"), y2="hi50:Q", color=colour),
    ]
    beside = base.mark_line(strokeWidth=1.5, strokeDash=[5, 3], color=palette.OUTLINE).encode(
        y=y("median"), detail="short:N"
    )
    lines = [
        chosen.mark_line(strokeWidth=3.4, color=palette.OUTLINE).encode(detail="short:N"),
        chosen.mark_line(strokeWidth=2).encode(color=colour),
    ]
    layers = [*wide, marks, *lines] if model else [marks, beside, *lines]
    return stack(*layers, height=HEIGHT)


def _hover() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("poll:N", title="Poll"),
        alt.Tooltip("end_date:T", title="Fieldwork ended", format="%d %b %Y"),
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("share:Q", format=".1%", title="Share"),
        alt.Tooltip("counts:Q", title="Counts as (people)"),
        alt.Tooltip("used:N", title="Status"),
    ]


def leans(rows_of: Table, *, rows: int, fill: str) -> Chart:
    """Lean of every pollster on one party: a dot with its 90 % interval, and a line at the path.

    Parameters
    ----------
    rows_of : pl.DataFrame or alt.NamedData
        As ``views.frames_polls.leans`` gives it.
    rows : int
        Number of pollsters.
    fill : str
        Colour of the party.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    base = alt.Chart(rows_of).encode(y=rows_by_rank())
    tooltip = [
        alt.Tooltip("pollster:N", title="Pollster"),
        alt.Tooltip("n:Q", title="Polls"),
        alt.Tooltip("lean:Q", format="+.1f", title="Lean, points"),
        alt.Tooltip("lo90:Q", format="+.1f", title="90% from"),
        alt.Tooltip("hi90:Q", format="+.1f", title="90% to"),
    ]
    axis = alt.Axis(tickCount=6, labelExpr="datum.value == 0 ? '0' : format(datum.value, '+~g')")
    x = alt.X("lo90:Q", title="Points from the median path", axis=axis)
    nought = alt.Chart(alt.InlineData([{"lo90": 0}])).mark_rule(color=palette.OUTLINE, strokeDash=[4, 3])
    return stack(
        nought.encode(x=x, tooltip=alt.value(None)),
        base.mark_rule(strokeWidth=3, color=palette.OUTLINE).encode(x=x, x2="hi90:Q", tooltip=tooltip),
        base.mark_point(size=110, color=fill, **POINT).encode(x="lean:Q", tooltip=tooltip),
        height=34 * rows + AXES,
    )
