import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from data import BadInput
from models import poll_reading
from models.panel import quick_average
from tests.models.made_up_polls import PREVIOUS, SINCE, THREE, UNTIL, made_up, poll, read


@pytest.mark.parametrize(
    ("rows", "has_line"),
    [
        ([poll(9, "A", THREE | {"yp": 0.02}), poll(8, "B", THREE | {"yp": 0.02})], False),
        ([poll(9, house, THREE | {"yp": 0.02}) for house in "ABC"], True),
        ([poll(9, "A", THREE | {"yp": 0.02}) for _ in range(9)], False),
        ([poll(9, None, THREE | {"yp": 0.02}) for _ in range(4)], False),
        ([poll(9, None, THREE | {"yp": 0.02}) for _ in range(5)], True),
        ([poll(200, house, THREE | {"yp": 0.02}) for house in "ABC"] + [poll(9, "A", THREE)], False),
        ([poll(200, h, THREE | {"yp": 0.02}) for h in "ABC"] + [poll(9, "A", THREE | {"yp": 0.02})], True),
        ([poll(9, house, THREE | {"yp": 0.02}, kind="pseudo" if house == "C" else "poll") for house in "ABC"], True),
    ],
)
def test_newcomer_gets_a_line_when_three_houses_name_it_and_one_still_does(
    rows: list[dict[str, Any]], has_line: bool
) -> None:
    """Three publishers or five unsigned polls in the Parliament, one of them in its last sixty days of polling."""
    assert ("yp" in read(*rows).parties) is has_line


def test_party_with_past_votes_keeps_its_line_while_nobody_names_it() -> None:
    """Polls that list fewer parties for a while do not make one of the last election vanish."""
    rows = [poll(200, house, THREE | {"grn": 0.05}) for house in "ABC"]
    assert "grn" in read(*rows, poll(9, "A", THREE)).parties


def test_established_party_needs_one_publisher_and_forerunners_are_others() -> None:
    """A fifth of the last vote makes one poll enough; a code that is always folded never has a line."""
    found = read(*(poll(9, house, THREE | {"ref": 0.15, "chuk": 0.05}) for house in "ABC"))
    assert found.parties == ("con", "lab", "lib", "ref", "oth")
    assert read(poll(9, "A", THREE | {"ref": 0.15, "grn": 0.05})).parties == ("con", "lab", "lib", "ref", "oth")
    np.testing.assert_allclose(found.share[:, -1], 1 - 0.30 - 0.35 - 0.15 - 0.15)


def test_others_are_known_only_where_a_poll_names_every_party_with_past_votes() -> None:
    """A poll that leaves a line out says nothing of others; a newcomer counts as one of them until first named."""
    named = THREE | {"ref": 0.12}
    rows = [poll(50, "A", named), poll(40, "A", THREE)]
    rows += [poll(30, house, named | {"yp": 0.03}) for house in "ABC"] + [poll(20, "A", named)]
    oth = read(*rows).share[:, -1]
    np.testing.assert_allclose(oth, [0.08, np.nan, 0.05, 0.05, 0.05, np.nan])


def test_missing_share_is_missing_and_never_zero() -> None:
    """A party that a poll does not name has no number and an infinite variance."""
    found = read(poll(9, "A", THREE | {"ref": 0.1}), poll(8, "A", THREE))
    missing = np.isnan(found.share)
    assert missing[1].tolist() == [False, False, False, True, True]
    np.testing.assert_array_equal(np.isinf(found.variance), missing)
    np.testing.assert_array_equal(np.isnan(found.log_odds), missing)


def test_variance_adds_sampling_rounding_and_kind() -> None:
    """Delta-method variances, a thousand respondents where none are given, and more for models and averages."""
    rows = [poll(9, "A", {"con": 0.2}, sample=n, kind=kind) for n, kind in ((2000, "poll"), (None, "mrp"))]
    known = read(*rows).variance[:, 0]
    rounding = 1e-4 / 12 / 0.16**2
    expected = [1 / (2000 * 0.16) + rounding, 1 / (1000 * 0.16) + rounding + poll_reading.KIND_VARIANCE["mrp"]]
    np.testing.assert_allclose(known, expected)


def test_zero_and_tiny_shares_have_finite_log_odds() -> None:
    """A share of nought is read as the least that can be seen."""
    found = read(poll(9, "A", {"con": 0.0, "lab": 0.5}))
    assert found.log_odds[0, 0] == pytest.approx(np.log(0.002 / 0.998))


def test_only_regular_pollsters_are_houses() -> None:
    """Rare and unknown pollsters have their leaning in the noise; a published average has none."""
    rows = [poll(9 - i, name, THREE) for i, name in enumerate(["A", "A", "A", "B", None])]
    found = read(*rows, poll(1, "Average", THREE, kind="pseudo"))
    assert found.pollsters == ("A",)
    assert found.pollster.tolist() == [0, 0, 0, -1, -1, -1]
    assert found.unhoused.tolist() == [0, 0, 0, 1, 1, 0]
    assert found.to_dataset()["pollster"].values.tolist() == ["A", "A", "A", "B", "", "Average"]


def test_calendar_has_weeks_and_then_days() -> None:
    """From the election to the cut: weeks counted back from the cut, days in the last five weeks, nothing lost."""
    found = read(poll(3, "A", THREE))
    assert (found.dates[0], found.dates[-1]) == (SINCE, UNTIL)
    assert found.step.sum() == (UNTIL - SINCE).days
    assert found.step[-35:].tolist() == [1.0] * 35
    assert set(found.step[2:-35].tolist()) == {7.0}
    assert 0 < found.step[1] <= 7
    short = read(poll(3, "A", THREE), until=SINCE + timedelta(days=1))
    assert (short.dates, short.n_polls) == ((SINCE, SINCE + timedelta(days=1)), 0)


def test_poll_stands_at_the_middle_of_its_fieldwork() -> None:
    """A poll is placed on the step nearest to the middle of its fieldwork, else to its end."""
    rows = [poll(10, "A", THREE, start_date=UNTIL - timedelta(days=14)), poll(10, "A", THREE)]
    found = read(*rows)
    assert [(UNTIL - found.dates[t]).days for t in found.time] == [12, 10]


def test_nothing_known_later_or_elsewhere_is_read() -> None:
    """Polls published after the cut, of a nation alone, or of the last Parliament leave no trace."""
    kept = [poll(30, house, THREE | {"ref": 0.2}) for house in "ABC"]
    later = poll(20, "D", THREE | {"yp": 0.1}, known_on=UNTIL + timedelta(days=1))
    scottish = poll(10, "A", THREE, area="Scotland")
    before = poll(0, "A", THREE, end_date=SINCE, known_on=SINCE)
    for name, value in vars(read(*kept)).items():
        np.testing.assert_array_equal(vars(read(*kept, later, scottish, before))[name], value)


@pytest.mark.parametrize(
    ("until", "previous", "message"),
    [
        (SINCE, PREVIOUS, "later one"),
        (UNTIL, {"con": 0.5, "lab": 0.5}, "without lib"),
        (UNTIL, {"con": 0.5, "lab": 0.5, "lib": 0.5}, "sum of 1.500"),
        (UNTIL, {"con": 0.5, "lab": 0.4, "lib": 0.2, "oth": -0.1}, "from 0 to 1"),
        (UNTIL, {"con": 0.5, "lab": float("nan"), "lib": 0.2}, "without lab"),
    ],
)
def test_impossible_dates_and_results_are_refused(until: date, previous: dict[str, float], message: str) -> None:
    """The sentence says what is wrong with the dates or the last result."""
    with pytest.raises(BadInput, match=message):
        read(poll(9, "A", THREE), until=until, previous=previous)


def test_quick_average_without_polls_is_the_last_result() -> None:
    """With nothing seen the last result is carried forward, less certain the longer ago it was."""
    soon, late = read(until=SINCE + timedelta(days=10)), read()
    mean, sd = quick_average(late)
    np.testing.assert_allclose(1 / (1 + np.exp(-mean)), [0.25, 0.35, 0.13, 0.27])
    assert (sd > quick_average(soon)[1]).all()


def test_quick_average_finds_the_level_and_takes_houses_out() -> None:
    """Polls at one level are averaged to it, though the house that polls last leans far to one side."""
    level = {"con": 0.30, "lab": 0.35, "lib": 0.15, "ref": 0.12, "grn": 0.05}
    found = made_up(120, 1, level, {"A": 0.1, "B": -0.1, "C": 0.0})
    mean, sd = quick_average(found)
    share = 1 / (1 + np.exp(-mean))
    np.testing.assert_allclose(share[:5], list(level.values()), atol=0.012)
    assert (sd < 0.06).all()


def test_quick_average_shrugs_off_a_rogue_poll() -> None:
    """One poll ten points off moves the average by less than a point."""
    level = {"con": 0.30, "lab": 0.35, "lib": 0.15, "ref": 0.12, "grn": 0.05}
    rows = [poll(2 * i, "ABC"[i % 3], level) for i in range(60)]
    rogue = poll(1, "A", level | {"con": 0.40, "lab": 0.25})
    before, after = (1 / (1 + np.exp(-quick_average(read(*r))[0])) for r in (rows, [*rows, rogue]))
    assert np.abs(after - before).max() < 0.01


def test_panel_needs_no_sampler() -> None:
    """Reading polls and averaging them imports no PyMC."""
    code = "import sys, models.panel; sys.exit('pymc' in sys.modules or 'arviz' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
