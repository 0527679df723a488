"""The table of every poll on the page of polls: all columns to save, fewer to read, and where figures came from."""

from collections.abc import Sequence

import polars as pl

from data.catalogue.provenance import Publisher
from data.own.overlay import OWN
from models.poll_leans import PollErrors
from models.poll_table import parties_of
from views import palette

AREAS = {"GB": "Great Britain"}
KINDS = {"poll": "Poll", "mrp": "Seat model", "pseudo": "Published average"}
POINTS = 100.0
"""Per cent of a share."""


def whole(rows: pl.DataFrame, errors: PollErrors, publishers: dict[str, Publisher]) -> pl.DataFrame:
    """Every poll with all that is known of it: the table to save.

    Parameters
    ----------
    rows : pl.DataFrame
        As ``models.poll_table.poll_rows`` gives it.
    errors : PollErrors
        Of the same polls.
    publishers : dict of str to Publisher
        Publishers by key.

    Returns
    -------
    pl.DataFrame
        Shares, leans and residuals in per cent and points, ``lean_{party}`` and ``residual_{party}`` for each line.
    """
    by_house = errors.table().with_columns(pl.col("lean") * POINTS).pivot("party", index="pollster", values="lean")
    by_house = by_house.rename({name: f"lean_{name}" for name in by_house.columns if name != "pollster"})
    residual = [
        pl.Series(f"residual_{party}", POINTS * errors.residual[:, p]).fill_nan(None)
        for p, party in enumerate(errors.parties)
    ]
    named = rows.with_columns(
        *residual,
        counted(errors),
        pl.col(parties_of(rows)) * POINTS,
        source_name=pl.Series([source(*row, publishers)[0] for row in _sourced(rows)], dtype=pl.String),
        source_link=pl.Series([source(*row, publishers)[1] for row in _sourced(rows)], dtype=pl.String),
    )
    lean = [f"lean_{party}" for party in errors.parties if f"lean_{party}" in by_house.columns]
    joined = named.join(by_house, on="pollster", how="left", maintain_order="left")
    # A published average, and a poll that was not used, have no lean measured on them.
    plain = pl.col("place").is_not_null() & (pl.col("kind").fill_null("poll") != "pseudo")
    return (
        joined.with_columns(pl.when(plain).then(pl.col(lean))).drop("place").with_columns(pl.selectors.float().round(3))
    )


def counted(errors: PollErrors) -> pl.Series:
    """What each poll counts as, to the nearest ten people; null for a poll that was not used."""
    return (10 * (pl.Series("counts", errors.counts).fill_nan(None) / 10).round()).cast(pl.Int64)


def _sourced(rows: pl.DataFrame) -> list[tuple[str, str]]:
    return rows.select(pl.col("source").fill_null(""), pl.col("pollster")).rows()


def source(key: str, pollster: str, publishers: dict[str, Publisher]) -> tuple[str, str | None]:
    """Name of a poll's source, and an address where one is held.

    Parameters
    ----------
    key : str
        Column ``source``: keys of files, the one whose figures stand first, or the user's own file.
    pollster : str
        Who made the poll: where a source names several addresses, the pollster's own is taken.
    publishers : dict of str to Publisher
        Publishers by key.

    Returns
    -------
    tuple of (str, str or None)
        Name and address.
    """
    if key.startswith(OWN):
        return f"Your file {key.removeprefix(OWN)}", None
    first = key.partition("+")[0]
    known = max((name for name in publishers if first.startswith(name)), key=len, default="")
    if not known:
        return (key or "The forecast itself"), None
    addresses = publishers[known].address.split(", ")
    house = "".join(pollster.lower().split())
    own = [address for address in addresses if house and house in address]
    if len(addresses) > 1:
        return (f"{pollster}, as quoted", own[0] if own else None)
    return publishers[known].name, addresses[0]


def polls_table(table: pl.DataFrame, parties: Sequence[str], party: str, why: Sequence[str]) -> pl.DataFrame:
    """Every poll to read.

    Parameters
    ----------
    table : pl.DataFrame
        As ``whole`` gives it.
    parties : sequence of str
        Parties whose shares are shown.
    party : str
        Party whose lean and residual are shown.
    why : sequence of str
        Reason of each poll in words.

    Returns
    -------
    pl.DataFrame
        One row a poll, newest first.
    """
    name = palette.line(party).short
    none = pl.lit(None, dtype=pl.Float64)
    lean, residual = (
        (pl.col(f"{what}_{party}") if f"{what}_{party}" in table.columns else none).round(1)
        for what in ("lean", "residual")
    )
    house = pl.when(pl.col("pollster") == "").then(pl.lit("Not known")).otherwise("pollster")
    return table.select(
        pl.col("end_date").alias("Ended"),
        house.alias("Pollster"),
        *(pl.col(code).round(1).alias(palette.line(code).short) for code in parties),
        pl.col("status").alias("Status"),
        pl.Series("Why", list(why), dtype=pl.String),
        pl.col("counts").alias("Counts as"),
        lean.alias(f"Lean, {name}"),
        residual.alias(f"Residual, {name}"),
        pl.col("start_date").alias("Started"),
        pl.col("sample").alias("Sample"),
        pl.col("client").alias("Client"),
        pl.col("mode").alias("Mode"),
        pl.col("area").replace(AREAS).alias("Area"),
        pl.col("kind").replace(KINDS).alias("Kind"),
        pl.col("source_name").alias("Source"),
        pl.col("source_link").alias("Link"),
    )


def found(shown: pl.DataFrame, wanted: str, status: str | None) -> pl.DataFrame:
    """Rows of ``polls_table`` that hold a text, of one status."""
    rows = shown if status is None else shown.filter(pl.col("Status") == status)
    if not wanted.strip():
        return rows
    text = pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator=" ").str.to_lowercase()
    return rows.filter(text.str.contains(wanted.strip().lower(), literal=True))
