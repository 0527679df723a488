"""Months of leadership since 1955: what was known of each leader when a month began, and whether she went in it.

A month is at most thirty days and starts anew when a leader begins and at each election, so that those who go the day
after a defeat are seen. Support and favourability are those known on its first day, read with what is held before any
ratings or votes are learned from (``prior_scale``, ``prior_habits``): no fit is needed, and none of a later record can
leak in.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from models import leaders, mps
from models.days import DAYS_PER_MONTH
from models.leader_scale import prior_scale
from models.mp_model import prior_habits
from models.record import gb_shares, governments, past_elections
from models.response_panel import COALITIONS
from models.survival_odds import PARTIES, decades, liking_of, pull_of

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
MONTH = timedelta(days=30)
STAYED, WENT, ILL = range(3)
ILLNESS = ("died", "resigned, ill health")
"""Reasons that count as health. Eden's, Suez with ill health, does not."""


@dataclass(frozen=True, kw_only=True)
class SurvivalRecord:
    """Months of leadership, in order of party and day, all arrays (n_months,).

    ``leaders`` (n_spells,) are names, ``spell`` indexes them, ``day`` is the ordinal of a month's first day, ``party``
    indexes `models.survival_odds.PARTIES`. ``months`` is its length (0 to 1), ``how`` whether the leader ``STAYED``,
    ``WENT`` or fell ``ILL`` on its last day. ``pull`` and ``liking`` are MPs' support and favourability on the scales
    of `models.survival_odds`, NaN where unknown. ``premier`` is 1 where she governed. ``since`` is the months since an
    election she lost, NaN where she won the last one or has fought none as leader; ``decade`` and ``gain``, also NaN
    then, are decades from 1985 to that election and tens of points of votes her party won or lost at it, which are NaN
    for the first election in the data, too.
    """

    leaders: tuple[str, ...]
    spell: Ints
    day: Ints
    party: Ints
    months: Array
    how: Ints
    pull: Array
    liking: Array
    premier: Array
    since: Array
    decade: Array
    gain: Array


@dataclass(frozen=True, kw_only=True)
class _Spell:
    party: str
    leader: str
    start: date
    end: date | None
    reason: str | None


def survival_record(evidence: Evidence) -> SurvivalRecord:
    """Lay out the months of all leaders of the three parties.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest. Months end there; the last of a leader in office may be a part of one.

    Returns
    -------
    SurvivalRecord
        From the first election in the data on; empty at that day.
    """
    spells, table = _spells(evidence.leader_tenure), _Table(evidence)
    rows = [(i, *row) for i, spell in enumerate(spells) for row in table.months(spell)]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 8
    spell, days, lengths, how, premier, since, decade, gain = columns
    party = [spells[i].party for i in spell]
    pull, liking = _known(evidence, party, list(days))
    return SurvivalRecord(
        leaders=tuple(spell.leader for spell in spells),
        spell=np.array(spell, dtype=np.int64),
        day=np.array([day.toordinal() for day in days], dtype=np.int64),
        party=np.array([PARTIES.index(name) for name in party], dtype=np.int64),
        months=np.array(lengths, dtype=np.float64) / DAYS_PER_MONTH,
        how=np.array(how, dtype=np.int64),
        pull=pull,
        liking=liking,
        premier=np.array(premier, dtype=np.float64),
        since=np.array(since, dtype=np.float64) / DAYS_PER_MONTH,
        decade=np.array(decade, dtype=np.float64),
        gain=np.array(gain, dtype=np.float64),
    )


def _spells(tenure: pl.DataFrame) -> list[_Spell]:
    """Every leadership of the three parties, by party and first day."""
    events = tenure.filter(pl.col("party").is_in(PARTIES)).sort("date", pl.col("event") == "start")
    begun: dict[tuple[str, str], date] = {}
    spells = []
    for party, leader, event, day, why in events.select("party", "leader", "event", "date", "reason").iter_rows():
        if event == "start":
            begun[party, leader] = day
        elif (party, leader) in begun:
            start = begun.pop((party, leader))
            spells.append(_Spell(party=party, leader=leader, start=start, end=day, reason=why))
    for (party, leader), start in begun.items():
        spells.append(_Spell(party=party, leader=leader, start=start, end=None, reason=None))
    return sorted(spells, key=lambda spell: (PARTIES.index(spell.party), spell.start))


class _Table:
    """Elections, votes and governments, read once and asked for every spell."""

    def __init__(self, evidence: Evidence) -> None:
        self._cut = evidence.cut
        self._held = past_elections(evidence)
        self._governing = {held: party for held, (party, _) in governments(evidence).items()}
        shares = {held: gb_shares(evidence, held) for held in self._held}
        self._gains = {
            (held, party): 10.0 * (shares[held].get(party, 0.0) - shares[before].get(party, 0.0))
            for before, held in pairwise(self._held)
            for party in PARTIES
        }

    def months(self, spell: _Spell) -> list[tuple[date, int, int, bool, float, float, float]]:
        """Month by month: first day, days, how it ended, and what ``_place`` says."""
        end = spell.end or self._cut
        first = max(spell.start, self._held[0]) if self._held else end
        marks = [first, *(held for held in self._held if first < held < end), end]
        found = []
        for begin, until in pairwise(marks):
            day = begin
            while day < until:
                last = min(day + MONTH, until)
                left = spell.end is not None and last == end
                how = (ILL if spell.reason in ILLNESS else WENT) if left else STAYED
                found.append((day, (last - day).days, how, *self._place(spell, day)))
                day = last
        return found

    def _place(self, spell: _Spell, day: date) -> tuple[bool, float, float, float]:
        """Whether the party governs; days since a lost election, its decade and the gain in votes."""
        held = max(one for one in self._held if one <= day)
        governs = self._governing[held] == spell.party
        if held < spell.start or governs or spell.party in COALITIONS.get(held, ()):
            return governs, np.nan, np.nan, np.nan
        return governs, float((day - held).days), decades(held), self._gains.get((held, spell.party), np.nan)


def _known(evidence: Evidence, party: list[str], days: list[date]) -> tuple[Array, Array]:
    """What was known of MPs' support and favourability on each day, on the scales of the record."""
    pull, liking = np.full(len(days), np.nan), np.full(len(days), np.nan)
    habits, scale = prior_habits(), prior_scale()
    for name in PARTIES:
        own = np.flatnonzero(np.array(party) == name)
        asked = [days[i] for i in own]
        backed = mps.history(evidence, habits, asked, (name,))["support"]
        liked = leaders.history(evidence, scale, asked, (name,))["favourability"]
        pull[own] = pull_of(backed.cast(pl.Float64).fill_null(np.nan).to_numpy())
        liking[own] = liking_of(liked.cast(pl.Float64).fill_null(np.nan).to_numpy())
    return pull, liking
