import numpy as np
import polars as pl
import pytest

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, run_scenario, simulator
from models.seat_margins import SeatMargins, can_have_majority, leads, seat_margins, share_blocks, tipping_point
from models.seat_table import seat_table, swing_needed, tipping_seats
from models.swing import SeatSimulator
from tests.views.synthetic import synthetic_forecast

DRAWS = 300
"""One whole block of draws and a part of the next."""


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=DRAWS)


@pytest.fixture(scope="module")
def table(forecast: Forecast) -> pl.DataFrame:
    return seat_table(forecast)


@pytest.fixture(scope="module")
def margins(forecast: Forecast) -> SeatMargins:
    return seat_margins(forecast)


def test_the_shares_drawn_again_are_the_forecast_s(forecast: Forecast) -> None:
    """Shares drawn again sum to 1, have the forecast's winner in every seat and draw, and its means."""
    shares = np.concatenate(list(share_blocks(forecast)))
    assert shares.shape == (DRAWS, len(forecast.lines), 650)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    won = np.take_along_axis(shares, forecast.winner[:, None].astype(int), axis=1)[:, 0]
    np.testing.assert_allclose(won, shares.max(axis=1), rtol=1e-5)
    assert (shares.argmax(axis=1) == forecast.winner).mean() > 0.9999
    expected = forecast.tree["outcome"].ds["share_mean"].values
    np.testing.assert_allclose(shares.mean(axis=0, dtype=float).T, expected, atol=1e-6)


def test_shares_of_an_answer_are_drawn_with_its_settings(forecast: Forecast) -> None:
    """Shares of a scenario are those its winners were counted from, and an empty scenario's are the forecast's."""
    asked = Scenario(parties={"lab": PartyScenario(share_shift=-0.05)}, tactical=0.0, turnout={"con": 0.1})
    answer = run_scenario(forecast, asked)
    shares = np.concatenate(list(share_blocks(answer)))
    np.testing.assert_array_equal(shares.argmax(axis=1), answer.winner)
    assert (answer.winner != forecast.winner).any()
    np.testing.assert_allclose(shares.mean(axis=0).T, answer.tree["outcome"].ds["share_mean"].values, atol=1e-5)
    few = np.concatenate(list(share_blocks(run_scenario(forecast, Scenario(), draws=100))))
    np.testing.assert_array_equal(few, next(iter(share_blocks(forecast)))[:100])


def test_the_answer_to_an_empty_scenario_is_a_forecast(forecast: Forecast, margins: SeatMargins) -> None:
    """A scenario without settings is the base, and its first draws are the base's first."""
    same = run_scenario(forecast, Scenario())
    np.testing.assert_array_equal(seat_margins(same).tipping, margins.tipping)
    few = np.concatenate(list(share_blocks(run_scenario(forecast, Scenario(), draws=100))))
    np.testing.assert_array_equal(few, next(iter(share_blocks(forecast)))[:100])


def test_margins_use_the_forecast_s_simulator_and_are_made_once(
    forecast: Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The errors of every seat, which are large, are not made a second time; nor are margins asked for again."""
    simulator(forecast)
    monkeypatch.setattr(SeatSimulator, "__init__", None)
    made = seat_margins(forecast)
    monkeypatch.setattr(SeatSimulator, "share_blocks", None)
    assert seat_margins(forecast) is made


def test_leads_are_over_the_best_rival() -> None:
    """Each party's lead is over the best of the others; a tie is a lead of nought."""
    shares = np.array([[[0.5, 0.4], [0.3, 0.4], [0.2, 0.2]]], dtype=np.float32)
    np.testing.assert_allclose(leads(shares)[0], [[0.2, 0.0], [-0.2, 0.0], [-0.3, -0.2]], atol=1e-6)


def test_tipping_point_is_the_seat_that_completes_a_majority() -> None:
    """Of five seats the third by lead tips, whether or not the party wins it."""
    wins = [0.3, 0.01, 0.2, -0.1, -0.2]
    loses = [0.1, -0.3, -0.02, -0.01, -0.2]
    np.testing.assert_array_equal(tipping_point(np.array([wins, loses], dtype=np.float32), 3), [1, 2])


def test_a_majority_is_won_where_the_tipping_seat_is(forecast: Forecast) -> None:
    """In each draw a party has a majority exactly if it wins the seat that tips."""
    lab = forecast.lines.index("lab")
    shares = np.concatenate(list(share_blocks(forecast)))
    tips = tipping_point(leads(shares)[:, lab], forecast.majority)
    won = forecast.winner[np.arange(DRAWS), tips] == lab
    assert 0 < won.mean() < 1
    np.testing.assert_array_equal(won, forecast.seats[:, lab] >= forecast.majority)


def test_tipping_seats_are_ordered_and_sum_to_one(forecast: Forecast, margins: SeatMargins) -> None:
    """Each seat tips as often as counted; chances to tip sum to 1, and places follow the party's chance."""
    tips = tipping_seats(forecast, "lab")
    assert tips["p_tip"].sum() == pytest.approx(1.0)
    assert tips["p_tip"].is_sorted(descending=True)
    assert tips.sort("place")["p_win"].is_sorted(descending=True)
    assert sorted(tips["place"]) == list(range(1, tips.height + 1))
    assert margins.tipping.sum(axis=1).round(9).tolist() == [
        float(line in can_have_majority(forecast)) for line in forecast.lines
    ]
    assert tipping_seats(forecast).equals(tipping_seats(forecast, can_have_majority(forecast)[0]))


@pytest.mark.parametrize("party", ["snp", "spk", "oth", "labour"])
def test_a_party_without_a_way_to_a_majority_is_refused(forecast: Forecast, party: str) -> None:
    """A party that stands in too few seats, or is none, is refused with those allowed."""
    with pytest.raises(BadInput, match=f'"{party}".*Allowed: .*lab'):
        tipping_seats(forecast, party)


def test_every_seat_has_a_row_and_its_chances_sum_to_one(forecast: Forecast, table: pl.DataFrame) -> None:
    """The table has each seat once, chances over parties sum to 1, and mean shares too."""
    assert table["constituency"].n_unique() == table.height == forecast.n_seats
    for kind in ("p", "share"):
        total = table.select(pl.sum_horizontal(f"{kind}_{line}" for line in forecast.lines)).to_series()
        np.testing.assert_allclose(total, 1.0, atol=1e-5)
    likeliest = table.select(pl.max_horizontal(f"p_{line}" for line in forecast.lines)).to_series()
    np.testing.assert_allclose(likeliest, table["p_leader"])
    abroad = table.filter(pl.col("nation") == "England")
    assert abroad["p_snp"].is_null().all()
    assert table.filter(pl.col("nation") == "Scotland", pl.col("holder") != "spk")["p_snp"].is_not_null().all()


def test_intervals_hold_their_means(table: pl.DataFrame) -> None:
    """Majority, the holder's lead and each share lie within their 90 % interval; no majority is below nought."""
    spans = [("majority", "majority_lo90", "majority_hi90"), ("holder_lead", "holder_lead_lo90", "holder_lead_hi90")]
    spans += [(f"share_{line}", f"lo90_{line}", f"hi90_{line}") for line in ("con", "lab", "ref", "snp")]
    for mean, lo, hi in spans:
        outside = table.filter((pl.col(lo) > pl.col(mean) + 0.003) | (pl.col(mean) > pl.col(hi) + 0.003))
        assert outside.is_empty(), mean
    assert table["majority_lo90"].min() >= 0  # type: ignore[operator]
    assert (table["holder_lead"] <= table["majority"] + 1e-6).all()


def test_margins_are_those_of_the_draws(forecast: Forecast, table: pl.DataFrame) -> None:
    """Majority and the holder's lead of a seat are what its shares say, draw by draw."""
    at = 100
    shares = np.sort(np.concatenate([block[:, :, at] for block in share_blocks(forecast)]), axis=1)
    majority = shares[:, -1] - shares[:, -2]
    row = table.row(at, named=True)
    assert row["majority"] == pytest.approx(majority.mean(), abs=1e-6)
    assert row["majority_hi90"] == pytest.approx(np.quantile(majority, 0.95), abs=1e-6)
    holder = forecast.lines.index(row["holder"])
    assert (row["holder_lead"] > 0) or forecast.p_win[at, holder] < 1


def test_swing_needed_makes_the_two_level(forecast: Forecast, table: pl.DataFrame) -> None:
    """A swing is 0 to 50 points; taken from the party ahead and given to the challenger it makes the two equal."""
    swings = swing_needed(forecast)
    assert swings["swing"].is_between(0, 0.5).all()
    outcome = forecast.tree["outcome"].ds["share_mean"]
    for row in swings.gather_every(211).iter_rows(named=True):
        ahead, challenger = (
            float(outcome.sel(constituency=row["constituency"], line=row[name])) for name in ("ahead", "challenger")
        )
        assert ahead - row["swing"] == pytest.approx(challenger + row["swing"])
        assert ahead == float(outcome.sel(constituency=row["constituency"]).max())
    nearest = swings.group_by("constituency").agg(pl.col("swing").min())
    joined = table.join(nearest, on="constituency", suffix="_least")
    assert joined.height == swings["constituency"].n_unique()
    np.testing.assert_array_equal(joined["swing"], joined["swing_least"])
