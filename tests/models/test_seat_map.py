import numpy as np
import polars as pl
import pytest

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, run_scenario
from models.seat_holders import holders
from models.seat_map import seats_to_map
from models.seat_table import seat_table
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def whole() -> Forecast:
    return synthetic_forecast(draws=100)


@pytest.fixture(scope="module")
def answer(whole: Forecast) -> Forecast:
    return run_scenario(whole, Scenario(parties={"lab": PartyScenario(share_shift=0.05)}))


def test_a_forecast_is_compared_with_the_holders(whole: Forecast) -> None:
    """Without a scenario a winner is compared with the holder, and swings are those of the table of seats."""
    seats = seats_to_map(whole, whole)
    assert seats["was"].to_list() == holders(whole)["holder"].to_list()
    table = seat_table(whole)
    assert seats["constituency"].to_list() == table["constituency"].to_list()
    for name in ("ahead", "challenger", "swing"):
        assert seats[name].to_list() == table[name].to_list()


def test_a_scenario_is_compared_with_its_base(whole: Forecast, answer: Forecast) -> None:
    """With a scenario a winner is compared with the winner without it, and holders stay who they are."""
    seats = seats_to_map(whole, answer)
    assert seats["was"].to_list() == whole.constituencies()["winner"].to_list()
    assert seats["winner"].to_list() == answer.constituencies()["winner"].to_list()
    assert seats["holder"].to_list() == holders(whole)["holder"].to_list()
    moved = seats.filter(pl.col("winner") != pl.col("was"))
    assert moved.filter(winner="lab").height > 0.9 * moved.height > 10


def test_uniform_swing_moves_all_seats_alike(whole: Forecast) -> None:
    """The winner by uniform swing is that of last shares plus the country's change, wherever that is clear."""
    last = {"con": 0.244, "lab": 0.346, "lib": 0.126, "ref": 0.147, "grn": 0.069, "snp": 0.026, "plaid": 0.007}
    last |= {"oth": 0.035, "restore": 0.001}
    ds, votes = whole.tree["seats"].ds, dict(zip(whole.parties, whole.votes.mean(axis=0), strict=True))
    base = np.stack([ds["base_share"].sel(line=party).values for party in last], axis=1)
    swung = np.where(base > 0, base + [votes[party] - share for party, share in last.items()], -1.0)
    second, first = np.sort(swung, axis=1)[:, -2:].T
    clear = (first - second > 0.01) & np.isin(ds["nation_of"].values, ["England", "Scotland", "Wales"])
    clear &= ds["base_winner"].values != "spk"
    ours = seats_to_map(whole, whole)["uniform"].to_numpy()
    assert clear.sum() > 500
    assert (ours[clear] == np.array(list(last))[swung.argmax(axis=1)][clear]).all()


def test_uniform_swing_says_nothing_of_northern_ireland(whole: Forecast) -> None:
    """Parties of Northern Ireland do not swing with Great Britain, so no seat there differs."""
    ours = seats_to_map(whole, whole).filter(nation="Northern Ireland")
    assert ours["uniform"].to_list() == ours["winner"].to_list()
    assert np.isin(ours["winner"].to_numpy(), whole.lines).all()
