"""The user's events of MPs against, or for, their leader between votes: resignations, letters, defections.

Columns: ``leader``, ``date``, ``kind``, ``mps`` and ``event`` (what happened, in a few words) in every row; ``party``
and ``party_mps`` where wanted. The leader led a party that day, which gives the party.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from data.own import cells
from data.own.faults import Code, Fault, Faults
from data.own.fields import Field, parse_rows
from data.own.leading import no_leader, parties_led, spells
from data.own.mps import MOST_MPS, PARTY_NAMES
from data.own.reading import ROW
from data.own.repeats import KEYS
from data.schemas.mps import MP_EVENTS


def tables(
    rows: pl.DataFrame, held: Mapping[str, pl.DataFrame], today: date, faults: Faults
) -> dict[str, pl.DataFrame]:
    """Turn rows of text into the table ``mp_events``.

    Parameters
    ----------
    rows : pl.DataFrame
        What ``read_rows`` gave.
    held : mapping of str to pl.DataFrame
        Tables ``mp_events`` and ``leader_tenure`` as they are.
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
    led = spells(held["leader_tenure"])
    fields = [
        Field("leader", cells.one_of(sorted({spell.leader for spell in led}), "a leader held"), required=True),
        Field("date", cells.day(today), required=True),
        Field("kind", cells.one_of(MP_EVENTS, "a kind of event"), required=True),
        Field("party", cells.renamed(PARTY_NAMES, "a party")),
        Field("mps", cells.count(1, MOST_MPS, Code.RANGE), required=True),
        Field("party_mps", cells.count(1, MOST_MPS, Code.RANGE)),
        Field("event", cells.name, required=True),
    ]
    events = parse_rows(rows, fields, faults)
    seen = dict.fromkeys(held["mp_events"].select(KEYS["mp_events"]).iter_rows(), "held already")
    for event in events:
        row, leader = event[ROW], event["leader"]
        key = tuple(event[name] for name in KEYS["mp_events"])
        if key in seen:
            faults.note(Fault(Code.REPEAT, f"the same event is {seen[key]}. Remove the row."), row)
        seen[key] = f"in row {row}"
        parties = parties_led(led, leader, event["date"])
        if not parties:
            faults.note(no_leader(leader, event["date"]), row)
        elif event["party"] not in {None, *parties}:
            faults.note(Fault(Code.CONTRADICTION, f"{leader} led {parties[0]}, not {event['party']}."), row, "party")
        else:
            event["party"] = parties[0]
        if event["mps"] > (event["party_mps"] or MOST_MPS):
            text = f"{event['mps']} MPs took part, of {event['party_mps']}. Correct mps or party_mps."
            faults.note(Fault(Code.CONTRADICTION, text), row)
    faults.stop()
    frame = pl.DataFrame(events, infer_schema_length=None, schema_overrides={"party_mps": pl.Int64})
    return {"mp_events": frame.with_columns(verified=False, known_on=pl.col("date"))}
