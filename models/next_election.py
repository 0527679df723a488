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
from models.tilts import LIBERAL, TILTS

SLOPE_RANGE = (-0.95, 3.0)
"""A slope of -1 would wipe out every difference between seats; no party that fights on has come near it."""
SCALARS = (
    "threshold",
    "width",
    "gain",
    "reversion",
    "region_ratio",
    "attack_loss",
    "size_volatility",
    "liberal",
    "rooted",
    "local",
    "gained",
    "ireland_swing",
    "ireland_seat",
)
MOST_UPSETS = 0.15
"""Highest chance a seat of somebody from nowhere: twice that of 2024, the year of most."""
PARAMETER_DIMS = ("draw", "nation", "party")
LEAST_USUAL = 0.005
"""Base share below which the spread of slopes grows no further."""
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """``slope`` and ``size`` (n_draws, n_nations, n_parties), and the parts that lend their vote, (n_draws,).

    ``tilt`` (n_draws, n_tilts, n_nations, n_parties) is what each of the base's patterns adds to a party's share.
    """

    slope: Array
    size: Array
    tilt: Array
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
        ``SCALARS``, ``attack_own, hold_own, personal_own`` and ``upset_rate`` (draw); ``churn, leave`` and ``log_size``
        (draw, nation, party).
    """
    rng = np.random.default_rng([seed, 1])
    flat = posterior.stack(sample=("chain", "draw"))
    pick = rng.permutation(np.arange(n_draws) % flat.sizes["sample"])
    drawn = flat.isel(sample=pick)
    one = {name: drawn[name].values for name in SCALARS}
    shape = (n_draws, len(GB_NATIONS), len(base.parties))
    size = _sizes(drawn, base.parties, rng)
    usual, _ = nation_base(base)
    spread = np.sqrt(USUAL_SHARE / np.maximum(usual, LEAST_USUAL))
    churn = drawn["churn_sd"].values[:, None, None] * spread * rng.standard_normal(shape)
    lent = {
        f"{kind}_own": (
            "draw",
            drawn[f"{kind}_mean"].values + drawn[f"{kind}_sd"].values * rng.standard_normal(n_draws),
        )
        for kind in ("attack", "hold", "personal")
    }
    upset = drawn["upset_mean"].values + drawn["upset_sd"].values * rng.standard_normal(n_draws)
    leave = drawn["leave_sd"].values[:, None, None] * rng.standard_normal((n_draws, 1, len(base.parties)))
    return xr.Dataset(
        {
            **{name: ("draw", values) for name, values in one.items()},
            **lent,
            "churn": (PARAMETER_DIMS, churn),
            "upset_rate": ("draw", np.exp(np.minimum(upset, np.log(MOST_UPSETS)))),
            "leave": (PARAMETER_DIMS, leave * np.sqrt(usual * (1 - usual))),
            "log_size": (PARAMETER_DIMS, size),
        },
        coords={"nation": list(GB_NATIONS), "party": list(base.parties)},
    )


def _sizes(drawn: xr.Dataset, parties: tuple[str, ...], rng: np.random.Generator) -> Array:
    """Log of the size of seats' own errors at an election where no vote moves, (n_draws, n_nations, n_parties)."""
    n_draws, learned = drawn.sizes["sample"], drawn["party"].values.astype(str).tolist()
    one = {name: drawn[name].values for name in ("size_mean", "size_party_sd", "size_year_sd", "size_cell_sd")}
    size = one["size_mean"][:, None] + one["size_party_sd"][:, None] * rng.standard_normal((n_draws, len(parties)))
    for i, party in enumerate(parties):
        if party in learned:
            size[:, i] = drawn["size_party"].sel(party=party).values
    year = one["size_year_sd"] * rng.standard_normal(n_draws)
    own = one["size_cell_sd"][:, None, None] * rng.standard_normal((n_draws, len(GB_NATIONS), len(parties)))
    return np.asarray(size[:, None, :] + year[:, None, None] + own)


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
        attack = attack + values["attack_loss"] * np.maximum(1.0 - votes[:, con] / gb[con], 0.0) ** 2
    slope = np.clip(slope + values["churn"], *SLOPE_RANGE)
    return Expectation(
        slope=slope,
        size=size,
        tilt=_tilt(values, slope, base.parties),
        attack=attack,
        hold=values["hold_own"],
    )


def _tilt(values: dict[str, Array], slope: Array, parties: tuple[str, ...]) -> Array:
    """Coefficients of the base's patterns, (n_draws, n_tilts, n_nations, n_parties)."""
    shape = values["leave"].shape
    is_liberal = np.array(parties) == LIBERAL
    times = np.where(is_liberal, values["liberal"][:, None], 1.0)
    own = {
        "personal": np.broadcast_to((values["personal_own"][:, None] * times)[:, None], shape),
        "rooted": np.where(is_liberal, -values["rooted"][:, None, None] * slope, 0.0),
        "local": np.broadcast_to(values["local"][:, None, None], shape),
        "gained": np.broadcast_to(values["gained"][:, None, None], shape),
        "leave": values["leave"],
    }
    return np.stack([own[name] for name in TILTS], axis=1)
