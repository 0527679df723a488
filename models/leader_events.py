"""What befell each leader and when: becoming leader and prime minister, elections won and lost, events.

Days are ordinals. Each fact has the day it became known, and `Courses.of` tells of a leader only what was known by a
day. A prime minister is whoever last took office; where no taking of office is known, nobody governs. Of the two main
parties' leaders at an election the one who is prime minister a week later has won and the other has lost; others
neither win nor lose.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence

Ints = NDArray[np.int64]

HONEYMOONS = ("leader", "office", "won")
"""Becoming leader, becoming prime minister, and winning an election: what wears off as a honeymoon does."""
SHOCKS = (
    "announcement",
    "budget",
    "crisis",
    "debate",
    "gaffe",
    "lost",
    "minister_resignation",
    "policy",
    "resignation",
    "sacking",
    "scandal",
    "speech",
    "war",
)
"""Everything else that table ``leader_events`` has, and losing an election."""
KINDS = (*HONEYMOONS, *SHOCKS)
EventKind = Literal[
    "announcement", "budget", "crisis", "debate", "gaffe", "minister_resignation", "policy", "scandal", "speech", "war"
]
"""Events that can be put into a scenario: those that leave the leader where she is."""
EVENT_KINDS: tuple[str, ...] = get_args(EventKind)
DECIDED_DAYS = 7
"""Days after polling by which it is known who governs: 2010 took five, the longest since 1974."""
FAR = date.max.toordinal()


@dataclass(frozen=True)
class Course:
    """What was known of one leader by a day, as ordinals in order.

    ``led`` (n_led,) are the days she became leader of a party; ``office`` (n_terms, 2) first days as prime minister and
    the days after the last; ``day`` and ``kind`` (n_shocks,) the honeymoons and events, ``kind`` as a position in
    ``KINDS``.
    """

    led: Ints
    office: Ints
    day: Ints
    kind: Ints

    def is_premier(self, days: Ints) -> NDArray[np.bool_]:
        """Say for each day whether she was prime minister on it."""
        return np.any((days[:, None] >= self.office[:, 0]) & (days[:, None] < self.office[:, 1]), axis=1)


@dataclass(frozen=True)
class Courses:
    """Facts of all leaders.

    ``premiers`` are (day, known, leader) of each taking of office, in order of day; ``facts`` hold for each leader
    (day, known, kind) in order of day.
    """

    premiers: tuple[tuple[int, int, str], ...]
    facts: dict[str, tuple[tuple[int, int, str], ...]]

    def of(self, leader: str, until: int) -> Course:
        """Tell what was known of a leader by a day.

        Parameters
        ----------
        leader : str
            Name as in ``leader_tenure``.
        until : int
            Ordinal of the day; facts dated or known later are left out.

        Returns
        -------
        Course
            Empty for a leader nothing is known of.
        """
        seen = [(day, kind) for day, known, kind in self.facts.get(leader, ()) if max(day, known) <= until]
        held = [(day, who) for day, known, who in self.premiers if max(day, known) <= until]
        ends = [*(day for day, _ in held[1:]), FAR][: len(held)]  # none where no taking of office is known
        led = [day for day, kind in seen if kind == "leader"]
        return Course(
            led=np.array(led, dtype=np.int64),
            office=np.array(
                [(day, end) for (day, who), end in zip(held, ends, strict=True) if who == leader], dtype=np.int64
            ).reshape(-1, 2),
            day=np.array([day for day, _ in seen], dtype=np.int64),
            kind=np.array([KINDS.index(kind) for _, kind in seen], dtype=np.int64),
        )


def courses(evidence: Evidence) -> Courses:
    """Gather what befell each leader.

    Parameters
    ----------
    evidence : Evidence
        Tables ``leader_events`` and ``leader_tenure``.

    Returns
    -------
    Courses
        All facts in them with the day each became known.
    """
    events = evidence.leader_events.sort("date", "leader")
    taken = events.filter(pl.col("kind") == "office", pl.col("event").str.starts_with("becomes Prime Minister"))
    premiers = tuple((d.toordinal(), k.toordinal(), who) for d, k, who in _rows(taken))
    facts: list[tuple[str, int, int, str]] = [(who, day, known, "office") for day, known, who in premiers]
    starts = evidence.leader_tenure.filter(pl.col("event") == "start")
    facts += [(who, d.toordinal(), k.toordinal(), "leader") for d, k, who in _rows(starts)]
    plain = events.filter(pl.col("kind").is_in(SHOCKS))
    kinds = plain["kind"].cast(pl.String)
    facts += [(who, d.toordinal(), k.toordinal(), kind) for (d, k, who), kind in zip(_rows(plain), kinds, strict=True)]
    polled = events.filter(pl.col("kind") == "general_election", pl.col("party").is_in(["con", "lab"]))
    facts += [fact for d, _, who in _rows(polled) if (fact := _verdict(d.toordinal(), who, premiers))]
    order = {kind: i for i, kind in enumerate(KINDS)}
    by_leader: dict[str, list[tuple[int, int, str]]] = {}
    for who, day, known, kind in sorted(facts, key=lambda fact: (fact[1], order[fact[3]])):
        by_leader.setdefault(who, []).append((day, known, kind))
    return Courses(premiers, {who: tuple(rows) for who, rows in by_leader.items()})


def _rows(table: pl.DataFrame) -> list[tuple[date, date, str]]:
    return table.select("date", "known_on", "leader").rows()


def _verdict(day: int, leader: str, premiers: tuple[tuple[int, int, str], ...]) -> tuple[str, int, int, str] | None:
    """Whether a leader won the election of a day, and since when that is known; None before premiers are recorded."""
    new = [(known, who) for taken, known, who in premiers if day <= taken <= day + DECIDED_DAYS]
    old = [who for taken, _, who in premiers if taken < day]
    if not (new or old):
        return None
    known, winner = new[-1] if new else (day + DECIDED_DAYS, old[-1])
    return leader, day, known, "won" if leader == winner else "lost"
