"""What an election to come will be like: parameters drawn from what past elections taught, and what they imply.

``expect`` is the same formula as in ``models.seats``, in NumPy.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from models.cells import USUAL_SHARE
from models.nations import nation_base
from models.pairs import GB_NATIONS
from models.seat_base import SeatBase

SLOPE_RANGE = (-0.95, 3.0)
"""A slope of -1 would wipe out every difference between seats; no party that fights on has come near it."""
SCALARS = ("threshold", "width", "gain", "reversion", "region_ratio", "attack_loss", "size_volatility")
PARAMETER_DIMS = ("draw", "nation", "party")
LEAST_USUAL = 0.005
"""Base share below which the spread of slopes grows no further."""
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """``slope`` and ``size`` (n_draws, n_nations, n_parties), and the parts that lend their vote, (n_draws,)."""

    slope: Array
    size: Array
    attack: Array
    hold: Array


def seat_parameters(posterior: xr.Dataset, base: SeatBase, n_draws: int, seed: int) -> xr.Dataset:
    """Draw the parameters of an election to come from what past elections taught.

    Parameters
    ----------
    posterior : xr.Dataset
        Posterior of ``models.seats.build_seat_model`` (chain, draw).
    base : SeatBase
        Seats as last fought.
    n_draws : int
        Draws wanted.
    seed : int
        Seed.

    Returns
    -------
    xr.Dataset
        ``SCALARS``, ``attack_own`` and ``hold_own`` (draw), ``churn`` and ``log_size`` (draw, nation, party).
    """
    rng = np.random.default_rng([seed, 1])
    flat = posterior.stack(sample=("chain", "draw"))
    pick = rng.permutation(np.arange(n_draws) % flat.sizes["sample"])
    drawn = flat.isel(sample=pick)
    one = {name: drawn[name].values for name in SCALARS}
    learned = [str(p) for p in posterior["party"].values]
    shape = (n_draws, len(GB_NATIONS), len(base.parties))
    size = np.empty((n_draws, len(base.parties)))
    for i, party in enumerate(base.parties):
        if party in learned:
            size[:, i] = drawn["size_party"].sel(party=party).values
        else:
            size[:, i] = drawn["size_mean"].values + drawn["size_party_sd"].values * rng.standard_normal(n_draws)
    year = drawn["size_year_sd"].values * rng.standard_normal(n_draws)
    own = drawn["size_cell_sd"].values[:, None, None] * rng.standard_normal(shape)
    usual, _ = nation_base(base)
    spread = np.sqrt(USUAL_SHARE / np.maximum(usual, LEAST_USUAL))
    churn = drawn["churn_sd"].values[:, None, None] * spread * rng.standard_normal(shape)
    lent = {
        f"{kind}_own": (
            "draw",
            drawn[f"{kind}_mean"].values + drawn[f"{kind}_sd"].values * rng.standard_normal(n_draws),
        )
        for kind in ("attack", "hold")
    }
    return xr.Dataset(
        {
            **{name: ("draw", values) for name, values in one.items()},
            **lent,
            "churn": (PARAMETER_DIMS, churn),
            "log_size": (PARAMETER_DIMS, size[:, None, :] + year[:, None, None] + own),
        },
        coords={"nation": list(GB_NATIONS), "party": list(base.parties)},
    )


def expect(values: dict[str, Array], base: SeatBase, usual: Array, target: Array, votes: Array) -> Expectation:
    """Say how votes spread over seats in each draw.

    Parameters
    ----------
    values : dict
        Variables of ``seat_parameters`` for the draws wanted.
    base : SeatBase
        Seats as last fought.
    usual : array of shape (n_nations, n_parties)
        Shares by nation as last fought.
    target : array of shape (n_draws, n_nations, n_parties)
        Shares by nation now.
    votes : array of shape (n_draws, n_parties)
        Shares of Great Britain now.

    Returns
    -------
    Expectation
        Slopes, sizes of errors and tactical voting.
    """
    before = np.maximum(usual, 1e-9)
    change = target - before
    loss = np.clip(-change / before, 0.0, 1.0)
    gained = np.maximum(change, 0.0) / np.maximum(target, 1e-9)
    one = {name: values[name][:, None, None] for name in SCALARS}
    position = 1.0 / (1.0 + np.exp(-((loss - one["threshold"]) / one["width"])))
    slope = -loss * position + gained * one["gain"]
    rest = base.parties.index("oth")
    slope[:, :, rest] = one["reversion"][:, :, 0]
    here = base.rows("England"), base.rows("Scotland"), base.rows("Wales")
    weights = np.array([base.weight[rows].sum() for rows in here])
    gb = weights @ usual / weights.sum()
    volatility = np.abs(votes - gb).sum(axis=1)[:, None, None] / 2
    size = np.exp(values["log_size"] + one["size_volatility"] * volatility)
    attack = values["attack_own"]
    if base.con_governs and "con" in base.parties:
        con = base.parties.index("con")
        attack = attack + values["attack_loss"] * np.maximum(1.0 - votes[:, con] / gb[con], 0.0)
    return Expectation(
        slope=np.clip(slope + values["churn"], *SLOPE_RANGE), size=size, attack=attack, hold=values["hold_own"]
    )
