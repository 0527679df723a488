"""Shares of parties that polls do not name."""

import pytest

from models.simple_swing import complete

PARTIES = ["lab", "con", "snp", "plaid", "oth"]


def test_parties_not_polled_share_the_rest_as_last_time() -> None:
    """A party with four per cent last time gets four times what one with one per cent gets; others their part."""
    before = {"con": 0.44, "lab": 0.41, "snp": 0.04, "plaid": 0.01, "grn": 0.1}
    given = complete({"con": 0.5, "lab": 0.2, "oth": 0.3}, PARTIES, before)
    assert given == pytest.approx([0.2, 0.5, 0.08, 0.02, 0.2])


def test_a_result_stays_as_it_was() -> None:
    """Where all parties are named nothing is moved: what is in no line of its own is in others."""
    before = {"con": 0.44, "lab": 0.41, "snp": 0.04, "plaid": 0.01, "grn": 0.1}
    assert complete(before, PARTIES, before) == pytest.approx([0.41, 0.44, 0.04, 0.01, 0.1])
