"""Small tables of what made a forecast: steps from the last result to it, shares of its uncertainty, worth of links."""

from typing import Any

import polars as pl

from models.explain import CHANGES, SOURCES, STEPS, TOGETHER
from models.explain_text import SOURCE_NAMES, STEP_NAMES, verdict
from models.forecast import Forecast
from views import frames, palette, words

FORECAST = "forecast"
LEVELS = (STEPS[0], FORECAST)
"""Rows that say where the party stands; those between say what a step adds."""
UP, DOWN = palette.SERIES[2], palette.SERIES[1]
LINK_LABELS = {"favourability": "Leader ten points better liked", "support": "A tenth more of the MPs"}
SOURCE_COLOURS = {
    "polls": palette.SERIES[0],
    "habits": palette.mix(palette.SERIES[0], 0.4),
    "leaders": palette.SERIES[1],
    "mps": palette.mix(palette.SERIES[1], 0.45),
    "movement": palette.mix(palette.SERIES[3], 0.6),
    "poll_error": palette.SERIES[4],
    "seats": palette.SERIES[2],
    TOGETHER: "#FFFFFF",
}
"""Kin in one hue: polls and what follows from them, leaders and their MPs."""
SOURCE_LABELS = {
    "polls": "Today's polls",
    "habits": "Habits of return",
    "leaders": "Leaders",
    "mps": "MPs",
    "movement": "Movement to come",
    "poll_error": "The polls' error",
    "seats": "Votes to seats",
    TOGETHER: "Several together",
}
"""Sources in a legend, short enough for two columns on a phone."""
_ENDS = {"mean": "", "lo90": "_lo90", "hi90": "_hi90"}


def capital(text: str) -> str:
    """Text with its first letter a capital; the others stay, as in ``MPs``."""
    return text[:1].upper() + text[1:]


def parties(forecast: Forecast) -> list[str]:
    """Parties to choose from: all with a vote of their own in Great Britain but others, largest mean share first."""
    table = forecast.vote_summary().filter(pl.col("party") != "oth")
    return [str(p) for p in table.sort("mean", descending=True)["party"]]


def steps(forecast: Forecast, moved: pl.DataFrame, party: str, what: str) -> pl.DataFrame:
    """Way from the last result to the forecast of one party.

    Parameters
    ----------
    forecast : Forecast
        What is explained.
    moved : pl.DataFrame
        As ``models.explain.contributions`` gives it.
    party : str
        Party code.
    what : str
        ``votes`` or ``seats``.

    Returns
    -------
    pl.DataFrame
        ``step, name, mean, lo90, hi90, verdict``, in points of the vote or in seats: what the last result alone leads
        to expect, what each step adds, and the forecast.
    """
    scale = 100.0 if what == "votes" else 1.0
    summary = forecast.vote_summary() if what == "votes" else forecast.seat_summary()
    taken = moved.filter(pl.col("party") == party).select("step", **{n: pl.col(f"{what}{e}") for n, e in _ENDS.items()})
    last = summary.filter(pl.col("party") == party).select(pl.lit(FORECAST).alias("step"), *_ENDS)
    rows = pl.concat([taken, last])
    verdicts = [
        "" if row["step"] in LEVELS else verdict(what, row["mean"], row["lo90"], row["hi90"])
        for row in rows.iter_rows(named=True)
    ]
    names = [STEP_NAMES.get(step, "the forecast") for step in rows["step"]]
    return rows.select("step", pl.Series("name", names), pl.col(*_ENDS) * scale, pl.Series("verdict", verdicts))


def waterfall(rows: pl.DataFrame, party: str, what: str, *, accessible: bool) -> pl.DataFrame:
    """Lay out the steps as floating bars.

    Parameters
    ----------
    rows : pl.DataFrame
        As ``steps`` gives it.
    party : str
        Party code, for the colour of levels.
    what : str
        ``votes`` or ``seats``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``name, rank, row, told, start, end, lo90, hi90, kind, fill``: a bar from ``start`` to ``end`` and the ends of
        the 90 % interval of where it ends; ``row`` has the number on its second line, ``told`` number and interval.
    """
    laid, at = [], 0.0
    for rank, row in enumerate(rows.iter_rows(named=True)):
        level = row["step"] in LEVELS
        start = 0.0 if level else at
        at = start + row["mean"]
        number = number_of(row["mean"], what, level=level)
        laid.append(
            {
                "name": capital(row["name"]),
                "rank": rank,
                "row": f"{capital(row['name'])}|{'adds nothing' if row['verdict'] == 'nothing' else number}",
                "told": f"{number} ({range_of(row, what)})",
                "start": at if level else start,
                "end": at,
                "lo90": start + row["lo90"],
                "hi90": start + row["hi90"],
                "kind": "level" if level else "step",
                "fill": palette.colour(party, accessible) if level else UP if row["mean"] >= 0 else DOWN,
            }
        )
    return pl.DataFrame(laid)


def number_of(value: float, what: str, *, level: bool) -> str:
    """A level or a move in points or seats: ``33.9%``, ``−2.1``, ``311``, ``+14``."""
    if what == "votes":
        return f"{value:.1f}%" if level else words.signed(value, 1)
    return f"{value:.0f}" if level else words.signed(value)


def range_of(row: dict[str, Any], what: str) -> str:
    """The 90 % range of a row of ``steps``, written like its mean."""
    level = row["step"] in LEVELS
    if level and what == "votes":
        return words.share_range(row["lo90"] / 100, row["hi90"] / 100)
    return " to ".join(number_of(row[end], what, level=level) for end in ("lo90", "hi90"))


def steps_table(votes: pl.DataFrame, seats: pl.DataFrame) -> pl.DataFrame:
    """Steps in points and in seats, as a table to read.

    Parameters
    ----------
    votes, seats : pl.DataFrame
        As ``steps`` gives them.

    Returns
    -------
    pl.DataFrame
        ``Evidence, Votes, 90% of votes, Seats, 90% of seats``, all text.
    """
    shown = []
    for vote, seat in zip(votes.iter_rows(named=True), seats.iter_rows(named=True), strict=True):
        level = vote["step"] in LEVELS
        row = {"Evidence": capital(vote["name"])}
        for what, of in (("votes", vote), ("seats", seat)):
            row |= {what.title(): number_of(of["mean"], what, level=level), f"90% of {what}": range_of(of, what)}
        shown.append(row)
    return pl.DataFrame(shown)


def owners(budget: pl.DataFrame, party: str, what: str) -> dict[str, int]:
    """Sources of a party's uncertainty and what they own in 100, largest first; none where nothing is uncertain."""
    rows = budget.filter((pl.col("party") == party) & pl.col(what).is_not_null())
    parts = dict(zip(rows["source"], words.percentages(rows[what].to_list()), strict=True))
    return dict(sorted(parts.items(), key=lambda item: -item[1]))


def budget_lines(forecast: Forecast, chosen: str) -> list[str]:
    """Parties whose uncertainty is shared out: the chosen one first, then the other main ones, largest first."""
    return [chosen, *(p for p in frames.main_parties(forecast) if p != chosen)]


def budget_segments(budget: pl.DataFrame, lines: list[str], what: str) -> pl.DataFrame:
    """Lay out what each source owns as bars of 100, one a party.

    Parameters
    ----------
    budget : pl.DataFrame
        As ``models.explain.variance_budget`` gives it.
    lines : list of str
        Party codes, one bar each; a party without uncertainty has none.
    what : str
        ``votes`` or ``seats``.

    Returns
    -------
    pl.DataFrame
        ``bar, rank, source, name, percent, start, end, middle, ink, text``, sources in one order in all bars.
    """
    laid = []
    for rank, party in enumerate(lines):
        owned, end = owners(budget, party, what), 0
        for source in (*SOURCES, "seats", TOGETHER):
            percent = owned.get(source, 0)
            if percent:
                start, end = end, end + percent
                laid.append(
                    {
                        "bar": palette.line(party).short,
                        "rank": rank,
                        "source": SOURCE_LABELS[source],
                        "name": capital(SOURCE_NAMES[source]),
                        "percent": percent,
                        "start": start,
                        "end": end,
                        "middle": (start + end) / 2,
                        "ink": palette.ink_on(SOURCE_COLOURS[source]),
                        "text": str(percent),
                    }
                )
    return pl.DataFrame(laid)


def budget_looks(what: str) -> tuple[tuple[str, str], ...]:
    """Label and colour of each source, in the order of the legend; votes do not depend on how they fall over seats."""
    shown = (source for source in SOURCE_COLOURS if what == "seats" or source != "seats")
    return tuple((SOURCE_LABELS[source], SOURCE_COLOURS[source]) for source in shown)


def budget_table(budget: pl.DataFrame, lines: list[str]) -> pl.DataFrame:
    """What each source owns in 100, votes and seats, as a table to read: a row a party and kind."""
    shown = []
    for party in lines:
        for what in ("votes", "seats"):
            owned = owners(budget, party, what)
            row: dict[str, object] = {"Party": palette.line(party).name, "Of": what.title()}
            shown.append(row | {capital(name): owned.get(source) for source, name in SOURCE_NAMES.items()})
    return pl.DataFrame(shown, infer_schema_length=None)


def worth_lines(worth: pl.DataFrame) -> pl.DataFrame:
    """What links are worth by days after the change.

    Parameters
    ----------
    worth : pl.DataFrame
        As ``models.explain.link_worth`` gives it.

    Returns
    -------
    pl.DataFrame
        ``link, days, mean, lo90, hi90, p_positive`` with labels for links, each from day 0, when nothing has changed.
    """
    start = pl.DataFrame(
        {"link": list(CHANGES), "days": 0, "mean": 0.0, "lo90": 0.0, "hi90": 0.0, "p_positive": None},
        schema=worth.schema,
    )
    rows = pl.concat([start, worth.filter(pl.col("days") > 0)]).unique(["link", "days"], keep="first")
    return rows.sort(pl.col("link").cast(pl.Enum(list(CHANGES))), "days").with_columns(
        pl.col("link").replace_strict(LINK_LABELS, return_dtype=pl.String)
    )
