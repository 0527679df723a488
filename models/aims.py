"""How far the track record is from what the project aims at, worst first."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import polars as pl

from models.track_summary import FULL

COUNTED_FROM = date(1979, 1, 1)
"""Aims are of the elections from here on."""
POLLED_SEATS_FROM = date(2010, 1, 1)
LAST = date(2024, 7, 4)
VOTES_AT_MOST = {1: 0.80, 30: 0.70, 90: 0.60, 180: 0.55, 365: 0.55}
"""Error of votes, in parts of that of the mean of the last polls, by days before polling day."""
CRPS_AT_MOST = 0.75
"""CRPS of seats, in parts of that of the poll mean with past errors and uniform swing."""
SEATS_AT_MOST = 12.0
"""Error in seats on the eve over Con, Lab, Lib and SNP, mean of the elections since 2010."""
CALLED_AT_LEAST = 573 / 631
"""Seats called on the eve of 2024: as many as YouGov's."""
BRIER_AT_MOST = 0.176
"""Brier score of seats' winners on the eve of 2024: that of the exit poll."""
COVERED = (0.85, 0.95)
"""Part of results inside 90 % ranges."""


class Aim(NamedTuple):
    """One aim and where the record stands: ``short`` is how many times too large or too small, 1 or less if reached."""

    aim: str
    lead_days: int | None
    figure: float
    least: float | None
    most: float | None
    short: float
    elections: int


def aims(table: pl.DataFrame) -> pl.DataFrame:
    """Set the full model beside every aim the record can tell of.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.

    Returns
    -------
    pl.DataFrame
        Columns of ``Aim``, furthest from its aim first. ``lead_days`` is null where all lead times count.
    """
    kinds: dict[str, type[pl.DataType]] = {"aim": pl.String, "lead_days": pl.Int64, "elections": pl.Int64}
    schema = {name: kinds.get(name, pl.Float64) for name in Aim._fields}
    found = pl.DataFrame(list(_aims(table)), schema=schema, orient="row")
    return found.sort("short", "aim", "lead_days", descending=[True, False, False])


def _aims(table: pl.DataFrame) -> Iterator[Aim]:
    whole = table.filter(pl.col("party") == "", pl.col("election_date") >= COUNTED_FROM)
    for lead, most in VOTES_AT_MOST.items():
        rows = whole.filter(lead_days=lead, metric="vote_mae")
        yield from _beside("error of votes to that of the poll mean", lead, rows, "poll_mean_uniform", most)
    rows = whole.filter(metric="seat_crps")
    yield from _beside("CRPS of seats to that of the poll mean", None, rows, "poll_mean_normal", CRPS_AT_MOST)
    own = whole.filter(variant=FULL)
    for what in ("votes", "seats", "constituency"):
        rows = own.filter(metric=f"{what}_cover90")
        yield from _reached(f"90 % ranges of {what}", None, rows, least=COVERED[0], most=COVERED[1])
    eve = own.filter(lead_days=1)
    recent = eve.filter(pl.col("election_date") >= POLLED_SEATS_FROM, metric="seat_mae")
    yield from _reached("error in seats since 2010", 1, recent, most=SEATS_AT_MOST)
    last = eve.filter(election_date=LAST)
    yield from _reached("seats called in 2024", 1, last.filter(metric="called"), least=CALLED_AT_LEAST)
    yield from _reached("Brier score of seats in 2024", 1, last.filter(metric="seat_brier"), most=BRIER_AT_MOST)


def _beside(aim: str, lead: int | None, rows: pl.DataFrame, other: str, most: float) -> Iterator[Aim]:
    """Ratio of summed scores over the elections and lead times that both have."""
    ours, theirs = (rows.filter(variant=name).drop("variant") for name in (FULL, other))
    both = ours.join(theirs, on=["election_date", "lead_days"], suffix="_other")
    if both.height:
        ratio = float(both["value"].to_numpy().sum() / both["value_other"].to_numpy().sum())
        yield Aim(aim, lead, ratio, None, most, ratio / most, both["election_date"].n_unique())


def _reached(
    aim: str, lead: int | None, rows: pl.DataFrame, *, least: float | None = None, most: float | None = None
) -> Iterator[Aim]:
    if rows.height:
        by_election = rows.group_by("election_date").agg(pl.col("value").mean())["value"].to_numpy()
        figure = float(by_election.mean())
        short = max(figure / most if most else 0.0, least / figure if least and figure else 0.0)
        yield Aim(aim, lead, figure, least, most, short, by_election.size)
