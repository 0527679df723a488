"""The user's votes of MPs: a row a candidate in a round of a ballot, a nomination or a vote of confidence.

Columns: ``contest_id``, ``date``, ``party``, ``kind`` and ``candidate`` in every row; ``round`` (1 unless given),
``mp_votes`` and ``party_mps`` where known. The votes of a round never exceed the party's MPs.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from data.own import cells
from data.own.faults import Code, Fault, Faults, shown
from data.own.fields import Field, parse_rows
from data.own.polls import SYNONYMS
from data.own.reading import ROW
from data.schemas import CONTEST_KINDS

ROUND = ("contest_id", "date", "kind", "round")
KEY = (*ROUND, "candidate")
OTHER_NAMES = {"contest": "contest_id", "votes": "mp_votes", "mps": "party_mps"}
MOST_MPS = 700
PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore", "yp")


def tables(
    rows: pl.DataFrame, held: Mapping[str, pl.DataFrame], today: date, faults: Faults
) -> dict[str, pl.DataFrame]:
    """Turn rows of text into the table ``mp_contests``.

    Parameters
    ----------
    rows : pl.DataFrame
        What ``read_rows`` gave.
    held : mapping of str to pl.DataFrame
        Table ``mp_contests`` as it is.
    today : date
        Newest day allowed.
    faults : Faults
        Where faults are noted.

    Returns
    -------
    dict of str to pl.DataFrame
        The table without ``source``.

    Raises
    ------
    BadInput
        If anything in the file is wrong: every fault, one a line.
    """
    contests = held["mp_contests"]
    names = {name: code for code in PARTIES for name in (code, *SYNONYMS[code])}
    fields = [
        Field("contest_id", _contest, required=True),
        Field("date", cells.day(today), required=True),
        Field("party", cells.renamed(names, "a party"), required=True),
        Field("kind", cells.one_of(CONTEST_KINDS, "a kind of vote"), required=True),
        Field("round", cells.count(1, 20, Code.RANGE), default=1),
        Field("candidate", cells.name, required=True),
        Field("mp_votes", cells.count(0, MOST_MPS, Code.RANGE)),
        Field("party_mps", cells.count(1, MOST_MPS, Code.RANGE)),
    ]
    votes = parse_rows(rows, fields, faults, OTHER_NAMES)
    _check_repeats(votes, contests, faults)
    _check_votes([vote for vote in votes if vote[ROW] not in faults.rows], contests, faults)
    faults.stop()
    frame = pl.DataFrame(
        votes, infer_schema_length=None, schema_overrides={"mp_votes": pl.Int64, "party_mps": pl.Int64}
    )
    return {"mp_contests": frame.with_columns(verified=False, known_on=pl.col("date"))}


def _contest(text: str) -> str:
    plain = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", plain, re.ASCII):
        raise Fault(Code.CELL, f"{shown(text)} is not an identifier; write letters, digits and hyphens, as in lab2026.")
    return plain


def _check_repeats(votes: list[dict[str, Any]], contests: pl.DataFrame, faults: Faults) -> None:
    seen = dict.fromkeys(contests.select(KEY).iter_rows(), "held already")
    parties = dict(contests.select("contest_id", "party").iter_rows())
    for vote in votes:
        key = tuple(vote[name] for name in KEY)
        if key in seen:
            faults.note(Fault(Code.REPEAT, f"this candidate in this round is {seen[key]}. Remove the row."), vote[ROW])
        seen[key] = f"in row {vote[ROW]}"
        party = parties.setdefault(vote["contest_id"], vote["party"])
        if party != vote["party"]:
            text = f"contest {vote['contest_id']} is of party {party}, not {vote['party']}. Choose another contest_id."
            faults.note(Fault(Code.CONTRADICTION, text), vote[ROW])


def _check_votes(votes: list[dict[str, Any]], contests: pl.DataFrame, faults: Faults) -> None:
    """A round's votes, those held already among them, against the fewest MPs that any of its rows names."""
    total: dict[tuple[Any, ...], int] = {}
    mps: dict[tuple[Any, ...], int] = {}
    for vote in [*contests.iter_rows(named=True), *votes]:
        key = tuple(vote[name] for name in ROUND)
        total[key] = total.get(key, 0) + (vote["mp_votes"] or 0)
        mps[key] = min(mps.get(key, MOST_MPS), vote["party_mps"] or MOST_MPS)
        if ROW in vote and total[key] > mps[key]:
            text = f"with this row the round has {total[key]} votes of {mps[key]} MPs. Correct mp_votes or party_mps."
            faults.note(Fault(Code.CONTRADICTION, text), vote[ROW])
