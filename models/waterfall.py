"""What each setting of a scenario contributes to the change it makes: Shapley values, draw by draw.

Settings act on each other: a party's gain of votes is worth more where tactical votes come on top. So no setting has a
worth of its own, and any order of setting them shares the change out differently. The Shapley value is the mean over
all orders. It is the one division that adds up to the whole, treats alike settings that act alike, and gives nothing to
a setting that changes nothing. Up to ``EXACT`` settings, every combination of them is run on the same draws. Beyond,
orders are drawn by lot, each with its reverse: exact where settings act on each other in pairs only, and else with a
standard error that is stated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from math import factorial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.forecast import Forecast
from models.scenario import Scenario, run_scenario
from models.scenario_parts import Part, parts_of, together

EXACT = 6
"""Settings up to which all 64 combinations are run."""
PAIRS = 8
"""Orders drawn beyond that, each with its reverse."""
SEED = 1
Array = NDArray[np.float64]
Game = Callable[[frozenset[int]], Array]


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """A change, shared out.

    Attributes
    ----------
    parts : tuple of Part
        The settings, along the chain.
    seats, votes : pl.DataFrame
        ``part, party, mean, lo90, hi90, se``: contributions of each part to the seats of each line and to the votes of
        each party (0 to 1): mean, 90 % range draw by draw, standard error of drawing orders (0 where exact).
    total_seats, total_votes : pl.DataFrame
        ``party, base, other, mean, lo90, hi90``: means before and after, and the change.
    exact : bool
        Whether every combination was run.
    draws : int
        Simulations used.
    """

    parts: tuple[Part, ...]
    seats: pl.DataFrame
    votes: pl.DataFrame
    total_seats: pl.DataFrame
    total_votes: pl.DataFrame
    exact: bool
    draws: int


def shapley(players: int, game: Game) -> Array:
    """Shapley values from all combinations.

    Parameters
    ----------
    players : int
        How many; they are counted from 0.
    game : callable
        Worth of each combination, an array of any shape.

    Returns
    -------
    array of shape (players, ...)
        They sum to the worth of all less that of none.
    """
    values = np.zeros((players, *game(frozenset()).shape))
    weight = [factorial(n) * factorial(players - n - 1) / factorial(players) for n in range(players)]
    for size in range(players + 1):
        for chosen in combinations(range(players), size):
            worth = game(frozenset(chosen))
            for player in range(players):
                values[player] += weight[size - 1] * worth if player in chosen else -weight[size] * worth
    return values


def sampled_shapley(players: int, game: Game, *, pairs: int = PAIRS, seed: int = SEED) -> tuple[Array, Array]:
    """Estimate Shapley values from orders drawn by lot, each with its reverse.

    Parameters
    ----------
    players : int
        How many; they are counted from 0.
    game : callable
        Worth of each combination: an array whose first axis is the draws.
    pairs : int
        Orders to draw, at least two.
    seed : int
        Seed of the lot.

    Returns
    -------
    values : array of shape (players, n_draws, ...)
        They sum to the worth of all less that of none, as every order's do.
    errors : array of shape (players, ...)
        Standard errors of the means over draws.
    """
    rng = np.random.default_rng(seed)
    known = cache(game)
    values = np.zeros((players, *known(frozenset()).shape))
    means = []
    for _ in range(pairs):
        order = rng.permutation(players).tolist()
        both = (_along(order, known) + _along(order[::-1], known)) / 2
        values += both / pairs
        means.append(both.mean(axis=1))
    return values, np.asarray(np.std(means, axis=0, ddof=1) / np.sqrt(pairs))


def _along(order: list[int], game: Game) -> Array:
    """What each player adds when they come in one order."""
    worths = [game(frozenset(order[:n])) for n in range(len(order) + 1)]
    steps = np.stack([after - before for before, after in pairwise(worths)])
    return np.asarray(steps[np.argsort(order)])


def waterfall(forecast: Forecast, scenario: Scenario, *, draws: int | None = None) -> Waterfall:
    """Share out what a scenario changes among its settings.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        The question.
    draws : int, optional
        Use the first draws only (for speed); all by default.

    Returns
    -------
    Waterfall
        Contributions of every setting for every line.

    Raises
    ------
    BadInput
        If the scenario does not fit the forecast.
    """
    whole = run_scenario(forecast, scenario, draws=draws, summaries=False)
    base = run_scenario(forecast, Scenario(), draws=draws, summaries=False)
    parts = tuple(parts_of(forecast, scenario))

    def worth(chosen: frozenset[int]) -> Array:
        asked = together(forecast, [parts[i] for i in sorted(chosen)])
        answer = run_scenario(forecast, asked, draws=draws, summaries=False)
        return np.hstack([answer.seats, answer.votes])

    exact = len(parts) <= EXACT
    if exact:
        values = shapley(len(parts), worth)
        errors = np.zeros((len(parts), values.shape[-1]))
    else:
        values, errors = sampled_shapley(len(parts), worth)
    lines = len(forecast.lines)
    return Waterfall(
        parts=parts,
        seats=_shares(forecast.lines, values[..., :lines], errors[..., :lines]),
        votes=_shares(forecast.parties, values[..., lines:], errors[..., lines:]),
        total_seats=_total(forecast.lines, base.seats.astype(float), whole.seats.astype(float)),
        total_votes=_total(forecast.parties, base.votes, whole.votes),
        exact=exact,
        draws=base.n_draws,
    )


def _shares(names: list[str], values: Array, errors: Array) -> pl.DataFrame:
    """Contributions as a table; ``values`` has the shape (parts, draws, names)."""
    count = len(values)
    lo, hi = np.quantile(values, [0.05, 0.95], axis=1) if count else np.zeros((2, 0, len(names)))
    return pl.DataFrame(
        {
            "part": np.repeat(np.arange(count), len(names)),
            "party": names * count,
            "mean": values.mean(axis=1).ravel() if count else np.zeros(0),
            "lo90": lo.ravel(),
            "hi90": hi.ravel(),
            "se": errors.ravel(),
        },
        schema_overrides={"party": pl.String},
    )


def _total(names: list[str], before: Array, after: Array) -> pl.DataFrame:
    lo, hi = np.quantile(after - before, [0.05, 0.95], axis=0)
    base, other = before.mean(axis=0), after.mean(axis=0)
    return pl.DataFrame({"party": names, "base": base, "other": other, "mean": other - base, "lo90": lo, "hi90": hi})
