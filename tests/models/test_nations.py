from datetime import date

import numpy as np
import polars as pl
import pytest
import xarray as xr

from data import load_evidence
from data.load import Evidence
from models.nations import NationOffsets, nation_base, nation_offsets, nation_targets, offset_record, update
from models.pairs import GB_NATIONS
from models.seat_base import SeatBase, seat_base

PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "oth")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence().as_of(date(2026, 1, 1))


@pytest.fixture(scope="module")
def base(evidence: Evidence) -> SeatBase:
    return seat_base(evidence, date(2029, 5, 3), PARTIES)


def test_nations_add_up_to_great_britain(base: SeatBase) -> None:
    """Weighted by their part of the vote, nations' shares give Great Britain's to 1e-6 in every draw."""
    shares, weights = nation_base(base)
    votes = np.random.default_rng(1).dirichlet([90, 120, 55, 120, 60, 14, 4, 20], 500)
    offsets = NationOffsets(parties=PARTIES, mean=np.zeros((3, 8)), sd=np.full((3, 8), 0.2)).draws(500, 3)
    target = nation_targets(votes, shares, weights, offsets)
    np.testing.assert_allclose(target.sum(axis=2), 1.0, atol=1e-12)
    np.testing.assert_allclose(np.einsum("n,dnp->dp", weights, target), votes, atol=1e-6)


def test_local_parties_poll_in_their_nation_only(base: SeatBase) -> None:
    """The whole vote of the SNP lies in Scotland and that of Plaid Cymru in Wales."""
    shares, weights = nation_base(base)
    votes = (weights @ shares)[None, :]
    target = nation_targets(votes, shares, weights, np.zeros((1, 3, 8)))[0]
    snp, plaid = PARTIES.index("snp"), PARTIES.index("plaid")
    assert target[GB_NATIONS.index("Scotland"), snp] == pytest.approx(votes[0, snp] / weights[1], abs=1e-6)
    assert target[[0, 2], snp].max() == 0
    assert target[[0, 1], plaid].max() == 0


def test_last_votes_give_the_last_result(base: SeatBase) -> None:
    """With the votes of the last election and no offsets, every nation keeps its last shares."""
    shares, weights = nation_base(base)
    target = nation_targets((weights @ shares)[None, :], shares, weights, np.zeros((1, 3, 8)))[0]
    np.testing.assert_allclose(target, shares, atol=1e-6)


def test_scotland_and_wales_depart_more_than_england(evidence: Evidence) -> None:
    """Since 1955 England has moved with Great Britain far more closely than Scotland and Wales have."""
    record = offset_record(evidence, PARTIES)
    assert record[0, :3].max() < record[1:, :3].min()
    assert record[:, PARTIES.index("snp")].tolist() == [0, 0, 0]


def test_update_is_the_normal_one() -> None:
    """A measurement as uncertain as the prior moves the mean half-way and halves the variance."""
    mean, sd = update(0.0, 0.2, 0.1, 0.04)
    assert mean == pytest.approx(0.05)
    assert sd == pytest.approx(0.2 / np.sqrt(2))


def test_a_scottish_poll_moves_scotland_only(evidence: Evidence, base: SeatBase) -> None:
    """A poll of Scotland that doubles a party's share raises its offset there and leaves the other nations alone."""
    days = np.array(["2025-01-01", "2026-01-01"], dtype="datetime64[ns]")
    shares, weights = nation_base(base)
    still = xr.DataArray(
        np.tile(weights @ shares, (2, 1)), dims=("date", "party"), coords={"date": days, "party": list(PARTIES)}
    )
    ids = evidence.polls.filter(pl.col("area") == "Scotland")["poll_id"].head(1)
    only = evidence.polls.filter(pl.col("poll_id") == ids[0]).with_columns(pl.lit(date(2025, 12, 1)).alias("end_date"))
    con = 2 * shares[GB_NATIONS.index("Scotland"), 0]
    asked = evidence.poll_shares.head(1).with_columns(
        pl.lit(ids[0]).alias("poll_id"), pl.lit("con").alias("party"), pl.lit(con).alias("share")
    )
    fields = {name: getattr(evidence, name) for name in evidence.__dataclass_fields__}
    one = Evidence(**{**fields, "polls": only, "poll_shares": asked})
    offsets = nation_offsets(one, base, still)
    record = offset_record(one, PARTIES)
    assert 0 < offsets.mean[1, 0] < np.log(2)
    assert offsets.sd[1, 0] < record[1, 0]
    np.testing.assert_array_equal(np.delete(offsets.mean.ravel(), 8), 0.0)
    np.testing.assert_array_equal(np.delete(offsets.sd.ravel(), 8), np.delete(record.ravel(), 8))
