"""What a lasting change of a leader's standing, or of her MPs' support, does to voting intention. Plain arithmetic.

The numbers come from `models.response`, whose docstring says what in them is association and what may be read as
effect. With a change that holds from day 0 on, voting intention ``v`` and standing ``f`` follow, t in months::

    dv/dt = speed * (theta * f / 10 + phi * s - v) + prompt / 10 * df/dt    v in log-odds, f in points
    df/dt = r * (psi * s - f) + start * ds/dt                               s share of the party's MPs

so that a change of standing shows in part at once (``prompt``) and in full after a year or two (``theta``), and a
change of support moves the vote directly and by way of the leader's standing. These lines have closed solutions, which
is what a scenario needs: thousands of draws in a millisecond. `models.response` learns from whole months, so its
``speed`` and ``r`` are parts of the way gone in a month; in these lines they are the rates that go as far (`_rate`).

Three decisions keep the answer sane.

- What shows at once comes in over the first month; on day 0 nothing has changed, so the answer has no jump.
- Of the movement at once no more counts than what lasts: two things that move together for a month and then part did
  so for a reason of their own. With that, what a change of standing does only ever grows with time. What a change of
  support does may turn back, where its direct effect and the one by way of the standing differ in sign.
- Large changes are bent: ``limit * tanh(change / limit)`` with 100 points and all MPs as limits. The record holds no
  lasting change beyond 70 points or half of the MPs, so a line should not be trusted there. Ten points stay 9.97.
"""

from dataclasses import dataclass, fields

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from models.days import DAYS_PER_MONTH

MOST_POINTS = 100.0
"""Largest change of standing that counts, in points."""
MOST_SUPPORT = 1.0
"""Largest change of support that counts, in shares of the MPs."""
RESPONSE_VARIABLES = ("theta_mean", "theta_sd", "lam", "speed", "phi", "psi", "chi", "r")
"""Variables of a posterior of `models.response` that `response_draws` takes."""
Draws = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Response:
    """Draws of the links, each of shape (n_draws,).

    Attributes
    ----------
    theta : array
        Log-odds of the party's share per ten points of standing in the long run, for a leader not seen before.
    lam : array
        Log-odds per ten points within the month.
    speed : array
        Part of the way to its long-run place that voting intention goes in a month, 0 to 1.
    phi : array
        Log-odds in the long run if all MPs instead of none stand behind the leader, her standing being the same.
    psi : array
        Points of standing in the long run for the same.
    chi : array
        Points of standing within the month for the same.
    r : array
        Part of the way to its long-run place that a standing goes in a month, 0 to 1.
    """

    theta: Draws
    lam: Draws
    speed: Draws
    phi: Draws
    psi: Draws
    chi: Draws
    r: Draws

    @classmethod
    def of(cls, draws: xr.Dataset) -> "Response":
        """Take the links out of a dataset that holds them with one dimension, ``draw``, among other things."""
        return cls(**{item.name: np.asarray(draws[item.name].values, dtype=np.float64) for item in fields(cls)})

    def to_dataset(self) -> xr.Dataset:
        """Give the links as variables with dimension ``draw``; undoes ``of``."""
        return xr.Dataset({item.name: ("draw", getattr(self, item.name)) for item in fields(self)})


def response_draws(posterior: xr.Dataset, *, n_draws: int, seed: int) -> Response:
    """Thin a posterior and draw a leader not seen before.

    Parameters
    ----------
    posterior : xr.Dataset
        Of `models.response.build_response_model`, or its prior, with dims chain and draw.
    n_draws : int
        How many draws, 1 or more; drawn with replacement.
    seed : int
        Seed of the choice and of the new leader.

    Returns
    -------
    Response
        Joint draws; ``theta`` varies from leader to leader as the leaders since 1979 did.
    """
    rng = np.random.default_rng([seed, 17])
    flat = {name: np.asarray(posterior[name].transpose("chain", "draw").values).ravel() for name in RESPONSE_VARIABLES}
    picked = rng.integers(flat["lam"].size, size=n_draws)
    drawn = {name: values[picked].astype(np.float64) for name, values in flat.items()}
    theta = drawn.pop("theta_mean") + drawn.pop("theta_sd") * rng.standard_normal(n_draws)
    return Response(theta=theta, **drawn)


def intention_shift(
    response: Response | xr.Dataset,
    favourability: float,
    support: float,
    days: float,
    *,
    through_favourability: bool = True,
) -> Draws:
    """Change of a party's voting intention some days after a lasting change of its leader's standing or support.

    Parameters
    ----------
    response : Response or xr.Dataset
        Draws of the links, or a dataset that holds them (`Response.of`).
    favourability : float
        Change in points, -200 to 200.
    support : float
        Change of the share of the party's MPs behind the leader, -1 to 1.
    days : float
        Days since the change, 0 or more.
    through_favourability : bool
        Let the change of support move the leader's standing too. False where the standing is given by hand.

    Returns
    -------
    array of shape (n_draws,)
        Log-odds to add: 0 on day 0, of the opposite sign for the opposite change, nearing a limit with ``days``, and
        growing all the while where ``support`` is 0.
    """
    links = response if isinstance(response, Response) else Response.of(response)
    months = days / DAYS_PER_MONTH
    tens = _bent(favourability, MOST_POINTS) / 10.0
    share = _bent(support, MOST_SUPPORT)
    speed, r = _rate(links.speed), _rate(links.r)
    toward = -np.expm1(-speed * months)  # part of the way gone
    prompt = _lasting(links.lam, links.theta)
    at_once = links.theta * toward + prompt * min(months, 1.0) * (1.0 - toward)
    shift = tens * at_once + share * links.phi * toward
    if through_favourability and share != 0.0:
        start = _lasting(links.chi, links.psi)
        # The standing goes on from where it started; voting intention follows each of its steps as it follows any.
        gone = -np.expm1(-r * months)
        later = links.theta * gone - (links.theta - prompt) * r * _follows(r, speed, months)
        shift = shift + share / 10.0 * (start * at_once + (links.psi - start) * later)
    return np.asarray(shift)


def passing_shift(response: Response | xr.Dataset, points: Draws, half_life: Draws, days: float) -> Draws:
    """Change of a party's voting intention some days after something that moves its leader's standing and fades.

    Parameters
    ----------
    response : Response or xr.Dataset
        Draws of the links.
    points : array of shape (n_draws,)
        Points of standing on the day.
    half_life : array of shape (n_draws,)
        Days in which half of it is forgotten, above 0.
    days : float
        Days since, 0 or more.

    Returns
    -------
    array of shape (n_draws,)
        Log-odds to add: 0 on day 0, and again in the end.
    """
    links = response if isinstance(response, Response) else Response.of(response)
    months = days / DAYS_PER_MONTH
    fading = np.log(2.0) * DAYS_PER_MONTH / half_life
    prompt = _lasting(links.lam, links.theta)
    shown = prompt * min(months, 1.0) * np.exp(-fading * months)
    speed = _rate(links.speed)
    followed = speed * (links.theta - prompt) * _follows(fading, speed, months)
    return np.asarray(points / 10.0 * (shown + followed))


def favourability_shift(response: Response | xr.Dataset, support: float, days: float) -> Draws:
    """Change of a leader's standing some days after a lasting change of her MPs' support.

    Parameters
    ----------
    response : Response or xr.Dataset
        Draws of the links.
    support : float
        Change of the share of MPs behind her, -1 to 1.
    days : float
        Days since the change, 0 or more.

    Returns
    -------
    array of shape (n_draws,)
        Points; 0 on day 0.
    """
    links = response if isinstance(response, Response) else Response.of(response)
    months = days / DAYS_PER_MONTH
    start, left = _lasting(links.chi, links.psi), np.exp(-_rate(links.r) * months)
    return np.asarray(_bent(support, MOST_SUPPORT) * (start * min(months, 1.0) * left + links.psi * (1.0 - left)))


def worth(
    response: Response | xr.Dataset, share: float, *, favourability: float = 0.0, support: float = 0.0, days: float
) -> Draws:
    """Points of vote that a lasting change is worth to a party of some size, if its rivals' own evidence stays.

    Parameters
    ----------
    response : Response or xr.Dataset
        Draws of the links.
    share : float
        The party's share without the change, between 0 and 1.
    favourability, support, days : float
        As for `intention_shift`.

    Returns
    -------
    array of shape (n_draws,)
        Difference of the share in points (1.2 is 1.2 per cent of the vote).
    """
    before = np.log(share) - np.log1p(-share)
    after = before + intention_shift(response, favourability, support, days)
    return np.asarray(100.0 * (1.0 / (1.0 + np.exp(-after)) - share))


def _rate(part: Draws) -> Draws:
    """Rate a month at which a part of the way is gone after one; 99 in 100 stand for a part that is larger still."""
    return np.asarray(-np.log1p(-np.minimum(part, 0.99)))


def _bent(change: float, limit: float) -> float:
    """Bend a change so that it stays below a limit; small changes hardly alter."""
    return float(limit * np.tanh(change / limit))


def _lasting(at_once: Draws, in_the_end: Draws) -> Draws:
    """What of a movement at once is no more than the movement in the end, and none where the two have other signs."""
    return np.where(at_once * in_the_end > 0.0, np.sign(in_the_end) * np.minimum(abs(at_once), abs(in_the_end)), 0.0)


def _follows(first: Draws, second: Draws, months: float) -> Draws:
    """``(exp(-first t) - exp(-second t)) / (second - first)``, also where both speeds are equal."""
    gap = (second - first) * months
    same = np.abs(gap) < 1e-9
    return np.asarray(
        months * np.exp(-first * months) * np.where(same, 1.0, -np.expm1(-gap) / np.where(same, 1.0, gap))
    )
