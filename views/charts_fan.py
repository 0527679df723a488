"""The voting-intention fan: bands of 50, 80 and 95 per cent, the polls, and what is expected on polling day."""

from datetime import date, timedelta

import altair as alt

from views import palette
from views.charts import Chart, Table, raw, stack
from views.frames_fan import END_GAP, Span


def fan(path: Table, polls: Table, day: Table, *, lines: tuple[tuple[str, str], ...], span: Span) -> Chart:
    """Draw voting intention since the last election, with the polls and the expectation for polling day.

    Parameters
    ----------
    path : pl.DataFrame or alt.NamedData
        ``date, short`` and ``models.bands.BANDS``.
    polls : pl.DataFrame or alt.NamedData
        ``end_date, pollster, short, share``.
    day : pl.DataFrame or alt.NamedData
        ``date, short, letters, ink`` and ``BANDS``: votes on polling day, placed by ``Span.place``.
    lines : tuple of (str, str)
        Short name and colour of each party, in the order of the legend.
    span : Span
        The time axis.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    colour = alt.Color(
        "short:N",
        scale=alt.Scale(domain=[name for name, _ in lines], range=[fill for _, fill in lines]),
        legend=alt.Legend(
            title=None, orient="top", columns=3, symbolType="circle", symbolOpacity=1, symbolStrokeColor=palette.OUTLINE
        ),
    )
    layers = [*_bands(path, span, colour), _polls(polls, colour), *_polling_day(day, span, colour)]
    edge = span.as_of + (span.as_of - span.start) * (END_GAP / 2)
    rule = alt.Chart(alt.InlineData([{"date": edge.isoformat()}]))
    layers.append(rule.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3]).encode(x=_x(span)))
    return stack(*layers, height=400)


def _x(span: Span, field: str = "date") -> alt.X:
    middle = span.as_of + (span.end - span.as_of) * 0.6
    years = [date(y, 1, 1) for y in range(span.start.year + 1, span.as_of.year + 1)]
    shown = [y for y in years if span.start < y < span.as_of - timedelta(days=150)]
    axis = alt.Axis(
        title=None,
        values=[alt.DateTime(year=d.year, month=d.month, date=d.day) for d in [span.start, *shown, span.as_of, middle]],
        labelExpr=(
            f"year(datum.value) * 12 + month(datum.value) >= {middle.year * 12 + middle.month - 1} "
            "? ['Polling', 'day'] : timeFormat(datum.value, '%b %Y')"
        ),
        labelFlush=False,
    )
    ends = [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in (span.start, span.end)]
    return alt.X(f"{field}:T", axis=axis, scale=alt.Scale(domain=ends, nice=False))


def _y(field: str) -> alt.Y:
    axis = alt.Axis(format="%", tickCount=6)
    return alt.Y(f"{field}:Q", title="Share of the vote in Great Britain", axis=axis, scale=alt.Scale(zero=True))


def _bands(path: Table, span: Span, colour: alt.Color) -> list[alt.Chart]:
    base = alt.Chart(path).encode(x=_x(span))
    return [
        base.mark_area(opacity=0.13).encode(y=_y("lo95"), y2="hi95:Q", color=colour),
        base.mark_area(opacity=0.16).encode(y=_y("lo80"), y2="hi80:Q", color=colour),
        base.mark_area(opacity=0.24).encode(y=_y("lo50"), y2="hi50:Q", color=colour),
        base.mark_line(strokeWidth=3.4, color=palette.OUTLINE).encode(y=_y("median"), detail="short:N"),
        base.mark_line(strokeWidth=2).encode(y=_y("median"), color=colour),
    ]


def _polls(polls: Table, colour: alt.Color) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(polls)
        .mark_circle(size=14, opacity=0.55)
        .encode(
            x=alt.X("end_date:T"),
            y=_y("share"),
            color=colour,
            tooltip=[
                alt.Tooltip("pollster:N", title="Pollster"),
                alt.Tooltip("end_date:T", title="Fieldwork ended"),
                alt.Tooltip("short:N", title="Party"),
                alt.Tooltip("share:Q", format=".1%", title="Share"),
            ],
        )
    )
    return chart


def _polling_day(day: Table, span: Span, colour: alt.Color) -> list[alt.Chart]:
    base = alt.Chart(day).encode(x=_x(span))
    tooltip = [
        alt.Tooltip("short:N", title="Polling day"),
        alt.Tooltip("median:Q", format=".0%", title="Median"),
        alt.Tooltip("lo95:Q", format=".0%", title="95% from"),
        alt.Tooltip("hi95:Q", format=".0%", title="95% to"),
    ]
    text = base.mark_text(fontSize=9, fontWeight="bold").encode(y=_y("median"), text="letters:N", color=raw("ink"))
    return [
        base.mark_rule(strokeWidth=4, color=palette.OUTLINE).encode(y=_y("lo95"), y2="hi95:Q"),
        base.mark_rule(strokeWidth=2.4).encode(y=_y("lo95"), y2="hi95:Q", color=colour),
        base.mark_rule(strokeWidth=5).encode(y=_y("lo80"), y2="hi80:Q", color=colour),
        base.mark_rule(strokeWidth=9).encode(y=_y("lo50"), y2="hi50:Q", color=colour),
        base.mark_circle(size=210, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(
            y=_y("median"), color=colour, tooltip=tooltip
        ),
        text,
    ]
