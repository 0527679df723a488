"""Shipped tables of facts on the people of constituencies, and the code that compiles them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import read_table
from data.compile import covariates
from data.compile.common import write_table
from data.errors import BadInput
from data.load import tables_dir
from data.schemas.seats import MEASURES

TABLES = ("covariates", "covariates_shared")
SETTLED = date(2023, 11, 14)


def shared(measure: str) -> pl.DataFrame:
    """Rows of one measure on the boundaries of 2024."""
    return read_table("covariates_shared").filter(pl.col("measure") == measure)


def test_every_measure_is_described() -> None:
    """MEASURES describes each measure of both tables, and no other."""
    assert {measure for name in TABLES for measure in read_table(name)["measure"]} == set(MEASURES)


def test_descriptions_say_year_and_denominator() -> None:
    """A description says of whom the measure is the share, and of what year; only population is no share."""
    for measure, description in MEASURES.items():
        assert "20" in description, measure
        assert "; of " in description or measure == covariates.POPULATION


@pytest.mark.parametrize("name", TABLES)
def test_constituencies_are_of_their_set(name: str) -> None:
    """Every row is of a constituency of its boundary set."""
    seats = read_table("constituencies").select("boundary_set", "constituency")
    assert read_table(name).join(seats, on=["boundary_set", "constituency"], how="anti").is_empty()


@pytest.mark.parametrize("name", TABLES)
def test_values_are_shares(name: str) -> None:
    """Every value is between 0 and 1, but for population, which is between the smallest and largest seats."""
    rows = read_table(name)
    people = pl.col("measure") == covariates.POPULATION
    assert rows.filter(~people)["value"].is_between(0, 1).all()
    assert rows.filter(people)["value"].is_between(20_000, 160_000).all()


def test_seats_covered() -> None:
    """Leave 2016 covers all 650 seats of 2010 and Great Britain's 632 of 2024; independence the 57 of Scotland."""
    assert read_table("covariates").height == 650
    counts = dict(read_table("covariates_shared").group_by("measure").len().iter_rows())
    assert counts[covariates.LEAVE] == 632
    assert counts[covariates.INDEPENDENCE] == 57
    census = {measure: count for measure, count in counts.items() if measure.startswith("census_")}
    assert set(census.values()) == {632, 575}


@pytest.mark.parametrize("measure", ["census_level4", "census_owned_outright", "census_deprived", "census_no_car"])
def test_what_is_not_given_has_no_row(measure: str) -> None:
    """Measures that the file does not have for Scotland have no Scottish row, not a zero."""
    assert shared(measure).filter(pl.col("constituency").str.starts_with("S")).is_empty()
    assert shared(measure)["value"].min() > 0  # type: ignore[operator]


@pytest.mark.parametrize(
    "parts",
    [
        ["age_under_16", "age_16_24", "age_25_34", "age_35_49", "age_50_64", "age_65_plus"],
        ["white", "mixed", "asian", "black", "other_ethnic"],
        ["owned_outright", "mortgage", "social_rent", "private_rent"],
    ],
)
def test_groups_sum_to_one(parts: list[str]) -> None:
    """Age bands, ethnic groups and tenures each sum to one in every seat, up to the rounding of the source."""
    rows = pl.concat(shared(f"census_{part}") for part in parts)
    sums = rows.group_by("constituency").agg(pl.col("value").sum())
    assert sums["value"].is_between(0.994, 1.006).all()


@pytest.mark.parametrize(
    ("measure", "constituency", "value"),
    [
        ("leave_2016", "E14001390", 0.713925),
        ("leave_2016", "S14000107", 0.434878),
        ("independence_2014", "S14000021", 0.368),
        ("census_population", "W07000081", 92_575),
        ("census_age_65_plus", "W07000081", 0.206),
        ("census_born_outside_uk", "E14001596", 0.254),
    ],
)
def test_values_of_the_source(measure: str, constituency: str, value: float) -> None:
    """Values are those of the files as fractions, sums of columns where a measure joins several."""
    found = shared(measure).filter(pl.col("constituency") == constituency)["value"].to_list()
    assert found == [value]


@pytest.mark.parametrize(
    ("constituency", "value"), [("E14000530", 0.578978), ("E14000532", 0.385878), ("N06000008", 0.217359)]
)
def test_counted_figures_stand_before_estimates(constituency: str, value: float) -> None:
    """Leave 2016 is the count where one is known, else the estimate; Northern Ireland's per cent are fractions."""
    rows = read_table("covariates").filter(pl.col("constituency") == constituency)
    assert rows["value"].to_list() == [value]


def test_nothing_is_known_before_it_was_public() -> None:
    """Leave 2016 is known after the vote, recast figures with the boundaries, Scotland's census when it was out."""
    leave = (
        read_table("covariates").group_by(pl.col("constituency").str.head(1) == "N").agg(pl.col("known_on").unique())
    )
    assert {row[0]: row[1] for row in leave.iter_rows()} == {True: [date(2016, 6, 24)], False: [date(2017, 3, 17)]}
    rows = read_table("covariates_shared")
    scottish = pl.col("constituency").str.starts_with("S") & pl.col("measure").str.starts_with("census_")
    late = rows.filter(scottish).filter(pl.col("known_on") != date(2024, 5, 21))
    assert late.select("measure", "known_on").unique().rows() == [("census_born_outside_uk", date(2024, 8, 1))]
    assert late.height == 57
    assert rows.filter(~scottish)["known_on"].unique().to_list() == [SETTLED]


def test_both_sets_tell_the_same_story() -> None:
    """Seats that keep their code or name lean alike on both sets, and the country voted to leave by four points."""
    old, new = read_table("covariates"), shared(covariates.LEAVE)
    names = read_table("constituencies").select("boundary_set", "constituency", "name")
    both = old.join(names, on=["boundary_set", "constituency"]).join(
        new.join(names, on=["boundary_set", "constituency"]), on="name"
    )
    assert both.height > 300
    assert both.select(pl.corr("value", "value_right")).item() > 0.97


def raw_file(folder: Path, name: str, text: str) -> Path:
    """A raw folder with one file."""
    (folder / "results").mkdir(exist_ok=True)
    (folder / "results" / name).write_text(text, encoding="utf-8")
    return folder


FILES = {
    "revised_scottish_codes_2024.csv": "S1,A,S2\n",
    "hanretty_leave_2024_boundaries.csv": "a,b,c,d,e\nA,S1,1,1,0.5\n",
    "indyref2014_on_2024_boundaries.csv": "a,b,c\nS1,A,50\n",
    "census2021_2022_on_2024_boundaries.csv": "ONSConstID,c21Population\nE1,many\n",
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hanretty_leave_2024_boundaries.csv", "a,b,c,d,e\nA,S1,1,1,half\n"),
        ("indyref2014_on_2024_boundaries.csv", "a,b\nS1,A\n"),
        ("census2021_2022_on_2024_boundaries.csv", "ONSConstID,c21Population\nE1,100\n"),
        ("census2021_2022_on_2024_boundaries.csv", FILES["census2021_2022_on_2024_boundaries.csv"]),
    ],
)
def test_files_that_are_not_those_expected_are_refused(tmp_path: Path, name: str, text: str) -> None:
    """A file that lacks a column, or holds a word where a number belongs, is refused by name."""
    for file, content in (FILES | {name: text}).items():
        raw_file(tmp_path, file, content)
    with pytest.raises(BadInput, match=name):
        covariates.covariates_shared(tmp_path)


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    """A text file under a workbook's name is refused by name."""
    raw_file(tmp_path, "hanretty_leave_2010_boundaries.xlsx", "PCON11CD,Figure to use\n")
    with pytest.raises(BadInput, match="hanretty_leave_2010"):
        covariates.covariates(tmp_path)


def test_rebuild_is_byte_identical(raw_sources: Path, tmp_path: Path) -> None:
    """The raw files give the shipped tables byte for byte."""
    for name, frame in covariates.tables(raw_sources).items():
        assert write_table(name, frame, tmp_path).read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()
