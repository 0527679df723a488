"""Small tables of what would be likely if something had been observed."""

import polars as pl

from models.compare_many import majorities_of_two
from models.forecast import Forecast
from views import frames, palette
from views.frames_compare import hundred

PAIRED = 6
"""Lines of which pairs are looked at: beyond them none has seats to govern with."""
LEAST = 0.01


def governing(forecast: Forecast, seen: Forecast, names: list[str]) -> pl.DataFrame:
    """Chances of majorities, of one party or of two together, as forecast and if observed.

    Parameters
    ----------
    forecast, seen : Forecast
        The two.
    names : list of str
        Headings of their columns.

    Returns
    -------
    pl.DataFrame
        ``Who`` and the two, as text, likeliest if observed first; what neither has in 1 of 100 is left out.
    """
    lines = list(dict.fromkeys(frames.contenders(seen)[:PAIRED] + frames.contenders(forecast)[:PAIRED]))
    both = []
    for one in (forecast, seen):
        alone = {f"{palette.line(code).name} alone": p for code, p in one.p_majority().items()}
        pairs = majorities_of_two(one, lines)
        two = {f"{palette.line(i).name} and {palette.line(j).name}": p for (i, j), p in pairs.items()}
        both.append(alone | two)
    before, after = both
    rows = [(who, before.get(who, 0.0), after.get(who, 0.0)) for who in dict.fromkeys([*after, *before])]
    kept = sorted((row for row in rows if max(row[1:]) >= LEAST), key=lambda row: (-row[2], -row[1]))
    columns = ("Who", *names)
    cells = [dict(zip(columns, (who, hundred(was), hundred(now)), strict=True)) for who, was, now in kept]
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))


def winners(forecast: Forecast, place: int) -> list[str]:
    """Lines that win a seat in any simulation, likeliest first.

    Parameters
    ----------
    forecast : Forecast
        What to read.
    place : int
        Place of the seat in the forecast.

    Returns
    -------
    list of str
        Codes.
    """
    chances = zip(forecast.lines, forecast.p_win[place], strict=True)
    return [line for line, p in sorted(chances, key=lambda pair: -pair[1]) if p > 0]
