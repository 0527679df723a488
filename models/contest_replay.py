"""Past contests held again as of the eve of their result, and beside what happened.

A replay knows who is on the paper and on which day the result is due, as everybody did; all else is cut at the eve, and
what contests teach is from those over before. Contests without a vote (Brown 2007, May 2016, Sunak 2022, Burnham 2026)
have no result to be right or wrong about.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from data import Evidence
from models.contest_forecast import Held, hold
from models.contest_record import Case, Reading, contest_case, contest_ids
from models.contest_store import learned_by
from models.rules import Rule, known_rules, rule_on

FIRST, PARTIES = date(1976, 1, 1), ("con", "lab", "lib")
SIDE_BY_SIDE = {"lab": ("lab-1922", "lab-1981", "lab-1993", "lab-2014")}
"""Rules set beside the one in force: MPs alone, two colleges, one member one vote."""
PLAIN = ("con-1991", "con-1998", "lib-1988")
"""The same for parties without affiliates: MPs alone, members between the MPs' two, members alone."""
OPEN_DAYS = 200
"""A contest is open this many days before its result, once something of it is known."""
LIVE_DAYS = 60
"""A contest whose result nobody knows yet is open this long after the last news of it, unless a new leader began."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a contest ended: the winner, her share of the deciding vote's first count, margins between the two leading.

    ``mps_margin`` (of MPs entitled) and ``members_margin`` are winner less main rival, -1 to 1; ``divergence`` is
    members' margin less MPs' where each is taken of the votes for these two alone, -2 to 2. None where a group did not
    vote.
    """

    winner: str
    share: float
    rival: str
    mps_margin: float | None
    members_margin: float | None
    divergence: float | None


def replayed(tables: Evidence) -> list[str]:
    """Contests with a vote since 1976, oldest first."""
    return [contest_id for contest_id in contest_ids(tables) if _is_told(tables, contest_id)]


def _is_told(tables: Evidence, contest_id: str) -> bool:
    case = contest_case(tables, contest_id)
    if case.party not in PARTIES or case.result_day < FIRST or not _deciding(case):
        return False
    # Where MPs chose two and one withdrew, nobody voted at last.
    mps_decide = all(r.group == "mps" for r in case.readings if r.kind == "ballot")
    return not (mps_decide and len(rule_on(tables, case.party, case.result_day).stages) > 1)


def _deciding(case: Case) -> list[Reading]:
    return [reading for reading in case.readings if reading.kind == "ballot" and set(reading.who) <= set(case.paper)]


def case_on(tables: Evidence, contest_id: str, day: date) -> Case:
    """A contest as known on a day before its result.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut: the paper and the day of the result are read from them, as they were announced.
    contest_id : str
        Key of the contest.
    day : date
        The cut.

    Returns
    -------
    Case
        With the readings known by then. While MPs are still voting, the paper is that of their next ballot; before
        MPs have nominated or voted, it has those whom polls name.
    """
    whole, known = contest_case(tables, contest_id), tables.as_of(day)
    ahead = [reading.who for reading in whole.readings if reading.series and reading.day > day]
    paper = ahead[0] if ahead else whole.paper
    opens = min((r.day for r in whole.readings if r.group == "mps" and r.kind != "confidence"), default=day)
    named = dict.fromkeys(n for r in contest_case(known, contest_id).readings if r.kind == "poll" for n in r.who)
    if day < opens and len(named) > 1:
        paper = tuple(named)
    return contest_case(known, contest_id, paper=paper, result_day=whole.result_day)


def open_contest(tables: Evidence, party: str, day: date) -> str | None:
    """Find a party's contest that was under way on a day.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    party : str
        Party code.
    day : date
        The day.

    Returns
    -------
    str or None
        Key of a contest of which something was known by then and whose result came later, or has not come.
    """
    known = tables.as_of(day)
    chosen = tables.leader_tenure.filter(pl.col("party") == party, pl.col("event") == "start")
    for contest_id in contest_ids(tables):
        so_far = contest_case(known, contest_id)
        if so_far.party != party or not so_far.readings:
            continue
        began, last = so_far.readings[0].day, max(reading.day for reading in so_far.readings)
        result = contest_case(tables, contest_id).result_day
        if timedelta(0) < result - day <= timedelta(days=OPEN_DAYS):
            return contest_id
        over = so_far.result("members") or chosen.filter(pl.col("date").is_between(began, day)).height
        if not over and result <= last and day - last <= timedelta(days=LIVE_DAYS):
            return contest_id
    return None


def rules_beside(tables: Evidence, party: str, day: date) -> list[Rule]:
    """The rule in force on a day, and those of other times and parties that fit the party, to set beside it.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    party : str
        Party code.
    day : date
        Day.

    Returns
    -------
    list of Rule
        The one in force first; of rules that differ in thresholds alone, one.
    """
    known, chosen = known_rules(tables), [rule_on(tables, party, day)]
    for code in SIDE_BY_SIDE.get(party, PLAIN):
        if all(known[code].stages != rule.stages for rule in chosen):
            chosen.append(known[code])
    return chosen


def replay(tables: Evidence, contest_id: str, day: date | None = None, *, n_draws: int = 4000, seed: int) -> Held:
    """Hold a past contest again.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    contest_id : str
        Key of the contest.
    day : date, optional
        The cut; the day before the result by default.
    n_draws : int
        How many draws.
    seed : int
        Seed.

    Returns
    -------
    Held
        Under the rule in force and those beside it.
    """
    cut = day or contest_case(tables, contest_id).result_day - timedelta(days=1)
    case = case_on(tables, contest_id, cut)
    return hold(case, rules_beside(tables, case.party, cut), *learned_by(cut), n_draws=n_draws, seed=seed)


def outcome(tables: Evidence, contest_id: str) -> Outcome:
    """How a contest ended.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    contest_id : str
        Key of a contest with a vote.

    Returns
    -------
    Outcome
        From ``member_ballots`` where members voted, else from the last ballot of MPs.
    """
    case = contest_case(tables, contest_id)
    ballots = tables.member_ballots.filter(pl.col("contest_id") == contest_id)
    overall = ballots.filter(pl.col("section") == ("overall" if "overall" in set(ballots["section"]) else "members"))
    if overall.height:
        first = overall.filter(pl.col("round") == 1).sort("share", descending=True)
        last = overall.filter(pl.col("round") == pl.col("round").max()).sort("share", descending=True)
        winner, rival = last["candidate"][0], last["candidate"][1]
        share = first.filter(pl.col("candidate") == winner)["share"][0]
    else:
        final = case.result("mps")
        assert final is not None, "a contest with a vote has one of MPs or of members"
        order = np.argsort(-final.share, kind="stable")
        winner, rival = final.who[order[0]], final.who[order[1]]
        share = float(final.share[order[0]] / final.share.sum())
    mps, members = _mps_between(case, winner, rival), _members_between(ballots, winner, rival)
    known = mps is not None and members is not None
    return Outcome(
        winner=winner,
        share=float(share),
        rival=rival,
        mps_margin=(mps[0] - mps[1]) / mps[2] if mps else None,
        members_margin=members[0] - members[1] if members else None,
        divergence=_between(members) - _between(mps) if known else None,  # type: ignore[arg-type]
    )


def _between(votes: tuple[float, ...]) -> float:
    """Margin if only these two had stood."""
    return (votes[0] - votes[1]) / (votes[0] + votes[1])


def _members_between(ballots: pl.DataFrame, winner: str, rival: str) -> tuple[float, float] | None:
    """Shares of winner and rival among members; among all who voted where all votes counted alike."""
    alike = "overall" in set(ballots["section"]) and ballots["weight"].is_null().all()
    rows = ballots.filter(pl.col("section") == ("overall" if alike else "members"))
    both = rows.filter(pl.col("round") == pl.col("round").max(), pl.col("candidate").is_in([winner, rival]))
    share = dict(both.select("candidate", "share").iter_rows())
    return (share[winner], share[rival]) if len(share) == 2 else None


def _mps_between(case: Case, winner: str, rival: str) -> tuple[float, float, float] | None:
    """MPs for the winner, for the rival, and entitled, in their last vote on both (Murr's margin takes the last)."""
    for reading in reversed([r for r in case.readings if r.group == "mps" and r.kind in ("confidence", "ballot")]):
        entitled = float(reading.entitled or reading.share.sum())
        if reading.kind == "confidence":
            ours, theirs = (float(votes) for votes in reading.share)
            return (ours, theirs, entitled) if reading.who[0] == winner else (theirs, ours, entitled)
        if {winner, rival} <= set(reading.who):
            by = dict(zip(reading.who, reading.share, strict=True))
            return float(by[winner]), float(by[rival]), entitled
    return None
