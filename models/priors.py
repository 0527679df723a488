"""Priors as values: each a PreliZ distribution with its reason and source beside it, one dataclass a model.

Those of leaders, MPs and the response to both are in ``models.link_priors``.

Change one with ``PollPriors(drift=preliz.LogNormal(...))``; no model needs editing. A distribution prints, plots
(``.plot_pdf()``) and becomes a PyMC variable (``.to_pymc(name, dims=...)``).
"""

from dataclasses import dataclass, field

import numpy as np
import preliz as pz
from preliz.distributions.distributions import Distribution


@dataclass(frozen=True, kw_only=True)
class PollPriors:
    """Priors of the polls model, in log-odds. A hundredth of log-odds is 0.25 points at a share of a half, 0.1 at 0.1.

    Every scale is log-normal: it cannot be zero, so that hierarchies keep away from the funnel at zero, and its spread
    is stated as a factor.
    """

    drift: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.015)), sigma=0.5))
    """Movement of opinion a square root of day: 0.015 is 3 points in a hundred days for a party at 30 per cent, the
    median over parties of eight Parliaments from 1955 to 2019 fitted one by one. A factor of 2.7 either way (95 %)
    covers quiet ones (0.007 in 2010-15) and the rise and fall of new parties (0.05 for the Brexit Party)."""

    alignment: Distribution = field(default=pz.Normal(0.0, 0.5))
    """Free numbers behind the correlations of movement (`models.drift`). What one party wins others lose, so
    correlations exist; 0.5 spreads that of the first pair over -0.7 to 0.7 (95 %) and draws the rest mildly to none."""

    noise: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.03)), sigma=0.5))
    """Noise of polls of one house beyond simple random sampling, which is 0.066 at 35 per cent of 1,000. Weighting adds
    to it and samples matched to past votes take from it, so half of sampling, with a factor of 2.7 either way."""

    house_spread: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.08)), sigma=0.4))
    """Spread of pollsters around their mean: 0.08 is 1.8 points at 35 per cent and 0.7 at 10. The total error of a poll
    is about twice that of sampling, most of it shared by a pollster's polls (Shirani-Mehr et al. 2018, doi
    10.1080/01621459.2018.1448823). A factor of 2.2 either way, no wider: a house effect on a party at one per cent can
    hardly be told from rounding, and only the prior then keeps its spread from zero."""

    tail: float = 6.0
    """Degrees of freedom of a poll's error: one poll in forty misses by three times the usual spread or more, where a
    normal has one in 370. One Parliament has too few rogue polls to learn it."""


@dataclass(frozen=True, kw_only=True)
class VotePriors:
    """Priors of the arrival model (``models.votes``), in log-odds unless said otherwise.

    Effects of leaders and MPs carry the sign the literature gives them with room to be nothing: a ten-point gap in
    approval is worth about two points of vote half a year out (Lewis-Beck, Nadeau and Belanger 2004, updated 2024);
    Murr's larger margin won 12 of 15 elections but says little of the size of the win (Murr 2015).
    """

    beta_favourability: Distribution = field(default=pz.Normal(0.10, 0.06))
    """Pull on the lead, per ten points of gap."""
    beta_margin: Distribution = field(default=pz.Normal(0.20, 0.30))
    """Pull on the lead, per unit of difference in Murr's margin (-2 to 2)."""
    beta_office: Distribution = field(default=pz.Normal(0.02, 0.02))
    """Cost of office per election won in a row: 1.9 points a term in Lewis-Beck's regression, halved for shrinkage."""
    log_kappa: Distribution = field(default=pz.Normal(-0.5, 0.6))
    """Return to the last result per year: half of the way in about 14 months, within a factor of three."""
    log_kappa_newer: Distribution = field(default=pz.Normal(-1.2, 0.8))
    """The same for parties that are not Conservative, Labour or Liberal. Voters who strayed from a government or its
    opposition in mid-term have a home to return to; those of a party of one or two results may not: slower, wider."""
    campaign: Distribution = field(default=pz.HalfNormal(0.4))
    """Return that a whole campaign adds: campaigns bring voters back to what fundamentals say (Gelman and King 1993,
    doi 10.1017/S0007123400006682); 0.4 would be a third of the way."""
    campaign_newer: Distribution = field(default=pz.HalfNormal(0.2))
    """The same for newer parties, whose last result is less of a home."""
    log_pace: Distribution = field(default=pz.Normal(float(np.log(3.0)), 0.7))
    """How much faster opinion strays in a campaign, logarithm of a factor on the variance of a day: 3, and 0.8 to 12
    (95 %). The polls model counts 8, but for the day by day; over weeks some of it is undone."""
    airtime: Distribution = field(default=pz.Normal(0.0, 0.15))
    """What a campaign adds to the Liberals' log-odds at 30 per cent: broadcasters owe them time that they do not get in
    other months, so they used to gain, but a campaign can expose them too (2015): 3 points either way."""
    kappa_spread: Distribution = field(default=pz.LogNormal(-1.2, 0.5))
    log_drift: Distribution = field(default=pz.Normal(-1.4, 0.5))
    """Wandering per square root of a year: about five points a year for a party on 35."""
    drift_spread: Distribution = field(default=pz.LogNormal(-1.1, 0.4))
    log_error: Distribution = field(default=pz.Normal(-2.5, 0.5))
    """Error of the last polls: about two points for a party on 35, as Jennings and Wlezien 2018 find."""
    error_spread: Distribution = field(default=pz.LogNormal(-1.1, 0.4))
    """Spread (log) of channels' habits: 0.33, within a factor of two. A wider one lets one channel of six be absurd."""
    bias: Distribution = field(default=pz.Normal(0.0, 0.05))
    """A channel's usual error: a point at 35 per cent. Pollsters correct what went wrong last time, yet British polls
    have put Labour too high on average since the 1960s (Sturgis et al. 2016, Inquiry into the 2015 polls)."""
    unknown_scale: float = 2.0
    """Spread (tens of points, or margins) of a leader gap that was never measured, where fewer than two elections have
    one; else it is that of the measured."""


@dataclass(frozen=True, kw_only=True)
class SeatPriors:
    """Priors of the seat model.

    Slopes are changes of share per unit of base share; sizes of errors are on the scale ``sqrt(m (1 - m))`` and logged.
    Spreads are log-normal, for the reason given in ``PollPriors``.
    """

    threshold: Distribution = field(default=pz.Normal(0.25, 0.15))
    """Part of its vote a party must lose to be half-way to proportional swing. Swing is uniform for small losses
    (Butler and Stokes 1969, Political Change in Britain) and proportional for collapses: nobody can lose more than
    all."""

    width: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.2)), sigma=0.6))
    """How gradually that happens, in parts of the vote: 0.06 to 0.65 (95 %), from a switch to hardly any dependence."""

    gain: Distribution = field(default=pz.Normal(0.0, 0.3))
    """Slope per unit of (new - base) / new for a party that gains. 0 is uniform; theory does not give the sign."""

    reversion: Distribution = field(default=pz.Normal(-0.5, 0.3))
    """Slope of ``oth``: candidates without a party often do not stand again, so half of a large share vanishes."""

    churn_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.08)), sigma=0.5))
    """Spread of slopes that net change does not explain, at a base share of 0.4. With 0.08, a seat 25 points above a
    party's mean moves two points more or less than the mean seat: the size of regional deviations in most years."""

    attack_mean: Distribution = field(default=pz.Normal(0.0, 0.05))
    """Change since the last election of the part of the left's supporters who lend their vote where the right leads.
    About a tenth of voters do at any one election (Fisher 2004, doi 10.1017/S0007123404000080): changes are smaller."""

    attack_loss: Distribution = field(default=pz.Normal(0.0, 2.0))
    """Further change per unit of the square of a governing Conservative party's relative loss. In 1997, when it lost
    0.28, tactical voting grew (Evans, Curtice and Norris 1998), and no loss of half that size had shown any: so the
    square. The prior does not give the sign and lets the pairs tell."""

    attack_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.05)), sigma=0.5))
    """Spread between elections of what is left."""

    hold_mean: Distribution = field(default=pz.Normal(0.0, 0.1))
    """The same where the left leads and the right is second, with what a sitting member adds: personal votes are one to
    three points in a seat (Wood and Norton 1992), a tenth of what third parties have there."""

    hold_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.08)), sigma=0.5))
    """Spread between elections."""

    personal_mean: Distribution = field(default=pz.Normal(0.015, 0.01))
    """Share that goes with a member's own following. A term in the seat is worth one to three points (Wood and Norton
    1992; Smith 2013, doi 10.1017/S0007123412000439)."""

    personal_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.01)), sigma=0.5))
    """Its spread between elections."""

    liberal: Distribution = field(default=pz.LogNormal(mu=float(np.log(2.0)), sigma=0.4))
    """How many times as much a Liberal's is: they have campaigned as local champions since the 1970s (Russell and
    Fieldhouse 2005, Neither Left nor Right?); twice, within a factor of two."""

    rooted: Distribution = field(default=pz.Normal(0.5, 0.5))
    """Part of the slope that the seats Liberals hold do not follow, as their members hold them. A guess: none, all or
    anything between is likely, and a third lies outside, as nothing forbids it."""

    local: Distribution = field(default=pz.Normal(0.3, 0.3))
    """Part of a by-election's departure from the others that the next general election shows. Most of a by-election's
    swing goes back (Norris 1990, British By-elections), so less than half; none and nearly all are not ruled out."""

    gained: Distribution = field(default=pz.Normal(0.3, 0.3))
    """How much more of it shows for who took the seat there. Newcomers who win one often keep it or nearly do, as at
    Orpington (1962, kept 1964 and 1966), and others do not, so half the way, within as much again."""

    leave_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.2)), sigma=0.5))
    """Spread between elections of a party's tilt to seats that voted Leave, on the scale ``sqrt(m (1 - m))``: with 0.2,
    a seat ten points more for Leave moves a point at a share of 40 per cent. It may come back as it went."""

    upset_mean: Distribution = field(default=pz.Normal(float(np.log(0.005)), 1.0))
    """Log of the chance a seat that somebody without a party gains a tenth of its vote: three seats of 600."""

    upset_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.8)), sigma=0.5))
    """Its spread between elections."""

    size_mean: Distribution = field(default=pz.Normal(-2.8, 0.5))
    """Log of the usual size of a seat's own error: 0.06, which is 3 points in a seat at 40 per cent (2 to 8, 95 %)."""

    size_volatility: Distribution = field(default=pz.Normal(0.0, 1.0))
    """Change of log size per unit of volatility (half the sum of parties' changes, Pedersen 1979). 1 makes errors a
    sixth larger at an election where 15 per cent of the vote moves."""

    size_party_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.2)), sigma=0.5))
    """Spread of log size between parties."""

    size_year_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.2)), sigma=0.5))
    """Spread of log size between elections, shared by all parties: some are fought locally, some nationally."""

    size_cell_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.2)), sigma=0.5))
    """Spread of log size left over."""

    region_ratio: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.5)), sigma=0.5))
    """Size of regions' errors against seats' own."""

    ireland_swing: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.2)), sigma=0.5))
    """Change (log) of a Northern Irish party between elections: a fifth of its vote, within a factor of 2.7."""

    ireland_seat: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.25)), sigma=0.5))
    """The same of a seat beside the others: pacts and local members move more votes there than tides do."""
