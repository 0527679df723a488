"""One job of the backtest: make the forecast, and score it and the rules it has to beat."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from data import Evidence, load_evidence
from models import baselines
from models.count import count_seats
from models.forecast import Forecast
from models.makers import forecast_by
from models.metrics import constituency_scores, seat_scores, vote_scores, winner_scores
from models.record import gb_shares
from models.score import poll_mean
from models.simple_swing import complete, swing_seats
from models.truth import Truth, truth_of

Row = tuple[str, str, str, float]


def scores(election_date: date, as_of: date, name: str, seed: int) -> Iterator[Row]:
    """Forecast one election as of one day, and score it.

    Parameters
    ----------
    election_date, as_of : date
        Polling day and last day of evidence.
    name : str
        Variant, or import path of settings or a maker (``models.makers``); with ``full`` come the baselines, which
        start from the same seats.
    seed : int
        Seed of all random numbers.

    Yields
    ------
    tuple
        Variant, metric, party, value.
    """
    evidence = load_evidence(own=False)
    forecast = forecast_by(name, as_of, election_date, seed=seed, tables=evidence, progress=False)
    truth = truth_of(forecast, evidence)
    for metric, party, value in [
        *vote_scores(forecast.votes, truth.votes, forecast.parties),
        *seat_scores(forecast.seats, truth.seats, forecast.lines, truth.told),
        *constituency_scores(forecast, truth),
        ("good_fit", "", float(forecast.is_good)),
        ("n_polls", "", float(forecast.manifest.n_polls)),
    ]:
        yield name, metric, party, value
    if name == "full":
        yield from _baselines(forecast, evidence, truth, seed)


def _baselines(forecast: Forecast, evidence: Evidence, truth: Truth, seed: int) -> Iterator[Row]:
    manifest, parties = forecast.manifest, forecast.parties
    then = evidence.as_of(manifest.as_of)
    before = gb_shares(then, manifest.previous_election)
    previous = complete(before, parties, before)
    past = baselines.past_errors(evidence, manifest.election_date, manifest.lead_days)
    yield from _rule("no_change", forecast, truth, previous, previous[None, :])
    mean = poll_mean(then, manifest.as_of)
    if {"con", "lab"} <= mean.keys():
        given = complete(mean, parties, before)[None, :]
        shrunk = complete(baselines.shrunk_mean(mean, before, past), parties, before)[None, :]
        yield from _rule("poll_mean_uniform", forecast, truth, previous, given)
        yield from _rule("poll_mean_proportional", forecast, truth, previous, given, proportional=True)
        yield from _rule("shrunk_poll_mean", forecast, truth, previous, shrunk)
        drawn = baselines.normal_draws(given[0], parties, past, forecast.n_draws, seed)
        yield from _rule("poll_mean_normal", forecast, truth, previous, drawn)
    yield from _calls(forecast, then, evidence, truth)


def _rule(
    name: str, forecast: Forecast, truth: Truth, previous: np.ndarray, votes: np.ndarray, *, proportional: bool = False
) -> Iterator[Row]:
    winner = swing_seats(forecast, previous, votes, proportional=proportional)
    seats = count_seats(winner.astype(np.int8), len(forecast.lines))
    found = [
        *vote_scores(votes, truth.votes, forecast.parties),
        *seat_scores(seats, truth.seats, forecast.lines, truth.told),
    ]
    rows = np.flatnonzero(truth.scored)
    if rows.size:
        chances = np.stack([(winner[:, rows] == i).mean(axis=0) for i in range(len(forecast.lines))], axis=1)
        found += winner_scores(chances, truth.winner[rows], votes.shape[0])
    spread = votes.shape[0] > 1
    # A rule without a spread gives one number: its intervals and chances would be nonsense.
    kept = [one for one in found if spread or not _needs_spread(one[0])]
    for metric, party, value in kept:
        yield name, metric, party, value


def _needs_spread(metric: str) -> bool:
    return any(part in metric for part in ("cover", "pit", "log_score", "lo90", "hi90", "brier", "chance"))


def _calls(forecast: Forecast, then: Evidence, evidence: Evidence, truth: Truth) -> Iterator[Row]:
    largest = forecast.lines[int(truth.seats.argmax())]
    called = baselines.murr_call(then)
    if called is not None:
        yield "murr", "largest_right", "", float(called == largest)
    manifest = forecast.manifest
    regression = baselines.approval_vote(evidence, manifest.election_date, manifest.lead_days)
    if regression is not None:
        party, share = regression
        result = gb_shares(evidence, manifest.election_date)[party]
        yield "approval_regression", "vote_mean", party, share
        yield "approval_regression", "government_vote_error", "", abs(share - result)
        own = float(forecast.votes[:, forecast.parties.index(party)].mean())
        yield "full", "government_vote_error", "", abs(own - result)
