"""What votes, nominations and polls of a leadership contest say of where candidates stand with each group: arithmetic.

A candidate has a standing with each group, the log of her share but for a constant that all candidates of a ballot
have in common, so that only differences between candidates can be read. Candidates are alike beforehand but for an
incumbent's advantage. One of them has, with independent normal parts ``e``::

    mps        = spread e1                + edge_mps if she leads the party
    members    = rho mps + members e2     + edge_members if she does
    affiliates = members' + affiliates e3
    supporters = members' + supporters e4

and while unions and local parties cast block votes, ``block`` times a part of its own for members and affiliates.
Readings are these standings with errors:

- a **ballot** of a group is exact. In a series of MPs' ballots standings move from one to the next, by ``stay`` each
  time and by ``free`` times the part of the votes that is set free as candidates leave; so earlier rounds are dimmer
  sights of the standing at the next ballot, or at the last one where that decided. A later count of preferences differs
  from the first by ``free`` times the part set free.
- **nominations** have the error ``nominations``, as some go to who is sure to win; who has hardly more than she needs
  was lent some, ``lent`` in logs.
- a **confidence vote** is a ballot of the leader against the rest, with the error ``confidence``.
- a **range** that the user gives is a candidate's share against the rest, with the error she states.
- **polls** of members have an error ``shared`` by all polls of a contest, another ``poll`` of each, that of sampling,
  and opinion moves by ``drift`` times the root of the months left.

All variances are linear in a few weights, so a contest is a stack of constant matrices (``Terms``), which the model
(``models.contest``) and the forecast (``models.contest_odds``) weigh alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contest_record import Case, Reading
from models.days import DAYS_PER_MONTH
from models.rules import GROUPS

Array = NDArray[np.float64]
WEIGHTS = (
    "mps",
    "mps_members",
    "members",
    "affiliates",
    "supporters",
    "block",
    "nominations",
    "confidence",
    "stay",
    "free",
    "shared",
    "poll",
    "drift",
    "known",
)
"""Names of the matrices in ``Terms.basis``, in order."""
MPS, MEMBERS, AFFILIATES, SUPPORTERS = range(4)
USUAL_SAMPLE = 1000
"""People asked by a poll that does not say how many."""
PRINTED = 1e-4
"""Variance of a log-share as printed: shares are rounded to a tenth of a point, which is a hundredth of one of 5."""


@dataclass(frozen=True)
class Terms:
    """A contest as constant matrices.

    ``y`` (n_readings,) are differences between log-shares, ``basis`` (n_weights, n, n) what each weight adds to the
    covariance and ``edges`` (3, n) what an incumbent's advantage with MPs and with members and lent nominations add to
    the mean, where the first n_readings of n are readings and the rest targets: standings of the candidates on the
    paper with each group, candidate by candidate in the order of ``GROUPS``.
    """

    y: Array
    basis: Array
    edges: Array


def weights(habits: Mapping[str, Any]) -> list[Any]:
    """Weights of the matrices from the model's parameters; works on numbers, arrays and PyTensor variables.

    Parameters
    ----------
    habits : mapping
        ``spread, rho, members, affiliates, supporters, block, nominations, confidence, stay, free, shared, poll,
        drift``.

    Returns
    -------
    list
        In the order of ``WEIGHTS``.
    """
    spread2 = habits["spread"] ** 2
    plain = [habits[name] ** 2 for name in WEIGHTS[3:-1]]
    shared = habits["rho"] * spread2
    return [spread2, shared, habits["rho"] * shared + habits["members"] ** 2, *plain, 1.0]


def edges(habits: Mapping[str, Any]) -> list[Any]:
    """Weights of ``Terms.edges``: an incumbent's advantage with MPs and with everybody else, lent nominations."""
    return [habits["edge_mps"], habits["rho"] * habits["edge_mps"] + habits["edge_members"], habits["lent"]]


@dataclass(frozen=True)
class _Rows:
    """Readings and targets row by row: candidate and group of each, and what its errors have in common with others'."""

    candidate: NDArray[np.int64]
    group: NDArray[np.int64]
    own: dict[str, Array]
    both: dict[str, Array]


def terms(case: Case, *, targets: bool = False, among: Mapping[str, Array] | None = None) -> Terms:
    """Lay a contest out as matrices.

    Parameters
    ----------
    case : Case
        The contest as known at a cut.
    targets : bool
        Whether to add the standings to be forecast as rows.
    among : mapping, optional
        Shares of the candidates on the paper by group, about which one candidate against the rest is read; even by
        default. With two candidates it makes no difference.

    Returns
    -------
    Terms
        With no reading where nothing is known of two candidates or more.
    """
    told = [reading for reading in case.readings if len(_about(case, reading)) > 1]
    parts = [_contrast(case, reading, among or {}) for reading in told]
    n_rows = sum(matrix.shape[1] for matrix, _ in parts)
    n_targets = len(case.paper) * len(GROUPS) if targets else 0
    y = np.concatenate([seen for _, seen in parts]) if parts else np.empty(0)
    contrast = np.zeros((y.size + n_targets, n_rows + n_targets))
    top = left = 0
    for matrix, _ in parts:
        contrast[top : top + matrix.shape[0], left : left + matrix.shape[1]] = matrix
        top, left = top + matrix.shape[0], left + matrix.shape[1]
    contrast[top:, left:] = np.eye(n_targets)
    rows = _rows(case, told, targets=targets)
    raw = _covariances(case, rows)
    leads = np.isin(rows.candidate, [i for i, name in enumerate(case.names) if name == case.incumbent])
    scraped = [name in reading.scraped for reading in told for name in _about(case, reading)]
    lent = np.append(np.array(scraped, dtype=np.bool_), np.zeros(n_targets, dtype=np.bool_))
    mean = np.stack([leads & (rows.group == MPS), leads & (rows.group != MPS), lent]).astype(np.float64)
    return Terms(y=y, basis=contrast @ raw @ contrast.T, edges=mean @ contrast.T)


def _about(case: Case, reading: Reading) -> tuple[str, ...]:
    """Candidates a reading compares; one who is named alone, with all others on the paper."""
    if len(reading.who) == 1:
        return (*reading.who, *(name for name in case.paper if name not in reading.who))
    return reading.who


def _contrast(case: Case, reading: Reading, among: Mapping[str, Array]) -> tuple[Array, Array]:
    """Differences between candidates as a matrix on their standings, and what was seen of them."""
    names = _about(case, reading)
    n = len(names)
    if len(reading.who) == 1:
        # The log of the rest's sum is the mean of their logs, weighed by their parts of the rest, and those parts'
        # entropy; exact where the parts are.
        known = among.get(reading.group)
        part = np.ones(n - 1) if known is None else known[[case.paper.index(name) for name in names[1:]]]
        part = part / part.sum()
        entropy = -float((part * np.log(part)).sum())
        return np.append(1.0, -part)[None, :], np.array([np.log(reading.share[0] / reading.share[1]) + entropy])
    matrix = np.eye(n)[1:] - np.eye(n)[:1]
    return matrix, matrix @ np.log(reading.share)


def _rows(case: Case, told: list[Reading], *, targets: bool) -> _Rows:
    names, candidate, group = case.names, list[int](), list[int]()
    for reading in told:
        who = _about(case, reading)
        candidate += [names.index(name) for name in who]
        group += [GROUPS.index(reading.group)] * len(who)
    spans = [len(_about(case, reading)) for reading in told]
    of_reading = np.repeat(np.arange(len(told)), spans)
    if targets:
        candidate += [i for i in range(len(case.paper)) for _ in GROUPS]
        group += list(range(len(GROUPS))) * len(case.paper)
    extra = len(candidate) - of_reading.size
    errors = [_own_errors(reading, n) for reading, n in zip(told, spans, strict=True)]
    own = {
        name: np.concatenate([*(one[name] for one in errors), np.zeros(extra)])
        for name in ("nominations", "confidence", "poll", "known")
    }
    both = {}
    for name, matrix in _common_errors(case, told).items():
        whole = np.zeros((len(candidate), len(candidate)))
        whole[: of_reading.size, : of_reading.size] = matrix[np.ix_(of_reading, of_reading)]
        both[name] = whole
    return _Rows(np.array(candidate, dtype=np.int64), np.array(group, dtype=np.int64), own, both)


def _own_errors(reading: Reading, n: int) -> dict[str, Array]:
    """Errors that a reading shares with no other: which kind it has, and by rounding, sampling or the user's range."""
    # Of one against the rest, the error is that of the one.
    has = np.ones(n) if len(reading.who) > 1 else np.eye(n)[0]
    found = {kind: has * (reading.kind == kind) for kind in ("nominations", "confidence", "poll")}
    found["known"] = np.full(n, PRINTED) + has * reading.sd**2
    if reading.kind == "poll":
        found["known"] += reading.share.sum() / ((reading.sample or USUAL_SAMPLE) * reading.share)
    return found


def _common_errors(case: Case, told: list[Reading]) -> dict[str, Array]:
    """Errors that readings have in common, as squares: what polls share, and the way from each ballot to the next."""
    poll = np.array([float(reading.kind == "poll") for reading in told])
    months = np.array([max((case.result_day - reading.day).days, 0) / DAYS_PER_MONTH for reading in told])
    found = {"shared": np.outer(poll, poll), "drift": np.outer(poll, poll) * np.minimum.outer(months, months)}
    found |= {"stay": np.zeros((len(told), len(told))), "free": np.zeros((len(told), len(told)))}
    series = [i for i, reading in enumerate(told) if reading.series]
    stay = free = 0.0
    for place in reversed(range(len(series))):
        now = told[series[place]]
        left = told[series[place + 1]].who if place + 1 < len(series) else case.paper
        decided = place + 1 == len(series) and set(left) == set(now.who) and now.day >= case.result_day
        if not decided:
            stay, free = stay + 1.0, free + _released(now, left) ** 2
        # The way from this ballot on is in the errors of all before it, too.
        for other in series[: place + 1]:
            for name, value in (("stay", stay), ("free", free)):
                found[name][series[place], other] = found[name][other, series[place]] = value
    for i, reading in enumerate(told):
        first = next((r for r in told if r.kind == "ballot" and r.group == reading.group and not r.series), reading)
        if reading.kind == "ballot" and not reading.series and reading is not first:
            found["free"][i, i] = _released(first, reading.who) ** 2
    return found


def _released(reading: Reading, left: tuple[str, ...]) -> float:
    """Part of the votes of a ballot that went to candidates who are not in the next."""
    gone = [name not in left for name in reading.who]
    return float(reading.share[gone].sum() / reading.share.sum())


def _covariances(case: Case, rows: _Rows) -> Array:
    """What each weight adds to the covariance of the rows; different candidates have nothing in common."""
    same = rows.candidate[:, None] == rows.candidate
    mps = rows.group == MPS

    def both(group: int) -> NDArray[np.bool_]:
        return np.asarray(np.logical_and.outer(rows.group == group, rows.group == group))

    found = {
        "mps": np.logical_and.outer(mps, mps),
        "mps_members": np.logical_xor.outer(mps, mps),
        "members": np.logical_and.outer(~mps, ~mps),
        "affiliates": both(AFFILIATES),
        "supporters": both(SUPPORTERS),
        "block": (both(AFFILIATES) | both(MEMBERS)) & case.block,
        **{name: np.diag(values) for name, values in rows.own.items()},
        **rows.both,
    }
    return np.stack([found[name] * same for name in WEIGHTS]).astype(np.float64)
