"""Shipped tables of elections, constituencies, notional results and hexagons, and the code that compiles them."""

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import read_table
from data.compile import maps, results
from data.compile.common import read_at, write_table
from data.compile.library import SPEAKERS, move_votes
from data.compile.national import sheet_figures
from data.errors import BadInput
from data.load import tables_dir

RAW = Path(os.environ.get("RAW", Path(__file__).parents[2] / "../shared/sources"))
needs_raw = pytest.mark.skipif(
    not (RAW / "results").is_dir(), reason=f"no raw files at {RAW}: set RAW to the folder of raw files"
)

SEATS = [630] * 5 + [635] * 3 + [650, 650, 651, 659, 659, 646] + [650] * 5


def top_party(votes: pl.DataFrame) -> dict[str, int]:
    """Seats by party with most votes."""
    first = votes.sort("votes", "party", descending=True).unique("constituency", keep="first")
    return dict(first["party"].value_counts().iter_rows())


def test_every_election_has_all_its_seats() -> None:
    """There are 19 general elections since 1955, each with one contest a seat."""
    elections = read_table("elections")
    fought = read_table("contests").group_by("election_date").len().sort("election_date")
    assert elections["seats"].to_list() == SEATS
    assert fought["len"].to_list() == SEATS


def test_votes_sum_to_valid_votes() -> None:
    """In every contest the parties' votes sum to the valid votes, and no row has none."""
    votes = read_table("results")
    sums = votes.group_by("election_date", "constituency").agg(pl.col("votes").sum())
    contests = read_table("contests").join(sums, on=["election_date", "constituency"], how="full")
    assert contests.filter(pl.col("votes").ne_missing(pl.col("valid_votes"))).is_empty()
    assert votes.filter(pl.col("votes") < 1).is_empty()


def test_turnout_is_possible() -> None:
    """Valid votes are between a quarter of the electorate and all of it."""
    turnout = read_table("contests").select(pl.col("valid_votes") / pl.col("electorate")).to_series()
    assert turnout.min() > 0.25  # type: ignore[operator]
    assert turnout.max() < 0.95  # type: ignore[operator]


def test_winners_have_most_votes() -> None:
    """A winner has the most votes, but for seats where the others together have more than any party."""
    votes = read_table("results").rename({"votes": "won"})
    best = votes.filter(pl.col("party") != "oth").group_by("election_date", "constituency").agg(pl.col("won").max())
    keys = ["election_date", "constituency"]
    contests = read_table("contests").join(votes, left_on=[*keys, "winner"], right_on=[*keys, "party"], how="left")
    assert contests["won"].null_count() == 0
    named = contests.filter(pl.col("winner") != "oth").join(best, on=keys)
    assert (named["won"] == named["won_right"]).all()


@pytest.mark.parametrize(
    ("day", "constituency", "winner"),
    [
        (date(1959, 10, 8), "1955-caithness-and-sutherland", "oth"),
        (date(1970, 6, 18), "1955-merthyr-tydfil", "oth"),
        (date(1997, 5, 1), "1997-tatton", "oth"),
        (date(2005, 5, 5), "2005-blaenau-gwent", "oth"),
        (date(2010, 5, 6), "E14000598", "grn"),
        (date(2010, 5, 6), "N06000013", "oth"),
        (date(2015, 5, 7), "E14000733", "lab"),
        (date(2015, 5, 7), "E14000642", "ref"),
        (date(2019, 12, 12), "E14000637", "spk"),
        (date(2024, 7, 4), "E14001305", "oth"),
        (date(2024, 7, 4), "E14001170", "spk"),
    ],
)
def test_odd_winners(day: date, constituency: str, winner: str) -> None:
    """Independents, the Speaker, and seats the grouped file would give wrongly have their true winner."""
    row = read_table("contests").row(
        by_predicate=(pl.col("election_date") == day) & (pl.col("constituency") == constituency), named=True
    )
    assert row["winner"] == winner


@pytest.mark.parametrize(
    ("day", "constituency", "votes"),
    [
        (date(1974, 2, 28), "1974-antrim-north", 64_989),
        (date(1974, 10, 10), "1974-oxfordshire-mid", 45_491),
        (date(1974, 10, 10), "1974-bedfordshire-mid", 58_832),
        (date(1987, 6, 11), "1983-blackpool-south", 42_285),
        (date(1997, 5, 1), "1997-belfast-east", 39_029),
    ],
)
def test_known_faults_of_the_library_file_are_mended(day: date, constituency: str, votes: int) -> None:
    """Contests whose total or others the file has wrong carry the right sum."""
    row = read_table("contests").row(
        by_predicate=(pl.col("election_date") == day) & (pl.col("constituency") == constituency), named=True
    )
    assert row["valid_votes"] == votes


def test_the_speaker_is_a_line_of_his_own() -> None:
    """The Speaker wins one seat at each election he stood in as Speaker, and has votes nowhere else."""
    won = read_table("contests").filter(pl.col("winner") == "spk").select("election_date", "constituency")
    cast = read_table("results").filter(pl.col("party") == "spk").select("election_date", "constituency")
    assert won.equals(cast)
    assert won["election_date"].is_unique().all()
    assert won.height == len(SPEAKERS) + 5


def test_ulster_unionists_of_2010_are_not_independents() -> None:
    """The joint ticket of 2010 is counted as Ulster Unionist."""
    votes = read_table("results").filter((pl.col("election_date") == date(2010, 5, 6)) & (pl.col("party") == "uup"))
    assert votes["votes"].sum() == 102_361
    assert votes.height == 17


def test_shares_of_2024_are_the_published_ones() -> None:
    """National shares of 2024 round to those published."""
    votes = read_table("results").filter(pl.col("election_date") == date(2024, 7, 4))
    shares = votes.group_by("party").agg(100 * pl.col("votes").sum() / votes["votes"].sum())
    rounded = {party: round(share, 1) for party, share in shares.iter_rows()}
    expected = {"lab": 33.7, "con": 23.7, "ref": 14.3, "lib": 12.2, "grn": 6.7, "snp": 2.5, "plaid": 0.7, "spk": 0.1}
    assert {party: rounded[party] for party in expected} == expected


def test_notional_results_have_the_known_winners() -> None:
    """The recast results of 2005 and 2019 give the seats their authors published."""
    notionals = read_table("notionals")
    recast_2005 = notionals.filter(pl.col("boundary_set") == "2010")
    recast_2019 = notionals.filter(pl.col("boundary_set") == "2024")
    seats = top_party(recast_2005)
    assert [seats[party] for party in ("con", "lab", "lib", "snp", "plaid", "spk")] == [210, 348, 62, 6, 2, 1]
    seats = top_party(recast_2019)
    expected = {"con": 372, "lab": 200, "snp": 48, "lib": 8, "plaid": 2, "grn": 1, "spk": 1}
    assert {party: seats[party] for party in expected} == expected
    assert recast_2005["votes"].sum() == 27_148_510
    assert recast_2019["votes"].sum() == 32_014_119


def test_notional_results_cover_their_boundary_set() -> None:
    """Each recast result has every seat of its set, under the codes the contests have, published before first use."""
    notionals = read_table("notionals").select("boundary_set", "constituency", "known_on").unique()
    seats = read_table("constituencies").filter(pl.col("boundary_set").is_in(["2010", "2024"]))
    joined = notionals.join(seats, on=["boundary_set", "constituency"])
    assert joined.height == notionals.height == seats.height
    assert (joined["known_on"] >= joined["known_on_right"]).all()
    first = {"2010": date(2010, 5, 6), "2024": date(2024, 7, 4)}
    assert all(known < first[boundary_set] for boundary_set, _, known in notionals.iter_rows())


def test_national_results_are_complete() -> None:
    """Every election has official totals for the kingdom, Great Britain and the four nations, with all its seats."""
    national = read_table("national_results")
    seats = national.group_by("election_date", "area").agg(pl.col("seats").sum()).pivot("area", values="seats")
    nations = seats.select(pl.sum_horizontal("England", "Scotland", "Wales", "Northern Ireland")).to_series()
    assert seats.sort("election_date")["UK"].to_list() == SEATS
    assert (nations == seats["UK"]).all()
    assert (seats["GB"] + seats["Northern Ireland"] == seats["UK"]).all()


@pytest.mark.parametrize("name", ["elections", "national_results", "contests", "results"])
def test_results_are_known_the_day_after(name: str) -> None:
    """Whatever an election decided is known on the next day, not before; seats that voted later are known later."""
    table = read_table(name)
    late = table.filter((pl.col("known_on") - pl.col("election_date")).dt.total_days() != 1)
    if "constituency" in table.columns:
        told = late.select("election_date", "constituency", "known_on").unique().sort("election_date")
        assert told.rows() == [
            (date(2005, 5, 5), "2005-south-staffordshire", date(2005, 6, 24)),
            (date(2010, 5, 6), "E14000993", date(2010, 5, 28)),
        ]
    else:
        assert late.is_empty()


def test_seats_that_voted_later_are_those_meant() -> None:
    """The seats of POSTPONED are the ones of that name, fought at that election, and voted after its polling day."""
    sets = read_table("elections").select("election_date", "boundary_set")
    seats = read_table("contests").select("election_date", "constituency").join(sets, on="election_date")
    named = seats.join(read_table("constituencies"), on=["boundary_set", "constituency"])
    names = {(day, seat): name for day, seat, name in named.select("election_date", "constituency", "name").iter_rows()}
    assert [names[key] for key in results.POSTPONED] == ["South Staffordshire", "Thirsk and Malton"]
    assert all(held > day for (day, _), held in results.POSTPONED.items())


def test_moving_votes_keeps_their_sum() -> None:
    """Votes moved to another party leave the contest's total and other parties as they were."""
    votes = pl.DataFrame(
        [(date(1966, 3, 31), "a", "oth", 10), (date(1966, 3, 31), "a", "con", 3)],
        schema=["election_date", "constituency", "party", "votes"],
        orient="row",
    )
    moves = pl.DataFrame(
        [(date(1966, 3, 31), "a", "oth", 7, "spk")],
        schema=["election_date", "constituency", "party", "votes", "to"],
        orient="row",
    )
    moved = move_votes(votes, moves)
    assert dict(moved.select("party", "votes").iter_rows()) == {"oth": 3, "con": 3, "spk": 7}


def test_sheet_blocks_are_told_apart() -> None:
    """Votes come from the left of the first block and seats from the right of the second, in votes and seats."""
    cells: list[tuple[str | None, ...]] = [
        (None, None, "CON2", "Other", "Total", "CON2", "Other", "Total"),
        ("1974", "Feb", "1.5", "0.5", "2", "9", "9", "18"),
        (None, None, "Share of vote", None, None, "Seats won", None, None),
        (None, None, "CON2", "Other", "Total", "CON2", "Other", "Total"),
        ("1974", "Feb", "0.75", "0.25", "1", "6", "..", "7"),
    ]
    assert list(sheet_figures(cells, 1_000_000)) == [
        ("votes", ("1974F", "con", 1_500_000)),
        ("votes", ("1974F", "total", 2_000_000)),
        ("seats", ("1974F", "con", 6)),
        ("seats", ("1974F", "total", 7)),
    ]


def test_missing_raw_file_is_named(tmp_path: Path) -> None:
    """A raw folder without the results says which file is wanted."""
    with pytest.raises(BadInput, match="hocl_1918_2019_by_constituency"):
        results.tables(tmp_path)


def test_raw_file_with_too_few_columns_is_refused(tmp_path: Path) -> None:
    """A headerless file that is not the one expected is refused by name."""
    (tmp_path / "short.csv").write_text("E14000530,Aldershot\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"short\.csv"):
        read_at(tmp_path, "short.csv", {0: "constituency", 18: "votes"}, header=False)


@needs_raw
def test_candidates_that_do_not_sum_are_refused(tmp_path: Path) -> None:
    """A contest whose candidates do not sum to its valid votes stops the build."""
    (tmp_path / "results").mkdir()
    for kind in ("constituencies", "candidacies"):
        name = f"results/ge2019_{kind}.csv"
        text = (RAW / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(",17008,0.538262", ",17009,0.538262"), encoding="utf-8")
    with pytest.raises(BadInput, match="W07000049"):
        results.parliament(tmp_path, "2019")


@needs_raw
def test_rebuild_is_byte_identical(tmp_path: Path) -> None:
    """The raw files give the shipped tables byte for byte."""
    frames = results.tables(RAW) | maps.tables(RAW)
    rebuilt = {name: write_table(name, frame, tmp_path).read_bytes() for name, frame in frames.items()}
    assert len(rebuilt) == 8
    assert [name for name, text in rebuilt.items() if text != (tables_dir() / f"{name}.csv").read_bytes()] == []
