"""Votes of MPs on their leaders and acts against them, read from the tables: one ``Dossier`` a leader.

A dossier holds everything in the evidence with the day it became known; ``Dossier.until`` cuts it at a day. So a
history of many days reads the tables once and still sees each day with what was known then.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from data import Evidence

LEAST_MPS = 10
"""Fewer MPs than this say little by a vote (Liberals 1955-70, Reform UK)."""
PRESSURE_DAYS = 60
"""A leader who says she will resign this soon after an act against her gave way to her MPs: Johnson and Truss took no
day, Starmer 39, May 56. One who goes after an election or of her own will did not. Nor is it news after a vote alone,
which has measured where she stood (Thatcher 1990)."""
Elected = list[tuple[date, date, dict[str, int]]]
"""Polling day, day the results were known, MPs by party; oldest first."""


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One round in which MPs voted on a leader. ``known_on`` is the day it became a vote on her as leader."""

    contest_id: str
    day: date
    kind: str
    votes: int
    rival: int | None
    cast: int
    entitled: int
    crowd: float
    chosen: bool
    known_on: date

    @property
    def margin(self) -> float | None:
        """Murr's margin, -1 to 1; None without a rival."""
        return None if self.rival is None else (self.votes - self.rival) / self.entitled


@dataclass(frozen=True, kw_only=True)
class Act:
    """MPs acting against their leader: ``mps`` of ``entitled``."""

    day: date
    kind: str
    mps: int
    entitled: int
    known_on: date


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """All votes on a leader and acts against her during one spell, oldest first.

    ``exits`` are the days on which she said she would resign, each with the day that was known; cut by ``until``, only
    the first that followed upon an act is left.
    """

    leader: str
    votes: tuple[Vote, ...]
    acts: tuple[Act, ...]
    exits: tuple[tuple[date, date], ...]

    def until(self, day: date) -> "Dossier":
        """Keep what was known on a day, of each contest the last round."""
        known = [vote for vote in self.votes if vote.known_on <= day]
        last = {vote.contest_id: vote for vote in known}
        votes = [_with_all_entitled(vote, known) for vote in last.values()]
        acts = tuple(act for act in self.acts if act.known_on <= day)
        forced = [
            (said, seen)
            for said, seen in self.exits
            if seen <= day and any(timedelta(0) <= said - act.day <= timedelta(PRESSURE_DAYS) for act in acts)
        ]
        return Dossier(
            leader=self.leader,
            votes=tuple(sorted(votes, key=lambda vote: vote.day)),
            acts=acts,
            exits=tuple(forced[:1]),
        )


def _with_all_entitled(vote: Vote, known: list[Vote]) -> Vote:
    """Count as entitled at least those who voted: Labour's section of 1994 and 2010 held MEPs, too."""
    cast = [other.cast for other in known if (other.contest_id, other.kind) == (vote.contest_id, vote.kind)]
    return replace(vote, entitled=max(vote.entitled, *cast))


def elected_mps(evidence: Evidence) -> Elected:
    """MPs each party won at each election.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut or not.

    Returns
    -------
    Elected
        Polling day, the day the results were known, MPs by party; oldest first.
    """
    won = evidence.contests.group_by("election_date", "winner").agg(pl.len(), pl.col("known_on").max())
    found: dict[date, tuple[date, dict[str, int]]] = {}
    for held, party, seats, known in won.sort("election_date", "winner").iter_rows():
        latest, parties = found.get(held, (known, {}))
        found[held] = (max(latest, known), parties | {party: seats})
    return [(held, known, parties) for held, (known, parties) in sorted(found.items())]


def mps_on(elected: Elected, party: str, day: date) -> tuple[int, date] | None:
    """MPs a party won at the last election whose results were known on a day.

    Parameters
    ----------
    elected : Elected
        From ``elected_mps``.
    party : str
        Party code.
    day : date
        Day.

    Returns
    -------
    tuple of (int, date) or None
        MPs and polling day; None before the first election in the data.
    """
    last = [(parties.get(party, 0), held) for held, known, parties in elected if known <= day]
    return last[-1] if last else None


def dossier(evidence: Evidence, party: str, leader: str, start: date, end: date) -> Dossier:
    """Collect all votes of MPs on a leader and all acts against her.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut on or after the days of interest.
    party, leader : str
        Party code and leader.
    start, end : date
        First and last day of her spell. A vote from before counts if it chose her.

    Returns
    -------
    Dossier
        With everything in the evidence, whenever it became known.
    """
    hers = (pl.col("party") == party, pl.col("leader") == leader, pl.col("date").is_between(start, end))
    said = evidence.leader_events.filter(*hers, pl.col("kind") == "resignation").sort("date")
    return Dossier(
        leader=leader,
        votes=_votes(evidence, party, leader, start, end),
        acts=_acts(evidence, party, evidence.mp_events.filter(*hers)),
        exits=tuple(said.select("date", "known_on").iter_rows()),
    )


def _acts(evidence: Evidence, party: str, events: pl.DataFrame) -> tuple[Act, ...]:
    elected = elected_mps(evidence) if events.height else []
    found = []
    for row in events.sort("date", "kind").iter_rows(named=True):
        won = mps_on(elected, party, row["date"])
        entitled = row["party_mps"] or (won[0] if won else 0)
        if 0 < row["mps"] < entitled:
            found.append(
                Act(day=row["date"], kind=row["kind"], mps=row["mps"], entitled=entitled, known_on=row["known_on"])
            )
    return tuple(found)


def _votes(evidence: Evidence, party: str, leader: str, start: date, end: date) -> tuple[Vote, ...]:
    chosen = evidence.mp_margins.filter(
        pl.col("party") == party, pl.col("leader") == leader, pl.col("known_on") >= start
    )
    named = dict(chosen.select("contest_id", "known_on").iter_rows())
    rounds = evidence.mp_contests.filter(
        pl.col("party") == party,
        pl.col("mp_votes").is_not_null(),
        pl.col("date").is_between(start, end) | pl.col("contest_id").is_in(list(named)),
    )
    keys = ["contest_id", "date", "kind", "round"]
    found = []
    for _, rows in rounds.sort("date", "round").group_by(keys, maintain_order=True):
        own = rows.filter(pl.col("candidate") == leader)
        if own.height:
            known: date = rows.select(pl.col("known_on").max()).item()
            found.append(_vote(own.row(0, named=True), rows, named, start, known))
    return tuple(found)


def _vote(own: dict[str, Any], rows: pl.DataFrame, named: dict[str, date], start: date, known: date) -> Vote:
    """One round from its rows; ``named`` holds the contests that chose the leader and when they had."""
    contest, held = own["contest_id"], own["date"]
    cast = int(rows["mp_votes"].sum())
    rivals = rows.filter(pl.col("candidate") != own["candidate"])["mp_votes"].to_list()
    chosen = contest in named or held <= start
    return Vote(
        contest_id=contest,
        day=held,
        kind=own["kind"],
        votes=own["mp_votes"],
        rival=max(rivals, default=None),
        cast=cast,
        entitled=max(own["party_mps"] or 0, cast),
        crowd=_crowd(rivals) if chosen else 0.0,
        chosen=chosen,
        known_on=max(known, named[contest]) if held < start else known,
    )


def _crowd(rivals: list[int]) -> float:
    """Log of one plus the effective number of rivals, which her own share does not move."""
    squares = sum(votes**2 for votes in rivals)
    return float(np.log1p(sum(rivals) ** 2 / squares)) if squares else 0.0
