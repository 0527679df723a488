import pytest

from models.forecast import Forecast
from models.scenario import Scenario
from views import answers


def test_answers_in_one_place_of_memory_have_two_names(forecast: Forecast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept for an answer that is gone is never given for another that took its place in memory."""
    monkeypatch.setattr(answers, "id", lambda _: 1, raising=False)
    asked = [Scenario(tactical=tactical) for tactical in (0.0, 0.5)]
    names = {answers.stamp(forecast), *(answers.stamp(answers.answer(forecast, one)) for one in asked)}
    assert len(names) == 3
