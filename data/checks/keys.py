"""Check that tables fit together: every key is known, every seat has its place, nothing is known too early."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from data import schemas
from data.catalogue.datapackage import HAPPENED
from data.load import Evidence
from data.own.leading import RATED_FIRST
from data.own.overlay import OWN

MAPPED_FROM = date(2010, 1, 1)
"""From here on every seat fought has a hexagon."""
PARTS_TOLERANCE = 0.005
"""Largest difference from 1 of the parts of a seat that went into, or came from, the seats of another set."""
KNOWN_BEFORE = ("candidates",)
"""Tables whose rows are known before the day they are about: nominations close first."""
COUNTED = (
    *("elections", "national_results", "contests", "results", "candidate_votes"),
    *("by_elections", "by_election_results"),
)
"""Tables whose rows are known after polling day: votes are counted overnight."""
SEATS_OF_A_SET = ("covariates", "covariates_shared", "hexes", "boundaries", "notionals", "by_elections")
FOUGHT = ("contests", "results", "candidates", "candidate_votes")
LED = ("leader_ratings", "leader_events", "mp_events", "mp_margins", "election_margins")


def key_faults(evidence: Evidence) -> Iterator[str]:
    """Find rows that point to nothing, seats without a place, and rows known too early.

    Parameters
    ----------
    evidence : Evidence
        Tables to check.

    Yields
    ------
    str
        One sentence a fault.
    """
    yield from _parties(evidence)
    yield from _constituencies(evidence)
    yield from _parts(evidence)
    yield from _leaders_and_polls(evidence)
    yield from _places(evidence)
    yield from _too_early(evidence)


def _strays(table: str, rows: pl.DataFrame, known: pl.DataFrame, key: list[str]) -> Iterator[str]:
    for stray in rows.select(key).unique().join(known, on=key, how="anti").sort(key).iter_rows():
        yield f"Table {table}: {' '.join(map(str, stray))} is in no row of the table it points to."


def _parties(evidence: Evidence) -> Iterator[str]:
    known = evidence.parties.select("party")
    for name, schema in schemas.TABLES.items():
        table = getattr(evidence, name)
        for column in ("party", "winner", "held_by"):
            if column in schema.column_names():
                rows = table.select(party=column).drop_nulls()
                yield from _strays(name, rows, known, ["party"])


def _constituencies(evidence: Evidence) -> Iterator[str]:
    key = ["boundary_set", "constituency"]
    seats = evidence.constituencies.select(key)
    for name in SEATS_OF_A_SET:
        yield from _strays(name, getattr(evidence, name), seats, key)
    sets = evidence.elections.select("election_date", "boundary_set")
    for name in FOUGHT:
        rows = getattr(evidence, name).select("election_date", "constituency").unique()
        # Candidates of an election still to come: its boundaries are those of the last set known.
        named = rows.join(sets, on="election_date")
        yield from _strays(name, named, seats, key)


def _parts(evidence: Evidence) -> Iterator[str]:
    """Both seats of an overlap are known, and the parts of every seat of either set sum to 1."""
    key = ["boundary_set", "constituency"]
    seats = evidence.constituencies.select(key)
    for names, part in ((("old_set", "constituency_old"), "of_old"), (("new_set", "constituency"), "of_new")):
        parts = evidence.overlaps.select(*(pl.col(name).alias(as_) for name, as_ in zip(names, key, strict=True)), part)
        yield from _strays("overlaps", parts, seats, key)
        sums = seats.join(parts, on="boundary_set", how="semi").join(parts, on=key, how="left").group_by(key)
        wrong = sums.agg(pl.col(part).sum()).filter((pl.col(part) - 1).abs() > PARTS_TOLERANCE)
        for name, seat, total in wrong.sort(key).iter_rows():
            yield f"Constituency {seat} of {name}: the parts in table overlaps ({part}) sum to {total:.3f}, not 1."


def _leaders_and_polls(evidence: Evidence) -> Iterator[str]:
    leader = ["party", "leader"]
    early = pl.DataFrame(sorted(RATED_FIRST), schema=leader, orient="row")
    leaders = pl.concat([evidence.leader_tenure.select(leader), early]).unique()
    for name in LED:
        yield from _strays(name, getattr(evidence, name), leaders, leader)
    as_poll = ["poll_id", "known_on"]
    yield from _strays("poll_shares", evidence.poll_shares, evidence.polls.select(as_poll), as_poll)
    candidate = ["election_date", "constituency", "candidate"]
    yield from _strays("candidate_votes", evidence.candidate_votes, evidence.candidates.select(candidate), candidate)
    seat = ["date", "constituency"]
    yield from _strays("by_election_results", evidence.by_election_results, evidence.by_elections.select(seat), seat)
    houses = evidence.pollsters.select("pollster").unique()
    for name in ("polls", "leader_ratings"):
        rows = getattr(evidence, name).filter(~pl.col("source").str.starts_with(OWN))
        yield from _strays(name, rows.drop_nulls("pollster"), houses, ["pollster"])  # own rows may name a new house
    rules = evidence.selection_rules.select("rule")
    yield from _strays("selection_sections", evidence.selection_sections, rules, ["rule"])


def _places(evidence: Evidence) -> Iterator[str]:
    """Every seat fought since 2010 has a hexagon, and a result before it: in its own set, or recast on it."""
    fought = evidence.contests.join(evidence.elections.select("election_date", "boundary_set"), on="election_date")
    recent = fought.filter(pl.col("election_date") >= MAPPED_FROM)
    key = ["boundary_set", "constituency"]
    for name, seat in recent.select(key).unique().join(evidence.hexes, on=key, how="anti").select(key).iter_rows():
        yield f"Constituency {seat} of {name} has no hexagon."
    first = recent.group_by(key).agg(pl.col("election_date").min())
    recast = evidence.notionals.select(key).unique()
    for name, seat, day in first.join(recast, on=key, how="anti").select(*key, "election_date").iter_rows():
        yield f"Constituency {seat} of {name} has no result before {day}, neither its own nor a notional one."


def without_base(evidence: Evidence) -> pl.DataFrame:
    """Count seats that no earlier result is held for: before 2010 the first election of each boundary set.

    Parameters
    ----------
    evidence : Evidence
        Tables.

    Returns
    -------
    pl.DataFrame
        ``election_date``, ``seats`` fought and ``no_base``: neither fought before under the same identifier nor recast.
    """
    sets = evidence.elections.select("election_date", "boundary_set")
    fought = evidence.contests.select("election_date", "constituency").join(sets, on="election_date")
    first = pl.col("election_date").min().over("constituency") == pl.col("election_date")
    recast = evidence.notionals.select("boundary_set", "constituency").unique().with_columns(recast=True)
    table = fought.with_columns(first=first).join(recast, on=["boundary_set", "constituency"], how="left")
    bare = (pl.col("first") & pl.col("recast").is_null()).sum()
    return table.group_by("election_date").agg(seats=pl.len(), no_base=bare).sort("election_date")


def _too_early(evidence: Evidence) -> Iterator[str]:
    for name, schema in schemas.TABLES.items():
        day = next((column for column in HAPPENED if column in schema.column_names()), None)
        if day is None or name in KNOWN_BEFORE:
            continue
        first = pl.col(day).dt.offset_by("1d" if name in COUNTED else "0d")
        for row in getattr(evidence, name).filter(pl.col("known_on") < first).head(3).iter_rows(named=True):
            yield f"Table {name}: the row of {row[day]} counts as known on {row['known_on']}, too early."
