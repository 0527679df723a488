from datetime import date

import numpy as np
import polars as pl
import pytest

from data import Evidence, load_evidence
from models.forecast import Forecast
from models.leader_alternatives import IN_OFFICE, RATED, UNRATED, Alternative, alternatives, summary
from models.leader_people import people
from models.reading_scale import ReadingScale
from models.scenario import NEW_LEADER
from models.shipped_links import shipped_links
from tests.views.synthetic import synthetic_forecast

LAST = date(2024, 7, 4)


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=200)


@pytest.fixture(scope="module")
def evidence(forecast: Forecast) -> Evidence:
    return load_evidence(own=False).as_of(forecast.manifest.as_of)


@pytest.fixture(scope="module")
def scale(evidence: Evidence) -> ReadingScale:
    return shipped_links(evidence, LAST).scale


@pytest.fixture(scope="module")
def found(forecast: Forecast, evidence: Evidence, scale: ReadingScale) -> list[Alternative]:
    return alternatives(forecast, evidence, scale, "con", draws=200)


def names(day: date, party: str, leader: str) -> dict[str, str]:
    """Who might lead on a day, and where each is named."""
    known = load_evidence(own=False).as_of(day)
    scale = shipped_links(known, LAST).scale
    return {one.name: one.known_from for one in people(known, scale, party, leader, LAST)}


def test_who_left_the_party_is_not_named() -> None:
    """Jenrick might have led the Conservatives until the day he went to Reform UK; Cleverly still might."""
    before, after = (names(day, "con", "Kemi Badenoch") for day in (date(2026, 1, 14), date(2026, 1, 15)))
    assert "Robert Jenrick" in before
    assert "Robert Jenrick" not in after
    assert after["James Cleverly"] == "contest of 2024"
    assert "Kemi Badenoch" not in after
    assert "Penny Mordaunt" not in after, "she lost her seat in 2024"


def test_ministers_and_former_leaders_are_named() -> None:
    """Ministers whose going an event names may lead, and former leaders who are still in the House."""
    lab = names(date(2026, 9, 30), "lab", "Andy Burnham")
    assert lab["Wes Streeting"] == "left the front bench in 2026"
    assert lab["Ed Miliband"] == "leader until 2015"
    assert names(date(2026, 9, 30), "ref", "Nigel Farage") == {"Richard Tice": "leader until 2024"}


def test_leader_in_office_is_the_forecast(forecast: Forecast, found: list[Alternative]) -> None:
    """The first row is the forecast as it stands: no seat changes."""
    first = found[0]
    assert (first.name, first.basis) == ("Kemi Badenoch", IN_OFFICE)
    assert not first.change.any()
    np.testing.assert_array_equal(first.seats, forecast.seats[:200, forecast.lines.index("con")])
    assert first.last_rating == date(2026, 4, 23)


def test_those_without_ratings_share_one_answer(found: list[Alternative]) -> None:
    """Whoever was never rated has the seats of a new leader; who was has her own."""
    by_name = {one.name: one for one in found}
    new, cleverly, sunak = by_name[NEW_LEADER], by_name["James Cleverly"], by_name["Rishi Sunak"]
    assert cleverly.basis == UNRATED
    assert cleverly.seats is new.seats
    assert cleverly.p_lasts == new.p_lasts
    assert (sunak.basis, sunak.n_ratings) == (RATED, 85)
    assert sunak.seats.mean() < new.seats.mean(), "voters like him less than they liked new leaders"
    assert sunak.p_lasts is not None
    assert new.p_lasts is not None
    assert sunak.p_lasts < new.p_lasts


def test_summary_counts_paired_changes(found: list[Alternative]) -> None:
    """Chances of more and of fewer seats are counted draw by draw, and equal answers have one number."""
    table = summary(found)
    one, row = found[1], table.row(1, named=True)
    assert row["p_better"] == pytest.approx((one.seats > found[0].seats).mean())
    assert row["p_worse"] == pytest.approx((one.seats < found[0].seats).mean())
    assert row["change"] == np.median(one.seats - found[0].seats)
    assert table.filter(pl.col("basis") == UNRATED)["group"].n_unique() == 1
    assert table["group"].n_unique() == 2 + table.filter(basis=RATED).height


def test_chance_to_last_is_null_where_not_learned(forecast: Forecast, evidence: Evidence, scale: ReadingScale) -> None:
    """Of parties no leader of which was learned from it is not said how long one lasts."""
    assert all(one.p_lasts is None for one in alternatives(forecast, evidence, scale, "ref", draws=50))
    lab = alternatives(forecast, evidence, scale, "lab", draws=50)
    assert all(one.p_lasts is not None and 0 < one.p_lasts < 1 for one in lab)
