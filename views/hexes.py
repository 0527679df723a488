"""Seats as hexagons: where each lies, how it is coloured, and what the legend says."""

from functools import cache

import polars as pl

from views import palette, words

MODES = {"winner": "Winner", "chance": "Chance", "change": "Change of hands", "category": "Category"}
"""Ways to colour the map, with the label of each."""

STRENGTH = {"safe": 1.0, "likely": 0.72, "lean": 0.46, "toss-up": 0.2}
"""How much of the party's colour is left in the paler kinds of seat."""

BANDS = ((0.95, "95 or more"), (0.8, "80 to 95"), (0.65, "65 to 80"), (0.5, "50 to 65"), (0.0, "under 50"))
"""Bands of the chance of the likeliest winner, in 100, from certain to open."""

ROW = 0.75**0.5
"""Distance of two rows when two columns are 1 apart (regular hexagons standing on a corner)."""

Entries = tuple[tuple[str, str], ...]


def place(seats: pl.DataFrame) -> pl.DataFrame:
    """Give each seat the centre of its hexagon, in widths of a hexagon.

    Parameters
    ----------
    seats : pl.DataFrame
        ``q`` and ``r`` of an odd-r layout (odd rows stand half a hexagon to the right; larger ``r`` is further north).

    Returns
    -------
    pl.DataFrame
        The rows with a hexagon, with columns ``x`` and ``y`` (north is up).
    """
    found = seats.with_columns(pl.col("q", "r").cast(pl.Float64).fill_nan(None)).drop_nulls(["q", "r"])
    return found.with_columns(x=pl.col("q") + 0.5 * (pl.col("r").cast(pl.Int64) % 2).abs(), y=pl.col("r") * ROW)


def box(placed: pl.DataFrame) -> tuple[float, float, float, float]:
    """Ends ``x0, x1, y0, y1`` of a picture that holds all hexagons of a table of one row or more."""
    x, y = placed["x"].to_list(), placed["y"].to_list()
    return min(x) - 0.6, max(x) + 0.6, min(y) - 0.7, max(y) + 0.7


def paint(placed: pl.DataFrame, *, mode: str, accessible: bool) -> pl.DataFrame:
    """Choose fill, ink and letters of every hexagon.

    Parameters
    ----------
    placed : pl.DataFrame
        As ``models.seat_holders.seats_held`` gives it, placed.
    mode : str
        A key of ``MODES``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, x, y, fill, ink, letters, outlook``; ``outlook`` is the likeliest winner with the chance.
    """
    looks = placed.select("winner", "holder", "p_winner").rows()
    fill = [_fill(winner, holder, p, mode, accessible) for winner, holder, p in looks]
    return placed.select(
        "constituency",
        "name",
        "x",
        "y",
        fill=pl.Series(fill, dtype=pl.String),
        ink=pl.Series([_ink(f) for f in fill], dtype=pl.String),
        letters=pl.Series([palette.line(winner).letters for winner, _, _ in looks], dtype=pl.String),
        outlook=pl.Series(
            [f"{palette.line(winner).name}, {words.frequency(p)}" for winner, _, p in looks], dtype=pl.String
        ),
    )


@cache
def _ink(fill: str) -> str:
    return palette.ink_on(fill)


@cache
def _tint(code: str, kind: str, accessible: bool) -> str:
    return palette.mix(palette.colour(code, accessible), STRENGTH[kind])


def _fill(winner: str, holder: str, p: float, mode: str, accessible: bool) -> str:
    if mode == "chance":
        return palette.CERTAINTY[-1 - next(i for i, (floor, _) in enumerate(BANDS) if p >= floor)]
    if mode == "change" and winner == holder:
        return palette.NEUTRAL
    if mode == "category":
        return _tint(winner, words.category(p), accessible)
    return palette.colour(winner, accessible)


def legend(seats: pl.DataFrame, *, mode: str, accessible: bool) -> tuple[str, Entries]:
    """Title of the legend, and its entries with their colours.

    Parameters
    ----------
    seats : pl.DataFrame
        Seats with their ``winner`` and ``holder``.
    mode : str
        A key of ``MODES``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    tuple
        Title and pairs of name and colour; parties by falling number of seats.
    """
    counted = seats.filter(pl.col("winner") != pl.col("holder")) if mode == "change" else seats
    ranked = counted["winner"].value_counts().sort("count", "winner", descending=[True, False])["winner"].to_list()
    parties = tuple((palette.line(code).short, palette.colour(code, accessible)) for code in ranked)
    if mode == "chance":
        entries = tuple(zip((name for _, name in BANDS), reversed(palette.CERTAINTY), strict=True))
        return "Chance of the likeliest, in 100", entries
    if mode == "category":
        tints = tuple((kind, _tint(ranked[0], kind, accessible)) for kind in words.CATEGORIES)
        return f"Strength of colour, as for {palette.line(ranked[0]).name}", tints
    if mode == "change":
        return "Likeliest gain by", (("Held", palette.NEUTRAL), *parties)
    return "Likeliest winner", parties
