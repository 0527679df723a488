"""What befell leaders, and what their MPs did, compiled into ``leader_events`` and ``mp_events``.

Both are compiled by hand (``data/byhand``), but for the general elections that leaders fought. An event is known on its
day, unless the file gives a later one: votes counted overnight, letters announced the next morning.
"""

from pathlib import Path

import polars as pl

from data.compile.common import TRUE, by_hand
from data.compile.leaders import tenures
from data.compile.library import ELECTIONS
from data.compile.mps import on_days
from data.errors import BadInput

CHECKED = ("con", "lab", "lib")
"""Parties whose leaders' starts were compared with a second list."""


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables of events.

    Parameters
    ----------
    raw : Path
        Folder of raw files, with ``leaders/``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``leader_events`` and ``mp_events``.

    Raises
    ------
    BadInput
        If a file is missing, cannot be read, or names somebody who did not lead the party on the day.
    """
    tenure = tenures(raw)
    try:
        hand = {name: _dated(by_hand(name)) for name in ("leader_events", "mp_events")}
        mps = hand["mp_events"].with_columns(pl.col("mps", "party_mps").cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"data/byhand/leader_events.csv or mp_events.csv cannot be read: {reason} Dates are written 2026-05-31, "
            "numbers of MPs whole. Correct the file."
        ) from error
    for name, frame in hand.items():
        _in_office(frame, tenure, f"data/byhand/{name}.csv")
    fought = general_elections(tenure).select(hand["leader_events"].columns)
    return {"leader_events": pl.concat([hand["leader_events"], fought]), "mp_events": mps}


def _dated(frame: pl.DataFrame) -> pl.DataFrame:
    """Read the days of events; one that is not public the same day names a later day as ``known_on``."""
    day, later = pl.col("date").str.to_date(), pl.col("known_on").str.to_date()
    return frame.with_columns(date=day, verified=pl.col("verified") == TRUE, known_on=later.fill_null(day))


def _in_office(frame: pl.DataFrame, tenure: pl.DataFrame, name: str) -> None:
    """Refuse an event of somebody who did not lead the party that day."""
    serving = on_days(tenure, frame["date"].unique().to_list()).rename({"day": "date"})
    lost = frame.join(serving, on=["date", "party", "leader"], how="anti")
    if lost.height:
        leader, party, day = lost.select("leader", "party", "date").row(0)
        raise BadInput(
            f"{name}: {leader!r} did not lead {party} on {day}, by leader_tenure. Correct the name, party or date."
        )


def general_elections(tenure: pl.DataFrame) -> pl.DataFrame:
    """List the general elections that leaders fought.

    Parameters
    ----------
    tenure : pl.DataFrame
        ``party``, ``leader``, ``start``, ``end`` (null while in office).

    Returns
    -------
    pl.DataFrame
        Rows of ``leader_events`` of kind ``general_election``.
    """
    names = {day: name for name, (day, _) in ELECTIONS.items()}
    name = pl.col("day").replace_strict(names, return_dtype=pl.String)
    return on_days(tenure, list(names)).select(
        "party",
        "leader",
        date="day",
        kind=pl.lit("general_election"),
        event=pl.format("general election of {}", name),
        verified=pl.col("party").is_in(CHECKED),
        source=pl.lit("tables elections and leader_tenure"),
        known_on="day",
    )
