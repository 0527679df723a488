from pathlib import Path

import polars as pl
import pytest

from data import BadInput, read_table
from data.compile import forecasts
from data.compile.common import write_table
from data.load import tables_dir

SPEAKERS = {2010: "con", 2015: "con", 2017: "con", 2019: "lab", 2024: "lab"}
"""Party that the Speaker came from: published totals count him with it."""


@pytest.fixture(scope="module")
def made() -> pl.DataFrame:
    return read_table("published_forecasts")


def test_results_are_those_of_our_contests(raw_sources: Path) -> None:
    """The file's results equal the seats counted from our contests, the Speaker counted with his old party or apart."""
    printed = forecasts.long_rows(raw_sources).filter(pl.col("forecaster") == forecasts.ACTUAL)
    won = read_table("contests").group_by("election_date", pl.col("winner").alias("party")).len("won")
    both = printed.join(won, on=["election_date", "party"])
    assert both.height == printed.height == 20
    speaker = both["party"] == both["election_date"].dt.year().replace_strict(SPEAKERS)
    over = both["seats"] - both["won"]
    assert over.filter(~speaker).to_list() == [0.0] * 15
    assert dict(zip(both["election_date"].dt.year().filter(speaker), over.filter(speaker), strict=True)) == {
        2010: 1,
        2015: 1,
        2017: 1,
        2019: 1,
        2024: 1,
    }


def test_no_result_is_shipped_as_a_forecast(made: pl.DataFrame) -> None:
    """The rows that hold the result are not in the table; the exit polls are."""
    assert forecasts.ACTUAL not in set(made["forecaster"])
    exits = made.filter(pl.col("kind") == "exit poll")
    assert exits["election_date"].n_unique() == 5


def test_forecasts_are_known_on_polling_day(made: pl.DataFrame) -> None:
    """Every forecast is known on polling day, so a run dated the eve sees none of them."""
    assert (made["known_on"] == made["election_date"]).all()


def test_seats_fit_the_house(made: pl.DataFrame) -> None:
    """The parties' seats of one forecast sum to less than the House, and to more than 500 where four are given."""
    sums = made.group_by("election_date", "forecaster").agg(seats=pl.col("seats").sum(), parties=pl.len())
    assert sums["seats"].max() < 650
    assert sums.filter(pl.col("parties") == 4)["seats"].min() > 500


def test_totals_counted_by_a_third_party_are_marked(made: pl.DataFrame) -> None:
    """Totals that no page prints are unverified, and they are the three that were counted from seats."""
    marked = made.filter(~pl.col("verified"))
    assert set(marked["source"]) == {"apogee argmax"}
    assert marked["forecaster"].n_unique() == 3


@pytest.mark.parametrize(
    ("year", "forecaster", "party", "seats"),
    [
        (2015, "Exit poll (BBC/ITV/Sky)", "con", 316),
        (2017, "YouGov MRP (final)", "con", 302),
        (2019, "YouGov MRP (final)", "lab", 231),
        (2024, "Survation (final)", "lab", 484),
        (2024, "YouGov MRP (final)", "lib", 72),
    ],
)
def test_forecasts_that_the_press_prints(
    made: pl.DataFrame, year: int, forecaster: str, party: str, seats: float
) -> None:
    """Well-known forecasts are in the table as they were printed."""
    here = made.filter(pl.col("election_date").dt.year() == year, pl.col("forecaster") == forecaster)
    assert here.filter(pl.col("party") == party)["seats"].to_list() == [seats]


def test_rebuilds_byte_for_byte(raw_sources: Path, tmp_path: Path) -> None:
    """The raw file compiles to the shipped table, byte for byte."""
    frame = forecasts.tables(raw_sources)["published_forecasts"]
    built = write_table("published_forecasts", frame, tmp_path)
    assert built.read_bytes() == (tables_dir() / "published_forecasts.csv").read_bytes()


def test_a_number_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    """A seat count that is no number ends in BadInput that names the file."""
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / forecasts.FILE).write_text("election,forecaster,kind,con,lab,ld,snp,source\n2024,A,k,many,1,1,1,s\n")
    with pytest.raises(BadInput, match=r"seat_forecasts_2010_2024\.csv"):
        forecasts.tables(tmp_path)
