"""From a leader to seats, link by link: what each step is worth by polling day, in the forecast's own draws.

    MPs' support -> leader's standing -> share of the vote -> seats

Each link is asked alone: ten points of favourability or of MPs' support are given to a party's leader from the cut on,
and what follows by polling day is read off, draw by draw (``models.effects``, ``models.arrival``). The first link is of
another kind: how far a new leader would start from where the one in office stands.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.arrival import ArrivalDials, arrive
from models.contest_answer import NEW_LEADER_SD
from models.count import count_seats
from models.effects import favourability_shift, worth
from models.forecast import Forecast, LeaderState
from models.leader_history import CUTS
from models.scenario import simulator

Array = NDArray[np.float64]
POINTS = 10.0
"""Change of favourability whose worth is told, in points."""
MPS = 0.1
"""Change of support whose worth is told; a loss where more than nine in ten stand behind the leader already."""
SHARE, SMALL_SHARE, SMALL_PARTY = 0.01, 0.001, 0.05
"""Change of the vote whose worth in seats is told; the smaller one for parties with a smaller share than the third."""
DAYS = (0, 15, 30, 60, 90, 135, 180, 270, 365, 545, 730, 910)
"""Days after a change at which its worth is told, beside polling day."""
LINKS = ("new_leader", "mps_standing", "standing_share", "mps_share", "share_seats", "standing_seats", "mps_seats")
COURSES = ("standing_share", "mps_standing", "mps_share")
"""Links that unfold with time."""


@dataclass(frozen=True, kw_only=True)
class Chain:
    """The links of a party's leader by polling day.

    ``draws`` by link of ``LINKS`` (n_draws,): points of favourability, points of the vote, or seats; those from MPs are
    missing where no support is known. ``mps`` is the change of support they are of (0.1 or -0.1), ``share`` that of the
    vote.
    """

    party: str
    draws: dict[str, Array]
    mps: float
    share: float

    def summary(self) -> pl.DataFrame:
        """Columns ``link, median, lo90, hi90, p_positive`` and the ends of ``CUTS``; a row a link."""
        rows = []
        for link, values in self.draws.items():
            lo, median, hi = np.quantile(values, [0.05, 0.5, 0.95])
            ends = dict(zip(CUTS, np.quantile(values, list(CUTS.values())), strict=True))
            above = float((values > 0).mean())
            rows.append({"link": link, "median": median, "lo90": lo, "hi90": hi, "p_positive": above, **ends})
        return pl.DataFrame(rows)


def state_of(forecast: Forecast, party: str) -> LeaderState:
    """A party's leader as the forecast knows her; the party has one."""
    return next(state for state in forecast.manifest.leaders if state.party == party)


def mps_change(state: LeaderState) -> float:
    """Change of support whose worth is told: a gain where there is room for one, else a loss."""
    return MPS if state.support is None or state.support <= 1.0 - MPS else -MPS


def chain(forecast: Forecast, party: str, *, draws: int = 2000) -> Chain:
    """Follow a party's leader to seats.

    Parameters
    ----------
    forecast : Forecast
        A forecast, not the answer to a scenario.
    party : str
        Code of a party with a leader and a vote in Great Britain.
    draws : int
        The first so many draws are used.

    Returns
    -------
    Chain
        Every link.
    """
    state, n = state_of(forecast, party), min(draws, forecast.n_draws)
    links = forecast.tree["votes"].to_dataset().isel(draw=slice(0, n))
    lead = forecast.manifest.lead_days
    share = float(forecast.votes[:, forecast.parties.index(party)].mean())
    start = float(links.attrs["new_leader_favourability"])
    rng = np.random.default_rng([forecast.manifest.seed, 43])
    apart = np.hypot(NEW_LEADER_SD, state.favourability_sd)
    step = SHARE if share >= SMALL_PARTY else SMALL_SHARE
    found = {
        "new_leader": start - state.favourability + apart * rng.standard_normal(n),
        "standing_share": worth(links, share, favourability=POINTS, days=lead),
        "share_seats": _seats(forecast, party, ArrivalDials(share_shift={party: step}), n),
        "standing_seats": _seats(forecast, party, ArrivalDials(favourability={party: POINTS}), n),
    }
    change = mps_change(state)
    if state.support is not None:
        found |= {
            "mps_standing": favourability_shift(links, change, lead),
            "mps_share": worth(links, share, support=change, days=lead),
            "mps_seats": _seats(forecast, party, ArrivalDials(support={party: change}), n),
        }
    return Chain(party=party, draws={link: found[link] for link in LINKS if link in found}, mps=change, share=step)


def _seats(forecast: Forecast, party: str, dials: ArrivalDials, n: int) -> Array:
    """Seats won or lost by a change, draw by draw."""
    state = forecast.tree["votes"].to_dataset().isel(draw=slice(0, n))
    votes = arrive(state, forecast.manifest.lead_days, dials)
    winner = simulator(forecast).simulate(votes, summaries=False).winner
    line = forecast.lines.index(party)
    won = count_seats(winner, len(forecast.lines))[:, line]
    return np.asarray(won - forecast.seats[:n, line], dtype=np.float64)


def courses(forecast: Forecast, party: str, *, draws: int = 2000) -> pl.DataFrame:
    """What ten points are worth by days after the change, up to polling day.

    Parameters
    ----------
    forecast : Forecast
        A forecast.
    party : str
        Party code.
    draws : int
        The first so many draws are used.

    Returns
    -------
    pl.DataFrame
        ``link, days, median, lo90, hi90`` and the ends of ``CUTS``: a row a link of ``COURSES`` and day; points of the
        vote, or of favourability. Links from MPs are missing where no support is known.
    """
    links = forecast.tree["votes"].to_dataset().isel(draw=slice(0, min(draws, forecast.n_draws)))
    lead = forecast.manifest.lead_days
    state = state_of(forecast, party)
    share = float(forecast.votes[:, forecast.parties.index(party)].mean())
    change = mps_change(state)
    told = COURSES if state.support is not None else COURSES[:1]
    rows = []
    for link in told:
        for days in sorted({day for day in DAYS if day < lead} | {lead}):
            if link == "mps_standing":
                values = favourability_shift(links, change, days)
            else:
                dial = {"favourability": POINTS} if link == "standing_share" else {"support": change}
                values = worth(links, share, days=days, **dial)
            lo, median, hi = np.quantile(values, [0.05, 0.5, 0.95])
            ends = dict(zip(CUTS, np.quantile(values, list(CUTS.values())), strict=True))
            rows.append({"link": link, "days": days, "median": median, "lo90": lo, "hi90": hi, **ends})
    return pl.DataFrame(rows)
