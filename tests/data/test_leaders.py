import os
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from data import BadInput, read_table
from data.compile import leaders, ratings
from data.compile.common import write_table
from data.compile.pollsters import HOUSES
from data.load import tables_dir

RAW = Path(os.environ.get("RAW", Path(__file__).parents[2] / ".." / "shared" / "sources"))
needs_raw = pytest.mark.skipif(not (RAW / "leaders").is_dir(), reason=f"no raw files in {RAW}: set RAW to their folder")


@pytest.fixture(scope="module")
def tenure() -> pl.DataFrame:
    return read_table("leader_tenure")


@pytest.fixture(scope="module")
def rated() -> pl.DataFrame:
    return read_table("leader_ratings")


def serving(tenure: pl.DataFrame, party: str, day: date) -> set[str]:
    events = (
        tenure.filter(pl.col("party") == party, pl.col("date") <= day)
        .group_by("leader")
        .agg(started=(pl.col("event") == "start").sum(), ended=(pl.col("event") == "end").sum())
    )
    return set(events.filter(pl.col("started") > pl.col("ended"))["leader"])


@pytest.mark.parametrize(
    ("party", "day", "leader"),
    [
        ("lab", date(2016, 8, 22), "Jeremy Corbyn"),
        ("con", date(1990, 11, 27), "Margaret Thatcher"),
        ("con", date(1990, 11, 28), "John Major"),
        ("lab", date(2026, 7, 16), "Keir Starmer"),
        ("lab", date(2026, 7, 17), "Andy Burnham"),
        ("ref", date(2024, 7, 3), "Nigel Farage"),
        ("lib", date(2010, 4, 15), "Nick Clegg"),
    ],
)
def test_one_leader_serves(tenure: pl.DataFrame, party: str, day: date, leader: str) -> None:
    """On a known day the starts without an end leave exactly the leader of that day."""
    assert serving(tenure, party, day) == {leader}


def test_no_party_has_two_leaders(tenure: pl.DataFrame) -> None:
    """At no event are two leaders of one party in office, which models rely on."""
    for party in tenure["party"].unique():
        for day in tenure.filter(pl.col("party") == party)["date"].unique():
            assert len(serving(tenure, party, day)) <= 1, (party, day)


def test_every_end_follows_its_start(tenure: pl.DataFrame) -> None:
    """Events of each leader alternate, a start first."""
    for _, events in tenure.sort("date").group_by("party", "leader", maintain_order=True):
        assert events["event"].to_list() == (["start", "end"] * events.height)[: events.height]


def test_events_are_known_on_the_day(tenure: pl.DataFrame) -> None:
    """No event is known before it happens."""
    assert (tenure["known_on"] == tenure["date"]).all()


def test_net_is_positive_minus_negative(rated: pl.DataFrame) -> None:
    """Where both parts are given, their difference is the net, to a point; they never pass 101 together."""
    both = rated.filter(pl.col("positive").is_not_null() & pl.col("negative").is_not_null())
    assert (both["positive"] - both["negative"] - both["net"]).abs().max() <= 1
    assert (both["positive"] + both["negative"]).max() <= 101
    assert both.height > 5_000


def test_a_rating_is_known_after_its_fieldwork(rated: pl.DataFrame) -> None:
    """Ratings are known from the day after fieldwork, at most two weeks later, or after the month that dates them."""
    wait = (rated["known_on"] - rated["end_date"]).dt.total_days()
    assert wait.min() == 1
    late = rated.filter(wait > leaders.LATEST_DAYS)
    assert set(late["end_date"].dt.day()) == {15}
    assert set(late["known_on"].dt.day()) == {1}


def test_no_rating_is_known_before_its_poll(rated: pl.DataFrame) -> None:
    """A rating is known no earlier than the polls of its house that ended on its day, published within two weeks."""
    pairs = rated.join(read_table("polls"), on=["pollster", "end_date"], suffix="_poll")
    pairs = pairs.filter((pl.col("known_on_poll") - pl.col("end_date")).dt.total_days() <= leaders.LATEST_DAYS)
    assert pairs["rating_id"].n_unique() > 3_000
    assert (pairs["known_on"] >= pairs["known_on_poll"]).all()


def test_a_rating_with_its_page_is_known_from_that_day(rated: pl.DataFrame) -> None:
    """YouGov's favourability of September 2025 is known from its page's day, More in Common's from that of a post."""
    of = rated.filter(pl.col("pollster") == "YouGov", pl.col("end_date") == date(2025, 9, 11))
    assert set(of.filter(pl.col("question_family") == "favourable")["known_on"]) == {date(2025, 9, 17)}
    posted = rated.filter(pl.col("source").str.contains("Bluesky"))
    assert posted.select("end_date", "known_on").unique().rows() == [(date(2026, 1, 25), date(2026, 1, 28))]


@pytest.mark.parametrize(
    ("polls", "known_on"),
    [
        ([], date(2020, 5, 11)),
        ([("YouGov", date(2020, 5, 10), date(2020, 5, 13))], date(2020, 5, 13)),
        ([("YouGov", date(2020, 5, 10), date(2020, 5, day)) for day in (10, 12, 24)], date(2020, 5, 24)),
        ([("YouGov", date(2020, 5, 10), date(2020, 5, 25))], date(2020, 5, 11)),
        ([("YouGov", date(2020, 5, 10), date(2020, 5, 10))], date(2020, 5, 11)),
        ([("YouGov", date(2020, 5, 9), date(2020, 5, 13))], date(2020, 5, 11)),
        ([("Opinium", date(2020, 5, 10), date(2020, 5, 13))], date(2020, 5, 11)),
    ],
)
def test_its_poll_dates_a_rating(polls: list[tuple[str, date, date]], known_on: date) -> None:
    """The last known poll of the same house and day within 14 days makes a rating known later, never earlier."""
    rating = pl.DataFrame({"pollster": ["YouGov"], "end_date": [date(2020, 5, 10)], "known_on": [date(2020, 5, 11)]})
    of = pl.DataFrame(polls, {"pollster": pl.String, "end_date": pl.Date, "known_on": pl.Date}, orient="row")
    assert leaders.known_with_polls(rating, of)["known_on"].to_list() == [known_on]


def test_a_rating_without_a_pollster_keeps_its_day() -> None:
    """A rating whose source names no pollster is not paired with polls that have none either."""
    nameless = {"pollster": pl.Series([None], dtype=pl.String), "end_date": [date(2020, 5, 10)]}
    rating, poll = (pl.DataFrame(nameless | {"known_on": [date(2020, 5, day)]}) for day in (11, 13))
    assert leaders.known_with_polls(rating, poll)["known_on"].to_list() == [date(2020, 5, 11)]


def test_names_are_spelt_one_way(tenure: pl.DataFrame, rated: pl.DataFrame) -> None:
    """Every leader rated is in the tenure table, with the same party."""
    known = set(tenure.select("party", "leader").unique().iter_rows())
    assert set(rated.select("party", "leader").unique().iter_rows()) <= known


def test_houses_are_named_as_in_the_polls(rated: pl.DataFrame) -> None:
    """Every pollster goes by the one name that the polls of voting intention give it."""
    assert set(rated["pollster"].drop_nulls()) <= set(HOUSES.values())


@pytest.mark.parametrize(
    ("leader", "pollster", "end_date", "net"),
    [
        ("John Major", "Ipsos", date(1992, 3, 24), 4),
        ("John Major", "Ipsos", date(1997, 3, 24), -27),
        ("Margaret Thatcher", "Ipsos", date(1983, 5, 23), 9),
        ("Michael Foot", "Ipsos", date(1983, 5, 23), -39),
        ("Rishi Sunak", "Ipsos", date(2024, 6, 24), -55),
        ("Andy Burnham", "Opinium", date(2026, 8, 8), 16),
    ],
)
def test_published_ratings(rated: pl.DataFrame, leader: str, pollster: str, end_date: date, net: float) -> None:
    """Ratings that newspapers and pollsters quote are in the table as quoted."""
    found = rated.filter(pl.col("leader") == leader, pl.col("pollster") == pollster, pl.col("end_date") == end_date)
    assert found["net"].to_list() == [net]


def test_two_rows_of_2020_carry_their_year(rated: pl.DataFrame) -> None:
    """PollBase ends in 2020: its two rows dated 2021 are of December 2020."""
    pollbase = rated.filter(pl.col("source").str.starts_with("PollBase"))
    assert pollbase["end_date"].max() == date(2020, 12, 30)


def test_no_rating_is_left_out_by_chance(rated: pl.DataFrame) -> None:
    """Ratings of both main leaders are held in every year since 1980 but the gap of 2001, when Gallup had ended."""
    for party in ("con", "lab"):
        years = set(rated.filter(pl.col("party") == party)["end_date"].dt.year())
        assert set(range(1980, 2027)) - years <= {2001}


def reading(**values: object) -> dict[str, object]:
    usual = {
        "leader": "A", "pollster": None, "question_family": "not_stated", "end_date": date(2020, 5, 10),
        "month_only": False, "sample": None, "positive": 40.0, "negative": 50.0, "net": -10.0, "verified": False,
        "source": "s", "rank": 0,
    }  # fmt: skip
    return usual | values


def kept(*rows: dict[str, object]) -> pl.DataFrame:
    schema = {"pollster": pl.String, "sample": pl.Int64, "rank": pl.Int32}
    return leaders.without_repeats(pl.DataFrame(rows, schema_overrides=schema))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"end_date": date(2020, 5, 17)},
        {"positive": 41.0, "negative": 49.0, "net": -8.0},
        {"month_only": True, "end_date": date(2020, 5, 31)},
    ],
)
def test_a_poll_printed_twice_is_kept_once(change: dict[str, object]) -> None:
    """Two sources' readings of one poll leave the better source's row, which then counts as verified."""
    rows = kept(reading(pollster="YouGov", question_family="approve"), reading(rank=1, **change))
    assert rows["rank"].to_list() == [0]
    assert rows["verified"].to_list() == [True]


@pytest.mark.parametrize(
    "change",
    [
        {"end_date": date(2020, 5, 18)},
        {"positive": 42.0, "net": -8.0},
        {"leader": "B"},
        {"pollster": "Opinium"},
        {"pollster": "YouGov", "end_date": date(2020, 5, 14)},
        {"question_family": "favourable"},
        {"rank": 0},
    ],
)
def test_different_polls_are_both_kept(change: dict[str, object]) -> None:
    """Readings that differ in leader, house, wording, date or figures, or come from one source, are two polls."""
    first = reading(pollster="YouGov", question_family="approve")
    assert kept(first, reading(**({"rank": 1} | change))).height == 2


def test_a_missing_raw_file_is_named(tmp_path: Path) -> None:
    """Without its raw file the compiler says which file is missing."""
    with pytest.raises(BadInput, match=r"leaders/leader_tenure\.csv"):
        leaders.tables(tmp_path)


def test_a_damaged_raw_file_is_one_sentence(tmp_path: Path) -> None:
    """A raw file with a date that is none ends in BadInput, not in a traceback of Polars."""
    (tmp_path / "leaders").mkdir()
    (tmp_path / "leaders" / "leader_tenure.csv").write_text(
        "party,leader,start,end,pm_periods,general_elections_led,how_ended,source\nLabour,A,yesterday,,,,,x\n"
    )
    with pytest.raises(BadInput, match="leaders/"):
        leaders.tables(tmp_path)


@needs_raw
@pytest.mark.parametrize("name", ["leader_tenure", "leader_ratings"])
def test_rebuilds_byte_for_byte(name: str, tmp_path: Path) -> None:
    """The raw files compile to the shipped table, byte for byte, ratings dated by the polls shipped."""
    frames = leaders.tables(RAW)
    frames["leader_ratings"] = leaders.known_with_polls(frames["leader_ratings"], read_table("polls"))
    built = write_table(name, frames[name], tmp_path)
    assert built.read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()


@needs_raw
def test_opposition_leaders_were_named_rightly() -> None:
    """The 1980s file's opposition leader agrees with the tenure table on the days of all its polls."""
    tenure = leaders.tenures(RAW)
    frame = ratings._ipsos_to_1990(RAW).filter(pl.col("leader") != "Margaret Thatcher")
    named = ratings.leader_on(
        frame.rename({"leader": "printed"}).with_columns(party=pl.lit("lab")), tenure, pl.col("end_date") - timedelta(0)
    )
    # Polls of the month of a handover are dated to its end, after it.
    wrong = named.filter(pl.col("leader") != pl.col("printed"))
    assert wrong.height == 0
    assert named.height == frame.height
