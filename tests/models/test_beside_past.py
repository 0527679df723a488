from datetime import date

import numpy as np
import polars as pl
import pytest

from data import load_evidence
from models.beside_past import as_large, beside_past, house_of, result_of
from models.forecast import Forecast
from models.record import past_elections
from tests.views.synthetic import synthetic_forecast

BLAIR, THATCHER, HEATH = date(1997, 5, 1), date(1983, 6, 9), date(1970, 6, 18)


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 300 draws."""
    return synthetic_forecast(draws=300)


@pytest.mark.parametrize("held", past_elections(load_evidence()))
def test_results_are_the_official_totals(held: date) -> None:
    """Seats fill the House, and main parties have the official seats and votes, the Speaker's party one seat less."""
    evidence = load_evidence()
    found = result_of(evidence, held)
    assert found["seats"].sum() == house_of(evidence, held)
    assert found["votes"].sum() == pytest.approx(1)
    official = evidence.national_results.filter(pl.col("election_date") == held)
    gb = official.filter(pl.col("area") == "GB")
    speakers = int(found.filter(pl.col("party") == "spk")["seats"].sum())
    short = 0
    for party in ("con", "lab", "lib"):
        row = found.row(by_predicate=pl.col("party") == party, named=True)
        told = official.filter(pl.col("area") == "UK", pl.col("party") == party)["seats"].item()
        short += told - row["seats"]
        share = gb.filter(pl.col("party") == party)["votes"].item() / gb["votes"].sum()
        assert row["votes"] == pytest.approx(share, abs=0.0015)
    assert 0 <= short <= speakers


def test_largest_party_comes_first() -> None:
    """1997 begins with Labour's 418 seats on 44 per cent."""
    top = result_of(load_evidence(), BLAIR).row(0, named=True)
    assert (top["party"], top["seats"]) == ("lab", 418)
    assert top["votes"] == pytest.approx(0.443, abs=0.001)
    assert house_of(load_evidence(), BLAIR) == 659


def test_chances_are_counted_by_parts_of_the_house(made: Forecast) -> None:
    """Labour's 418 of 659 seats are equalled with 413 of 650, and votes are compared as they are."""
    row = beside_past(made, load_evidence(), BLAIR).row(0, named=True)
    lab = made.seats[:, made.lines.index("lab")]
    assert row["p_seats"] == (lab >= 413).mean()
    assert 412 / 650 < 418 / 659 <= 413 / 650
    votes = made.votes[:, made.parties.index("lab")]
    assert row["p_votes"] == (votes >= row["votes_then"]).mean()
    assert row["seats_mean"] == pytest.approx(lab.mean())
    assert as_large(made, 418, 659) == (made.seats.max(axis=1) >= 413).mean()


def test_only_parties_of_both_are_compared(made: Forecast) -> None:
    """A party without votes then is left out, as are others and Northern Ireland."""
    found = beside_past(made, load_evidence(), HEATH)["party"].to_list()
    assert found[:2] == ["con", "lab"]
    assert set(found) == {"con", "lab", "lib", "snp", "plaid"}
    assert "ref" in beside_past(made, load_evidence(), date(2024, 7, 4))["party"].to_list()


def test_a_higher_mark_is_never_easier(made: Forecast) -> None:
    """The more seats a party had then, the fewer simulations equal them."""
    chances = [as_large(made, seats, 650) for seats in range(200, 500, 20)]
    assert (np.diff(chances) <= 0).all()
    assert as_large(made, 0, 650) == 1
    found = beside_past(made, load_evidence(), THATCHER)
    assert found["p_seats"].is_between(0, 1).all()
