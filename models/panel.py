"""The polls of one Parliament as the models read them: who is on the panel, log-odds, variances, and the calendar.

Holds the plain average of polls too (`quick_average`), which needs no sampling and takes milliseconds. Nothing here
imports PyMC.

Glossary
--------
panel
    The parties that have a line of their own, and ``oth`` for all others.
house
    A pollster, seen as a source of error of its own.
step
    A point of the calendar: every seventh day back from ``as_of``, every day in the last five weeks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import xarray as xr

from data import BadInput, Evidence
from models import dims
from models.kalman import Floats, Ints, backward, forward
from models.poll_kernel import pool
from models.poll_reading import (
    ALWAYS,
    ANCHOR_SD,
    CAMPAIGN_PACE,
    DEFAULT_SAMPLE,
    NEWCOMER_SD,
    NEWCOMER_SHARE,
    calendar,
    clipped_logit,
    lines,
    nearest,
    paced,
    pollsters,
    shares,
    variance,
)

QUICK_DRIFT, QUICK_NOISE, QUICK_HOUSE, QUICK_TAIL = 0.016, 0.03, 0.08, 6.0
"""Plug-in values of `quick_average` in log-odds: movement a square root of day, noise beyond sampling, spread of
houses, and degrees of freedom. Medians over parties of the polls model fitted to eight Parliaments from 1955 to 2019
(0.007 to 0.05 for movement). Movements correlate by minus one in the number of lines, as shares sum to one."""
QUICK_ROUNDS = 3
"""Turns of `quick_average`: a fourth moves no party by a tenth of a point."""


@dataclass(frozen=True, kw_only=True)
class PollPanel:
    """Polls of one Parliament, ready for the models.

    Attributes
    ----------
    since, as_of : date
        Last general election; last day of evidence.
    parties : tuple of str
        Lines of the panel, ``oth`` last.
    poll_ids, end_dates : tuple
        Of the polls, oldest first.
    share : (poll, party)
        Shares as published, 0 to 1, NaN where the party is not named; ``oth`` is what is left where all are named.
    log_odds, variance : (poll, party)
        Log-odds of ``share`` (NaN where not named) and the variance of sampling, rounding and kind of poll (infinite
        where not named).
    signed : tuple of str
        Pollster of each poll, "" where it is not known.
    pollsters : tuple of str
        Houses: pollsters with ``HOUSE_POLLS`` polls or more, in alphabetical order.
    pollster : (poll,)
        Position of the house, -1 where the poll has no house effect.
    unhoused : (poll,)
        1 where the pollster is not known or not a house, so that its leaning is part of the noise; else 0.
    dates : tuple of date
        Steps of the calendar, from ``since`` to ``as_of``.
    step : (date,)
        Days since the step before, those of a campaign counted several times; 0 for the first.
    time : (poll,)
        Position of the step nearest to the middle of fieldwork.
    start_mean, start_sd : (party,)
        Log-odds at ``since``: the last result, or a wide guess for parties without one.
    """

    since: date
    as_of: date
    parties: tuple[str, ...]
    poll_ids: tuple[str, ...]
    end_dates: tuple[date, ...]
    share: Floats
    log_odds: Floats
    variance: Floats
    signed: tuple[str, ...]
    pollsters: tuple[str, ...]
    pollster: Ints
    unhoused: Floats
    dates: tuple[date, ...]
    step: Floats
    time: Ints
    start_mean: Floats
    start_sd: Floats

    @property
    def n_polls(self) -> int:
        """Number of polls."""
        return len(self.poll_ids)

    @property
    def evidence(self) -> tuple[Floats, Floats, Floats, Ints, Ints, Floats, Floats, Floats, Floats]:
        """What the kernels of `models.poll_kernel` take, from ``log_odds`` to ``centred``."""
        polls = (np.nan_to_num(self.log_odds), self.variance, self.unhoused, self.pollster, self.time)
        return *polls, self.step, self.start_mean, self.start_cov, self.centred

    @property
    def centred(self) -> Floats:
        """1 where a house's polls tell more of its leaning than the usual spread does, of (party, pollster - 1)."""
        # It decides how the sampler walks, not what the model says.
        member = np.equal.outer(self.pollster, np.arange(max(len(self.pollsters) - 1, 0)))
        told = (1.0 / (self.variance + QUICK_NOISE**2)).T @ member
        return (told > QUICK_HOUSE**-2).astype(np.float64)

    @property
    def start_cov(self) -> Floats:
        """Covariance of the log-odds at ``since``, of shape (party, party)."""
        return np.diag(self.start_sd**2)

    def to_dataset(self) -> xr.Dataset:
        """Give the polls as published.

        Returns
        -------
        xr.Dataset
            ``share`` (poll, party), NaN where not named, ``pollster`` and ``end_date`` (poll).
        """
        return xr.Dataset(
            {
                "share": ((dims.POLL, dims.PARTY), self.share),
                "pollster": (dims.POLL, np.array(self.signed, dtype=str)),
                "end_date": (dims.POLL, np.array(self.end_dates, dtype="datetime64[ns]")),
            },
            coords={dims.PARTY: list(self.parties)},
        )


def poll_panel(
    evidence: Evidence,
    *,
    since: date,
    until: date,
    previous: Mapping[str, float],
    polling_day: date | None = None,
    pace: float = CAMPAIGN_PACE,
) -> PollPanel:
    """Collect the polls of one Parliament known at a date.

    Parameters
    ----------
    evidence : Evidence
        Tables; only ``polls`` and ``poll_shares`` are read, and no row with ``known_on`` after ``until``.
    since : date
        Last general election: polls that ended later are taken.
    until : date
        Last day of evidence.
    previous : mapping of str to float
        Shares of the Great Britain vote at ``since`` by party code; what is missing from 1 counts as ``oth``.
    polling_day : date, optional
        Day of the election to come; without it no day counts as one of a campaign.
    pace : float
        How much faster opinion moves in a campaign, a factor on the variance of a day.

    Returns
    -------
    PollPanel
        The panel; it may hold no polls.

    Raises
    ------
    BadInput
        If ``until`` is not after ``since`` or ``previous`` is not a set of shares with con, lab and lib.
    """
    _check(since, until, previous)
    polls = evidence.polls.filter(
        (pl.col("area") == "GB") & (pl.col("end_date") > since) & (pl.col("known_on") <= until)
    ).sort("end_date", "poll_id")
    named = evidence.poll_shares.join(polls.select("poll_id", "end_date", "pollster", "kind"), on="poll_id")
    parties = (*lines(named, previous), "oth")
    share = shares(polls, named, parties, previous)
    past = np.array([previous.get(party, 0.0) for party in parties[:-1]])
    past = np.append(past, 1.0 - past.sum())
    dates, step = calendar(since, until)
    houses, pollster = pollsters(polls)
    kind = polls["kind"].cast(pl.String)
    return PollPanel(
        since=since,
        as_of=until,
        parties=parties,
        poll_ids=tuple(polls["poll_id"]),
        end_dates=tuple(polls["end_date"]),
        share=share,
        log_odds=clipped_logit(share),
        variance=variance(share, polls["sample"].fill_null(DEFAULT_SAMPLE), kind),
        signed=tuple(polls["pollster"].fill_null("")),
        pollsters=houses,
        pollster=pollster,
        unhoused=((pollster < 0) & (kind != "pseudo").to_numpy()).astype(np.float64),
        dates=dates,
        step=paced(dates, step, polling_day, pace),
        time=nearest(polls, dates),
        start_mean=np.where(past > 0, clipped_logit(past), clipped_logit(np.array(NEWCOMER_SHARE))),
        start_sd=np.where(past > 0, ANCHOR_SD, NEWCOMER_SD),
    )


def _check(since: date, until: date, previous: Mapping[str, float]) -> None:
    if until <= since:
        raise BadInput(f"No polls can lie between {since} and {until}: the second date must be the later one.")
    missing = [party for party in ALWAYS if not previous.get(party, 0.0) > 0.0]
    total = sum(previous.values())
    if missing or min(previous.values()) < 0.0 or not total <= 1.001:
        raise BadInput(
            f"The result of {since} must give shares from 0 to 1 that sum to no more than 1, with con, lab and lib; "
            f"got a sum of {total:.3f}{' without ' + ', '.join(missing) if missing else ''}. Check national results."
        )


def quick_average(panel: PollPanel) -> tuple[Floats, Floats]:
    """Average the polls at ``as_of`` with plug-in values in place of sampling, in milliseconds.

    House effects and the weight of odd polls are estimated around the smoothed path, in turns (conditional means, as in
    expectation-maximisation); the path is then filtered once more.

    Parameters
    ----------
    panel : PollPanel
        Polls of one Parliament; where it holds none, the last result is carried forward.

    Returns
    -------
    mean, sd : (party,)
        Log-odds at ``as_of``, in the order of ``panel.parties``.
    """
    parties = len(panel.parties)
    correlation = np.full((parties, parties), -1.0 / parties)
    np.fill_diagonal(correlation, 1.0)
    drift_cov = QUICK_DRIFT**2 * correlation
    noise_sd, house_sd = np.full(parties, QUICK_NOISE), np.full(parties, QUICK_HOUSE)
    house = np.zeros((parties, len(panel.pollsters)))
    doubt = np.zeros_like(panel.variance)
    tail = np.ones(panel.n_polls)
    for _ in range(QUICK_ROUNDS):
        spread = panel.variance + noise_sd**2 + panel.unhoused[:, None] * house_sd**2
        evidence = (panel.log_odds, panel.variance + doubt, panel.unhoused, panel.pollster, panel.time, panel.step.size)
        precision, information = pool(*evidence, noise_sd, house_sd, house, tail)
        _, means, columns, filtered_mean, filtered_var = forward(
            drift_cov, panel.step, precision, information, panel.start_mean, panel.start_cov
        )
        _, smooth_mean, _, _, _ = backward(panel.step, precision, information, means, columns)
        residual = panel.log_odds - smooth_mean[panel.time]
        house, doubt = _quick_houses(panel, residual, spread * tail[:, None])
        tail = _quick_tail(panel, residual, house, spread)
    return filtered_mean[-1], np.sqrt(filtered_var[-1])


def _house_of(panel: PollPanel, house: Floats) -> Floats:
    """House effect in each poll, of shape (poll, party); 0 for polls without one."""
    padded = np.hstack([house, np.zeros((house.shape[0], 1))])
    return padded[:, panel.pollster].T


def _quick_houses(panel: PollPanel, residual: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """House effects (party, pollster) shrunk to zero and centred, and what is not known of them (poll, party)."""
    seen = ~np.isnan(residual)
    weight = np.where(seen, 1.0 / spread, 0.0)
    member = np.equal.outer(panel.pollster, np.arange(len(panel.pollsters))).astype(np.float64)
    total = weight.T @ member
    house = (np.where(seen, residual, 0.0) * weight).T @ member / (total + QUICK_HOUSE**-2)
    asked = total > 0
    centre = np.where(asked, house, 0.0).sum(axis=1, keepdims=True) / np.maximum(asked.sum(axis=1, keepdims=True), 1)
    doubt = _house_of(panel, 1.0 / (total + QUICK_HOUSE**-2))
    return np.where(asked, house - centre, 0.0), doubt


def _quick_tail(panel: PollPanel, residual: Floats, house: Floats, spread: Floats) -> Floats:
    """Factor on the variance of each poll: its conditional mean under a Student t with ``QUICK_TAIL`` degrees."""
    miss = (residual - _house_of(panel, house)) ** 2 / spread
    return np.asarray((QUICK_TAIL + np.nansum(miss, axis=1)) / (QUICK_TAIL + (~np.isnan(miss)).sum(axis=1)))
