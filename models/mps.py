"""How far each leader's own MPs stand behind her: their last vote on her, and how much it still says.

**Support** is the share of the party's MPs who last voted for the leader: in the contest that chose her, in a later
challenge, or in a confidence vote. It counts all MPs entitled, so spoilt papers and absences count as not behind her.
A vote of all MPs is no sample, so on the day the sd is small: that of a Beta distribution with one pseudo-vote, for
what a ballot of first choices or public nominations leaves open. With time the votes are discounted by a factor a
month; the mean stays, for nothing says which way MPs have moved.

**Margin** is Murr's (votes for the leader - votes for the main rival) / MPs entitled, at that same last vote; in a
confidence vote the rival is "no confidence". Murr's own, at the contest that chose her, is in ``mp_margins``.

Parties whose MPs have had no say in a vote on record, or with fewer than ten MPs, have null.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import polars as pl

from data import Evidence
from data.errors import BadInput
from models.tenure import in_office

LEAST_MPS = 10
"""Fewer MPs than this say little by a vote (Liberals 1955-70, Reform UK)."""
MONTHLY_DISCOUNT = 0.90
"""What a month leaves of a vote's weight. Between the eleven pairs of successive votes on one leader, 1955 to 2022,
support changed by 0.18 (rms) in three years (median); this discount gives an sd of 0.17 after as long."""
KINDS = {
    "mp_ballot": "ballot",
    "mp_nominations": "nominations",
    "confidence_vote": "confidence vote",
    "electoral_college_mps": "MPs' section of the electoral college",
}

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
    """What MPs last said of their leader. ``support`` 0 to 1, ``margin`` -1 to 1; None where there is no evidence."""

    party: str
    leader: str
    support: float | None = None
    support_sd: float | None = None
    margin: float | None = None
    last_event: date | None = None
    basis: str = "no vote of MPs on record"


def backing(evidence: Evidence) -> pl.DataFrame:
    """How far MPs stand behind the leaders in office at the evidence's cut.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.

    Returns
    -------
    pl.DataFrame
        One row a party with a leader: ``party``, ``leader``, ``support`` (0 to 1), ``support_sd``, ``margin`` (-1 to
        1), ``last_event`` (day of the vote), ``basis`` (the evidence in words). Null where there is no evidence.
    """
    office = in_office(evidence.leader_tenure, evidence.cut)
    elected = _elected(evidence)
    rows = [
        _backing(evidence, elected, party, leader, start, evidence.cut) for party, (leader, start) in office.items()
    ]
    return pl.DataFrame([vars(row) for row in rows], schema=_SCHEMA)


def history(evidence: Evidence, days: Sequence[date], parties: Sequence[str] = ("con", "lab")) -> pl.DataFrame:
    """How far MPs stood behind parties' leaders on many days, each day seen with what was known then.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut on or after the last day.
    days : sequence of date
        None after the evidence's cut.
    parties : sequence of str
        Party codes.

    Returns
    -------
    pl.DataFrame
        One row a day and party, in the order given: ``day``, ``party``, ``leader``, ``support``, ``margin``; null where
        there was no leader or no evidence.

    Raises
    ------
    BadInput
        If a day is after the evidence's cut.
    """
    late = [day for day in days if day > evidence.cut]
    if late:
        raise BadInput(f"No MPs' backing for {max(late)}: the evidence ends on {evidence.cut}. Choose a date before.")
    office = {day: in_office(evidence.leader_tenure, day) for day in set(days)}
    elected = _elected(evidence)
    rows: list[tuple[date, str, str | None, float | None, float | None]] = []
    for day, party in product(days, parties):
        if party in office[day]:
            found = _backing(evidence, elected, party, *office[day][party], day)
            rows.append((day, party, found.leader, found.support, found.margin))
        else:
            rows.append((day, party, None, None, None))
    schema = {"day": pl.Date} | {name: _SCHEMA[name] for name in ("party", "leader", "support", "margin")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _elected(evidence: Evidence) -> pl.DataFrame:
    """MPs each party won at each election."""
    return evidence.contests.group_by("election_date", "known_on", party="winner").len()


def _backing(evidence: Evidence, elected: pl.DataFrame, party: str, leader: str, start: date, day: date) -> Backing:
    last = elected.filter(pl.col("known_on") <= day).filter(pl.col("election_date") == pl.col("election_date").max())
    won = int(last.filter(pl.col("party") == party)["len"].sum())
    if not last.is_empty() and won < LEAST_MPS:
        few = f"{won} MPs won in {last['election_date'][0].year}: too few for a vote of theirs to say much"
        return Backing(party=party, leader=leader, basis=few)
    vote = _last_vote(evidence, party, leader, start, day)
    if vote.is_empty():
        return Backing(party=party, leader=leader)
    own = vote.filter(pl.col("candidate") == leader).row(0, named=True)
    rivals = vote.filter(pl.col("candidate") != leader)["mp_votes"].to_list()
    votes, entitled, when = own["mp_votes"], own["entitled"], own["date"]
    support = votes / entitled
    return Backing(
        party=party,
        leader=leader,
        support=support,
        support_sd=_spread(votes, entitled, (day - when).days),
        margin=(votes - max(rivals)) / entitled if rivals else None,
        last_event=when,
        basis=f"{KINDS[own['kind']]} of {when}: {votes} of {entitled}",
    )


def _last_vote(evidence: Evidence, party: str, leader: str, start: date, day: date) -> pl.DataFrame:
    """All candidates of the last vote on the leader: at the contest that chose her, or since she leads."""
    chosen = evidence.mp_margins.filter(
        pl.col("party") == party, pl.col("leader") == leader, pl.col("known_on") <= day, pl.col("known_on") >= start
    )["contest_id"]
    rounds = ["contest_id", "date", "kind", "round"]
    contests = evidence.mp_contests.filter(
        pl.col("party") == party,
        pl.col("known_on") <= day,
        pl.col("mp_votes").is_not_null(),
        (pl.col("date") >= start) | pl.col("contest_id").is_in(chosen.implode()),
    )
    counted = contests.with_columns(cast=pl.col("mp_votes").sum().over(rounds)).with_columns(
        # Labour's section of 1994 and 2010 held members of the European Parliament too.
        entitled=pl.max_horizontal("party_mps", pl.col("cast").max().over("contest_id", "kind"))
    )
    hers = counted.filter(pl.col("candidate") == leader).sort("date", "round").tail(1)
    return counted.join(hers.select(rounds), on=rounds, how="semi")


def _spread(votes: int, entitled: int, days: int) -> float:
    """Sd of a Beta distribution whose votes have lost weight for some days, with one pseudo-vote beside them."""
    weight = entitled * MONTHLY_DISCOUNT ** (days / 30.4375)
    mean = (votes + 0.5) / (entitled + 1.0)
    return float(np.sqrt(mean * (1.0 - mean) / (weight + 1.0 + 1.0)))
