"""Small tables of past leadership contests, read off ``reports/``: replays, rules beside them, how they scored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from views import palette, words
from views.names_leadership import in_hundred, rule_title

METHODS = {"p_winner": "This model", "p_poll": "The last poll's leader", "p_mps": "MPs' favourite", "p_even": "A lot"}
PICKS = {"p_winner": "favourite", "p_poll": "poll_leader", "p_mps": "mps_leader"}


def title(row: dict[str, Any]) -> str:
    """A contest by party, year and winner: ``Labour 2016, won by Jeremy Corbyn``."""
    return f"{palette.line_in(row['party'], row['eve'].year).short} {row['eve'].year}, won by {row['winner']}"


def newest_first(contests: pl.DataFrame, party: str | None = None) -> pl.DataFrame:
    """Contests of a party, or of all, the newest first."""
    shown = contests if party is None or contests.is_empty() else contests.filter(pl.col("party") == party)
    if shown.is_empty():
        return shown
    return shown.sort("eve", "contest_id", descending=True)


def replays_table(contests: pl.DataFrame) -> pl.DataFrame:
    """All replays, to read, newest first."""
    rows = [
        {
            "Eve": row["eve"],
            "Party": palette.line_in(row["party"], row["eve"].year).short,
            "Rule": rule_title(row["rule"]),
            "Won": row["winner"],
            "Our favourite": row["favourite"],
            "Who won had, in 100": in_hundred(row["p_winner"]),
            "Led the last poll": row["poll_leader"] or "no poll",
            "MPs' favourite": row["mps_leader"] or "not known",
            "Share": words.share(row["share"]),
            "Ours less that": words.signed(100 * (row["share_mean"] - row["share"])),
            "In our range": "yes" if row["share_lo90"] <= row["share"] <= row["share_hi90"] else "no",
            "Members less MPs": _points(row["divergence_seen"]),
        }
        for row in newest_first(contests).iter_rows(named=True)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _points(value: float | None) -> str:
    return "–" if value is None else words.signed(100 * value)


def rules_table(rules: pl.DataFrame) -> pl.DataFrame:
    """Whom each rule would have chosen and the seats, to read: newest contest first, the rule in force first."""
    ordered = rules.sort("eve", "contest_id", "in_force", descending=True, maintain_order=True)
    rows = [
        {
            "Eve": row["eve"],
            "Contest": title(row | {"winner": row["happened"]}),
            "Rule": rule_title(row["rule"]) + (" (in force)" if row["in_force"] else ""),
            "Likeliest winner": row["winner"],
            "Wins in 100": in_hundred(row["p_winner"]),
            "Car crash in 100": in_hundred(row["car_crash"]),
            "MPs behind the winner": "–" if row["support"] is None else words.share(row["support"]),
            "Seats (90% range)": _ranged(row, "seats", "lo90", "hi90"),
            "Price in seats (90% range)": _priced(row),
        }
        for row in ordered.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _ranged(row: dict[str, Any], middle: str, lo: str, hi: str) -> str:
    return "–" if row[middle] is None else f"{row[middle]:.0f} ({words.seat_range(row[lo], row[hi])})"


def _priced(row: dict[str, Any]) -> str:
    if row["price"] is None or row["in_force"]:
        return "–"
    return f"{words.signed(row['price'])} ({words.signed(row['price_lo90'])} to {words.signed(row['price_hi90'])})"


def divergences(contests: pl.DataFrame, *, accessible: bool) -> pl.DataFrame:
    """How far members parted from MPs in each contest in which both voted.

    Parameters
    ----------
    contests : pl.DataFrame
        ``reports/contests.csv``.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``row, rank, name, party, points, letters, fill, ink``, newest first: members' margin of the winner over the
        main rival less that among MPs.
    """
    rows = []
    seen = newest_first(contests).filter(pl.col("divergence_seen").is_not_null())
    for rank, row in enumerate(seen.iter_rows(named=True)):
        look, fill = palette.line_in(row["party"], row["eve"].year), palette.colour(row["party"], accessible)
        rows.append(
            {
                "row": f"{row['eve'].year} {row['winner']}",
                "rank": rank,
                "name": title(row),
                "party": look.name,
                "points": 100 * row["divergence_seen"],
                "letters": palette.line(row["party"]).letters,
                "fill": fill,
                "ink": palette.ink_on(fill),
            }
        )
    return pl.DataFrame(rows)


@dataclass(frozen=True, kw_only=True)
class Score:
    """How a method did: its ``right`` favourites of ``named``, and the geometric mean chance it gave to who won."""

    method: str
    right: int | None
    named: int
    chance: float


def scores(contests: pl.DataFrame, methods: Sequence[str] = tuple(METHODS)) -> list[Score]:
    """How this model and rules of thumb did over some contests.

    Parameters
    ----------
    contests : pl.DataFrame
        Rows of ``reports/contests.csv``.
    methods : sequence of str
        Columns of chances, of ``METHODS``.

    Returns
    -------
    list of Score
        A score a method; a lot has no favourites.
    """
    found = []
    for column in methods:
        pick = PICKS.get(column)
        named = contests if pick is None else contests.filter(pl.col(pick).is_not_null())
        right = None if pick is None else named.filter(pl.col(pick) == pl.col("winner")).height
        chance = float(np.exp(np.log(contests[column].to_numpy()).mean())) if contests.height else float("nan")
        found.append(Score(method=METHODS[column], right=right, named=named.height, chance=chance))
    return found


def scores_table(contests: pl.DataFrame) -> pl.DataFrame:
    """Those scores to read: over all contests, and over those before which members were polled."""
    rows = []
    for name, part in (("All", contests), ("With a poll of members", polled(contests))):
        rows += [
            {
                "Contests": f"{name} ({part.height})",
                "Method": score.method,
                "Favourite won": "–" if score.right is None else f"{score.right} of {score.named}",
                "Chance given to who won, in 100": in_hundred(score.chance) if part.height else "–",
            }
            for score in scores(part)
        ]
    return pl.DataFrame(rows)


def polled(contests: pl.DataFrame) -> pl.DataFrame:
    """Contests before which members were polled."""
    return contests.filter(pl.col("poll_leader").is_not_null())


@dataclass(frozen=True, kw_only=True)
class OtherWinners:
    """Past contests, those with another likely winner under another rule, and the row with the largest price."""

    contests: int
    other: int
    largest: dict[str, Any] | None


def other_winners(rules: pl.DataFrame) -> OtherWinners:
    """Count past contests in which another rule would likely have chosen somebody else.

    Parameters
    ----------
    rules : pl.DataFrame
        ``reports/contest_rules.csv``.

    Returns
    -------
    OtherWinners
        The counts.
    """
    winners = rules.group_by("contest_id").agg(pl.col("winner").n_unique())
    priced = rules.filter(~pl.col("in_force"), pl.col("price").is_not_null()).sort(pl.col("price").abs())
    return OtherWinners(
        contests=winners.height,
        other=winners.filter(pl.col("winner") > 1).height,
        largest=priced.row(-1, named=True) if priced.height else None,
    )
