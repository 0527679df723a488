"""Every past campaign as the arrival model reads it: where parties stood at each lead time, and where they ended.

The parties are carried in the channels of log-odds of ``models.arrival``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from models import leaders, mps
from models.arrival import campaign_part, relative_scale
from models.days import DAYS_PER_YEAR
from models.panel import poll_panel, quick_average
from models.poll_reading import CAMPAIGN_PACE
from models.record import gb_shares, governments, past_elections

if TYPE_CHECKING:  # links are learned from months laid out with the help of this module
    from models.links import Links

CHANNELS = ("lead", "level", "lib", "ref", "grn", "oth")
LEADS = (1000, 730, 365, 180, 90, 30, 7, 1)
SHORTEST_WAIT = 45
"""Days after an election before polls of the new Parliament are read."""
LEAST_SHARE = 0.002
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ArrivalHistory:
    """Rows of the arrival model, one a step of a channel from one lead time to the next.

    ``election`` and ``channel`` are indices; ``start``, ``end`` and ``previous`` are log-odds (rotated for the first
    two channels); ``years`` is the step's length; ``variance`` that of measuring start and end; ``scale`` the
    relative size of movements for a party of that size (``models.arrival.relative_scale``); ``final`` marks the
    step that ends in the result itself. ``gap`` is the Conservative minus the Labour leader's net standing in tens of
    points, ``margin`` the difference of Murr's margins (both NaN where not known), ``office`` the governing party's
    elections won in a row, negative for Labour.
    """

    elections: tuple[date, ...]
    election: NDArray[np.int64]
    channel: NDArray[np.int64]
    start: Array
    end: Array
    previous: Array
    years: Array
    campaign: Array
    variance: Array
    scale: Array
    final: NDArray[np.bool_]
    gap: Array
    margin: Array
    office: Array


def log_odds(shares: Mapping[str, float], named: list[str]) -> dict[str, float]:
    """Log-odds by party, with everything not in ``named`` folded into ``oth``."""
    kept = {p: shares.get(p, 0.0) for p in named if p != "oth"}
    kept["oth"] = 1.0 - sum(kept.values())
    safe = {p: min(max(s, LEAST_SHARE), 1 - LEAST_SHARE) for p, s in kept.items()}
    return {p: float(np.log(s / (1.0 - s))) for p, s in safe.items()}


def rotate(values: Mapping[str, float]) -> dict[str, float]:
    """Channels of log-odds: ``lead`` and ``level`` in place of ``con`` and ``lab``."""
    out = {p: v for p, v in values.items() if p in CHANNELS}
    out["lead"] = (values["con"] - values["lab"]) / 2.0
    out["level"] = (values["con"] + values["lab"]) / 2.0
    return out


def rotate_variance(values: Mapping[str, float]) -> dict[str, float]:
    """Variances of the channels, the two main parties' errors taken as independent."""
    out = {p: v for p, v in values.items() if p in CHANNELS}
    out["lead"] = out["level"] = (values["con"] + values["lab"]) / 4.0
    return out


@dataclass(frozen=True)
class _Reading:
    """Where the channels stood on one day, with the leaders of that day."""

    lead_days: int
    level: dict[str, float]
    variance: dict[str, float]
    scale: dict[str, float]
    previous: dict[str, float]
    newcomers: frozenset[str]
    gap: float
    margin: float


def arrival_history(evidence: Evidence, links: "Links", *, pace: float = CAMPAIGN_PACE) -> ArrivalHistory:
    """Collect the campaigns of every election whose result is known.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of the forecast.
    links : Links
        What ratings of leaders and votes of MPs mean.
    pace : float
        As for ``models.panel.poll_panel``.

    Returns
    -------
    ArrivalHistory
        About eight steps a channel and election since 1959.
    """
    held = past_elections(evidence)
    gaps, margins = _leader_tables(evidence, links, held)
    office = governments(evidence)
    rows: list[tuple[float, ...]] = []
    for index, (since, polling_day) in enumerate(pairwise(held)):
        previous, result = gb_shares(evidence, since), gb_shares(evidence, polling_day)
        party, terms = office[since]
        sign = terms if party == "con" else -terms
        readings = _readings(evidence, since, polling_day, previous, gaps, margins, pace)
        rows += _steps(index, readings, result, sign)
    table = np.array(rows, dtype=float)
    return ArrivalHistory(
        elections=tuple(held[1:]),
        election=table[:, 0].astype(np.int64),
        channel=table[:, 1].astype(np.int64),
        start=table[:, 2],
        end=table[:, 3],
        previous=table[:, 4],
        years=table[:, 5],
        campaign=table[:, 6],
        variance=table[:, 7],
        scale=table[:, 8],
        final=table[:, 9].astype(bool),
        gap=table[:, 10],
        margin=table[:, 11],
        office=table[:, 12],
    )


def history_without(history: ArrivalHistory, election: date) -> ArrivalHistory:
    """Leave out whatever holds the result of one election: its own campaign, and the next one's, which starts from it.

    Parameters
    ----------
    history : ArrivalHistory
        From ``arrival_history``.
    election : date
        Polling day.

    Returns
    -------
    ArrivalHistory
        The other campaigns.
    """
    if election not in history.elections:
        return history
    index = history.elections.index(election)
    kept = ~np.isin(history.election, (index, index + 1))
    left = [number for number in range(len(history.elections)) if number not in (index, index + 1)]
    rows = {f.name: getattr(history, f.name)[kept] for f in fields(history) if f.name != "elections"}
    rows["election"] = np.searchsorted(left, rows["election"])
    return ArrivalHistory(elections=tuple(history.elections[number] for number in left), **rows)


def _days(since: date, polling_day: date) -> list[tuple[int, date]]:
    days = [(lead, polling_day - timedelta(days=lead)) for lead in LEADS]
    return [(lead, day) for lead, day in days if (day - since).days >= SHORTEST_WAIT]


def _leader_tables(evidence: Evidence, links: "Links", held: list[date]) -> tuple[dict[date, float], dict[date, float]]:
    days = sorted({day for a, b in pairwise(held) for _, day in _days(a, b)})
    standing = leaders.history(evidence, links.scale, days, ("con", "lab"))
    backing = mps.history(evidence, links.habits, days, ("con", "lab"))
    return _difference(standing, "favourability", 10.0), _difference(backing, "margin", 1.0)


def _difference(table: pl.DataFrame, column: str, unit: float) -> dict[date, float]:
    wide = table.pivot(on="party", index="day", values=column, aggregate_function="first")
    return {
        day: (con - lab) / unit if con is not None and lab is not None else float("nan")
        for day, con, lab in wide.select("day", "con", "lab").iter_rows()
    }


def _readings(
    evidence: Evidence,
    since: date,
    polling_day: date,
    previous: dict[str, float],
    gaps: dict[date, float],
    margins: dict[date, float],
    pace: float,
) -> list[_Reading]:
    readings = []
    for lead, day in _days(since, polling_day):
        panel = poll_panel(evidence, since=since, until=day, previous=previous, polling_day=polling_day, pace=pace)
        mean, sd = quick_average(panel)
        level = dict(zip(panel.parties, mean.tolist(), strict=True))
        variance = dict(zip(panel.parties, (sd**2).tolist(), strict=True))
        scale = dict(zip(panel.parties, relative_scale(mean).tolist(), strict=True))
        scale["lead"] = scale["level"] = (scale["con"] + scale["lab"]) / 2.0
        readings.append(
            _Reading(
                lead_days=lead,
                level=rotate(level),
                variance=rotate_variance(variance),
                scale=scale,
                previous=rotate(log_odds(previous, list(panel.parties))),
                newcomers=frozenset(p for p in panel.parties if p != "oth" and p not in previous),
                gap=gaps.get(day, float("nan")),
                margin=margins.get(day, float("nan")),
            )
        )
    return readings


def _steps(index: int, readings: list[_Reading], result: dict[str, float], office: float) -> list[tuple[float, ...]]:
    rows: list[tuple[float, ...]] = []
    for i, now in enumerate(readings):
        final = i + 1 == len(readings)
        if final:
            named = [c for c in now.level if c not in ("lead", "level")]
            after = rotate(log_odds(result, ["con", "lab", *named]))
            extra: dict[str, float] = dict.fromkeys(after, 0.0)
            left = 0
        else:
            after, extra = readings[i + 1].level, readings[i + 1].variance
            left = readings[i + 1].lead_days
            if set(after) != set(now.level):  # a party got a line of its own: ``oth`` changed its meaning
                after = {c: v for c, v in after.items() if c in now.level and c != "oth"}
        for c, end in after.items():
            if c in now.level:
                variance = now.variance[c] + extra[c]
                # A party without a past result has no home to return to but where it stands.
                home = now.level[c] if c in now.newcomers else now.previous[c]
                step = (now.level[c], end, home, *step_length(now.lead_days, left), variance, now.scale[c])
                rows.append((index, CHANNELS.index(c), *step, final, now.gap, now.margin, office))
    return rows


def step_length(lead_days: int, left: int) -> tuple[float, float]:
    """Length of a step in years, and the part of a campaign in it."""
    return (lead_days - left) / DAYS_PER_YEAR, campaign_part(lead_days, left)
