"""The page that says what made the forecast."""

from types import ModuleType

import pytest

from models.explain_text import ASSOCIATION, EFFECT, REBELLIONS
from models.forecast import Forecast


@pytest.mark.usefixtures("stored")
def test_page_opens(forecast: Forecast, pages: ModuleType) -> None:
    """The page opens with the largest party, in three parts, and leads to the scenarios."""
    app = pages.start("why")
    assert not app.exception
    assert [heading.value for heading in app.main.subheader] == [
        "What moved the forecast",
        "Whose is the uncertainty",
        "What leaders and MPs are worth",
    ]
    first = max(zip(forecast.votes.mean(axis=0), forecast.parties, strict=True))[1]
    assert app.selectbox(key="why_party").value == first
    assert [link.label for link in app.page_link] == ["Change a leader: to the page Scenario"]


@pytest.mark.usefixtures("stored")
def test_every_chart_has_its_sentence_and_table(pages: ModuleType) -> None:
    """All three charts have a text alternative that stands on the page, too, and a table."""
    app = pages.start("why")
    text, alternatives = pages.texts(app), pages.alternatives(app)
    assert len(alternatives) == 3
    for alternative in alternatives:
        assert alternative in text
    assert [expander.label for expander in app.main.expander] == ["Table and files"] * 3
    for key in ("why_moved_box", "why_budget_box", "why_worth_box"):
        pages.open_box(app, key)
    assert [len(table.value) for table in app.dataframe] == [8, 12, 10]


@pytest.mark.usefixtures("stored")
def test_it_says_what_is_association(pages: ModuleType) -> None:
    """What is association, what may be read as effect, and that bad polls cause rebellions is said in plain words."""
    text = pages.texts(pages.start("why"))
    for said in (ASSOCIATION, EFFECT, REBELLIONS):
        assert said in text


@pytest.mark.usefixtures("stored")
def test_party_and_measure_can_be_chosen(forecast: Forecast, pages: ModuleType) -> None:
    """Every party can be chosen, in votes and in seats, and all three parts speak of it."""
    app = pages.start("why")
    codes = [code for code in forecast.parties if code != "oth"]
    assert len(app.selectbox(key="why_party").options) == len(codes)
    for code in codes:
        app.selectbox(key="why_party").set_value(code).run()
        assert not app.exception, code
    app.selectbox(key="why_party").set_value("lib")
    app.button_group(key="why_what").set_value("Seats").run()
    assert not app.exception
    text = pages.texts(app)
    assert "seats for the Liberal Democrats (90% range" in text
    assert "of the variance of seats comes from" in text
    assert "points of the vote to the Liberal Democrats a year later" in text
    pages.open_box(app, "why_moved_box")
    assert app.dataframe[0].value["Evidence"].to_list()[-1] == "The forecast"


def test_another_forecast_is_explained_anew(synthetic: ModuleType, pages: ModuleType) -> None:
    """When a new forecast is stored, its own numbers show and the chosen party stays."""
    pages.store(synthetic.synthetic_forecast(draws=100))
    app = pages.start("why")
    app.selectbox(key="why_party").set_value("grn").run()
    before = pages.texts(app)
    pages.store(synthetic.synthetic_forecast(draws=120, seed=2))
    app.run()
    assert not app.exception
    assert "120 simulations" in pages.texts(app)
    assert app.selectbox(key="why_party").value == "grn"
    assert pages.texts(app) != before
