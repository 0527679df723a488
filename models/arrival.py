"""From voting intention today to votes on polling day: the arithmetic of the arrival model, without PyMC.

Every party's share is carried as log-odds (the party against all others). Conservative and Labour are rotated into the
channels ``lead`` (half the difference of their log-odds) and ``level`` (the mean), because what moves one usually moves
the other the opposite way; every other party is a channel of its own. Until polling day a channel goes home to the last
result, shifted by what office costs, by a mean-reverting (Ornstein-Uhlenbeck) path; in the campaign it goes and strays
faster, and the Liberals gain from being heard. On its way it is pulled by the gap between the leaders and between their
backing by MPs, which fades, as leaders change. On the day the polls turn out to have been wrong by an error that rivals
share::

    x(day) = home + (x(as_of) - home) * decay + pull * weight + airtime * gain + sd * shock_path + bias + shock_final

``decay``, ``weight``, ``gain`` and ``sd`` depend on the days left (``approach``), so leaders and fundamentals weigh
more the further away the election is, and polls more the nearer. All terms are draws; ``models.votes`` learns them from
every election since 1959. What a scenario changes moves voting intention by ``models.effects``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from models.days import DAYS_PER_YEAR
from models.effects import intention_shift, passing_shift
from models.poll_reading import CAMPAIGN_DAYS

FADE = float(np.log(2.0))
"""Speed a year at which pulls of leaders and MPs fade: by half. The gap between the two main leaders' standing keeps
0.43 to 0.65 of itself from one year of a Parliament to the next (1979-2024): leaders change, novelty wears off."""
Draws = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ArrivalDials:
    """What a scenario changes before polling day; the default changes nothing.

    ``favourability`` holds lasting changes of a leader's net standing in points, ``support`` changes of the part of her
    MPs behind her (-1 to 1), ``events`` the kind of an event that befalls her (``models.leader_events.KINDS``) and the
    days from it to polling day, ``share_shift`` additions to the share of the vote (0.02 = two points). Keys are party
    codes.
    """

    favourability: Mapping[str, float] = field(default_factory=dict)
    support: Mapping[str, float] = field(default_factory=dict)
    events: Mapping[str, tuple[str, int]] = field(default_factory=dict)
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


@dataclass(frozen=True)
class Approach:
    """What a stretch of time does to a channel: what is left of where it began, what comes and is kept until its end.

    ``decay`` and ``weight`` multiply the distance from home and the pull at the beginning; ``variance`` multiplies the
    squared movement a year; ``gain`` multiplies what a whole campaign would add if nobody went home meanwhile.
    """

    decay: Draws
    weight: Draws
    variance: Draws
    gain: Draws

    def then(self, later: "Approach", years: float) -> "Approach":
        """Join a later stretch to this one of ``years``, over which the pull has faded."""
        return Approach(
            self.decay * later.decay,
            self.weight * later.decay + np.exp(-FADE * years) * later.weight,
            self.variance * later.decay**2 + later.variance,
            self.gain * later.decay + later.gain,
        )


def stretch(turn: Draws, years: float, pace: Draws | float = 1.0, part: float = 0.0) -> Approach:
    """Solve the path over a stretch of constant speed.

    Parameters
    ----------
    turn : array
        Speed times time, above 0.
    years : float
        Length of the stretch.
    pace : array or float
        Factor on the variance of a day.
    part : float
        Part of a campaign in it, 0 to 1.

    Returns
    -------
    Approach
        For ``dx = speed (home + pull exp(-FADE t) - x) dt + airtime part / years dt + dW``.
    """
    decay = np.exp(-turn)
    lag = turn - FADE * years
    same = np.abs(lag) < 1e-9
    weight = turn * decay * np.where(same, 1.0, np.expm1(lag) / np.where(same, 1.0, lag))
    return Approach(decay, weight, pace * years * _kept(2.0 * turn), part * _kept(turn))


def _kept(turn: Draws) -> Draws:
    """Part still there at the end of what came evenly over a stretch."""
    return np.asarray(-np.expm1(-turn) / np.maximum(turn, 1e-12))


def approach(kappa: Draws, campaign: Draws, pace: Draws, lead_days: float, left: float = 0.0) -> Approach:
    """Solve the path from some days before polling day to the day, or to one nearer to it.

    Parameters
    ----------
    kappa : array
        Return home per year.
    campaign : array
        What a whole campaign adds to it.
    pace : array
        How much faster a channel strays in a campaign: a factor on the variance of a day.
    lead_days, left : float
        Days left at the beginning and at the end, 0 or more.

    Returns
    -------
    Approach
        Over no days all of the start is left, and nothing else comes.
    """
    part = campaign_part(lead_days, left)
    inside = part * CAMPAIGN_DAYS
    before, during = (lead_days - left - inside) / DAYS_PER_YEAR, inside / DAYS_PER_YEAR
    rush = stretch(kappa * during + campaign * part, during, pace, part)
    return stretch(kappa * before, before).then(rush, before)


def campaign_part(lead_days: float, left: float = 0.0) -> float:
    """Part of a campaign, 0 to 1, that lies between two numbers of days before polling day."""
    return (min(lead_days, CAMPAIGN_DAYS) - min(left, CAMPAIGN_DAYS)) / CAMPAIGN_DAYS


def arrive(state: xr.Dataset, lead_days: int, dials: ArrivalDials | None = None) -> Draws:
    """Draw votes on a polling day.

    Parameters
    ----------
    state : xr.Dataset
        The ``votes`` group of a forecast: ``intention, home, kappa, campaign, shock_path, airtime, bias, shock_final``
        (draw, party) in channels of log-odds (``con`` holds the lead, ``lab`` the level); ``pace`` (draw,); ``office,
        leaders, mps`` (draw,), pulls on the lead; ``event_points, event_half_life, event_own_points`` (draw, kind)
        and ``event_own_half_life`` (draw,), points of standing and days (``models.leader_scale.event_draws``); and the
        response of voters (draw,) that ``models.effects`` takes.
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
    path = _path(state, lead_days, 0)
    channels = _moved(state, path, state["shock_path"].values) + state["bias"].values + state["shock_final"].values
    votes = shares(to_parties(channels, parties))
    for party in sorted({*dials.favourability, *dials.support}):
        liked, backed = dials.favourability.get(party, 0.0), dials.support.get(party, 0.0)
        # MPs' support moves the leader's standing too, but not one that was given by hand.
        by_itself = party not in dials.favourability
        shift = intention_shift(state, liked, backed, lead_days, through_favourability=by_itself)
        votes = _lifted(votes, parties.index(party), shift)
    for party, (kind, days) in sorted(dials.events.items()):
        one = state[["event_points", "event_half_life", "event_own_points", "event_own_half_life"]].sel(kind=kind)
        # What is usual for its kind is forgotten in months; what this one did beyond that stays as standings do.
        shift = passing_shift(state, one["event_points"].values, one["event_half_life"].values, days)
        shift = shift + passing_shift(state, one["event_own_points"].values, one["event_own_half_life"].values, days)
        votes = _lifted(votes, parties.index(party), shift)
    return shift_shares(votes, parties, dials.share_shift) if dials.share_shift else votes


def _lifted(votes: Draws, place: int, shift: Draws) -> Draws:
    """Add to the log-odds of one party's share; the others give way in proportion."""
    share = votes[:, place]
    lifted = 1.0 / (1.0 + np.exp(-(logit(share) + shift)))
    out = votes * ((1.0 - lifted) / (1.0 - share))[:, None]
    out[:, place] = lifted
    return np.asarray(out)


def _path(state: xr.Dataset, lead_days: int, left: int) -> Approach:
    """Path of every draw and channel between two numbers of days before polling day."""
    return approach(state["kappa"].values, state["campaign"].values, state["pace"].values[:, None], lead_days, left)


def _moved(state: xr.Dataset, path: Approach, shock: Draws) -> Draws:
    """Channels at the end of a path."""
    con = [str(p) for p in state["party"].values].index("con")
    home = state["home"].values.copy()
    home[:, con] += state["office"].values
    channels = home + (state["intention"].values - home) * path.decay + state["airtime"].values * path.gain
    channels += np.sqrt(path.variance) * shock
    channels[:, con] += (state["leaders"].values + state["mps"].values) * path.weight[:, con]
    return np.asarray(channels)


def wander(state: xr.Dataset, lead_days: int, left: int, shock: Draws) -> xr.Dataset:
    """Carry intention on to a day nearer to polling day, as if no poll had been taken since.

    Leaders and MPs are taken to have stood all the while as they stand at its end, so that their pull does not fade.

    Parameters
    ----------
    state : xr.Dataset
        As for ``arrive``.
    lead_days, left : int
        Days before polling day at the beginning and at the end.
    shock : array of shape (n_draws, n_parties)
        Standard normal draws times each channel's movement a year, as ``shock_path``.

    Returns
    -------
    xr.Dataset
        The same state with another ``intention``.
    """
    path = _path(state, lead_days, left)
    path = replace(path, weight=1.0 - path.decay)
    return state.assign(intention=(state["intention"].dims, _moved(state, path, shock)))


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
