"""What would it take? The smallest change of a dial at which a goal has a given chance, in the forecast's own draws.

Every trial is a scenario on the same draws, so that chances along a dial differ by what the dial does and by nothing
else. The dial is tried on a grid over all it allows; where the chance crosses the wanted one first, on either side of
the forecast, the place is found by halving. If the chance goes both up and down along the grid, the grid is made finer
first, and the answer says so. The interval is that of counting draws: where the chance would be the wanted one less or
plus 1.96 binomial errors. How sure the models are of what a dial does is in the draws themselves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import run_scenario
from models.solve_schema import Dial, Goal, Question, Range, check_goal, range_of, reached, scenario_of

GRID = 9
FINE = 33
"""Points of the grid, and of the finer one where the chance is not monotone."""
FRONTIER = 7
STEPS = 1200
"""A solution is exact to this part of all that a dial allows: a twentieth of a point of the vote."""
COARSE = 400
"""The same for points of a frontier."""
Z = 1.96
SLACK = 0.005
"""A step against the direction of the others by less than this, or by less than its own error, is none."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What it takes with one dial.

    ``status`` is ``already``, ``reached`` or ``unreachable``; ``value`` is where the dial has to stand, ``lo`` and
    ``hi`` where it would if chances were off by their error of counting (None: beyond the limits), ``chance`` the
    goal's chance at ``value``. ``base`` is its chance in the forecast, ``best`` and ``best_at`` the greatest met and
    where. ``curve`` holds ``value, chance, lo95, hi95, kind``, the last ``grid``, ``forecast`` or ``solution``.
    """

    question: Question
    status: str
    span: Range
    base: float
    value: float | None
    lo: float | None
    hi: float | None
    chance: float | None
    best: float
    best_at: float
    monotone: bool
    draws: int
    curve: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """What it takes with two dials: ``points`` holds ``first, second`` (null where no value will do) and ``chance``."""

    question: Question
    spans: tuple[Range, Range]
    base: float
    draws: int
    points: pl.DataFrame


@dataclass
class _Trials:
    """Chances along one dial, each counted once."""

    count: Callable[[float], NDArray[np.float64]]
    span: Range
    steps: int = STEPS
    held: dict[float, NDArray[np.float64]] = field(default_factory=dict)

    def draws(self, value: float) -> NDArray[np.float64]:
        """Whether the goal is reached in each draw at a value of the dial, 0 or 1, (n_draws,)."""
        if value not in self.held:
            self.held[value] = self.count(value)
        return self.held[value]

    def chance(self, value: float) -> float:
        """Chance of the goal at a value of the dial."""
        return float(self.draws(value).mean())

    def lay(self, grid: Sequence[float]) -> None:
        """Count at every point of a grid."""
        for value in grid:
            self.draws(value)

    def monotone(self, grid: Sequence[float]) -> bool:
        """Whether chances along a grid go one way, but for steps that counting draws explains."""
        ways = set()
        for one, other in pairwise(grid):
            step = self.draws(other) - self.draws(one)
            if abs(step.mean()) > max(SLACK, Z * step.std() / np.sqrt(step.size)):
                ways.add(bool(step.mean() > 0))
        return len(ways) < 2

    def nearest(self, wanted: float, sides: Sequence[bool] = (True, False)) -> float | None:
        """Find the least change at which the chance is the wanted one, upwards (True) or downwards, None if neither."""
        if self.chance(self.span.start) >= wanted:
            return self.span.start
        found = [at for up in sides if (at := self._side(wanted, up=up)) is not None]
        return min(found, key=lambda at: abs(at - self.span.start), default=None)

    def _side(self, wanted: float, *, up: bool) -> float | None:
        inside = self.span.start
        beyond = sorted((at for at in self.held if (at > inside) == up and at != inside), reverse=not up)
        for outside in beyond:
            if self.chance(outside) >= wanted:
                return self._halve(inside, outside, wanted)
            inside = outside
        return None

    def _halve(self, inside: float, outside: float, wanted: float) -> float:
        width = (self.span.hi - self.span.lo) / self.steps
        while abs(outside - inside) > width:
            middle = (inside + outside) / 2
            if self.chance(middle) >= wanted:
                outside = middle
            else:
                inside = middle
        return outside


def grid_of(span: Range, points: int = GRID) -> list[float]:
    """Spread points over all that a dial allows, the forecast's own place among them.

    Parameters
    ----------
    span : Range
        The dial's.
    points : int
        How many.

    Returns
    -------
    list of float
        In order; the ends and the start are in it.
    """
    below = round((points - 1) * (span.start - span.lo) / (span.hi - span.lo))
    below = min(max(below, int(span.start > span.lo)), points - 1 - int(span.start < span.hi))
    left = np.linspace(span.lo, span.start, below + 1)
    right = np.linspace(span.start, span.hi, points - below)
    return sorted({*left.tolist(), *right.tolist(), span.start})


def solve(forecast: Forecast, question: Question, *, draws: int | None = None) -> Answer:
    """Find the smallest change of one dial at which a goal has the wanted chance.

    Parameters
    ----------
    forecast : Forecast
        The base.
    question : Question
        Goal, chance and dial; ``second`` is left alone.
    draws : int, optional
        Use the first draws only (for speed); all by default.

    Returns
    -------
    Answer
        With the chance along the dial.

    Raises
    ------
    BadInput
        If the question does not fit the forecast.
    """
    check_goal(forecast, question.goal)
    span = range_of(forecast, question.dial)
    trials = _Trials(lambda value: _count(forecast, question.goal, [(question.dial, value)], draws), span)
    grid = grid_of(span)
    monotone = trials.monotone(grid)
    if not monotone:
        grid = grid_of(span, FINE)
        trials.lay(grid)
    n = trials.draws(span.start).size
    base, wanted = trials.chance(span.start), question.chance
    value = trials.nearest(wanted)
    moved = value is not None and value != span.start
    off = Z * np.sqrt(wanted * (1 - wanted) / n)
    side = value is not None and value > span.start
    lo, hi = (trials.nearest(wanted + sign * off, (side,)) if moved else None for sign in (-1, 1))
    best_at = max(grid, key=lambda at: (trials.chance(at), -abs(at - span.start)))
    return Answer(
        question=question,
        status="unreachable" if value is None else "reached" if moved else "already",
        span=span,
        base=base,
        value=value,
        lo=lo,
        hi=hi,
        chance=None if value is None else trials.chance(value),
        best=trials.chance(best_at),
        best_at=best_at,
        monotone=monotone,
        draws=n,
        curve=_curve(trials, grid, value),
    )


def frontier(forecast: Forecast, question: Question, *, draws: int | None = None) -> Frontier:
    """Find for seven values of the first dial the smallest change of the second that it takes beside.

    The first goes from where the forecast has it to where it would do alone, or else to where it helps most.

    Parameters
    ----------
    forecast : Forecast
        The base.
    question : Question
        Goal, chance and two dials.
    draws : int, optional
        Use the first draws only (for speed); all by default.

    Returns
    -------
    Frontier
        Points in order of the first dial's change.

    Raises
    ------
    BadInput
        If the question does not fit the forecast, or its dials are none or the same.
    """
    second = question.second
    if second is None or second == question.dial:
        raise BadInput("A frontier takes two dials, and they must differ.")
    other = range_of(forecast, second)
    alone = solve(forecast, question, draws=draws)
    end = alone.best_at if alone.value is None else alone.value
    rows, last = list[dict[str, float | None]](), None
    for first in dict.fromkeys(np.linspace(alone.span.start, end, FRONTIER).tolist()):
        last, chance = _beside(forecast, question, (question.dial, first), (second, last), draws)
        rows.append({"first": first, "second": last, "chance": chance})
    points = pl.DataFrame(rows, schema={"first": pl.Float64, "second": pl.Float64, "chance": pl.Float64})
    return Frontier(question=question, spans=(alone.span, other), base=alone.base, draws=alone.draws, points=points)


def _beside(
    forecast: Forecast,
    question: Question,
    held: tuple[Dial, float],
    second: tuple[Dial, float | None],
    draws: int | None,
) -> tuple[float | None, float]:
    """Where the second dial has to stand beside the first, and the chance there, or the greatest where none will do.

    The place it had beside a smaller change of the first is tried before a grid: as a rule less will do now.
    """
    dial, last = second
    span = range_of(forecast, dial)
    trials = _Trials(lambda at: _count(forecast, question.goal, [held, (dial, at)], draws), span, steps=COARSE)
    if trials.chance(span.start) < question.chance and (last is None or trials.chance(last) < question.chance):
        trials.lay(grid_of(span))
    found = trials.nearest(question.chance)
    return found, trials.chance(found) if found is not None else max(map(trials.chance, trials.held))


def _count(
    forecast: Forecast, goal: Goal, settings: list[tuple[Dial, float]], draws: int | None
) -> NDArray[np.float64]:
    scenario = scenario_of(forecast, settings)
    return reached(run_scenario(forecast, scenario, draws=draws, summaries=False), goal)


def _curve(trials: _Trials, grid: list[float], solution: float | None) -> pl.DataFrame:
    """Chances on the grid and at the solution, with Wilson's 95 % intervals of counting draws."""
    values = sorted({*grid, *([] if solution is None else [solution])})
    p = np.array([trials.chance(value) for value in values])
    n = trials.draws(trials.span.start).size
    centre, width = (p + Z**2 / (2 * n)) / (1 + Z**2 / n), Z * np.sqrt(p * (1 - p) / n + (Z / (2 * n)) ** 2)
    half = width / (1 + Z**2 / n)
    kinds = {solution: "solution", trials.span.start: "forecast"}
    return pl.DataFrame(
        {
            "value": values,
            "chance": p,
            "lo95": np.clip(centre - half, 0, 1),
            "hi95": np.clip(centre + half, 0, 1),
            "kind": [kinds.get(value, "grid") for value in values],
        }
    )
