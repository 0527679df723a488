from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import xarray as xr

from data import Evidence, load_evidence
from models import leaders
from models.leader_events import FAR, Course
from models.leader_history import (
    FIRST_DAY,
    favourability_paths,
    newest_rating,
    ratings_on_scale,
    smoothed,
    spells,
    standing_today,
)
from models.leader_record import REFERENCE, Readings, leader_record
from models.leader_scale import scale_of
from models.reading_scale import ReadingScale
from models.shipped_links import FOLDER, shipped_links

LAST, CUT = date(2024, 7, 4), date(2026, 9, 30)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(own=False).as_of(CUT)


@pytest.fixture(scope="module")
def scale(evidence: Evidence) -> ReadingScale:
    return shipped_links(evidence, LAST).scale


def readings(scale: ReadingScale, days: list[int], net: list[float]) -> Readings:
    """Ratings of one leader by the reference house."""
    n, at = len(days), np.array(days, dtype=np.int64)
    group = np.full(n, scale.groups.index(REFERENCE))
    return Readings(scale.groups, np.array(["A"] * n), group, at, at, np.array(net))


NOBODY = Course(
    led=np.array([], dtype=np.int64),
    office=np.zeros((0, 2), dtype=np.int64),
    day=np.array([], dtype=np.int64),
    kind=np.array([], dtype=np.int64),
)


def test_one_rating_by_hand(scale: ReadingScale) -> None:
    """With one rating on the first day the level is the mean of prior and rating, weighted by their precisions."""
    mean, sd = smoothed(readings(scale, [1000], [30.0]), scale, NOBODY, 1000, np.array([1000]))
    noise = float(scale.noise[scale.groups.index(REFERENCE)])
    weight = scale.first_sd**2 / (scale.first_sd**2 + noise)
    np.testing.assert_allclose(mean, scale.usual[0] + weight * (30.0 - scale.usual[0]))
    np.testing.assert_allclose(sd, np.sqrt(scale.first_sd**2 * (1 - weight)))


def test_later_ratings_speak_of_earlier_days(scale: ReadingScale) -> None:
    """A day between two ratings is known better than with the first alone, and pulled towards the second."""
    days = np.array([1100])
    first, sd_first = smoothed(readings(scale, [1000], [0.0]), scale, NOBODY, 1000, days)
    both, sd_both = smoothed(readings(scale, [1000, 1150], [0.0, 40.0]), scale, NOBODY, 1000, days)
    assert both[0] > first[0] + 5
    assert sd_both[0] < sd_first[0]


def test_office_pulls_to_the_place_of_premiers(scale: ReadingScale) -> None:
    """Without ratings a level goes to where prime ministers usually stand once she governs."""
    held = Course(led=NOBODY.led, office=np.array([[1000, FAR]]), day=NOBODY.day, kind=NOBODY.kind)
    far = np.array([1000 + 20 * int(scale.memory_days)])
    mean, sd = smoothed(readings(scale, [], []), scale, held, 1000, far)
    np.testing.assert_allclose([mean[0], sd[0]], [scale.usual[1], scale.usual_sd], rtol=1e-3)


def test_today_is_where_the_forecast_starts(evidence: Evidence, scale: ReadingScale) -> None:
    """Where all ratings of a leader are of the last two years the path ends where the chain's own standing is."""
    (posterior,) = FOLDER.glob("leaders-*.nc")
    draws = xr.load_dataset(posterior, engine="h5netcdf", group="posterior")
    own = leaders.standings(evidence, scale_of(draws, leader_record(evidence.as_of(LAST + timedelta(days=1)))))
    for row in own.filter(pl.col("n_ratings") > 0).iter_rows(named=True):
        path = favourability_paths(evidence, scale, row["party"], LAST)
        apart = abs(path["mean"][-1] - row["favourability"])
        first = evidence.leader_ratings.filter(leader=row["leader"])["end_date"].min()
        assert isinstance(first, date)
        assert apart < (0.6 if first >= date(2024, 7, 1) else row["favourability_sd"]), row["leader"]
        assert path["leader"][-1] == row["leader"]


def test_past_leaders_are_reached(evidence: Evidence, scale: ReadingScale) -> None:
    """From 1979 on every rated leader of a party has a path, in order, and none reaches beyond her leadership."""
    path = favourability_paths(evidence, scale, "lab")
    assert path["day"].min() == FIRST_DAY
    assert path["leader"].unique(maintain_order=True).to_list()[:3] == [
        "James Callaghan",
        "Michael Foot",
        "Neil Kinnock",
    ]
    for spell, (number, rows) in zip(spells(evidence, "lab"), path.group_by("spell", maintain_order=True), strict=True):
        assert number[0] == rows["spell"][0]
        assert rows["leader"][0] == spell.leader
        assert max(spell.start, FIRST_DAY) == rows["day"][0]
        assert spell.end == rows["day"][-1]
    ends = path.select(
        pl.col("lo95") < pl.col("lo80"), pl.col("lo50") < pl.col("mean"), pl.col("hi80") < pl.col("hi95")
    )
    assert all(ends.row(i) == (True, True, True) for i in range(0, ends.height, 50))


def test_a_cut_hides_what_came_later() -> None:
    """As of May 2026 nobody has heard of Burnham's leadership, and Starmer's path ends that day."""
    early = load_evidence(own=False).as_of(date(2026, 5, 1))
    path = favourability_paths(early, shipped_links(early, LAST).scale, "lab", LAST)
    assert path["leader"].unique().to_list() == ["Keir Starmer"]
    assert path["day"].max() == date(2026, 5, 1)


def test_spells_of_one_who_came_back(evidence: Evidence) -> None:
    """Farage has led three times with others between, the last time until today."""
    held = [spell for spell in spells(evidence, "ref") if spell.leader == "Nigel Farage"]
    assert [spell.start.year for spell in held] == [2010, 2019, 2024]
    assert [spell.current for spell in held] == [False, False, True]
    assert held[-1].end == CUT


def test_ratings_are_those_of_leaders_in_office(evidence: Evidence, scale: ReadingScale) -> None:
    """Ratings of somebody before she led are left out; the reference's own stand on the scale as published."""
    found = ratings_on_scale(evidence, scale, "lab", LAST)
    assert found.filter(leader="Andy Burnham")["day"].min() >= date(2026, 7, 17)  # type: ignore[operator]
    plain = found.filter(pollster="Ipsos", wording="satisfied")
    assert plain.height > 3
    np.testing.assert_allclose(plain["points"], plain["net"])
    assert (found.filter(wording="favourable")["points"] - found.filter(wording="favourable")["net"]).abs().max() > 1  # type: ignore[operator]


def test_unrated_leaders_have_no_path(evidence: Evidence, scale: ReadingScale) -> None:
    """Of leaders nobody was asked about there is neither path nor standing."""
    assert favourability_paths(evidence, scale, "plaid").is_empty()
    assert standing_today(evidence, scale, "Rhun ap Iorwerth") is None
    assert newest_rating(evidence, "Rhun ap Iorwerth") is None
    assert newest_rating(evidence, "Kemi Badenoch") == date(2026, 4, 23)


def test_who_left_fades_to_the_usual(evidence: Evidence, scale: ReadingScale) -> None:
    """Somebody who led long ago is known hardly better than leaders at large, whatever she was when last asked."""
    today = standing_today(evidence, scale, "Tony Blair")
    assert today is not None
    mean, sd, count, last = today
    assert (count, last) == (215, date(2007, 6, 20))
    assert abs(mean - scale.usual[0]) < 5
    assert 0.9 * scale.usual_sd < sd <= 1.01 * scale.usual_sd
