"""The rule by which two rows are one poll, and how their fields are joined.

**Across sources.** Rows of the same house are one poll when one of these holds; each row is used once, closest first:

1. fieldwork begins or ends within 2 days of the other's, and Con and Lab differ by no more than 1 point each;
2. fieldwork begins and ends on the same days, and Con and Lab differ by no more than 5 points (a misprint in one);
3. Con, Lab and Lib are equal to the decimal and fieldwork ends within 45 days (a misprinted month in one): only
   between PollBase and britpol, which was made from it.

A source without pollsters matches a row of any house when every party that both give is equal to half a point and
fieldwork ends within 3 days. The earlier source keeps its figures; gaps (sample, parties, dates) are filled from the
later one.

**Within a source** (and in the whole afterwards), rows of the same house, area and kind are one poll when

4. fieldwork, Con and Lab are the same (the same poll in two papers), or the three main shares are and fieldwork ends
   within 7 days, where one of the two rows does not give the last day;
5. fieldwork is the same, client and mode are too (or one row gives neither), but figures differ (a question asked in
   two ways): kept is the share among those certain to vote, else the one published later, else the one with the
   larger sum of Con and Lab, which is the question without a new party;
6. fieldwork of 14 days or more contains three or more other polls of the house (a pool of them): the pool is left out.
"""

import polars as pl

from data.compile.poll_sources import PARTIES

NEAR_DAYS = 2
NEAR_SHARE = 0.0105
SAME_DATES_SHARE = 0.0505
EQUAL = 0.0006
MISPRINT_DAYS = 45
HALF_POINT = 0.0051
NAMELESS_DAYS = 3
UNSURE_DAYS = 7
POOL_DAYS = 14
POOLED_POLLS = 3

KEYS = ["start_date", "end_date", "con", "lab", "lib", "ref", "grn"]


def _apart(column: str) -> pl.Expr:
    """Absolute difference of a column between the two rows of a pair, in days for dates."""
    difference = pl.col(column) - pl.col(f"{column}_2")
    return (difference.dt.total_days() if column.endswith("_date") else difference).abs()


def _candidates(base: pl.DataFrame, other: pl.DataFrame, *, misprints: bool) -> pl.DataFrame:
    """Pairs of rows of one house that may be one poll (rules 1 and 2, and 3 for ``misprints``), with their ``cost``."""
    # britpol has Gallup's pool under Gallup.
    house = pl.col("pollster").replace("Gallup 9000", "Gallup").alias("house")
    left, right = base.select("one", house, *KEYS), other.select("two", house, *KEYS)
    pairs = left.join(right, on="house", suffix="_2").with_columns(
        days=pl.min_horizontal(_apart("start_date"), _apart("end_date")),
        off=pl.max_horizontal(_apart("con"), _apart("lab")),
        third=_apart("lib").fill_null(0),
    )
    near = (pl.col("days") <= NEAR_DAYS) & (pl.col("off") <= NEAR_SHARE)
    dates = (_apart("start_date") == 0) & (_apart("end_date") == 0) & (pl.col("off") <= SAME_DATES_SHARE)
    undated = pl.col("end_date").is_null()
    equal = (pl.max_horizontal("off", "third") <= EQUAL) & ((pl.col("days") <= MISPRINT_DAYS) | undated)
    pairs = pairs.filter(near.fill_null(False) | dates.fill_null(False) | (misprints & equal.fill_null(False)))
    # A point of difference counts as three days.
    days = pl.mean_horizontal(_apart("start_date"), _apart("end_date")).fill_null(MISPRINT_DAYS)
    return pairs.with_columns(cost=300 * (pl.col("off") + pl.col("third")) + days)


def _nameless(base: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows that may be one poll where ``other`` has no pollsters, with their ``cost``."""
    reach = pl.duration(days=NAMELESS_DAYS)
    window = pl.col("end_date").is_between(
        pl.lit(other["end_date"].min()) - reach, pl.lit(other["end_date"].max()) + reach
    )
    left = base.filter(window).select("one", *KEYS)
    pairs = left.join(other.select("two", *KEYS), how="cross", suffix="_2")
    off = pl.max_horizontal(*(_apart(party) for party in KEYS[2:]))
    return pairs.with_columns(cost=_apart("end_date") + off).filter(
        (off <= HALF_POINT) & (_apart("end_date") <= NAMELESS_DAYS)
    )


def _closest(pairs: pl.DataFrame) -> pl.DataFrame:
    """Take pairs by rising cost, each row once."""
    taken: dict[int, int] = {}
    used: set[int] = set()
    for one, two in pairs.sort("cost", "one", "two").select("one", "two").iter_rows():
        if one not in taken and two not in used:
            taken[one] = two
            used.add(two)
    schema = {"one": pl.UInt32, "two": pl.UInt32}
    return pl.DataFrame({"one": list(taken), "two": list(taken.values())}, schema=schema)


def merge(base: pl.DataFrame, other: pl.DataFrame, *, houses: bool = True, misprints: bool = False) -> pl.DataFrame:
    """Add a source to the polls held, joining rows that are one poll.

    Parameters
    ----------
    base : pl.DataFrame
        Polls held, columns of ``poll_sources.WIDE``; its figures stand.
    other : pl.DataFrame
        Polls of another source, same columns.
    houses : bool, default True
        Whether ``other`` names pollsters.
    misprints : bool, default False
        Whether the sources share a forerunner, so that equal figures are one poll though a month differs (rule 3).

    Returns
    -------
    pl.DataFrame
        All polls, same columns; ``source`` names both where two rows were joined.
    """
    base, other = base.with_row_index("one"), other.with_row_index("two")
    pairs = _closest(_candidates(base, other, misprints=misprints) if houses else _nameless(base, other))
    second = other.rename({name: f"{name}_2" for name in other.columns if name != "two"})
    both = base.join(pairs, on="one", how="left").join(second, on="two", how="left", maintain_order="left")
    late = pl.col("exact_2").fill_null(False) & ~(pl.col("exact") & pl.col("end_date").is_not_null())
    end = pl.when(late).then(pl.col("end_date_2")).otherwise(pl.col("end_date"))
    # Where the first source had no dates, the second one's first day is no more than the first of the month.
    told = late & pl.col("end_date").is_not_null()
    first = pl.when(told).then(pl.coalesce("start_date_2", "start_date")).otherwise(pl.col("start_date"))
    filled = ("pollster", "client", "mode", "published", "sample", *PARTIES)
    both = both.with_columns(
        *(pl.coalesce(name, f"{name}_2") for name in filled),
        start_date=pl.when(first <= end).then(first),
        end_date=end,
        exact=pl.col("exact") | late,
        verified=pl.col("verified") | pl.col("verified_2").fill_null(False),
        kind=pl.when(pl.col("kind_2") == "mrp").then(pl.col("kind_2")).otherwise(pl.col("kind")),
        source=pl.concat_str("source", "source_2", separator="+", ignore_nulls=True),
    )
    columns = [name for name in base.columns if name != "one"]
    fresh = other.join(pairs, on="two", how="anti", maintain_order="left")
    return pl.concat([both.sort("one").select(columns), fresh.select(columns)])


def without_repeats(polls: pl.DataFrame) -> pl.DataFrame:
    """Remove rows that repeat a poll of the same house (rules 4 and 5).

    Parameters
    ----------
    polls : pl.DataFrame
        Polls with an end date, columns of ``poll_sources.WIDE``.

    Returns
    -------
    pl.DataFrame
        The polls that remain, better rows first within a day.
    """
    named = polls.filter(pl.col("pollster").is_not_null())
    best_first = named.sort(
        "end_date", "pollster", "headline", "published", pl.col("con") + pl.col("lab"), "client", "source",
        descending=[False, False, True, True, True, False, False], nulls_last=True, maintain_order=True,
    )  # fmt: skip
    who = ["pollster", "area", "kind"]
    when = ["start_date", "end_date"]
    kept = best_first.unique([*who, *when, "con", "lab"], keep="first", maintain_order=True)
    bare = pl.col("client").is_null() & pl.col("mode").is_null()
    told = kept.filter(~bare).unique([*who, *when, "client", "mode"], keep="first", maintain_order=True)
    kept = pl.concat([told, kept.filter(bare).join(told, on=[*who, *when], how="anti", maintain_order="left")])
    return pl.concat([_without_reprints(kept), polls.filter(pl.col("pollster").is_null())])


def _without_reprints(polls: pl.DataFrame) -> pl.DataFrame:
    """Remove a row without its own last day where the same house has the same figures in the same week (rule 4)."""
    rows = polls.with_row_index("one")
    firm = rows.filter("exact").select("pollster", "area", "mode", *KEYS)
    pairs = rows.filter(~pl.col("exact")).join(firm, on=["pollster", "area"], suffix="_2")
    same = (pl.max_horizontal(_apart("con"), _apart("lab"), _apart("lib")) <= EQUAL) & (
        _apart("end_date") <= UNSURE_DAYS
    )
    clash = (pl.col("mode") != pl.col("mode_2")).fill_null(False)
    return rows.join(pairs.filter(same & ~clash), on="one", how="anti", maintain_order="left").drop("one")


def without_pools(polls: pl.DataFrame) -> pl.DataFrame:
    """Remove long fieldwork that pools other polls of the same house (rule 6).

    Parameters
    ----------
    polls : pl.DataFrame
        Polls, columns of ``poll_sources.WIDE``.

    Returns
    -------
    pl.DataFrame
        The polls without pools, in the same order.
    """
    rows = polls.with_row_index("one")
    length = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    long = rows.filter((length >= POOL_DAYS) & pl.col("exact") & (pl.col("kind") == "poll"))
    inner = rows.select(pl.col("one").alias("two"), "pollster", "area", "start_date", "end_date")
    inside = (pl.col("start_date_2") >= pl.col("start_date")) & (pl.col("end_date_2") <= pl.col("end_date"))
    pairs = long.join(inner, on=["pollster", "area"], suffix="_2").filter(inside & (pl.col("one") != pl.col("two")))
    pools = pairs.group_by("one").len().filter(pl.col("len") >= POOLED_POLLS)
    return rows.join(pools, on="one", how="anti", maintain_order="left").drop("one")
