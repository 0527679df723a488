"""From voting intention today to votes on polling day: the arithmetic of the arrival model, without PyMC.

Every party's share is carried as log-odds (the party against all others). Conservative and Labour are rotated into the
channels ``lead`` (half the difference of their log-odds) and ``level`` (the mean), because what moves one usually moves
the other the opposite way; every other party is a channel of its own. Until polling day a channel follows a
mean-reverting (Ornstein-Uhlenbeck) path towards a target, and on the day the polls turn out to have been wrong by an
error that rivals share::

    x(day) = target + (x(as_of) - target) * exp(-kappa * t) + sd(t) * shock_path + shock_final
    sd(t)  = sqrt((1 - exp(-2 * kappa * t)) / (2 * kappa)),   t in years

so leaders and fundamentals (in ``target``) weigh more the further away the election is, and polls more the nearer. All
terms are draws; ``models.votes`` learns them from every election since 1959.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

DAYS_PER_YEAR = 365.25
Draws = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ArrivalDials:
    """What a scenario changes before polling day; the default changes nothing.

    ``favourability`` holds changes of a leader's net standing in points, ``margin`` changes of Murr's margin (-2 to 2),
    ``share_shift`` additions to the share of the vote (0.02 = two points). Keys are party codes.
    """

    favourability: Mapping[str, float] = field(default_factory=dict)
    margin: Mapping[str, float] = field(default_factory=dict)
    share_shift: Mapping[str, float] = field(default_factory=dict)


def logit(share: Draws) -> Draws:
    """Log-odds of shares strictly between 0 and 1."""
    return np.asarray(np.log(share) - np.log1p(-share))


def shares(log_odds: Draws) -> Draws:
    """Shares that sum to 1 over the last axis, from log-odds of each party against all others."""
    odds = 1.0 / (1.0 + np.exp(-log_odds))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


def to_channels(log_odds: Draws, parties: Sequence[str]) -> Draws:
    """Rotate Conservative and Labour (last axis) into ``lead`` and ``level``, kept in their two places."""
    con, lab = parties.index("con"), parties.index("lab")
    out = log_odds.copy()
    out[..., con] = (log_odds[..., con] - log_odds[..., lab]) / 2.0
    out[..., lab] = (log_odds[..., con] + log_odds[..., lab]) / 2.0
    return out


def to_parties(channels: Draws, parties: Sequence[str]) -> Draws:
    """Undo ``to_channels``."""
    con, lab = parties.index("con"), parties.index("lab")
    out = channels.copy()
    out[..., con] = channels[..., lab] + channels[..., con]
    out[..., lab] = channels[..., lab] - channels[..., con]
    return out


def relative_scale(log_odds: Draws) -> Draws:
    """Size of movements in log-odds for a party of some size, relative to one with 30 per cent.

    In shares, movements grow as ``sqrt(p (1 - p))``; in log-odds they therefore shrink as its inverse, so that the
    habits of a party on 5 per cent can be compared with those of one on 40.

    Parameters
    ----------
    log_odds : array
        Log-odds of shares.

    Returns
    -------
    array of the same shape
        1 at a share of 0.3; at most 4 (a party on 1.4 per cent).
    """
    p = 1.0 / (1.0 + np.exp(-log_odds))
    return np.asarray(np.minimum(np.sqrt(0.21 / (p * (1.0 - p))), 4.0))


def path_sd(kappa: Draws, years: float) -> Draws:
    """Standard deviation of a unit-rate mean-reverting path after ``years``; 0 at ``years = 0``."""
    return np.asarray(np.sqrt(-np.expm1(-2.0 * kappa * years) / (2.0 * kappa)))


def target_shift(parties: Sequence[str], beta: Draws, change: Mapping[str, float]) -> Draws:
    """Shift of the channels' targets when leaders' standing (or margins) change.

    The effect was learned from the gap between Conservative and Labour leaders, half on each side. For those two a
    change therefore moves the lead, and with it both; for another party it moves that party by the whole effect, and
    the others give way in proportion to their size.

    Parameters
    ----------
    parties : sequence of str
        Party codes, length n_parties.
    beta : array of shape (n_draws,)
        Effect on log-odds of one unit of change.
    change : mapping
        Party code to change, in units of ``beta``.

    Returns
    -------
    array of shape (n_draws, n_parties)
        Additions to ``target``, in channels.
    """
    shift = np.zeros((beta.size, len(parties)))
    for party, amount in change.items():
        if party in ("con", "lab"):
            half = amount / 2 if party == "con" else -amount / 2
            shift[:, parties.index("con")] += beta * half
        else:
            shift[:, parties.index(party)] += beta * amount
    return shift


def arrive(state: xr.Dataset, lead_days: int, dials: ArrivalDials | None = None) -> Draws:
    """Draw votes on a polling day.

    Parameters
    ----------
    state : xr.Dataset
        The ``votes`` group of a forecast: ``intention, target, kappa, shock_path, shock_final`` (draw, party) in
        channels of log-odds (``con`` holds the lead, ``lab`` the level); ``beta_favourability`` (per 10 points) and
        ``beta_margin`` (per unit of margin) (draw,).
    lead_days : int
        Days from ``as_of`` to polling day, 0 or more.
    dials : ArrivalDials, optional
        Changes to make; none by default.

    Returns
    -------
    array of shape (n_draws, n_parties)
        Shares of the Great Britain vote, rows sum to 1.
    """
    dials = dials or ArrivalDials()
    parties = [str(p) for p in state["party"].values]
    years = lead_days / DAYS_PER_YEAR
    kappa = state["kappa"].values
    target = state["target"].values
    if dials.favourability:
        tens = {p: points / 10.0 for p, points in dials.favourability.items()}
        target = target + target_shift(parties, state["beta_favourability"].values, tens)
    if dials.margin:
        target = target + target_shift(parties, state["beta_margin"].values, dials.margin)
    decay = np.exp(-kappa * years)
    channels = target + (state["intention"].values - target) * decay
    channels = channels + path_sd(kappa, years) * state["shock_path"].values + state["shock_final"].values
    votes = shares(to_parties(channels, parties))
    return shift_shares(votes, parties, dials.share_shift) if dials.share_shift else votes


def wander(state: xr.Dataset, days: int, shock: Draws) -> xr.Dataset:
    """Carry intention some days further on, as if no poll had been taken since.

    The path until polling day is one Ornstein-Uhlenbeck process, so it may be cut anywhere: with what it then starts
    from, ``arrive`` gives the same law as one run over both parts.

    Parameters
    ----------
    state : xr.Dataset
        As for ``arrive``.
    days : int
        Days to carry it on.
    shock : array of shape (n_draws, n_parties)
        Standard normal draws times each channel's movement a year, as ``shock_path``.

    Returns
    -------
    xr.Dataset
        The same state with another ``intention``.
    """
    years = days / DAYS_PER_YEAR
    kappa, target = state["kappa"].values, state["target"].values
    moved = target + (state["intention"].values - target) * np.exp(-kappa * years) + path_sd(kappa, years) * shock
    return state.assign(intention=(state["intention"].dims, moved))


def shift_shares(votes: Draws, parties: list[str], change: Mapping[str, float]) -> Draws:
    """Add to some parties' shares; the other parties give way in proportion.

    Parameters
    ----------
    votes : array of shape (n_draws, n_parties)
        Shares, rows sum to 1.
    parties : list of str
        Party codes.
    change : mapping
        Party code to change in share.

    Returns
    -------
    array of shape (n_draws, n_parties)
        Shares, rows sum to 1; no party falls below a tenth of a point.
    """
    moved = votes.copy()
    named = [parties.index(p) for p in change]
    others = [i for i in range(len(parties)) if i not in named]
    moved[:, named] = np.clip(votes[:, named] + np.array([change[p] for p in change]), 0.001, 0.9)
    room = np.clip(1.0 - moved[:, named].sum(axis=1), 0.01, None)
    if others:
        moved[:, others] *= (room / votes[:, others].sum(axis=1))[:, None]
    return np.asarray(moved / moved.sum(axis=1, keepdims=True))
