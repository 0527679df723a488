"""Party by party and month by month since 1979: voting intention, the leader's standing, MPs' support, who governs.

What `models.response` learns from and `models.event_study` looks at. Nothing here imports PyMC.

Every figure rests on what was published by the end of its month: the average of the polls
(`models.panel.quick_average`), the leader's standing from her ratings, the last that MPs let be known. Only what such
readings mean (a pollster's wording, a vote of MPs) was learned once for all months, from the whole record as of the cut
(`models.links`).

That is a matter of more than tidiness. A regression on a noisy *reading* finds too small an effect, because part of
what it regresses on is noise. A regression on the *best guess* from all readings so far does not: what such a guess
misses is by construction unrelated to the guess, so it adds noise to what is explained and takes nothing from the
effect. So effects are as true as the guesses are well weighed, and no correction is made on top of that.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import BadInput, Evidence
from models.arrival import relative_scale
from models.history import log_odds
from models.panel import poll_panel, quick_average
from models.record import gb_shares, governments, previous_election

PARTIES = ("con", "lab", "lib")
NEW_BASE = 45
"""Days after an election whose polls are left out: few and far from settled."""
RATED_SD = 14.0
"""A standing less sure than this, in points, rests on no rating of that leader to speak of: new leaders start with 15
to 25, one poll brings that to 5 to 10, and a crisis after the last rating back to 15 (Starmer from May 2026)."""
COALITIONS = {date(2010, 5, 6): ("lib",)}
"""Junior partners in government after an election."""
USUAL_STANDING = -10.0
"""Standing from which the response model counts, in points: about the mean since 1979. It moves no effect."""
NOBODY = -1
Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class ResponsePanel:
    """Months by parties.

    Attributes
    ----------
    days : tuple of date
        Last days of the months, oldest first.
    parties : tuple of str
        Party codes.
    leaders : tuple of str
        Names of leaders.
    elections : tuple of date
        Elections with which the Parliaments began.
    leader : (month, party)
        Position in ``leaders`` of who led on that day, -1 for nobody.
    parliament : (month,)
        Position in ``elections``; -1 in the ``NEW_BASE`` days after an election.
    v : (month, party)
        Voting intention: log-odds of the share. NaN where ``parliament`` is -1.
    home : (month, party)
        Log-odds of the share at the last election.
    favourability : (month, party)
        Standing of the leader in points; NaN where ratings do not tell it (``RATED_SD``).
    support : (month, party)
        Share of the party's MPs behind the leader, 0 to 1; NaN where unknown.
    office : (month, party)
        Elections won in a row by the party in government (1 or more), 1 for a junior partner, 0 in opposition.
    """

    days: tuple[date, ...]
    parties: tuple[str, ...]
    leaders: tuple[str, ...]
    elections: tuple[date, ...]
    leader: Ints
    parliament: Ints
    v: Array
    home: Array
    favourability: Array
    support: Array
    office: Array


@dataclass(frozen=True, kw_only=True)
class Steps:
    """One row a party and month whose leader and Parliament are those of the month after.

    ``month``, ``party``, ``leader`` and ``parliament`` are positions in the panel; ``v``, ``favourability`` and
    ``support`` have two columns, this month and the next (``support`` NaN where unknown); ``scale`` is the size of
    movements for a party of that size (`models.arrival.relative_scale`).
    """

    month: Ints
    party: Ints
    leader: Ints
    parliament: Ints
    v: Array
    favourability: Array
    support: Array
    home: Array
    office: Array
    scale: Array


def month_days(evidence: Evidence) -> list[date]:
    """List the months since leaders are rated.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.

    Returns
    -------
    list of date
        Last day of each full month from the first rating known to the cut; none where no rating is known.
    """
    first = evidence.leader_ratings["known_on"].min()
    days: list[date] = []
    day = _month_end(first) if isinstance(first, date) else evidence.cut + timedelta(days=1)
    while day <= evidence.cut:
        days.append(day)
        day = _month_end(day + timedelta(days=1))
    return days


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def response_panel(evidence: Evidence, standing: pl.DataFrame, backing: pl.DataFrame) -> ResponsePanel:
    """Lay out what was known month by month.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut on or after the last day of ``standing``; polls, results and governments are read from it.
    standing : pl.DataFrame
        ``day``, ``party``, ``leader``, ``favourability``, ``favourability_sd`` (points, null where unknown), one row a
        day of `month_days` and party, each as known on that day.
    backing : pl.DataFrame
        ``day``, ``party``, ``support`` (0 to 1, null where unknown) for the same days and parties.

    Returns
    -------
    ResponsePanel
        Of con, lab and lib; without months where the tables hold none, as before any leader was rated.

    Raises
    ------
    BadInput
        If the tables hold a day after the cut, or not one row for each day and party.
    """
    days = sorted(set(standing["day"]))
    _check(evidence, standing, days)
    elections = tuple(sorted({previous_election(evidence, day) for day in days}))
    parliament = np.array([elections.index(previous_election(evidence, day)) for day in days], dtype=np.int64)
    table = standing.join(backing.select("day", "party", "support"), on=["day", "party"], how="left")
    leaders = tuple(sorted(set(table.filter(pl.col("party").is_in(PARTIES))["leader"].drop_nulls())))
    names = _grid(table, days, "leader")
    seats = [[NOBODY if name is None else leaders.index(name) for name in row] for row in names]
    liked, sd = (_grid(table, days, name).astype(np.float64) for name in ("favourability", "favourability_sd"))
    settled = [(day - elections[p]).days >= NEW_BASE for day, p in zip(days, parliament, strict=True)]
    base = np.where(np.array(settled, dtype=bool), parliament, NOBODY)
    v = _intentions(evidence, days, elections, base)
    return ResponsePanel(
        days=tuple(days),
        parties=PARTIES,
        leaders=leaders,
        elections=elections,
        leader=np.array(seats, dtype=np.int64).reshape(names.shape),
        parliament=base,
        v=v,
        home=_homes(evidence, elections)[parliament],
        favourability=np.where(sd <= RATED_SD, liked, np.nan),  # NaN where sd is NaN
        support=_grid(table, days, "support").astype(np.float64),
        office=_offices(evidence, elections)[parliament],
    )


def _check(evidence: Evidence, standing: pl.DataFrame, days: list[date]) -> None:
    rows = standing.filter(pl.col("party").is_in(PARTIES))
    if days and days[-1] > evidence.cut:
        raise BadInput(
            f"The panel of months needs standings of leaders up to {evidence.cut}, the end of the evidence; got one of "
            f"{days[-1]}. Take the days from month_days."
        )
    if rows.height != len(days) * len(PARTIES) or rows.select("day", "party").is_duplicated().any():
        raise BadInput(
            f"The panel of months needs one row for each of {len(days)} days and {', '.join(PARTIES)}; "
            f"got {rows.height} rows."
        )


def _grid(table: pl.DataFrame, days: list[date], column: str) -> NDArray[np.object_]:
    """Values of a column by month and party; None where null."""
    held = dict(zip(table.select("day", "party").iter_rows(), table[column], strict=True))
    values = [held[day, party] for day in days for party in PARTIES]
    return np.array(values, dtype=object).reshape(len(days), len(PARTIES))


def _homes(evidence: Evidence, elections: tuple[date, ...]) -> Array:
    """Log-odds of the shares at elections (election, party)."""
    results = [log_odds(gb_shares(evidence, held), list(PARTIES)) for held in elections]
    return np.array([[result[party] for party in PARTIES] for result in results]).reshape(-1, len(PARTIES))


def _offices(evidence: Evidence, elections: tuple[date, ...]) -> Array:
    """Elections won in a row by those who governed afterwards (election, party)."""
    office = np.zeros((len(elections), len(PARTIES)))
    governing = governments(evidence)
    for i, held in enumerate(elections):
        party, terms = governing[held]
        office[i, PARTIES.index(party)] = terms
        for partner in COALITIONS.get(held, ()):
            office[i, PARTIES.index(partner)] = 1.0
    return office


def _intentions(evidence: Evidence, days: list[date], elections: tuple[date, ...], parliament: Ints) -> Array:
    """Log-odds of voting intention (month, party), each from the polls known at the month's end."""
    v = np.full((len(days), len(PARTIES)), np.nan)
    results = [gb_shares(evidence, held) for held in elections]
    for i in np.flatnonzero(parliament >= 0):
        since, previous = elections[parliament[i]], results[parliament[i]]
        panel = poll_panel(evidence, since=since, until=days[i], previous=previous)
        if panel.n_polls:
            mean, _ = quick_average(panel)
            v[i] = mean[[panel.parties.index(party) for party in PARTIES]]
    return v


def steps(panel: ResponsePanel) -> Steps:
    """Pairs of months that follow each other under one leader in one Parliament, all of them rated.

    A step over a change of leader is left out: it is kept for `models.event_study`.

    Parameters
    ----------
    panel : ResponsePanel
        Months by parties.

    Returns
    -------
    Steps
        In order of month and party; may be none.
    """
    now, then = slice(None, -1), slice(1, None)
    same = (panel.leader[now] == panel.leader[then]) & (panel.leader[now] != NOBODY)
    same &= ((panel.parliament[now] == panel.parliament[then]) & (panel.parliament[now] != NOBODY))[:, None]
    for values in (panel.v, panel.favourability):
        same &= ~np.isnan(values[now]) & ~np.isnan(values[then])
    month, party = np.nonzero(same)

    def pair(values: Array) -> Array:
        return np.column_stack([values[month, party], values[month + 1, party]])

    v = pair(panel.v)
    return Steps(
        month=month,
        party=party,
        leader=panel.leader[month, party],
        parliament=panel.parliament[month],
        v=v,
        favourability=pair(panel.favourability),
        support=pair(panel.support),
        home=panel.home[month, party],
        office=panel.office[month, party],
        scale=relative_scale(v[:, 0]),
    )
