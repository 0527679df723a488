"""Seats from votes that somebody else supplies: another model's, a poll's, or a guess."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import simulator

NEARLY = 0.005
"""How far shares may be from a sum of one, as printed shares are rounded."""
REST = "oth"


def project_seats(vote_share: xr.DataArray | Mapping[str, float], base: Forecast) -> xr.DataArray:
    """Find every seat's winner for given votes, under the swing that a forecast has learned.

    Parameters
    ----------
    vote_share : xr.DataArray or mapping of str to float
        Shares of the Great Britain vote, 0 to 1, which sum to 1: of dims ``(draw, party)``, or one number a party for
        all draws, where ``oth`` may be left out.
    base : Forecast
        Seats as last fought, parameters of the swing and errors: draw ``i`` of the votes meets draw ``i`` of these.

    Returns
    -------
    xr.DataArray
        Line that wins (draw, constituency), as in ``base.lines``.

    Raises
    ------
    BadInput
        If dimensions are others, a party is unknown or missing, shares do not sum to 1, or there are more draws than
        the forecast has.
    """
    votes = _by_draw(vote_share, base)
    winner = simulator(base).simulate(votes, summaries=False).winner
    seats = base.tree["outcome"].ds["constituency"].values
    return xr.DataArray(
        np.array(base.lines)[winner], dims=("draw", "constituency"), coords={"constituency": seats}, name="winner"
    )


def _by_draw(given: xr.DataArray | Mapping[str, float], base: Forecast) -> NDArray[np.float64]:
    """Shares of shape (draw, party) in the order of the forecast's parties."""
    if isinstance(given, xr.DataArray):
        if set(given.dims) != {"draw", "party"} or "party" not in given.coords:
            told = ", ".join(map(str, given.dims))
            raise BadInput(f"Votes must have the dimensions draw and party, with codes of parties; these have {told}.")
        _check_names([str(party) for party in given["party"].values], base.parties)
        votes = given.transpose("draw", "party").sel(party=base.parties).values.astype(np.float64)
    else:
        rest = {} if REST in given else {REST: 1.0 - sum(given.values())}
        shares = {**given, **rest}
        _check_names(list(shares), base.parties)
        votes = np.tile([float(shares[party]) for party in base.parties], (base.n_draws, 1))
    if len(votes) > base.n_draws:
        raise BadInput(f"Votes have {len(votes):,} draws, the forecast {base.n_draws:,}. Give as many or fewer.")
    total = votes.sum(axis=1)
    if not (np.isfinite(votes).all() and votes.min() >= 0.0 and np.abs(total - 1.0).max() <= NEARLY):
        raise BadInput(
            "Shares must lie from 0 to 1 and sum to 1 (0.34, not 34). The lowest share is "
            f"{votes.min():.3f}, and sums run from {total.min():.3f} to {total.max():.3f}."
        )
    return np.asarray(votes / total[:, None])


def _check_names(named: list[str], parties: list[str]) -> None:
    unknown, missing = sorted(set(named) - set(parties)), sorted(set(parties) - set(named))
    if unknown or missing:
        what = f'No party "{unknown[0]}"' if unknown else f'No share of "{missing[0]}"'
        raise BadInput(f"{what}. The forecast has {', '.join(parties)}: give a share of each.")
