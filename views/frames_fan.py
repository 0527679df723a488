"""Small tables for the voting-intention fan: the path, the polls beside it, and polling day at its right end."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from models.bands import BANDS, intention_bands, vote_bands
from models.forecast import Forecast
from views import palette

MAX_POLL_DOTS = 1_200
"""Most poll marks in one chart: with more the page grows past 250 kB and the marks hide each other."""
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


def with_short(table: pl.DataFrame) -> pl.DataFrame:
    """Table with its ``party`` replaced by ``short``, the party's short name, and shares as short numbers."""
    names = {code: palette.line(code).short for code in table["party"].unique()}
    named = table.with_columns(short=pl.col("party").replace_strict(names, return_dtype=pl.String)).drop("party")
    return named.with_columns(pl.selectors.float().round(4).cast(pl.Float32))


def intention(forecast: Forecast, parties: list[str]) -> pl.DataFrame:
    """Voting intention in steps of a week or more, for drawing: ``date, short`` and ``models.bands.BANDS``."""
    path = intention_bands(forecast).filter(pl.col("party").is_in(parties))
    days = path["date"].unique().sort()
    step = max(1, len(days) // 130)
    kept = days.gather_every(step).append(days.tail(1)).unique()
    return with_short(path.filter(pl.col("date").is_in(kept.implode())))


def poll_dots(forecast: Forecast, parties: list[str]) -> tuple[pl.DataFrame, int]:
    """Polls to draw beside the path.

    Parameters
    ----------
    forecast : Forecast
        What to read.
    parties : list of str
        Parties to keep.

    Returns
    -------
    tuple of (pl.DataFrame, int)
        ``end_date, pollster, short, share``, and ``n`` where only every ``n``-th poll was kept (1: all).
    """
    polls = forecast.polls().filter(pl.col("party").is_in(parties))
    keys = polls.select("end_date", "pollster").unique(maintain_order=True).with_row_index("poll")
    every = -(-polls.height // MAX_POLL_DOTS) if polls.height else 1
    kept = keys.filter(pl.col("poll") % max(every, 1) == 0)
    return with_short(polls.join(kept, on=["end_date", "pollster"]).drop("poll")), max(every, 1)


def polling_day(forecast: Forecast, parties: list[str], *, span: Span, accessible: bool) -> pl.DataFrame:
    """Votes expected on polling day, placed beside the path.

    Parameters
    ----------
    forecast : Forecast
        What to read.
    parties : list of str
        Parties to keep.
    span : Span
        The time axis.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``date, short, letters, ink`` and ``models.bands.BANDS``, in the order of ``parties``.
    """
    found = vote_bands(forecast)
    bands = pl.DataFrame({"party": parties}).join(found, on="party", how="left", maintain_order="left")
    looks = [palette.line(p) for p in parties]
    return pl.DataFrame(
        {
            "date": pl.Series([span.place(i, len(parties)) for i in range(len(parties))], dtype=pl.Date),
            "short": pl.Series([look.short for look in looks], dtype=pl.String),
            "letters": pl.Series([look.letters for look in looks], dtype=pl.String),
            "ink": pl.Series([palette.ink_on(palette.colour(p, accessible)) for p in parties], dtype=pl.String),
            **{name: bands[name] for name in BANDS},
        }
    )
