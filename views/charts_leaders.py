"""Charts of leaders: a fan over time with its marks, a link as dots, a link by days, seats under each leader."""

from datetime import date

import altair as alt

from views import palette
from views.charts import AXES, RANK, Chart, Table, raw, stack
from views.layers import POINT

BANDS = (("lo95", "hi95", 0.14), ("lo80", "hi80", 0.18), ("lo50", "hi50", 0.26))
"""Ends and strength of the bands of 95, 80 and 50 per cent, the widest first."""
FAN_HEIGHT, DOT_HEIGHT, COURSE_HEIGHT, ROW_HEIGHT = 360, 150, 230, 48
LINE = 15
"""Height of a line of a label, in pixels."""
LONG_DAYS = 2_000
"""From so many days on the axis names years, and lines are thin."""
MANY = 4
"""More leaders than this are named aslant."""


def history(
    path: Table,
    marks: Table,
    *,
    fill: str,
    axis: str,
    form: str,
    domain: tuple[float, float],
    kinds: tuple[str, ...],
    begun: tuple[tuple[date, str], ...],
    ends: tuple[date, date],
) -> Chart:
    """A fan of 50, 80 and 95 per cent for each leadership, with marks and changes of leader.

    Parameters
    ----------
    path : pl.DataFrame or alt.NamedData
        ``day, spell, leader, mean, told`` and the ends of the bands.
    marks : pl.DataFrame or alt.NamedData
        ``day, y, kind, name, told``.
    fill : str
        Colour of the fan.
    axis : str
        What is measured.
    form : str
        How a number is written.
    domain : tuple of float
        Ends of the axis.
    kinds : tuple of str
        Kinds of marks, in the order of the legend.
    begun : tuple of (date, str)
        First day and short name of each leader.
    ends : tuple of date
        First and last day.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=[_when(day) for day in ends], nice=False)
    form_of, thick = ("%Y", 1.2) if (ends[1] - ends[0]).days > LONG_DAYS else ("%b %Y", 2.4)
    x = alt.X("day:T", title=None, scale=scale, axis=alt.Axis(format=form_of, tickCount=6, labelOverlap=True))

    def height(field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q",
            title=axis,
            axis=alt.Axis(tickCount=6, labelExpr=_written(form)),
            scale=alt.Scale(domain=list(domain), nice=False, clamp=True),
        )

    base = alt.Chart(path).encode(x=x)
    bands = [
        base.mark_area(opacity=strength, color=fill).encode(y=height(low), y2=f"{high}:Q", detail="spell:N")
        for low, high, strength in BANDS
    ]
    tooltip = [
        alt.Tooltip("leader:N", title="Leader"),
        alt.Tooltip("day:T", title="Day"),
        alt.Tooltip("told:N", title=" "),
    ]
    line = [
        base.mark_line(strokeWidth=thick + 1.6, color=palette.OUTLINE).encode(y=height("mean"), detail="spell:N"),
        base.mark_line(strokeWidth=thick, color=fill).encode(y=height("mean"), detail="spell:N", tooltip=tooltip),
    ]
    main = alt.LayerChart(layer=[*bands, _marks(marks, height("y"), kinds, fill), *line])
    chart: Chart = alt.LayerChart(layer=[main, _changes(begun, scale)]).resolve_axis(x="independent")
    return chart.properties(height=FAN_HEIGHT)


def _marks(marks: Table, y: alt.Y, kinds: tuple[str, ...], fill: str) -> alt.Chart:
    """Marks of ratings, or of votes and acts of MPs, by shape."""
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=list(kinds), range=["circle"] if len(kinds) == 1 else ["diamond", "triangle-up"]),
        legend=alt.Legend(title=None, orient="bottom", symbolFillColor=fill, symbolStrokeColor=palette.OUTLINE),
    )
    small = len(kinds) == 1  # ratings are many, votes and acts few
    drawn: alt.Chart = (
        alt.Chart(marks)
        .mark_point(
            filled=True,
            size=18 if small else 110,
            opacity=0.6 if small else 1,
            color=fill,
            stroke=palette.OUTLINE,
            strokeWidth=0.4 if small else 1,
        )
        .encode(
            x=alt.X("day:T"),
            y=y,
            shape=shape,
            tooltip=[
                alt.Tooltip("name:N", title="Leader"),
                alt.Tooltip("day:T", title="Day"),
                alt.Tooltip("told:N", title=" "),
            ],
        )
    )
    return drawn


def _changes(begun: tuple[tuple[date, str], ...], scale: alt.Scale) -> alt.Chart:
    """A line where each leader began; her name stands on the axis above."""
    names = " : ".join(f"utcFormat(datum.value, '%Y-%m-%d') == '{day}' ? {_quoted(name)}" for day, name in begun)
    axis = alt.Axis(
        orient="top",
        values=[_when(day) for day, _ in begun],
        labelExpr=f"{names} : ''" if begun else "''",
        labelAngle=-45 if len(begun) > MANY else 0,
        labelAlign="left",
        labelOverlap="greedy",
        labelSeparation=-14 if len(begun) > MANY else 4,
        labelFlush=False,
        title=None,
        grid=False,
    )
    starts = alt.Chart(alt.InlineData([{"start": day.isoformat()} for day, _ in begun]))
    rule = starts.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3])
    drawn: alt.Chart = rule.encode(x=alt.X("start:T", axis=axis, scale=scale, title=None), tooltip=alt.value(None))
    return drawn


def _written(form: str) -> str:
    """How an axis writes its numbers: nought without a sign."""
    return f"datum.value == 0 ? '0' : format(datum.value, '{form}')"


def _quoted(text: str) -> str:
    """Text as a string of Vega's expressions."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _when(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


def _nought(y: bool = False) -> alt.Chart:
    rule = alt.Chart(alt.InlineData([{"at": 0}])).mark_rule(color=palette.OUTLINE, strokeDash=[4, 3])
    drawn: alt.Chart = rule.encode(**{"y" if y else "x": "at:Q"}, tooltip=alt.value(None))
    return drawn


def dots(table: Table, *, fill: str, axis: str, form: str) -> Chart:
    """Twenty dots, each one chance in 20, with a line at nought.

    Parameters
    ----------
    table : pl.DataFrame or alt.NamedData
        As ``views.frames_leaders.link_dots`` gives it.
    fill : str
        Colour of the dots.
    axis : str
        What is measured.
    form : str
        How a number is written.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    x = alt.X(
        "bin:Q",
        title=axis,
        axis=alt.Axis(tickCount=5, labelExpr=_written(f"+{form}")),
        scale=alt.Scale(zero=True, padding=12),
    )
    marks = (
        alt.Chart(table)
        .mark_circle(size=90, opacity=1, color=fill, stroke=palette.OUTLINE, strokeWidth=0.7)
        .encode(
            x=x,
            y=alt.Y("level:Q", axis=None, scale=alt.Scale(domain=[-0.6, 8], nice=False)),
            tooltip=[alt.Tooltip("value:Q", title="1 chance in 20: about", format=f"+{form}")],
        )
    )
    return stack(_nought(), marks, height=DOT_HEIGHT)


def course(table: Table, *, fill: str, axis: str) -> Chart:
    """What a link is worth by days after a change, as a fan of 50, 80 and 95 per cent.

    Parameters
    ----------
    table : pl.DataFrame or alt.NamedData
        ``days, median`` and the ends of the bands.
    fill : str
        Colour of the fan.
    axis : str
        What is measured.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """

    def height(field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q", title=axis, axis=alt.Axis(tickCount=5, labelExpr=_written("+.1f")), scale=alt.Scale(zero=True)
        )

    x = alt.X("days:Q", title="Days after the change, up to polling day", axis=alt.Axis(tickCount=5, format=",d"))
    base = alt.Chart(table).encode(x=x)
    bands = [
        base.mark_area(opacity=strength, color=fill).encode(y=height(low), y2=f"{high}:Q")
        for low, high, strength in BANDS
    ]
    tooltip = [
        alt.Tooltip("days:Q", title="Days after", format=","),
        *(
            alt.Tooltip(f"{field}:Q", title=name, format="+.1f")
            for field, name in (("median", "Median"), ("lo95", "95% from"), ("hi95", "95% to"))
        ),
    ]
    return stack(
        _nought(y=True),
        *bands,
        base.mark_line(strokeWidth=3.6, color=palette.OUTLINE).encode(y=height("median")),
        base.mark_line(strokeWidth=2, color=fill).encode(y=height("median"), tooltip=tooltip),
        height=COURSE_HEIGHT,
    )


def seats(table: Table, *, rows: int, majority: int, top: int) -> Chart:
    """Seats under each leader: a dot for the median, bands of 50, 80 and 95 per cent.

    Parameters
    ----------
    table : pl.DataFrame or alt.NamedData
        As ``views.frames_leaders.alternative_rows`` gives it.
    rows : int
        Number of rows.
    majority : int
        Seats for a majority, marked where the axis reaches it.
    top : int
        Right end of the axis in seats.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    labels = alt.Axis(
        labelExpr="split(datum.label, '|')",
        labelLimit=160,
        labelLineHeight=LINE,
        labelOffset=-LINE / 2,
        labelOverlap=False,
        title=None,
    )
    base = alt.Chart(table).encode(y=alt.Y("row:N", sort=RANK, axis=labels))
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("lo95:Q", title="Seats", scale=scale, axis=alt.Axis(tickCount=5))
    tooltip = [
        alt.Tooltip("name:N", title="Leader"),
        *(
            alt.Tooltip(f"{field}:Q", title=name, format=".0f")
            for field, name in (("seats", "Median"), ("lo50", "50% from"), ("hi50", "50% to"), ("lo95", "95% from"))
        ),
        alt.Tooltip("hi95:Q", title="95% to", format=".0f"),
    ]
    bands = [base.mark_rule(strokeWidth=3.5, color=palette.OUTLINE).encode(x=x, x2="hi95:Q", tooltip=tooltip)]
    for low, high, width in (("lo95", "hi95", 1.6), ("lo80", "hi80", 6), ("lo50", "hi50", 12)):
        drawn = base.mark_rule(strokeWidth=width).encode(x=alt.X(f"{low}:Q", scale=scale), x2=f"{high}:Q")
        bands.append(drawn.encode(color=raw("fill"), tooltip=tooltip))
    dot = base.mark_point(size=110, **{**POINT, "fill": "#FFFFFF"}).encode(
        x=alt.X("seats:Q", scale=scale), tooltip=tooltip
    )
    height = ROW_HEIGHT * rows + AXES
    if majority > top:
        return stack(*bands, dot, height=height)
    at = alt.Axis(orient="top", values=[majority], labelExpr=f"'{majority} for a majority'", title=None, grid=False)
    rule = alt.Chart(alt.InlineData([{"majority": majority}])).mark_rule(color=palette.OUTLINE, strokeDash=[4, 3])
    line = rule.encode(x=alt.X("majority:Q", axis=at, title=None, scale=scale), tooltip=alt.value(None))
    chart: Chart = alt.LayerChart(layer=[alt.layer(*bands, dot), line]).resolve_axis(x="independent")
    return chart.properties(height=height)
