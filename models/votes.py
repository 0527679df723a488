"""The arrival model: what voting intention, leaders, MPs and time in office at some lead time say of the result.

See ``models.arrival`` for the equations and ``models.history`` for the rows. Learned from every general election since
1959 that was known at the cut, all channels and lead times together; the next election is never in it.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.typing import NDArray
from preliz.distributions.distributions import Distribution

from models.arrival import FADE, relative_scale, to_channels
from models.days import DAYS_PER_YEAR
from models.graph_data import as_data
from models.history import CHANNELS, ArrivalHistory
from models.poll_reading import CAMPAIGN_DAYS
from models.priors import VotePriors
from models.standing import Standing

TAIL = 5.0
"""Degrees of freedom of the error of an election's polls: most elections look normal, 1992 and 2015 do not."""

ESTABLISHED = ("lead", "level", "lib")
"""Channels of parties that have fought every election since 1959."""
_CHANNEL_OF = {"con": "lead", "lab": "level", "snp": "oth", "plaid": "oth", "restore": "grn", "yp": "grn"}
"""Channel in each party's place; parties without a record of their own borrow another's habits: newcomers the Greens',
who grew from one per cent step by step, not Reform's, whose record holds one party taking over from another."""


def build_votes_model(history: ArrivalHistory, *, priors: VotePriors | None = None) -> pm.Model:
    """Build the arrival model.

    Parameters
    ----------
    history : ArrivalHistory
        Steps of past campaigns.
    priors : VotePriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        With dims ``channel``, ``election`` and ``leg`` (a channel's step from one lead time to the next).
    """
    priors = priors or VotePriors()
    coords = {"channel": list(CHANNELS), "election": [str(day) for day in history.elections]}
    with pm.Model(coords=coords) as model:
        given = as_data(history, "leg", "start", "end", "previous", "years", "campaign", "variance", "scale", "office")
        # Where a channel goes home to: the last result. Governments recover and surges fade, but a party that has been
        # in office for long has a home a little further down.
        office = priors.beta_office.to_pymc("beta_office") * given.office
        is_lead = history.channel == CHANNELS.index("lead")
        home = given.previous - np.where(is_lead, 1.0, 0.0) * office

        # How fast it goes home, and how far it strays a year, at the size of a party on 30 per cent. Channels share
        # their habits in part, as there are fewer than twenty elections and the smaller parties appear in few of them.
        # Newer parties have one or two results to go home to, so their return has a mean of its own. In the campaign
        # all go faster, as voters come home when the choice gets near (Gelman and King 1993), and stray faster.
        old, new = priors.log_kappa.to_pymc("log_kappa"), priors.log_kappa_newer.to_pymc("log_kappa_newer")
        home_pull = pt.where(np.isin(CHANNELS, ESTABLISHED), old, new)
        kappa_spread = priors.kappa_spread.to_pymc("kappa_spread")
        kappa_offset = pm.Normal("kappa_offset", 0.0, 1.0, dims="channel")
        kappa = pm.Deterministic("kappa", pt.exp(home_pull + kappa_spread * kappa_offset), dims="channel")
        come_home = priors.campaign.to_pymc("campaign_established"), priors.campaign_newer.to_pymc("campaign_newer")
        campaign = pt.where(np.isin(CHANNELS, ESTABLISHED), *come_home)
        pm.Deterministic("campaign", campaign, dims="channel")
        drift = _pooled(priors.log_drift, priors.drift_spread, "drift")
        pace = pm.Deterministic("pace", pt.exp(priors.log_pace.to_pymc("log_pace")))
        decay, weight, variance, gain = _approach(given, kappa[history.channel], campaign[history.channel], pace)

        # The leader the public likes better, and the leader whose MPs stand behind her, pull the Conservative-Labour
        # lead their way, half of the gap on each side.
        gap = _filled(history.gap, history.election, priors, "gap")
        margin = _filled(history.margin, history.election, priors, "margin")
        beta_favourability = priors.beta_favourability.to_pymc("beta_favourability")
        beta_margin = priors.beta_margin.to_pymc("beta_margin")
        pull = pt.where(is_lead, beta_favourability * gap / 2 + beta_margin * margin / 2, 0.0)

        # Broadcasters owe the third party time in a campaign that it does not get in other months.
        is_lib = history.channel == CHANNELS.index("lib")
        airtime = pt.where(is_lib, given.scale, 0.0) * priors.airtime.to_pymc("airtime")

        # On the day the polls are wrong together: one size of error an election, heavy-tailed, shared by all channels,
        # around each channel's usual error, which history shows to be small.
        error = _pooled(priors.log_error, priors.error_spread, "error")
        bias = priors.bias.to_pymc("bias", dims="channel")
        size = pm.InverseGamma("size", alpha=TAIL / 2, beta=TAIL / 2, dims="election")
        last = history.final.astype(float)
        expected = home + (given.start - home) * decay + pull * weight + airtime * gain + last * bias[history.channel]
        strayed = drift[history.channel] ** 2 * variance
        missed = last * size[history.election] * error[history.channel] ** 2
        sd = pt.sqrt((strayed + missed) * given.scale**2 + given.variance)
        pm.Normal("step", mu=expected, sigma=sd, observed=given.end, dims="leg")
    return model


def _approach(
    history: ArrivalHistory, kappa: pt.TensorVariable, campaign: pt.TensorVariable, pace: pt.TensorVariable
) -> tuple[pt.TensorVariable, ...]:
    """Return the fields of ``models.arrival.Approach`` a step, whose speed and pace are taken as even all through it.

    A campaign is the end of its step, so that what is gained in it goes home at the speed of its own days.
    """
    turn = kappa * history.years + campaign * history.campaign
    decay, lag = pt.exp(-turn), turn - FADE * history.years
    days = history.campaign * CAMPAIGN_DAYS / DAYS_PER_YEAR
    rushed = history.years + (pace - 1.0) * days
    whole = kappa * CAMPAIGN_DAYS / DAYS_PER_YEAR + campaign
    gain = -pt.expm1(-whole * history.campaign) / whole
    return decay, turn * decay * pt.expm1(lag) / lag, rushed * -pt.expm1(-2 * turn) / (2 * turn), gain


def _pooled(centre: Distribution, spread: Distribution, name: str) -> pt.TensorVariable:
    """Return a positive parameter a channel, its logarithm pooled towards a common one.

    Centred, as every channel has steps enough to speak for itself; how fast channels go home the data tell less well,
    so that is written as offsets from the common mean, which the sampler finds easier then.
    """
    logs = pm.Normal(f"log_{name}s", centre.to_pymc(f"log_{name}"), spread.to_pymc(f"{name}_spread"), dims="channel")
    return pm.Deterministic(name, pt.exp(logs), dims="channel")


def _filled(
    values: NDArray[np.float64], election: NDArray[np.int64], priors: VotePriors, name: str
) -> pt.TensorVariable:
    """Fill what is not known: a missing gap is one unknown number an election, of the usual size of the known."""
    known = ~np.isnan(values)
    enough = np.unique(election[known]).size > 1
    scale = float(np.sqrt(np.mean(values[known] ** 2))) if enough else priors.unknown_scale
    missing = pm.Normal(f"missing_{name}", 0.0, scale, dims="election")
    held = pm.Data(f"leg_{name}", np.where(known, values, 0.0), dims="leg")
    return pt.where(known, held, missing[election])


def arrival_state(posterior: xr.Dataset, standing: Standing, *, seed: int) -> xr.Dataset:
    """Join a posterior and a starting point into the ``votes`` group of a forecast.

    Parameters
    ----------
    posterior : xr.Dataset
        Posterior of ``build_votes_model``, with dims chain and draw.
    standing : Standing
        Where the parties stand.
    seed : int
        Seed of the shocks and of the choice of posterior draws.

    Returns
    -------
    xr.Dataset
        What ``models.arrival.arrive`` needs, but for the response of voters: ``intention, home, kappa, campaign,
        shock_path, airtime, bias, shock_final`` (draw, party), ``pace, office, leaders, mps`` (draw,).
    """
    rng = np.random.default_rng([seed, 11])
    n_draws, n_parties = standing.intention.shape
    flat = posterior.stack(sample=("chain", "draw"))
    picked = flat.isel(sample=rng.integers(flat.sizes["sample"], size=n_draws))
    own = [CHANNELS.index(_CHANNEL_OF.get(p, p)) for p in standing.parties]

    def by_party(name: str) -> NDArray[np.float64]:
        return np.asarray(picked[name].transpose("sample", "channel").values)[:, own]

    def scalar(name: str) -> NDArray[np.float64]:
        return np.asarray(picked[name].values)

    size = np.sqrt(1.0 / rng.gamma(TAIL / 2, 2.0 / TAIL, size=(n_draws, 1)))
    scale = _scale(standing)
    noise = rng.standard_normal((2, n_draws, n_parties))
    home = np.where(np.isnan(standing.previous), standing.intention, standing.previous)
    by_draw_and_party = {
        "intention": to_channels(standing.intention, standing.parties),
        "home": to_channels(home, standing.parties),
        "kappa": by_party("kappa"),
        "campaign": by_party("campaign"),
        "shock_path": by_party("drift") * scale * noise[0],
        "airtime": np.outer(scalar("airtime"), scale * (np.array(standing.parties) == "lib")),
        "bias": by_party("bias"),
        "shock_final": by_party("error") * scale * size * noise[1],
    }
    by_draw = {
        "pace": scalar("pace"),
        "office": -scalar("beta_office") * standing.office,
        "leaders": scalar("beta_favourability") * standing.gap / 2,
        "mps": scalar("beta_margin") * standing.margin / 2,
    }
    return xr.Dataset(
        {name: (("draw", "party"), values) for name, values in by_draw_and_party.items()}
        | {name: ("draw", values) for name, values in by_draw.items()},
        coords={"party": list(standing.parties)},
    )


def _scale(standing: Standing) -> NDArray[np.float64]:
    scale = relative_scale(standing.intention.mean(axis=0))
    main = [standing.parties.index("con"), standing.parties.index("lab")]
    scale[main] = scale[main].mean()
    return scale
