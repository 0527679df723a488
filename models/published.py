"""What others forecast: national totals of seats, for elections held and for the one to come."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from data import Evidence
from models.store import stored_forecasts

NEAR = timedelta(days=14)
"""How far our evidence may end from the day a forecast of others was out and still be of the same time."""
MRP, EXIT_POLL = "MRP", "exit poll"


def is_mrp(kind: str) -> bool:
    """Whether a kind of method, as its maker names it, is a multilevel regression with poststratification."""
    return MRP in kind.upper().replace("+", " ").split()


def published_for(evidence: Evidence, held: date) -> pl.DataFrame:
    """Forecasts of others for one election.

    Parameters
    ----------
    evidence : Evidence
        Tables.
    held : date
        Polling day.

    Returns
    -------
    pl.DataFrame
        ``forecaster, kind, known_on, verified, source``, then a column of seats for each party named, in the order of
        ``con, lab, lib, snp`` and others: null where a forecaster does not name it. MRPs come first, exit polls last.
    """
    rows = evidence.published_forecasts.filter(pl.col("election_date") == held)
    return _wide(rows)


def published_ahead(evidence: Evidence) -> pl.DataFrame:
    """Forecasts of others for the election to come, as ``published_for`` gives them; no rows if none is held."""
    last = evidence.elections["election_date"].max()
    return _wide(evidence.published_forecasts.filter(pl.col("election_date") > last))


def _wide(rows: pl.DataFrame) -> pl.DataFrame:
    keys = ["forecaster", "kind", "known_on", "verified", "source"]
    usual = ["con", "lab", "lib", "snp"]
    named = rows["party"].unique().sort().to_list()
    order = [code for code in usual if code in named] + [code for code in named if code not in usual]
    if rows.is_empty():
        return rows.select(keys)
    whole = rows.select(*keys, "party", "seats").pivot("party", index=keys, values="seats")
    kind = pl.col("kind").map_elements(is_mrp, return_dtype=pl.Boolean)
    rank = pl.when(kind).then(0).when(pl.col("kind") == EXIT_POLL).then(2).otherwise(1)
    return whole.select(*keys, *order).sort(rank, "known_on", "forecaster", descending=[False, True, False])


def elections_forecast(evidence: Evidence) -> list[date]:
    """Polling days of elections held that others forecast, last first."""
    last = evidence.elections["election_date"].max()
    days = evidence.published_forecasts.filter(pl.col("election_date") <= last)["election_date"].unique()
    return [day for day in days.sort(descending=True).to_list() if isinstance(day, date)]


def stored_near(day: date, previous: date) -> Path | None:
    """Find our own stored forecast of the same time.

    Parameters
    ----------
    day : date
        When a forecast of others was out.
    previous : date
        Polling day of the last election held: forecasts of any later day are of the coming one.

    Returns
    -------
    Path or None
        The folder of the one whose evidence ends nearest, not more than ``NEAR`` away; None where there is none.
    """
    found = []
    for folder in stored_forecasts():
        as_of, _, polling = folder.name.partition("_")
        try:
            ends, held = date.fromisoformat(as_of), date.fromisoformat(polling)
        except ValueError:  # a folder of another name was put there by hand
            continue
        if held > previous and abs(ends - day) <= NEAR:
            found.append((abs(ends - day), folder.name, folder))
    return min(found)[2] if found else None
