"""Raw file of MPs' ballots, nominations and confidence votes, compiled into ``mp_contests`` and ``mp_margins``."""

from pathlib import Path

import polars as pl

from data.compile.common import read_text_csv
from data.compile.leaders import tenures
from data.compile.ratings import PARTIES
from data.errors import BadInput

NO_CONFIDENCE = "no confidence"
"""Candidate of the votes against in a confidence vote; the votes for stand under the leader's own name."""
LONGEST_CONTEST_DAYS = 120
"""Most days from the last vote of MPs to the day its winner, or the members' choice, took over (Sunak 2022: 96)."""


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables on MPs' support.

    Parameters
    ----------
    raw : Path
        Folder of raw files, with ``mps/`` and ``leaders/``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``mp_contests`` and ``mp_margins``, sorted by primary key.

    Raises
    ------
    BadInput
        If a file is missing or holds something other than expected.
    """
    try:
        contests = _contests(raw)
        return {"mp_contests": contests, "mp_margins": margins(contests, tenures(raw))}
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"A raw file in mps/ is not as data/SOURCES.md describes it: {reason} Fetch it again."
        ) from error


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
        verified=~pl.col("source").str.contains("unverified"),
        source="source",
        known_on=day,
    ).sort("contest_id", "date", "kind", "round", "candidate")


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
