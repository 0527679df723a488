"""Replays of past contests beside what happened and beside rules of thumb: even chances, last poll, MPs' favourite."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from data import Evidence
from models.contest_forecast import Held, hold
from models.contest_record import Case, contest_case
from models.contest_replay import Outcome, case_on, outcome, replay, replayed, rules_beside
from models.contest_store import learned_by


def last_poll(case: Case) -> dict[str, float] | None:
    """Shares of the candidates on the paper in the last poll of members that names two of them or more; else None."""
    for reading in reversed([reading for reading in case.readings if reading.kind == "poll"]):
        told = {name: float(s) for name, s in zip(reading.who, reading.share, strict=True) if name in case.paper}
        if len(told) > 1:
            total = sum(told.values())
            return {name: told.get(name, 0.0) / total for name in case.paper}
    return None


def mps_favourite(case: Case) -> str | None:
    """The candidate on the paper with most MPs in their last ballot, nominations or confidence vote; None if none."""
    for reading in reversed([reading for reading in case.readings if reading.group == "mps"]):
        if len(reading.who) == 1:
            others = [name for name in case.paper if name not in reading.who]
            return reading.who[0] if reading.share[0] > reading.share[1] else (others[0] if len(others) == 1 else None)
        told = sorted(((float(s), n) for n, s in zip(reading.who, reading.share, strict=True) if n in case.paper))
        if told and (len(told) == 1 or told[-1][0] > told[-2][0]):
            return told[-1][1]
    return None


def scores(tables: Evidence, *, seed: int) -> pl.DataFrame:
    """Score all replays beside even chances, the last poll's leader and the MPs' favourite.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    seed : int
        Seed.

    Returns
    -------
    pl.DataFrame
        A row a contest: ``contest_id, party, eve, rule, n_candidates, winner, favourite, p_winner, p_even, poll_leader,
        p_poll, mps_leader, p_mps, share, share_mean, share_lo90, share_hi90, share_poll, car_crash, divergence,
        divergence_seen`` (the last two: members' margin less MPs' between winner and main rival, if only these two
        stood). ``p_poll`` and ``p_mps`` give a favourite the part of earlier contests in which such a
        favourite won (one more of each is counted), the rest in equal parts to the others. ``share_poll`` is null where
        the last poll left a candidate out.
    """
    rows, polls, mps = [], [0, 0], [0, 0]
    for contest_id in replayed(tables):
        held, ended = replay(tables, contest_id, seed=seed), outcome(tables, contest_id)
        rows.append(_scored(held, ended, polls, mps))
    return pl.DataFrame(rows, infer_schema_length=None)


def chance_without(tables: Evidence, contest_id: str, left_out: str, *, seed: int) -> float:
    """Chance a replay gives to the winner with one kind of evidence left out.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    contest_id : str
        Key of the contest.
    left_out : str
        ``polls``, or ``mps``: their ballots, nominations and votes of confidence.
    seed : int
        Seed.

    Returns
    -------
    float
        0 to 1.
    """
    eve = contest_case(tables, contest_id).result_day - timedelta(days=1)
    whole = case_on(tables, contest_id, eve)
    kept = (r for r in whole.readings if (r.kind != "poll" if left_out == "polls" else r.group != "mps"))
    case = replace(whole, readings=tuple(kept))
    rules = rules_beside(tables, case.party, eve)[:1]
    held = hold(case, rules, *learned_by(eve), n_draws=4000, seed=seed)
    return float(held.counts[rules[0].rule].p_win()[case.paper.index(outcome(tables, contest_id).winner)])


def _scored(held: Held, ended: Outcome, polls: list[int], mps: list[int]) -> dict[str, object]:
    case, rule = held.case, next(iter(held.rules))
    counted, at = held.counts[rule], case.paper.index(ended.winner)
    poll, favourite = last_poll(case), mps_favourite(case)
    leader = max(poll, key=lambda name: poll[name]) if poll else None
    lo, hi = np.quantile(counted.first[:, at], [0.05, 0.95])
    rival = case.paper.index(ended.rival)
    return {
        "contest_id": case.contest_id,
        "party": case.party,
        "eve": case.result_day - timedelta(days=1),
        "rule": rule,
        "n_candidates": len(case.paper),
        "winner": ended.winner,
        "favourite": case.paper[int(counted.p_win().argmax())],
        "p_winner": float(counted.p_win()[at]),
        "p_even": 1.0 / len(case.paper),
        "poll_leader": leader,
        "p_poll": _chance_of(leader, ended.winner, len(case.paper), polls),
        "mps_leader": favourite,
        "p_mps": _chance_of(favourite, ended.winner, len(case.paper), mps),
        "share": ended.share,
        "share_mean": float(counted.first[:, at].mean()),
        "share_lo90": float(lo),
        "share_hi90": float(hi),
        "share_poll": poll[ended.winner] if poll and min(poll.values()) > 0 else None,
        "car_crash": float(held.car_crash(rule).mean()),
        "divergence": float(held.divergence(at, rival).mean()),
        "divergence_seen": ended.divergence,
    }


def _chance_of(favourite: str | None, winner: str, n: int, record: list[int]) -> float:
    """Chance a rule of thumb gave the winner; ``record`` counts its favourites that won, and all, and is brought on."""
    if favourite is None:
        return 1.0 / n
    p = (record[0] + 1) / (record[1] + 2)
    record[0] += favourite == winner
    record[1] += 1
    return p if favourite == winner else (1.0 - p) / (n - 1)
