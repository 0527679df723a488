"""The polls model: voting intention of every party, day by day, from polls with house effects.

The path of opinion is integrated out by a Kalman filter, so that the sampler sees scales, house effects and odd polls
only; `draw_paths` brings the path back. See `models.poll_kernel` for the likelihood.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from data import BadInput
from models import dims
from models.kalman_op import poll_log_likelihood
from models.panel import PollPanel
from models.poll_kernel import smooth
from models.priors import PollPriors


def build_poll_model(panel: PollPanel, *, priors: PollPriors | None = None) -> pm.Model:
    """Build the polls model of one Parliament.

    Parameters
    ----------
    panel : PollPanel
        Polls; log-odds of shares with their variances.
    priors : PollPriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        Variables ``drift, noise, house_spread`` (party), ``correlation_root`` (party, party_pair), ``house`` (party,
        pollster) and ``tail`` (poll).

    Raises
    ------
    BadInput
        If the panel has no polls or fewer than two pollsters.
    """
    priors = priors or PollPriors()
    if not panel.n_polls:
        raise BadInput(f"No poll of Great Britain is known between {panel.since} and {panel.as_of}. Choose a later date.")
    coords = dims.poll_coords(panel.parties, panel.poll_ids, panel.pollsters)
    with pm.Model(coords=coords) as model:
        # Opinion. Each party's log-odds against all others walk freely from the last result. They walk together: what
        # one party gains others lose, by how much each pair trades is learned.
        drift = priors.drift.to_pymc("drift", dims=dims.PARTY)
        alignment = priors.alignment.to_pymc("alignment", dims=dims.PARTY_PAIR)

        # Polls see opinion through the habits of their house. Nothing in the polls tells whether all houses lean the
        # same way, so leanings sum to zero over houses; how far polls as a whole are off is learned from past
        # elections in the arrival model. A poll without a name carries the spread of houses as noise.
        house_spread = priors.house_spread.to_pymc("house_spread", dims=dims.PARTY)
        contrast = pm.Normal("house_contrast", sigma=house_spread[:, None], dims=(dims.PARTY, dims.CONTRAST))

        # A poll errs by more than sampling, and now and then by much more: its variance is a common one times a factor
        # of its own (together a Student t), so that one rogue poll moves the path little.
        noise = priors.noise.to_pymc("noise", dims=dims.PARTY)
        tail = pm.InverseGamma("tail", alpha=priors.tail / 2, beta=priors.tail / 2, dims=dims.POLL)

        # Evidence. The whole path is integrated out in one step.
        log_odds = pm.Data("log_odds", np.nan_to_num(panel.log_odds), dims=(dims.POLL, dims.PARTY))
        variance = pm.Data("variance", panel.variance, dims=(dims.POLL, dims.PARTY))
        calendar = (panel.unhoused, panel.pollster, panel.time, panel.step, panel.start_mean, panel.start_cov)
        pm.Potential(
            "polls", poll_log_likelihood(log_odds, variance, *calendar, drift, alignment, noise, house_spread, contrast, tail)
        )
    return model
