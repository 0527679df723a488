from datetime import date

import numpy as np
import pytest

from data import Evidence, load_evidence
from models.crossing import heirs, votes_on
from models.pairs import PARTIES, SeatPair, seat_pairs
from models.seat_base import seat_base
from models.tilts import TILTS

CON, LAB, LIB = (PARTIES.index(party) for party in ("con", "lab", "lib"))


@pytest.fixture(scope="module")
def whole() -> Evidence:
    return load_evidence(own=False)


@pytest.fixture(scope="module")
def pairs(whole: Evidence) -> dict[str, SeatPair]:
    return {pair.name: pair for pair in seat_pairs(whole)}


def at(whole: Evidence, pair: SeatPair, tilt: str, name: str, boundary_set: str) -> np.ndarray:
    """One pattern in one seat, by party."""
    seats = whole.constituencies.filter(boundary_set=boundary_set, name=name)
    where = pair.constituency == seats["constituency"].item()
    return np.asarray(pair.pattern[TILTS.index(tilt), where][0])


def test_who_gained_a_seat_has_a_following_now(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """Enfield Southgate, lost by the Conservatives in 1997, counts for Labour and against them in 2001."""
    found = at(whole, pairs["1997-2001"], "personal", "Enfield Southgate", "1997")
    assert (found[LAB], found[CON]) == (1, -1)
    assert np.count_nonzero(found) == 2


def test_who_retires_takes_it_away(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """Maidenhead, where the member of 2019 did not stand in 2024, counts against the Conservatives; Richmond does not.

    Theresa May retired; Rishi Sunak stood again.
    """
    pair = pairs["2019-2024"]
    assert at(whole, pair, "personal", "Maidenhead", "2024")[CON] == -1
    assert at(whole, pair, "personal", "Richmond and Northallerton", "2024")[CON] == 0


def test_who_won_a_by_election_is_known_by_now(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """North Shropshire had a Liberal Democrat member in 2024 and a Conservative candidate from another seat.

    Corby, gained by the Conservatives in 2010 and by Labour in 2012, has nobody's following less than in 2010 but that
    of the Conservative who had left.
    """
    found = at(whole, pairs["2019-2024"], "personal", "North Shropshire", "2024")
    assert (found[CON], found[LIB]) == (-1, 1)
    found = at(whole, pairs["2010-2015"], "personal", "Corby", "2010")
    assert (found[CON], found[LAB]) == (0, 0)


def test_who_took_a_seat_is_taken_to_stand_until_candidates_are_known(whole: Evidence) -> None:
    """Reform, who took Runcorn and Helsby from Labour in 2025, has the member there at the next election."""
    base = seat_base(whole, date(2029, 5, 3), PARTIES)
    found = base.pattern[TILTS.index("personal"), base.name == "Runcorn and Helsby"][0]
    assert (found[PARTIES.index("ref")], found[LAB]) == (1, -1)


def test_several_independents_hold_no_seat(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """Birmingham Hall Green stayed Labour in 2024, though its independents together had more votes."""
    base = seat_base(whole, date(2029, 5, 3), PARTIES)
    where = base.name == "Birmingham Hall Green and Moseley"
    assert base.winner[where].item() == "lab"
    assert base.pattern[TILTS.index("personal"), where, LAB] == 0


def test_seats_liberals_hold_stand_out_above_their_mean(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """The 57 seats of 2010 differ by their share above the nation's mean; no other seat or party differs."""
    pair = pairs["2010-2015"]
    found = pair.pattern[TILTS.index("rooted")]
    assert np.count_nonzero(found[:, LIB]) == 57
    assert not np.delete(found, LIB, axis=1).any()
    england = pair.nation == "England"
    usual = pair.base[england & (pair.base[:, LIB] > 0), LIB].mean()
    held = england & (found[:, LIB] != 0)
    np.testing.assert_allclose(found[held, LIB], pair.base[held, LIB] - usual)


def test_by_elections_speak_in_the_seat_they_were_held_in(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """North Shropshire, won by the Liberal Democrats in 2021, stands out for them; Chorley had no by-election."""
    pair = pairs["2019-2024"]
    found = at(whole, pair, "local", "North Shropshire", "2024")
    assert found[LIB] > 0.2
    assert found[LAB] < -0.1
    gained = at(whole, pair, "gained", "North Shropshire", "2024")
    assert gained[LIB] == found[LIB]
    assert np.count_nonzero(gained) == 1
    local = pair.pattern[TILTS.index("local")]
    assert 10 < (local != 0).any(axis=1).sum() < 30


def test_by_elections_others_stood_aside_in_are_left_out(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """Southend West in 2022 and Batley and Spen in 2016 were not contested by the main parties: they say nothing."""
    assert not at(whole, pairs["2015-2017"], "local", "Batley and Spen", "2010").any()
    assert not at(whole, pairs["2019-2024"], "local", "Southend West and Leigh", "2024").any()


def test_leave_is_centred_in_each_nation(pairs: dict[str, SeatPair]) -> None:
    """The pattern has a mean of nought in every nation, and none before the boundaries it is known on."""
    leave = TILTS.index("leave")
    pair = pairs["2017-2019"]
    for nation in ("England", "Scotland", "Wales"):
        assert pair.pattern[leave, pair.nation == nation, CON].mean() == pytest.approx(0.0, abs=2e-3)
    assert pair.pattern[leave, :, CON].std() > 0.05
    assert not pairs["1997-2001"].pattern[leave].any()


def test_nothing_is_known_before_it_happened(whole: Evidence, pairs: dict[str, SeatPair]) -> None:
    """Pairs known on the eve of 2017 have the same followings as later, and no Leave before it was counted by seat."""
    then = {pair.name: pair for pair in seat_pairs(whole.as_of(date(2016, 1, 1)))}
    later = pairs["2010-2015"].pattern
    for i, tilt in enumerate(TILTS):
        if tilt == "leave":
            assert not then["2010-2015"].pattern[i].any()
        else:
            np.testing.assert_array_equal(then["2010-2015"].pattern[i], later[i])


def test_every_new_seat_has_at_most_one_forebear(whole: Evidence) -> None:
    """Seats of 2024 take after one seat of 2010, the larger part of their people."""
    to = heirs(whole, "2010", "2024")
    assert to["heir"].is_unique().all()
    assert 550 < to.height <= 650
    assert to["part"].min() > 0.5
    assert heirs(whole, "2010", "2010").height == 650


def test_votes_are_recast_where_they_can_be(whole: Evidence) -> None:
    """The result of 2019 covers all seats of 2024; that of 1992 those of 1997 that kept their name."""
    assert votes_on(whole, date(2019, 12, 12), "2024")["constituency"].n_unique() == 650
    assert 200 < votes_on(whole, date(1992, 4, 9), "1997")["constituency"].n_unique() < 600
