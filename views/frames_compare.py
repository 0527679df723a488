"""Small tables for scenarios side by side, and how the scenarios are told apart: by letter and shape."""

import math
import textwrap

import polars as pl

from models.compare_many import Comparison
from models.forecast import Forecast
from views import frames, palette, words

LETTERS = "ABCD"
MARKS = "●■◆▲"
"""Shapes of ``views.charts_compare``, as text."""
LABEL, CUT = 19, 16
"""Characters of a name beside a bar, and of one that is cut."""


def short(name: str) -> str:
    """Name as it fits beside a bar."""
    if len(name) <= LABEL:
        return name
    cut = textwrap.shorten(name, CUT, placeholder="…")
    return cut if len(cut) > 1 else f"{name[: CUT - 1]}…"


def parties(answers: list[Forecast]) -> list[str]:
    """Lines worth a row in any of the answers, in the order of the first."""
    return list(dict.fromkeys(code for answer in answers for code in frames.contenders(answer)))


def _looks(table: pl.DataFrame, lines: list[str], names: list[str], accessible: bool) -> pl.DataFrame:
    """Rows of the lines shown, with what a chart draws them by."""
    rows = table.filter(pl.col("party").is_in(lines))
    fills = [palette.colour(code, accessible) for code in rows["party"]]
    shorts = [palette.line(code).short for code in rows["party"]]
    return rows.select(
        "mean",
        "lo90",
        "hi90",
        rank=pl.Series([lines.index(code) for code in rows["party"]]),
        row=pl.Series(shorts, dtype=pl.String),
        short=pl.Series(shorts, dtype=pl.String),
        letter=pl.Series([LETTERS[i] for i in rows["scenario"]], dtype=pl.String),
        scenario=pl.Series([f"{LETTERS[i]} {names[i]}" for i in rows["scenario"]], dtype=pl.String),
        fill=pl.Series(fills, dtype=pl.String),
        ink=pl.Series([palette.ink_on(fill) for fill in fills], dtype=pl.String),
    )


def seat_rows(seats: pl.DataFrame, lines: list[str], names: list[str], *, accessible: bool) -> pl.DataFrame:
    """Rows of the chart of seats.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``models.compare_many.seats_beside`` gives it.
    lines : list of str
        Lines to show.
    names : list of str
        Names of the scenarios.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``mean, lo90, hi90, rank, row, short, letter, scenario, fill, ink``.
    """
    return _looks(seats, lines, names, accessible)


def difference_rows(found: Comparison, lines: list[str], names: list[str], *, accessible: bool) -> pl.DataFrame:
    """Rows of the chart of differences; columns and other arguments are as those of ``seat_rows``."""
    return _looks(found.differences, lines, names, accessible)


def seat_ends(rows: pl.DataFrame, majority: int) -> tuple[int, int]:
    """Ends of the axis of seats: from nought to beyond the majority and all ranges."""
    return 0, 50 * math.ceil(max(majority + 20, *rows["hi90"]) / 50)


def difference_ends(rows: pl.DataFrame) -> tuple[int, int]:
    """Ends of the axis of differences: tens beyond all ranges, with nought inside."""
    return 10 * math.floor(min(-5, *rows["lo90"]) / 10), 10 * math.ceil(max(5, *rows["hi90"]) / 10)


def seat_table(seats: pl.DataFrame, lines: list[str], count: int) -> pl.DataFrame:
    """Seats and votes of each line in each scenario, as text: a column a letter."""
    rows: dict[str, dict[str, str]] = {code: {"Party": palette.line(code).name} for code in lines}
    for i, party, votes, mean, lo, hi in seats.rows():
        if party in rows:
            share = "" if votes is None else f", {words.share(votes)}"
            rows[party][LETTERS[i]] = f"{mean:.0f} ({words.seat_range(lo, hi)}){share}"
    return pl.DataFrame(list(rows.values()), schema=["Party", *LETTERS[:count]])


def difference_table(found: Comparison, lines: list[str]) -> pl.DataFrame:
    """Differences to the first, as text: a row for each scenario and line."""
    wanted = found.differences.filter(pl.col("party").is_in(lines)).rows(named=True)
    rows = [
        {
            "Scenario": LETTERS[row["scenario"]],
            "Party": palette.line(row["party"]).name,
            "Seats more or fewer": words.signed(row["mean"]),
            "Half within": f"{words.signed(row['lo50'])} to {words.signed(row['hi50'])}",
            "90% range": f"{words.signed(row['lo90'])} to {words.signed(row['hi90'])}",
            "More in": hundred(row["p_more"]),
            "Fewer in": hundred(row["p_fewer"]),
        }
        for row in sorted(wanted, key=lambda row: (row["scenario"], lines.index(row["party"])))
    ]
    return pl.DataFrame(rows)


def hundred(p: float) -> str:
    """Part of the simulations in hundreds, where only none is 0 and only all is 100: ``84 of 100``."""
    if 0 < p < 0.005:
        return "fewer than 1 of 100"
    if 0.995 < p < 1:
        return "more than 99 of 100"
    return f"{int(100 * p + 0.5)} of 100"


def move_table(moves: pl.DataFrame, count: int, *, at_most: int) -> pl.DataFrame:
    """Seats that change most, as text: the likeliest winner in each scenario, with its chance in 100."""
    rows = [
        {"Seat": row["name"]}
        | {LETTERS[i]: f"{palette.line(row[f'winner_{i}']).short} {100 * row[f'p_{i}']:.0f}" for i in range(count)}
        for row in moves.filter(pl.col("moved") >= 0.005).head(at_most).iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=["Seat", *LETTERS[:count]], orient="row")


def seats_csv(found: Comparison, names: list[str]) -> bytes:
    """Seats of every line in every scenario, with the differences to the first, as CSV."""
    differences = found.differences.rename(
        {name: f"difference_{name}" for name in ("mean", "lo90", "lo50", "hi50", "hi90")}
    )
    table = found.seats.join(differences, on=["scenario", "party"], how="left", maintain_order="left")
    same = pl.Series("p_same_outcome", [([1.0, *found.same])[i] for i in table["scenario"]])
    label = pl.Series("name", [names[i] for i in table["scenario"]], dtype=pl.String)
    letter = pl.Series("scenario", [LETTERS[i] for i in table["scenario"]], dtype=pl.String)
    return frames.csv(table.select(letter, label, pl.exclude("scenario"), same))


def moves_csv(found: Comparison, count: int) -> bytes:
    """Every constituency in every scenario, as CSV with the scenarios' letters."""
    names = {f"{field}_{i}": f"{field}_{LETTERS[i]}" for i in range(count) for field in ("winner", "p")}
    return frames.csv(found.moves.rename(names))
