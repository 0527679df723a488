"""What made a forecast: how far each kind of evidence moved it, and whose is the width of its ranges.

Both are counted from the forecast's own draws. ``contributions`` brings the evidence in one kind after the other, from
the last result on, and sees what moves; the draws are the same each time, so a difference has an interval of its own,
and the steps add up to the forecast. ``variance_budget`` mixes the draws of all sources but one and sees how much of an
outcome still agrees: the part of its variance that is that source's alone (first-order index of Sobol 2001, doi
10.1016/S0378-4754(00)00270-6). What is left belongs to several sources together.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from models.arrival import arrive, logit
from models.count import count_seats
from models.effects import worth
from models.forecast import Forecast
from models.poll_reading import NEWCOMER_SHARE
from models.scenario import simulator

STEPS = ("last_result", "polls", "office", "leaders", "mps", "campaign", "poll_error")
"""In the order in which evidence comes in: from ``last_result`` to ``campaign``, what campaigns usually give the
Liberals, and ``poll_error``, what polls usually miss."""
SOURCES = {
    "polls": ("intention", "home"),
    "habits": ("kappa", "campaign", "airtime", "office"),
    "leaders": ("leaders",),
    "mps": ("mps",),
    "movement": ("shock_path", "pace"),
    "poll_error": ("bias", "shock_final"),
}
"""Sources of uncertainty and the parts of the arrival model's state that hold them; ``seats`` comes beside them."""
TOGETHER = "together"
CHANGES = {"favourability": {"favourability": 10.0}, "support": {"support": 0.1}}
"""Changes whose worth is told: ten points of standing, and a tenth of a party's MPs."""
WORTH_DAYS = (30, 90, 180, 365)
"""Days after a change at which its worth is told."""
Draws = NDArray[np.float64]


def contributions(forecast: Forecast) -> pl.DataFrame:
    """How many points of the vote and how many seats each kind of evidence moved the forecast.

    Parameters
    ----------
    forecast : Forecast
        A forecast, not the answer to a scenario.

    Returns
    -------
    pl.DataFrame
        ``step, party, votes, votes_lo90, votes_hi90, seats, seats_lo90, seats_hi90``: a row a step of ``STEPS`` and
        party. ``last_result`` gives the level, in shares and seats; the others what they add to it, with the interval
        of the paired difference. The sum over steps is the forecast's mean. Seats keep today's Scottish and Welsh
        polls throughout, so those of the SNP and Plaid Cymru hold some of them from the start.
    """
    rows: list[tuple[str, str, *tuple[float, ...]]] = []
    before: tuple[Draws, Draws] | None = None
    for step, votes, seats in _stages(forecast):
        moved = [votes, seats] if before is None else [votes - before[0], seats - before[1]]
        told = [np.vstack([one.mean(axis=0), *np.quantile(one, [0.05, 0.95], axis=0)]) for one in moved]
        rows += [(step, p, *told[0][:, i], *told[1][:, i]) for i, p in enumerate(forecast.parties)]
        before = votes, seats
    columns = [f"{what}{end}" for what in ("votes", "seats") for end in ("", "_lo90", "_hi90")]
    return pl.DataFrame(rows, schema=["step", "party", *columns], orient="row")


def _stages(forecast: Forecast) -> Iterator[tuple[str, Draws, Draws]]:
    """Votes and seats with the evidence up to each step."""
    full = forecast.tree["votes"].to_dataset()
    nought = {name: xr.zeros_like(full[name]) for name in ("office", "leaders", "mps", "airtime", "bias")}
    start = _without_polls(full)
    known = {
        "last_result": {"intention": start, "home": start, **nought},
        "polls": {"intention": full["intention"], "home": full["home"]},
        "office": {"office": full["office"]},
        "leaders": {"leaders": full["leaders"]},
        "mps": {"mps": full["mps"]},
        "campaign": {"airtime": full["airtime"]},
        "poll_error": {"bias": full["bias"]},
    }
    state = full
    for step in STEPS:
        state = state.assign(known[step])
        votes = arrive(state, forecast.manifest.lead_days)
        yield step, votes, _seats(forecast, votes)


def _without_polls(state: xr.Dataset) -> xr.DataArray:
    """Where parties would stand had nobody been polled: at the last result; those without, where newcomers start."""
    newcomer = (state["intention"] == state["home"]).all("draw")
    return state["home"].where(~newcomer, float(logit(np.array(NEWCOMER_SHARE))))


def _seats(forecast: Forecast, votes: Draws) -> Draws:
    """Seats of the parties in the order of ``forecast.parties``."""
    winner = simulator(forecast).simulate(votes, summaries=False).winner
    counted = count_seats(winner, len(forecast.lines))
    return np.asarray(counted[:, [forecast.lines.index(p) for p in forecast.parties]], dtype=np.float64)


def variance_budget(forecast: Forecast) -> pl.DataFrame:
    """Whose is the width of the ranges: the part of the variance that each source of uncertainty owns.

    Parameters
    ----------
    forecast : Forecast
        A forecast, not the answer to a scenario.

    Returns
    -------
    pl.DataFrame
        ``party, source, votes, seats``: parts from 0 to 1 that sum to 1 over the sources of a party; ``seats`` is how a
        vote falls over constituencies, ``together`` what no source owns alone. A part is known to about 0.02 with
        4,000 draws. A party that wins no seat in any draw has null there.
    """
    state = forecast.tree["votes"].to_dataset()
    base = forecast.votes, np.asarray(_seats(forecast, forecast.votes))
    mixed = np.roll(np.arange(forecast.n_draws), forecast.n_draws // 2)
    found: dict[str, tuple[Draws, Draws]] = {}
    for source in SOURCES:
        others = [name for part, held in SOURCES.items() if part != source for name in held]
        votes = arrive(state.assign({name: _mix(state[name], mixed) for name in others}), forecast.manifest.lead_days)
        # Draw for draw with other seats: each row of votes meets the errors of another draw.
        seats = _seats(forecast, votes[mixed])[np.argsort(mixed)]
        found[source] = _agreement(base[0], votes), _agreement(base[1], seats)
    other = state.assign({name: _mix(state[name], mixed) for name in state.data_vars})
    alone = arrive(other, forecast.manifest.lead_days)
    found["seats"] = np.zeros(len(forecast.parties)), _agreement(base[1], _seats(forecast, alone))
    rows = [
        (party, source, float(votes[i]), float(seats[i]))
        for i, party in enumerate(forecast.parties)
        for source, (votes, seats) in _shared_out(found).items()
    ]
    return pl.DataFrame(rows, schema=["party", "source", "votes", "seats"], orient="row").with_columns(
        pl.col("seats").fill_nan(None)
    )


def link_worth(forecast: Forecast, party: str) -> pl.DataFrame:
    """What a better liked leader, or more MPs behind her, is worth to a party some time later.

    Parameters
    ----------
    forecast : Forecast
        A forecast.
    party : str
        Code of a party with a vote in Great Britain; its mean share is where the change starts.

    Returns
    -------
    pl.DataFrame
        ``link, days, mean, lo90, hi90, p_positive``: a row a change of ``CHANGES`` and time, the last of which is
        polling day; points of the vote, and the chance that the effect is positive.
    """
    links = forecast.tree["votes"].to_dataset()
    share = float(forecast.votes[:, forecast.parties.index(party)].mean())
    lead, rows = forecast.manifest.lead_days, []
    for link, change in CHANGES.items():
        for days in sorted({day for day in WORTH_DAYS if day < lead} | {lead}):
            points = worth(links, share, **change, days=days)
            lo, hi = np.quantile(points, [0.05, 0.95])
            rows.append((link, days, points.mean(), lo, hi, (points > 0).mean()))
    return pl.DataFrame(rows, schema=["link", "days", "mean", "lo90", "hi90", "p_positive"], orient="row")


def _mix(values: xr.DataArray, order: NDArray[np.int64]) -> xr.DataArray:
    return values.copy(data=values.values[order])


def _agreement(one: Draws, other: Draws) -> Draws:
    """Covariance of two runs that share one source, in parts of the variance; noise below nought is nought."""
    spread = one.std(axis=0) * other.std(axis=0)
    both = ((one - one.mean(axis=0)) * (other - other.mean(axis=0))).mean(axis=0)
    return np.maximum(np.divide(both, spread, out=np.full_like(both, np.nan), where=spread > 0), 0.0)


def _shared_out(found: dict[str, tuple[Draws, Draws]]) -> dict[str, tuple[Draws, Draws]]:
    """Make parts sum to 1: what is missing is had together; what noise adds beyond 1 is taken off in proportion."""
    total = [np.sum([parts[i] for parts in found.values()], axis=0) for i in (0, 1)]
    scale = [np.maximum(one, 1.0) for one in total]
    shared = {source: (parts[0] / scale[0], parts[1] / scale[1]) for source, parts in found.items()}
    shared[TOGETHER] = (np.maximum(1.0 - total[0], 0.0), np.maximum(1.0 - total[1], 0.0))
    return shared
