from datetime import date

import numpy as np
import polars as pl
import pytest

from data import load_evidence
from models.forecast import Forecast
from models.seat_holders import BY_ELECTION, GENERAL, RECAST, holders, last_shares, seat_lines, seats_held
from models.seat_table import seat_table, tipping_seats
from tests.views.synthetic import synthetic_forecast

GORTON, RUNCORN, ABERDEEN, ARBROATH = "E14001251", "E14001455", "S14000061", "S14000066"
MAKERFIELD, CLACTON, YARMOUTH, CHORLEY = "E14001350", "E14001174", "E14001256", "E14001170"
ROCHDALE = "E14001446"


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=60)


def at(forecast: Forecast, as_of: date, previous: date = date(2024, 7, 4)) -> dict[str, tuple[str, str, date]]:
    """Who holds each seat as of a day, how and since when."""
    dates = {"as_of": as_of, "previous_election": previous}
    found = holders(Forecast(forecast.tree, forecast.manifest.model_copy(update=dates)))
    return {code: (who, how, on) for code, who, how, on in found.iter_rows()}


@pytest.mark.parametrize(
    ("code", "day", "before", "after"),
    [
        (RUNCORN, date(2025, 5, 1), "lab", "ref"),
        (GORTON, date(2026, 2, 26), "lab", "grn"),
        (MAKERFIELD, date(2026, 6, 18), "lab", "lab"),
        (ABERDEEN, date(2026, 6, 18), "snp", "con"),
        (ARBROATH, date(2026, 6, 18), "snp", "snp"),
        (CLACTON, date(2026, 8, 13), "ref", "ref"),
    ],
)
def test_a_by_election_is_known_the_day_after(
    code: str, day: date, before: str, after: str, forecast: Forecast
) -> None:
    """On polling day a seat is still the general election's; the next day it is the by-election's."""
    assert at(forecast, day)[code] == (before, GENERAL, date(2024, 7, 4))
    assert at(forecast, date.fromordinal(day.toordinal() + 1))[code] == (after, BY_ELECTION, day)


def test_all_other_seats_are_the_general_election_s(forecast: Forecast) -> None:
    """Six by-elections are known in September 2026; every other seat is held by who won it in 2024."""
    seats = seats_held(Forecast(forecast.tree, forecast.manifest.model_copy(update={"as_of": date(2026, 9, 30)})))
    assert seats.height == 650
    fought = seats.filter(pl.col("won_at") == BY_ELECTION)["constituency"]
    assert set(fought) == {RUNCORN, GORTON, MAKERFIELD, ABERDEEN, ARBROATH, CLACTON}
    assert seats.filter(pl.col("holder") != pl.col("base_winner"))["name"].sort().to_list() == [
        "Aberdeen South",
        "Gorton and Denton",
        "Runcorn and Helsby",
    ]
    assert seats.filter(constituency=CHORLEY)["holder"].item() == "spk"


def test_by_elections_before_a_redrawing_go_to_the_heir(forecast: Forecast) -> None:
    """In June 2024 Rochdale is held by another party; seats redrawn without a by-election are recast ones."""
    held = at(forecast, date(2024, 6, 1), previous=date(2019, 12, 12))
    assert held[ROCHDALE] == ("oth", BY_ELECTION, date(2024, 2, 29))
    assert held[CLACTON][1:] == (RECAST, date(2019, 12, 12))


@pytest.mark.parametrize(
    ("code", "party", "percent"), [(CLACTON, "ref", 46.4), (MAKERFIELD, "lab", 45.2), (YARMOUTH, "ref", 35.3)]
)
def test_last_results_are_those_declared(code: str, party: str, percent: float, forecast: Forecast) -> None:
    """A last share is the declared one, and a party that did not exist then has none."""
    lines = seat_lines(forecast, code)
    assert 100 * lines.filter(party=party)["base"].item() == pytest.approx(percent, abs=0.05)
    assert lines.filter(party="restore")["base"].item() is None
    assert lines["base"].sum() == pytest.approx(1.0)
    assert lines.drop("base").equals(forecast.constituency(code).drop("base"))


def test_every_last_share_is_the_table_s(forecast: Forecast) -> None:
    """In all 650 seats shares are votes of 2024 over all votes."""
    votes = load_evidence().results.filter(pl.col("election_date") == date(2024, 7, 4))
    total = dict(votes.group_by("constituency").agg(pl.col("votes").sum()).iter_rows())
    ours = {
        (code, party): share
        for code, party, share in last_shares(forecast)
        .unpivot(index="constituency", variable_name="party", value_name="share")
        .drop_nulls()
        .iter_rows()
    }
    told = {(code, party): n / total[code] for code, party, n in votes["constituency", "party", "votes"].iter_rows()}
    named = [key for key in told if key[1] in forecast.lines and key[1] not in {"oth", "spk"}]
    np.testing.assert_allclose([ours[key] for key in named], [told[key] for key in named])
    assert {key for key in ours if key[1] != "oth" and key not in told} == set()


def test_tables_of_seats_have_the_holder(forecast: Forecast) -> None:
    """Who holds a seat is the same in all tables, and its lead is the holder's."""
    table, tips = seat_table(forecast), tipping_seats(forecast, "lab")
    held = dict(seats_held(forecast).select("constituency", "holder").iter_rows())
    assert dict(table.select("constituency", "holder").iter_rows()) == held
    assert all(held[code] == who for code, who in tips.select("constituency", "holder").iter_rows())
    row = table.row(by_predicate=pl.col("constituency") == RUNCORN, named=True)
    assert (row["holder"], row["won_at"], row["won_on"]) == ("ref", BY_ELECTION, date(2025, 5, 1))
    share = forecast.tree["outcome"].ds["share_mean"].sel(constituency=RUNCORN, line=["ref", "lab"]).values
    assert row["holder_lead"] == pytest.approx(share[0] - share[1], abs=0.03)
