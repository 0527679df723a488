"""The user's ratings of leaders: a row a rating, in per cent.

Columns: ``leader``, ``question_family`` and ``end_date`` in every row; ``pollster`` and ``sample`` where known;
``positive`` and ``negative``, or ``net`` alone. A ``net`` beside both must be their difference, to a point: files that
print (A - D) / (A + D) do not pass. The leader led a party on the last day of fieldwork, or is of the few rated before
(``RATED_FIRST``).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from data.own import cells
from data.own.faults import Code, Fault, Faults
from data.own.fields import Field, parse_rows
from data.own.leading import RATED_FIRST, no_leader, parties_led, spells
from data.own.polls import house
from data.own.reading import ROW
from data.own.repeats import KEYS
from data.schemas import QUESTION_FAMILIES

NEAR_NET = 1.0
OTHER_NAMES = {"question family": "question_family", "question": "question_family", "sample size": "sample"}


def tables(
    rows: pl.DataFrame, held: Mapping[str, pl.DataFrame], today: date, faults: Faults
) -> dict[str, pl.DataFrame]:
    """Turn rows of text into the table ``leader_ratings``.

    Parameters
    ----------
    rows : pl.DataFrame
        What ``read_rows`` gave.
    held : mapping of str to pl.DataFrame
        Tables ``leader_ratings``, ``leader_tenure``, ``polls`` and ``pollsters`` as they are.
    today : date
        Newest day allowed.
    faults : Faults
        Where faults are noted.

    Returns
    -------
    dict of str to pl.DataFrame
        The table without ``source``; ``rating_id`` is the row of the file.

    Raises
    ------
    BadInput
        If anything in the file is wrong: every fault, one a line.
    """
    tenure = held["leader_tenure"]
    fields = [
        Field("leader", cells.one_of(tenure["leader"].unique().sort().to_list(), "a leader held"), required=True),
        Field("pollster", house(held)),
        Field("question_family", cells.one_of(QUESTION_FAMILIES, "a question family"), required=True),
        Field("end_date", cells.day(today), required=True),
        Field("sample", cells.count(cells.LEAST_SAMPLE, cells.MOST_SAMPLE, Code.BASE)),
        Field("positive", cells.percentage),
        Field("negative", cells.percentage),
        Field("net", cells.net),
    ]
    ratings = parse_rows(rows, fields, faults, OTHER_NAMES)
    led, rated_since = spells(tenure), {leader: since for (_, leader), since in RATED_FIRST.items()}
    seen = dict.fromkeys(held["leader_ratings"].select(KEYS["leader_ratings"]).iter_rows(), "held already")
    for rating in ratings:
        _check_net(rating, faults)
        leader, day = rating["leader"], rating["end_date"]
        if day < rated_since.get(leader, date.max) and not parties_led(led, leader, day):
            faults.note(no_leader(leader, day), rating[ROW])
        key = tuple(rating[name] for name in KEYS["leader_ratings"])
        if key in seen:
            faults.note(Fault(Code.REPEAT, f"the same rating is {seen[key]}. Remove the row."), rating[ROW])
        seen[key] = f"in row {rating[ROW]}"
    faults.stop()
    party = dict(tenure.sort("date").select("leader", "party").iter_rows())
    schema = {"row": pl.Int64, "sample": pl.Int64, "positive": pl.Float64, "negative": pl.Float64, "net": pl.Float64}
    frame = pl.DataFrame(ratings, infer_schema_length=None, schema_overrides=schema).with_columns(
        rating_id=pl.col(ROW).cast(pl.String),
        party=pl.col("leader").replace_strict(party),
        verified=False,
        known_on=pl.min_horizontal(pl.col("end_date").dt.offset_by("1d"), pl.lit(today)),
    )
    return {"leader_ratings": frame}


def _check_net(rating: dict[str, Any], faults: Faults) -> None:
    """Compute ``net``, or compare it with what was given."""
    good, bad, net = rating["positive"], rating["negative"], rating["net"]
    if good is None or bad is None:
        if net is None:
            faults.note(Fault(Code.MISSING, "neither net nor both positive and negative are given."), rating[ROW])
        return
    if good + bad > 102:
        faults.note(
            Fault(Code.SUM, f"positive and negative sum to {good + bad:.1f} (allowed: at most 102)."), rating[ROW]
        )
    if net is not None and abs(net - (good - bad)) > NEAR_NET + 1e-9:
        text = f"net is {net:g}, but positive - negative is {good - bad:g}. Correct one of the three."
        faults.note(Fault(Code.CONTRADICTION, text), rating[ROW])
    rating["net"] = round(good - bad, 6)
