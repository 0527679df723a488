from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import xarray as xr

from data import BadInput, load_evidence
from data.load import Evidence
from models.pairs import seat_pairs
from models.seat_base import SeatBase, seat_base
from models.standing_in import NEW_PARTIES, fill_absent
from models.tilts import TILTS, Field

PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "oth")
ELECTIONS = [date(1979, 5, 3), date(2005, 5, 5), date(2010, 5, 6), date(2019, 12, 12), date(2024, 7, 4)]


@pytest.fixture(scope="module")
def whole() -> Evidence:
    return load_evidence()


def before(whole: Evidence, day: date) -> SeatBase:
    """Seats as known on the eve of an election."""
    return seat_base(whole.as_of(day - timedelta(days=1)), day, PARTIES)


@pytest.mark.parametrize("day", ELECTIONS, ids=str)
def test_every_seat_is_there_with_shares_that_sum_to_one(whole: Evidence, day: date) -> None:
    """As many seats as the election had, each with shares of at least 0 that sum to 1 and a line that holds it."""
    base = before(whole, day)
    assert len(base.name) == whole.elections.filter(pl.col("election_date") == day)["seats"].item()
    assert base.share.min() >= 0
    np.testing.assert_allclose(base.share.sum(axis=1), 1.0)
    assert set(base.winner) <= set(base.lines)
    assert np.isfinite(base.weight).all()


def test_2024_starts_from_the_notional_result_of_2019(whole: Evidence) -> None:
    """On the new boundaries Conservatives start from 372 seats, Labour from 200 and Liberal Democrats from 8."""
    base = before(whole, date(2024, 7, 4))
    assert {line: int((base.winner == line).sum()) for line in ("con", "lab", "lib", "snp", "spk")} == {
        "con": 372,
        "lab": 200,
        "lib": 8,
        "snp": 48,
        "spk": 1,
    }


def test_next_election_starts_from_the_result_of_2024(whole: Evidence) -> None:
    """Seats are held by those who won them in 2024, with a hexagon each."""
    base = seat_base(whole, date(2029, 5, 3), PARTIES)
    assert {line: int((base.winner == line).sum()) for line in ("con", "lab", "lib", "ref", "grn", "oth")} == {
        "con": 121,
        "lab": 411,
        "lib": 72,
        "ref": 5,
        "grn": 4,
        "oth": 6,
    }
    assert np.isfinite(base.hex_q).all()
    assert not base.no_base.any()


def test_parties_without_a_candidate_get_their_region_s_usual_share(whole: Evidence) -> None:
    """Where the Brexit Party stood aside in 2019, Reform starts from what such seats of the region gave it, flagged."""
    base = before(whole, date(2024, 7, 4))
    ref = PARTIES.index("ref")
    made_up, real = base.no_candidate[:, ref], ~base.no_candidate[:, ref] & (base.share[:, ref] > 0)
    assert 200 < made_up.sum() < 317
    leave = base.pattern[TILTS.index("leave"), :, ref]
    for region in ("East Midlands", "South East", "West Midlands"):
        here = base.region == region
        slope, level = np.polyfit(leave[real & here], base.share[real & here, ref], 1)
        expected = level + slope * leave[made_up & here].mean()
        assert base.share[made_up & here, ref].mean() == pytest.approx(expected, rel=0.2)


def test_nationalists_stand_at_home_only(whole: Evidence) -> None:
    """The SNP has shares in Scotland alone and Plaid Cymru in Wales alone."""
    base = before(whole, date(2024, 7, 4))
    for party, nation in (("snp", "Scotland"), ("plaid", "Wales")):
        assert set(base.nation[base.share[:, base.lines.index(party)] > 0]) == {nation}


@pytest.mark.parametrize(
    ("day", "seat"),
    [
        (date(2005, 5, 5), "Glasgow North East"),
        (date(2015, 5, 7), "Buckingham"),
        (date(2019, 12, 12), "Chorley"),
        (date(2024, 7, 4), "Chorley"),
    ],
    ids=str,
)
def test_the_speaker_of_the_day_keeps_his_seat(whole: Evidence, day: date, seat: str) -> None:
    """The seat of the Speaker in office is his, whether or not he had been elected as Speaker before."""
    base = before(whole, day)
    assert base.name[base.is_speaker].tolist() == [seat]
    assert base.share[base.is_speaker, base.lines.index("spk")][0] > 0


def test_a_former_speaker_s_seat_goes_back_to_his_party(whole: Evidence) -> None:
    """Buckingham, Bercow's until 2019, counts as Conservative once he has left."""
    base = before(whole, date(2019, 12, 12))
    assert base.winner[base.name == "Buckingham"].tolist() == ["con"]


def test_northern_ireland_has_its_own_parties(whole: Evidence) -> None:
    """The eighteen seats are held by Northern Irish lines."""
    base = seat_base(whole, date(2029, 5, 3), PARTIES)
    held = base.winner[base.nation == "Northern Ireland"]
    assert len(held) == 18
    assert set(held) <= {"dup", "sf", "sdlp", "uup", "apni", "tuv", "oth"}


def test_new_parties_take_a_pattern_and_are_flagged() -> None:
    """A party that never stood starts at its set level, in proportion to the party nearest to it."""
    share = np.array([[0.5, 0.3, 0.2], [0.6, 0.1, 0.3]])
    nation, region = np.array(["England"] * 2), np.array(["London"] * 2)
    wide, parties = np.insert(share, 2, 0.0, axis=1), ("lab", "ref", "restore", "oth")
    field = Field(boundary_set="2024", constituency=region, nation=nation, share=wide, parties=parties)
    nobody = np.zeros(wide.shape, dtype=bool)
    out, absent = fill_absent(field, region, np.zeros(2), nobody, full_slate=True)
    assert absent[:, 2].all()
    assert out[0, 2] / out[0, 1] == pytest.approx(out[1, 2] / out[1, 1], rel=0.05)
    assert out[:, 2].mean() == pytest.approx(NEW_PARTIES["restore"][1], rel=0.05)
    np.testing.assert_allclose(out.sum(axis=1), 1.0)


def test_who_has_no_candidate_leaves_its_votes_to_the_others() -> None:
    """A party known not to stand has no share, and the others keep their proportions."""
    share, parties = np.array([[0.5, 0.3, 0.2], [0.6, 0.1, 0.3]]), ("lab", "ref", "oth")
    place = np.array(["England"] * 2)
    field = Field(boundary_set="2024", constituency=place, nation=place, share=share, parties=parties)
    barred = np.array([[False, True, False], [False, False, False]])
    out, absent = fill_absent(field, place, np.zeros(2), barred, full_slate=True)
    np.testing.assert_allclose(out, [[5 / 7, 0.0, 2 / 7], [0.6, 0.1, 0.3]])
    assert not absent.any()


def test_candidates_count_once_they_are_nominated(whole: Evidence) -> None:
    """The Brexit Party stood down in every Conservative seat of 2019; before nominations closed nobody knew."""
    ref, day = PARTIES.index("ref"), date(2019, 12, 12)
    early, late = (seat_base(whole.as_of(cut), day, PARTIES) for cut in (date(2019, 11, 1), date(2019, 12, 11)))
    held = (late.winner == "con") & (late.nation == "England")
    assert (early.share[held, ref] > 0).all()
    assert (late.share[held, ref] == 0).mean() > 0.9


def test_nominations_count_in_northern_ireland_too(whole: Evidence) -> None:
    """The Democratic Unionists, second in North Down in 2019, did not stand there in 2024."""
    base = before(whole, date(2024, 7, 4))
    assert base.share[base.name == "North Down", base.lines.index("dup")] == 0


def test_base_survives_a_file(whole: Evidence, tmp_path: object) -> None:
    """A base written to netCDF and read back is the same to the last bit."""
    base = before(whole, date(2024, 7, 4))
    path = f"{tmp_path}/base.nc"
    base.to_dataset().to_netcdf(path, engine="h5netcdf")
    again = SeatBase.from_dataset(xr.load_dataset(path, engine="h5netcdf"))
    for name in base.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(again, name), getattr(base, name))


def test_nothing_known_later_enters(whole: Evidence) -> None:
    """Changing votes cast after the cut changes neither the base nor the pairs learned from."""
    eve, day = date(2024, 7, 3), date(2024, 7, 4)
    later = pl.when(pl.col("known_on") > eve).then(pl.col("votes") * 2 + 7).otherwise(pl.col("votes"))
    fields = {name: getattr(whole, name) for name in whole.__dataclass_fields__}
    other = Evidence(**{**fields, "results": whole.results.with_columns(later.alias("votes"))})
    one, two = (seat_base(e.as_of(eve), day, PARTIES) for e in (whole, other))
    np.testing.assert_array_equal(one.share, two.share)
    for a, b in zip(seat_pairs(whole.as_of(eve)), seat_pairs(other.as_of(eve)), strict=True):
        assert a.new_date < day
        np.testing.assert_array_equal(a.new, b.new)


def test_others_are_needed(whole: Evidence) -> None:
    """Parties without a place for the rest are refused in a sentence that names what is missing."""
    with pytest.raises(BadInput, match="'oth'"):
        seat_base(whole, date(2029, 5, 3), ("con", "lab"))
