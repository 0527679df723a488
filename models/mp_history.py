"""How far a party's MPs stood behind each of its leaders, as known on each day, with the votes and acts behind it.

The arithmetic is that of ``models.mps``; here are its bands. A day knows nothing of later votes, so the path jumps when
MPs vote, and widens as a vote grows old.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy.special import ndtri

from data import Evidence
from models.leader_history import CUTS, FIRST_DAY, Spell, spells
from models.mp_facts import LEAST_MPS, Dossier, dossier, elected_mps, mps_on
from models.mp_filter import MpHabits, as_record, level_at
from models.mps import ACTS, VOTE_NAMES

STEP_DAYS = 28
NODES = ndtri((np.arange(25) + 0.5) / 25)
"""Equal slices of what each draw of habits leaves open."""
_SHOWN: dict[str, type[pl.DataType]] = {
    "leader": pl.String,
    "spell": pl.Int64,
    "day": pl.Date,
    "mps": pl.Int64,
    "mean": pl.Float64,
    **dict.fromkeys(CUTS, pl.Float64),
}


@dataclass(frozen=True, kw_only=True)
class Backing:
    """What is known of the MPs behind one party's leaders.

    ``path`` has ``leader, spell, day, mps`` (elected at the last election), ``mean`` and the ends of ``CUTS``, shares
    from 0 to 1; ``facts`` has ``leader, day, what, mps, entitled, share, vote, unverified, event``: votes on leaders
    (``vote``: for her) and acts against them, by day; ``whole`` are the same since 1979. All are empty where there is
    no evidence; ``few`` is the number of MPs where they are too few for a vote of theirs to say much.
    """

    path: pl.DataFrame
    facts: pl.DataFrame
    whole: pl.DataFrame
    few: int | None = None


def backing_history(evidence: Evidence, habits: MpHabits, party: str, since: date = FIRST_DAY) -> Backing:
    """Say how far MPs stood behind a party's leaders.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    habits : MpHabits
        What votes and acts of MPs mean.
    party : str
        Party code.
    since : date
        First day of interest.

    Returns
    -------
    Backing
        Days on which the party had fewer than ten MPs are left out.
    """
    elected, paths = elected_mps(evidence), []
    for number, spell in enumerate(spells(evidence, party)):
        if spell.end <= since:
            continue
        whole = dossier(evidence, party, spell.leader, spell.start, spell.end)
        for day in _days(whole, max(spell.start, since), spell.end):
            won, known = mps_on(elected, party, day), whole.until(day)
            if won and won[0] >= LEAST_MPS and (known.votes or known.acts):
                mean, *ends = _bands(known, habits, day)
                paths.append((spell.leader, number, day, won[0], mean, *ends))
    now = mps_on(elected, party, evidence.cut)
    facts = facts_on(evidence, party)
    return Backing(
        path=pl.DataFrame(paths, schema=_SHOWN, orient="row"),
        facts=facts.filter(pl.col("day") >= since),
        whole=facts,
        few=now[0] if now and now[0] < LEAST_MPS else None,
    )


def facts_on(evidence: Evidence, party: str) -> pl.DataFrame:
    """Give the votes of MPs on a party's leaders since 1979, and the acts against them.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    party : str
        Party code.

    Returns
    -------
    pl.DataFrame
        The columns of ``Backing.facts``.
    """
    rows: list[dict[str, object]] = []
    for spell in spells(evidence, party):
        rows += _facts(evidence, dossier(evidence, party, spell.leader, spell.start, spell.end), party, spell)
    return _table(rows)


def _days(whole: Dossier, start: date, end: date) -> list[date]:
    """Days of a path: one in four weeks, the first, the last, and those on which a vote or an act became known."""
    steps = [start + timedelta(days=i) for i in range(0, (end - start).days, STEP_DAYS)]
    news = [vote.known_on for vote in whole.votes] + [act.known_on for act in whole.acts]
    return sorted({*steps, *(day for day in news if start <= day <= end), end})


def _bands(known: Dossier, habits: MpHabits, day: date) -> Sequence[float]:
    """Mean of support and the ends of its bands, over draws of habits and what each leaves open."""
    level, variance = level_at(as_record([known]), habits, day)
    support = 1.0 / (1.0 + np.exp(-(level[:, None] + np.sqrt(variance)[:, None] * NODES)))
    return [float(support.mean()), *(float(end) for end in np.quantile(support, list(CUTS.values())))]


def _facts(evidence: Evidence, whole: Dossier, party: str, spell: Spell) -> list[dict[str, object]]:
    """Votes on a leader and acts against her, as rows; of each contest the last round."""
    known = whole.until(spell.end)
    hers = evidence.mp_events.filter(pl.col("party") == party, pl.col("leader") == spell.leader)
    told = {(day, kind): (text, ok) for day, kind, text, ok in hers["date", "kind", "event", "verified"].iter_rows()}
    sure = dict(evidence.mp_contests.group_by("contest_id").agg(pl.col("verified").all()).iter_rows())
    rows: list[dict[str, object]] = [
        {
            "leader": spell.leader,
            "day": vote.day,
            "what": VOTE_NAMES[vote.kind],
            "mps": vote.votes,
            "entitled": vote.entitled,
            "vote": True,
            "unverified": not sure[vote.contest_id],
            "event": "chose the leader" if vote.chosen else "on the leader",
        }
        for vote in known.votes
    ]
    for act in known.acts:
        text, ok = told[act.day, act.kind]
        rows.append(
            {
                "leader": spell.leader,
                "day": act.day,
                "what": ACTS[act.kind][act.mps != 1],
                "mps": act.mps,
                "entitled": act.entitled,
                "vote": False,
                "unverified": not ok,
                "event": text,
            }
        )
    return rows


def _table(rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = {
        "leader": pl.String,
        "day": pl.Date,
        "what": pl.String,
        "mps": pl.Int64,
        "entitled": pl.Int64,
        "vote": pl.Boolean,
        "unverified": pl.Boolean,
        "event": pl.String,
    }
    table = pl.DataFrame(rows, schema=schema).sort("day", "what")
    return table.with_columns(share=pl.col("mps") / pl.col("entitled"))
