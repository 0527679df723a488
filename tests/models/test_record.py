from datetime import date, timedelta

import numpy as np
import pytest

from data import Evidence, load_evidence
from data.errors import BadInput
from models.history import CHANNELS, arrival_history
from models.links import Links
from models.record import gb_shares, governments, next_election, previous_election
from models.score import poll_mean


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


def test_shares_of_2024_are_the_published_ones(evidence: Evidence) -> None:
    """Great Britain's vote of 2024 in per cent: Labour 34.6, Conservative 24.4, Reform 14.7, Liberal Democrat 12.6."""
    shares = gb_shares(evidence, date(2024, 7, 4))
    assert sum(shares.values()) == pytest.approx(1.0)
    seen = [round(100 * shares[p], 1) for p in ("lab", "con", "ref", "lib", "grn")]
    assert seen == pytest.approx([34.6, 24.4, 14.7, 12.6, 6.9], abs=0.1)


def test_governments_are_those_of_the_record(evidence: Evidence) -> None:
    """Who governed after the elections that changed the government, and how many wins that made in a row."""
    table = governments(evidence)
    assert table[date(1959, 10, 8)] == ("con", 3)
    assert table[date(1974, 2, 28)] == ("lab", 1)
    assert table[date(1992, 4, 9)] == ("con", 4)
    assert table[date(1997, 5, 1)] == ("lab", 1)
    assert table[date(2019, 12, 12)] == ("con", 4)
    assert table[date(2024, 7, 4)] == ("lab", 1)


def test_elections_before_and_after_a_day(evidence: Evidence) -> None:
    """A day lies between the election before it and the one on or after it."""
    assert previous_election(evidence, date(2016, 8, 22)) == date(2015, 5, 7)
    assert next_election(evidence, date(2016, 8, 22)) == date(2017, 6, 8)
    assert next_election(evidence, date(2024, 7, 4)) == date(2024, 7, 4)
    assert next_election(evidence, date(2026, 9, 1)) == date(2029, 5, 3)
    with pytest.raises(BadInput, match="first is 1955"):
        previous_election(evidence, date(1950, 1, 1))


def test_history_ends_before_the_cut(evidence: Evidence, prior_links: Links) -> None:
    """No election after the cut is learned from, and every one since 1959 before it is."""
    history = arrival_history(evidence.as_of(date(2001, 6, 6)), prior_links)
    assert history.elections[0] == date(1959, 10, 8)
    assert history.elections[-1] == date(1997, 5, 1)


def test_history_ends_in_the_results(evidence: Evidence, prior_links: Links) -> None:
    """The last step of a campaign ends in the log-odds of the result itself."""
    cut = evidence.as_of(date(1998, 1, 1))
    history = arrival_history(cut, prior_links)
    lib = history.final & (history.channel == CHANNELS.index("lib"))
    for index in np.unique(history.election):
        result = gb_shares(cut, history.elections[index])["lib"]
        end = history.end[lib & (history.election == index)]
        assert end == pytest.approx([np.log(result / (1 - result))])


def test_poll_mean_is_the_known_one(evidence: Evidence) -> None:
    """Last polls of 2024 in per cent: Labour 39, Conservative 22, Reform 16, within the tolerance of a plain mean."""
    mean = poll_mean(evidence.as_of(date(2024, 7, 3)), date(2024, 7, 3))
    assert 100 * mean["lab"] == pytest.approx(39.0, abs=0.7)
    assert 100 * mean["con"] == pytest.approx(21.6, abs=0.7)
    assert 100 * mean["ref"] == pytest.approx(15.9, abs=0.7)


@pytest.mark.parametrize("day", [date(1979, 5, 2), date(2016, 8, 22), date(2024, 7, 3)])
def test_later_rows_change_nothing(evidence: Evidence, day: date) -> None:
    """A run sees the same bytes whatever becomes known later, so no forecast can hold a leak."""
    whole = evidence.as_of(day).fingerprint()
    assert evidence.as_of(day + timedelta(days=400)).as_of(day).fingerprint() == whole
    assert evidence.as_of(day + timedelta(days=400)).fingerprint() != whole
