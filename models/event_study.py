"""Changes of leader as a check of the response model: from one day to the next another face, the same party.

The response model is fitted without these steps. At each of them its links say by how much voting intention should
have moved, given the new leader's standing in her first three months beside the old one's when he was last rated;
the polls say by how much it did. Where that cannot be told, the change is listed with the reason.

Parties change leaders when they are down, so part of a recovery would have come anyway. That part is computed from
the same model as if the old leader had stayed (``without``), going home to the last result as all parties do on
average, and taken off before actual and expected are compared. What is left is no experiment either: standing in the
first months is measured with the bounce, not before it, and a new leader often brings new policies and better news.
But she is not the reason for the month's other news, and some changes had nothing to do with the polls (1994, 2007).
Months after the change are part of the fit, the step over it is not.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from models.days import DAYS_PER_MONTH
from models.effects import Response, intention_shift
from models.response_panel import NOBODY, USUAL_STANDING, ResponsePanel, steps

BEFORE, AFTER = 2, 3
"""Months whose mean is a leader's standing before and after a change, up to the last in which the old one was rated."""
KNOWN = 6
"""Months at the end of the old leader's time in which that last one is looked for: Starmer went in July 2026, but the
ratings of him known end in April, before the crisis that brought him down."""
HORIZONS = (3, 6)
"""Months after a change at which the polls are looked at."""
FIGURES = ("v", "without", "expected", "actual")
"""What `leader_changes` has for each of them."""
VACANCY = 6
"""Months without a leader of record (acting leaders are none) that a change may span."""
SUMMARY = (
    "slope",
    "slope_low",
    "slope_high",
    "slope_beside_bounce",
    "bounce",
    "correlation",
    "error",
    "error_no_change",
)
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LeadLag:
    """Whether standing leads voting intention or follows it: least squares over monthly steps.

    Each is an estimate and its standard error, clustered by month. ``together`` is the log-odds that go with ten points
    in the same month; ``level_next`` the log-odds that follow in the month after for ten points of standing, all else
    of today known; ``standing_first`` the log-odds that follow for ten points gained in the month before;
    ``polls_first`` the points of standing that follow for a tenth of log-odds gained in the month before.
    """

    together: tuple[float, float]
    level_next: tuple[float, float]
    standing_first: tuple[float, float]
    polls_first: tuple[float, float]
    n_steps: int


def leader_changes(panel: ResponsePanel, response: Response, posterior: xr.Dataset) -> pl.DataFrame:
    """Every change of leader in the record with what was expected of it and what happened, or why nothing can be said.

    Parameters
    ----------
    panel : ResponsePanel
        Months by parties, up to any date after the changes.
    response : Response
        Draws of the links (`models.effects.response_draws`); their mean is what was expected.
    posterior : xr.Dataset
        Posterior of the response model, for where a party would have gone without a change.

    Returns
    -------
    pl.DataFrame
        One row a change: ``day`` (end of the new leader's first month), ``party``, ``old``, ``new``,
        ``favourability_before``, ``favourability_after`` (points), ``v_before`` (log-odds at the end of the last month
        before the change), and for 3 and 6 months after it ``v_3``, ``without_3`` and ``expected_3`` (changes of
        log-odds without the change of leader, and because of it), ``actual_3`` (change less ``without_3``). These are
        null where ``why_not`` says in words why; it is null where nothing is missing.
    """
    rows = [
        _row(panel, response, posterior, party, old_last, start)
        for party in range(len(panel.parties))
        for old_last, start in _changes(panel.leader[:, party])
    ]
    schema = {"day": pl.Date, "party": pl.String, "old": pl.String, "new": pl.String}
    numbers = ["favourability_before", "favourability_after", "v_before"]
    numbers += [f"{name}_{months}" for months in HORIZONS for name in FIGURES]
    table = pl.DataFrame(rows, schema=schema | dict.fromkeys(numbers, pl.Float64) | {"why_not": pl.String})
    return table.with_columns(pl.col(numbers).fill_nan(None)).sort("day", "party")


def _changes(leader: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Last month of each leader of record who was followed by another, and the first month of that other."""
    held = [int(i) for i in np.flatnonzero(leader != NOBODY)]
    return [(a, b) for a, b in pairwise(held) if leader[a] != leader[b]]


def _row(
    panel: ResponsePanel, response: Response, posterior: xr.Dataset, party: int, old_last: int, start: int
) -> dict[str, str | date | float | None]:
    rated = _last_rated(panel, party, old_last)
    before = _mean_standing(panel, party, panel.leader[old_last, party], range(max(rated - BEFORE + 1, 0), rated + 1))
    after = _mean_standing(panel, party, panel.leader[start, party], range(start, min(start + AFTER, len(panel.days))))
    row: dict[str, str | date | float | None] = {
        "day": panel.days[start],
        "party": panel.parties[party],
        "old": panel.leaders[panel.leader[old_last, party]],
        "new": panel.leaders[panel.leader[start, party]],
        "favourability_before": before,
        "favourability_after": after,
        "v_before": float(panel.v[start - 1, party]),
    }
    why = _not_comparable(panel, party, old_last, start, before, after)
    missing = {months: why or _cut_short(panel, party, start, months) for months in HORIZONS}
    for months in HORIZONS:
        figures = dict.fromkeys(FIGURES, float("nan"))
        if not missing[months]:
            v = float(panel.v[start - 1 + months, party])
            without = _without(panel, posterior, party, start - 1, before, months)
            expected = float(intention_shift(response, after - before, 0.0, months * DAYS_PER_MONTH).mean())
            actual = v - float(panel.v[start - 1, party]) - without
            figures = dict(zip(FIGURES, (v, without, expected, actual), strict=True))
        row |= {f"{name}_{months}": value for name, value in figures.items()}
    later = "; ".join(f"after {months} months: {said}" for months, said in missing.items() if said)
    return row | {"why_not": why or later or None}


def _last_rated(panel: ResponsePanel, party: int, last: int) -> int:
    """Last of a leader's last ``KNOWN`` months in which she was rated; her very last where she was in none."""
    months = range(last, max(last - KNOWN, -1), -1)
    led = (month for month in months if panel.leader[month, party] == panel.leader[last, party])
    return next((month for month in led if not np.isnan(panel.favourability[month, party])), last)


def _mean_standing(panel: ResponsePanel, party: int, leader: int, months: range) -> float:
    """Mean standing of one leader over some months, those she led and was rated in; NaN where there is none."""
    led = [month for month in months if panel.leader[month, party] == leader]
    known = panel.favourability[led, party]
    known = known[~np.isnan(known)]
    return float(known.mean()) if known.size else float("nan")


def _not_comparable(panel: ResponsePanel, party: int, old_last: int, start: int, before: float, after: float) -> str:
    """Say why a change can be held against nothing; an empty text if it can."""
    old, new = (panel.leaders[panel.leader[month, party]] for month in (old_last, start))
    if start - old_last - 1 > VACANCY:
        return f"no leader of record for {start - old_last - 1} months"
    if not panel.parliament[start - 1] == panel.parliament[start] != NOBODY:
        return "an election in that month or just before, and polls had not settled"
    if np.isnan(before):
        return f"too few ratings of {old} in the last {KNOWN} months"
    if np.isnan(after):
        return f"too few ratings of {new} in the first {AFTER} months"
    return "no polls just before" if np.isnan(panel.v[start - 1, party]) else ""


def _cut_short(panel: ResponsePanel, party: int, start: int, months: int) -> str:
    """Say why what followed some months after a change cannot be counted; an empty text if it can."""
    end = start - 1 + months
    if end >= len(panel.days):
        return f"the record ends on {panel.days[-1]}"
    if panel.parliament[end] != panel.parliament[start]:
        return "an election had come"
    if panel.leader[end, party] != panel.leader[start, party]:  # what followed was not hers
        return f"{panel.leaders[panel.leader[start, party]]} had gone"
    return "no polls" if np.isnan(panel.v[end, party]) else ""


def _without(
    panel: ResponsePanel, posterior: xr.Dataset, party: int, month: int, standing: float, months: int
) -> float:
    """Change of log-odds in some months had the old leader stayed as she was, by the means of the posterior.

    The home is that of the party in general: what this Parliament's was like was not known yet.
    """
    mean = {name: float(posterior[name].mean()) for name in ("theta_mean", "speed", "office", "terms")}
    office = panel.office[month, party]
    cost = mean["office"] * (office > 0) + mean["terms"] * max(office - 1.0, 0.0)
    usual = float(posterior["home"].sel(party=panel.parties[party]).mean())
    place = panel.home[month, party] + usual - cost + mean["theta_mean"] * (standing - USUAL_STANDING) / 10.0
    return float((1.0 - (1.0 - mean["speed"]) ** months) * (place - panel.v[month, party]))


def summary(changes: pl.DataFrame, months: int = HORIZONS[0]) -> dict[str, float]:
    """Sum up how far changes of leader moved the polls as expected.

    Parameters
    ----------
    changes : pl.DataFrame
        From `leader_changes`.
    months : int
        Months after the change, one of ``HORIZONS``.

    Returns
    -------
    dict
        ``n`` changes; ``slope`` of actual on expected through the origin (1 is as expected, 0 no effect), with a 90 %
        interval ``slope_low`` to ``slope_high`` that allows for unequal errors (sandwich, with n / (n - 1));
        ``slope_beside_bounce``, the slope if all changes get the same bounce ``bounce`` besides (do larger changes
        move more?); ``correlation``; mean absolute errors in log-odds of what was expected (``error``) and of
        expecting none (``error_no_change``), both besides the return that was due anyway. NaN with fewer than three.
    """
    known = changes.drop_nulls([f"expected_{months}", f"actual_{months}"])
    x, y = (known[f"{name}_{months}"].to_numpy() for name in ("expected", "actual"))
    if x.size < 3:
        return {"n": float(x.size)} | dict.fromkeys(SUMMARY, float("nan"))
    beside, bounce = np.polyfit(x, y, 1)
    slope = float(x @ y / (x @ x))
    se = float(np.sqrt(np.sum((x * (y - slope * x)) ** 2) * x.size / (x.size - 1)) / (x @ x))
    errors = np.abs(y - x).mean(), np.abs(y).mean()
    found = (slope, slope - 1.645 * se, slope + 1.645 * se, beside, bounce, np.corrcoef(x, y)[0, 1], *errors)
    return {"n": float(x.size)} | {name: float(value) for name, value in zip(SUMMARY, found, strict=True)}


def lead_and_lag(panel: ResponsePanel) -> LeadLag:
    """Ask of the monthly steps what comes first, standing or voting intention.

    Parameters
    ----------
    panel : ResponsePanel
        Months by parties.

    Returns
    -------
    LeadLag
        From steps that have a step before them. A party in a Parliament has a home of its own.
    """
    rows = steps(panel)
    place = {key: i for i, key in enumerate(zip(rows.month.tolist(), rows.party.tolist(), strict=True))}
    last = np.array([place.get((m - 1, p), -1) for m, p in zip(rows.month.tolist(), rows.party.tolist(), strict=True)])
    kept = last >= 0
    dv, df = np.diff(rows.v, axis=1)[:, 0], np.diff(rows.favourability, axis=1)[:, 0] / 10.0
    term = rows.parliament * len(panel.parties) + rows.party
    v, f = rows.v[:, 0], rows.favourability[:, 0] / 10.0
    now = np.column_stack([v, f, rows.office > 0])
    then = np.column_stack([now, dv[last], df[last]])
    cluster = rows.month[kept]

    def effects(y: Array, x: Array) -> list[tuple[float, float]]:
        return _clustered(_within(y[kept, None], term[kept])[:, 0], _within(x[kept], term[kept]), cluster)

    follow_polls, follow_standing = effects(dv, then), effects(df, then)
    together = effects(dv, np.column_stack([now, df]))
    value, error = follow_standing[3]
    return LeadLag(
        together=together[3],
        level_next=effects(dv, now)[1],
        standing_first=follow_polls[4],
        polls_first=(value, error),  # tens of points a unit of log-odds are points a tenth
        n_steps=int(kept.sum()),
    )


def _within(values: Array, term: NDArray[np.int64]) -> Array:
    """Take off the mean of each party in each Parliament."""
    _, at = np.unique(term, return_inverse=True)
    total = np.zeros((at.max(initial=-1) + 1, values.shape[1]))
    np.add.at(total, at, values)
    return np.asarray(values - (total / np.maximum(np.bincount(at), 1)[:, None])[at])


def _clustered(y: Array, x: Array, cluster: NDArray[np.int64]) -> list[tuple[float, float]]:
    """Least squares with standard errors clustered; NaN where there is too little to tell."""
    if len(y) <= 2 * x.shape[1]:
        return [(float("nan"), float("nan"))] * x.shape[1]
    inverse = np.linalg.pinv(x.T @ x)
    effect = inverse @ x.T @ y
    score = np.zeros((int(cluster.max()) + 1, x.shape[1]))
    np.add.at(score, cluster, (y - x @ effect)[:, None] * x)
    error = np.sqrt(np.diag(inverse @ (score.T @ score) @ inverse))
    return list(zip(effect.tolist(), error.tolist(), strict=True))
