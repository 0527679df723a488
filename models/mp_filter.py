"""What MPs have done about their leader, as arrays, and what it says of her support on a day.

Support is the share of a party's MPs who would stand behind the leader if asked yes or no; ``x`` is its log-odds.

- ``x`` starts near where leaders usually stand, strays, and is drawn back (an Ornstein-Uhlenbeck process): news makes
  it stray, and with no news old knowledge fades into what is known of leaders at large and no further. New leaders are
  more alike (``spread_new``) than leaders of some years (``spread``).
- **A vote** of all MPs is no sample: its share is ``x`` with a small error, on log-odds. That is why no binomial count
  is modelled, which would add the error of a sample that nobody drew. A ballot between candidates for a vacancy leaves
  open how many of the others' supporters would stand by the winner: ``x`` is higher by ``crowding`` times the log of
  one plus the effective number of rivals, and the error is larger. Her own share is not part of that number, or
  winners by a landslide would seem to show how much crowds matter.
- **Acts against her** (resignations, statements, letters, defections, suspensions, rebellions) are news: each makes her
  odds drop, by one half when the MPs who act are ``halving`` of the party, a number a kind of act. What counts is that
  they happened: twelve Conservatives who called for Truss to go said much, though 345 had not. Read as a known part of
  those against her, twelve would have spoken in her favour; and so would one defector in a hundred and twenty.
- **A leader who says she will resign** within weeks of such acts counts her MPs better than anybody, so that is read as
  ``x`` at ``lost``, with a large error. Leaders who go of their own will or after an election are not read so.
- **Months without acts say nothing**: the list of acts is not complete, so a gap in it may be the list's.
- Acts until a week after a vote belong to the crisis in which the vote was held: that vote has measured them already.

All is Gaussian on log-odds, so what is known on a day follows exactly by linear algebra (``level_at``).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from data.schemas.mps import MP_EVENTS
from models.days import DAYS_PER_YEAR
from models.mp_facts import Act, Dossier

Array = NDArray[np.float64]
ACT_KINDS = MP_EVENTS
VOTE_KINDS = ("on a leader", "for a vacancy", "gave way")
FACED, CHOSEN, GAVE_WAY = range(3)
RUNNING_TOTALS = ("statements", "letters", "rebellion")
"""Kinds whose numbers hold earlier ones of the same wave: totals so far, or the same rebels at the next reading."""
WAVE_DAYS = 90
"""Acts of one kind no further apart than this are one wave, whose size counts once."""
CRISIS_DAYS = 7
"""Acts up to this long after a vote were under way when it was held (Corbyn's front bench, 26 to 29 June 2016)."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, kw_only=True)
class MpRecord:
    """Votes on leaders and acts against them, as arrays.

    ``leaders`` are labels; ``vote_leader`` and ``act_leader`` index them. ``vote_day`` and ``act_day`` are ordinals of
    dates. ``share`` is the log-odds of the part of all MPs entitled who voted for her, ``crowd`` the log of
    one plus the effective number of rivals (0 where she was leader already). ``vote_kind`` indexes ``VOTE_KINDS``;
    where she gave way, ``share`` and ``crowd`` are 0.
    ``act_kind`` indexes ``ACT_KINDS``; ``before`` and ``after`` are the parts of all MPs who had acted in that way in
    the same wave, without and with the act.
    """

    leaders: tuple[str, ...]
    vote_leader: NDArray[np.int64]
    vote_day: NDArray[np.int64]
    share: Array
    crowd: Array
    vote_kind: NDArray[np.int64]
    act_leader: NDArray[np.int64]
    act_day: NDArray[np.int64]
    act_kind: NDArray[np.int64]
    before: Array
    after: Array


@dataclass(frozen=True, kw_only=True)
class MpHabits:
    """Draws of what the record teaches of MPs, each array of shape (n_draws,) unless said otherwise.

    ``usual``, ``spread`` and ``spread_new`` of leaders' log-odds, ``memory`` in years, ``crowding``, ``lost``,
    ``noise`` of shape (n_draws, 3) by ``VOTE_KINDS``, ``halving`` of shape (n_draws, n_kinds) in parts of all MPs,
    ``unevenness``: sd of a drop in parts of its usual size.
    """

    usual: Array
    spread: Array
    spread_new: Array
    memory: Array
    crowding: Array
    lost: Array
    noise: Array
    halving: Array
    unevenness: Array


def as_record(dossiers: list[Dossier]) -> MpRecord:
    """Lay dossiers out as arrays.

    Parameters
    ----------
    dossiers : list of Dossier
        Each cut by ``Dossier.until``.

    Returns
    -------
    MpRecord
        In the order given.
    """
    votes = [(i, *reading) for i, held in enumerate(dossiers) for reading in _readings(held)]
    acts = [(i, *row) for i, held in enumerate(dossiers) for row in _in_waves(held.acts)]
    return MpRecord(
        leaders=tuple(held.leader for held in dossiers),
        vote_leader=np.array([i for i, *_ in votes], dtype=np.int64),
        vote_day=np.array([day for _, day, *_ in votes], dtype=np.int64),
        share=np.array([share for *_, share, _, _ in votes], dtype=np.float64),
        crowd=np.array([crowd for *_, crowd, _ in votes], dtype=np.float64),
        vote_kind=np.array([kind for *_, kind in votes], dtype=np.int64),
        act_leader=np.array([i for i, *_ in acts], dtype=np.int64),
        act_day=np.array([act.day.toordinal() for _, act, _, _ in acts], dtype=np.int64),
        act_kind=np.array([ACT_KINDS.index(act.kind) for _, act, _, _ in acts], dtype=np.int64),
        before=np.array([before for *_, before, _ in acts], dtype=np.float64),
        after=np.array([after for *_, after in acts], dtype=np.float64),
    )


def _readings(held: Dossier) -> list[tuple[int, float, float, int]]:
    """Day, log-odds, crowd and kind of each vote and of giving way, oldest first."""
    found = [
        (
            vote.day.toordinal(),
            float(np.log((vote.votes + 0.5) / (vote.entitled - vote.votes + 0.5))),
            vote.crowd,
            CHOSEN if vote.chosen else FACED,
        )
        for vote in held.votes
        if vote.entitled
    ]
    found += [(said.toordinal(), 0.0, 0.0, GAVE_WAY) for said, _ in held.exits]
    return sorted(found, key=lambda reading: reading[0])


def _in_waves(acts: tuple[Act, ...]) -> list[tuple[Act, float, float]]:
    """Each act with the part of all MPs who had acted in that way in its wave before and after it."""
    found: list[tuple[Act, float, float]] = []
    wave: dict[str, tuple[date, float]] = {}
    for act in acts:
        last, size = wave.get(act.kind, (act.day, 0.0))
        before = size if act.day - last <= timedelta(WAVE_DAYS) else 0.0
        part = act.mps / act.entitled
        after = max(before, part) if act.kind in RUNNING_TOTALS else min(before + part, 1.0)
        wave[act.kind] = (act.day, after)
        found.append((act, before, after))
    return found


def level_at(record: MpRecord, habits: MpHabits, day: date) -> tuple[Array, Array]:
    """Mean and variance of a leader's log-odds of support on a day, given all votes and acts in the record.

    Parameters
    ----------
    record : MpRecord
        Of one leader, cut by ``Dossier.until`` at ``day`` or before.
    habits : MpHabits
        Draws of what past leaders teach.
    day : date
        Day.

    Returns
    -------
    tuple of NDArray
        Mean and variance, one a draw.
    """
    n = record.share.size
    times = np.append(record.vote_day, day.toordinal())
    memory = (habits.memory * DAYS_PER_YEAR)[:, None, None]
    since = times[:, None] - record.act_day
    counts = since >= -np.append(np.full(n, CRISIS_DAYS), 0)[:, None]
    reach = np.where(counts, np.exp(-np.maximum(since, 0) / memory), 0.0)
    halving = habits.halving[:, record.act_kind]
    drop = np.log((halving + record.after) / (halving + record.before))
    mean = habits.usual[:, None] - (reach @ drop[:, :, None])[:, :, 0]
    uneven = reach * (habits.unevenness[:, None] * drop)[:, None, :]
    covariance = _covariance(record, habits, times, memory) + uneven @ uneven.transpose(0, 2, 1)
    noise = np.eye(n) * (habits.noise[:, record.vote_kind] ** 2)[:, None, :]
    across = covariance[:, :n, n:]
    weight = np.linalg.solve(covariance[:, :n, :n] + noise, across)[:, :, 0]
    understated = habits.crowding[:, None] * record.crowd + habits.lost[:, None] * (record.vote_kind == GAVE_WAY)
    surprise = record.share + understated - mean[:, :n]
    level: Array = mean[:, n] + (weight * surprise).sum(axis=1)
    variance: Array = covariance[:, n, n] - (weight * across[:, :, 0]).sum(axis=1)
    return level, np.maximum(variance, 0.0)


def _covariance(record: MpRecord, habits: MpHabits, times: NDArray[np.int64], memory: Array) -> Array:
    """Covariance of a walk drawn back home, which began narrower where a vote chose the leader."""
    spread2, new2 = (habits.spread**2)[:, None, None], (habits.spread_new**2)[:, None, None]
    apart = np.abs(np.subtract.outer(times, times))
    if not (record.share.size and record.vote_kind[0] == CHOSEN):
        return np.asarray(spread2 * np.exp(-apart / memory))
    led = np.minimum.outer(times, times) - times[0]
    return np.asarray((spread2 + (new2 - spread2) * np.exp(-2.0 * led / memory)) * np.exp(-apart / memory))


def support_of(level: Array, variance: Array) -> tuple[float, float]:
    """Mean and sd of support, over draws of habits and what each leaves open.

    Parameters
    ----------
    level, variance : NDArray
        From ``level_at``.

    Returns
    -------
    tuple of float
        Both 0 to 1, the mean inside.
    """
    points = level[:, None] + np.sqrt(variance)[:, None] * _NODES
    support = 1.0 / (1.0 + np.exp(-points))
    mean = float((support @ _WEIGHTS).mean())
    square = float(((support - mean) ** 2 @ _WEIGHTS).mean())
    return mean, float(np.sqrt(square))
