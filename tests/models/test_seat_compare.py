from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.errors import BadInput
from models.forecast import Forecast
from models.seat_compare import changed_since, earlier_chances, previous_forecast, similar_seats
from models.store import MANIFEST, forecast_path, save_forecast
from tests.models.conftest import tiny_forecast
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def whole() -> Forecast:
    return synthetic_forecast(draws=100)


def of_day(day: date) -> Forecast:
    """The small forecast as if made on another day."""
    made = tiny_forecast()
    return Forecast(made.tree, made.manifest.model_copy(update={"as_of": day}))


def keep(forecast: Forecast) -> Path:
    """Store a forecast under its own dates."""
    return save_forecast(forecast, forecast_path(forecast.manifest.as_of, forecast.manifest.election_date))


def test_a_forecast_has_not_changed_since_itself(whole: Forecast) -> None:
    """Beside itself a forecast shows no change."""
    assert changed_since(whole, whole).is_empty()


def test_change_is_aligned_by_seat_and_party() -> None:
    """A seat now won by one party in every draw moved by what others had there, in whatever order seats lie."""
    earlier = tiny_forecast()
    tree = earlier.tree.copy(deep=True)
    tree["outcome"].ds["winner"].values[:, 2] = 0
    later = Forecast(tree.isel(constituency=[4, 2, 0, 3, 1]), earlier.manifest)
    (row,) = changed_since(later, earlier).iter_rows(named=True)
    chances = earlier.p_win[2]
    assert row["constituency"] == "E14000002"
    assert row["moved"] == pytest.approx(1 - chances[0])
    assert (row["leader"], row["p_leader"]) == ("con", 1.0)
    assert row["p_before"] == pytest.approx(chances.max())


def test_the_largest_change_comes_first(whole: Forecast) -> None:
    """Changes fall in size, and none is more than all."""
    changes = changed_since(whole, synthetic_forecast(draws=100, seed=2))
    assert changes.height > 100
    assert changes["moved"].is_sorted(descending=True)
    assert changes["moved"].is_between(0, 1).all()


def test_other_boundaries_are_refused(whole: Forecast) -> None:
    """Forecasts of other constituencies cannot be compared, and the sentence says so."""
    with pytest.raises(BadInput, match="on different boundaries: 655 constituencies"):
        changed_since(whole, tiny_forecast())


def test_the_last_sound_forecast_of_the_election_is_found() -> None:
    """Of those stored, the newest from earlier evidence counts; damaged ones and other elections are passed over."""
    now = of_day(date(2024, 7, 1))
    assert previous_forecast(now) is None
    keep(now)
    keep(of_day(date(2024, 7, 2)))
    keep(of_day(date(2024, 5, 1)))
    keep(of_day(date(2024, 6, 1)))
    (keep(of_day(date(2024, 6, 20))) / MANIFEST).write_text("{}")
    other = now.manifest.model_copy(update={"as_of": date(2024, 6, 25), "election_date": date(2024, 7, 11)})
    keep(Forecast(now.tree, other))
    found = previous_forecast(now)
    assert found is not None
    assert found.manifest.as_of == date(2024, 6, 1)


@pytest.mark.parametrize("nation", ["England", "Scotland", "Northern Ireland"])
def test_similar_seats_are_near_both_ways_and_never_the_seat(whole: Forecast, nation: str) -> None:
    """The nearest seats come in order, without the seat itself, and are as far from it as it from them."""
    code = whole.constituencies().filter(nation=nation)["constituency"][0]
    near = similar_seats(whole, code, 5)
    assert near.height == 5
    assert code not in near["constituency"].to_list()
    assert near["distance"].is_sorted()
    assert near["distance"].is_finite().all()
    other = near["constituency"][0]
    back = similar_seats(whole, other, whole.n_seats).filter(constituency=code)
    assert back["distance"][0] == pytest.approx(near["distance"][0])


def test_similar_seats_are_alike(whole: Forecast) -> None:
    """Seats nearest to a seat differ less from it in expected shares than seats do in general."""
    seats = whole.constituencies()
    shares = whole.tree["outcome"].ds["share_mean"].values
    at = seats["constituency"].to_list().index(seats.filter(name="Clacton")["constituency"][0])
    gap = pl.DataFrame({"constituency": seats["constituency"], "gap": np.abs(shares - shares[at]).sum(axis=1)})
    near = similar_seats(whole, seats["constituency"][at]).join(gap, on="constituency")
    assert near["gap"].max() < gap["gap"].quantile(0.2)  # type: ignore[operator]


def test_an_unknown_seat_is_refused(whole: Forecast) -> None:
    """A code that is none is refused with one that is."""
    with pytest.raises(BadInput, match=r'No constituency "Clacton".*Give a code such as E14'):
        similar_seats(whole, "Clacton")


def test_earlier_chances_are_those_of_the_last_forecasts() -> None:
    """As many earlier forecasts as asked for are read, the last first, each with the chances it gave every line."""
    now = of_day(date(2024, 7, 1))
    assert earlier_chances(now).is_empty()
    for day in (date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)):
        keep(of_day(day))
    table = earlier_chances(now, 2)
    assert table["as_of"].unique(maintain_order=True).to_list() == [date(2024, 6, 1), date(2024, 5, 1)]
    assert table.height == 2 * now.n_seats * len(now.lines)
    seat, line = now.n_seats - 1, len(now.lines) - 1
    code = now.constituencies()["constituency"][seat]
    mine = table.filter(constituency=code, party=now.lines[line])
    assert mine["p_win"].to_list() == [now.p_win[seat, line]] * 2
    assert table.group_by("as_of", "constituency").agg(pl.col("p_win").sum())["p_win"].is_close(1.0).all()
