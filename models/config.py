"""Settings of a run: what is used, what is believed beforehand, how each stage is sampled."""

from dataclasses import dataclass, field, replace
from typing import Any

from models.fit import SamplerConfig
from models.link_priors import LeaderPriors, MpPriors, ResponsePriors
from models.poll_reading import CAMPAIGN_PACE
from models.prior_text import describe_priors
from models.priors import PollPriors, SeatPriors, VotePriors

STAGES = {
    "leaders": "leaders' standing with voters",
    "mps": "MPs' support for their leader",
    "response": "how voters respond to both",
    "polls": "voting intention from polls",
    "votes": "votes on the day from intention, leaders and MPs",
    "seats": "constituencies from votes",
}
"""Stages in the order of their fits, and what each is about."""


@dataclass(frozen=True, kw_only=True)
class LinkConfig:
    """Priors and samplers of what is learned of leaders, MPs and voters' response; equal settings share their fits."""

    leader_priors: LeaderPriors = field(default_factory=LeaderPriors)
    mp_priors: MpPriors = field(default_factory=MpPriors)
    response_priors: ResponsePriors = field(default_factory=ResponsePriors)
    leader_sampler: SamplerConfig = field(default_factory=SamplerConfig)
    mp_sampler: SamplerConfig = field(default_factory=lambda: SamplerConfig(target_accept=0.95))
    response_sampler: SamplerConfig = field(default_factory=SamplerConfig)


@dataclass(frozen=True, kw_only=True)
class ChainConfig:
    """Settings of a run: number of joint draws, priors and sampler of each stage.

    The stages keep as many draws as their slowest parameter needs for an effective sample of 400. Without ``polls``
    intention starts from the last result and wanders from there: what leaders, MPs and fundamentals say alone.
    ``campaign_pace`` is how much faster opinion moves in a campaign (``models.poll_reading``). ``leave_one_out`` learns
    votes and seats from all elections but the one forecast, later ones too: no forecast that could have been made, but
    one that shows what a longer record is worth.
    """

    draws: int = 4000
    polls: bool = True
    campaign_pace: float = CAMPAIGN_PACE
    leave_one_out: bool = False
    links: LinkConfig = field(default_factory=LinkConfig)
    poll_priors: PollPriors = field(default_factory=PollPriors)
    vote_priors: VotePriors = field(default_factory=VotePriors)
    seat_priors: SeatPriors = field(default_factory=SeatPriors)
    poll_sampler: SamplerConfig = field(default_factory=lambda: SamplerConfig(draws=2000))
    vote_sampler: SamplerConfig = field(default_factory=lambda: SamplerConfig(draws=3000, target_accept=0.95))
    seat_sampler: SamplerConfig = field(default_factory=lambda: SamplerConfig(draws=2500))

    def priors(self) -> dict[str, Any]:
        """Priors by stage."""
        return {
            "leaders": self.links.leader_priors,
            "mps": self.links.mp_priors,
            "response": self.links.response_priors,
            "polls": self.poll_priors,
            "votes": self.vote_priors,
            "seats": self.seat_priors,
        }

    def samplers(self, seed: int) -> dict[str, SamplerConfig]:
        """Samplers by stage, with the seed of the run."""
        given = {
            "leaders": self.links.leader_sampler,
            "mps": self.links.mp_sampler,
            "response": self.links.response_sampler,
            "polls": self.poll_sampler,
            "votes": self.vote_sampler,
            "seats": self.seat_sampler,
        }
        return {name: replace(sampler, seed=seed) for name, sampler in given.items()}

    def described_priors(self) -> dict[str, dict[str, str]]:
        """Priors by stage, written down for a manifest."""
        return {name: describe_priors(priors) for name, priors in self.priors().items()}
