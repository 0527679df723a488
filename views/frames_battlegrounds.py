"""Tables of battlegrounds: seats chosen by filters, marks of the ladder, and the same as tables to read."""

import polars as pl

from models.seat_targets import DEFEND
from views import frames, palette, words

WORTH = 0.01
"""Chance from which a seat counts as in play."""
CLOSE = (0.25, 0.75)
"""Chances, from and below, that are printed as about 3 to 7 in 10."""

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")


def in_play(seats: pl.DataFrame, side: str) -> pl.DataFrame:
    """Seats of one side of the ladder that turn in at least 1 of 100 simulations, with the change they would see.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``models.seat_targets.targets`` gives it.
    side : str
        Seats to gain or to defend.

    Returns
    -------
    pl.DataFrame
        The same columns, with ``change``: holder and likeliest winner, in words.
    """
    rows = seats.filter((pl.col("side") == side) & (pl.col("p_change") >= WORTH))
    return rows.with_columns(
        change=pl.concat_str(frames.names("holder", short=True), pl.lit(" → "), frames.names("winner", short=True))
    )


def changes(seats: pl.DataFrame) -> dict[str, str]:
    """Pairs of holder and likeliest winner, the most frequent first, each with its label and count of seats."""
    counted = seats["change"].value_counts().sort("count", "change", descending=[True, False])
    return {change: f"{change} ({count})" for change, count in counted.iter_rows()}


def chosen(
    seats: pl.DataFrame, *, change: str | None, nation: str | None, region: str | None, close: bool
) -> pl.DataFrame:
    """Seats that pass the filters of the page.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``in_play`` gives it.
    change, nation, region : str or None
        What the columns must be; None where all are wanted.
    close : bool
        Whether only seats with a chance of about 3 to 7 in 10 are wanted.

    Returns
    -------
    pl.DataFrame
        Some of the rows.
    """
    wanted = {"change": change, "nation": nation, "region": region}
    for column, value in wanted.items():
        seats = seats if value is None else seats.filter(pl.col(column) == value)
    return seats.filter(is_close()) if close else seats


def is_close() -> pl.Expr:
    """Whether the chance that a seat turns is about 3 to 7 in 10."""
    return pl.col("p_change").is_between(*CLOSE, closed="left")


def marks(seats: pl.DataFrame) -> pl.DataFrame:
    """Marks of the ladder: ``name, region, held, rival, swing`` in points, ``told`` in words, ``percent``."""
    return seats.select(
        "name",
        "region",
        frames.names("rival", short=True),
        held=frames.names("holder", short=True),
        swing=(100 * pl.col("swing")).round(2),
        told=pl.col("swing").map_elements(points, return_dtype=pl.String),
        percent=_percent("p_change"),
    )


def points(swing: float) -> str:
    """Swing in points with one decimal, as on the cards of seats; what needs none any more is said so."""
    return f"{100 * swing:.1f} points" if swing >= 0 else f"past by {-100 * swing:.1f} points"


def looks(seats: pl.DataFrame, *, accessible: bool) -> tuple[tuple[str, str, str], ...]:
    """Name, colour and shape of each rival, the most frequent first; a party has one shape on all sides."""
    counted = seats["rival"].value_counts().sort("count", "rival", descending=[True, False])
    order = list(palette.LINES)
    return tuple(
        (
            palette.line(code).short,
            palette.colour(code, accessible),
            SHAPES[order.index(code) % len(SHAPES) if code in order else 0],
        )
        for code in counted["rival"]
    )


def readable(seats: pl.DataFrame, leaders: pl.DataFrame, *, side: str, year: int) -> pl.DataFrame:
    """The ladder as a table to read.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``chosen`` gives it.
    leaders : pl.DataFrame
        As ``models.seat_targets.leader_seats`` gives it.
    side : str
        Seats to gain or to defend.
    year : int
        Year of the last general election.

    Returns
    -------
    pl.DataFrame
        Its columns are headings, in the order of the rows.
    """
    led = list(leaders.drop_nulls("constituency")["leader"])
    title = pl.when(pl.col("elected").is_in(led)).then(pl.lit(" (leader)")).otherwise(pl.lit(""))
    turn = "Chance to lose" if side == DEFEND else "Chance to win"
    return seats.select(
        pl.col("name").alias("Seat"),
        pl.col("region").alias("Region"),
        frames.names("holder", short=True).alias("Holder"),
        frames.names("winner", short=True).alias("Likeliest"),
        frames.names("rival", short=True).alias("Against"),
        (100 * pl.col("swing")).round(1).alias("Swing"),
        _percent("p_change").alias(turn),
        (100 * pl.col("last_lead")).round(0).cast(pl.Int64).alias(f"Lead {year}"),
        (pl.col("elected") + title).fill_null("").alias(f"Elected {year}"),
    )


def tipping(table: pl.DataFrame, seats: pl.DataFrame) -> pl.DataFrame:
    """Seats that tip a majority, with the range of the party's share in each, as a table to read.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.seat_table.tipping_seats`` gives it.
    seats : pl.DataFrame
        As ``models.seat_targets.targets`` gives it, of the same party.

    Returns
    -------
    pl.DataFrame
        Its columns are headings, in the order of ``table``.
    """
    both = table.join(seats.select("constituency", "share", "lo90", "hi90"), on="constituency", maintain_order="left")
    spans = [words.share_range(lo, hi) for lo, hi in both.select("lo90", "hi90").iter_rows()]
    return both.select(
        Seat="name",
        Region="region",
        Holder=frames.names("holder", short=True),
        Tips=(1000 * pl.col("p_tip")).round(0).cast(pl.Int64),
        Place="place",
        Chance=_percent("p_win"),
        Share=pl.col("share").map_elements(words.share, return_dtype=pl.String),
        Range=pl.Series(spans, dtype=pl.String),
    )


def leaders(table: pl.DataFrame) -> pl.DataFrame:
    """Leaders with a seat, and the chance of their party there, as a table to read."""
    return table.drop_nulls("constituency").select(
        Leader="leader",
        Party=frames.names("party"),
        Seat="name",
        Region="region",
        Holder=frames.names("holder", short=True),
        Chance=pl.col("p_win").map_elements(words.frequency, return_dtype=pl.String),
    )


def _percent(column: str) -> pl.Expr:
    return (100 * pl.col(column)).round(0).cast(pl.Int64)
