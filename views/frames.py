"""Small tables for the charts, read off a ``Forecast``: what to draw, in which order, under which label."""

import math
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.count import has_majority, working_majority_line
from models.forecast import Forecast
from views import palette, words

N_DOTS = 50
NI_AND_SPEAKER = frozenset({"dup", "sf", "sdlp", "uup", "apni", "tuv", "spk"})
MAX_POLL_DOTS = 1_200
"""Most poll marks in one chart: with more the page grows past 250 kB and the marks hide each other."""


def contenders(forecast: Forecast) -> list[str]:
    """Lines worth a row: parties of Great Britain that win a seat in at least 1 of 20 draws, largest mean first."""
    table = forecast.seat_summary().filter(~pl.col("party").is_in(list(NI_AND_SPEAKER)) & (pl.col("hi90") >= 1))
    return [str(p) for p in table.sort("mean", descending=True)["party"]]


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


def quantile_dots(forecast: Forecast, lines: list[str], *, bin_width: float, n_dots: int = N_DOTS) -> pl.DataFrame:
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
    n_dots : int
        Dots a line.

    Returns
    -------
    pl.DataFrame
        ``line, row, seats, bin, level, step``: ``row`` is the label of the row (median and 90 % range on its second
        line), ``bin`` the centre of the bin, ``level`` the place in the stack from 0 and ``step`` the distance between
        two dots of the row's stacks in diameters (below 1 where the tallest stack would not fit).
    """
    probabilities = (np.arange(n_dots) + 0.5) / n_dots
    parts = []
    for code in lines:
        draws = draws_of(forecast, code)
        dots = np.quantile(draws, probabilities)
        bins = np.floor(dots / bin_width).astype(int)
        level = np.concatenate([np.arange(n) for n in np.unique(bins, return_counts=True)[1]])
        parts.append(
            pl.DataFrame(
                {
                    "line": code,
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
    lines = contenders(forecast)[:6]
    alone = has_majority(forecast.seats)
    rows = []
    for one, other in combinations(lines, 2):
        i, j = forecast.lines.index(one), forecast.lines.index(other)
        together = forecast.seats[:, i] + forecast.seats[:, j] >= forecast.majority
        p = float((together & ~alone[:, i] & ~alone[:, j]).mean())
        rows.append({"parties": f"{palette.line(one).name} and {palette.line(other).name}", "p": p})
    table = pl.DataFrame(rows, schema={"parties": pl.String, "p": pl.Float64})
    return table.filter(pl.col("p") >= 0.01).sort("p", descending=True).head(at_most)


def intention(forecast: Forecast, parties: list[str]) -> pl.DataFrame:
    """Voting intention in steps of a week or more, for drawing: ``date, party, q05, q25, q50, q75, q95``."""
    path = forecast.intention().filter(pl.col("party").is_in(parties))
    days = path["date"].unique().sort()
    step = max(1, len(days) // 130)
    kept = days.gather_every(step).append(days.tail(1)).unique()
    return path.filter(pl.col("date").is_in(kept.implode()))


def poll_dots(forecast: Forecast, parties: list[str]) -> tuple[pl.DataFrame, int]:
    """Polls to draw beside the path.

    Parameters
    ----------
    forecast : Forecast
        What to read.
    parties : list of str
        Parties to keep.

    Returns
    -------
    tuple of (pl.DataFrame, int)
        ``end_date, pollster, party, share``, and ``n`` where only every ``n``-th poll was kept (1: all).
    """
    polls = forecast.polls().filter(pl.col("party").is_in(parties))
    keys = polls.select("end_date", "pollster").unique(maintain_order=True).with_row_index("poll")
    every = -(-polls.height // MAX_POLL_DOTS) if polls.height else 1
    kept = keys.filter(pl.col("poll") % max(every, 1) == 0)
    return polls.join(kept, on=["end_date", "pollster"]).drop("poll"), max(every, 1)


def polling_day(forecast: Forecast, parties: list[str]) -> pl.DataFrame:
    """Votes expected on polling day: ``party, q05, q25, q50, q75, q95``."""
    at = [forecast.parties.index(p) for p in parties]
    cuts = np.quantile(forecast.votes[:, at], [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    return pl.DataFrame({"party": parties, **dict(zip(("q05", "q25", "q50", "q75", "q95"), cuts, strict=True))})


def summary(forecast: Forecast) -> pl.DataFrame:
    """Votes, seats and chances of every line, largest first: the table beside the charts and the download."""
    largest, majority = forecast.p_largest(), forecast.p_majority()
    votes = forecast.vote_summary().rename({c: f"votes_{c}" for c in ("mean", "median", "lo90", "hi90")})
    seats = forecast.seat_summary().rename({c: f"seats_{c}" for c in ("mean", "median", "lo90", "hi90")})
    return (
        seats.join(votes, on="party", how="left")
        .with_columns(
            name=pl.col("party").map_elements(lambda code: palette.line(code).name, return_dtype=pl.String),
            p_largest=pl.col("party").replace_strict(largest, default=0.0, return_dtype=pl.Float64),
            p_majority=pl.col("party").replace_strict(majority, default=0.0, return_dtype=pl.Float64),
        )
        .sort("seats_mean", "votes_mean", descending=True, nulls_last=True)
    )


def mean_end(table: pl.DataFrame) -> int:
    """Right end of an axis of mean seats in a comparison: beyond the majority and both means."""
    highest: float = max([350.0, *table["seats_base"], *table["seats_other"]])
    return 50 * math.ceil(highest / 50)


def seat_changes(base: Forecast, other: Forecast) -> pl.DataFrame:
    """Seats whose chances differ between two forecasts of the same draws, the most changed first.

    Parameters
    ----------
    base, other : Forecast
        The forecast and the scenario.

    Returns
    -------
    pl.DataFrame
        ``name, region, winner_base, p_base, winner_other, p_other, moved``; ``moved`` is the part of the chances that
        went from some lines to others (total variation), 0 to 1, and at least 0.005.
    """
    moved = 0.5 * np.abs(other.p_win - base.p_win).sum(axis=1)
    before, after = base.constituencies(), other.constituencies()
    table = before.select(
        "name",
        "region",
        winner_base="winner",
        p_base="p_winner",
        winner_other=after["winner"],
        p_other=after["p_winner"],
    ).with_columns(moved=pl.Series(moved))
    return table.filter(pl.col("moved") >= 0.005).sort("moved", descending=True)


def csv(table: pl.DataFrame) -> bytes:
    """Table as CSV, with text cells that a spreadsheet would run as a formula made plain by a leading apostrophe."""
    text = pl.selectors.string()
    risky = text.str.contains(r"^[=+\-@\t\r]")
    return table.with_columns(pl.when(risky).then("'" + text).otherwise(text).name.keep()).write_csv().encode()
