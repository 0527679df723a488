"""MPs' votes on their leader, compiled into ``mp_contests``, ``mp_margins`` and ``election_margins``.

They come from a raw file. Whom MPs backed in public before members voted is compiled by hand (``data/byhand``).
"""

from datetime import date
from pathlib import Path

import polars as pl

from data.compile.common import TRUE, by_hand, read_text_csv, with_hand
from data.compile.leaders import tenures
from data.compile.library import ELECTIONS
from data.compile.ratings import PARTIES
from data.errors import BadInput

NO_CONFIDENCE = "no confidence"
"""Candidate of the votes against in a confidence vote; the votes for stand under the leader's own name."""
NOT_PRINTED = "count is the published share"
"""Note of a row whose votes were computed from a share (Labour 1994): nobody was seen to print them."""
LONGEST_CONTEST_DAYS = 120
"""Most days from the last vote of MPs to the day its winner, or the members' choice, took over (Sunak 2022: 96)."""
FIRST_ELECTION = date(1964, 10, 15)
"""The first general election with a leader whom a ballot of MPs had chosen under rules (Wilson)."""
ALWAYS = ("con", "lab")
"""Parties with a row at each election, with a margin or without; others have rows where a margin exists."""


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables on MPs' support.

    Parameters
    ----------
    raw : Path
        Folder of raw files, with ``mps/`` and ``leaders/``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``mp_contests``, ``mp_margins`` and ``election_margins``, sorted by primary key.

    Raises
    ------
    BadInput
        If a file is missing or holds something other than expected, or a vote is held twice.
    """
    try:
        contests = _contests(raw)
        tenure = tenures(raw)
        chosen = margins(contests, tenure)
        days = [day for day, _ in ELECTIONS.values() if day >= FIRST_ELECTION]
        fought = election_margins(chosen, tenure, days)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"A raw file in mps/ is not as data/SOURCES.md describes it: {reason} Fetch it again."
        ) from error
    # Backing a colleague in public is no vote: margins are of the raw file's alone.
    backed = with_hand("mp_contests", contests, _backing())
    return {"mp_contests": backed, "mp_margins": chosen, "election_margins": fought}


def _contests(raw: Path) -> pl.DataFrame:
    frame = read_text_csv(raw, "mps/mp_support_contests.csv")
    name = pl.col("candidate").str.replace(": confidence$", "").str.replace("^.*: no confidence$", NO_CONFIDENCE)
    day = pl.col("date").str.to_date()
    return frame.select(
        "contest_id",
        date=day,
        party=pl.col("party").replace_strict(PARTIES),
        kind="kind",
        round=pl.col("round").cast(pl.Int64),
        candidate=name,
        mp_votes=pl.col("mp_votes").cast(pl.Int64),
        party_mps=pl.col("party_mps_total").cast(pl.Int64),
        verified=~pl.col("source").str.contains("unverified") & ~pl.col("note").fill_null("").str.contains(NOT_PRINTED),
        source="source",
        known_on=day,
    ).sort("contest_id", "date", "kind", "round", "candidate")


def _backing() -> pl.DataFrame:
    """Read by hand how many MPs backed each candidate in public, as nominations."""
    try:
        return by_hand("mp_contests").with_columns(
            pl.col("date").str.to_date(),
            pl.col("mp_votes", "party_mps").cast(pl.Int64),
            kind=pl.lit("mp_nominations"),
            round=pl.lit(1, pl.Int64),
            verified=pl.col("verified") == TRUE,
            known_on=pl.col("date").str.to_date(),
        )
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"data/byhand/mp_contests.csv cannot be read: {str(error).splitlines()[0]} Dates are written 2026-05-31, "
            "numbers of MPs whole. Correct the file."
        ) from error


def margins(contests: pl.DataFrame, tenure: pl.DataFrame) -> pl.DataFrame:
    """Murr's margin of each leader, at the contest that chose her.

    The contest is the last vote of MPs (ballot, nominations or their section of the electoral college) in which she
    stood before taking over; its last round counts, and the rival is the best placed of the others there. MPs entitled
    are the party's, or those who voted where Labour's section held members of the European Parliament too (1994, 2010).

    Parameters
    ----------
    contests : pl.DataFrame
        ``mp_contests``.
    tenure : pl.DataFrame
        ``party``, ``leader``, ``start``.

    Returns
    -------
    pl.DataFrame
        ``mp_margins``: one row a leader, without those whom no vote of MPs chose (Howard, Liberal Democrats, ...).
    """
    day = ["contest_id", "date", "kind", "round"]
    rounds = contests.filter(pl.col("kind") != "confidence_vote").with_columns(voted=pl.col("mp_votes").sum().over(day))
    rounds = rounds.with_columns(voted=pl.col("voted").max().over("contest_id", "kind"))
    led = rounds.join(
        tenure.select("party", "leader", "start"), left_on=["party", "candidate"], right_on=["party", "leader"]
    )
    since = (pl.col("start") - pl.col("date")).dt.total_days()
    chosen = (
        led.filter(since.is_between(0, LONGEST_CONTEST_DAYS))
        .sort("date", "round")
        .unique(["party", "candidate", "start"], keep="last", maintain_order=True)
    )
    others = rounds.select(*day, rival="candidate", votes_rival="mp_votes", rival_verified="verified")
    best = (
        chosen.join(others, on=day)
        .filter(pl.col("rival") != pl.col("candidate"))
        .sort(["votes_rival", "rival"], descending=[True, False])
        .unique(["party", "candidate"], keep="first", maintain_order=True)
    )
    entitled = pl.max_horizontal("party_mps", "voted")
    return best.select(
        "party",
        "contest_id",
        "rival",
        "votes_rival",
        "source",
        leader="candidate",
        votes_leader="mp_votes",
        mps_entitled=entitled,
        margin=(pl.col("mp_votes") - pl.col("votes_rival")) / entitled,
        verified=pl.col("verified") & pl.col("rival_verified"),
        known_on="start",
    ).sort("party", "leader")


def on_days(tenure: pl.DataFrame, days: list[date]) -> pl.DataFrame:
    """Find the leaders in office on given days.

    Parameters
    ----------
    tenure : pl.DataFrame
        ``party``, ``leader``, ``start``, ``end`` (null while in office).
    days : list of date
        Days to look at, such as polling days.

    Returns
    -------
    pl.DataFrame
        ``day``, ``party``, ``leader``: one row a day and party that had a leader then.
    """
    every = pl.DataFrame({"day": days}, {"day": pl.Date}).join(tenure, how="cross")
    serving = pl.col("day").is_between("start", pl.col("end").fill_null(date.max))
    return every.filter(serving).select("day", "party", "leader")


def election_margins(margins: pl.DataFrame, tenure: pl.DataFrame, days: list[date]) -> pl.DataFrame:
    """Murr's margin of each leader who fought a general election.

    Parameters
    ----------
    margins : pl.DataFrame
        ``mp_margins``.
    tenure : pl.DataFrame
        ``party``, ``leader``, ``start``, ``end``.
    days : list of date
        Polling days.

    Returns
    -------
    pl.DataFrame
        ``election_margins``: Conservatives and Labour at each election (margin null where no vote of MPs chose the
        leader), other parties where there is a margin.
    """
    fought = on_days(tenure, days).join(
        margins.select("party", "leader", "margin", "verified"), on=["party", "leader"], how="left"
    )
    kept = fought.filter(pl.col("party").is_in(ALWAYS) | pl.col("margin").is_not_null())
    return kept.select(
        "party",
        "leader",
        "margin",
        election_date="day",
        verified=pl.col("verified").fill_null(True),
        known_on="day",
    ).sort("election_date", "party")
