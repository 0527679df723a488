"""Fit every stage on evidence cut at one date and pass the draws down to seats.

    polls -> voting intention -+
    leaders, mps, response ----+-> votes on the day -> nations -> constituencies -> count
    results since 1955 --------+                        ^
                                      Scotland and Wales polls

Each stage is fitted alone (a cut posterior): later stages never move earlier ones.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from data import Evidence, load_evidence
from models import dims, leaders
from models.arrival import arrive, wander
from models.config import ChainConfig
from models.effects import response_draws
from models.fit import is_good
from models.forecast import Forecast, Manifest
from models.history import ArrivalHistory, arrival_history, history_without
from models.leader_scale import event_draws
from models.links import Links, learn_links
from models.nations import nation_offsets
from models.pairs import SeatPair, seat_pairs
from models.panel import PollPanel, poll_panel
from models.polls import build_poll_model, draw_paths
from models.record import gb_shares, previous_election
from models.seat_base import seat_base
from models.seats import build_seat_model
from models.stages import Run, diagnostics
from models.standing import leader_states, standing_at
from models.store import code_version
from models.swing import SeatSimulator, outcome_of, seat_parameters
from models.votes import arrival_state, build_votes_model

PATH_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def make_forecast(
    as_of: date,
    election_date: date,
    *,
    seed: int,
    config: ChainConfig | None = None,
    tables: Evidence | None = None,
    progress: bool = True,
    run: Run | None = None,
) -> Forecast:
    """Fit all stages and assemble the forecast.

    Parameters
    ----------
    as_of : date
        Last day of evidence.
    election_date : date
        Polling day.
    seed : int
        Seed of all random numbers: the same seed, tables and machine give the same bytes.
    config : ChainConfig, optional
        Draws, priors and sampler.
    tables : Evidence, optional
        All tables, uncut; the shipped ones with the user's own rows unless given.
    progress : bool
        Print stages and progress bars to stderr.
    run : Run, optional
        Fits the stages, with the same seed (``models.own_builders``); one of ``seed`` and ``progress`` unless given.

    Returns
    -------
    Forecast
        Joint draws with their manifest; a stage that failed its diagnostics is named in ``manifest.warnings``.
    """
    config, tables, run = config or ChainConfig(), tables or load_evidence(), run or Run(seed, progress)
    evidence = tables.as_of(as_of)
    since = previous_election(evidence, as_of)
    previous = gb_shares(evidence, since)
    panel = poll_panel(
        evidence, since=since, until=as_of, previous=previous, polling_day=election_date, pace=config.campaign_pace
    )
    # What is learned from past elections is learned from what was known when the last of them was over, so that all
    # forecasts of one Parliament share it.
    record = _record(tables, min(since + timedelta(days=1), as_of))
    links = learn_links(record, config.links, run)
    pace = config.campaign_pace
    past = _all_but(tables, election_date, links, pace) if config.leave_one_out else _past(record, links, pace)
    fits = links.fits | _fit_stages(panel, past, config, run)
    path = (
        draw_paths(panel, fits["polls"], n_draws=config.draws, seed=seed)
        if config.polls
        else last_result(previous, as_of, config.draws)
    )

    leading = leader_states(evidence, links)
    start = standing_at(evidence, path, previous, leading, links, seed=seed)
    votes = arrival_state(fits["votes"]["posterior"].to_dataset(), start, seed=seed)
    if not config.polls:
        shock = votes["shock_path"].values[np.random.default_rng([seed, 31]).permutation(config.draws)]
        votes = wander(votes, (election_date - since).days, (election_date - as_of).days, shock)
    response = response_draws(links.response, n_draws=config.draws, seed=seed)
    votes = votes.merge(response.to_dataset()).merge(event_draws(links.scale, n_draws=config.draws, seed=seed))
    votes.attrs["new_leader_favourability"] = leaders.new_leader(links.scale)[0]
    base = seat_base(evidence, election_date, start.parties)
    parameters = seat_parameters(fits["seats"]["posterior"].to_dataset(), base, n_draws=config.draws, seed=seed)
    seats = SeatSimulator(base, parameters, nation_offsets(evidence, base, path), seed=seed)

    manifest = _manifest(evidence, election_date, since, fits, config, seed).model_copy(
        update={"n_polls": panel.n_polls if config.polls else 0, "leaders": leading}
        | ({"data_fingerprint": tables.fingerprint()} if config.leave_one_out else {})
    )
    return assemble(votes, seats, path, panel, manifest)


def _manifest(
    evidence: Evidence,
    election_date: date,
    since: date,
    stages: dict[str, xr.DataTree],
    config: ChainConfig,
    seed: int,
) -> Manifest:
    measured = {name: diagnostics(tree) for name, tree in stages.items()}
    return Manifest(
        as_of=evidence.cut,
        election_date=election_date,
        previous_election=since,
        seed=seed,
        code_version=code_version(),
        data_fingerprint=evidence.fingerprint(),
        n_polls=0,
        unverified=evidence.unverified(),
        n_own=evidence.n_own(),
        priors=config.described_priors(),
        samplers={name: asdict(sampler) for name, sampler in config.samplers(seed).items()},
        campaign_pace=config.campaign_pace,
        leave_one_out=config.leave_one_out,
        diagnostics=measured,
        leaders=(),
        warnings=tuple(f"The {name} model failed its diagnostics." for name, d in measured.items() if not is_good(d)),
    )


def last_result(previous: dict[str, float], as_of: date, n_draws: int) -> xr.DataArray:
    """Stand in for a path of voting intention where no poll is used: the last result, the same in every draw.

    Parameters
    ----------
    previous : dict
        Shares of the last result by party.
    as_of : date
        The one day of the path.
    n_draws : int
        Draws.

    Returns
    -------
    xr.DataArray
        Shares (draw, date, party) that sum to 1; parties with less than half a point are in ``oth``.
    """
    named = {party: share for party, share in previous.items() if share >= 0.005 and party != "oth"}
    shares = np.array([*named.values(), 1.0 - sum(named.values())])
    return xr.DataArray(
        np.broadcast_to(shares, (n_draws, 1, shares.size)).copy(),
        dims=(dims.DRAW, dims.DATE, dims.PARTY),
        coords={dims.DATE: np.array([as_of], dtype="datetime64[ns]"), dims.PARTY: [*named, "oth"]},
        name="intention",
    )


@lru_cache(maxsize=2)
def _record(tables: Evidence, day: date) -> Evidence:
    """Tables as known on a day, cut once for all forecasts of one Parliament."""
    return tables.as_of(day)


@lru_cache(maxsize=2)
def _past(record: Evidence, links: Links, pace: float) -> tuple[ArrivalHistory, list[SeatPair]]:
    """Past elections as known on a day: the same for all forecasts of one Parliament, so made once for them."""
    return arrival_history(record, links, pace=pace), seat_pairs(record)


@lru_cache(maxsize=2)
def _all_but(tables: Evidence, election: date, links: Links, pace: float) -> tuple[ArrivalHistory, list[SeatPair]]:
    """All elections, later ones too, but for whatever holds the result of one."""
    pairs = seat_pairs(tables)
    # The pair that starts one election later knows who held seats before, from the result that is to be left out.
    after = next((pair.base_date for pair in pairs if pair.base_date > election), None)
    pairs = [p for p in pairs if election not in (p.base_date, p.new_date) and p.base_date != after]
    return history_without(arrival_history(tables, links, pace=pace), election), pairs


def _fit_stages(
    panel: PollPanel, past: tuple[ArrivalHistory, list[SeatPair]], config: ChainConfig, run: Run
) -> dict[str, xr.DataTree]:
    history, pairs = past
    priors, samplers = config.priors(), config.samplers(run.seed)
    stages: dict[str, tuple[Any, Callable[..., pm.Model]]] = {
        "polls": (panel, build_poll_model),
        "votes": (history, build_votes_model),
        "seats": (pairs, build_seat_model),
    }
    if not config.polls:
        del stages["polls"]
    return {name: run.fit(name, data, build, priors[name], samplers[name]) for name, (data, build) in stages.items()}


def assemble(
    votes: xr.Dataset, seats: SeatSimulator, path: xr.DataArray, panel: PollPanel, manifest: Manifest
) -> Forecast:
    """Simulate polling day once and keep everything a scenario needs to do it again.

    Parameters
    ----------
    votes : xr.Dataset
        State of the arrival model.
    seats : SeatSimulator
        From votes to winners.
    path : xr.DataArray
        Draws of voting intention (draw, date, party).
    panel : PollPanel
        The polls behind it.
    manifest : Manifest
        What it was made from.

    Returns
    -------
    Forecast
        The forecast.
    """
    share = arrive(votes, manifest.lead_days)
    drawn = seats.simulate(share, summaries=True)
    static = seats.to_dataset()
    coords = {"party": votes["party"], "constituency": static["constituency"], "line": static["line"]}
    outcome = outcome_of(share, drawn, coords)
    quantiles = path.quantile(PATH_QUANTILES, dim="draw").transpose("date", "party", "quantile")
    tree = xr.DataTree.from_dict(
        {
            "votes": votes,
            "seats": static,
            "outcome": outcome,
            "path": xr.Dataset({"intention": quantiles}),
            "polls": panel.to_dataset(),
        }
    )
    return Forecast(tree, manifest)
