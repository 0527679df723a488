"""Scores of one forecast against what happened, by the field's usual measures (scoringrules).

Every score is a row ``metric, party, value``; ``party`` is empty where the score is of the whole. Names:

========================  ==============================================================================================
``vote_mae``              mean absolute error of the expected share over Con, Lab, Lib; ``vote_mae_all`` all parties
``vote_rmse``             its root mean square
``vote_crps``             mean continuous ranked probability score over Con, Lab, Lib (shares)
``vote_energy``           energy score of all parties' shares jointly
``seat_mae``              mean absolute error of expected seats, Con, Lab, Lib, SNP; ``seat_mae_no_snp`` without SNP
``seat_crps``             mean CRPS over the same lines (seats); ``seat_energy`` jointly over all lines
``votes_cover90``         part of parties within the central 90 % interval (also 50, 80, 95)
``seats_cover90``         the same for lines that won or might have won a seat, without those ``Truth.told`` leaves out
``vote_pit``              part of the draws below what happened, per party (ties halved); ``seat_pit`` for seats
``majority_*``            log score and Brier score of who has a majority (or nobody); ``largest_*`` largest line
``majority_chance``       chance of a line's majority, where above nought; ``hung_chance`` of nobody's
``called``                part of the scored seats whose likeliest winner won; ``n_called``, ``n_scored`` count them
``seat_brier``            mean multiclass Brier score of the winner of a scored seat; ``seat_log_score`` its log score
``constituency_mae``      mean absolute error of shares by constituency, over parties that stood
``constituency_cover90``  part of those shares within the central 90 % interval (also 50, 80, 95)
``reliability_n_0``       chances above nought and below 0.1 of a line to win a seat, counted; ``_9`` from 0.9 on
``reliability_chance_0``  their mean; ``reliability_won_0`` the part of them that won
========================  ==============================================================================================

Log scores are minus the natural logarithm of the chance given to what happened, smaller is better; a chance of nought
counts as one half of one draw.
"""

from collections.abc import Iterator

import numpy as np
import scoringrules as sr
from numpy.typing import NDArray

from models.count import has_majority, is_largest
from models.forecast import Forecast
from models.truth import Truth

MAIN = ("con", "lab", "lib")
SEATED = ("con", "lab", "lib", "snp")
LEVELS = (50, 80, 90, 95)
Array = NDArray[np.float64]
Score = tuple[str, str, float]


def vote_scores(draws: Array, truth: Array, parties: list[str]) -> Iterator[Score]:
    """Score draws of the Great Britain vote.

    Parameters
    ----------
    draws : array of shape (n_draws, n_parties)
        Shares, 0 to 1.
    truth : array of shape (n_parties,)
        Shares that came.
    parties : list of str
        Party codes.

    Yields
    ------
    tuple
        Metric, party, value.
    """
    main = [parties.index(p) for p in MAIN if p in parties]
    error = draws.mean(axis=0) - truth
    crps = sr.crps_ensemble(truth, draws.T)
    yield "vote_mae", "", float(np.abs(error[main]).mean())
    yield "vote_mae_all", "", float(np.abs(error).mean())
    yield "vote_rmse", "", float(np.sqrt((error[main] ** 2).mean()))
    yield "vote_crps", "", float(crps[main].mean())
    yield "vote_energy", "", float(sr.es_ensemble(truth, draws[:1000]))
    yield from _coverage("votes", draws, truth)
    for i, party in enumerate(parties):
        yield "vote_mean", party, float(draws[:, i].mean())
        yield "vote_lo90", party, float(np.quantile(draws[:, i], 0.05))
        yield "vote_hi90", party, float(np.quantile(draws[:, i], 0.95))
        yield "vote_result", party, float(truth[i])
        yield "vote_pit", party, _pit(draws[:, i], truth[i])


def seat_scores(
    draws: NDArray[np.int64], truth: NDArray[np.int64], lines: list[str], told: NDArray[np.bool_]
) -> Iterator[Score]:
    """Score draws of the count of seats.

    Parameters
    ----------
    draws : array of shape (n_draws, n_lines)
        Seats; rows sum to the House.
    truth : array of shape (n_lines,)
        Seats that came.
    lines : list of str
        Codes of the lines.
    told : array of shape (n_lines,)
        Lines whose ranges are scored (``Truth.told``).

    Yields
    ------
    tuple
        Metric, party, value.
    """
    given = draws.astype(np.float64)
    seated = [lines.index(p) for p in SEATED if p in lines]
    error = np.abs(given.mean(axis=0) - truth)
    yield "seat_mae", "", float(error[seated].mean())
    yield "seat_mae_no_snp", "", float(error[[i for i in seated if lines[i] != "snp"]].mean())
    yield "seat_crps", "", float(sr.crps_ensemble(truth[seated].astype(float), given[:, seated].T).mean())
    yield "seat_energy", "", float(sr.es_ensemble(truth.astype(float), given[:1000]))
    live = told & ((given.max(axis=0) > 0) | (truth > 0))
    yield from _coverage("seats", given[:, live], truth[live].astype(float))
    for i, line in enumerate(lines):
        yield "seat_mean", line, float(given[:, i].mean())
        yield "seat_lo90", line, float(np.quantile(given[:, i], 0.05))
        yield "seat_hi90", line, float(np.quantile(given[:, i], 0.95))
        yield "seat_result", line, float(truth[i])
        if live[i]:
            yield "seat_pit", line, _pit(given[:, i], float(truth[i]))
    yield from _outcome(draws, truth, lines)


def _outcome(draws: NDArray[np.int64], truth: NDArray[np.int64], lines: list[str]) -> Iterator[Score]:
    n = draws.shape[0]
    majority = has_majority(draws).mean(axis=0)
    chances = np.append(majority, 1.0 - majority.sum())
    for name, given in zip([*lines, ""], chances, strict=True):
        if given > 0:
            yield "majority_chance" if name else "hung_chance", name, float(given)
    came = has_majority(truth[None, :])[0].astype(float)
    yield from _categorical("majority", chances, np.append(came, 1.0 - came.sum()), n)
    yield from _categorical("largest", is_largest(draws).mean(axis=0), is_largest(truth[None, :])[0], n)


def _categorical(name: str, chances: Array, came: Array, n: int) -> Iterator[Score]:
    given = float((chances * came).sum())
    yield f"{name}_log_score", "", float(sr.log_score(1.0, max(given, 0.5 / n)))
    yield f"{name}_brier", "", float(sr.brier_score(came, chances).sum())
    yield f"{name}_right", "", float(chances.argmax() == came.argmax())


def constituency_scores(forecast: Forecast, truth: Truth) -> Iterator[Score]:
    """Score winners and shares of the scored seats; nothing where none is.

    Parameters
    ----------
    forecast : Forecast
        The forecast.
    truth : Truth
        What happened.

    Yields
    ------
    tuple
        Metric, party, value.
    """
    rows = np.flatnonzero(truth.scored)
    if not rows.size:
        return
    yield from winner_scores(forecast.p_win[rows], truth.winner[rows], forecast.n_draws)
    outcome = forecast.tree["outcome"].ds
    share = truth.share[rows]
    stood = share > 0
    error = np.abs(outcome["share_mean"].values[rows] - share)
    yield "constituency_mae", "", float(error[stood].mean())
    for level in LEVELS:
        ends = [(1 - level / 100) / 2, (1 + level / 100) / 2]
        lo, hi = outcome["share_quantile"].sel(quantile=ends, method="nearest").values[:, rows]
        yield f"constituency_cover{level}", "", float(((lo <= share) & (share <= hi))[stood].mean())
    yield from _reliability(forecast.p_win[rows], truth.winner[rows])


def _reliability(chances: Array, winner: NDArray[np.int64]) -> Iterator[Score]:
    """Chances of lines to win seats in ten bins: how many, their mean, and the part of them that won."""
    came = np.arange(chances.shape[1]) == winner[:, None]
    given = chances > 0
    number = np.minimum((chances[given] * 10).astype(int), 9)
    for i in np.unique(number):
        here = number == i
        yield f"reliability_n_{i}", "", float(here.sum())
        yield f"reliability_chance_{i}", "", float(chances[given][here].mean())
        yield f"reliability_won_{i}", "", float(came[given][here].mean())


def winner_scores(chances: Array, winner: NDArray[np.int64], n_draws: int) -> Iterator[Score]:
    """Score the chances of each line to win each seat.

    Parameters
    ----------
    chances : array of shape (n_seats, n_lines)
        Chances; rows sum to 1.
    winner : array of shape (n_seats,)
        Index of the line that won.
    n_draws : int
        Draws the chances were counted from.

    Yields
    ------
    tuple
        Metric, party, value.
    """
    right = chances.argmax(axis=1) == winner
    came = (np.arange(chances.shape[1]) == winner[:, None]).astype(float)
    given = (chances * came).sum(axis=1)
    yield "called", "", float(right.mean())
    yield "n_called", "", float(right.sum())
    yield "n_scored", "", float(winner.size)
    yield "seat_brier", "", float(sr.brier_score(came, chances).sum(axis=1).mean())
    yield "seat_log_score", "", float(sr.log_score(1.0, np.maximum(given, 0.5 / n_draws)).mean())


def _coverage(name: str, draws: Array, truth: Array) -> Iterator[Score]:
    for level in LEVELS:
        tail = (1 - level / 100) / 2
        lo, hi = np.quantile(draws, [tail, 1 - tail], axis=0)
        yield f"{name}_cover{level}", "", float(((lo <= truth) & (truth <= hi)).mean())


def _pit(draws: Array, truth: float) -> float:
    return float((draws < truth).mean() + 0.5 * (draws == truth).mean())
