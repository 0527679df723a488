"""Readers of the poll files, one a source, all giving the same table (``WIDE``): one row a poll, one column a party.

Shares are fractions; a party that a source does not give is null, never zero. ``exact`` tells whether the last day of
fieldwork is the source's own, ``doubted`` whether the source doubts it; ``published`` is null unless the source gives
it. Nothing is removed as a duplicate here.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from fastexcel import FastExcelError

from data.compile.common import raw_file, read_text_csv
from data.compile.pollbase import read_pollbase
from data.compile.pollsters import HOUSES
from data.errors import BadInput
from data.poll_rules import MODES, NOT_HOUSES

PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore", "yp", "bnp", "chuk", "refm", "oth")
WIDE: dict[str, Any] = {
    "source": pl.String,
    "pollster": pl.String,
    "client": pl.String,
    "mode": pl.String,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "exact": pl.Boolean,
    "doubted": pl.Boolean,
    "published": pl.Date,
    "sample": pl.Int64,
    "area": pl.String,
    "kind": pl.String,
    "headline": pl.Boolean,
    "verified": pl.Boolean,
    "sheet": pl.String,
    **dict.fromkeys(PARTIES, pl.Float64),
}
DEFAULTS: dict[str, Any] = {"exact": True, "doubted": False, "area": "GB", "kind": "poll", "headline": False}
DEFAULTS |= {"verified": True}
"""What holds where a source has no column for it."""


def _one_house(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Put our name for each pollster, and leave out rows that are no polls.

    Raises
    ------
    BadInput
        If a pollster is not known.
    """
    label = pl.col("pollster").str.strip_chars().str.to_lowercase()
    frame = frame.filter(~label.is_in(list(NOT_HOUSES)).fill_null(False))
    strange = frame.filter(~label.is_in(list(HOUSES)))["pollster"].unique().sort().to_list()
    if strange:
        raise BadInput(f"Source {source} names unknown pollsters {strange}: add them to data/byhand/pollsters.csv.")
    return frame.with_columns(pollster=label.replace_strict(HOUSES, return_dtype=pl.String))


def _widen(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Bring a source's rows into the columns of ``WIDE``; shares come in per cent and leave as finite fractions."""
    frame = frame.with_columns(source=pl.lit(source))
    frame = frame.with_columns(pl.lit(None).alias(name) for name in WIDE if name not in frame.columns)
    frame = frame.with_columns(pl.col(name).fill_null(value) for name, value in DEFAULTS.items())
    parts = [pl.col(party).cast(pl.Float64) / 100 for party in PARTIES]
    shares = [pl.when(part.is_finite()).then(part.round(5)) for part in parts]
    return (
        _one_house(frame.with_columns(pl.col("pollster").cast(pl.String), *shares), source)
        .select(*WIDE)
        .cast(pl.Schema(WIDE))
    )


def _number(*names: str) -> pl.Expr:
    """Text columns as numbers; anything that is no number is null."""
    return pl.col(*names).str.strip_chars().cast(pl.Float64, strict=False)


def _pollbase(raw: Path) -> pl.DataFrame:
    """PollBase: UKIP and Brexit Party together are ``ref``; the SDP and the Liberals (Democrats) together are ``lib``.

    In the Alliance's years the workbook gives one figure for both. From 1988 to 1990 it gives Owen's SDP a column of
    its own, but only for houses that asked about it: elsewhere it is within the Liberal Democrats, so it is added.
    """
    frame = read_pollbase(raw).with_columns(
        lib=pl.when(pl.col("lib").is_not_null()).then(pl.col("lib") + pl.col("sdp").fill_null(0)),
        ref=pl.when(pl.any_horizontal(pl.col("ukip", "brexit").is_not_null())).then(
            pl.sum_horizontal("ukip", "brexit")
        ),
    )
    # A row with neither house nor client cannot be told from the others'.
    return _widen(frame.filter(pl.col("pollster").is_not_null()), "pollbase")


def _britpol(raw: Path) -> pl.DataFrame:
    """The three-party polls of britpol (PollBase and Wikipedia): the only source of sample sizes before 2024."""
    frame = read_text_csv(raw, "polls/britpol_pollbase_1945_2021.csv").with_columns(
        pl.col("start").str.to_date().alias("start_date"),
        pl.col("end").str.to_date().alias("end_date"),
        _number("n").cast(pl.Int64).alias("sample"),
        _number("con", "lab", "lib") * 100,
    )
    return _widen(frame, "britpol")


def _polling_average(raw: Path) -> pl.DataFrame:
    """Five-party polls of 2020 to 2023. Their date is the FIRST day of fieldwork (found against britpol)."""
    frame = read_text_csv(raw, "polls/polls_2020_2023_uk_polling_average.csv").with_columns(
        pl.col("date").str.to_date().alias("start_date"),
        pl.lit(False).alias("exact"),
        pl.when(pl.col("pollster").str.contains("Electoral Calculus")).then(pl.lit("mrp")).alias("kind"),
        _number("con", "lab", "lib", "grn", "ref"),
    )
    return _widen(frame, "uk-polling-average")


def _wikipedia_2023(raw: Path) -> pl.DataFrame:
    """Polls of July 2023 to June 2024 without pollster or sample, scraped from Wikipedia."""
    names = {"Con": "con", "Lab": "lab", "Lib Dem": "lib", "SNP": "snp", "Green": "grn", "Reform": "ref"}
    frame = read_text_csv(raw, "polls/polls_2023_2024_wikipedia_scrape.csv").rename(names)
    return _widen(
        frame.with_columns(_number(*names.values()), pl.col("Date").str.to_date().alias("end_date")),
        "wikipedia-harvilehal",
    )


def _wikipedia_campaign(raw: Path) -> pl.DataFrame:
    """Polls of the campaign of 2024 from the same scraper; digits were checked only where the other file has them."""
    names = {"green": "grn", "reform": "ref"}
    frame = read_text_csv(raw, "polls/polls_2024_campaign_wikipedia_scrape.csv").rename(names)
    frame = frame.with_columns(_number("con", "lab", "lib", "snp", "grn", "ref"), pl.col("end_date").str.to_date())
    return _widen(frame.with_columns(verified=pl.lit(False)), "wikipedia-campaign")


def _ukpolls2_records(raw: Path, name: str) -> pl.DataFrame:
    """Records of one file of Ukpolls2 in our columns, with ``tracker``: whether a row comes from Wikipedia."""
    fields = ["pollster", "client", "mode", "fieldworkStart", "fieldworkEnd", "publishedAt", "sample", "mrp", "source"]
    parties = {"lab": "lab", "con": "con", "ref": "ref", "ld": "lib", "grn": "grn", "snp": "snp", "pc": "plaid"}
    parties |= {"rb": "restore", "oth": "oth"}
    records = json.loads(raw_file(raw, f"polls/{name}").read_text(encoding="utf-8"))
    rows = [{key: record.get(key) for key in (*fields, *parties)} for record in records]
    texts = dict.fromkeys(("client", "mode", "source"), pl.String)
    frame = pl.DataFrame(rows, infer_schema_length=None, schema_overrides=texts)
    frame = frame.rename(parties).with_columns(
        pl.col("fieldworkStart").str.to_date().alias("start_date"),
        pl.col("fieldworkEnd").str.to_date().alias("end_date"),
        pl.col("publishedAt").str.to_date().alias("published"),
        pl.col("mode").str.to_lowercase().replace_strict(MODES, default=None),
        pl.col("source").str.starts_with("Wikipedia").fill_null(True).alias("tracker"),
    )
    length = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    seats = pl.col("mrp").fill_null(False) | ((length > 21) & (pl.col("sample") > 10_000))
    return frame.with_columns(
        kind=pl.when(seats).then(pl.lit("mrp")),
        # Where both dates agree the file has only filled in the second.
        published=pl.when(pl.col("published") != pl.col("end_date")).then(pl.col("published")),
    )


def _ukpolls2(raw: Path) -> pl.DataFrame:
    """Polls of July 2024 to 7 April 2026 from Wikipedia. Long fieldwork with a huge sample is a seat model (MRP)."""
    return _widen(_ukpolls2_records(raw, "ukpolls2_wikipedia.json"), "ukpolls2")


def _ukpolls2_late(raw: Path, *, tracker: bool) -> pl.DataFrame:
    """Polls after 7 April 2026 of the same maker, from Wikipedia (``tracker``) or from the pollsters' workbooks.

    The file has old polls under new dates; they show by being published before they ended, and are left out. A row
    from a workbook that gives no first day gives the day of the workbook, not of fieldwork, as its last day.
    """
    frame = _ukpolls2_records(raw, "ukpolls2_merged.json").filter(pl.col("end_date") > pl.date(2026, 4, 7))
    frame = frame.filter((pl.col("published") >= pl.col("end_date")).fill_null(True))
    frame = frame.with_columns(exact=pl.col("tracker") | pl.col("start_date").is_not_null())
    return _widen(frame.filter(pl.col("tracker") == tracker), "ukpolls2-merged" if tracker else "ukpolls2-workbooks")


def _spot(raw: Path) -> pl.DataFrame:
    """Fifteen polls of summer 2026 quoted from pages; second hand from 26 July on, one earlier row in conflict."""
    names = {"fieldwork_start": "start_date", "fieldwork_end": "end_date", "your_party": "yp"}
    frame = read_text_csv(raw, "polls/polls_2026_spot.csv").rename(names)
    given = ("con", "lab", "ref", "lib", "grn", "snp", "plaid", "restore", "yp", "oth")
    frame = frame.drop("source").with_columns(
        pl.col("start_date", "end_date").str.to_date(), _number("sample").cast(pl.Int64), _number(*given)
    )
    doubtful = (pl.col("end_date") >= pl.date(2026, 7, 26)) | pl.col("note").str.contains("CONFLICT").fill_null(False)
    return _widen(frame.with_columns(verified=~doubtful), "spot-2026")


def _scotland(raw: Path) -> pl.DataFrame:
    """Westminster polls of Scotland without pollster, digits unchecked; the row of 4 July 2024 is the result."""
    names = {"Con": "con", "Lab": "lab", "Lib Dem": "lib", "SNP": "snp", "Green": "grn", "Reform": "ref"}
    frame = read_text_csv(raw, "polls/polls_scotland_westminster_2024_2026.csv").rename(names)
    frame = frame.with_columns(_number(*names.values()), pl.col("Date").str.to_date().alias("end_date"))
    frame = frame.filter(pl.col("end_date") > pl.date(2024, 7, 4))
    return _widen(frame.with_columns(area=pl.lit("Scotland"), verified=pl.lit(False)), "wikipedia-harvilehal-scotland")


def _nations(raw: Path) -> pl.DataFrame:
    """Five Westminster polls of Scotland and Wales quoted from the press; the undated one falls out later."""
    frame = read_text_csv(raw, "polls/polls_wales_scotland_2025_2026.csv")
    names = {"nation": "area", "fieldwork_start": "start_date", "fieldwork_end": "end_date"}
    given = ("con", "lab", "ref", "lib", "grn", "snp", "plaid", "oth")
    frame = frame.drop("source").rename(names)
    frame = frame.with_columns(
        pl.col("start_date", "end_date").str.to_date(), _number("sample").cast(pl.Int64), _number(*given)
    )
    return _widen(frame, "press-nations-2025")


def _politico(raw: Path) -> pl.DataFrame:
    """Politico's daily average as one pseudo-poll each Sunday of the weeks for which no poll is held."""
    names = {"Conservatives": "con", "Labour": "lab", "Lib Dem": "lib", "Green": "grn", "SNP": "snp"}
    names |= {"Plaid": "plaid", "Reform": "ref", "Restore Britain": "restore"}
    frame = read_text_csv(raw, "polls/politico_poll_of_polls_daily_2018_2026.csv").rename(names)
    frame = frame.with_columns(_number(*names.values()), pl.col("date").str.to_date().alias("end_date"))
    weeks = pl.col("end_date").is_between(pl.date(2026, 4, 24), pl.date(2026, 6, 28))
    frame = frame.filter(weeks & (pl.col("end_date").dt.weekday() == 7))
    constant = {"pollster": "Politico average", "kind": "pseudo", "verified": False}
    return _widen(frame.with_columns(pl.lit(value).alias(name) for name, value in constant.items()), "politico")


READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    "pollbase": _pollbase,
    "britpol": _britpol,
    "uk-polling-average": _polling_average,
    "wikipedia-harvilehal": _wikipedia_2023,
    "wikipedia-campaign": _wikipedia_campaign,
    "ukpolls2": _ukpolls2,
    "ukpolls2-workbooks": partial(_ukpolls2_late, tracker=False),
    "ukpolls2-merged": partial(_ukpolls2_late, tracker=True),
    "spot-2026": _spot,
    "wikipedia-harvilehal-scotland": _scotland,
    "press-nations-2025": _nations,
    "politico": _politico,
}
"""Reader of each source, by the key that stands in the column ``source``."""
UNREADABLE = (pl.exceptions.PolarsError, OSError, FastExcelError, ValueError, KeyError, TypeError, AttributeError)
"""What the libraries raise over a file that is not what it was: no workbook, no JSON, other columns, other types."""


def read_source(raw: Path, source: str) -> pl.DataFrame:
    """Read all polls of one source as it gives them.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    source : str
        A key of ``READERS``.

    Returns
    -------
    pl.DataFrame
        Columns of ``WIDE``; shares are fractions, null where not given.

    Raises
    ------
    BadInput
        If a raw file is missing, names an unknown pollster, or holds a date or figure that is none.
    """
    try:
        return READERS[source](raw)
    except UNREADABLE as error:
        reason = " ".join(str(error).split())[:200].rstrip(".") + "."
        raise BadInput(
            f"Source {source} is not as data/SOURCES.md describes it: {reason} Mend the row, or fetch the file again."
        ) from error
