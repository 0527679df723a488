from datetime import date

import polars as pl
import pytest

from views import sentences_seats

SEAT = {
    "held_by": "lab",
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
