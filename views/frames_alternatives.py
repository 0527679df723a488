"""Tables of who else might lead a party: rows of the chart of seats, and the same as a table to read."""

import math
from datetime import date
from typing import Any

import polars as pl

from models.leader_alternatives import IN_OFFICE, RATED
from models.leader_history import CUTS
from views import palette, words


def label(group: pl.DataFrame) -> str:
    """Label of a row in two lines parted by ``|``: the name, and how it is known or who shares its answer."""
    first, others = group.row(0, named=True), group.height - 1
    if first["basis"] == IN_OFFICE:
        return f"{first['leader']}|in office"
    if first["basis"] == RATED:
        return f"{first['leader']}|last asked in {first['last_rating']:%Y}"
    if not others:
        return f"{first['leader']}|"
    return f"{first['leader']}|or {group['leader'][1] if others == 1 else f'{others} others, below'}"


def alternative_rows(found: pl.DataFrame, party: str, *, accessible: bool) -> pl.DataFrame:
    """Rows of the chart of seats, one for all whom nothing tells apart.

    Parameters
    ----------
    found : pl.DataFrame
        As ``models.leader_alternatives.summary`` gives it.
    party : str
        Party code.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``rank, row, name, seats, fill`` and the ends of bands.
    """
    labels = [label(group) for group in found.partition_by("group", maintain_order=True)]
    first = found.unique("group", keep="first", maintain_order=True)
    return first.with_row_index("rank").select(
        "rank",
        "seats",
        *CUTS,
        row=pl.Series(labels, dtype=pl.String),
        name="leader",
        fill=pl.lit(palette.colour(party, accessible)),
    )


def axis_end(rows: pl.DataFrame, usual: int) -> int:
    """Right end of the axis in seats: the usual one, or a shorter one where no leader's range comes near to it."""
    highest = float(rows["hi95"].max())  # type: ignore[arg-type]
    return min(usual, 25 * math.ceil(max(1.1 * highest, 5.0) / 25))


def alternatives_table(found: pl.DataFrame, polling_day: date) -> pl.DataFrame:
    """Alternatives as a table to read.

    Parameters
    ----------
    found : pl.DataFrame
        As ``models.leader_alternatives.summary`` gives it.
    polling_day : date
        Polling day.

    Returns
    -------
    pl.DataFrame
        One row a leader.
    """
    lasts = f"Leads on {words.day(polling_day)}"
    return pl.DataFrame([_readable(row, lasts) for row in found.iter_rows(named=True)], infer_schema_length=None)


def _readable(row: dict[str, Any], lasts: str) -> dict[str, str]:
    in_office = row["basis"] == IN_OFFICE
    asked = f"{row['n_ratings']:,}, last in {row['last_rating']:%B %Y}" if row["last_rating"] else "nobody asked voters"
    return {
        "Leader": row["leader"],
        "Seats (90% range)": f"{row['seats']:.0f} ({words.seat_range(row['seats_lo90'], row['seats_hi90'])})",
        "Change (90% range)": "" if in_office else change_of(row),
        "Better than now": "" if in_office else words.chance(row["p_better"]),
        lasts: "not known" if row["p_lasts"] is None else words.chance(row["p_lasts"]),
        "Favourability": f"{words.signed(row['favourability'])} ± {row['favourability_sd']:.0f}",
        "Ratings": asked,
        "Named for": "in office" if in_office else row["named_for"],
    }


def change_of(row: dict[str, Any]) -> str:
    """Change in seats draw by draw: ``+22 (−39 to +136)``."""
    lo, middle, hi = (words.signed(row[f"change{end}"]) for end in ("_lo90", "", "_hi90"))
    return f"{middle} ({lo} to {hi})"
