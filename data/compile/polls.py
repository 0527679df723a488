"""Compile every poll file into ``polls``, ``poll_shares`` and ``parties``.

Duplicates across and within sources are removed by the rule of ``poll_merge``. Which source says what:

==========================  =========================  ==================================================
years                       source                     gives
==========================  =========================  ==================================================
1955 - 2020                 PollBase (workbook)        all polls: dates, client, mode, parties named
2010 - 2021                 britpol                    samples, polls that PollBase lacks; three parties
2020 - July 2023            UK-Polling-Average         pollster, five parties, first day of fieldwork
July 2023 - July 2024       Wikipedia (HarviLehal)     six parties, last day; no pollster
July 2024 - April 2026      Ukpolls2                   dates, pollster, sample, all parties
26 April - 28 June 2026     Politico's average         one pseudo-poll a week
29 June - September 2026    quoted polls               YouGov, Opinium, Survation, More in Common
Scotland, Wales 2024-25     Wikipedia and the press    Westminster vote
==========================  =========================  ==================================================

The CSV extraction of PollBase holds the same rows as the workbook and is not read; model output (pollbasepro, house
effects) never is. A poll is left out when

- it has no date, or PollBase files it under another parliament than its dates say;
- its fieldwork touches polling day (no source shows that such a poll was published before the vote);
- its shares sum to more than 1.02, or to less than 0.85 although Con, Lab, Lib, Ref and Grn are all given;
- it is on the short list ``LEFT_OUT``, each with its reason.

``known_on`` is set by the rule of ``data.poll_rules``, unless the poll is known to have been held back (``HELD_BACK``).
"""

from datetime import date
from pathlib import Path

import polars as pl

from data.compile.library import ELECTIONS
from data.compile.parties import parties_table
from data.compile.poll_merge import merge, without_pools, without_repeats
from data.compile.poll_sources import PARTIES, read_source
from data.compile.pollbase import SHEETS
from data.poll_rules import FIVE, LEAST_SUM, MOST_SUM, known_on

POLLING_DAYS = sorted({day for day, _ in ELECTIONS.values()})
FIRST_DAY, LAST_DAY = date(1955, 1, 1), date(2026, 9, 29)

LEFT_OUT = pl.DataFrame(
    [
        ("britpol", "YouGov", date(2012, 1, 31), 1744, "the poll of 31 July to 1 August 2012, a month misprinted"),
        ("britpol", "YouGov", date(2010, 10, 17), None, "the poll of 14 to 15 October 2010, under its publication"),
        ("britpol", "Angus Reid", date(2012, 12, 4), 2005, "the poll of 28 to 29 November 2012, under its publication"),
        ("britpol", "Lord Ashcroft", date(2013, 9, 1), 1005, "PollBase has it under 1 to 5 September 2013"),
    ],
    schema=["source", "pollster", "end_date", "sample", "reason"],
    orient="row",
)
"""Rows that repeat a poll held under other dates, which no rule can tell."""

HELD_BACK = pl.DataFrame(
    [
        ("Lord Ashcroft", date(2013, 5, 29), 0.27, date(2013, 9, 30), False),
        ("Lord Ashcroft", date(2014, 1, 20), 0.3, date(2014, 3, 23), True),
        ("Survation", date(2015, 5, 6), 0.37, date(2015, 5, 8), True),
    ],
    schema=["pollster", "end_date", "con", "out", "sure"],
    orient="row",
)
"""Polls published long after fieldwork, or after the election: when they were out, and whether that day is sure.

Ashcroft's were part of his reports on immigration (September 2013, taken to be its last day) and Europe.
"""


def all_polls(raw: Path) -> pl.DataFrame:
    """Read every source and join rows that are one poll; columns of ``poll_sources.WIDE``.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        All polls, before those unfit are left out.

    Raises
    ------
    BadInput
        If a raw file is missing or names an unknown pollster.
    """
    britpol = read_source(raw, "britpol").filter(pl.col("end_date") >= FIRST_DAY)
    old = merge(read_source(raw, "pollbase"), britpol, misprints=True)
    old = old.join(LEFT_OUT, on=["source", "pollster", "end_date", "sample"], how="anti", nulls_equal=True)
    average = with_last_day(read_source(raw, "uk-polling-average"), old)
    recent = merge(merge(old, average), _scraped(raw), houses=False)
    late = merge(read_source(raw, "ukpolls2-workbooks"), read_source(raw, "ukpolls2-merged"))
    new = merge(read_source(raw, "ukpolls2"), late)
    rest = ("spot-2026", "wikipedia-harvilehal-scotland", "press-nations-2025", "politico")
    return pl.concat([recent, new, *(read_source(raw, source) for source in rest)])


def _scraped(raw: Path) -> pl.DataFrame:
    """Wikipedia's polls of 2023-24: both files, rows of the same day and figures once."""
    year, campaign = read_source(raw, "wikipedia-harvilehal"), read_source(raw, "wikipedia-campaign")
    same = ["end_date", *FIVE, "snp"]
    both = campaign.join(year, on=same, how="semi", nulls_equal=True)
    confirmed = year.join(both, on=same, how="semi", nulls_equal=True).with_columns(
        source=pl.lit("wikipedia-harvilehal+wikipedia-campaign")
    )
    alone = [one.join(both, on=same, how="anti", nulls_equal=True) for one in (year, campaign)]
    return pl.concat([confirmed, *alone])


def with_last_day(average: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Put the last day of fieldwork where only the first is known: the house's median length since 2020.

    Parameters
    ----------
    average : pl.DataFrame
        Polls with ``start_date`` only.
    held : pl.DataFrame
        Polls with both dates, from which the lengths are taken.

    Returns
    -------
    pl.DataFrame
        The same polls with ``end_date``; houses without dated polls get the median of all.
    """
    length = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    recent = held.filter((pl.col("end_date") >= date(2020, 1, 1)) & pl.col("exact") & (pl.col("kind") == "poll"))
    usual = recent.group_by("pollster").agg(length.median().round().cast(pl.Int64).alias("usual"))
    days = pl.col("usual").fill_null(int(recent.select(length.median()).item()))
    joined = average.join(usual, on="pollster", how="left", maintain_order="left")
    return joined.with_columns(end_date=pl.col("start_date") + pl.duration(days=days)).drop("usual")


def parliament(day: pl.Expr) -> pl.Expr:
    """Count the general elections since 1955 held on or before a day."""
    return pl.sum_horizontal(*((day >= held).cast(pl.Int64) for held in POLLING_DAYS))


def unfit() -> pl.Expr:
    """Say why a poll is left out.

    Returns
    -------
    pl.Expr
        Column ``unfit``, one of the reasons in the module's docstring, null for polls kept; needs the columns of
        ``poll_sources.WIDE``.
    """
    start, end = pl.coalesce("start_date", "end_date"), pl.col("end_date")
    polling_day = pl.any_horizontal(*(pl.lit(day).is_between(start, end) for day in POLLING_DAYS))
    filed = pl.col("sheet").replace_strict({name: number for number, name in enumerate(SHEETS)}, default=None)
    total = pl.sum_horizontal(*PARTIES)
    complete = pl.all_horizontal(pl.col(FIVE).is_not_null())
    reasons = {
        "no date": end.is_null(),
        "outside the years held": ~end.is_between(FIRST_DAY, LAST_DAY),
        "fieldwork touches polling day": polling_day,
        "filed under another parliament": (filed != parliament(end)) | (filed != parliament(start)),
        "sums above 1.02": total > MOST_SUM + 1e-9,
        "sums below 0.85 with all five parties": complete & (total < LEAST_SUM - 1e-9),
    }
    told = [pl.when(fault).then(pl.lit(reason)) for reason, fault in reasons.items()]
    return pl.coalesce(told).alias("unfit")


def with_known_on(polls: pl.DataFrame) -> pl.DataFrame:
    """Say when each poll became public: by the rule of all polls, later for those held back.

    Parameters
    ----------
    polls : pl.DataFrame
        Polls with an end date, columns of ``poll_sources.WIDE``.

    Returns
    -------
    pl.DataFrame
        The same rows in the same order with ``known_on``; not verified where that day is not sure.
    """
    dated = polls.join(HELD_BACK, on=["pollster", "end_date", "con"], how="left", maintain_order="left")
    usual = known_on(POLLING_DAYS, guessed=~pl.col("exact"))
    return dated.with_columns(
        known_on=pl.coalesce("out", usual), verified=pl.col("verified") & pl.col("sure").fill_null(True)
    ).drop("out", "sure")


def poll_id() -> pl.Expr:
    """Readable key: last day, nation, house, and a number where several would share it.

    Returns
    -------
    pl.Expr
        Column ``poll_id``; numbers follow the order of the rows. Needs ``end_date``, ``area`` and ``pollster``.
    """
    house = pl.col("pollster").fill_null("unknown").str.to_lowercase().str.replace_all("[^a-z0-9]+", "-")
    nation = pl.when(pl.col("area") != "GB").then(pl.col("area").str.to_lowercase() + "-").otherwise(pl.lit(""))
    stem = pl.concat_str(pl.col("end_date").dt.to_string("%Y-%m-%d-"), nation, house)
    place = pl.int_range(pl.len()).over(stem) + 1
    numbered = pl.col("pollster").is_null() | (place > 1)
    return pl.when(numbered).then(stem + "-" + place.cast(pl.String)).otherwise(stem).alias("poll_id")


def stages(raw: Path) -> dict[str, pl.DataFrame]:
    """Polls after each step of removal.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        ``joined`` (one poll of several sources is one row), ``fit`` (without unfit polls), ``single`` (without repeats
        within a source) and ``kept`` (without pools), each a part of the one before; columns of ``poll_sources.WIDE``.

    Raises
    ------
    BadInput
        If a raw file is missing or names an unknown pollster.
    """
    joined = all_polls(raw)
    fit = joined.filter(unfit().is_null())
    single = without_repeats(fit)
    return {"joined": joined, "fit": fit, "single": single, "kept": without_pools(single)}


def fit_polls(raw: Path) -> pl.DataFrame:
    """All polls kept, in a fixed order, with ``poll_id`` and ``known_on``.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        Columns of ``poll_sources.WIDE``, ``poll_id`` and ``known_on``.

    Raises
    ------
    BadInput
        If a raw file is missing or names an unknown pollster.
    """
    order = ["end_date", "area", "pollster", "kind", "start_date", "client", "mode", "source", *PARTIES]
    return with_known_on(stages(raw)["kept"].sort(order, nulls_last=True).with_columns(poll_id()))


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables ``parties``, ``polls`` and ``poll_shares``.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        One frame for each table.

    Raises
    ------
    BadInput
        If a raw file is missing or names an unknown pollster.
    """
    polls = fit_polls(raw)
    shares = polls.select("poll_id", "known_on", *PARTIES).unpivot(
        index=["poll_id", "known_on"], variable_name="party", value_name="share"
    )
    return {
        "parties": parties_table(),
        "polls": polls.with_columns(end_exact=pl.col("exact") & ~pl.col("doubted")),
        "poll_shares": shares.drop_nulls("share"),
    }
