"""A forecast made up from the result of 2024 and plausible figures, quick to build and with every group filled."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import xarray as xr

from data import load_evidence
from models.arrival import arrive, logit, to_channels
from models.forecast import Forecast, LeaderState, Manifest
from models.leader_events import KINDS
from models.nations import NationOffsets
from models.next_election import SCALARS
from models.pairs import GB_NATIONS
from models.seat_base import SeatBase, seat_base
from models.store import code_version
from models.swing import SeatSimulator, outcome_of

PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore", "oth")
NOW = (0.19, 0.235, 0.11, 0.24, 0.125, 0.027, 0.008, 0.04, 0.025)
THEN = (0.244, 0.347, 0.125, 0.147, 0.069, 0.026, 0.007, 0.0, 0.035)
RESPONSE = {"theta": 0.1, "lam": 0.01, "speed": 0.1, "phi": 0.1, "psi": 30.0, "chi": 2.0, "r": 0.1}
LAST, AS_OF, NEXT = date(2024, 7, 4), date(2026, 8, 17), date(2029, 5, 3)


@cache
def seats() -> SeatBase:
    """Seats of the next election with the result of 2024, as the shipped tables have them."""
    return seat_base(load_evidence().as_of(AS_OF), NEXT, PARTIES)


def votes_group(rng: np.random.Generator, draws: int) -> xr.Dataset:
    """State of the arrival model: channels around today's standing."""
    now = to_channels(logit(np.array(NOW)), PARTIES)
    shape = (draws, len(PARTIES))
    dims = ("draw", "party")
    return xr.Dataset(
        {
            "intention": (dims, now + 0.06 * rng.standard_normal(shape)),
            "home": (dims, now + 0.1 * rng.standard_normal(shape)),
            "kappa": (dims, np.full(shape, 0.4)),
            "campaign": (dims, np.full(shape, 0.3)),
            "pace": ("draw", np.full(draws, 2.0)),
            "airtime": (dims, 0.05 * (np.array(PARTIES) == "lib") * np.ones(shape)),
            "shock_path": (dims, 0.22 * rng.standard_normal(shape)),
            "bias": (dims, np.full(shape, 0.01)),
            "shock_final": (dims, 0.1 * rng.standard_normal(shape)),
            **{name: ("draw", 0.02 * rng.standard_normal(draws)) for name in ("office", "leaders", "mps")},
            "event_points": (("draw", "kind"), rng.normal(-2.0, 5.0, (draws, len(KINDS)))),
            "event_half_life": (("draw", "kind"), np.full((draws, len(KINDS)), 100.0)),
            "event_own_points": (("draw", "kind"), rng.normal(0.0, 8.0, (draws, len(KINDS)))),
            "event_own_half_life": ("draw", np.full(draws, 700.0)),
            **{name: ("draw", value * (1 + 0.2 * rng.standard_normal(draws))) for name, value in RESPONSE.items()},
        },
        coords={"party": list(PARTIES), "kind": list(KINDS)},
        attrs={"new_leader_favourability": 4.0},
    )


def path_group() -> xr.Dataset:
    """Voting intention week by week, from the result of 2024 to today's standing."""
    weeks = (AS_OF - LAST).days // 7
    days = [LAST + timedelta(days=7 * i) for i in range(weeks)] + [AS_OF]
    steps = np.linspace(0, 1, len(days))[:, None]
    centre = np.array(THEN) * (1 - steps) + np.array(NOW) * steps
    spread = np.array([-1.64, -0.67, 0.0, 0.67, 1.64])
    table = np.clip(centre[:, :, None] * (1 + 0.05 * spread), 0.0005, None)
    return xr.Dataset(
        {"intention": (("date", "party", "quantile"), table)},
        coords={
            "date": np.array(days, dtype="datetime64[ns]"),
            "party": list(PARTIES),
            "quantile": [0.05, 0.25, 0.5, 0.75, 0.95],
        },
    )


def polls_group(rng: np.random.Generator, n: int = 150) -> xr.Dataset:
    """Polls around the path; the newest party is not asked about in the first half."""
    when = np.sort(rng.uniform(0, 1, n))
    share = np.array(THEN) * (1 - when[:, None]) + np.array(NOW) * when[:, None]
    share = share * (1 + 0.08 * rng.standard_normal(share.shape))
    share[: n // 2, PARTIES.index("restore")] = np.nan
    days = [LAST + timedelta(days=float(w) * (AS_OF - LAST).days) for w in when]
    return xr.Dataset(
        {
            "share": (("poll", "party"), share),
            "pollster": ("poll", [f"House {i % 7}" for i in range(n)]),
            "end_date": ("poll", np.array(days, dtype="datetime64[ns]")),
        },
        coords={"party": list(PARTIES)},
    )


def leaders() -> tuple[LeaderState, ...]:
    """Leaders as of August 2026, with made-up standing; one without evidence."""
    rows = [
        ("con", "Kemi Badenoch", -18.0, 6.0, 40, 0.347, 0.008, "last ballot of MPs, 2024"),
        ("lab", "Andy Burnham", 8.0, 5.0, 22, 0.94, 0.94, "nominations, July 2026"),
        ("lib", "Ed Davey", -3.0, 6.0, 30, None, None, "no evidence"),
        ("ref", "Nigel Farage", -22.0, 4.0, 60, None, None, "no evidence"),
        ("grn", "Zack Polanski", -9.4, 7.0, 14, None, None, "no evidence"),
        ("restore", "Rupert [Lowe]", 0.0, 20.0, 0, None, None, "no evidence"),
    ]
    names = ("party", "leader", "favourability", "favourability_sd", "n_ratings", "support", "margin", "basis")
    return tuple(LeaderState(**dict(zip(names, row, strict=True))) for row in rows)


def manifest(warnings: tuple[str, ...] = ()) -> Manifest:
    """Manifest of the made-up forecast."""
    return Manifest(
        as_of=AS_OF,
        election_date=NEXT,
        previous_election=LAST,
        seed=1,
        code_version=code_version(),
        data_fingerprint="3f2a91c0" * 8,
        n_polls=150,
        unverified={"polls": 11, "leader_ratings": 3},
        priors={},
        samplers={},
        campaign_pace=1.0,
        leave_one_out=False,
        diagnostics={"polls": {"rhat_max": 1.004, "ess_min": 812.0, "divergences": 0.0}},
        leaders=leaders(),
        warnings=warnings,
    )


def simulator(rng: np.random.Generator, draws: int, seed: int) -> SeatSimulator:
    """Seat simulator with plausible parameters of the swing."""
    wide = (draws, len(GB_NATIONS), len(PARTIES))
    usual = {"threshold": 0.25, "width": 0.2, "gain": 0.0, "reversion": -0.5, "region_ratio": 0.4}
    scalars = {name: ("draw", np.full(draws, usual.get(name, 0.1))) for name in SCALARS}
    parameters = xr.Dataset(
        {
            **scalars,
            "attack_own": ("draw", rng.normal(0.05, 0.05, draws)),
            "hold_own": ("draw", rng.normal(0.0, 0.03, draws)),
            "personal_own": ("draw", rng.normal(0.02, 0.01, draws)),
            "upset_rate": ("draw", np.full(draws, 0.004)),
            "leave": (("draw", "nation", "party"), rng.normal(0.0, 0.1, wide)),
            "churn": (("draw", "nation", "party"), rng.normal(0.0, 0.1, wide)),
            "log_size": (("draw", "nation", "party"), np.full(wide, -2.8)),
        },
        coords={"nation": list(GB_NATIONS), "party": list(PARTIES)},
    )
    flat = np.zeros((len(GB_NATIONS), len(PARTIES)))
    offsets = NationOffsets(parties=PARTIES, mean=flat, sd=flat + 0.05)
    return SeatSimulator(seats(), parameters, offsets, seed=seed)


def synthetic_forecast(*, draws: int = 400, seed: int = 1, warnings: tuple[str, ...] = ()) -> Forecast:
    """Forecast with every group filled; the same arguments give the same numbers."""
    rng = np.random.default_rng(seed)
    votes, engine = votes_group(rng, draws), simulator(rng, draws, seed)
    share = arrive(votes, (NEXT - AS_OF).days)
    drawn, ground = engine.simulate(share, summaries=True), engine.to_dataset()
    coords = {"party": list(PARTIES), "constituency": ground["constituency"].values, "line": ground["line"].values}
    outcome = outcome_of(share, drawn, coords)
    groups = {"votes": votes, "seats": ground, "outcome": outcome, "path": path_group(), "polls": polls_group(rng)}
    return Forecast(xr.DataTree.from_dict(groups), manifest(warnings))
