"""How long a leader lasts: what the survival model says, in plain arrays.

Three clocks run side by side, and the first to strike ends a leadership:

    politics  exp(usual + party + support * pull + rating * liking + premier)       exits a month, always
    health    health                                                                exits a month, always
    defeat    with chance q she goes over a lost election, after an exponential delay of mean ``delay`` months

    logit q = defeat + era * decades since 1985 + liberal + gain * tens of points won or lost in votes

so that after t months she is still there with chance

    exp(-(politics + health) * t) * (1 - q + q * exp(-t / delay))

The longer she stays after a defeat, the likelier it is that she has weathered it: the factor hardly falls then.
``pull`` is the log-odds of MPs' support less `USUAL_SUPPORT`; where support is not known, ``unknown`` stands in place
of its term, a level of its own. ``liking`` is favourability in tens of points less `USUAL_RATING`, with ``unrated`` in
its place. Ahead, both go home to the usual and stray (Ornstein-Uhlenbeck processes): politics then counts with its mean
over what they may be. NumPy and xarray alone, so that pages may read it; `models.survival` learns the draws.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from data.errors import BadInput
from models.days import DAYS_PER_YEAR

Array = NDArray[np.float64]
PARTIES = ("con", "lab", "lib")
LIBERAL = PARTIES.index("lib")
USUAL_SUPPORT = 0.65
"""Log-odds of support from which its effect counts and to which it goes: the mean known since 1960, 66 % of MPs."""
USUAL_RATING = -10.0
"""The same for favourability, in points: about the mean since 1979, as in ``models.response_panel``."""
SUPPORT_MONTHS, RATING_MONTHS = 72.0, 32.0
"""Months until a difference from the usual has shrunk to 0.37 of itself: ``MpPriors.memory``, and 2 * usual_sd ** 2 /
drift ** 2 of ``LeaderPriors``. What was known of leaders 3 to 48 months later has followed both since 1960 and 1979."""
SUPPORT_SD, RATING_SD = 0.45, 2.1
"""Spread of pull and liking as they were known, over all months: how far they will have strayed after years."""
CENTRE = date(1985, 1, 1)
"""Day from which decades count: between the first and the last of the record."""
YEAR = 12.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Odds:
    """Draws of what the survival model learned, each (n_draws,), but ``of_party`` (n_draws, 3) by `PARTIES`.

    The head of this module says what each does. ``delay`` is in months, ``health`` in exits a month; all others are
    logs of a rate or log-odds.
    """

    usual: Array
    of_party: Array
    support: Array
    unknown: Array
    rating: Array
    unrated: Array
    premier: Array
    defeat: Array
    era: Array
    liberal: Array
    gain: Array
    delay: Array
    health: Array

    @classmethod
    def of(cls, draws: xr.Dataset) -> "Odds":
        """Read draws from a posterior or from ``to_dataset``.

        Parameters
        ----------
        draws : xr.Dataset
            With dims chain and draw, or sample; ``of_party`` with dim party besides.

        Returns
        -------
        Odds
            All draws, chain after chain.
        """
        flat = draws if "sample" in draws.dims else draws.stack(sample=("chain", "draw"))
        values = {f.name: flat[f.name].transpose("sample", ...).values for f in fields(cls)}
        return cls(**{name: np.asarray(held, dtype=np.float64) for name, held in values.items()})

    def to_dataset(self) -> xr.Dataset:
        """Lay the draws out with dims sample and party."""
        held: dict[str, Any] = {f.name: ("sample", getattr(self, f.name)) for f in fields(self)}
        held["of_party"] = (("sample", "party"), self.of_party)
        return xr.Dataset(held, coords={"party": list(PARTIES)})


@dataclass(frozen=True, kw_only=True)
class Defeat:
    """A lost election: its day, the change of her party's share of votes (-1 to 1, None: unknown), months since."""

    election: date
    gain: float | None = None
    months: float = 0.0


def pull_of(support: Array) -> Array:
    """Log-odds of shares of MPs (0 to 1, both excluded) less the usual; NaN stays."""
    return np.asarray(np.log(support / (1.0 - support)) - USUAL_SUPPORT)


def liking_of(points: Array) -> Array:
    """Tens of points of favourability (-100 to 100) less the usual; NaN stays."""
    return np.asarray((points - USUAL_RATING) / 10.0)


def decades(day: date) -> float:
    """Decades from `CENTRE` to a day."""
    return (day - CENTRE).days / (10.0 * DAYS_PER_YEAR)


def survival_chance(
    odds: Odds,
    *,
    party: str,
    months: float,
    premier: bool,
    support: float | None = None,
    favourability: float | None = None,
    defeat: Defeat | None = None,
) -> Array:
    """Chance that a leader still leads some months on.

    Parameters
    ----------
    odds : Odds
        What was learned.
    party : str
        One of `PARTIES`.
    months : float
        Months ahead, 0 or more, with no election in between.
    premier : bool
        Whether she is prime minister.
    support : float, optional
        Share of her MPs who would stand behind her if asked yes or no, 0 to 1, both excluded, as ``models.mps`` gives
        it: not her share in a ballot between candidates. None: unknown.
    favourability : float, optional
        Points, -100 to 100, as ``models.leaders`` gives it. None: unknown.
    defeat : Defeat, optional
        Where she lost the last election as leader.

    Returns
    -------
    NDArray
        Chances (n_draws,), 0 to 1.

    Raises
    ------
    BadInput
        If a value is out of its range.
    """
    _check(party, months, support, favourability)
    level = odds.usual + odds.of_party[:, PARTIES.index(party)] + (odds.premier if premier else 0.0)
    steps = max(int(np.ceil(months)), 1)
    ahead = (np.arange(steps) + 0.5) * months / steps
    moved = np.zeros((level.size, steps))
    if support is None:
        level = level + odds.unknown
    else:
        moved += _moved(odds.support, float(pull_of(np.asarray(support))), SUPPORT_SD, ahead / SUPPORT_MONTHS)
    if favourability is None:
        level = level + odds.unrated
    else:
        moved += _moved(odds.rating, float(liking_of(np.asarray(favourability))), RATING_SD, ahead / RATING_MONTHS)
    politics = np.exp(level[:, None] + moved).mean(axis=1)
    staying = np.exp(-(politics + odds.health) * months)
    return np.asarray(staying * (1.0 if defeat is None else _weathered(odds, party, defeat, months)))


def gone_after_defeat(
    odds: Odds,
    *,
    party: str,
    election: date,
    gain: float | None = None,
    support: float | None = None,
    favourability: float | None = None,
    months: float = YEAR,
) -> Array:
    """Chance that a leader who lost an election is gone some months later, for whatever reason.

    Parameters
    ----------
    odds : Odds
        What was learned.
    party : str
        One of `PARTIES`. Conservatives and Labour have lost where they do not govern afterwards, Liberals where they
        are not in the government: they weather it more often.
    election : date
        Polling day.
    gain : float, optional
        Change of the party's share of votes since the election before, -1 to 1. None: unknown, taken as none.
    support, favourability : float, optional
        As for ``survival_chance``, on polling day.
    months : float
        Months, 0 or more.

    Returns
    -------
    NDArray
        Chances (n_draws,), 0 to 1.

    Raises
    ------
    BadInput
        If a value is out of its range.
    """
    lost = Defeat(election=election, gain=gain)
    stays = survival_chance(
        odds,
        party=party,
        months=months,
        premier=False,
        support=support,
        favourability=favourability,
        defeat=lost,
    )
    return np.asarray(1.0 - stays)


def over_it(odds: Odds, party: str, defeat: Defeat) -> Array:
    """Chance q that a lost election ends her leadership, as judged on polling day.

    Parameters
    ----------
    odds : Odds
        What was learned.
    party : str
        One of `PARTIES`.
    defeat : Defeat
        The election.

    Returns
    -------
    NDArray
        Chances (n_draws,), 0 to 1.
    """
    logit = odds.defeat + odds.era * decades(defeat.election) + odds.gain * 10.0 * (defeat.gain or 0.0)
    logit = logit + (odds.liberal if party == PARTIES[LIBERAL] else 0.0)
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _moved(effect: Array, start: float, spread: float, ahead: Array) -> Array:
    """Log of the mean factor (n_draws, n_steps) on politics of what starts at ``start``, some memories ahead."""
    strayed = spread**2 * (1.0 - np.exp(-2.0 * ahead))
    return np.outer(effect, start * np.exp(-ahead)) + np.outer(effect**2, strayed) / 2.0


def _weathered(odds: Odds, party: str, defeat: Defeat, months: float) -> Array:
    """Chance that the lost election does not end it in the months ahead, given that it has not so far."""
    q = over_it(odds, party, defeat)
    now, then = (1.0 - q + q * np.exp(-t / odds.delay) for t in (defeat.months, defeat.months + months))
    return np.asarray(then / now)


def _check(party: str, months: float, support: float | None, favourability: float | None) -> None:
    if party not in PARTIES:
        raise BadInput(f'No leaders of "{party}" were learned from. Choose one of {", ".join(PARTIES)}.')
    if not months >= 0.0:
        raise BadInput(f"A leader's chance to stay is asked {months} months ahead. Give 0 or more.")
    if support is not None and not 0.0 < support < 1.0:
        raise BadInput(f"MPs' support of {support} is not between 0 and 1, both excluded.")
    if favourability is not None and not abs(favourability) <= 100.0:
        raise BadInput(f"Favourability of {favourability} is not between -100 and 100 points.")
