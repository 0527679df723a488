"""Raw files on party leaders, compiled into ``leader_tenure`` and ``leader_ratings``.

``ratings`` reads the files; here the readings are put together, those that two sources print are kept once, and the
rows are numbered. ``known_with_polls`` then dates them by the polls that carried them.
"""

from pathlib import Path

import polars as pl

from data.compile import ratings
from data.compile.common import read_text_csv
from data.errors import BadInput

WINDOW_DAYS = 7
"""Two sources may date one poll by the start, the end or the publication of its fieldwork."""
WINDOW_DAYS_NAMED = 3
"""Where both name the pollster, a week would join two waves of a weekly poll."""
LATEST_DAYS = 14
"""A poll or page published later after fieldwork is not taken for the one that made a rating known."""
UNVERIFIED_STARTS = ("Clement Attlee", "Paddy Ashdown", "Menzies Campbell")
VERIFIED_STARTS = ("John Swinney", "Zack Polanski", "Rupert Lowe")
VERIFIED_ENDS = ("Rishi Sunak", "Keir Starmer", "Carla Denyer and Adrian Ramsay")
"""Dates that were, or were not, checked against a second source (those of the three main parties' starts were)."""


def tenures(raw: Path) -> pl.DataFrame:
    """Read who led which party from when to when.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        ``party`` (code), ``leader``, ``start``, ``end`` (null while in office), ``how_ended``, ``source``.

    Raises
    ------
    BadInput
        If the file is missing or cannot be read.
    """
    frame = read_text_csv(raw, "leaders/leader_tenure.csv")
    known = frame.filter(pl.col("party").is_in(list(ratings.PARTIES)))
    return known.select(
        pl.col("party").replace_strict(ratings.PARTIES, return_dtype=pl.String),
        "leader",
        pl.col("start", "end").str.to_date(),
        "how_ended",
        "source",
    )


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables on leaders.

    Parameters
    ----------
    raw : Path
        Folder of raw files, with ``leaders/``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``leader_tenure`` and ``leader_ratings``, sorted by primary key; ratings known as their own files say.

    Raises
    ------
    BadInput
        If a file is missing or holds something other than expected.
    """
    try:
        tenure = tenures(raw)
        readings = ratings.read_all(raw, tenure)
        return {"leader_tenure": _events(tenure), "leader_ratings": _number(without_repeats(readings), tenure)}
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"A raw file in leaders/ is not as data/SOURCES.md describes it: {reason} Fetch it again."
        ) from error


def _events(tenure: pl.DataFrame) -> pl.DataFrame:
    main = pl.col("party").is_in(["con", "lab", "lib"])
    sure = (main & ~pl.col("leader").is_in(UNVERIFIED_STARTS)) | pl.col("leader").is_in(VERIFIED_STARTS)
    starts = tenure.with_columns(event=pl.lit("start"), date="start", reason=pl.lit(None, pl.String), verified=sure)
    ends = tenure.filter(pl.col("end").is_not_null()).with_columns(
        event=pl.lit("end"), date="end", reason="how_ended", verified=pl.col("leader").is_in(VERIFIED_ENDS)
    )
    columns = ["party", "leader", "event", "date", "reason", "verified", "source"]
    events = pl.concat([starts.select(columns), ends.select(columns)])
    return events.with_columns(known_on="date").sort("party", "leader", "event", "date")


def repeats(readings: pl.DataFrame) -> pl.DataFrame:
    """Pairs of readings that are one poll printed by two sources.

    Same leader; ends of fieldwork at most a week apart (three days where both name the pollster; anywhere in the month
    where a source gives the month only); pollsters and wordings that do not contradict each other; both parts within
    one point, or the nets where a source gives no parts.

    Parameters
    ----------
    readings : pl.DataFrame
        As ``ratings.read_all`` returns them, with ``rank`` (0 is the best source) and ``row``.

    Returns
    -------
    pl.DataFrame
        ``row`` (to keep) and ``row_other`` (to drop, of a lesser source).
    """
    pairs = readings.join(readings, on="leader", suffix="_other").filter(pl.col("rank") < pl.col("rank_other"))
    apart = (pl.col("end_date") - pl.col("end_date_other")).dt.total_days().abs()
    both_named = pl.col("pollster").is_not_null() & pl.col("pollster_other").is_not_null()
    same_month = pl.col("end_date").dt.month_start() == pl.col("end_date_other").dt.month_start()
    near = (apart <= pl.when(both_named).then(WINDOW_DAYS_NAMED).otherwise(WINDOW_DAYS)) | (
        same_month & (pl.col("month_only") | pl.col("month_only_other"))
    )
    family, other = pl.col("question_family"), pl.col("question_family_other")
    agree = (family == other) | (family == "not_stated") | (other == "not_stated")
    house = (pl.col("pollster") == pl.col("pollster_other")).fill_null(True)
    parts = pl.max_horizontal(
        (pl.col(part) - pl.col(f"{part}_other")).abs().fill_null(0.0) for part in ("positive", "negative")
    )
    net = (pl.col("net") - pl.col("net_other")).abs()
    has_parts = pl.col("positive").is_not_null() & pl.col("positive_other").is_not_null()
    same = (parts <= 1) & pl.when(has_parts).then(net <= 2).otherwise(net <= 1)
    return pairs.filter(near, agree, house, same).select("row", "row_other")


def without_repeats(readings: pl.DataFrame) -> pl.DataFrame:
    """Keep one reading of each poll, from the best source that prints it.

    Parameters
    ----------
    readings : pl.DataFrame
        As ``ratings.read_all`` returns them.

    Returns
    -------
    pl.DataFrame
        The rows kept, in the same order. A row that a second source repeats counts as verified.
    """
    numbered = readings.with_row_index("row")
    pairs = repeats(numbered)
    confirmed = pl.col("row").is_in(pairs["row"].unique().to_list())
    kept = numbered.filter(~pl.col("row").is_in(pairs["row_other"].unique().to_list()))
    return kept.with_columns(verified=pl.col("verified") | confirmed).drop("row")


def _soon(published: str) -> pl.Expr:
    """A day of publication, null where it is too long after fieldwork to be that of the rating."""
    day = pl.col(published)
    return pl.when((day - pl.col("end_date")).dt.total_days() <= LATEST_DAYS).then(day)


def known_with_polls(ratings: pl.DataFrame, polls: pl.DataFrame) -> pl.DataFrame:
    """Let no rating be known before the poll that carried it.

    That is the poll of the same pollster with the same last day of fieldwork; of several the one known last.

    Parameters
    ----------
    ratings : pl.DataFrame
        ``leader_ratings``, as ``tables`` compiles it.
    polls : pl.DataFrame
        ``polls``: ``pollster``, ``end_date``, ``known_on``.

    Returns
    -------
    pl.DataFrame
        The same rows in the same order, ``known_on`` later where their poll was known later.
    """
    out = polls.select("pollster", "end_date", out=pl.col("known_on")).filter(_soon("out").is_not_null())
    last = out.group_by("pollster", "end_date").agg(pl.col("out").max())
    dated = ratings.join(last, on=["pollster", "end_date"], how="left", maintain_order="left", validate="m:1")
    return dated.with_columns(known_on=pl.max_horizontal("known_on", "out")).drop("out")


def _number(readings: pl.DataFrame, tenure: pl.DataFrame) -> pl.DataFrame:
    order = ["end_date", "leader", "pollster", "question_family", "positive", "negative", "net", "sample", "source"]
    slug = pl.col("leader", "pollster").str.to_lowercase().str.replace_all(r"[^a-z]+", "-")
    stem = pl.concat_str(
        pl.col("end_date").dt.to_string("%Y-%m-%d"), slug.fill_null("unnamed"), "question_family", separator=":"
    )
    numbered = readings.sort(order, nulls_last=True).with_columns(stem=stem)
    nth = pl.int_range(pl.len()).over("stem") + 1
    rating_id = pl.when(nth > 1).then(pl.format("{}:{}", "stem", nth)).otherwise("stem")
    party_of = dict(tenure.select("leader", "party").unique().iter_rows())
    month_over = pl.col("end_date").dt.month_end()
    # A reading known by its month alone may be as late as the month's last day.
    fieldwork_over = pl.when("month_only").then(month_over).otherwise("end_date").dt.offset_by("1d")
    known_on = pl.max_horizontal(fieldwork_over, _soon("published"))
    return numbered.with_columns(
        rating_id=rating_id, party=pl.col("leader").replace_strict(party_of), known_on=known_on
    ).sort("rating_id")
