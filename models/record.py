"""The record of past elections as the models read it: dates, shares of the Great Britain vote, who governed."""

from datetime import date

import polars as pl

from data import Evidence
from data.errors import BadInput

NEXT_ELECTION = date(2029, 5, 3)
"""Usual first Thursday of May in the last year the present Parliament can run to; the user can choose another day."""
TERMS_BEFORE_1955 = 1
"""Conservative election wins in a row before the record begins (1951)."""


def past_elections(evidence: Evidence) -> list[date]:
    """General elections held and known in the evidence, oldest first."""
    return evidence.elections["election_date"].sort().to_list()


def previous_election(evidence: Evidence, day: date) -> date:
    """Last general election held before ``day``.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut or not.
    day : date
        A day after the first election in the data.

    Returns
    -------
    date
        Polling day of that election.

    Raises
    ------
    BadInput
        If the data hold no election before ``day``.
    """
    before = [held for held in past_elections(evidence) if held < day]
    if not before:
        raise BadInput(f"No general election before {day} is in the data; the first is {past_elections(evidence)[0]}.")
    return before[-1]


def next_election(evidence: Evidence, day: date) -> date:
    """First general election on or after ``day``, or the expected one where none is in the uncut data."""
    after = [held for held in past_elections(evidence) if held >= day]
    return after[0] if after else NEXT_ELECTION


def gb_shares(evidence: Evidence, election: date) -> dict[str, float]:
    """Shares of the vote in Great Britain at one election, by party code.

    Parameters
    ----------
    evidence : Evidence
        Tables in which the election's results are known.
    election : date
        Polling day.

    Returns
    -------
    dict
        Party code to share, 0 to 1; sums to 1. The Speaker counts in ``oth``.
    """
    boundary = evidence.elections.filter(pl.col("election_date") == election)["boundary_set"].item()
    nation = evidence.constituencies.filter(pl.col("boundary_set") == boundary).select(
        "constituency", pl.col("nation").cast(pl.String)
    )
    votes = (
        evidence.results.filter(pl.col("election_date") == election)
        .join(nation, on="constituency", how="left")
        .filter(pl.col("nation") != "Northern Ireland")
        .with_columns(pl.col("party").replace({"spk": "oth"}))
        .group_by("party")
        .agg(pl.col("votes").sum())
        .sort("party")
    )
    total = votes["votes"].sum()
    return {party: count / total for party, count in votes.iter_rows()}


def governments(evidence: Evidence) -> dict[date, tuple[str, int]]:
    """Who governed after each election: the larger of the two main parties and its wins in a row.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut or not.

    Returns
    -------
    dict
        Polling day to ``(party, terms)``; ``terms`` counts the elections won in a row up to that day.
    """
    won = (
        evidence.contests.filter(pl.col("winner").is_in(["con", "lab"]))
        .group_by("election_date", "winner")
        .len()
        .sort("election_date", "len")
        .group_by("election_date", maintain_order=True)
        .last()
        .sort("election_date")
    )
    table: dict[date, tuple[str, int]] = {}
    party, terms = "con", TERMS_BEFORE_1955
    for held, winner in won.select("election_date", "winner").iter_rows():
        terms = terms + 1 if winner == party else 1
        party = winner
        table[held] = (party, terms)
    return table
