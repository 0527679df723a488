from datetime import date

import polars as pl
import pytest

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


def test_in_a_scenario_the_chance_is_the_scenarios() -> None:
    """The sentence of a card says when its chance is not the forecast's."""
    seat = {"holder": "lab", "won_at": "general election", "won_on": date(2024, 7, 4), "winner": "lab", "p_winner": 0.7}
    assert sentences_seats.one_seat(seat, scenario=True).endswith(
        "; in the scenario a hold is likely (about 7 in 10), rated lean."
    )


LINES = pl.DataFrame(
    {
        "party": ["lab", "ref", "con", "restore"],
        "p_win": [0.3, 0.68, 0.02, 0.0],
        "base": [0.352, 0.194, 0.203, None],
    }
)


def test_chances_are_words_with_frequencies() -> None:
    """Every party with a chance has it in words and as a frequency, the likeliest first, and no other is named."""
    assert sentences_seats.chances(LINES) == (
        "Reform UK likely (about 7 in 10); Labour unlikely (about 3 in 10); "
        "the Conservatives very unlikely (about 2 in 100)"
    )


def test_last_result_is_as_declared_or_recast() -> None:
    """The last result is told by falling share, with how it came about, and its absence is said."""
    seat, last = {"won_at": "by-election"}, date(2024, 7, 4)
    told = "Labour 35%, the Conservatives 20% and Reform UK 19%, "
    assert sentences_seats.last_result(LINES, seat, last) == told + "declared on 4 July 2024"
    recast = sentences_seats.last_result(LINES, {"won_at": "general election, recast"}, last)
    assert recast == told + "of 4 July 2024, recast on these boundaries"
    assert "none of its own" in sentences_seats.last_result(LINES.with_columns(base=None), seat, last)


def test_scenario_change_names_the_furthest() -> None:
    """What a scenario does to a seat is told as chances before and after, the furthest moved first."""
    after = LINES.with_columns(p_win=pl.Series([0.45, 0.55, 0.0, 0.0]))
    assert sentences_seats.scenario_change(LINES, after) == (
        "chance of Labour from 30 to 45, of Reform UK from 68 to 55 and of the Conservatives from 2 to under 1 in 100"
    )
    assert sentences_seats.scenario_change(LINES, LINES) == "no chance moves by 1 in 100 or more"


def test_earlier_forecasts_are_told_by_day() -> None:
    """Earlier chances are told from the oldest to the newest, and their absence is said."""
    table = pl.DataFrame({"as_of": [date(2026, 7, 16), date(2024, 11, 1)], "p_win": [0.5, 0.64]})
    assert sentences_seats.earlier("lab", table) == (
        "Chance of Labour in earlier forecasts: 64 in 100 on 1 November 2024 and 50 in 100 on 16 July 2026."
    )
    assert "No earlier forecast" in sentences_seats.earlier("lab", table.clear())
