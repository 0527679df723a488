"""How polls lie beside the median path of a stored forecast: pollsters' leans, the noise beyond sampling, residuals.

A forecast keeps the path, not the house effects it was fitted with. What is measured here stands in for them: the mean
distance of a pollster's polls from the median path, in log-odds, shrunk to none as random effects are. It is near the
fitted house effect (on the 401 polls of July 2024 to September 2026 within 0.3 points, root mean square, where those
effects are 1.0), but not it: the path went to meet the same polls, and how unsure the path is does not enter.

For every party apart: a poll is off by sampling, rounding and its kind (``models.poll_reading.variance``), by a noise
common to all polls and by its pollster's lean. Noise is what polls of one pollster scatter beyond sampling; the spread
of leans is what makes the leans seen as large as they are (Paule and Mandel's estimate).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.arrival import logit
from models.forecast import Forecast
from models.poll_reading import DEFAULT_SAMPLE, clipped_logit, variance

Array = NDArray[np.float64]
LEAST_NOISE = 0.01
"""Noise (log-odds) taken at the least: a fifth of a point at 25 per cent, half of what rounding alone does."""
USUAL_NOISE, USUAL_SPREAD = 0.03, 0.08
"""The same where fewer polls can tell than ``FEWEST``: medians over parties of the polls model fitted to eight
Parliaments (``models.panel.QUICK_NOISE`` and ``QUICK_HOUSE``)."""
FEWEST = 5
"""Fewest degrees of freedom from which noise, and fewest pollsters from which their spread is measured."""
NINETY = 1.6449
"""Standard deviations on either side of the mean that hold 90 per cent of a normal distribution."""
SMALL = 0.05
"""Parties below this share are left out of what a poll counts: their figures are mostly rounding."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PollErrors:
    """What was measured.

    Attributes
    ----------
    parties, pollsters : tuple of str
        Codes; names in alphabetical order.
    n : (pollster, party)
        Polls of a pollster that name a party.
    lean, lean_sd : (pollster, party)
        Log-odds; where no poll tells, 0 and the spread.
    noise, spread : (party,)
        Standard deviations, log-odds.
    now : (party,)
        Median voting intention at the end of the path.
    residual : (poll, party)
        Share minus what the path and the pollster's lean make one expect; in the order of the table, NaN where it is
        not known.
    counts : (poll,)
        Respondents of a perfect random sample that would tell as much; NaN where a poll was not used.
    """

    parties: tuple[str, ...]
    pollsters: tuple[str, ...]
    n: NDArray[np.int64]
    lean: Array
    lean_sd: Array
    noise: Array
    spread: Array
    now: Array
    residual: Array
    counts: Array

    def of(self, pollster: str) -> tuple[Array, Array]:
        """Lean of a pollster and what is not known of it (log-odds by party); 0 and the spread for one not measured."""
        if pollster not in self.pollsters:
            return np.zeros(len(self.parties)), self.spread
        at = self.pollsters.index(pollster)
        return self.lean[at], self.lean_sd[at]

    def table(self) -> pl.DataFrame:
        """Leans as shares of the vote at today's standing: ``pollster, party, n, lean, lo90, hi90``."""
        at, p = np.nonzero(self.n)
        start = logit(self.now)[p]
        cuts = [
            shifted(start, self.lean[at, p] + z * self.lean_sd[at, p]) - self.now[p] for z in (0.0, -NINETY, NINETY)
        ]
        names = ("lean", "lo90", "hi90")
        who = {"pollster": np.array(self.pollsters)[at], "party": np.array(self.parties)[p], "n": self.n[at, p]}
        return pl.DataFrame({**who, **dict(zip(names, cuts, strict=True))})


def shifted(log_odds: Array, move: Array) -> Array:
    """Shares after a move of their log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds - move)))


def measure(forecast: Forecast, rows: pl.DataFrame) -> PollErrors:
    """Measure polls against the median path.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.
    rows : pl.DataFrame
        As ``models.poll_table.poll_rows`` gives it; only polls with a ``place`` count.

    Returns
    -------
    PollErrors
        Leans of the pollsters that are known by name, published averages left out.
    """
    parties = tuple(forecast.parties)
    share = rows.select(parties).to_numpy().astype(np.float64)
    share[rows["place"].is_null().to_numpy()] = np.nan
    path = logit(path_at(forecast, rows))
    seen = variance(share, rows["sample"].fill_null(DEFAULT_SAMPLE), rows["kind"].fill_null("poll"))
    off = clipped_logit(share) - path
    signed = (rows["pollster"] != "") & (rows["kind"].fill_null("poll") != "pseudo") & rows["place"].is_not_null()
    names = tuple(rows.filter(signed)["pollster"].unique().sort())
    member = (rows["pollster"].to_numpy()[:, None] == np.array(names, dtype=object)) & signed.to_numpy()[:, None]
    noise = np.array([_noise(off[:, p], seen[:, p], member) for p in range(len(parties))])
    fits = [_leans(off[:, p], seen[:, p] + noise[p] ** 2, member) for p in range(len(parties))]
    n, lean, lean_sd = (np.stack(part, axis=1) for part in list(zip(*fits, strict=True))[:3])
    spread = np.array([fit[3] for fit in fits])
    expected = shifted(path, member.astype(np.float64) @ lean)
    unhoused = ~member.any(axis=1) & (rows["kind"].fill_null("poll") != "pseudo").to_numpy()
    return PollErrors(
        parties=parties,
        pollsters=names,
        n=n,
        lean=lean,
        lean_sd=lean_sd,
        noise=noise,
        spread=spread,
        now=_medians(forecast)[1][-1],
        residual=share - expected,
        counts=_counts(share, seen + noise**2 + np.where(unhoused[:, None], spread**2, 0.0)),
    )


def path_at(forecast: Forecast, rows: pl.DataFrame) -> Array:
    """Median voting intention on the middle day of fieldwork of each poll, of shape (poll, party)."""
    days, medians = _medians(forecast)
    start = pl.coalesce("start_date", "end_date").cast(pl.Int32)
    middle = rows.select((start + pl.col("end_date").cast(pl.Int32)) / 2).to_series().to_numpy()
    return np.stack([np.interp(middle, days, medians[:, p]) for p in range(medians.shape[1])], axis=1)


def _medians(forecast: Forecast) -> tuple[Array, Array]:
    """Days of the path since 1970 and its medians (date, party) in the forecast's order; NaN for who has no path."""
    path = forecast.tree["path"].ds["intention"].sel(quantile=0.5).reindex(party=forecast.parties)
    days = path["date"].values.astype("datetime64[D]").astype(np.float64)
    return days, np.clip(path.transpose("date", "party").values, 1e-4, 1.0 - 1e-4)


def _noise(off: Array, seen: Array, member: NDArray[np.bool_]) -> float:
    """Scatter of pollsters' polls around their own mean, beyond sampling."""
    squares, sampling, free = 0.0, 0.0, 0
    for house in member.T:
        mine = house & ~np.isnan(off)
        if mine.sum() > 1:
            squares += float(((off[mine] - off[mine].mean()) ** 2).sum())
            sampling += float(seen[mine].mean() * (mine.sum() - 1))
            free += int(mine.sum()) - 1
    if free < FEWEST:
        return USUAL_NOISE
    return float(np.sqrt(max((squares - sampling) / free, LEAST_NOISE**2)))


def _leans(off: Array, total: Array, member: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Array, Array, float]:
    """Polls, lean and what is not known of it by pollster, and the spread of leans."""
    weight = np.where(np.isnan(off), 0.0, 1.0 / total)[:, None] * member
    told = weight.sum(axis=0)
    n = (weight > 0.0).sum(axis=0).astype(np.int64)
    asked = told > 0.0
    mean = np.divide((weight * np.nan_to_num(off)[:, None]).sum(axis=0), told, out=np.zeros(told.size), where=asked)
    doubt = np.divide(1.0, told, out=np.full(told.size, np.inf), where=asked)
    spread = _spread(mean[asked], doubt[asked])
    kept = spread**2 / (spread**2 + np.where(asked, doubt, np.inf))
    return n, kept * mean, spread * np.sqrt(1.0 - kept), spread


def _spread(mean: Array, doubt: Array) -> float:
    """Spread around none with which the pollsters' means are as far off as they are expected to be."""
    if mean.size < FEWEST:
        return USUAL_SPREAD
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if (mean**2 / (middle + doubt)).sum() > mean.size else (low, middle)
    return max(float(np.sqrt(high)), LEAST_NOISE)


def _counts(share: Array, total: Array) -> Array:
    """Respondents of a perfect random sample with the same error, mean over parties of some size."""
    told = ~np.isnan(share) & (share >= SMALL)
    same = 1.0 / np.where(told, total * np.where(told, share * (1.0 - share), 1.0), np.inf)
    n = told.sum(axis=1)
    return np.where(n > 0, same.sum(axis=1) / np.maximum(n, 1), np.nan)
