from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import BadInput, read_table
from data.checks.contests import EXPLAINED, contest_faults
from data.compile import members
from data.compile.common import write_table
from data.load import Evidence, load_evidence, tables_dir

COLLEGES = ["lab1983", "lab1988", "lab1992", "lab1994", "lab2010"]


@pytest.fixture(scope="module")
def ballots() -> pl.DataFrame:
    return read_table("member_ballots")


@pytest.fixture(scope="module")
def polled() -> pl.DataFrame:
    return read_table("member_polls")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.mark.parametrize("contest", COLLEGES)
def test_sections_of_a_college_give_its_total(ballots: pl.DataFrame, contest: str) -> None:
    """In each of Labour's colleges the weighted sections give every candidate the published share to 0.15 points."""
    held = ballots.filter(pl.col("contest_id") == contest)
    key = ["round", "candidate"]
    sections = held.filter(pl.col("section") != "overall").group_by(key)
    sums = sections.agg(sum=(pl.col("weight") * pl.col("share")).sum(), weights=pl.col("weight").sum())
    both = sums.join(held.filter(pl.col("section") == "overall"), on=key, how="full")
    assert both["sum"].null_count() == both["share"].null_count() == 0
    assert (both["weights"] - 1).abs().max() < 0.00001
    assert (both["sum"] - both["share"]).abs().max() <= 0.0015


@pytest.mark.parametrize("contest", ["lab2015", "lab2016", "lab2020"])
def test_sections_of_one_electorate_give_its_total(ballots: pl.DataFrame, contest: str) -> None:
    """Where all votes count alike, members, affiliates and supporters add to each candidate's total."""
    held = ballots.filter(pl.col("contest_id") == contest)
    total = held.filter(pl.col("section") == "overall").select("candidate", "votes")
    parts = held.filter(pl.col("section") != "overall").group_by("candidate").agg(sum=pl.col("votes").sum())
    both = total.join(parts, on="candidate")
    assert both.height == total.height
    assert ((both["sum"] - both["votes"]) / both["votes"]).abs().max() < 0.001


def test_no_contest_contradicts_itself(evidence: Evidence) -> None:
    """The check finds no fault in the shipped contests, and none when they are cut at an earlier date."""
    assert list(contest_faults(evidence)) == []
    assert list(contest_faults(evidence.as_of(date(2001, 1, 1)))) == []
    assert EXPLAINED == {("lab2010", "electoral_college_mps", 1): 266, ("lab2010", "electoral_college_mps", 4): 262}


def changed(evidence: Evidence, table: str, **values: pl.Expr) -> Evidence:
    held = {name: getattr(evidence, name) for name in evidence.__dataclass_fields__}
    return Evidence(**(held | {table: held[table].with_columns(**values)}))


@pytest.mark.parametrize(
    ("table", "contest", "column", "value", "said"),
    [
        ("member_ballots", "lab1994", "share", 0.5, "lab1994, round 1: the sections give"),
        ("member_ballots", "lab2016", "votes", 1, "lab2016, round 1: the sections give"),
        ("member_ballots", "con2005", "share", 0.6, "con2005, round 1: the shares of section members sum to 120.0%"),
        ("mp_contests", "con1990", "party_mps", 300, "con1990, mp_ballot, round 1: 356 votes of MPs"),
        ("mp_contests", "lab2010", "party_mps", 300, "drop the explanation"),
    ],
)
def test_a_contradiction_is_a_sentence(
    evidence: Evidence, table: str, contest: str, column: str, value: float, said: str
) -> None:
    """A figure that contradicts another of its contest is told in a sentence that names the contest."""
    here = pl.col("contest_id") == contest
    if table == "member_ballots":
        here &= pl.col("section") != "overall"
    wrong = changed(evidence, table, **{column: pl.when(here).then(value).otherwise(column)})
    assert any(said in fault for fault in contest_faults(wrong))


def test_ballots_are_known_on_the_day_of_the_result(ballots: pl.DataFrame) -> None:
    """A ballot is known on the day its result was given."""
    assert (ballots["known_on"] == ballots["date"]).all()


def test_nothing_of_the_raw_file_is_lost(ballots: pl.DataFrame, raw_sources: Path) -> None:
    """Each row of the raw file is a row of the table, and the six rows that only add up are marked."""
    raw = pl.read_csv(raw_sources / "mps" / "member_ballots.csv", infer_schema=False)
    assert ballots.height == raw.height
    assert ballots.filter(~pl.col("verified"))["contest_id"].to_list() == ["lab2010"] * 6


@pytest.mark.parametrize(
    ("contest", "section", "last", "candidate", "share"),
    [
        ("lab2010", "overall", 4, "Ed Miliband", 0.50654),
        ("lab2010", "members", 4, "Ed Miliband", 0.456),
        ("lab1983", "mps", 1, "Neil Kinnock", 0.4926),
        ("ld1999", "members", 4, "Charles Kennedy", 0.566),
        ("ld2006", "members", 2, "Menzies Campbell", 0.579),
        ("con2022a", "members", 1, "Liz Truss", 0.574),
        ("lab2016", "supporters", 1, "Jeremy Corbyn", 0.699),
    ],
)
def test_published_results(
    ballots: pl.DataFrame, contest: str, section: str, last: int, candidate: str, share: float
) -> None:
    """Shares are of the section, as the press prints them, and the last round has its number."""
    here = ballots.filter(pl.col("contest_id") == contest, pl.col("section") == section)
    assert here["round"].max() == last
    row = here.row(by_predicate=(pl.col("round") == last) & (pl.col("candidate") == candidate), named=True)
    assert row["share"] == pytest.approx(share, abs=0.0001)


def test_winners_lead_the_party_next(ballots: pl.DataFrame) -> None:
    """The winner of each ballot took over on the day of the result, or was the leader already."""
    tenure = read_table("leader_tenure").filter(pl.col("event") == "start")
    whole = pl.when((pl.col("section") == "overall").any().over("contest_id")).then(pl.lit("overall"))
    deciding = ballots.filter(pl.col("section") == whole.otherwise(pl.lit("members")))
    last = deciding.filter(pl.col("round") == pl.col("round").max().over("contest_id"))
    winners = last.sort("share", descending=True).unique("contest_id", keep="first", maintain_order=True)
    began = winners.join(tenure, left_on=["party", "candidate"], right_on=["party", "leader"], suffix="_start")
    assert began.height == winners.height
    again = began.filter(pl.col("date") != pl.col("date_start"))
    assert set(again["contest_id"]) == {"lab1988", "lab2016"}


def test_polls_are_known_the_day_after(polled: pl.DataFrame) -> None:
    """A poll of members is known the day after its fieldwork, and its start is left null where it is not given."""
    assert ((polled["known_on"] - polled["end_date"]).dt.total_days() == 1).all()
    assert polled["start_date"].null_count() == 33
    assert polled.filter(~pl.col("verified")).height == 77


def test_pairs_know_their_rival(polled: pl.DataFrame) -> None:
    """In a head to head each of the two names the other, so that two questions of one poll stay apart."""
    pairs = polled.filter(pl.col("rival") != members.ALL)
    assert {"con2005", "con2022a", "con2024", "lab2010", "ld2006"} <= set(pairs["contest_id"])
    named = set(pairs.select("pollster", "end_date", "candidate", "rival").iter_rows())
    assert {(house, day, rival, candidate) for house, day, candidate, rival in named} == named


def test_polled_candidates_stood(polled: pl.DataFrame, ballots: pl.DataFrame) -> None:
    """Every candidate polled stood in a vote of members or of MPs in that contest, but for one who withdrew in time."""
    stood = {
        *ballots.select("contest_id", "candidate").iter_rows(),
        *read_table("mp_contests").select("contest_id", "candidate").iter_rows(),
    }
    strange = set(polled.select("contest_id", "candidate").iter_rows()) - stood
    assert strange == {("lab2016", "Angela Eagle")}


def test_shares_of_a_question_sum_to_one_at_most(polled: pl.DataFrame) -> None:
    """The shares of all asked about freely, and of the two of a pair, sum to one or less, as some do not know."""
    poll = ["contest_id", "pollster", "end_date"]
    free = polled.filter(pl.col("rival") == members.ALL).group_by(poll).agg(pl.col("share").sum())
    assert free["share"].max() <= 1.0001
    pairs = polled.filter(pl.col("rival") != members.ALL)
    pair = pl.concat_list("candidate", "rival").list.sort().alias("pair")
    assert pairs.group_by(*poll, pair).agg(pl.col("share").sum())["share"].max() <= 1.0001


def test_polls_are_of_contests_still_open(polled: pl.DataFrame, ballots: pl.DataFrame) -> None:
    """No poll of members ended after the result of its contest."""
    results = ballots.group_by("contest_id").agg(result=pl.col("date").max())
    assert polled.join(results, on="contest_id").filter(pl.col("end_date") >= pl.col("result")).height == 0


@pytest.mark.parametrize(
    ("contest", "day", "candidate", "rival", "share"),
    [
        ("con2005", date(2005, 10, 19), "David Cameron", "David Davis", 0.72),
        ("con2016", date(2016, 7, 4), "Theresa May", "all", 0.54),
        ("con2024", date(2024, 9, 29), "Kemi Badenoch", "Robert Jenrick", 0.52),
        ("lab2010", date(2010, 9, 10), "Ed Miliband", "David Miliband", 0.52),
        ("lab2016", date(2016, 7, 18), "Jeremy Corbyn", "Owen Smith", 0.56),
        ("lab2020", date(2020, 1, 13), "Rebecca Long-Bailey", "all", 0.42),
        ("ld2006", date(2006, 2, 9), "Chris Huhne", "Menzies Campbell", 0.52),
        ("ld2007", date(2007, 11, 30), "Nick Clegg", "all", 0.56),
    ],
)
def test_published_polls(
    polled: pl.DataFrame, contest: str, day: date, candidate: str, rival: str, share: float
) -> None:
    """Shares of polls compiled by hand are those that the press printed."""
    here = (pl.col("contest_id") == contest) & (pl.col("end_date") == day) & (pl.col("rival") == rival)
    assert polled.row(by_predicate=here & (pl.col("candidate") == candidate), named=True)["share"] == share


def test_what_is_not_checked_says_so(polled: pl.DataFrame) -> None:
    """A poll is unverified exactly where its source says so."""
    assert (polled["verified"] != polled["source"].str.contains("unverified")).all()


def test_rows_of_the_raw_file_stay(polled: pl.DataFrame, raw_sources: Path) -> None:
    """Polls by hand stand beside those of the raw file, of which none is lost."""
    assert polled.height == members._polls(raw_sources).height + members.by_hand("member_polls").height


def test_a_poll_held_twice_is_refused(raw_sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll by hand that the raw file has, too, is refused by its key."""
    row = {"contest_id": "con2019", "pollster": "YouGov", "end_date": "2019-07-08", "candidate": "Jeremy Hunt"}
    again = (
        members.by_hand("member_polls")
        .head(1)
        .with_columns(rival=pl.lit("all"), **{k: pl.lit(v) for k, v in row.items()})
    )
    monkeypatch.setattr(members, "by_hand", lambda _: again)
    with pytest.raises(BadInput, match=r"member_polls\.csv: the row con2019 YouGov 2019-07-08 Jeremy Hunt all is held"):
        members.tables(raw_sources)


def test_a_poll_by_hand_with_a_wrong_cell_is_one_sentence(raw_sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date that is none in the polls by hand ends in BadInput that names their file."""
    wrong = members.by_hand("member_polls").with_columns(end_date=pl.lit("in spring"))
    monkeypatch.setattr(members, "by_hand", lambda _: wrong)
    with pytest.raises(BadInput, match=r"byhand/member_polls\.csv cannot be read"):
        members.tables(raw_sources)


@pytest.mark.parametrize("name", ["member_ballots", "member_polls"])
def test_rebuilds_byte_for_byte(name: str, raw_sources: Path, tmp_path: Path) -> None:
    """The raw files compile to the shipped table, byte for byte."""
    built = write_table(name, members.tables(raw_sources)[name], tmp_path)
    assert built.read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()


def test_an_unknown_electorate_is_named(tmp_path: Path) -> None:
    """A label that no section stands for is refused with its file, row, column and value."""
    (tmp_path / "mps").mkdir()
    (tmp_path / "mps" / "member_ballots.csv").write_text(
        "contest_id,date,party,electorate,candidate,votes,share_pct,source,note\nx,2020-01-01,Labour,peers,A,1,100,s,\n"
    )
    with pytest.raises(BadInput, match=r"member_ballots\.csv, row 2, column electorate: 'peers'"):
        members.tables(tmp_path)


def test_a_date_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    """A raw file with a date that is none ends in BadInput, not in a traceback of Polars."""
    (tmp_path / "mps").mkdir()
    (tmp_path / "mps" / "member_ballots.csv").write_text(
        "contest_id,date,party,electorate,candidate,votes,share_pct,source,note\nx,soon,Labour,members,A,1,100,s,\n"
    )
    with pytest.raises(BadInput, match="on members in mps/"):
        members.tables(tmp_path)


def test_half_a_pair_is_refused(raw_sources: Path, tmp_path: Path) -> None:
    """A head to head of which one row is missing is refused, as the rivals could not be told."""
    (tmp_path / "mps").mkdir()
    ballots = (raw_sources / "mps" / "member_ballots.csv").read_text()
    (tmp_path / "mps" / "member_ballots.csv").write_text(ballots)
    lines = (raw_sources / "mps" / "member_polls.csv").read_text().splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith("con2022a"))
    (tmp_path / "mps" / "member_polls.csv").write_text("".join(lines[:first] + lines[first + 1 :]))
    with pytest.raises(BadInput, match="an odd number"):
        members.tables(tmp_path)
