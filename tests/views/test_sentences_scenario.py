import re
from datetime import date

from models.forecast import Forecast
from models.polling_error import LAST_POLLS
from models.scenario import PartyScenario, Scenario
from views import palette, sentences_scenario


def test_named_errors_are_those_of_the_models() -> None:
    """What the panel says of a past election's polls is the largest miss of that year, in whole points."""
    assert set(sentences_scenario.ERRORS) == {None, "none", *LAST_POLLS}
    for year, missed in LAST_POLLS.items():
        party, (polled, result) = max(missed.items(), key=lambda item: abs(item[1][1] - item[1][0]))
        said = re.search(r": (\w+) polled (\d+) points too (low|high)$", sentences_scenario.ERRORS[year])
        assert said is not None
        assert said[1] in palette.line(party).who
        assert int(said[2]) == round(100 * abs(result - polled))
        assert said[3] == ("low" if result > polled else "high")


def test_every_setting_has_a_phrase(forecast: Forecast) -> None:
    """Each setting is said once, with its party, place and size."""
    seat = str(forecast.tree["seats"].ds["constituency"].values[0])
    name = str(forecast.tree["seats"].ds["name"].values[0])
    lab = PartyScenario(leader="A new leader", favourability=-10.0, mp_support=0.5, event="gaffe", share_shift=0.025)
    scenario = Scenario(
        parties={"lab": lab},
        turnout={"con": -0.1},
        regional_swing={"London": {"grn": 0.08}},
        seats={seat: "lab"},
        stand_downs={"ref": ["Scotland"]},
        tactical=0.5,
        polling_error="1992",
        election_date=date(2028, 5, 4),
    )
    assert sentences_scenario.settings(forecast, scenario) == [
        "Labour led by A new leader",
        "Labour leader's net favourability −10",
        "50% of Labour MPs behind the leader (202 of 403)",
        "Labour leader: gaffe",
        "Labour +2.5 points",
        "Cons. supporters who vote −10%",
        "Green +8 points in London",
        f"Labour wins {name}",
        "Reform does not stand in Scotland",
        "tactical voting at 50% of the estimate",
        "polls' error: as in 1992: Conservatives polled 5 points too low",
        "polling day 4 May 2028",
    ]
    assert sentences_scenario.settings(forecast, Scenario(name="Mine")) == []
