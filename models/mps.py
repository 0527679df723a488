"""How far each leader's own MPs stand behind her: what their votes and acts say, and how much they still say.

**Support** is the share of the party's MPs who would stand behind the leader if asked yes or no. It follows from their
votes on her and their acts against her since (``models.mp_filter``), by what past leaders teach (``models.mp_model``).
A vote on her pins it down on the day; a ballot that chose her from several leaves more open. With time it fades into
where leaders usually stand, and its sd grows.

**Margin** is Murr's (votes for the leader - votes for the main rival) / MPs entitled, at the last vote on her; in a
confidence vote the rival is "no confidence". Murr's own, at the contest that chose her, is in ``mp_margins``.

Leaders of whom neither vote nor act is on record, or whose party has fewer than ten MPs, have null.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import polars as pl

from data import Evidence
from data.errors import BadInput
from models.mp_facts import LEAST_MPS, Act, Dossier, dossier, elected_mps, mps_on
from models.mp_filter import RUNNING_TOTALS, MpHabits, as_record, level_at, support_of
from models.tenure import in_office

VOTE_NAMES = {
    "mp_ballot": "ballot",
    "mp_nominations": "nominations",
    "confidence_vote": "confidence vote",
    "electoral_college_mps": "MPs' section of the electoral college",
}
ACTS = {
    "resignations": ("resignation", "resignations"),
    "statements": ("call for the leader to go", "calls for the leader to go"),
    "letters": ("letter of no confidence", "letters of no confidence"),
    "defections": ("defection", "defections"),
    "suspensions": ("suspension", "suspensions"),
    "rebellion": ("rebel in a division", "rebels in a division"),
}
NO_VOTE = "no vote of MPs on record"

_SCHEMA = {
    "party": pl.String,
    "leader": pl.String,
    "support": pl.Float64,
    "support_sd": pl.Float64,
    "margin": pl.Float64,
    "last_event": pl.Date,
    "basis": pl.String,
}


@dataclass(frozen=True, kw_only=True)
class Backing:
    """How far MPs stand behind a leader. ``support`` 0 to 1, ``margin`` -1 to 1; None where there is no evidence."""

    party: str
    leader: str
    support: float | None = None
    support_sd: float | None = None
    margin: float | None = None
    last_event: date | None = None
    basis: str = NO_VOTE


def backing(evidence: Evidence, habits: MpHabits) -> pl.DataFrame:
    """How far MPs stand behind the leaders in office at the evidence's cut.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.
    habits : MpHabits
        From ``models.mp_model``: ``habits_of`` a posterior, or ``prior_habits``.

    Returns
    -------
    pl.DataFrame
        One row a party with a leader: ``party``, ``leader``, ``support`` (0 to 1), ``support_sd``, ``margin`` (-1 to
        1), ``last_event`` (day of the last vote or act), ``basis`` (the evidence in words). Null where there is none.
    """
    desk = _Desk(evidence, habits)
    office = in_office(evidence.leader_tenure, evidence.cut)
    rows = [desk.backing(party, leader, start, evidence.cut) for party, (leader, start) in office.items()]
    return pl.DataFrame([vars(row) for row in rows], schema=_SCHEMA)


def history(
    evidence: Evidence, habits: MpHabits, days: Sequence[date], parties: Sequence[str] = ("con", "lab")
) -> pl.DataFrame:
    """How far MPs stood behind parties' leaders on many days, each day seen with what was known then.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut on or after the last day.
    habits : MpHabits
        As for ``backing``; the same on all days.
    days : sequence of date
        None after the evidence's cut.
    parties : sequence of str
        Party codes.

    Returns
    -------
    pl.DataFrame
        One row a day and party, in the order given: ``day``, ``party``, ``leader``, ``support`` and ``support_sd`` (0
        to 1), ``margin``; null where there was no leader or no evidence.

    Raises
    ------
    BadInput
        If a day is after the evidence's cut.
    """
    late = [day for day in days if day > evidence.cut]
    if late:
        raise BadInput(f"No MPs' backing for {max(late)}: the evidence ends on {evidence.cut}. Choose a date before.")
    desk = _Desk(evidence, habits)
    office = {day: in_office(evidence.leader_tenure, day) for day in set(days)}
    rows: list[tuple[date, str, str | None, float | None, float | None, float | None]] = []
    for day, party in product(days, parties):
        if party in office[day]:
            found = desk.backing(party, *office[day][party], day)
            rows.append((day, party, found.leader, found.support, found.support_sd, found.margin))
        else:
            rows.append((day, party, None, None, None, None))
    schema = {"day": pl.Date} | {name: _SCHEMA[name] for name in list(_SCHEMA)[:5]}
    return pl.DataFrame(rows, schema=schema, orient="row")


def last_margin(evidence: Evidence, party: str) -> float | None:
    """Murr's margin of a party's leader at her MPs' last vote on her, which needs no model.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest: the leader is the one in office then.
    party : str
        Party code.

    Returns
    -------
    float or None
        -1 to 1, as ``backing`` gives it for a party with ten MPs or more; None without a leader, a vote or a rival.
    """
    office = in_office(evidence.leader_tenure, evidence.cut)
    if party not in office:
        return None
    leader, start = office[party]
    votes = dossier(evidence, party, leader, start, evidence.cut).until(evidence.cut).votes
    return votes[-1].margin if votes else None


class _Desk:
    """Dossiers of leaders, read once and asked for many days."""

    def __init__(self, evidence: Evidence, habits: MpHabits) -> None:
        self._evidence, self._habits = evidence, habits
        self._elected = elected_mps(evidence)
        self._held: dict[tuple[str, str, date], Dossier] = {}

    def backing(self, party: str, leader: str, start: date, day: date) -> Backing:
        """What was known on ``day`` of the MPs behind a leader in office since ``start``."""
        won = mps_on(self._elected, party, day)
        if won and won[0] < LEAST_MPS:
            few = f"{won[0]} MPs won in {won[1].year}: too few for a vote of theirs to say much"
            return Backing(party=party, leader=leader, basis=few)
        key = (party, leader, start)
        if key not in self._held:
            self._held[key] = dossier(self._evidence, party, leader, start, self._evidence.cut)
        known = self._held[key].until(day)
        if not (known.votes or known.acts):
            return Backing(party=party, leader=leader)
        support, sd = support_of(*level_at(as_record([known]), self._habits, day))
        days = [vote.day for vote in known.votes] + [act.day for act in known.acts]
        days += [said for said, _ in known.exits]
        return Backing(
            party=party,
            leader=leader,
            support=support,
            support_sd=sd,
            margin=known.votes[-1].margin if known.votes else None,
            last_event=max(days),
            basis=_in_words(known),
        )


def _in_words(known: Dossier) -> str:
    """The last vote and the acts since, as ``confidence vote of 2016-06-28: 40 of 229; 20 resignations``."""
    told, acts = NO_VOTE, known.acts
    if known.votes:
        vote = known.votes[-1]
        told = f"{VOTE_NAMES[vote.kind]} of {vote.day}: {vote.votes} of {vote.entitled}"
        acts = tuple(act for act in acts if act.day > vote.day)
    counted = [_counted(kind, acts) for kind in ACTS if any(act.kind == kind for act in acts)]
    return "; ".join([told, *counted, *(f"said on {said} to resign" for said, _ in known.exits)])


def _counted(kind: str, acts: tuple[Act, ...]) -> str:
    numbers = [act.mps for act in acts if act.kind == kind]
    count = max(numbers) if kind in RUNNING_TOTALS else sum(numbers)
    return f"{count} {ACTS[kind][count != 1]}"
