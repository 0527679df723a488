"""The user's votes of MPs: a row a candidate in a round of a ballot, a nomination or a vote of confidence.

Columns: ``contest_id``, ``date``, ``party``, ``kind``, ``candidate`` and ``party_mps`` in every row; ``round`` (1
unless given) and ``mp_votes`` where known. No round has more votes than any row of its contest has MPs, so that a model
divides by ``party_mps``; and no round has votes of 0 alone. A vote of confidence is on the leader of that day, with the
votes against under ``no confidence``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

import polars as pl

from data.own import cells
from data.own.faults import Code, Fault, Faults, shown
from data.own.fields import Field, parse_rows
from data.own.leading import Spell, leading, spells
from data.own.polls import SYNONYMS
from data.own.reading import ROW
from data.own.repeats import KEYS
from data.schemas import CONTEST_KINDS

ROUND = ("contest_id", "date", "kind", "round")
OTHER_NAMES = {"contest": "contest_id", "votes": "mp_votes", "mps": "party_mps"}
MOST_MPS = 700
PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore", "yp")
PARTY_NAMES = {name: code for code in PARTIES for name in (code, *SYNONYMS[code])}
"""Codes of parties that have MPs, by all names for them."""
AGAINST = "no confidence"
CLOSE = 0.85


def tables(
    rows: pl.DataFrame, held: Mapping[str, pl.DataFrame], today: date, faults: Faults
) -> dict[str, pl.DataFrame]:
    """Turn rows of text into the table ``mp_contests``.

    Parameters
    ----------
    rows : pl.DataFrame
        What ``read_rows`` gave.
    held : mapping of str to pl.DataFrame
        Tables ``mp_contests`` and ``leader_tenure`` as they are.
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
    fields = [
        Field("contest_id", _contest, required=True),
        Field("date", cells.day(today), required=True),
        Field("party", cells.renamed(PARTY_NAMES, "a party"), required=True),
        Field("kind", cells.one_of(CONTEST_KINDS, "a kind of vote"), required=True),
        Field("round", cells.count(1, 20, Code.RANGE), default=1),
        Field("candidate", cells.name, required=True),
        Field("mp_votes", cells.count(0, MOST_MPS, Code.RANGE)),
        Field("party_mps", cells.count(1, MOST_MPS, Code.RANGE), required=True),
    ]
    votes = parse_rows(rows, fields, faults, OTHER_NAMES)
    held_spells = spells(held["leader_tenure"])
    _check_names(votes, contests, held_spells, faults)
    _check_repeats(votes, contests, faults)
    sound = [vote for vote in votes if vote[ROW] not in faults.rows]
    _check_votes(sound, contests, faults)
    _check_confidence(sound, contests, held_spells, faults)
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


def _check_names(votes: list[dict[str, Any]], contests: pl.DataFrame, held: Sequence[Spell], faults: Faults) -> None:
    """Write names held as they are held; refuse one that is nearly that of a leader of the party."""
    known = {name.lower(): name for name in [*contests["candidate"], *(spell.leader for spell in held), AGAINST]}
    for vote in votes:
        name = vote["candidate"] = known.get(vote["candidate"].lower(), vote["candidate"])
        led = {spell.leader.lower(): spell.leader for spell in held if spell.party == vote["party"]}
        close = get_close_matches(name.lower(), [*led, AGAINST], n=1, cutoff=CLOSE)
        if close and name.lower() not in known:
            text = f'{shown(name)} is no candidate held. Did you mean "{known[close[0]]}"?'
            faults.note(Fault(Code.NAME, text), vote[ROW], "candidate")


def _check_repeats(votes: list[dict[str, Any]], contests: pl.DataFrame, faults: Faults) -> None:
    seen = dict.fromkeys(contests.select(KEYS["mp_contests"]).iter_rows(), "held already")
    parties = dict(contests.select("contest_id", "party").iter_rows())
    for vote in votes:
        key = tuple(vote[name] for name in KEYS["mp_contests"])
        if key in seen:
            faults.note(Fault(Code.REPEAT, f"this candidate in this round is {seen[key]}. Remove the row."), vote[ROW])
        seen[key] = f"in row {vote[ROW]}"
        party = parties.setdefault(vote["contest_id"], vote["party"])
        if party != vote["party"]:
            text = f"contest {vote['contest_id']} is of party {party}, not {vote['party']}. Choose another contest_id."
            faults.note(Fault(Code.CONTRADICTION, text), vote[ROW])


def _check_votes(votes: list[dict[str, Any]], contests: pl.DataFrame, faults: Faults) -> None:
    """A round's votes, those held already among them: not 0 alone, nor more than the MPs any row of its contest has."""
    total: dict[tuple[Any, ...], int] = {}
    most: dict[tuple[Any, ...], int] = {}
    mps: dict[tuple[Any, ...], int] = {}
    for vote in [*contests.iter_rows(named=True), *votes]:
        key = tuple(vote[name] for name in ROUND)
        total[key] = total.get(key, 0) + (vote["mp_votes"] or 0)
        contest = (vote["contest_id"], vote["kind"])
        most[contest] = max(most.get(contest, 0), total[key])
        mps[contest] = min(mps.get(contest, MOST_MPS), vote["party_mps"] or MOST_MPS)
        if ROW in vote and most[contest] > mps[contest]:
            both = f"a round of {most[contest]} votes, and a row with {mps[contest]} MPs"
            text = f"this contest has {both}. Correct mp_votes or party_mps."
            faults.note(Fault(Code.CONTRADICTION, text), vote[ROW])
    for vote in votes:
        if vote["mp_votes"] == 0 and total[tuple(vote[name] for name in ROUND)] == 0:
            text = "the votes of this round are 0 for everyone. Give the votes, or leave the cells empty."
            faults.note(Fault(Code.CONTRADICTION, text), vote[ROW], "mp_votes")


def _check_confidence(
    votes: list[dict[str, Any]], contests: pl.DataFrame, held: Sequence[Spell], faults: Faults
) -> None:
    """A vote of confidence is on the leader of that day: her row, and none but hers and that of the votes against."""
    rounds: dict[tuple[Any, ...], set[str]] = {}
    for vote in [*contests.iter_rows(named=True), *votes]:
        rounds.setdefault(tuple(vote[name] for name in ROUND), set()).add(vote["candidate"])
    for vote in votes:
        if vote["kind"] != "confidence_vote":
            continue
        led = {spell.leader for spell in leading(held, vote["date"]) if spell.party == vote["party"]}
        if not led:
            text = f"no leader of {vote['party']} on {vote['date']} is held. Correct date or party."
        elif vote["candidate"] not in {*led, AGAINST}:
            text = f"{shown(vote['candidate'])} did not lead {vote['party']} on {vote['date']}. "
            text += f'Allowed: {" or ".join(sorted(led))}, and "{AGAINST}" for the votes against.'
        elif not led & rounds[tuple(vote[name] for name in ROUND)]:
            text = f"the leader of that day, {' or '.join(sorted(led))}, has no row in this round. Add it."
        else:
            continue
        faults.note(Fault(Code.CONTRADICTION, text), vote[ROW], "candidate")
