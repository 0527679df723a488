"""Priors of the survival model, as values; see ``models.priors`` for how they are written."""

from dataclasses import dataclass, field

import numpy as np
import preliz as pz
from preliz.distributions.distributions import Distribution


@dataclass(frozen=True, kw_only=True)
class SurvivalPriors:
    """Priors of how long leaders last (``models.survival``): logs of exits a month, or log-odds.

    Some forty leaders have gone since 1955, so these say a part of what is known, and terms that the record can hardly
    tell from nothing are kept small. Judgements are named as such.
    """

    usual: Distribution = field(default=pz.Normal(-4.6, 0.7))
    """Exits a month of a leader whom MPs and voters see as usual: one in 100 months, 25 to 400 (95 %). Leaders of most
    democracies' parties serve four to ten years."""
    party: Distribution = field(default=pz.Normal(0.0, 0.2))
    """What sets a party apart: half as many exits again at most. Conservatives are called ruthless and Labour loyal,
    but a dozen leaders each cannot show much; scores are the same without."""
    support: Distribution = field(default=pz.Normal(-0.5, 0.5))
    """A unit of log-odds of MPs' support (from 0.66 to 0.41 of them, say) changes exits by a factor of 1.6: those who
    can remove a leader are her MPs. It may be nothing: Corbyn stayed for three years against four in five of his."""
    unknown: Distribution = field(default=pz.Normal(0.0, 0.5))
    """Where MPs' support is not known: leaders chosen unopposed, or of the few Liberal MPs of 1955 to 1970."""
    rating: Distribution = field(default=pz.Normal(-0.15, 0.2))
    """Ten points of favourability: exits change by a seventh, with room for nothing. MPs who fear for their seats judge
    a leader by her ratings; part of that is in their support already."""
    unrated: Distribution = field(default=pz.Normal(0.0, 0.5))
    """Before leaders were rated (1979)."""
    premier: Distribution = field(default=pz.Normal(0.0, 0.3))
    """Prime ministers: harder to challenge, more to be blamed for. Of either sign and small, as scores are the same
    without."""
    defeat: Distribution = field(default=pz.Normal(0.0, 1.0))
    """Log-odds that a lost election ends a leadership, in 1985, for a share of votes as before: 0.12 to 0.88 (95 %)."""
    era: Distribution = field(default=pz.Normal(0.3, 0.3))
    """The same a decade: parties have grown less patient, and members choose leaders who can be blamed. One to six in
    odds over 60 years, or a little less than nothing. A judgement."""
    liberal: Distribution = field(default=pz.Normal(-1.0, 0.7))
    """The same for Liberals, who expect to lose: a quarter where others have a half, within 0.09 to 0.58."""
    gain: Distribution = field(default=pz.Normal(-0.5, 0.7))
    """The same for ten points more of the vote than last time: a leader who gains can say that she is on the way."""
    delay: Distribution = field(default=pz.LogNormal(mu=float(np.log(4.0)), sigma=0.4))
    """Months that going takes on average: from a day to the half year of a contest among members; 1.8 to 9 (95 %)."""
    health: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.001)), sigma=0.5))
    """Deaths and grave illness a month: 1.2 per cent a year, as people near sixty have, within a factor of 2.7."""
