from datetime import date

import numpy as np
import polars as pl
import pytest

from models.forecast import Forecast
from models.seat_holders import seats_held
from models.seat_margins import leads, share_blocks
from models.seat_table import swing_needed
from models.seat_targets import DEFEND, GAIN, elected, leader_seats, majority_swing, targets
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=200)


def test_sides_follow_the_holder(forecast: Forecast) -> None:
    """Each seat where a party stands is to defend if the party holds it, else to gain; never the Speaker's."""
    table = targets(forecast, "lab")
    held = seats_held(forecast)
    assert set(table.filter(side=DEFEND)["constituency"]) == set(held.filter(holder="lab")["constituency"])
    assert set(table["holder"].filter(table["side"] == GAIN)) >= {"con", "lib", "ref"}
    assert "spk" not in table["holder"].to_list()
    assert (table["rival"] != "lab").all()


def test_chance_to_change(forecast: Forecast) -> None:
    """To gain a seat is to win it, to lose one of its own is not to win it."""
    table = targets(forecast, "con")
    gain, defend = table.filter(side=GAIN), table.filter(side=DEFEND)
    np.testing.assert_allclose(gain["p_change"], gain["p_win"])
    np.testing.assert_allclose(defend["p_change"], 1 - defend["p_win"])


def test_swing_is_that_of_the_seat_table(forecast: Forecast) -> None:
    """Where the party is behind in a seat to gain, the swing is the one that the seat's card has."""
    table = targets(forecast, "lab").filter((pl.col("side") == GAIN) & (pl.col("swing") > 0))
    card = swing_needed(forecast).filter(challenger="lab").select("constituency", "ahead", card="swing")
    both = table.join(card, on="constituency")
    assert both.height == table.height > 50
    np.testing.assert_allclose(both["swing"], both["card"], atol=1e-12)
    assert (both["rival"] == both["ahead"]).all()


@pytest.mark.parametrize("party", ["lab", "ref", "con"])
def test_a_swing_of_that_size_gives_an_even_chance(forecast: Forecast, party: str) -> None:
    """Half of all draws have a majority once every lead is raised by twice the swing, and none the less before."""
    found = majority_swing(forecast, party)
    assert found is not None
    assert found.lo90 < found.median < found.hi90
    lead = np.concatenate([leads(shares)[:, forecast.lines.index(party)] for shares in share_blocks(forecast)])
    for nudge, expected in ((1e-3, 1.0), (-1e-3, -1.0)):
        won = (lead + 2 * (found.median + nudge) > 0).sum(axis=1) >= forecast.majority
        assert np.sign(won.mean() - 0.5) in (expected, 0.0)
    seats = (lead > 0).sum(axis=1) >= forecast.majority
    assert abs(seats.mean() - forecast.p_majority().get(party, 0.0)) < 0.01


def test_no_majority_for_a_party_of_one_nation(forecast: Forecast) -> None:
    """A party that stands in too few seats has no distance from a majority."""
    assert majority_swing(forecast, "snp") is None


def test_members_elected_are_named_unless_a_by_election_was_held(forecast: Forecast) -> None:
    """Every seat without a by-election since has the name of who won it in 2024; the others have none."""
    names = dict(elected(forecast).iter_rows())
    assert names["E14001402"] == "Kemi Badenoch"
    assert "E14001455" not in names  # Runcorn and Helsby, 1 May 2025
    assert len(names) > 630


def test_leaders_are_found_by_name(forecast: Forecast) -> None:
    """Leaders in office who won a seat in 2024 have it, the most at risk first; the others come last, without one."""
    table = leader_seats(forecast)
    seats = dict(table.select("leader", "name").iter_rows())
    assert seats["Kemi Badenoch"] == "North West Essex"
    assert seats["Ed Davey"] == "Kingston and Surbiton"
    assert seats["Andy Burnham"] is None
    since = dict(table.select("leader", "by_election").iter_rows())
    assert since["Nigel Farage"] == date(2026, 8, 13)
    chances = table["p_win"].drop_nulls()
    assert chances.is_sorted()
    assert table["p_win"].head(len(chances)).null_count() == 0
