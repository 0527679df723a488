import numpy as np
import polars as pl
import pytest

from models.effects import favourability_shift, worth
from models.forecast import Forecast
from models.leader_chain import COURSES, LINKS, SMALL_SHARE, Chain, chain, courses, state_of
from models.scenario import PartyScenario, Scenario, run_scenario
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=200)


@pytest.fixture(scope="module")
def found(forecast: Forecast) -> Chain:
    return chain(forecast, "con", draws=150)


def seats_of(forecast: Forecast, change: PartyScenario) -> np.ndarray:
    """Change of the Conservatives' seats in a scenario."""
    line = forecast.lines.index("con")
    other = run_scenario(forecast, Scenario(parties={"con": change}), draws=150, summaries=False)
    return other.seats[:, line] - forecast.seats[:150, line]


def test_seats_are_those_of_scenarios(forecast: Forecast, found: Chain) -> None:
    """Ten points of favourability, a tenth of the MPs and a point of the vote win the seats that a scenario wins."""
    state = state_of(forecast, "con")
    assert state.support is not None
    liked = PartyScenario(favourability=state.favourability + 10.0)
    np.testing.assert_array_equal(found.draws["standing_seats"], seats_of(forecast, liked))
    backed = PartyScenario(mp_support=state.support + 0.1)
    np.testing.assert_array_equal(found.draws["mps_seats"], seats_of(forecast, backed))
    np.testing.assert_array_equal(found.draws["share_seats"], seats_of(forecast, PartyScenario(share_shift=0.01)))


def test_points_are_those_of_the_links(forecast: Forecast, found: Chain) -> None:
    """Points of the vote and of favourability by polling day are what the links say, draw by draw."""
    links = forecast.tree["votes"].to_dataset().isel(draw=slice(0, 150))
    share, lead = float(forecast.votes[:, forecast.parties.index("con")].mean()), forecast.manifest.lead_days
    np.testing.assert_allclose(found.draws["standing_share"], worth(links, share, favourability=10.0, days=lead))
    np.testing.assert_allclose(found.draws["mps_share"], worth(links, share, support=0.1, days=lead))
    np.testing.assert_allclose(found.draws["mps_standing"], favourability_shift(links, 0.1, lead))


def test_a_new_leader_starts_from_the_record(forecast: Forecast) -> None:
    """How far a new leader is from the one in office has the mean of both standings and the spread of both."""
    state, values = state_of(forecast, "con"), chain(forecast, "con", draws=200).draws["new_leader"]
    assert values.mean() == pytest.approx(4.0 - state.favourability, abs=4.5)
    assert values.std() == pytest.approx(np.hypot(19.0, state.favourability_sd), rel=0.15)


def test_summary_has_every_link(found: Chain) -> None:
    """Every link has a row with its median inside its ranges."""
    table = found.summary()
    assert table["link"].to_list() == list(LINKS)
    assert table.select((pl.col("lo95") <= pl.col("lo90")) & (pl.col("lo90") <= pl.col("median"))).to_series().all()
    assert table.select((pl.col("median") <= pl.col("hi50")) & (pl.col("hi50") <= pl.col("hi95"))).to_series().all()


def test_where_there_is_no_room_mps_are_lost(forecast: Forecast) -> None:
    """Behind a leader with more than nine in ten of her MPs the change is a loss, and its worth is one, too."""
    lab = chain(forecast, "lab", draws=50)
    assert lab.mps == -0.1
    assert np.median(lab.draws["mps_share"]) < 0
    assert courses(forecast, "lab", draws=50).filter(link="mps_standing")["median"][-1] < 0


def test_unknown_support_has_no_links(forecast: Forecast) -> None:
    """Where no support is known there is no link from MPs, and a small party's vote moves by a tenth of a point."""
    snp = chain(forecast, "restore", draws=50)
    assert not any(link.startswith("mps") for link in snp.draws)
    assert snp.share == SMALL_SHARE
    assert courses(forecast, "restore")["link"].unique().to_list() == ["standing_share"]


def test_courses_start_at_nought_and_end_with_the_chain(forecast: Forecast, found: Chain) -> None:
    """On the day of a change nothing has moved; on polling day each course is where the chain says."""
    table = courses(forecast, "con", draws=150)
    ends = dict(found.summary().select("link", "median").iter_rows())
    for link in COURSES:
        rows = table.filter(link=link)
        assert rows["median"][0] == pytest.approx(0, abs=1e-9)
        assert rows["days"][-1] == forecast.manifest.lead_days
        assert rows["median"][-1] == pytest.approx(ends[link])
