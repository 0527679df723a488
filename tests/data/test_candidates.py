"""Shipped tables of candidates and their votes, and the code that compiles them."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from data import read_table
from data.compile import candidates
from data.compile.common import write_table
from data.errors import BadInput
from data.load import tables_dir

SEAT = ["election_date", "constituency"]
MOVED_2019 = {"E14000532", "E14000703", "E14000768", "E14001048"}
"""Seats where an MP who had joined the Liberal Democrats stood against another sitting MP."""


def voted() -> pl.DataFrame:
    """Candidates with their votes."""
    return read_table("candidates").join(read_table("candidate_votes"), on=candidates.KEYS, validate="1:1")


def test_every_candidate_has_votes() -> None:
    """The two tables list the same candidates."""
    people, votes = (read_table(name).select(candidates.KEYS) for name in ("candidates", "candidate_votes"))
    assert people.equals(votes)
    assert people.height == 19_260


def test_candidates_sum_to_results() -> None:
    """Candidates' votes by party are the table of results, for every seat, party and election since 2010."""
    sums = voted().group_by(*SEAT, "party").agg(pl.col("votes").sum()).filter(pl.col("votes") > 0)
    told = read_table("results").filter(pl.col("election_date") >= date(2010, 5, 6))
    wrong = told.join(sums, on=[*SEAT, "party"], how="full").filter(pl.col("votes").ne_missing(pl.col("votes_right")))
    assert wrong.is_empty()


def test_the_candidate_with_most_votes_is_the_winner() -> None:
    """The candidate with most votes stands for the party that contests gives as winner."""
    first = voted().sort("votes").unique(SEAT, keep="last", maintain_order=True)
    contests = read_table("contests").join(first.select(*SEAT, "party"), on=SEAT, validate="1:1")
    assert contests.height == 5 * 650
    assert (contests["winner"] == contests["party"]).all()


def test_numbers_run_by_surname_from_one() -> None:
    """Numbers of a seat run from 1 without a gap, in the order of surnames."""
    people = read_table("candidates")
    numbers = people.group_by(SEAT).agg(pl.col("candidate"), n=pl.len())
    assert all(row["candidate"] == list(range(1, row["n"] + 1)) for row in numbers.iter_rows(named=True))
    aldershot = people.filter((pl.col("constituency") == "E14000530") & (pl.col("election_date") == date(2010, 5, 6)))
    assert aldershot["name"].to_list()[:2] == ["Juliana Brimicombe", "Adrian Collett"]


@pytest.mark.parametrize(
    ("day", "stood_again"),
    [
        (date(2010, 5, 6), 497),
        (date(2015, 5, 7), 560),
        (date(2017, 6, 8), 618),
        (date(2019, 12, 12), 574),
        (date(2024, 7, 4), 518),
    ],
)
def test_sitting_mps_are_those_who_stood_again(day: date, stood_again: int) -> None:
    """Sitting MPs are as many as stood again, and each had been an MP before."""
    sitting = read_table("candidates").filter((pl.col("election_date") == day) & pl.col("sitting_mp"))
    assert sitting.height == stood_again
    assert sitting["former_mp"].all()


def test_a_seat_has_one_sitting_mp_unless_boundaries_or_an_mp_moved() -> None:
    """Two sitting MPs met only on new boundaries (2010, 2024) or where one had changed party (2019), never three."""
    sitting = read_table("candidates").filter(pl.col("sitting_mp")).group_by(SEAT).len().filter(pl.col("len") > 1)
    assert sitting["len"].max() == 2
    years = sitting.group_by(pl.col("election_date").dt.year()).len()
    assert dict(years.iter_rows()) == {2010: 2, 2019: 4, 2024: 6}
    assert set(sitting.filter(pl.col("election_date").dt.year() == 2019)["constituency"]) == MOVED_2019


def test_the_speaker_stands_as_such() -> None:
    """The Speaker is a party of his own with one candidate at each election."""
    speakers = read_table("candidates").filter(pl.col("party") == "spk")
    assert speakers["name"].to_list() == ["John Bercow"] * 3 + ["Lindsay Hoyle"] * 2


def test_the_joint_ticket_of_2010_is_ulster_unionist() -> None:
    """The 17 candidates whom the file calls independents are Ulster Unionists, and no other independent is."""
    unionists = read_table("candidates").filter(
        (pl.col("party") == "uup") & (pl.col("election_date") < date(2015, 1, 1))
    )
    assert unionists.height == 17
    assert "Reg Empey" in unionists["name"].to_list()
    assert set(unionists["party_name"]) == {"Ulster Unionist Party"}


def test_names_are_known_before_votes() -> None:
    """Names are known when nominations close, three to five weeks before polling day, and votes the day after it."""
    late = (pl.col("election_date") == date(2010, 5, 6)) & (pl.col("constituency") == "E14000993")
    rows = voted().filter(~late).select("election_date", "known_on", "known_on_right").unique()
    assert rows.height == 5
    assert (rows["election_date"] - rows["known_on"]).is_between(timedelta(16), timedelta(35)).all()
    assert (rows["known_on_right"] - rows["election_date"] == timedelta(1)).all()
    # Thirsk and Malton reopened nominations and voted on 27 May.
    thirsk = voted().filter(late)
    assert thirsk.height == 5
    assert set(thirsk["known_on"]) | set(thirsk["known_on_right"]) == {date(2010, 5, 28)}


def test_names_are_spelled_right() -> None:
    """Names have no letters read in the wrong encoding."""
    names = read_table("candidates")["name"]
    assert names.filter(names.str.contains("[ÃÂ\u00ad]")).is_empty()
    assert {"Séamus Martin", "Áine Groogan"} <= set(names)


def raw_2019(folder: Path, rows: str) -> Path:
    """A raw folder with candidates of 2019."""
    (folder / "results").mkdir()
    (folder / "results/ge2019_candidacies.csv").write_text(rows, encoding="utf-8")
    return folder


def test_a_flag_that_is_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    """A column that is not the one expected stops the build with its file named."""
    row = "E14000530,,Aldershot,,,,,Labour,Lab,,,,Ann,Ay,F,Perhaps,No,,12,,\n"
    with pytest.raises(BadInput, match="ge2019_candidacies"):
        candidates.election_candidates(raw_2019(tmp_path, row), "2019")


def test_namesakes_are_numbered_by_party(tmp_path: Path) -> None:
    """Two candidates of one name are told apart by the names of their parties, whatever the order of the file."""
    green, labour = (
        "E1,,A,,,,,{},x,,,,Greg,Smith,M,No,No,,{},,\n".format(*pair) for pair in (("Green", 3), ("Lab", 9))
    )
    for order, text in enumerate((green + labour, labour + green)):
        folder = tmp_path / str(order)
        folder.mkdir()
        rows = candidates.election_candidates(raw_2019(folder, text), "2019")
        assert rows.select("candidate", "votes").rows() == [(1, 3), (2, 9)]


def test_rebuild_is_byte_identical(raw_sources: Path, tmp_path: Path) -> None:
    """The raw files give the shipped tables byte for byte."""
    for name, frame in candidates.tables(raw_sources).items():
        assert write_table(name, frame, tmp_path).read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()


def test_unionists_that_cannot_be_told_stop_the_build(raw_sources: Path, tmp_path: Path) -> None:
    """If no independent has the votes counted for the Ulster Unionists in a seat, the build stops."""
    (tmp_path / "results").mkdir()
    for kind in ("constituencies", "candidacies"):
        name = f"results/ge2010_{kind}.csv"
        text = (raw_sources / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(",10353,0.3", ",10354,0.3"), encoding="utf-8")
    with pytest.raises(BadInput, match="16 independents"):
        candidates.election_candidates(tmp_path, "2010")
