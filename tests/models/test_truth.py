"""What happened, laid out like a forecast."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import xarray as xr

from data import load_evidence
from models.forecast import Forecast
from models.truth import truth_of


@pytest.fixture
def forecast() -> Forecast:
    """As much of a forecast of 2024 as its truth asks for: its seats, lines and parties."""
    evidence = load_evidence(own=False)
    held = evidence.contests.filter(election_date=date(2024, 7, 4)).join(
        evidence.constituencies.select("constituency", "nation").unique("constituency"), on="constituency"
    )
    seats = xr.Dataset(
        {
            "no_base": ("constituency", np.zeros(held.height, dtype=bool)),
            "nation_of": ("constituency", held["nation"].cast(str).to_numpy().astype(str)),
            "base_winner": ("constituency", held["winner"].to_numpy().astype(str)),
        },
        coords={"constituency": held["constituency"].to_list()},
    )
    lines = ["con", "lab", "lib", "ref", "grn", "snp", "plaid", "sf", "dup", "oth", "spk"]
    tree = {"seats": SimpleNamespace(ds=seats)}
    made = SimpleNamespace(
        manifest=SimpleNamespace(election_date=date(2024, 7, 4)), tree=tree, lines=lines, parties=["con", "lab", "oth"]
    )
    return cast(Forecast, made)


def test_the_result_of_2024(forecast: Forecast) -> None:
    """Seats add up to the House, Labour's are 411, shares to one; 631 seats of Great Britain are scored."""
    truth = truth_of(forecast, load_evidence(own=False))
    by_line = dict(zip(forecast.lines, truth.seats.tolist(), strict=True))
    assert truth.seats.sum() == 650
    assert (by_line["lab"], by_line["con"], by_line["spk"]) == (411, 121, 1)
    assert truth.votes == pytest.approx([0.2436, 0.3464, 0.41], abs=0.003)
    assert truth.scored.sum() == 631
    assert truth.told.sum() == len(forecast.lines) - 1  # all but the Speaker


def test_seats_redrawn_since_are_not_scored(forecast: Forecast) -> None:
    """A forecast on other boundaries shares a few codes with the election's: none of them is a sample of anything."""
    made = cast(Any, forecast)
    seats = made.tree["seats"].ds
    codes = seats["constituency"].values.copy()
    codes[0] = "E14999999"
    made.tree["seats"] = SimpleNamespace(ds=seats.assign_coords(constituency=codes))
    assert not truth_of(forecast, load_evidence(own=False)).scored.any()
