"""Shipped tables of by-elections, and the code that compiles them."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from data import read_table
from data.compile import by_elections
from data.compile.common import write_table
from data.errors import BadInput
from data.load import tables_dir

KEYS = ["date", "constituency"]
CONTESTS = "results/byelections_parliament57_constituencies.csv"
CANDIDATES = "results/byelections_parliament57_candidacies.csv"


def test_by_elections_of_each_parliament() -> None:
    """Each parliament since 2010 has as many by-elections as were held."""
    last = [date(2015, 5, 7), date(2017, 6, 8), date(2019, 12, 12), date(2024, 7, 4)]
    days = read_table("by_elections")["date"].sort()
    assert [0, *days.search_sorted(pl.Series(last)).to_list(), days.len()] == [0, 21, 31, 36, 59, 65]


def test_constituencies_are_of_the_boundary_set_in_force() -> None:
    """Every by-election was held on a constituency of its set, which is that of the last general election."""
    held = read_table("by_elections")
    seats = read_table("constituencies").select("boundary_set", "constituency")
    assert held.join(seats, on=["boundary_set", "constituency"], how="anti").is_empty()
    assert ((held["date"] > date(2024, 7, 4)) == (held["boundary_set"] == "2024")).all()


def test_votes_sum_and_the_winner_has_most() -> None:
    """Votes by party sum to valid votes, and no party but others has more than the winner."""
    votes = read_table("by_election_results")
    sums = votes.group_by(KEYS).agg(pl.col("votes").sum(), most=pl.col("votes").filter(pl.col("party") != "oth").max())
    won = votes.select(*KEYS, winner="party", won="votes")
    held = (
        read_table("by_elections").join(sums, on=KEYS, validate="1:1").join(won, on=[*KEYS, "winner"], validate="1:1")
    )
    assert held.height == 65
    assert (held["votes"] == held["valid_votes"]).all()
    assert (held["won"] >= held["most"]).all()
    assert (held["valid_votes"] < held["electorate"]).all()


def test_holder_before_is_the_last_winner() -> None:
    """Who held a seat before is who won it last, but where the MP had left or joined a party since."""
    general = read_table("contests").select(date="election_date", constituency="constituency", last="winner")
    held = read_table("by_elections")
    won = pl.concat([general, held.select(*KEYS, last="winner")]).sort("date")
    before = held.sort("date").join_asof(
        won, on="date", by="constituency", allow_exact_matches=False, check_sortedness=False
    )
    assert before.filter(pl.col("held_by") != pl.col("last")).is_empty()


@pytest.mark.parametrize(
    ("day", "constituency", "winner", "held_by"),
    [
        (date(2012, 3, 29), "E14000589", "oth", "lab"),
        (date(2013, 3, 7), "N06000010", "sf", "sf"),
        (date(2014, 10, 9), "E14000642", "ref", "con"),
        (date(2024, 2, 29), "E14000897", "oth", "lab"),
        (date(2026, 2, 26), "E14001251", "grn", "lab"),
        (date(2026, 8, 13), "E14001174", "ref", "ref"),
    ],
)
def test_who_won_from_whom(day: date, constituency: str, winner: str, held_by: str) -> None:
    """Holds and gains are read alike, with a capital or not, and small parties are others."""
    row = read_table("by_elections").row(
        by_predicate=(pl.col("date") == day) & (pl.col("constituency") == constituency), named=True
    )
    assert (row["winner"], row["held_by"]) == (winner, held_by)


def test_valid_votes_are_the_sum_of_candidates() -> None:
    """Sheffield Brightside and Hillsborough 2016 has the sum of its candidates, not the number the file states."""
    row = read_table("by_elections").row(by_predicate=pl.col("constituency") == "E14000921", named=True)
    assert row["valid_votes"] == 23_481


def test_restore_britain_is_a_party_of_its_own() -> None:
    """Restore Britain has its own code; it first stood in 2026."""
    votes = read_table("by_election_results").filter(pl.col("party") == "restore")
    assert votes["date"].dt.year().to_list() == [2026]


def test_known_the_next_day() -> None:
    """A by-election is known the day after polling day."""
    for name in ("by_elections", "by_election_results"):
        table = read_table(name)
        assert (table["known_on"] - table["date"] == timedelta(1)).all()


@pytest.fixture
def parliament(raw_sources: Path, tmp_path: Path) -> Path:
    """A raw folder with what the by-elections of 2017-19 need."""
    (tmp_path / "results").mkdir()
    for name in (CONTESTS, CANDIDATES, "results/ge2010_constituencies.csv"):
        (tmp_path / name).write_bytes((raw_sources / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (CONTESTS, "LD gain from Con", "LD took it", "'LD took it' is neither"),
        (CONTESTS, "03/05/2018", "2018-05-03", "dd/mm/yyyy"),
        (CONTESTS, "N06000018", "N06000019", "same contests"),
        (CANDIDATES, ",16346,", ",[x],", "whole number"),
    ],
)
def test_bad_raw_files_are_refused(parliament: Path, file: str, old: str, new: str, sentence: str) -> None:
    """A result, date, code or vote that cannot be read stops the build with a sentence that says so."""
    text = (parliament / file).read_text(encoding="utf-8")
    assert old in text
    (parliament / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=sentence.replace("[", r"\[")):
        by_elections.parliament_by_elections(parliament, 57)


def test_an_unknown_constituency_is_refused(parliament: Path) -> None:
    """A by-election of a code that is not of its boundary set stops the build."""
    for file in (CONTESTS, CANDIDATES):
        text = (parliament / file).read_text(encoding="utf-8")
        (parliament / file).write_text(text.replace("N06000018", "N05000018"), encoding="utf-8")
    with pytest.raises(BadInput, match="N05000018"):
        by_elections.parliament_by_elections(parliament, 57)


def test_rebuild_is_byte_identical(raw_sources: Path, tmp_path: Path) -> None:
    """The raw files give the shipped tables byte for byte."""
    for name, frame in by_elections.tables(raw_sources).items():
        assert write_table(name, frame, tmp_path).read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()
