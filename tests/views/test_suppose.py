"""The section that supposes something had been observed."""

from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from models.condition import Given, condition, matching
from models.forecast import Forecast
from models.scenario import Scenario, run_scenario
from views import frames_suppose, sentences_suppose

SCRIPT = """
from models.store import default_path, load_forecast
from views import suppose
suppose.show(load_forecast(default_path()))
"""


def start() -> AppTest:
    """A session that looks at the section alone."""
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not app.exception
    return app


def choose(app: AppTest, key: str, value: str) -> AppTest:
    """Choose in one box."""
    app.selectbox(key=key).set_value(value).run()
    assert not app.exception, key
    return app


@pytest.mark.usefixtures("stored")
def test_section_opens_with_nothing_supposed(pages: ModuleType) -> None:
    """At first nothing is supposed, nothing is drawn, and the label says what this is not."""
    app = start()
    text = pages.texts(app)
    assert "**If we had observed this**: simulations that match count more" in text
    assert "not *if we made it so*" in text
    assert "Nothing is supposed yet" in text
    assert pages.alternatives(app) == []


@pytest.mark.usefixtures("stored")
def test_largest_party_is_supposed(pages: ModuleType, forecast: Forecast) -> None:
    """A largest party gives a sentence, the number of simulations that match, two charts with sentences, and seats."""
    app = choose(start(), "sup_largest", "lab")
    text = pages.texts(app)
    assert "If we had observed Labour with the most seats, " in text
    match = int(matching(forecast, Given(largest="lab")))
    assert f"This rests on the {match} of 400 simulations that match." in text
    assert len(pages.alternatives(app)) == 2
    assert all(alternative in text for alternative in pages.alternatives(app))
    assert list(app.dataframe[0].value.columns) == ["Seat", "Forecast", "If observed"]
    assert "Labour alone" in list(app.table[0].value["Who"])


@pytest.mark.usefixtures("stored")
def test_conditions_are_joined_and_taken_back(pages: ModuleType, forecast: Forecast) -> None:
    """A seat's winner and a share are supposed together; one button takes both back."""
    codes = forecast.tree["seats"].ds["constituency"].values.astype(str)
    place = int((forecast.p_win[:, 1] > 0.5).argmax())
    app = choose(start(), "sup_seat", str(codes[place]))
    app = choose(app, f"sup_seat_{codes[place]}", "lab")
    app = choose(app, "sup_party", "lab")
    app.number_input(key="sup_near").set_value(3.0).run()
    assert not app.exception
    text = pages.texts(app)
    assert f"If we had observed Labour winning {forecast.constituencies()['name'][place]} and Labour on" in text
    assert "of the vote, " in text
    assert "within 3 points)" in text
    app.button(key="sup_clear").click().run()
    assert not app.exception
    assert "Nothing is supposed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_the_near_impossible_is_refused(pages: ModuleType, forecast: Forecast) -> None:
    """What fewer than a hundred simulations have gets a sentence with their number instead of charts."""
    rare = min(forecast.p_largest().items(), key=lambda item: item[1])
    assert 400 * rare[1] < 100
    app = choose(start(), "sup_largest", rare[0])
    (warning,) = (element.value.replace("\\", "") for element in app.warning)
    assert 'of 400 simulations match; widen the condition or use "make it so".' in warning or "No simulation" in warning
    assert pages.alternatives(app) == []


@pytest.mark.usefixtures("stored")
def test_every_majority_can_be_asked(pages: ModuleType) -> None:
    """Each choice of a majority is answered, by charts or by one sentence that refuses it."""
    app = start()
    for code in ["none", "lab", "con", "ref"]:
        if code == "none" or code in {"lab", "con", "ref"} & _majorities(app):
            app = choose(app, "sup_majority", code)
            assert len(pages.alternatives(app)) == 2 or len(app.warning) == 1


def _majorities(app: AppTest) -> set[str]:
    names = {"Labour": "lab", "Conservative": "con", "Reform UK": "ref"}
    return {names[name] for name in app.selectbox(key="sup_majority").options if name in names}


def test_sentences_are_those_of_the_numbers(forecast: Forecast) -> None:
    """The headline names the line whose mean moves most, with both means, and no hung parliament given a majority."""
    given = Given(largest="ref") if forecast.p_largest().get("ref", 0) > 0.3 else Given(largest="lab")
    seen = condition(forecast, given, summaries=False)
    before, after = forecast.seats.mean(axis=0), seen.seats.mean(axis=0)
    place = int(abs(after - before).argmax())
    text = sentences_suppose.headline(forecast, seen, given)
    assert f"would win {after[place]:.0f} seats on average" in text
    assert f"against {before[place]:.0f} (" in text
    assert "hung parliament would be" in text
    hung = Given(majority="none")
    assert "hung parliament would" not in sentences_suppose.headline(
        forecast, condition(forecast, hung, summaries=False), hung
    )


def test_who_could_govern(forecast: Forecast) -> None:
    """In a hung parliament nobody has a majority alone, and pairs have theirs as often as they have it there."""
    seen = condition(forecast, Given(majority="none"), summaries=False)
    table = frames_suppose.governing(forecast, seen, ["Forecast", "If observed"])
    alone = table.filter(table["Who"].str.ends_with(" alone"))
    assert set(alone["If observed"]) == {"0 of 100"}
    assert table["Who"][0].count(" and ") == 1


def test_the_answer_to_a_scenario_can_be_supposed_of(forecast: Forecast) -> None:
    """What is supposed of an answer is weighed among the answer's simulations."""
    answer = run_scenario(forecast, Scenario(tactical=0.0), summaries=False)
    seen = condition(answer, Given(largest="lab"), summaries=False)
    assert set(map(bytes, seen.winner)) <= set(map(bytes, answer.winner))
    text = sentences_suppose.matched(answer, Given(largest="lab"), matching(answer, Given(largest="lab")))
    assert text.endswith("of 400 simulations that match.")
    assert ") in the scenario, and" in sentences_suppose.headline(answer, seen, Given(largest="lab"))
