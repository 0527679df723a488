"""Seats as hexagons: where each lies; how seats are coloured on any map, and what the legend says."""

from functools import cache

import polars as pl

from models.standing_in import SPEAKER
from views import palette, words

MODES = {
    "winner": "Winner",
    "chance": "Chance",
    "change": "Change",
    "category": "Category",
    "swing": "Swing to flip",
    "uniform": "Beside uniform swing",
}
"""Ways to colour the map, with the label of each."""

STRENGTH = {"safe": 1.0, "likely": 0.72, "lean": 0.46, "toss-up": 0.2}
"""How much of the party's colour is left in the paler kinds of seat."""

BANDS = ((0.95, "95 or more"), (0.8, "80 to 95"), (0.65, "65 to 80"), (0.5, "50 to 65"), (0.0, "under 50"))
"""Bands of the chance of the likeliest winner, in 100, from certain to open."""

SWINGS = ((0.1, "10 or more"), (0.06, "6 to 10"), (0.03, "3 to 6"), (0.01, "1 to 3"), (0.0, "under 1"))
"""Bands of the swing that flips a seat, in points, from out of reach to a hair's breadth."""

UNCONTESTED = "nothing to forecast"

ROW = 0.75**0.5
"""Distance of two rows when two columns are 1 apart (regular hexagons standing on a corner)."""

NEEDED = ("winner", "was", "p_winner", "ahead", "challenger", "swing", "uniform")
"""Columns of a seat from which its colour follows."""

Entries = tuple[tuple[str, str], ...]
Look = tuple[str, str, float, str, str | None, float, str]


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
    """Choose fill, ink and letters of every seat.

    Parameters
    ----------
    placed : pl.DataFrame
        As ``models.seat_map.seats_to_map`` gives it, with ``x`` and ``y``, and others for a kind of map.
    mode : str
        A key of ``MODES``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, x, y, fill, ink, letters, outlook``, and ``room, path`` where they are there. The letters
        are those of the likeliest winner, on the map of swings of the party ahead; ``outlook`` says in words what the
        colour says.
    """
    rows = placed.select(NEEDED).rows()
    fill = [_fill(row, mode, accessible) for row in rows]
    told = [_outlook(row, mode) for row in rows]
    leaders = placed["ahead" if mode == "swing" else "winner"]
    return placed.select(
        "constituency",
        "name",
        "x",
        "y",
        pl.selectors.by_name("room", "path", require_all=False),
        fill=pl.Series(fill, dtype=pl.String),
        ink=pl.Series([_ink(f) for f in fill], dtype=pl.String),
        letters=pl.Series([palette.line(code).letters for code in leaders], dtype=pl.String),
        outlook=pl.Series(told, dtype=pl.String),
    )


def paint_winners(placed: pl.DataFrame, *, accessible: bool) -> pl.DataFrame:
    """Choose fill, ink and letters of seats of which the winner alone is known.

    Parameters
    ----------
    placed : pl.DataFrame
        ``constituency, name, x, y, winner``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        As ``paint`` gives it; ``outlook`` is the winner's name.
    """
    fill = [palette.colour(code, accessible) for code in placed["winner"]]
    return placed.select(
        "constituency",
        "name",
        "x",
        "y",
        fill=pl.Series(fill, dtype=pl.String),
        ink=pl.Series([_ink(f) for f in fill], dtype=pl.String),
        letters=pl.Series([palette.line(code).letters for code in placed["winner"]], dtype=pl.String),
        outlook=pl.Series([palette.line(code).name for code in placed["winner"]], dtype=pl.String),
    )


@cache
def _ink(fill: str) -> str:
    return palette.ink_on(fill)


@cache
def _tint(code: str, kind: str, accessible: bool) -> str:
    return palette.mix(palette.colour(code, accessible), STRENGTH[kind])


def _band(value: float, bands: tuple[tuple[float, str], ...]) -> str:
    """Colour of a value, the darker the further it is from open."""
    return palette.CERTAINTY[-1 - next(i for i, (floor, _) in enumerate(bands) if value >= floor)]


def _fill(row: Look, mode: str, accessible: bool) -> str:
    winner, was, p, _, challenger, swing, uniform = row
    if mode == "chance":
        return _band(p, BANDS)
    if mode == "swing":
        return _band(swing, SWINGS) if challenger and winner != SPEAKER else palette.NEUTRAL
    if (mode == "change" and winner == was) or (mode == "uniform" and winner == uniform):
        return palette.NEUTRAL
    if mode == "uniform":
        return palette.colour(uniform, accessible)
    if mode == "category":
        return _tint(winner, words.category(p), accessible)
    return palette.colour(winner, accessible)


def _outlook(row: Look, mode: str) -> str:
    winner, was, p, ahead, challenger, swing, uniform = row
    if mode == "swing":
        if not challenger or winner == SPEAKER:
            return UNCONTESTED
        return f"{100 * swing:.1f} points from {palette.line(ahead).name} to {palette.line(challenger).name}"
    told = f"{palette.line(winner).name}, {words.frequency(p)}"
    if mode == "uniform" and winner != uniform:
        return f"{told}; by uniform swing {palette.line(uniform).name}"
    return f"{told}, instead of {palette.line(was).name}" if mode == "change" and winner != was else told


def legend(seats: pl.DataFrame, *, mode: str, accessible: bool, scenario: bool = False) -> tuple[str, Entries]:
    """Title of the legend, and its entries with their colours.

    Parameters
    ----------
    seats : pl.DataFrame
        As for ``paint``.
    mode : str
        A key of ``MODES``.
    accessible : bool
        Whether to use the accessible colours.
    scenario : bool
        Whether changes are those that a scenario makes.

    Returns
    -------
    tuple
        Title and pairs of name and colour; parties by falling number of seats.
    """
    other = {"change": "was", "uniform": "uniform"}.get(mode)
    counted = seats.filter(pl.col("winner") != pl.col(other)) if other else seats
    drawn = counted["uniform" if mode == "uniform" else "winner"].alias("line")
    ranked = drawn.value_counts().sort("count", "line", descending=[True, False])["line"].to_list()
    parties = tuple((palette.line(code).short, palette.colour(code, accessible)) for code in ranked)
    if mode == "chance":
        return "Chance of the likeliest, in 100", _steps(BANDS)
    if mode == "swing":
        idle = seats.filter((pl.col("winner") == SPEAKER) | pl.col("challenger").is_null())
        rest = () if idle.is_empty() else ((UNCONTESTED, palette.NEUTRAL),)
        return "Swing that flips the seat, in points", (*_steps(SWINGS), *rest)
    if mode == "category":
        tints = tuple((kind, _tint(ranked[0], kind, accessible)) for kind in words.CATEGORIES)
        return f"Strength of colour, as for {palette.line(ranked[0]).name}", tints
    if mode == "change":
        title = "Changed by the scenario to" if scenario else "Likeliest gain by"
        return title, (("No change", palette.NEUTRAL), *parties)
    if mode == "uniform":
        return "Uniform swing would give it to", (("As ours", palette.NEUTRAL), *parties)
    return "Likeliest winner", parties


def _steps(bands: tuple[tuple[float, str], ...]) -> Entries:
    return tuple(zip((name for _, name in bands), reversed(palette.CERTAINTY), strict=True))
