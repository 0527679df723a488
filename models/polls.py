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
from models.houses import house_effects
from models.kalman import Floats
from models.kernel_op import log_likelihood
from models.panel import PollPanel
from models.poll_kernel import poll_likelihood, smooth
from models.priors import PollPriors

HYPERPARAMETERS = ("drift", "alignment", "noise", "house_spread", "house_contrast", "tail")
"""Variables of the posterior, in the order the kernels take them."""


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
        Variables ``drift, noise, house_spread`` (party), ``alignment`` (party_pair), ``house_contrast`` (party,
        contrast) and ``tail`` (poll).

    Raises
    ------
    BadInput
        If the panel has no polls.
    """
    priors = priors or PollPriors()
    if not panel.n_polls:
        raise BadInput(
            f"No poll of Great Britain is known between {panel.since} and {panel.as_of}. Choose a later date."
        )
    coords = dims.poll_coords(panel.parties, panel.poll_ids, panel.pollsters)
    coords[dims.DATE] = [day.isoformat() for day in panel.dates]
    with pm.Model(coords=coords) as model:
        # Opinion. Each party's log-odds against all others walk freely from the last result, each at its own pace. They
        # walk together: what one party gains others lose, and how much each pair trades is learned.
        drift = priors.drift.to_pymc("drift", dims=dims.PARTY)
        alignment = priors.alignment.to_pymc("alignment", dims=dims.PARTY_PAIR)

        # Polls see opinion through the habits of their house. Nothing in them tells whether all houses lean the same
        # way, so leanings sum to zero over houses; how far polls as a whole are off is for the arrival model to learn
        # from past elections. One pollster alone has no leaning. A poll without a name carries the spread as noise.
        #
        # Where polls tell much of a leaning the sampler walks on the leaning itself, elsewhere on its multiple of the
        # spread: one model, and each way is quick where the other is slow.
        house_spread = priors.house_spread.to_pymc("house_spread", dims=dims.PARTY)
        contrast: object = np.zeros((len(panel.parties), 0))
        if len(panel.pollsters) > 1:
            scale = pt.where(panel.centred, house_spread[:, None], 1.0)
            contrast = pm.Normal("house_contrast", sigma=scale, dims=(dims.PARTY, dims.CONTRAST))

        # A poll errs by more than sampling, and now and then by much more: its variance is a common one times a factor
        # of its own (together a Student t), so that one rogue poll moves the path little.
        noise = priors.noise.to_pymc("noise", dims=dims.PARTY)
        tail = pm.InverseGamma("tail", alpha=priors.tail / 2, beta=priors.tail / 2, dims=dims.POLL)

        # Evidence. The whole path is integrated out in one operation.
        log_odds, variance, unhoused, pollster, time, step, start_mean, _, centred = panel.evidence
        log_odds = pm.Data("log_odds", log_odds, dims=(dims.POLL, dims.PARTY))
        variance = pm.Data("variance", variance, dims=(dims.POLL, dims.PARTY))
        step = pm.Data("step", step, dims=dims.DATE)
        start_mean = pm.Data("start_mean", start_mean, dims=dims.PARTY)
        start_cov = pt.diag(pm.Data("start_sd", panel.start_sd, dims=dims.PARTY) ** 2)
        given = (log_odds, variance, unhoused, pollster, time, step, start_mean, start_cov, centred)
        unknown = (drift, alignment, noise, house_spread, contrast, tail)
        pm.Potential("polls", log_likelihood(poll_likelihood, len(given), *given, *unknown))
    return model


def draw_log_odds(panel: PollPanel, posterior: xr.DataTree, *, n_draws: int | None = None, seed: int) -> Floats:
    """Draw paths of log-odds, each party against all others, from a fitted model.

    Parameters
    ----------
    panel, posterior, n_draws, seed
        As `draw_paths` takes them.

    Returns
    -------
    (draw, date, party)
        Log-odds.
    """
    drawn = _by_draw(panel, posterior)
    held = len(drawn[0])
    picked = np.floor(np.linspace(0, held, n_draws or held, endpoint=False)).astype(np.int64)
    drift, alignment, noise, house_spread, contrast, tail = (values[picked] for values in drawn)
    rng = np.random.default_rng([seed, 10])
    return smooth(*panel.evidence, drift, alignment, noise, house_spread, contrast, tail, rng)


def draw_paths(panel: PollPanel, posterior: xr.DataTree, *, n_draws: int | None = None, seed: int) -> xr.DataArray:
    """Draw paths of voting intention from a fitted model.

    Parameters
    ----------
    panel : PollPanel
        The polls it was fitted to.
    posterior : xr.DataTree
        From ``models.fit.sample``.
    n_draws : int, optional
        Paths to draw; as many as the posterior has draws unless given. Draws are taken evenly along the chains, or
        repeated (with a new path each time) where more are asked for.
    seed : int
        Seed of the paths.

    Returns
    -------
    xr.DataArray
        Shares (draw, date, party), 0 to 1, which sum to 1 over parties.
    """
    log_odds = draw_log_odds(panel, posterior, n_draws=n_draws, seed=seed)
    return xr.DataArray(
        shares_summing_to_one(log_odds),
        dims=(dims.DRAW, dims.DATE, dims.PARTY),
        coords={dims.DATE: np.array(panel.dates, dtype="datetime64[ns]"), dims.PARTY: list(panel.parties)},
        name="intention",
    )


def shares_summing_to_one(log_odds: Floats) -> Floats:
    """Shares (draw, date, party) from log-odds, given that they sum to one.

    Each line is a log-odds against all others, so a draw sums to one only within the error of its least certain line.
    Draws are conditioned on the sum as normal variables are, by their covariance on that date: what is least certain
    moves most, and a party that every poll names hardly moves because few polls tell what others have.

    Parameters
    ----------
    log_odds : (draw, date, party)
        Log-odds of each party against all others.

    Returns
    -------
    (draw, date, party)
        Shares, 0 to 1.
    """
    moved = log_odds.transpose(1, 2, 0)  # date, party, draw: products of matrices then run a date at a time
    centred = moved - moved.mean(axis=2, keepdims=True)
    cov = centred @ centred.transpose(0, 2, 1) / max(len(log_odds) - 1, 1)
    cov += 1e-12 * np.eye(log_odds.shape[2])  # a single draw has no covariance: all lines move alike
    share = 1.0 / (1.0 + np.exp(-moved))
    for _ in range(2):  # the sum is not linear in log-odds: a second step leaves less than a thousandth
        slope = share * (1.0 - share)
        move = cov @ slope
        moved = moved + move * ((1.0 - share.sum(axis=1)) / (move * slope).sum(axis=1))[:, None]
        share = 1.0 / (1.0 + np.exp(-moved))
    return np.ascontiguousarray((share / share.sum(axis=1, keepdims=True)).transpose(2, 0, 1))


def draw_houses(panel: PollPanel, posterior: xr.DataTree) -> xr.DataArray:
    """Give the draws of house effects.

    Parameters
    ----------
    panel : PollPanel
        The polls the model was fitted to.
    posterior : xr.DataTree
        From ``models.fit.sample``.

    Returns
    -------
    xr.DataArray
        Log-odds (draw, party, pollster) by which a pollster's polls lie above the mean of pollsters.
    """
    _, _, _, spread, contrast, _ = _by_draw(panel, posterior)
    return xr.DataArray(
        np.array([house_effects(free, panel.centred, sd) for free, sd in zip(contrast, spread, strict=True)])[
            :, :, : len(panel.pollsters)
        ],
        dims=(dims.DRAW, dims.PARTY, dims.POLLSTER),
        coords={dims.PARTY: list(panel.parties), dims.POLLSTER: list(panel.pollsters)},
        name="house",
    )


def _by_draw(panel: PollPanel, posterior: xr.DataTree) -> list[Floats]:
    """Posterior draws of all variables, chains joined, each with ``draw`` first."""
    flat = posterior["posterior"].to_dataset().stack({"sample": (dims.CHAIN, dims.DRAW)})
    none = xr.DataArray(np.zeros((flat.sizes["sample"], len(panel.parties), 0)), dims=("sample", dims.PARTY, "none"))
    drawn = (flat.get(name, none) for name in HYPERPARAMETERS)
    return [np.ascontiguousarray(values.transpose("sample", ...).values) for values in drawn]
