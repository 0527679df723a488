"""How seats answer to one dial of a scenario, all else in it as it is: the same draws at every value."""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.count import has_majority, is_largest
from models.forecast import Forecast
from models.scenario import Scenario, leaders_in, run_scenario
from models.scenario_parts import until
from models.solve_schema import Dial, Range, range_of, with_dials

POINTS = 21
WINDOWS: dict[str, tuple[float, float]] = {
    "favourability": (-60.0, 60.0),
    "mp_support": (0.0, 100.0),
    "share": (-10.0, 10.0),
    "tactical": (0.0, 150.0),
    "turnout": (-20.0, 20.0),
    "day": (35.0, math.inf),
}
"""What a curve shows of each dial, in points, per cent or days, as far as the dial goes. An election takes 25 working
days from the end of a Parliament, so that none is held sooner."""
STEPS = {"favourability": 2.0, "mp_support": 2.0, "share": 0.5, "tactical": 5.0, "turnout": 1.0, "day": 15.0}
"""How finely curves are read off between the points that were run."""
HELD = 1e-6
"""A leader's favourability this far from the forecast's own is one that is set."""
QUANTILES = {"lo90": 0.05, "lo50": 0.25, "median": 0.5, "hi50": 0.75, "hi90": 0.95}


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Seats and outcomes along a dial.

    Attributes
    ----------
    dial : Dial
        Which.
    window : Range
        What is shown of it; it starts where the scenario has the dial.
    base : float
        Where the forecast has it.
    draws : int
        Simulations used.
    seats : pl.DataFrame
        ``value, party, mean, lo90, lo50, median, hi50, hi90``: seats of each line at each value that was run.
    chances : pl.DataFrame
        ``value, party, majority, largest``: each line's chances there.
    now : pl.DataFrame
        All these columns for the scenario as it is: those of ``window.start``, but for a leader's favourability that
        follows her MPs' support in the scenario, as along the curve it is held.
    """

    dial: Dial
    window: Range
    base: float
    draws: int
    seats: pl.DataFrame
    chances: pl.DataFrame
    now: pl.DataFrame


def stand(forecast: Forecast, scenario: Scenario, dial: Dial) -> float:
    """Say where a scenario has a dial.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        The question.
    dial : Dial
        Which.

    Returns
    -------
    float
        In points, per cent or days.

    Raises
    ------
    BadInput
        If the forecast has no such dial.
    """
    start = range_of(forecast, dial).start
    if dial.kind == "tactical":
        return 100 * scenario.tactical
    if dial.kind == "day":
        return float(((scenario.election_date or forecast.manifest.election_date) - forecast.manifest.as_of).days)
    if dial.kind == "turnout":
        return 100 * scenario.turnout.get(str(dial.party), 0.0)
    if dial.kind == "share":
        change = scenario.parties.get(str(dial.party))
        return 100 * (change.share_shift or 0.0) if change else 0.0
    state = next(state for state in leaders_in(forecast, scenario) if state.party == dial.party)
    if dial.kind == "favourability":
        return state.favourability
    return start if state.support is None else 100 * state.support


def window_of(forecast: Forecast, scenario: Scenario, dial: Dial) -> Range:
    """Say what a curve shows of a dial: its window, wide enough for where scenario and forecast have it.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        The question.
    dial : Dial
        Which.

    Returns
    -------
    Range
        It starts where the scenario has the dial; the ends are whole steps.
    """
    span, now, step = range_of(forecast, dial), stand(forecast, scenario, dial), STEPS[dial.kind]
    lo, hi = WINDOWS[dial.kind]
    lowest = math.floor(min(lo, now, span.start) / step) * step
    highest = math.ceil(max(hi, now, span.start) / step) * step if hi < math.inf else span.hi
    return Range(start=now, lo=max(lowest, span.lo), hi=min(highest, span.hi))


def follows(forecast: Forecast, scenario: Scenario, dial: Dial) -> bool:
    """Whether the dial is a favourability that, unless it is set, follows the MPs' support that a scenario sets."""
    change = scenario.parties.get(str(dial.party))
    return dial.kind == "favourability" and change is not None and change.mp_support is not None


def at(forecast: Forecast, scenario: Scenario, dial: Dial, value: float, draws: int | None = None) -> Forecast:
    """Answer a scenario with one dial moved.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        All else.
    dial : Dial
        Which.
    value : float
        Where it is to stand.
    draws : int, optional
        Use the first draws only; all by default.

    Returns
    -------
    Forecast
        The answer. An event that polling day comes before befalls nobody; a leader's favourability is held even where
        the forecast has it, and does not follow what the scenario says of her MPs.
    """
    if follows(forecast, scenario, dial) and value == range_of(forecast, dial).start:
        value += HELD if value < 0 else -HELD
    moved = with_dials(forecast, scenario, [(dial, value)])
    return run_scenario(forecast, until(moved, forecast.manifest.election_date), draws=draws, summaries=False)


def response_curves(
    forecast: Forecast, scenario: Scenario, dial: Dial, *, draws: int | None = None, points: int = POINTS
) -> Curves:
    """Run a scenario with one dial at every value of a grid.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        All else.
    dial : Dial
        Which.
    draws : int, optional
        Use the first draws only (for speed); all by default.
    points : int
        Values to run; where scenario and forecast have the dial is run besides.

    Returns
    -------
    Curves
        Seats and chances at each.

    Raises
    ------
    BadInput
        If scenario or dial do not fit the forecast.
    """
    window, base = window_of(forecast, scenario, dial), range_of(forecast, dial).start
    grid = np.linspace(window.lo, window.hi, points)
    if dial.kind == "day":
        grid = np.round(grid)
    asked = run_scenario(forecast, scenario, draws=draws, summaries=False).seats
    seats, chances = list[pl.DataFrame](), list[pl.DataFrame]()
    for value in sorted({*grid.tolist(), window.start, base}):
        drawn = at(forecast, scenario, dial, value, draws).seats
        seats.append(_seats(value, forecast.lines, drawn))
        chances.append(_chances(value, forecast.lines, drawn))
    now = _seats(window.start, forecast.lines, asked)
    return Curves(
        dial=dial,
        window=window,
        base=base,
        draws=len(asked),
        seats=pl.concat(seats),
        chances=pl.concat(chances),
        now=now.join(_chances(window.start, forecast.lines, asked), on=["value", "party"], maintain_order="left"),
    )


def _seats(value: float, lines: list[str], drawn: NDArray[np.int64]) -> pl.DataFrame:
    ends = dict(zip(QUANTILES, np.quantile(drawn, list(QUANTILES.values()), axis=0), strict=True))
    return pl.DataFrame({"value": [value] * len(lines), "party": lines, "mean": drawn.mean(axis=0), **ends})


def _chances(value: float, lines: list[str], drawn: NDArray[np.int64]) -> pl.DataFrame:
    majority, largest = has_majority(drawn).mean(axis=0), is_largest(drawn).mean(axis=0)
    return pl.DataFrame({"value": [value] * len(lines), "party": lines, "majority": majority, "largest": largest})


def positions(curves: Curves) -> list[float]:
    """Places a slider over the curves can take, evenly spread.

    Parameters
    ----------
    curves : Curves
        As ``response_curves`` gives them.

    Returns
    -------
    list of float
        From the lower end of the window, by the dial's step.
    """
    step = STEPS[curves.dial.kind]
    count = math.floor((curves.window.hi - curves.window.lo) / step + 1e-9)
    return [curves.window.lo + i * step for i in range(count + 1)]


def read_off(curves: Curves, lines: list[str]) -> pl.DataFrame:
    """Read the curves of some lines at every place of a slider, straight between the values that were run.

    Parameters
    ----------
    curves : Curves
        As ``response_curves`` gives them.
    lines : list of str
        Which lines.

    Returns
    -------
    pl.DataFrame
        ``value, party, lo90, lo50, median, hi50, hi90``.
    """
    places = positions(curves)
    found = []
    for line in lines:
        run = curves.seats.filter(pl.col("party") == line)
        read = {name: np.interp(places, run["value"].to_numpy(), run[name].to_numpy()) for name in QUANTILES}
        found.append(pl.DataFrame({"value": places, "party": [line] * len(places), **read}))
    return pl.concat(found)
