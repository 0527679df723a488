"""Leadership contests as the tables have them: who stood, what MPs, members, affiliates and supporters did, polls.

A ``Case`` is one contest seen at a cut. Its ``paper`` are the candidates of the ballot that decides; others who were
named earlier are kept, as votes for them say something of those left. Every ``Reading`` is a set of shares of one
group, with the day it became known; what it is worth is for ``models.contest_terms`` to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from models.rules import GROUPS
from models.tenure import in_office

Array = NDArray[np.float64]
BALLOTS, NOMINATIONS, CONFIDENCE, COLLEGE = "mp_ballot", "mp_nominations", "confidence_vote", "electoral_college_mps"
NO_CONFIDENCE = "no confidence"
FLOOR = 0.01
"""Smaller shares count as this much: below it a log-share tells who had given up, not who was liked less."""
BLOCK_UNTIL = date(1993, 9, 29)
"""Day from which Labour's unions and local parties no longer cast their votes as blocks."""
CONFIDENCE_DAYS = 365
"""A confidence vote this long before a contest still speaks of the leader who stands in it."""
FIRST = date(1955, 1, 1)
SCRAPED = 1.15
"""Nominations up to this many times the number needed may have been lent: 33 of 33 in 2010, 36 of 35 in 2015."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Shares of one group's votes, nominations or answers.

    ``kind`` is ``ballot`` (a vote of the group), ``nominations``, ``poll``, ``confidence`` (votes for the leader and
    against her) or ``range`` (the user's view of a candidate: her share and the rest, whose log-odds have the sd
    ``sd``). Where ``who`` is one name, ``share`` is hers and that of all others. ``share`` are above 0, of any sum.
    ``round`` numbers the ballots of a group; in a ``series`` each is voted anew and the last decides, else all but the
    first are counts of lower preferences. ``scraped`` are candidates with hardly more nominations than they need.
    ``sample`` is the number of people asked, ``entitled`` that of the party's MPs, where they are known.
    """

    kind: str
    group: str
    who: tuple[str, ...]
    share: Array
    day: date
    round: int = 1
    series: bool = False
    source: str = ""
    sample: int | None = None
    entitled: int | None = None
    sd: float = 0.0
    scraped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A contest as known at a cut.

    ``result_day`` is the day the deciding ballot ends, known or expected. ``incumbent`` led the party when the contest
    began and stood in it, on the last paper or an earlier one. In a ``block`` contest unions and local parties cast
    theirs as one. ``sizes`` are votes cast by group.
    """

    contest_id: str
    party: str
    paper: tuple[str, ...]
    result_day: date
    incumbent: str | None = None
    block: bool = False
    readings: tuple[Reading, ...] = ()
    sizes: dict[str, float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """All candidates named: those on the paper first."""
        return tuple(dict.fromkeys([*self.paper, *(name for reading in self.readings for name in reading.who)]))

    def result(self, group: str) -> Reading | None:
        """The last vote of a group, or None where it did not vote."""
        held = [reading for reading in self.readings if reading.kind == "ballot" and reading.group == group]
        return held[-1] if held else None


def contest_ids(evidence: Evidence) -> list[str]:
    """Contests in which somebody was chosen, in order of their last day known.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut or not.

    Returns
    -------
    list of str
        Keys, as in ``mp_contests`` and ``member_ballots``; confidence votes are no contests.
    """
    voted = evidence.mp_contests.filter(pl.col("kind") != CONFIDENCE, pl.col("date") >= FIRST)
    days = pl.concat([voted.select("contest_id", "date"), evidence.member_ballots.select("contest_id", "date")])
    return [
        str(c) for c in days.group_by("contest_id").agg(pl.col("date").max()).sort("date", "contest_id")["contest_id"]
    ]


def contest_cases(evidence: Evidence) -> list[Case]:
    """All contests of which something is known at the evidence's cut, in order of their last day known."""
    return [contest_case(evidence, contest_id) for contest_id in contest_ids(evidence)]


def contest_case(
    evidence: Evidence,
    contest_id: str,
    *,
    party: str | None = None,
    paper: Iterable[str] = (),
    result_day: date | None = None,
) -> Case:
    """One contest as known at the cut.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    contest_id : str
        Key of the contest; of one without rows nothing is known but a vote of confidence in the leader who stands.
    party : str, optional
        Party code, needed where no row says it.
    paper : iterable of str
        Candidates of the deciding ballot; by default those of the last ballot known, else those nominated.
    result_day : date, optional
        Day the deciding ballot ends; by default the last day known.

    Returns
    -------
    Case
        The contest.
    """
    mps = evidence.mp_contests.filter(pl.col("contest_id") == contest_id)
    ballots = evidence.member_ballots.filter(pl.col("contest_id") == contest_id)
    polls = evidence.member_polls.filter(pl.col("contest_id") == contest_id)
    readings = [*_mp_readings(evidence, mps, ballots), *_ballot_readings(ballots), *_poll_readings(polls)]
    party = party or next(iter([*mps["party"], *ballots["party"]]), {"ld": "lib"}.get(contest_id[:2], contest_id[:3]))
    last = max((reading.day for reading in readings if reading.kind != "poll"), default=evidence.cut)
    on_paper = tuple(paper) or _last_paper(readings)
    first = min((reading.day for reading in readings), default=evidence.cut)
    named = {*on_paper, *(name for reading in readings for name in reading.who)}
    leader = in_office(evidence.leader_tenure, first - timedelta(days=1)).get(party, ("", first))[0]
    if leader in named:
        readings += _confidence(evidence, party, leader, first)
    return Case(
        contest_id=contest_id,
        party=party,
        paper=on_paper,
        result_day=result_day or last,
        incumbent=leader if leader in named else None,
        block=party == "lab" and last < BLOCK_UNTIL,
        readings=tuple(sorted(readings, key=lambda reading: (reading.day, reading.round))),
        sizes=_sizes(ballots),
    )


def _last_paper(readings: list[Reading]) -> tuple[str, ...]:
    """Candidates of the last ballot: of members where they voted, else of MPs, else those nominated."""
    for kind, groups in (("ballot", GROUPS[1:]), ("ballot", ("mps",)), ("nominations", ("mps",))):
        held = [reading for reading in readings if reading.kind == kind and reading.group in groups]
        if held:
            # One count of preferences starts with all of its candidates; a series of ballots ends with those left.
            last = max(held, key=lambda reading: (reading.day, reading.round if groups == ("mps",) else -reading.round))
            return last.who
    return ()


def _mp_readings(evidence: Evidence, mps: pl.DataFrame, ballots: pl.DataFrame) -> list[Reading]:
    """Ballots and nominations of MPs; their section of a college is read from ``member_ballots`` where it is there."""
    found = []
    colleges = bool(ballots.filter(pl.col("section") == "mps").height)
    for (kind, number), rows in mps.group_by("kind", "round", maintain_order=True):
        # Whom nobody nominated was not yet, or no longer, a candidate.
        counted = rows.filter(pl.col("mp_votes") >= (1 if kind == NOMINATIONS else 0))
        if kind == CONFIDENCE or (kind == COLLEGE and colleges) or not counted.height:
            continue
        share, entitled = counted["mp_votes"].to_numpy() + 0.5, counted["party_mps"].to_list()[0]
        if counted.height == 1 and not entitled:
            continue  # one name says nothing without those who did not sign
        if counted.height == 1:
            # A challenger of a leader who needs no nominations: those who did not sign are the rest.
            share = np.append(share, max(entitled + 1.0 - share[0], 0.5))
        found.append(
            Reading(
                kind="nominations" if kind == NOMINATIONS else "ballot",
                group="mps",
                who=tuple(counted["candidate"]),
                share=share,
                day=counted["date"].to_list()[0],
                round=int(str(number)),
                series=kind == BALLOTS,
                entitled=entitled,
                scraped=_scraped(evidence, counted) if kind == NOMINATIONS else (),
            )
        )
    return found


def _scraped(evidence: Evidence, counted: pl.DataFrame) -> tuple[str, ...]:
    """Candidates with hardly more nominations than the rule in force asks for."""
    party, day, entitled = counted.row(0, named=True)["party"], counted["date"].min(), counted["party_mps"][0]
    rules = evidence.selection_rules.filter(pl.col("party") == party, pl.col("start") <= day).sort("start")
    if not rules.height or rules["nomination"][-1] is None or not entitled:
        return ()
    needed = rules["nomination"][-1] * entitled
    return tuple(counted.filter(pl.col("mp_votes").is_between(0.99 * needed, SCRAPED * needed))["candidate"])


def _ballot_readings(ballots: pl.DataFrame) -> list[Reading]:
    rows = ballots.filter(pl.col("section") != "overall", pl.col("share").is_not_null())
    return [
        Reading(
            kind="ballot",
            group=str(section),
            who=tuple(part["candidate"]),
            share=np.maximum(part["share"].to_numpy(), FLOOR),
            day=part["date"].to_list()[0],
            round=int(str(number)),
        )
        for (section, number), part in rows.group_by("section", "round", maintain_order=True)
    ]


def _poll_readings(polls: pl.DataFrame) -> list[Reading]:
    """Polls of members: one reading for each question, which names all candidates or a pair of them."""
    asked = (
        pl.when(pl.col("rival") == "all")
        .then(pl.lit("all"))
        .otherwise(pl.concat_list("candidate", "rival").list.sort().list.join(" "))
    )
    found = []
    for (pollster, _, _), part in polls.with_columns(asked=asked).group_by(
        "pollster", "end_date", "asked", maintain_order=True
    ):
        if part.height < 2:
            continue
        sample = part["sample"].drop_nulls()
        found.append(
            Reading(
                kind="poll",
                group="members",
                who=tuple(part["candidate"]),
                share=np.maximum(part["share"].to_numpy(), FLOOR),
                day=part["end_date"].to_list()[0],
                source=str(pollster),
                sample=int(sample[0]) if sample.len() else None,
            )
        )
    return found


def _confidence(evidence: Evidence, party: str, leader: str, first: date) -> list[Reading]:
    """The last confidence vote in the leader who stands, in the year before the contest began or while it runs."""
    rows = evidence.mp_contests.filter(
        pl.col("kind") == CONFIDENCE,
        pl.col("party") == party,
        pl.col("date") >= first - timedelta(days=CONFIDENCE_DAYS),
    ).sort("date")
    last = rows.filter(pl.col("candidate") == leader).tail(1)
    if last.is_empty():
        return []
    against = rows.filter(pl.col("contest_id") == last["contest_id"][0], pl.col("candidate") == NO_CONFIDENCE)
    cast = [*last["mp_votes"], *against["mp_votes"]]
    if len(cast) != 2 or not all(cast):
        return []
    return [
        Reading(
            kind="confidence",
            group="mps",
            who=(leader,),
            share=np.array(cast, dtype=np.float64),
            day=last["date"].to_list()[0],
            entitled=last["party_mps"].to_list()[0],
        )
    ]


def _sizes(ballots: pl.DataFrame) -> dict[str, float]:
    cast = ballots.filter(pl.col("round") == 1, pl.col("section").is_in(list(GROUPS[1:])))
    totals = cast.group_by("section").agg(pl.col("votes").sum(), known=pl.col("votes").is_not_null().all())
    return {
        str(row["section"]): float(row["votes"])
        for row in totals.sort("section").iter_rows(named=True)
        if row["known"] and row["votes"]
    }
