"""Small tables for the charts, read off a ``Forecast``: what to draw, in which order, under which label."""

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models import partners
from models.count import working_majority_line
from models.forecast import Forecast
from views import palette, words

N_DOTS = 50
NI_AND_SPEAKER = frozenset({"dup", "sf", "sdlp", "uup", "apni", "tuv", "spk"})


def contenders(forecast: Forecast) -> list[str]:
    """Lines worth a row: parties of Great Britain that win a seat in at least 1 of 20 draws, largest median first."""
    table = forecast.seat_summary().filter(~pl.col("party").is_in(list(NI_AND_SPEAKER)) & (pl.col("hi90") >= 1))
    return [str(p) for p in table.sort("median", "mean", descending=True)["party"]]


def main_parties(forecast: Forecast) -> list[str]:
    """Parties whose voting intention is drawn: mean share of 3 per cent or more, largest first, without others."""
    table = forecast.vote_summary().filter((pl.col("mean") >= 0.03) & (pl.col("party") != "oth"))
    return [str(p) for p in table.sort("mean", descending=True)["party"]]


def draws_of(forecast: Forecast, line: str) -> NDArray[np.int64]:
    """Seats of one line in each draw."""
    return np.asarray(forecast.seats[:, forecast.lines.index(line)])


def axis_end(forecast: Forecast) -> int:
    """Right end of an axis of seats: beyond the majority and beyond 99 of 100 draws of the largest line."""
    highest = np.quantile(forecast.seats, 0.99, axis=0).max()
    return 50 * math.ceil(max(forecast.majority + 20, float(highest)) / 50)


def quantile_dots(
    forecast: Forecast, lines: list[str], *, bin_width: float, accessible: bool, n_dots: int = N_DOTS
) -> pl.DataFrame:
    """Place the dots of a quantile dotplot.

    Each dot stands for one of ``n_dots`` equally likely slices of the draws; dots that fall into one bin are stacked.

    Parameters
    ----------
    forecast : Forecast
        What to draw.
    lines : list of str
        Lines, one row each.
    bin_width : float
        Width of a bin in seats.
    accessible : bool
        Whether to use the accessible colours.
    n_dots : int
        Dots a line.

    Returns
    -------
    pl.DataFrame
        ``short, fill, rank, row, seats, bin, level, step``: ``row`` is the label of the row (median and 90 % range on
        its second line), ``bin`` the centre of the bin, ``level`` the place in the stack from 0 and ``step`` the
        distance of two dots of a stack in diameters (below 1 where the row's tallest stack would not fit).
    """
    probabilities = (np.arange(n_dots) + 0.5) / n_dots
    parts = []
    for rank, code in enumerate(lines):
        draws = draws_of(forecast, code)
        dots = np.quantile(draws, probabilities)
        bins = np.floor(dots / bin_width).astype(int)
        level = np.concatenate([np.arange(n) for n in np.unique(bins, return_counts=True)[1]])
        parts.append(
            pl.DataFrame(
                {
                    "short": palette.line(code).short,
                    "fill": palette.colour(code, accessible),
                    "rank": rank,
                    "row": row_label(forecast, code),
                    "seats": np.round(dots).astype(int),
                    "bin": (bins + 0.5) * bin_width,
                    "level": level,
                    "step": min(1.0, 3.8 / max(level.max(), 1)),
                }
            )
        )
    return pl.concat(parts)


def row_label(forecast: Forecast, code: str) -> str:
    """Label of a line with its median and 90 % range of seats, in two lines parted by ``|``."""
    lo, median, hi = np.quantile(draws_of(forecast, code), [0.05, 0.5, 0.95])
    return f"{palette.line(code).short}|{median:.0f} ({lo:.0f} to {hi:.0f})"


def outcomes(forecast: Forecast) -> pl.DataFrame:
    """Chances of each majority and of a hung parliament.

    Parameters
    ----------
    forecast : Forecast
        What to read.

    Returns
    -------
    pl.DataFrame
        ``code, label, p, percent``, majorities by falling chance, then ``hung``; ``p`` sums to 1, ``percent`` to 100.
    """
    ranked = sorted(forecast.p_majority().items(), key=lambda item: -item[1])
    codes = [code for code, _ in ranked] + ["hung"]
    chances = [p for _, p in ranked] + [forecast.p_hung()]
    labels = [f"{palette.line(code).name} majority" for code, _ in ranked] + ["Hung parliament"]
    return pl.DataFrame({"code": codes, "label": labels, "p": chances, "percent": words.percentages(chances)})


def outcome_segments(tables: dict[str, pl.DataFrame], *, accessible: bool) -> pl.DataFrame:
    """Lay out outcomes as bars of 100.

    Parameters
    ----------
    tables : dict
        Label of each bar to its ``outcomes``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``bar, rank, label, percent, start, end, middle, fill, ink, text``, one row a segment; outcomes keep the order
        of the first bar, so that the eye can compare.
    """
    rows: list[dict[str, object]] = []
    first = next(iter(tables.values()))["code"].to_list()
    place = {code: i for i, code in enumerate(first[:-1])} | {"hung": len(palette.LINES)}
    for rank, (bar, table) in enumerate(tables.items()):
        end = 0
        outcomes_in_order = sorted(
            table.select("code", "label", "percent").iter_rows(),
            key=lambda row: place.get(row[0], len(palette.LINES) - 1),
        )
        for code, label, percent in outcomes_in_order:
            start, end = end, end + percent
            hung = code == "hung"
            fill = palette.NEUTRAL if hung else palette.colour(code, accessible)
            text = f"{'Hung' if hung else palette.line(code).letters}|{percent}"
            row = {"bar": bar, "rank": rank, "label": label, "percent": percent, "start": start, "end": end}
            rows.append({**row, "middle": (start + end) / 2, "fill": fill, "ink": palette.ink_on(fill), "text": text})
    return pl.DataFrame(rows)


def card_rows(shares: pl.DataFrame, *, accessible: bool) -> pl.DataFrame:
    """Rows of a seat's card.

    Parameters
    ----------
    shares : pl.DataFrame
        As ``models.seat_holders.seat_lines`` gives it.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        With ``short, fill, rank, row``; ``row`` has the chance on its second line.
    """
    looks = [palette.line(code) for code in shares["party"]]
    return shares.with_row_index("rank").with_columns(
        short=pl.Series([look.short for look in looks], dtype=pl.String),
        fill=pl.Series([palette.colour(code, accessible) for code in shares["party"]], dtype=pl.String),
        row=pl.Series(
            [f"{look.short}|{words.frequency(p)}" for look, p in zip(looks, shares["p_win"], strict=True)],
            dtype=pl.String,
        ),
    )


def working_majority(forecast: Forecast) -> int:
    """Seats that outvote all others who vote, at the median number of Sinn Féin members."""
    absent = int(np.median(draws_of(forecast, "sf"))) if "sf" in forecast.lines else 0
    return working_majority_line(forecast.n_seats, absent)


def partnerships(forecast: Forecast, *, at_most: int = 6) -> pl.DataFrame:
    """Chances that two parties together have a majority that neither has alone.

    Parameters
    ----------
    forecast : Forecast
        What to read.
    at_most : int
        Rows to return.

    Returns
    -------
    pl.DataFrame
        ``parties, p``: names of the two and the chance, largest first. Arithmetic, not a claim that they would agree.
    """
    pairs = partners.partnerships(forecast, contenders(forecast)[:6]).filter(pl.col("p") >= 0.01).head(at_most)
    named = [f"{palette.line(one).name} and {palette.line(other).name}" for one, other, _ in pairs.rows()]
    return pl.DataFrame({"parties": pl.Series(named, dtype=pl.String), "p": pairs["p"]})


def names(column: str, *, short: bool = False) -> pl.Expr:
    """Give the names of the party codes in a column.

    Parameters
    ----------
    column : str
        The column, whose name is kept.
    short : bool
        Whether short names are wanted.

    Returns
    -------
    pl.Expr
        Names as of the page's year; they are looked up here, as polars' own threads do not know it.
    """
    looks = {code: palette.line(code) for code in palette.LINES}
    known = {code: look.short if short else look.name for code, look in looks.items()}
    return pl.col(column).replace_strict(known, default=pl.col(column).str.to_uppercase(), return_dtype=pl.String)


def summary(forecast: Forecast) -> pl.DataFrame:
    """Votes, seats and chances of every line, largest median first: the table beside the charts and the download."""
    largest, majority = forecast.p_largest(), forecast.p_majority()
    votes = forecast.vote_summary().rename({c: f"votes_{c}" for c in ("mean", "median", "lo90", "hi90")})
    seats = forecast.seat_summary().rename({c: f"seats_{c}" for c in ("mean", "median", "lo90", "hi90")})
    return (
        seats.join(votes, on="party", how="left")
        .with_columns(
            name=names("party"),
            p_largest=pl.col("party").replace_strict(largest, default=0.0, return_dtype=pl.Float64),
            p_majority=pl.col("party").replace_strict(majority, default=0.0, return_dtype=pl.Float64),
        )
        .sort("seats_median", "seats_mean", "votes_mean", descending=True, nulls_last=True)
    )


def csv(table: pl.DataFrame) -> bytes:
    """Table as CSV, with text cells that a spreadsheet would run as a formula made plain by a leading apostrophe."""
    text = pl.selectors.string()
    risky = text.str.contains(r"^[=+\-@\t\r]")
    return table.with_columns(pl.when(risky).then("'" + text).otherwise(text).name.keep()).write_csv().encode()
