from datetime import date

import polars as pl
import pytest

from models.forecast import Forecast
from models.seat_holders import seats_held
from views import sentences_seats

SEAT = {
    "holder": "lab",
    "majority": 0.065,
    "majority_lo90": 0.004,
    "majority_hi90": 0.168,
    "holder_lead": -0.014,
    "holder_lead_lo90": -0.174,
    "holder_lead_hi90": 0.149,
    "ahead": "ref",
    "challenger": "lab",
    "swing": 0.0061,
}


@pytest.mark.parametrize(
    ("held", "winner", "p", "past", "chance"),
    [
        (
            ("lab", "lab", "general election", date(2024, 7, 4)),
            "lab",
            0.97,
            "Last won by Labour at the general election of 4 July 2024",
            "a hold is very likely (about 97 in 100), rated safe.",
        ),
        (
            ("con", "con", "general election", date(2024, 7, 4)),
            "ref",
            0.7,
            "Last won by the Conservatives at the general election of 4 July 2024",
            "a gain by Reform UK is likely (about 7 in 10), rated lean.",
        ),
        (
            ("lab", "grn", "by-election", date(2026, 2, 26)),
            "lab",
            0.5,
            "Last won by the Greens at the by-election of 26 February 2026 (by Labour at the general election before)",
            "a gain by Labour is as likely as not (about 5 in 10), rated toss-up.",
        ),
        (
            ("ref", "ref", "by-election", date(2026, 8, 13)),
            "ref",
            0.83,
            "Last won by Reform UK at the by-election of 13 August 2026",
            "a hold is likely (about 8 in 10), rated likely.",
        ),
        (
            ("grn", "grn", "general election, recast", date(2019, 12, 12)),
            "grn",
            0.83,
            "Held by the Greens, as the general election of 12 December 2019 would have gone on these boundaries",
            "a hold is likely (about 8 in 10), rated likely.",
        ),
    ],
)
def test_seat_sentence(held: tuple[str, str, str, date], winner: str, p: float, past: str, chance: str) -> None:
    """A seat's sentence says who won it last and how, who may win it, and how sure that is."""
    seat = dict(zip(("base_winner", "holder", "won_at", "won_on"), held, strict=True))
    assert sentences_seats.one_seat(seat | {"winner": winner, "p_winner": p}) == f"{past}; {chance}"


def test_map_sentence_counts(forecast: Forecast) -> None:
    """The sentence over the map counts seats whose holder is not the favourite, and toss-ups, in a region or in all."""
    seats = seats_held(forecast)
    text = sentences_seats.on_map(seats)
    assert f"Of 650 seats, {(seats['winner'] != seats['holder']).sum()} have" in text
    assert f"and {(seats['p_winner'] < 0.6).sum()} are toss-ups" in text
    one = seats.head(1).with_columns(winner=pl.lit("lab"), holder=pl.lit("con"), p_winner=pl.lit(0.5))
    assert sentences_seats.on_map(one, "London") == (
        "London: of 1 seat, 1 has a likeliest winner other than the holder, and 1 is a toss-up "
        "(no party above 6 in 10)."
    )


def test_favourites_stand_beside_medians(forecast: Forecast) -> None:
    """The seats of likeliest winners are those of the table, the forecast's are its medians."""
    seats = seats_held(forecast)
    text = sentences_seats.favourites(forecast, seats)
    (row,) = forecast.seat_summary().filter(party="lab").iter_rows(named=True)
    assert f"Labour {(seats['winner'] == 'lab').sum()} ({row['median']:.0f})" in text
    assert text.count("(") == sentences_seats.FAVOURITES + 1


def test_majority_and_lead_have_their_ranges() -> None:
    """A majority is told whoever wins, and the holder's lead with its sign."""
    assert sentences_seats.majority(SEAT) == (
        "6.5% (0.4% to 17%) whoever wins; Labour as holder −1 points (−17 to +15)"
    )


def test_swing_names_both_parties() -> None:
    """The swing is told in points from one party to another, and a seat without a challenger has none."""
    assert sentences_seats.swing(SEAT) == "0.6 points from Reform UK to Labour would put them level"
    assert sentences_seats.swing(SEAT | {"challenger": None}) == "nobody else is expected to stand"


@pytest.mark.parametrize(
    ("seat", "since", "text"),
    [
        (None, None, "no earlier forecast of this election by these models is stored"),
        (None, date(2026, 8, 1), "none since the forecast of 1 August 2026"),
        (
            {"leader_before": "lab", "p_before": 0.918, "leader": "lab", "p_leader": 0.922},
            date(2026, 8, 1),
            "since the forecast of 1 August 2026 the chance of Labour is unchanged (92 in 100)",
        ),
        (
            {"leader_before": "lab", "p_before": 0.43, "leader": "lab", "p_leader": 0.51},
            date(2026, 8, 1),
            "since the forecast of 1 August 2026 the chance of Labour went from 43 to 51 in 100",
        ),
        (
            {"leader_before": "snp", "p_before": 0.5, "leader": "lab", "p_leader": 0.41},
            date(2026, 5, 1),
            "since the forecast of 1 May 2026 the likeliest winner went from the SNP (50 in 100) to Labour (41 in 100)",
        ),
    ],
)
def test_change_says_since_when(seat: dict[str, object] | None, since: date | None, text: str) -> None:
    """What changed is told with its day, and so is that nothing did or nothing is there to compare."""
    assert sentences_seats.change(seat, since) == text


def test_similar_seats_are_named_with_their_winner() -> None:
    """Seats like one are listed with the party likeliest to win them."""
    table = pl.DataFrame({"name": ["Clacton", "Castle Point"], "leader": ["ref", "con"]})
    assert sentences_seats.similar(table) == "Clacton (Reform) and Castle Point (Cons.)"


def test_tipping_names_the_place() -> None:
    """The table of tipping seats is told with the party and the place of the majority."""
    assert "the lead of Labour" in sentences_seats.tipping("lab", 326)
    assert "in place 326" in sentences_seats.tipping("lab", 326)
