"""Priors of the contest model, as values; see ``models.priors`` for how they are written."""

from dataclasses import dataclass, field

import numpy as np
import preliz as pz
from preliz.distributions.distributions import Distribution


def _about(middle: float, spread: float = 0.4) -> Distribution:
    """A scale around a middle, within a factor of 2.2 either way (95 %) by default."""
    return pz.LogNormal(mu=float(np.log(middle)), sigma=spread)


@dataclass(frozen=True, kw_only=True)
class ContestPriors:
    """Priors of leadership contests (``models.contest_terms`` has the equations), in logs of shares.

    A difference of 0.4 between two candidates is 60 to 40, one of 1.1 is 75 to 25. Scales are log-normal, for the
    reason given in ``PollPriors``. All are judgements from how such contests usually go, wide enough to be refuted.
    """

    spread: Distribution = field(default_factory=lambda: _about(0.7))
    """Spread of candidates among MPs: two of them are one (a root of two times 0.7) apart, 73 to 27."""
    rho: Distribution = field(default=pz.Normal(0.5, 0.5))
    """How far members go with their MPs: half way, from against them to more than all the way."""
    members: Distribution = field(default_factory=lambda: _about(0.7))
    """What members think beside that: as different as MPs' own opinions are."""
    affiliates: Distribution = field(default_factory=lambda: _about(0.4))
    """How far unions' members differ from the party's."""
    supporters: Distribution = field(default_factory=lambda: _about(0.7))
    """How far those who registered for one contest do; they came for a candidate."""
    block: Distribution = field(default_factory=lambda: _about(1.0))
    """What block votes add: a union that is divided 55 to 45 casts all of its votes one way."""
    nominations: Distribution = field(default_factory=lambda: _about(0.5))
    """Error of nominations as a sight of how MPs vote: some follow the likely winner, some keep out."""
    lent: Distribution = field(default=pz.Normal(0.5, 0.5))
    """What loans add to the nominations of who scrapes through: four in ten are lent, from none to eight in ten."""
    confidence: Distribution = field(default_factory=lambda: _about(0.4))
    """Error of a vote of confidence as a sight of how MPs would vote between leader and rivals: ten points at a half.
    Some want her gone but none of the others."""
    stay: Distribution = field(default_factory=lambda: _about(0.1))
    """Movement from one ballot of MPs to the next beside the votes set free: 2.5 points at a half."""
    free: Distribution = field(default_factory=lambda: _about(0.6))
    """How unevenly votes set free go to those left; with 0.6 one of two equal candidates may get 70 of 100 (1 sd)."""
    shared: Distribution = field(default_factory=lambda: _about(0.25))
    """Error that all polls of one contest share, as lists of members are hard to come by: 9 points on the share of one
    of two equal candidates (1 sd)."""
    poll: Distribution = field(default_factory=lambda: _about(0.1))
    """Error of one poll beside it and beside sampling."""
    drift: Distribution = field(default_factory=lambda: _about(0.15))
    """Movement of members' opinion a root of month: five points on a lead."""
    edge_mps: Distribution = field(default=pz.Normal(0.7, 0.7))
    """Advantage of a challenged leader among MPs: she won before, though those who are challenged are in trouble."""
    edge_members: Distribution = field(default=pz.Normal(0.5, 0.7))
    """Her further advantage among members, who chose her or her kind."""
    size_affiliates: Distribution = field(default=pz.Normal(-1.2, 0.7))
    """Log of affiliates' votes for each vote of a member where all count alike: 0.3, 0.08 to 1.2 (95 %). Millions are
    entitled and few vote."""
    size_supporters: Distribution = field(default=pz.Normal(-1.5, 1.0))
    """The same of registered supporters: 0.22, 0.03 to 1.6. Anybody may join late, for three pounds or for 25."""
    size_spread: Distribution = field(default_factory=lambda: _about(0.5))
    """Spread of both from contest to contest."""
