from dataclasses import replace
from datetime import date
from threading import Thread
from types import ModuleType

import pytest

from models.forecast import Forecast
from views import palette


@pytest.fixture
def ukip_years(forecast: Forecast, pages: ModuleType) -> None:
    """The only stored forecast is one of August 2016."""
    told = {"as_of": date(2016, 8, 22), "election_date": date(2017, 6, 8), "previous_election": date(2015, 5, 7)}
    pages.store(replace(forecast, manifest=forecast.manifest.model_copy(update=told)))


@pytest.mark.usefixtures("ukip_years")
def test_a_past_day_has_the_names_of_its_time(pages: ModuleType) -> None:
    """A page as of 2016 speaks of UKIP and never of Reform UK, in its fragments and in the panel, too."""
    for page in ("forecast", "map", "scenario"):
        app = pages.start(page)
        assert not app.exception
        options = [option for box in app.selectbox for option in box.options]
        said = " ".join([pages.texts(app), *pages.alternatives(app), *options])
        assert "Reform" not in said, page
        assert "UKIP" in app.segmented_control(key="sc_shown").options


@pytest.mark.parametrize(
    ("code", "year", "who", "letters"),
    [
        ("lib", 1980, "the Liberals", "Li"),
        ("lib", 1987, "the Alliance", "LA"),
        ("ref", 2016, "UKIP", "UK"),
        ("ref", 2026, "Reform UK", "R"),
        ("lab", 1980, "Labour", "L"),
    ],
)
def test_names_follow_the_year_of_the_run_alone(code: str, year: int, who: str, letters: str) -> None:
    """A run names parties by its own year while another run, in its thread, keeps today's names."""
    found: list[tuple[str, str]] = []

    def run() -> None:
        palette.name_as_in(year)
        found.append((palette.line(code).who, palette.line(code).letters))

    thread = Thread(target=run)
    thread.start()
    thread.join()
    assert found == [(who, letters)]
    assert palette.line("ref").who == "Reform UK"
    assert palette.line("lib").who == "the Liberal Democrats"
