"""Posteriors that come with the package are read in place of a fit."""

from datetime import timedelta
from pathlib import Path

import pytest

from data import load_evidence
from models import stages
from models.chain import ChainConfig
from models.cli import DEFAULT_SEED
from models.history import arrival_history
from models.links import learn_links
from models.obtain import settle_dates
from models.pairs import seat_pairs
from models.record import previous_election
from models.seats import build_seat_model
from models.stages import Run
from models.votes import build_votes_model


def test_shipped_posteriors_are_of_this_code_and_these_tables(
    monkeypatch: pytest.MonkeyPatch, own_store: Path
) -> None:
    """Nothing that past elections teach is sampled for today's forecast. Where it is: ``make posteriors``."""

    def refuse(*_arguments: object, **_settings: object) -> None:
        pytest.fail("A shipped posterior is not of this code and these tables: run make posteriors.")

    refuse.__module__ = stages.fit.__module__  # a stage's key holds the code of this module
    monkeypatch.setattr(stages, "fit", refuse)
    tables, config, run = load_evidence(own=False), ChainConfig(), Run(DEFAULT_SEED, progress=False)
    as_of, _ = settle_dates(None, None)
    record = tables.as_of(previous_election(tables, as_of) + timedelta(days=1))
    links = learn_links(record, config.links, run)
    history = arrival_history(record, links, pace=config.campaign_pace)
    votes = run.fit("votes", history, build_votes_model, config.vote_priors, config.vote_sampler)
    seats = run.fit("seats", seat_pairs(record), build_seat_model, config.seat_priors, config.seat_sampler)
    assert sorted(links.fits) == ["leaders", "mps", "response"]
    assert {"kappa", "drift"} <= set(votes["posterior"].data_vars)
    assert {"threshold", "rooted"} <= set(seats["posterior"].data_vars)
    assert not list(own_store.rglob("*.nc"))
