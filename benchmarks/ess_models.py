"""Every model with its data and both of its forms: ours, and the naive one of ``benchmarks.naive``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pymc as pm

from benchmarks import naive
from data import Evidence, load_evidence
from models.cli import DEFAULT_SEED
from models.config import LinkConfig
from models.contest import build_contest_model, contest_record
from models.history import ArrivalHistory, arrival_history
from models.leader_model import build_leader_model
from models.leader_record import leader_record
from models.links import learn_links, monthly
from models.mp_model import build_mp_model, mp_record
from models.pairs import seat_pairs
from models.panel import PollPanel, poll_panel
from models.polls import build_poll_model
from models.record import gb_shares, previous_election
from models.response import build_response_model
from models.response_panel import ResponsePanel, response_panel
from models.seats import build_seat_model
from models.stages import Run
from models.survival import build_survival_model
from models.survival_record import survival_record
from models.votes import build_votes_model

EARLY, EVE, LATE = date(1992, 4, 10), date(2024, 7, 3), date(2024, 7, 5)
PAIRS = 4


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Data of a model, its two forms, and what the naive one does; ``apart`` is not compared."""

    data: Callable[[], Any]
    ours: Callable[[Any], pm.Model]
    naive: Callable[[Any], pm.Model]
    does: str
    draws: int = 1000
    in_c: bool = False
    apart: tuple[str, ...] = ()


@cache
def _known(day: date) -> Evidence:
    return load_evidence(own=False).as_of(day)


def _polls() -> PollPanel:
    """Polls of the Parliament of 2019 to the eve of the election of 2024."""
    evidence = _known(EVE)
    since = previous_election(evidence, EVE)
    return poll_panel(evidence, since=since, until=EVE, previous=gb_shares(evidence, since))


def _links() -> Any:
    return learn_links(_known(LATE), LinkConfig(), Run(DEFAULT_SEED, progress=False))


def _panel() -> ResponsePanel:
    links = _links()
    return response_panel(_known(LATE), *monthly(_known(LATE), links.scale, links.habits))


def _history() -> ArrivalHistory:
    return arrival_history(_known(LATE), _links())


MODELS = {
    "polls, 2019-24": Beside(
        data=_polls,
        ours=build_poll_model,
        naive=naive.plain_polls,
        does="every step of the path sampled, C backend",
        draws=150,
        in_c=True,
        apart=("tail",),  # one number a poll: the least of 1,500 estimates says how they scatter
    ),
    "leaders, 1992": Beside(
        data=lambda: leader_record(_known(EARLY)),
        ours=build_leader_model,
        naive=naive.plain_leaders,
        does="standing at every rating sampled",
        draws=2000,
    ),
    "mps": Beside(
        data=lambda: mp_record(_known(LATE)),
        ours=build_mp_model,
        naive=naive.plain_mps,
        does="support at every vote sampled",
    ),
    "response": Beside(
        data=_panel,
        ours=build_response_model,
        naive=naive.plain_response,
        does="leaders' values centred on their mean",
    ),
    "votes": Beside(
        data=_history,
        ours=build_votes_model,
        naive=naive.plain_votes,
        does="channels' return home centred on its mean",
    ),
    "seats, 2010-24": Beside(
        data=lambda: seat_pairs(_known(LATE))[-PAIRS:],
        ours=build_seat_model,
        naive=naive.plain_seats,
        does="a row a seat, regions sampled",
    ),
    "contest": Beside(
        data=lambda: contest_record(_known(LATE)),
        ours=build_contest_model,
        naive=naive.plain_contest,
        does="standings and shared errors sampled",
        draws=400,
    ),
    "survival, 1992": Beside(
        data=lambda: survival_record(_known(EARLY)),
        ours=build_survival_model,
        naive=naive.plain_survival,
        does="a row a day",
        draws=300,
    ),
}
"""Models by what begins their rows; data are as of 2024 unless said. Years are fewer where more would take minutes."""
