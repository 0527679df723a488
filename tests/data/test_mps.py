import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import BadInput, read_table
from data.catalogue import read_package
from data.compile import mps
from data.compile.common import read_text_csv, write_table
from data.load import tables_dir

RAW = Path(os.environ.get("RAW", Path(__file__).parents[2] / ".." / "shared" / "sources"))
needs_raw = pytest.mark.skipif(not (RAW / "mps").is_dir(), reason=f"no raw files in {RAW}: set RAW to their folder")


@pytest.fixture(scope="module")
def contests() -> pl.DataFrame:
    return read_table("mp_contests")


@pytest.fixture(scope="module")
def margins() -> pl.DataFrame:
    return read_table("mp_margins")


@pytest.mark.parametrize(
    ("leader", "rival", "margin"),
    [
        ("Margaret Thatcher", "William Whitelaw", 0.243),
        ("Boris Johnson", "Jeremy Hunt", 0.265),
        ("Rishi Sunak", "Liz Truss", 0.067),
        ("Keir Starmer", "Rebecca Long-Bailey", 0.259),
        ("Jeremy Corbyn", "Andy Burnham", -0.138),
        ("Andy Burnham", "Catherine West", 0.938),
        ("Gordon Brown", "John McDonnell", 0.8),
        ("Kemi Badenoch", "Robert Jenrick", 1 / 121),
        ("Iain Duncan Smith", "Kenneth Clarke", -5 / 166),
        ("Liz Truss", "Rishi Sunak", -24 / 358),
    ],
)
def test_margins_that_murr_or_the_press_print(margins: pl.DataFrame, leader: str, rival: str, margin: float) -> None:
    """Margins reproduce those published, to a tenth of a point (Murr has Corbyn at -13.9 of 230 or 231 MPs)."""
    row = margins.row(by_predicate=pl.col("leader") == leader, named=True)
    assert row["rival"] == rival
    assert row["margin"] == pytest.approx(margin, abs=0.0006)


def test_leaders_whom_no_vote_chose_have_no_margin(margins: pl.DataFrame) -> None:
    """Howard (unopposed), Macmillan (emerged) and the Liberal Democrats (members) are not in the table."""
    assert not set(margins["leader"]) & {"Michael Howard", "Harold Macmillan", "Nick Clegg", "Ed Davey"}


def test_every_missing_margin_is_told(margins: pl.DataFrame) -> None:
    """Each Conservative or Labour leader without a margin is named among the rules of the table, with the reason."""
    leaders = read_table("leader_tenure").filter(pl.col("party").is_in(["con", "lab"]))
    told = " ".join(read_package().resource("mp_margins").rules)
    for leader in leaders.join(margins, on=["party", "leader"], how="anti")["leader"].unique():
        assert leader.split()[-1] in told, leader


def test_margin_is_known_when_the_leader_takes_over(margins: pl.DataFrame) -> None:
    """A margin is known from the day its leader began, never from a ballot of MPs before the members had chosen."""
    tenure = read_table("leader_tenure").filter(pl.col("event") == "start")
    began = margins.join(tenure, on=["party", "leader"], how="left", suffix="_tenure")
    assert (began["known_on"] == began["date"]).all()


def test_the_confidence_vote_of_2016(contests: pl.DataFrame) -> None:
    """Corbyn lost it by 40 to 172 of 229 MPs."""
    votes = dict(contests.filter(pl.col("contest_id") == "lab2016nc").select("candidate", "mp_votes").iter_rows())
    assert votes == {"Jeremy Corbyn": 40, mps.NO_CONFIDENCE: 172}
    assert set(contests.filter(pl.col("contest_id") == "lab2016nc")["party_mps"]) == {229}


def test_votes_never_exceed_the_party(contests: pl.DataFrame) -> None:
    """No candidate has more votes than the party MPs; nor has a round, but for Labour's section of 2010 with MEPs."""
    assert (contests["mp_votes"] <= contests["party_mps"].fill_null(1_000)).all()
    rounds = contests.group_by("contest_id", "date", "kind", "round").agg(
        pl.col("mp_votes").sum(), pl.col("party_mps").max()
    )
    over = rounds.filter(pl.col("mp_votes") > pl.col("party_mps"))
    assert set(over.select("contest_id", "kind").iter_rows()) == {("lab2010", "electoral_college_mps")}


def test_unverified_rows_are_marked(contests: pl.DataFrame) -> None:
    """Sixteen counts or days were not seen in print, and only those are marked; Labour's of 1994 are among them."""
    unsure = contests.filter(~pl.col("verified"))
    assert unsure.height == 16
    assert unsure.filter(pl.col("contest_id") == "lab1994")["mp_votes"].sort().to_list() == [64, 65, 198]
    assert contests.height == 213


def test_backing_is_no_vote(contests: pl.DataFrame, margins: pl.DataFrame) -> None:
    """Whom Liberal Democrat MPs backed before members voted is held as nominations, and makes no margin."""
    backed = contests.filter(pl.col("contest_id").str.starts_with("ld"))
    assert set(backed["kind"]) == {"mp_nominations"}
    assert dict(backed.filter(pl.col("contest_id") == "ld2007").select("candidate", "mp_votes").iter_rows()) == {
        "Nick Clegg": 38,
        "Chris Huhne": 11,
    }
    assert not set(margins["contest_id"]) & set(backed["contest_id"])


def test_backing_is_older_than_the_result(contests: pl.DataFrame) -> None:
    """MPs backed candidates before the members' result, and only those who stood in it."""
    ballots = read_table("member_ballots").select("contest_id", "candidate", result="date").unique()
    backed = contests.filter(pl.col("contest_id").str.starts_with("ld"))
    both = backed.join(ballots, on=["contest_id", "candidate"])
    assert both.height == backed.height
    assert (both["date"] < both["result"]).all()


def test_votes_are_known_on_their_day(contests: pl.DataFrame) -> None:
    """A vote is known on the day it was held."""
    assert (contests["known_on"] == contests["date"]).all()


def test_leaders_are_spelt_as_in_the_tenure_table(contests: pl.DataFrame, margins: pl.DataFrame) -> None:
    """Every leader with a margin stands in the tenure table and among the candidates under the same name."""
    tenure = set(read_table("leader_tenure").select("party", "leader").iter_rows())
    stood = set(contests.select("party", "candidate").iter_rows())
    assert set(margins.select("party", "leader").iter_rows()) <= tenure & stood


def test_an_old_defeat_chooses_nobody() -> None:
    """A leader who last stood long before she took over has no margin; a later challenge is not what chose her."""
    row = {"contest_id": "x", "party": "con", "kind": "mp_ballot", "round": 1, "party_mps": 10, "verified": True}
    votes = [("A", 6), ("B", 4)]
    contests = pl.DataFrame(
        [
            row | {"contest_id": str(day.year), "date": day, "candidate": name, "mp_votes": n, "source": "s"}
            for day in (date(2000, 1, 1), date(2003, 1, 1))
            for name, n in votes
        ]
    )
    tenure = pl.DataFrame(
        {"party": ["con", "con"], "leader": ["A", "B"], "start": [date(2000, 3, 1), date(2001, 1, 1)]}
    )
    found = mps.margins(contests, tenure)
    assert found.select("leader", "contest_id", "margin").rows() == [("A", "2000", pytest.approx(0.2))]


def test_a_missing_raw_file_is_named(tmp_path: Path) -> None:
    """Without its raw file the compiler says which file is missing."""
    with pytest.raises(BadInput, match=r"mps/mp_support_contests\.csv"):
        mps.tables(tmp_path)


@needs_raw
def test_a_vote_held_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A nomination by hand that the raw file has, too, is refused by its key."""
    row = {"contest_id": "lab2020", "date": "2020-01-13", "candidate": "Keir Starmer"}
    again = mps.by_hand("mp_contests").head(1).with_columns(**{name: pl.lit(value) for name, value in row.items()})
    monkeypatch.setattr(mps, "by_hand", lambda _: again)
    with pytest.raises(
        BadInput, match=r"mp_contests\.csv: the row lab2020 2020-01-13 mp_nominations 1 Keir Starmer is"
    ):
        mps.tables(RAW)


@needs_raw
def test_a_nomination_with_a_wrong_cell_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that is none in the nominations by hand ends in BadInput that names their file."""
    wrong = mps.by_hand("mp_contests").with_columns(mp_votes=pl.lit("most"))
    monkeypatch.setattr(mps, "by_hand", lambda _: wrong)
    with pytest.raises(BadInput, match=r"byhand/mp_contests\.csv cannot be read"):
        mps.tables(RAW)


@needs_raw
@pytest.mark.parametrize("name", ["mp_contests", "mp_margins", "election_margins"])
def test_rebuilds_byte_for_byte(name: str, tmp_path: Path) -> None:
    """The raw files compile to the shipped table, byte for byte."""
    built = write_table(name, mps.tables(RAW)[name], tmp_path)
    assert built.read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()


@needs_raw
@pytest.mark.parametrize("party", ["con", "lab"])
def test_margins_agree_with_the_model_file(margins: pl.DataFrame, party: str) -> None:
    """The margins compiled from the ballots agree with the file that lists them election by election."""
    model = read_text_csv(RAW, "mps/party_leadership_model.csv").filter(pl.col(f"{party}_margin_pct").is_not_null())
    printed = model.select(leader=f"{party}_leader", printed=pl.col(f"{party}_margin_pct").cast(pl.Float64) / 100)
    both = printed.join(margins, on="leader", how="left")
    assert both.height >= 15
    assert (both["printed"] - both["margin"]).abs().max() < 0.0001


@pytest.fixture(scope="module")
def fought() -> pl.DataFrame:
    return read_table("election_margins")


@needs_raw
@pytest.mark.parametrize("party", ["con", "lab"])
def test_election_margins_agree_with_the_model_file(fought: pl.DataFrame, party: str) -> None:
    """At every election since 1964 leader and margin are those of the file that lists them, nulls included."""
    printed = read_text_csv(RAW, "mps/party_leadership_model.csv").select(
        election_date=pl.col("election_date").str.to_date(),
        printed_leader=f"{party}_leader",
        printed=pl.col(f"{party}_margin_pct").cast(pl.Float64) / 100,
    )
    both = printed.join(fought.filter(pl.col("party") == party), on="election_date", how="full", coalesce=True)
    assert both.height == printed.height == 17
    assert (both["leader"] == both["printed_leader"]).all()
    assert both["margin"].is_null().to_list() == both["printed"].is_null().to_list()
    assert (both["margin"] - both["printed"]).abs().max() < 0.0001


def test_liberals_have_rows_where_mps_chose(fought: pl.DataFrame) -> None:
    """Of the Liberals only Thorpe, whom MPs chose, has margins, at his three elections."""
    liberals = fought.filter(~pl.col("party").is_in(mps.ALWAYS))
    assert liberals.select("party", "leader").unique().rows() == [("lib", "Jeremy Thorpe")]
    assert liberals["election_date"].dt.year().to_list() == [1970, 1974, 1974]


def test_election_margins_are_known_on_polling_day(fought: pl.DataFrame) -> None:
    """A leader's margin at an election is known on polling day."""
    assert (fought["known_on"] == fought["election_date"]).all()


def test_leaders_whom_nobody_voted_for_have_no_margin(fought: pl.DataFrame) -> None:
    """Douglas-Home in 1964 and Howard in 2005 are there without a margin, and nobody else is."""
    silent = fought.filter(pl.col("margin").is_null())
    assert set(silent["leader"]) == {"Alec Douglas-Home", "Michael Howard"}
