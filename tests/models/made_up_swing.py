"""Made-up posterior of the seat model, the same in every draw."""

import numpy as np
import xarray as xr

from models.pairs import PARTIES as LEARNED

PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore", "oth")


def posterior() -> xr.Dataset:
    """A posterior of two draws with values like those learned from 1955 to 2024."""
    numbers = {
        "threshold": 0.13,
        "width": 0.38,
        "gain": -0.06,
        "reversion": -0.55,
        "churn_sd": 0.09,
        "attack_mean": 0.03,
        "attack_loss": 0.5,
        "attack_sd": 0.05,
        "hold_mean": 0.1,
        "hold_sd": 0.08,
        "size_mean": -2.8,
        "size_volatility": 0.8,
        "size_party_sd": 0.2,
        "size_year_sd": 0.12,
        "size_cell_sd": 0.2,
        "region_ratio": 0.7,
        "personal_mean": 0.03,
        "personal_sd": 0.01,
        "local": 0.2,
        "gained": 0.3,
        "liberal": 2.0,
        "rooted": 0.8,
        "leave_sd": 0.1,
        "upset_mean": -5.0,
        "upset_sd": 0.5,
        "ireland_swing": 0.2,
        "ireland_seat": 0.25,
    }
    by_party = {"size_party": -2.8}
    return xr.Dataset(
        {
            **{name: (("chain", "draw"), np.full((1, 2), value)) for name, value in numbers.items()},
            **{
                name: (("chain", "draw", "party"), np.full((1, 2, len(LEARNED)), value))
                for name, value in by_party.items()
            },
        },
        coords={"party": list(LEARNED)},
    )
