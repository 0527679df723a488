"""Who might lead a party in place of its leader, by name, as the tables know them.

Candidates of the party's two latest contests, leaders of the last years, and ministers whose going an event names: all
of them members of the House for the party still, as far as the tables say. Events name people in their text, so a name
is looked for there as it is written on the ballot paper.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from data import Evidence
from models.contest_record import contest_case, contest_ids
from models.leader_history import spells, standing_today
from models.reading_scale import ReadingScale

CONTESTS = 2
"""The party's latest contests whose candidates are named."""
YEARS = 15
"""A former leader is named for so many years after she left."""
KINDS = ("minister_resignation", "sacking")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who might lead: ``known_from`` says where the tables name her; ``rating`` as ``standing_today``."""

    name: str
    known_from: str
    rating: tuple[float, float, int, date] | None = None


def people(evidence: Evidence, scale: ReadingScale, party: str, leader: str, since: date) -> list[Person]:
    """Name those who might lead a party in place of its leader.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    scale : ReadingScale
        What ratings mean.
    party : str
        Party code.
    leader : str
        Who leads now.
    since : date
        The last general election: who was not elected then, left the party or lost the seat since is left out.

    Returns
    -------
    list of Person
        Each once: candidates of the latest contest first, then of the one before, former leaders, ministers.
    """
    members = _members(evidence, party, since)
    named: dict[str, str] = {}
    mine = [c for c in contest_ids(evidence) if contest_case(evidence, c).party == party][-CONTESTS:]
    for contest in reversed(mine):
        case = contest_case(evidence, contest)
        for name in case.names:
            named.setdefault(name, f"contest of {case.result_day.year}")
    for spell in reversed(spells(evidence, party)):
        if not spell.current and evidence.cut.year - spell.end.year <= YEARS:
            named.setdefault(spell.leader, f"leader until {spell.end.year}")
    gone = evidence.leader_events.filter(pl.col("party") == party, pl.col("date") >= since, pl.col("kind").is_in(KINDS))
    for day, event in gone.sort("date")["date", "event"].iter_rows():
        for name in sorted(member for member in members if member in event):
            named.setdefault(name, f"left the front bench in {day.year}")
    return [
        Person(name=name, known_from=where, rating=standing_today(evidence, scale, name))
        for name, where in named.items()
        if name in members and name != leader
    ]


def _members(evidence: Evidence, party: str, since: date) -> set[str]:
    """Names elected for a party at an election, less those of seats fought again since and of those who left it."""
    votes = evidence.candidate_votes.filter(pl.col("election_date") == since)
    first = votes.filter(pl.col("votes") == pl.col("votes").max().over("constituency"))
    again = evidence.by_elections.filter(pl.col("date") > since)["constituency"]
    won = first.filter(~pl.col("constituency").is_in(again.implode())).join(
        evidence.candidates.filter(pl.col("party") == party), on=["election_date", "constituency", "candidate"]
    )
    left = evidence.mp_events.filter(pl.col("party") == party, pl.col("kind") == "defections", pl.col("date") > since)[
        "event"
    ]
    return {name for name in won["name"] if not any(name in event for event in left)}
