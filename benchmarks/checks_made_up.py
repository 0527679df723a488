"""Made-up records for calibration: who was asked when, and what MPs would have answered for given habits."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.days import DAYS_PER_YEAR
from models.leader_events import HONEYMOONS, KINDS
from models.leader_record import REFERENCE, LeaderRecord
from models.mp_filter import ACT_KINDS, CHOSEN, FACED, GAVE_WAY, MpRecord
from models.response_panel import PARTIES, ResponsePanel

Array = NDArray[np.float64]
TERM = 24
"""Months of a made-up Parliament; each party has one leader in it."""
LEADERS, CELLS = 14, 24
GROUPS = tuple(sorted([REFERENCE, ("approve", "Opinium"), ("favourable", "YouGov"), ("favourable", "Ipsos")]))


def made_up_panel(n_terms: int, seed: int) -> ResponsePanel:
    """Lay out months of some Parliaments: where each month started, and whose support was known.

    Parameters
    ----------
    n_terms : int
        Parliaments.
    seed : int
        Seed.

    Returns
    -------
    ResponsePanel
        Every second Parliament is governed by Conservatives, the others by Labour.
    """
    rng = np.random.default_rng(seed)
    n, shape = n_terms * TERM, (n_terms * TERM, len(PARTIES))
    term = np.repeat(np.arange(n_terms), TERM)
    leader = term[:, None] * len(PARTIES) + np.arange(len(PARTIES))
    home = np.array([-0.6, -0.5, -1.6]) + 0.15 * rng.standard_normal((n_terms, len(PARTIES)))
    support = rng.uniform(0.2, 0.95, (n_terms * 4, len(PARTIES))).repeat(TERM // 4, axis=0)
    support[:, 2] = np.nan
    office = np.zeros(shape)
    office[np.arange(n), term % 2] = 1.0 + term // 2
    return ResponsePanel(
        days=tuple(date(1980, 1, 31) + timedelta(days=30 * t) for t in range(n)),
        parties=PARTIES,
        leaders=tuple(f"L{i:02d}" for i in range(leader.max() + 1)),
        elections=tuple(date(1980, 1, 1) + timedelta(days=30 * TERM * i) for i in range(n_terms)),
        leader=leader,
        parliament=term,
        v=home[term] + 0.3 * rng.standard_normal(shape),
        home=home[term],
        favourability=-10.0 + 20.0 * rng.standard_normal(shape),
        support=support,
        office=office,
    )


def made_up_votes(seed: int, n_leaders: int = 16) -> MpRecord:
    """Lay out three votes a leader, the last of some a giving way, with acts between; the shares are left at nought.

    Parameters
    ----------
    seed : int
        Seed.
    n_leaders : int
        Leaders; three quarters of them were chosen by MPs at first.

    Returns
    -------
    MpRecord
        In order of leader and day.
    """
    rng = np.random.default_rng(seed)
    votes, acts = [], []
    for leader in range(n_leaders):
        day = date(1960, 1, 1).toordinal()
        for number in range(3):
            until = day + int(rng.integers(100, 1500)) if number else day
            when = np.sort(rng.integers(day + 10, until - 10, rng.integers(0, 3))) if number else []
            acts += [(leader, int(on), int(rng.integers(len(ACT_KINDS))), rng.uniform(0.01, 0.3)) for on in when]
            day = until
            first = CHOSEN if leader % 4 else FACED
            kind = (first, FACED, GAVE_WAY if leader % 3 == 0 else FACED)[number]
            votes.append((leader, day, float(np.log(rng.uniform(1.0, 4.0))) if kind == CHOSEN else 0.0, kind))
    who, when, crowd, kinds = (np.array(column) for column in zip(*votes, strict=True))
    author, on, act, after = (np.array(column) for column in zip(*acts, strict=True))
    return MpRecord(
        leaders=tuple(f"L{i}" for i in range(n_leaders)),
        vote_leader=who,
        vote_day=when,
        share=np.zeros(who.size),
        crowd=crowd,
        vote_kind=kinds,
        act_leader=author,
        act_day=on,
        act_kind=act,
        before=np.zeros(after.size),
        after=after,
    )


def simulated_votes(record: MpRecord, habits: dict[str, Any], rng: np.random.Generator) -> Array:
    """Walk every leader's support from vote to act to vote, and let MPs vote.

    Parameters
    ----------
    record : MpRecord
        From ``made_up_votes``.
    habits : dict
        One value of each variable of `models.mp_model`.
    rng : np.random.Generator
        Source of the noise.

    Returns
    -------
    array of shape (n_votes,)
        Log-odds, as ``MpRecord.share``.
    """
    share = np.zeros(record.vote_day.size)
    for leader in range(len(record.leaders)):
        happened = [(int(record.vote_day[i]), 0, i) for i in np.flatnonzero(record.vote_leader == leader)]
        happened += [(int(record.act_day[i]), 1, i) for i in np.flatnonzero(record.act_leader == leader)]
        level, last = 0.0, None
        for day, is_act, i in sorted(happened):
            if last is None:
                begun = habits["spread_new"] if record.vote_kind[i] == CHOSEN else habits["spread"]
                level = habits["usual"] + begun * rng.standard_normal()
            else:
                fade = np.exp(-(day - last) / (habits["memory"] * DAYS_PER_YEAR))
                level = habits["usual"] + (level - habits["usual"]) * fade
                level += habits["spread"] * np.sqrt(1.0 - fade**2) * rng.standard_normal()
            last = day
            if is_act:
                size = np.log1p(record.after[i] / habits["halving"][record.act_kind[i]])
                level -= size * (1.0 + habits["unevenness"] * rng.standard_normal())
            else:
                kind = record.vote_kind[i]
                understated = habits["crowding"] * record.crowd[i] + habits["lost"] * (kind == GAVE_WAY)
                share[i] = level - understated + habits["noise"][kind] * rng.standard_normal()
    return share


def made_up_ratings(seed: int) -> LeaderRecord:
    """Lay out ratings of some leaders, half of them prime ministers, each new and struck by two events.

    Parameters
    ----------
    seed : int
        Seed.

    Returns
    -------
    LeaderRecord
        With nets of nought.
    """
    rng = np.random.default_rng(seed)
    leader = np.repeat(np.arange(LEADERS), CELLS)
    day = np.sort(rng.integers(30, 1200, (LEADERS, CELLS)), axis=1).astype(np.float64)
    group = rng.integers(len(GROUPS), size=leader.size)
    pairs, pair = np.unique(np.column_stack([leader, group]), axis=0, return_inverse=True)
    shocks = []
    for i in range(LEADERS):
        struck = [(0.0, HONEYMOONS.index("leader"))] + [(0.0, HONEYMOONS.index("office"))] * (i % 2)
        kinds = rng.integers(len(HONEYMOONS), len(HONEYMOONS) + 4, 2)
        struck += [(float(on), int(kind)) for on, kind in zip(rng.uniform(50, 1000, 2), kinds, strict=True)]
        for on, kind in struck:
            first = int(np.searchsorted(day[i], on))
            if first < CELLS:
                shocks.append((i * CELLS + first, day[i, first] - on, kind, f"{on:.0f} L{i}: {KINDS[kind]}"))
    entry, age, kind, names = zip(*sorted(shocks), strict=True)
    return LeaderRecord(
        groups=GROUPS,
        leaders=tuple(f"L{i:02d}" for i in range(LEADERS)),
        leader=leader,
        group=group,
        pair=pair.ravel(),
        net=np.zeros(leader.size),
        count=np.ones(leader.size),
        gap=np.diff(day, prepend=day[:, :1] + 1.0, axis=1).ravel(),
        served=np.repeat(day[:, 0], CELLS),
        premier=(leader % 2).astype(np.float64),
        pair_leader=pairs[:, 0],
        pair_group=pairs[:, 1],
        entry=np.array(entry, dtype=np.int64),
        age=np.array(age),
        kind=np.array(kind, dtype=np.int64),
        shocks=names,
        until=0,
    )
