import polars as pl
import pytest

from models.forecast import Forecast
from models.seat_map import seats_to_map
from views import hexes, sentences_map

SEATS = pl.DataFrame(
    {
        "winner": ["lab", "ref", "ref", "con"],
        "was": ["lab", "lab", "lab", "lib"],
        "holder": ["lab", "lab", "lab", "lib"],
        "p_winner": [0.97, 0.7, 0.45, 0.55],
        "ahead": ["lab", "ref", "ref", "con"],
        "challenger": ["ref", "lab", "lab", "lib"],
        "swing": [0.12, 0.031, 0.004, 0.02],
        "uniform": ["lab", "ref", "lab", "con"],
    }
)


@pytest.fixture(scope="module")
def seats(forecast: Forecast) -> pl.DataFrame:
    return seats_to_map(forecast, forecast)


def test_map_sentence_counts(seats: pl.DataFrame) -> None:
    """The sentence over the map counts seats whose holder is not the favourite, and toss-ups, in a region or in all."""
    text = sentences_map.on_map(seats, "winner")
    assert f"Of 650 seats, {(seats['winner'] != seats['holder']).sum()} have" in text
    assert f"and {(seats['p_winner'] < 0.6).sum()} are toss-ups" in text
    assert sentences_map.on_map(SEATS[2:3], "winner", region="London") == (
        "London: of 1 seat, 1 has a likeliest winner other than the holder, and 1 is a toss-up "
        "(no party above 6 in 10)."
    )


@pytest.mark.parametrize(
    ("mode", "scenario", "text"),
    [
        (
            "chance",
            False,
            "Of 4 seats, the likeliest winner has a chance of 95 in 100 or more in 1, and of less than 50 in 100 in 1.",
        ),
        ("category", False, "Of 4 seats, 1 is safe, 0 likely, 1 lean and 2 toss-ups."),
        (
            "swing",
            False,
            (
                "Of 4 seats, 1 would flip on a swing of less than 1 point from the party ahead to the next, 2 on less "
                "than 3 points and 3 on less than 10, at the expected shares."
            ),
        ),
        (
            "uniform",
            False,
            (
                "Of 4 seats, uniform swing to the same expected votes would give 1 to another than the likeliest winner"
                ": 1 to Labour instead of Reform UK."
            ),
        ),
        (
            "change",
            False,
            (
                "Of 4 seats, 3 would change hands if each went to its likeliest winner: 2 from Labour to Reform UK and "
                "1 from the Liberal Democrats to the Conservatives."
            ),
        ),
        (
            "change",
            True,
            (
                "In the scenario: of 4 seats, 3 have another likeliest winner than without it: 2 from Labour to Reform "
                "UK and 1 from the Liberal Democrats to the Conservatives."
            ),
        ),
    ],
)
def test_each_colouring_has_its_sentence(mode: str, scenario: bool, text: str) -> None:
    """Each way to colour the map says in numbers what it shows, a scenario that it is one."""
    assert sentences_map.on_map(SEATS, mode, scenario=scenario) == text


def test_no_change_is_said() -> None:
    """A map on which nothing changes says so, beside the last election and beside the forecast."""
    same = SEATS.with_columns(was=pl.col("winner"))
    assert "none has a likeliest winner other than the holder" in sentences_map.on_map(same, "change")
    assert "none has another likeliest winner than without it" in sentences_map.on_map(same, "change", scenario=True)


@pytest.mark.parametrize("mode", hexes.MODES)
def test_every_mode_can_be_told(mode: str, seats: pl.DataFrame) -> None:
    """All ways to colour the map have a sentence, and in a region it starts with the region's name."""
    assert sentences_map.on_map(seats, mode).startswith("Of 650 seats, ")
    assert sentences_map.on_map(seats, mode, region="Wales", scenario=True).startswith("In the scenario: Wales: of 650")


def test_many_flows_are_summed(seats: pl.DataFrame) -> None:
    """The largest flows are named and the rest is counted, so that all changes are told."""
    text = sentences_map.on_map(seats, "change")
    moved = seats.filter(pl.col("winner") != pl.col("was"))
    flows = moved.group_by("was", "winner").len()["len"].sort(descending=True)
    assert len(flows) > sentences_map.FLOWS
    assert f"{moved.height} would change hands" in text
    assert f" and {flows[sentences_map.FLOWS :].sum()} between others." in text


def test_favourites_stand_beside_medians(forecast: Forecast, seats: pl.DataFrame) -> None:
    """The seats of likeliest winners are those of the table, the forecast's are its medians."""
    text = sentences_map.favourites(forecast, seats)
    (row,) = forecast.seat_summary().filter(party="lab").iter_rows(named=True)
    assert f"Labour {(seats['winner'] == 'lab').sum()} ({row['median']:.0f})" in text
    assert text.count("(") == sentences_map.FAVOURITES + 1


def test_tipping_names_the_place() -> None:
    """The table of tipping seats is told with the party and the place of the majority."""
    assert "the lead of Labour" in sentences_map.tipping("lab", 326)
    assert "in place 326" in sentences_map.tipping("lab", 326)
