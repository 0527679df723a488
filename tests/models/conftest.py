from datetime import date

import numpy as np
import pytest
import xarray as xr

from models.forecast import Forecast, LeaderState, Manifest
from models.leader_scale import prior_scale
from models.links import Links
from models.mp_model import prior_habits
from models.response import prior_draws
from models.store import code_version

PARTIES = ["con", "lab", "oth"]
LINES = ["con", "lab", "oth", "spk"]


def tiny_forecast() -> Forecast:
    """Five seats, three parties and the Speaker, 200 draws."""
    rng = np.random.default_rng(5)
    seats = [f"E1400000{i}" for i in range(5)]
    winner = rng.integers(0, 3, (200, 5)).astype(np.int8)
    winner[:, 4] = 3
    mean = np.full((5, 4), 0.25)
    days = np.array(["2024-06-01", "2024-07-01"], dtype="datetime64[ns]")
    groups = {
        "votes": xr.Dataset({"kappa": ("draw", rng.random(200))}),
        "seats": xr.Dataset(
            {
                "name": ("constituency", [f"Seat {i}" for i in range(5)]),
                "nation_of": ("constituency", ["England"] * 5),
                "region_of": ("constituency", ["London"] * 5),
                "hex_q": ("constituency", np.arange(5.0)),
                "hex_r": ("constituency", np.arange(5.0)),
                "base_winner": ("constituency", ["con", "lab", "con", "lab", "spk"]),
                "base_share": (("constituency", "line"), mean),
            },
            coords={"constituency": seats, "line": LINES},
        ),
        "outcome": xr.Dataset(
            {
                "vote_share": (("draw", "party"), rng.dirichlet([4, 5, 2], 200)),
                "winner": (("draw", "constituency"), winner),
                "share_mean": (("constituency", "line"), mean),
                "share_quantile": (("quantile", "constituency", "line"), np.stack([mean - 0.1, mean + 0.1])),
            },
            coords={"party": PARTIES, "constituency": seats, "line": LINES, "quantile": [0.05, 0.95]},
        ),
        "path": xr.Dataset(
            {"intention": (("date", "party", "quantile"), rng.random((2, 3, 3)))},
            coords={"date": days, "party": PARTIES, "quantile": [0.05, 0.5, 0.95]},
        ),
        "polls": xr.Dataset(
            {
                "share": (("poll", "party"), np.array([[0.3, 0.4, 0.3], [0.3, 0.4, np.nan]])),
                "end_date": ("poll", days),
                "pollster": ("poll", ["YouGov", "Opinium"]),
            },
            coords={"party": PARTIES},
        ),
    }
    leader = LeaderState(
        party="lab",
        leader="A B",
        favourability=-3.0,
        favourability_sd=4.0,
        n_ratings=0,
        support=None,
        margin=None,
        basis="no evidence",
    )
    manifest = Manifest(
        as_of=date(2024, 7, 1),
        election_date=date(2024, 7, 4),
        previous_election=date(2019, 12, 12),
        seed=1,
        code_version=code_version(),
        data_fingerprint="ab",
        n_polls=2,
        unverified={},
        priors={},
        samplers={},
        campaign_pace=1.0,
        leave_one_out=False,
        diagnostics={"polls": {"max_rhat": 1.0}},
        leaders=(leader,),
    )
    return Forecast(xr.DataTree.from_dict(groups), manifest)


@pytest.fixture
def forecast() -> Forecast:
    """Return a small forecast made by hand."""
    return tiny_forecast()


@pytest.fixture(scope="session")
def prior_links() -> Links:
    """What is held of leaders, MPs and voters before any record: the priors, which need no fit."""
    return Links(prior_scale(), prior_habits(), prior_draws(n_draws=200, seed=1), {})
