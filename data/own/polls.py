"""The user's polls: a row a poll, a column a party, in per cent.

Columns: ``pollster``, ``end_date``, ``con`` and ``lab`` in every row; ``client``, ``mode``, ``start_date``,
``published``, ``sample``, ``area`` (GB unless given), ``kind`` (poll unless given) and other parties where known. A
base of the whole United Kingdom is refused rather than taken for Great Britain: it counts Northern Ireland.

When a poll repeats one held says ``data.own.repeats``; when it was public, ``data.poll_rules``.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

import polars as pl

from data.own import cells
from data.own.faults import Code, Fault, Faults, shown
from data.own.fields import Field, parse_rows
from data.own.reading import ROW
from data.own.repeats import repeats, wide
from data.poll_rules import FIVE, LEAST_SUM, MODES, MOST_SUM, NOT_HOUSES, known_on

SYNONYMS = {
    "con": ("conservative", "conservatives", "tory", "tories"),
    "lab": ("labour",),
    "lib": ("lib dem", "lib dems", "libdem", "ld", "ldem", "liberal democrat", "liberal democrats", "liberal"),
    "ref": ("reform", "reform uk", "ukip", "brexit party"),
    "grn": ("green", "greens", "green party"),
    "snp": ("scottish national party",),
    "plaid": ("plaid cymru", "pc"),
    "restore": ("restore britain",),
    "yp": ("your party",),
    "bnp": ("british national party",),
    "chuk": ("change uk",),
    "refm": ("referendum party",),
    "oth": ("other", "others"),
}
"""Parties a poll may name, by their codes, and what else a column may be called, in lower case."""
OTHER_NAMES = {name: code for code, names in SYNONYMS.items() for name in names}
OTHER_NAMES |= {"sample size": "sample", "fieldwork end": "end_date", "fieldwork start": "start_date"}
ALWAYS_NAMED = ("con", "lab")
LEAST_PER_CENT = 2.0
"""Shares that sum to less than this are fractions of one: an Excel cell shown as 30% holds 0.3."""
CLOSE = 0.8


def tables(
    rows: pl.DataFrame, held: Mapping[str, pl.DataFrame], today: date, faults: Faults
) -> dict[str, pl.DataFrame]:
    """Turn rows of text into the tables ``polls`` and ``poll_shares``.

    Parameters
    ----------
    rows : pl.DataFrame
        What ``read_rows`` gave.
    held : mapping of str to pl.DataFrame
        Tables ``polls``, ``poll_shares``, ``pollsters`` and ``elections`` as they are, rows added before among them.
    today : date
        Newest day allowed.
    faults : Faults
        Where faults are noted.

    Returns
    -------
    dict of str to pl.DataFrame
        Both tables without ``source``; ``poll_id`` is the row of the file.

    Raises
    ------
    BadInput
        If anything in the file is wrong: every fault, one a line.
    """
    polls = parse_rows(rows, _fields(today, held), faults, OTHER_NAMES)
    elections: list[date] = held["elections"]["election_date"].to_list()
    for poll in polls:
        _check_dates(poll, elections, faults)
        _check_sum(poll, faults)
    _check_repeats([poll for poll in polls if poll[ROW] not in faults.rows], held, faults)
    faults.stop()
    frame = pl.DataFrame(polls, infer_schema_length=None, schema_overrides={"published": pl.Date}).with_columns(
        poll_id=pl.col(ROW).cast(pl.String),
        end_exact=True,
        verified=False,
    )
    frame = frame.with_columns(known_on=pl.min_horizontal(known_on(elections), pl.lit(today)))
    shares = frame.unpivot(list(SYNONYMS), index=["poll_id", "known_on"], variable_name="party", value_name="share")
    shares = shares.drop_nulls("share").with_columns(share=(pl.col("share").cast(pl.Float64) / 100).round(6))
    return {"polls": frame, "poll_shares": shares}


def house(held: Mapping[str, pl.DataFrame]) -> Callable[[str], str]:
    """Make a parser of pollsters' names.

    Parameters
    ----------
    held : mapping of str to pl.DataFrame
        Tables ``pollsters``, with every label a source has used, and ``polls``, with houses the user added.

    Returns
    -------
    callable
        From a cell to our name for the house; a name unlike any known is a new house, one much like a known is refused.
    """
    labels = held["pollsters"].select("label", "pollster")
    ours = pl.concat([labels["pollster"], held["polls"]["pollster"].drop_nulls()]).unique()
    names: dict[str, str] = {name.lower(): name for name in ours} | dict(labels.iter_rows())

    def parse(text: str) -> str:
        plain = cells.name(text)
        if plain.lower() in names:
            return names[plain.lower()]
        if plain.lower() in NOT_HOUSES:
            raise Fault(Code.NAME, f"{shown(plain)} is no pollster of voting intention. Remove the row.")
        stem = plain.lower().replace("(", "/").replace(",", "/").partition("/")[0].strip()
        close = [stem] if stem in names else get_close_matches(plain.lower(), names, n=1, cutoff=CLOSE)
        if close:
            raise Fault(Code.NAME, f'{shown(plain)} is not a pollster held. Did you mean "{names[close[0]]}"?')
        return plain

    return parse


def _area(text: str) -> str:
    if text.strip().lower() in {"uk", "united kingdom"}:
        raise Fault(Code.BASE, f"{shown(text)} counts Northern Ireland. Give shares of Great Britain and write GB.")
    areas = {"GB": "GB", "Great Britain": "GB", "Scotland": "Scotland", "Wales": "Wales"}
    return cells.renamed(areas, "an area")(text)


def _fields(today: date, held: Mapping[str, pl.DataFrame]) -> list[Field]:
    day = cells.day(today)
    modes = MODES | {mode: mode for mode in MODES.values()}
    return [
        Field("pollster", house(held), required=True),
        Field("client", cells.name),
        Field("mode", cells.renamed(modes, "a mode")),
        Field("start_date", day),
        Field("end_date", day, required=True),
        Field("published", day),
        Field("sample", cells.count(cells.LEAST_SAMPLE, cells.MOST_SAMPLE, Code.BASE)),
        Field("area", _area, default="GB"),
        Field("kind", cells.one_of(("poll", "mrp"), "a kind of poll"), default="poll"),
        *(Field(party, cells.percentage, required=party in ALWAYS_NAMED) for party in SYNONYMS),
    ]


def _check_dates(poll: dict[str, Any], elections: Sequence[date], faults: Faults) -> None:
    end, start, published = poll["end_date"], poll["start_date"] or poll["end_date"], poll["published"]
    if start > end:
        faults.note(Fault(Code.DATE, f"fieldwork ends on {end}, before it starts on {start}."), poll[ROW])
    if published is not None and published < end:
        faults.note(Fault(Code.DATE, f"published on {published}, before fieldwork ends on {end}."), poll[ROW])
    voted = next((day for day in elections if start <= day <= end), None)
    if voted is not None:
        faults.note(
            Fault(Code.DATE, f"fieldwork touches the general election of {voted}. Remove the poll."),
            poll[ROW],
        )


def _check_sum(poll: dict[str, Any], faults: Faults) -> None:
    total = sum(poll[party] or 0.0 for party in SYNONYMS)
    least = 100 * LEAST_SUM if all(poll[party] is not None for party in FIVE) else 0.0
    most = 100 * MOST_SUM
    if total <= LEAST_PER_CENT:
        text = f"shares sum to {total:.2f}: they are fractions. Write per cent, 30 for 0.3."
        faults.note(Fault(Code.SUM, text), poll[ROW])
    elif not least - 1e-9 <= total <= most + 1e-9:
        allowed = f"{least:g} to {most:g}" if least else f"at most {most:g}"
        faults.note(Fault(Code.SUM, f"shares sum to {total:.1f} (allowed: {allowed})."), poll[ROW])


def _check_repeats(polls: Sequence[dict[str, Any]], held: Mapping[str, pl.DataFrame], faults: Faults) -> None:
    if not polls:
        return
    types = dict.fromkeys(SYNONYMS, pl.Float64)
    new = pl.DataFrame(polls, infer_schema_length=None, schema_overrides=types).select(
        "pollster", "area", "kind", "end_date", *SYNONYMS, poll_id=pl.col(ROW).cast(pl.String), place=pl.col(ROW)
    )
    before = wide(held["polls"], held["poll_shares"]).with_columns(place=pl.lit(0, dtype=pl.Int64))
    both = pl.concat([before, new], how="diagonal_relaxed")
    for _, row, other, place, named in repeats(new, both).iter_rows():
        where = f"row {other}" if place else f"{other}, held already"
        agree = "house, dates, Con and Lab agree" if named else "its pollster is not known, dates and all shares agree"
        faults.note(Fault(Code.REPEAT, f"the same poll as {where}: {agree}. Remove this row."), row)
