"""Priors as values: each a PreliZ distribution with its reason and source beside it, one dataclass a model.

Change one with ``PollPriors(drift=preliz.LogNormal(...))``; no model needs editing. A distribution prints, plots
(``.plot_pdf()``) and becomes a PyMC variable (``.to_pymc(name, dims=...)``).
"""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import preliz as pz
from preliz.distributions.distributions import Distribution


def _prior(distribution: Distribution) -> Any:
    return field(default_factory=lambda: distribution)


@dataclass(frozen=True, kw_only=True)
class PollPriors:
    """Priors of the polls model, in log-odds. A hundredth of log-odds is 0.25 points at a share of a half, 0.1 at 0.1.

    Every scale is log-normal: it cannot be zero, so that hierarchies keep away from the funnel at zero, and its spread
    is stated as a factor.
    """

    drift: Distribution = _prior(pz.LogNormal(mu=float(np.log(0.008)), sigma=0.4))
    """Movement of opinion a square root of day. 0.008 is 2.6 points in a hundred days for a party at 30 per cent, about
    what Jennings and Wlezien's polls of 45 countries move (2018, doi 10.1038/s41562-018-0315-6); a factor of 2.7 either
    way (95 %) covers quiet Parliaments and the rise of new parties."""

    alignment: Distribution = _prior(pz.Normal(0.0, 0.5))
    """Free numbers behind the correlations of movement (`models.drift`). What one party wins others lose, so
    correlations exist; 0.5 spreads that of the first pair over -0.7 to 0.7 (95 %) and draws the rest mildly to none."""

    noise: Distribution = _prior(pz.LogNormal(mu=float(np.log(0.05)), sigma=0.4))
    """Poll noise beyond simple random sampling (weighting, turnout filters). Polls vary about 1.4 times as much as
    sampling alone around a good average (Shirani-Mehr et al. 2018, doi 10.1080/01621459.2018.1448823): at 35 per cent
    and 1,000 respondents sampling is 0.066, so the rest is about as large."""

    house_spread: Distribution = _prior(pz.LogNormal(mu=float(np.log(0.07)), sigma=0.4))
    """Spread of pollsters around their mean: 1 to 2 points for a large party, as in the house effects estimated by
    Bailey's britpol for 1955-2019 (median 1.2 points), more in log-odds for small ones."""

    tail: float = 6.0
    """Degrees of freedom of a poll's error. Six lets a poll in fifty miss by more than three times the usual spread
    (one in 370 under a normal), which is how often a rogue poll is seen; it cannot be learned well from one Parliament."""


@dataclass(frozen=True, kw_only=True)
class VotePriors:
    """Priors of the arrival model (``models.votes``), in log-odds unless said otherwise.

    Effects of leaders and MPs carry the sign the literature gives them with room to be nothing: a ten-point gap in
    approval is worth about two points of vote half a year out (Lewis-Beck, Nadeau and Belanger 2004, updated 2024);
    Murr's larger margin won 12 of 15 elections but says little of the size of the win (Murr 2015).
    """

    beta_favourability: Distribution = _prior(pz.Normal(0.10, 0.06))
    """Effect on the home of the lead, per ten points of gap."""
    beta_margin: Distribution = _prior(pz.Normal(0.20, 0.30))
    """Effect on the home of the lead, per unit of difference in Murr's margin (-2 to 2)."""
    beta_office: Distribution = _prior(pz.Normal(0.02, 0.02))
    """Cost of office per election won in a row: 1.9 points a term in Lewis-Beck's regression, halved for shrinkage."""
    log_kappa: Distribution = _prior(pz.Normal(-0.5, 0.6))
    """Return to the last result per year: half of the way in about 14 months, within a factor of three."""
    kappa_spread: Distribution = _prior(pz.HalfNormal(0.4))
    log_drift: Distribution = _prior(pz.Normal(-1.4, 0.5))
    """Wandering per square root of a year: about five points a year for a party on 35."""
    drift_spread: Distribution = _prior(pz.HalfNormal(0.4))
    log_error: Distribution = _prior(pz.Normal(-2.5, 0.5))
    """Error of the last polls: about two points for a party on 35, as Jennings and Wlezien 2018 find."""
    error_spread: Distribution = _prior(pz.HalfNormal(0.4))
    bias: Distribution = _prior(pz.Normal(0.0, 0.03))
    """A channel's usual error, shrunk: pollsters correct what went wrong last time."""
    unknown_scale: float = 2.0
    """Spread (tens of points, or margins) of a leader gap that was never measured."""


@dataclass(frozen=True, kw_only=True)
class SeatPriors:
    """Priors of the seat model. Slopes are change of share per unit of base share, sizes on the scale ``sqrt(m (1 - m))``."""

    threshold: Distribution = _prior(pz.Normal(0.25, 0.15))
    """Part of its vote a party must lose for its position to be half-way to proportional. Swing is uniform for small losses
    and proportional for collapses (Butler and Stokes 1969, Political Change in Britain, ch. 14; Curtice and Steed's appendices to the Nuffield studies)."""
    width: Distribution = _prior(pz.LogNormal(-1.6, 0.6))
    """How gradually position moves, in parts of the vote: 0.2 (0.07 to 0.65), from a switch to hardly any dependence on loss."""
    lean_sd: Distribution = _prior(pz.HalfNormal(1.0))
    """Spread of parties' own positions in log-odds: parties differ in how personal and local their vote is."""
    gain: Distribution = _prior(pz.Normal(0.0, 0.3))
    """Slope per unit of (new - base) / new for a party that gains; 0 is uniform, and theory does not give the sign."""
    reversion: Distribution = _prior(pz.Normal(-0.5, 0.3))
    """Slope of ``oth``: candidates without a party rarely stand again, so a large share half vanishes."""
    churn_sd: Distribution = _prior(pz.HalfNormal(0.1))
    """Spread of slopes that net change does not explain, at a base share of 0.4: moves between seats cancel in the total."""
    tactical_mean: Distribution = _prior(pz.Normal(0.0, 0.05))
    """Change since the last election of the part of supporters who lend their vote; a tenth of all voters do so at any one
    election (Evans, Curtice and Norris 1998, doi 10.1080/13689889808413006), so changes are smaller."""
    tactical_loss: Distribution = _prior(pz.Normal(0.0, 0.5))
    """Further change per unit of the governing Conservatives' relative loss: an unpopular government is voted out with the
    candidate best placed to do it (the same study, on 1997)."""
    tactical_sd: Distribution = _prior(pz.HalfNormal(0.08))
    """Spread between elections."""
    size_mean: Distribution = _prior(pz.Normal(-2.8, 0.5))
    """Log of the size of seats' own errors: 0.06, which is 3 points in a seat at 40 per cent (Gelman and King 1994's 3 to 5 points)."""
    size_party_sd: Distribution = _prior(pz.HalfNormal(0.3))
    """Spread of log size between parties."""
    size_year_sd: Distribution = _prior(pz.HalfNormal(0.3))
    """Spread of log size between elections, shared by all parties: some elections are local, some national."""
    size_cell_sd: Distribution = _prior(pz.HalfNormal(0.3))
    """Spread of log size left over."""
    region_ratio: Distribution = _prior(pz.HalfNormal(0.5))
    """Size of regions' errors against seats' own."""
