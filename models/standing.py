"""Where the parties and their leaders stand at the cut: the starting point of the arrival model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from data import Evidence
from models import leaders, mps
from models.arrival import logit
from models.forecast import LeaderState
from models.record import governments, previous_election

if TYPE_CHECKING:
    from models.links import Links

UNPOLLED_SPREAD = 0.4
"""Spread (log) of a small party's part of what polls call others, since the last result gave its part: the root mean
square change of the parts of SNP and Plaid Cymru from one election to the next was 0.41 between 1955 and 1979."""
UNKNOWN_MARGIN = 0.4
"""Spread of the difference between two leaders' margins where one of them never faced a vote of MPs."""
HIDDEN = ("ref", "grn", "snp", "plaid")
"""Parties that win votes or seats whether or not polls give them a line."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the parties stand at ``as_of``: the arrival model's starting point.

    ``intention`` are draws of log-odds of shape (n_draws, n_parties); ``previous`` the log-odds of the last result, NaN
    for a party without one; ``gap`` and ``margin`` draws of shape (n_draws,) of Conservative minus Labour (tens of
    points; Murr's margin); ``office`` the government's wins in a row, negative for Labour.
    """

    parties: tuple[str, ...]
    intention: NDArray[np.float64]
    previous: NDArray[np.float64]
    gap: NDArray[np.float64]
    margin: NDArray[np.float64]
    office: int


def leader_states(evidence: Evidence, links: "Links") -> tuple[LeaderState, ...]:
    """Join what voters and MPs think of the leaders in office at the cut.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    links : Links
        What ratings of leaders and votes of MPs mean.

    Returns
    -------
    tuple of LeaderState
        One a party that has a leader.
    """
    unknown = leaders.new_leader(links.scale)  # before the first rating of anybody, all stand where new leaders start
    table = leaders.standings(evidence, links.scale).join(
        mps.backing(evidence, links.habits).drop("leader"), on="party", how="left", maintain_order="left"
    )
    return tuple(
        LeaderState(
            party=row["party"],
            leader=row["leader"],
            favourability=unknown[0] if row["favourability"] is None else row["favourability"],
            favourability_sd=unknown[1] if row["favourability_sd"] is None else row["favourability_sd"],
            n_ratings=row["n_ratings"],
            support=row["support"],
            support_sd=row["support_sd"],
            margin=row["margin"],
            basis=row["basis"] or "no evidence",
        )
        for row in table.iter_rows(named=True)
    )


def standing_at(
    evidence: Evidence,
    path: xr.DataArray,
    previous: dict[str, float],
    standing: tuple[LeaderState, ...],
    links: "Links",
    *,
    seed: int,
) -> Standing:
    """Draw where the parties stand at the cut, with a line for each party that won votes last time.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    path : xr.DataArray
        Draws of voting intention (draw, date, party), shares.
    previous : dict
        Shares of the last result.
    standing : tuple of LeaderState
        Leaders in office.
    links : Links
        What ratings of leaders and votes of MPs mean.
    seed : int
        Seed.

    Returns
    -------
    Standing
        Starting point of the arrival model.
    """
    rng = np.random.default_rng([seed, 13])
    polled = [str(p) for p in path["party"].values]
    parties, intention = split_others(np.asarray(path.isel(date=-1).values), polled, previous, rng)
    past = [previous.get(p, 0.0) for p in parties]
    past[-1] = 1.0 - sum(past[:-1])
    known = np.array([share if share > 0 else np.nan for share in past])
    by_party = {state.party: state for state in standing}
    con, lab = by_party.get("con"), by_party.get("lab")
    n = int(intention.shape[0])
    unknown = leaders.new_leader(links.scale)  # a vacancy: whoever comes starts where new leaders have started
    liked: list[NDArray[np.float64]] = []
    for state in (con, lab):
        mean, sd = (state.favourability, state.favourability_sd) if state else unknown
        liked.append(mean + sd * rng.standard_normal(n))
    margins = [state.margin for state in (con, lab) if state and state.margin is not None]
    margin: NDArray[np.float64] = UNKNOWN_MARGIN * rng.standard_normal(n)
    if len(margins) == len(liked):
        margin = np.full(n, margins[0] - margins[1])
    party, terms = governments(evidence)[previous_election(evidence, evidence.cut)]
    return Standing(
        parties=tuple(parties),
        intention=logit(np.clip(intention, 1e-4, 1 - 1e-4)),
        previous=logit(known),
        gap=(liked[0] - liked[1]) / 10.0,
        margin=margin,
        office=terms if party == "con" else -terms,
    )


def split_others(
    intention: NDArray[np.float64], polled: list[str], previous: dict[str, float], rng: np.random.Generator
) -> tuple[list[str], NDArray[np.float64]]:
    """Take parties the polls do not name out of ``oth``, in proportion to the last result, with noise.

    Parameters
    ----------
    intention : array of shape (n_draws, n_polled)
        Shares, the last column ``oth``.
    polled : list of str
        Parties of the columns.
    previous : dict
        Shares of the last result.
    rng : np.random.Generator
        Source of the noise.

    Returns
    -------
    tuple
        Party codes (``oth`` last) and shares of shape (n_draws, n_parties).
    """
    hidden = [p for p in HIDDEN if p not in polled and previous.get(p, 0.0) > 0]
    named = [p for p in polled if p != "oth"]
    rest = 1.0 - sum(previous.get(p, 0.0) for p in named + hidden)
    weights = np.array([previous[p] for p in hidden] + [max(rest, 0.005)])
    parts = weights * np.exp(UNPOLLED_SPREAD * rng.standard_normal((intention.shape[0], weights.size)))
    parts /= parts.sum(axis=1, keepdims=True)
    others = intention[:, [polled.index("oth")]] * parts
    columns = [intention[:, polled.index(p)] for p in named]
    return [*named, *hidden, "oth"], np.column_stack([*columns, others])
