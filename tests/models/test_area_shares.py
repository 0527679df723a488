import pytest

from data.errors import BadInput
from models.area_shares import BRITAIN, area_shares, areas, with_shares, without_regions
from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, run_scenario
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    """A made-up forecast that scenarios can be put to."""
    return synthetic_forecast(draws=300)


def share(forecast: Forecast, area: str, party: str) -> float:
    found = {(where, code): value for where, code, value in area_shares(forecast).rows()}
    return found[area, party]


def test_shares_sum_to_one_and_regions_to_their_nation(forecast: Forecast) -> None:
    """Shares of an area sum to 1, and England lies between its regions."""
    table = area_shares(run_scenario(forecast, Scenario()))
    for area in areas(forecast):
        assert table.filter(table["area"] == area)["share"].sum() == pytest.approx(1.0, abs=1e-3)
    regions = [share(forecast, region, "lab") for region in areas(forecast)["England"]]
    assert min(regions) < share(forecast, "England", "lab") < max(regions)


@pytest.mark.parametrize(
    ("area", "party"), [(BRITAIN, "lab"), ("Scotland", "lab"), ("London", "grn"), ("England", "ref")]
)
def test_a_share_wanted_is_met(forecast: Forecast, area: str, party: str) -> None:
    """The change found gives the share wanted on average, and leaves the rest of the scenario alone."""
    wanted = share(forecast, area, party) + 0.04
    asked = Scenario(tactical=0.5, parties={"con": PartyScenario(share_shift=0.01)})
    scenario = with_shares(forecast, asked, {(area, party): wanted})
    assert share(run_scenario(forecast, scenario), area, party) == pytest.approx(wanted, abs=0.0006)
    assert scenario.tactical == 0.5
    assert scenario.parties["con"] == asked.parties["con"]


def test_a_region_and_great_britain_are_met_together(forecast: Forecast) -> None:
    """A region can be lifted while Great Britain keeps its share: the rest of the country gives way."""
    britain, london = share(forecast, BRITAIN, "grn"), share(forecast, "London", "grn") + 0.05
    wanted = {(BRITAIN, "grn"): britain, ("London", "grn"): london}
    answer = run_scenario(forecast, with_shares(forecast, Scenario(), wanted))
    assert share(answer, BRITAIN, "grn") == pytest.approx(britain, abs=0.0006)
    assert share(answer, "London", "grn") == pytest.approx(london, abs=0.0006)
    assert share(answer, "South West", "grn") < share(forecast, "South West", "grn")


def test_shares_that_contradict_one_another_are_refused(forecast: Forecast) -> None:
    """Nations that do not add up to Great Britain are refused, and so are unknown areas and changes too large."""
    nations = {(nation, "lab"): 0.35 for nation in ("England", "Scotland", "Wales")}
    with pytest.raises(BadInput, match="cannot be met beside"):
        with_shares(forecast, Scenario(), {**nations, (BRITAIN, "lab"): 0.25})
    with pytest.raises(BadInput, match='No share of "lab" in "Kent"'):
        with_shares(forecast, Scenario(), {("Kent", "lab"): 0.3})
    with pytest.raises(BadInput, match="30 points"):
        with_shares(forecast, Scenario(), {(BRITAIN, "snp"): 0.6})


def test_regional_swings_of_one_party_are_taken_back() -> None:
    """Only the party's own swings go, and no empty region stays."""
    scenario = Scenario(regional_swing={"London": {"lab": 0.1}, "Wales": {"lab": 0.1, "ref": 0.2}})
    assert without_regions(scenario, "lab").regional_swing == {"Wales": {"ref": 0.2}}
