"""How wrong all polls are together on the day: as drawn, not at all, or as at one past election."""

from typing import Literal

import numpy as np
import xarray as xr

from models.arrival import logit, to_channels

PollingError = Literal["none", "1992", "2015", "2017", "2024"]
LAST_POLLS: dict[str, dict[str, tuple[float, float]]] = {
    "1992": {"con": (0.378, 0.428), "lab": (0.392, 0.352), "lib": (0.197, 0.184)},
    "2015": {"con": (0.337, 0.377), "lab": (0.331, 0.312), "lib": (0.089, 0.081)},
    "2017": {"con": (0.429, 0.434), "lab": (0.363, 0.410), "lib": (0.078, 0.076)},
    "2024": {"con": (0.214, 0.244), "lab": (0.393, 0.346), "lib": (0.112, 0.126)},
}
"""Mean of each pollster's last poll on the eve (``models.score.poll_mean``) and the result, shares of Great Britain,
for the parties that were polled at all four. A test reckons them anew from the tables."""


def with_polling_error(state: xr.Dataset, error: PollingError | None) -> xr.Dataset:
    """Take the polls' common error on the day as known.

    Parameters
    ----------
    state : xr.Dataset
        The ``votes`` group of a forecast.
    error : str, optional
        ``none`` for polls that are right, a year for polls that are as wrong as then, in log-odds of each party against
        all others; the error stays as drawn if it is left out.

    Returns
    -------
    xr.Dataset
        The same state with other ``bias`` and ``shock_final`` (draw, party).
    """
    if error is None:
        return state
    parties = [str(p) for p in state["party"].values]
    missed = np.zeros(len(parties))
    for party, (polled, result) in LAST_POLLS.get(error, {}).items():
        missed[parties.index(party)] = logit(np.array(result)) - logit(np.array(polled))
    shape = state["bias"].shape
    return state.assign(
        bias=(state["bias"].dims, np.zeros(shape)),
        shock_final=(state["shock_final"].dims, np.broadcast_to(to_channels(missed, parties), shape).copy()),
    )
