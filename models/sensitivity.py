"""What one usual step of each dial is worth in seats, from where a scenario stands, on the same draws."""

import numpy as np
import polars as pl

from models.forecast import Forecast
from models.response_curves import at, follows, stand
from models.scenario import Scenario, run_scenario
from models.solve_schema import LIMITS, Dial, movable, range_of

USUAL = {"favourability": 10.0, "mp_support": 10.0, "share": 1.0, "turnout": 5.0, "tactical": 25.0, "day": -90.0}
"""Steps in points, per cent or days: of a size that leaders, parties and prime ministers have made before."""


def dials_of(forecast: Forecast, parties: list[str]) -> list[Dial]:
    """Every dial of some parties, and those of no party.

    Parameters
    ----------
    forecast : Forecast
        The base.
    parties : list of str
        Which parties.

    Returns
    -------
    list of Dial
        As far as the forecast has them.
    """
    found = [
        Dial.model_validate({"kind": kind, "party": party})
        for kind in ("favourability", "mp_support", "share", "turnout")
        for party in movable(forecast, kind)
        if party in parties
    ]
    return [*found, Dial(kind="tactical"), Dial(kind="day")]


def step_from(forecast: Forecast, scenario: Scenario, dial: Dial) -> float | None:
    """Usual step of a dial from where a scenario has it, the other way where there is no room.

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
    float or None
        In points, per cent or days; None where there is no room either way.
    """
    now, span = stand(forecast, scenario, dial), range_of(forecast, dial)
    lo, hi = LIMITS.get(dial.kind, (span.lo, span.hi))
    return next((step for step in (USUAL[dial.kind], -USUAL[dial.kind]) if lo <= now + step <= hi), None)


def sensitivity(
    forecast: Forecast, scenario: Scenario, parties: list[str], *, draws: int | None = None
) -> pl.DataFrame:
    """Move each dial by its usual step, one at a time.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        Where the dials stand before.
    parties : list of str
        Parties whose dials are moved.
    draws : int, optional
        Use the first draws only (for speed); all by default.

    Returns
    -------
    pl.DataFrame
        ``kind, of, start, step, party, mean, lo90, hi90``: the change in seats of each line when the dial ``kind`` of
        the party ``of`` (null where it is everybody's) goes from ``start`` by ``step``.

    Raises
    ------
    BadInput
        If the scenario does not fit the forecast.
    """
    before = run_scenario(forecast, scenario, draws=draws, summaries=False).seats
    found = []
    for dial in dials_of(forecast, parties):
        step = step_from(forecast, scenario, dial)
        if step is None:
            continue
        start = stand(forecast, scenario, dial)
        held = at(forecast, scenario, dial, start, draws).seats if follows(forecast, scenario, dial) else before
        change = at(forecast, scenario, dial, start + step, draws).seats - held
        lo, hi = np.quantile(change, [0.05, 0.95], axis=0)
        told = {"kind": dial.kind, "of": dial.party, "start": start, "step": step}
        rows = pl.DataFrame({"party": forecast.lines, "mean": change.mean(axis=0), "lo90": lo, "hi90": hi})
        found.append(rows.select(*(pl.lit(v, dtype=_TYPES[k]).alias(k) for k, v in told.items()), pl.all()))
    return pl.concat(found)


_TYPES = {"kind": pl.String(), "of": pl.String(), "start": pl.Float64(), "step": pl.Float64()}
