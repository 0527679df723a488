"""The shipped tables of polls: known means, counts, spans, sums, and nothing known too early."""

from datetime import date, timedelta

import polars as pl

from data import read_table
from data.compile.polls import POLLING_DAYS
from data.compile.pollsters import HOUSES

PER_PARLIAMENT = [10, 63, 156, 66, 197, 180, 50, 175, 214, 311, 542, 401, 277, 306, 684, 2061, 277, 455, 1512, 419]


def shipped() -> pl.DataFrame:
    """Shipped polls with one column a party."""
    shares = read_table("poll_shares").pivot(on="party", index="poll_id", values="share")
    return read_table("polls").join(shares, on="poll_id", how="left")


def parliament_counts(table: pl.DataFrame) -> list[int]:
    """Rows by parliament, from the one before the election of 1955 on."""
    number = pl.sum_horizontal(*((pl.col("end_date") >= day).cast(pl.Int64) for day in POLLING_DAYS))
    return table.group_by(number.alias("n")).len().sort("n")["len"].to_list()


def test_no_poll_is_counted_twice() -> None:
    """The number of polls of each parliament is the one found when every removal was looked at."""
    assert parliament_counts(read_table("polls")) == PER_PARLIAMENT


def test_polls_span_the_years_without_gaps() -> None:
    """Polls run from January 1955 to 29 September 2026, with no six weeks without one after 1962."""
    days = read_table("polls")["end_date"].sort()
    assert (days[0].year, days[-1]) == (1955, date(2026, 9, 29))
    gaps = days.filter(days > date(1962, 1, 1)).diff().drop_nulls()
    assert gaps.max() <= timedelta(days=42)  # type: ignore[operator]


def test_shares_belong_to_polls_and_can_sum() -> None:
    """Every poll has shares known when it was, of known parties, that sum to no more than 1.02."""
    shares, held = read_table("poll_shares"), read_table("polls")
    assert set(shares["poll_id"]) == set(held["poll_id"])
    assert shares.join(held, on=["poll_id", "known_on"], how="anti").is_empty()
    assert set(shares["party"]) <= set(read_table("parties")["party"])
    assert shares.group_by("poll_id").agg(pl.col("share").sum())["share"].max() <= 1.0201  # type: ignore[operator]


def test_no_poll_crosses_an_election() -> None:
    """No poll's fieldwork touches a polling day, and none before it but one held back was known only after it."""
    held = read_table("polls")
    start = pl.coalesce("start_date", "end_date")
    late = []
    for day in read_table("elections")["election_date"]:
        assert held.filter(pl.lit(day).is_between(start, "end_date")).is_empty(), day
        eve = held.filter(pl.col("end_date").is_between(day - timedelta(days=3), day - timedelta(days=1)))
        late += eve.filter(pl.col("known_on") >= day)["poll_id"].to_list()
    assert late == ["2015-05-06-survation-2"]


def test_guessed_ends_make_no_poll_of_the_eve_known_before_it_was_printed() -> None:
    """Where the last day is guessed from the day of publication, a poll of the last days is known from the latter."""
    held = read_table("polls").filter(~pl.col("end_exact"))
    ago = pl.min_horizontal(
        pl.when(pl.col("end_date") < day).then((pl.lit(day) - pl.col("end_date")).dt.total_days())
        for day in POLLING_DAYS
    )
    late = held.filter(ago <= 3).select(pl.col("poll_id").str.head(10), "known_on")
    assert late["poll_id"].unique(maintain_order=True).to_list() == [
        "1964-10-13", "1966-03-29", "1970-06-16", "1974-02-25", "1974-02-26", "1987-06-08",
    ]  # fmt: skip
    wait = (late["known_on"] - late["poll_id"].str.to_date()).dt.total_days()
    assert wait.to_list() == [1, 1, 1, 1, 1, 2, 2, 1, 2]


def test_reports_of_large_polls_were_public_months_later() -> None:
    """Two polls of Lord Ashcroft's were part of later reports; the day of the first is not sure."""
    rows = read_table("polls").filter(pl.col("pollster") == "Lord Ashcroft", pl.col("sample").is_in([20_062, 20_058]))
    assert rows.select("known_on", "verified").rows() == [(date(2013, 9, 30), False), (date(2014, 3, 23), True)]


def test_averages_stand_in_only_where_no_poll_is_held() -> None:
    """Pseudo-polls are Politico's, unverified, one a Sunday from 26 April to 28 June 2026, with no poll among them."""
    held = read_table("polls").filter(pl.col("end_date").is_between(date(2026, 4, 24), date(2026, 6, 28)))
    assert held["end_date"].to_list() == [date(2026, 4, 26) + timedelta(weeks=n) for n in range(10)]
    assert held.select("kind", "pollster", "verified").unique().rows() == [("pseudo", "Politico average", False)]
    assert read_table("polls").filter(pl.col("kind") == "pseudo").height == 10


def test_missing_parties_have_no_row() -> None:
    """A poll of two parties has two shares, and no poll before 1987 names Greens or UKIP."""
    shares = read_table("poll_shares")
    survation = shares.filter(pl.col("poll_id") == "2026-08-18-survation")
    assert dict(survation.select("party", "share").iter_rows()) == {"lab": 0.26, "ref": 0.26}
    assert shares.filter((pl.col("known_on") < date(1987, 1, 1)) & pl.col("party").is_in(["grn", "ref"])).is_empty()


def test_every_pollster_is_in_the_table_of_names() -> None:
    """Who made a poll or a rating is in the table, known on the day of the first of them at the latest."""
    names = read_table("pollsters").group_by("pollster").agg(named=pl.col("known_on").min())
    made = pl.concat(read_table(name).select("pollster", "known_on") for name in ("polls", "leader_ratings"))
    told = made.drop_nulls("pollster").join(names, on="pollster", how="left")
    assert told.filter((pl.col("named") <= pl.col("known_on")).not_().fill_null(True)).is_empty()


def test_houses_have_one_name() -> None:
    """Every pollster in the table is one of our names, and renamed houses do not appear under two."""
    known = set(HOUSES.values())
    names = set(read_table("polls")["pollster"].drop_nulls())
    assert names <= known
    assert not names & {"MORI", "Ipsos MORI", "TNS", "ComRes", "Savanta ComRes", "Omnisis", "Yougov"}
