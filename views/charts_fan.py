"""The voting-intention fan: bands of 50 and 90 per cent, the polls, and what is expected on polling day."""

from dataclasses import dataclass
from datetime import date, timedelta

import altair as alt
import polars as pl

from views import palette
from views.charts import Chart, fills, stack, with_short

END_GAP = 0.06
END_WIDTH = 0.24
"""Room for polling day at the right end, as parts of the time drawn: a gap, then a place for each party."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Time axis: from the last election to the last evidence, then room for polling day up to ``end``."""

    start: date
    as_of: date
    end: date

    @classmethod
    def between(cls, start: date, as_of: date) -> "Span":
        """Span with the usual room on the right."""
        return cls(start=start, as_of=as_of, end=as_of + (as_of - start) * (END_GAP + END_WIDTH))

    def place(self, i: int, n: int) -> date:
        """Day at which the ``i``-th of ``n`` parties' polling-day figures are drawn."""
        first = (self.as_of - self.start) * END_GAP
        room = (self.as_of - self.start) * END_WIDTH
        return self.as_of + first + room * ((i + 0.5) / n)


def fan(
    path: pl.DataFrame, polls: pl.DataFrame, day: pl.DataFrame, *, span: Span, accessible: bool, description: str
) -> Chart:
    """Draw voting intention since the last election, with the polls and the expectation for polling day.

    Parameters
    ----------
    path : pl.DataFrame
        ``date, party, q05, q25, q50, q75, q95``.
    polls : pl.DataFrame
        ``end_date, pollster, party, share``.
    day : pl.DataFrame
        ``party, q05, q25, q50, q75, q95``: votes on polling day, in the order of the parties.
    span : Span
        The time axis.
    accessible : bool
        Whether to use the accessible colours.
    description : str
        The sentence that says what the chart shows.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    parties = day["party"].to_list()
    colour = alt.Color(
        "short:N",
        scale=fills(parties, accessible),
        legend=alt.Legend(
            title=None, orient="top", columns=3, symbolType="circle", symbolOpacity=1, symbolStrokeColor=palette.OUTLINE
        ),
    )
    layers = [*_bands(path, span, colour), _polls(polls, colour), *_polling_day(day, span, colour, accessible)]
    rule = alt.Chart(pl.DataFrame({"date": [span.as_of + (span.as_of - span.start) * (END_GAP / 2)]}))
    layers.append(rule.mark_rule(color=palette.OUTLINE, strokeDash=[4, 3]).encode(x=_x(span)))
    return stack(*layers, height=400, description=description)


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


def _bands(path: pl.DataFrame, span: Span, colour: alt.Color) -> list[alt.Chart]:
    base = alt.Chart(with_short(path, "party")).encode(x=_x(span))
    return [
        base.mark_area(opacity=0.18).encode(y=_y("q05"), y2="q95:Q", color=colour),
        base.mark_area(opacity=0.32).encode(y=_y("q25"), y2="q75:Q", color=colour),
        base.mark_line(strokeWidth=3.4, color=palette.OUTLINE).encode(y=_y("q50"), detail="short:N"),
        base.mark_line(strokeWidth=2).encode(y=_y("q50"), color=colour),
    ]


def _polls(polls: pl.DataFrame, colour: alt.Color) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(with_short(polls, "party"))
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


def _polling_day(day: pl.DataFrame, span: Span, colour: alt.Color, accessible: bool) -> list[alt.Chart]:
    parties = day["party"].to_list()
    table = with_short(day, "party").with_columns(
        date=pl.Series([span.place(i, len(parties)) for i in range(len(parties))], dtype=pl.Date),
        letters=pl.Series([palette.line(p).letters for p in parties], dtype=pl.String),
        ink=pl.Series([palette.ink_on(palette.colour(p, accessible)) for p in parties], dtype=pl.String),
    )
    base = alt.Chart(table).encode(x=_x(span))
    tooltip = [
        alt.Tooltip("short:N", title="Polling day"),
        alt.Tooltip("q50:Q", format=".0%", title="Median"),
        alt.Tooltip("q05:Q", format=".0%", title="90% from"),
        alt.Tooltip("q95:Q", format=".0%", title="90% to"),
    ]
    text = base.mark_text(fontSize=9, fontWeight="bold").encode(
        y=_y("q50"), text="letters:N", color=alt.Color("ink:N", scale=None)
    )
    return [
        base.mark_rule(strokeWidth=4, color=palette.OUTLINE).encode(y=_y("q05"), y2="q95:Q"),
        base.mark_rule(strokeWidth=2.4).encode(y=_y("q05"), y2="q95:Q", color=colour),
        base.mark_rule(strokeWidth=7).encode(y=_y("q25"), y2="q75:Q", color=colour),
        base.mark_circle(size=210, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(
            y=_y("q50"), color=colour, tooltip=tooltip
        ),
        text,
    ]
