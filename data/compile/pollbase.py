"""Read Mark Pack's PollBase, the workbook that holds nearly every British poll from 1943 to 2020.

One sheet is one parliament. Fieldwork is a text such as ``26-1`` beside the month it began in (in some early sheets:
ended in), ``?-15`` or nothing; a column ``Date`` or ``Published`` gives the day of the month it appeared. So a date
may be read in two ways; the reading that keeps the rows of the sheet in order is taken. Where the text says less:

- only the day of publication is known: fieldwork is taken to end two days before, the median lag of the other rows;
- only the first day is known: fieldwork is taken to last three more days;
- only the month is known: fieldwork is taken to end on the 15th, and to be published when the month is over;
- Gallup's omnibus pool (``Gallup 9000``) without dates is a whole month's fieldwork;
- the sheet doubts its own days (``25-28?``, ``c.6-9``, ``11-16 or 17``): the days printed first, marked ``doubted``;
- nothing is known (results, exit polls, a few polls of September 1959): no date is given.
"""

import re
from calendar import month_abbr, monthrange
from datetime import date, timedelta
from math import isfinite
from pathlib import Path

import polars as pl

from data.compile.common import raw_file
from data.poll_rules import MODES

WORKBOOK = "polls/PollBase-Q4-2020.xlsx"
SHEETS = (
    *("51-55", "55-59", "59-64", "64-66", "66-70", "70-74", "74", "74-79", "79-83", "83-87", "87-92", "92-97"),
    *("97-01", "01-05", "05-10", "10-15", "15-17", "17-19", "19-"),
)
SHARES = {
    "con": "con",
    "lab": "lab",
    "ld": "lib",
    "sdp": "sdp",
    "green": "grn",
    "ukip": "ukip",
    "bxp": "brexit",
    "bnp": "bnp",
    "referendum": "refm",
    "tig/cuk": "chuk",
}
MONTHS = {month_abbr[number]: number for number in range(1, 13)}
PUBLICATION_LAG = timedelta(days=2)
LONGEST_LAG = 20  # a longer one is a misprint of the day
FIRST_DAY_ONLY = timedelta(days=3)

DOUBT = re.compile(r"c\.|\bor\b|\d\s*\?")

Span = tuple[date | None, date | None]
Row = dict[str, str | None]


def _number(text: str | None) -> float | None:
    """Read a cell as a finite number; anything else is null."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if isfinite(number) else None


def _day(text: str | None) -> int | None:
    """Read a day of the month; anything else is null."""
    return int(text) if text and text.isdecimal() and 1 <= int(text) <= 31 else None


def _safe_date(year: int, month: int, day: int) -> date:
    """Build a date, letting the month run past either end of the year and the day past the end of the month."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def _days_named(fieldwork: str | None) -> tuple[int | None, int | None]:
    """First and last day of the month that a fieldwork text names; ``?-15`` names the last one only."""
    text = (fieldwork or "").replace("c.", "").strip()
    match = re.match(r"^(\d{1,2}|\?)?\??\s*(?:[-/]\s*(\d{1,2}|\?))?", text)
    first, last = (match[1], match[2]) if match else (None, None)
    if last is None and first not in (None, "?"):
        last = first
    return _day(first), _day(last)


def _readings(row: Row, year: int) -> list[Span]:
    """All ways to read first and last day of a row, the plain one first; none where it has no month."""
    month = MONTHS.get((row["month"] or "").strip()[:3])
    if month is None:
        return []
    month = next(
        (MONTHS[word] for word in re.findall("[A-Z][a-z]{2}", row["fieldwork"] or "") if word in MONTHS), month
    )
    first, last = _days_named(row["fieldwork"])
    if first is None and last is None and row["first_day"]:
        first = _day(row["first_day"][8:10])
    if first is not None:
        return _known_start(year, month, first, last)
    if last is not None:
        return [(None, _safe_date(year, month, last)), (None, _safe_date(year, month + 1, last))]
    day = _published_day(row)
    if row["pollster"] == "Gallup 9000":
        return _whole_month(year, month, day)
    if day is not None:
        return [(None, _safe_date(year, month + ahead, day) - PUBLICATION_LAG) for ahead in (0, 1)]
    return [(None, _safe_date(year, month, 15))]


def _whole_month(year: int, month: int, published: int | None) -> list[Span]:
    """Readings of Gallup's pool: the month printed, else the one before, else until two days before publication."""
    first = _safe_date(year, month, 1)
    plain = (first, _safe_date(year, month, 31))
    if published is None:
        return [plain]
    end = max(_safe_date(year, month, published) - PUBLICATION_LAG, first)
    return [plain, (_safe_date(year, month - 1, 1), first - timedelta(days=1)), (first, end)]


def _known_start(year: int, month: int, first: int, last: int | None) -> list[Span]:
    """Readings of a row that names the first day; where the last day is a smaller number the month is in doubt."""
    start = _safe_date(year, month, first)
    if last is None:
        return [(start, start + FIRST_DAY_ONLY)]
    if last >= first:
        return [(start, _safe_date(year, month, last))]
    return [
        (start, _safe_date(year, month + 1, last)),
        (_safe_date(year, month - 1, first), _safe_date(year, month, last)),
    ]


def _published_day(row: Row) -> int | None:
    """Day of the month on which the poll appeared, if the sheet says."""
    match = re.match(r"^(?:\d{4}-\d{2}-)?(\d{1,2})", (row["published"] or "").strip())
    return _day(match[1]) if match else None


def _month_only(row: Row) -> bool:
    """Whether a row gives no day at all, only the month."""
    told = any(_days_named(row["fieldwork"])) or row["first_day"] or _published_day(row) is not None
    return not told and row["pollster"] != "Gallup 9000"


def _publication(row: Row, end: date) -> date | None:
    """Date of publication: the first day after fieldwork with the day of the month given; none if that is far off."""
    day = _published_day(row)
    lags = (timedelta(days=lag) for lag in range(LONGEST_LAG + 1))
    return next((end + lag for lag in lags if (end + lag).day == day), None)


def _disorder(reading: Span, rank: int, before: date | None, after: date | None) -> int:
    """Days by which a reading breaks the order of its sheet.

    A reading that is not the plain one (``rank`` above 0) counts a fortnight more, unless it moves a wrapped fieldwork
    of up to three weeks, where the sheets are known to print the month it ended in.
    """
    start, end = reading
    if end is None:
        return 0
    early = (before - end).days if before else 0
    late = (end - after).days if after else 0
    wrapped = start is not None and (end - start).days <= 21
    return max(early, 0) + max(late, 0) + (14 if rank and not wrapped else 0)


def _sheet_cells(sheet: pl.DataFrame, name: str) -> list[Row]:
    """Polls of one sheet, cells as text by our column names, with the year and the notes to the right of the lead."""
    header = [(cell or "").strip().lower() for cell in sheet.row(0)]
    at = {title: place for place, title in reversed(list(enumerate(header))) if title}
    lead, stop = at["con lead"], at.get("leader:", len(header))
    named = set(at.values())
    columns = {"month": 1, "fieldwork": 2, "published": at.get("published", at.get("date")), "client": at["publisher"]}
    columns |= {"pollster": at["polling"], "first_day": 3 if not header[3] else None}
    columns |= {code: at.get(title) for title, code in SHARES.items()}
    rows, year = [], ""
    for cells in sheet.rows()[1:]:
        printed = (cells[0] or "").strip()
        year = printed if re.fullmatch(r"\d{4}", printed) else year
        row = {key: None if place is None else cells[place] for key, place in columns.items()}
        notes = [cells[place] for place in range(lead + 1, stop) if place not in named]
        row |= {"sheet": name, "year": year, "notes": "; ".join(n.strip() for n in notes if n and _number(n) is None)}
        row["pollster"] = _house(row, name)
        if _number(row["con"]) is not None and _number(row["lab"]) is not None:
            rows.append(row)
    return rows


def _house(row: Row, sheet: str) -> str | None:
    """Pollster of a row; the paper's own poll where the Daily Express named none, Gallup's pool where it is one."""
    name, client = (row["pollster"] or "").strip(), (row["client"] or "").strip()
    pooled = sheet == "97-01" and name == "Gallup" and not client and not row["fieldwork"]
    if pooled or name == "G9000":
        return "Gallup 9000"
    return name or ("Daily Express" if client == "DE" else None)


def dated(rows: list[Row]) -> list[tuple[Span, date | None]]:
    """Choose one reading of the dates of each row of a sheet, the one that best keeps the rows in order.

    Rows that give a month only, and rows below that may be read in two ways, do not count for the order.

    Parameters
    ----------
    rows : list of dict
        Rows of one sheet in its order, cells as text by name: ``year``, ``month``, ``fieldwork``, ``first_day``
        (ISO date), ``published`` (day of the month), ``pollster``.

    Returns
    -------
    list of tuple
        For each row ``((first day, last day), day of publication)``, null where not known.
    """
    options = [_readings(row, int(row["year"] or 0)) for row in rows]
    firm = [len(choice) == 1 and not _month_only(row) for row, choice in zip(rows, options, strict=True)]
    spans: list[tuple[Span, date | None]] = []
    before: date | None = None
    for place, (row, choice) in enumerate(zip(rows, options, strict=True)):
        after = next((options[later][0][1] for later in range(place + 1, len(rows)) if firm[later]), None)
        faults = [_disorder(reading, rank, before, after) for rank, reading in enumerate(choice)]
        span = choice[faults.index(min(faults))] if choice else (None, None)
        spans.append((span, None if span[1] is None else _publication(row, span[1])))
        before = before if _month_only(row) else span[1] or before
    return spans


def _poll_of(row: Row, span: Span, published: date | None) -> dict[str, object]:
    """One row in our columns, shares in per cent; the parties that went together are summed by the caller."""
    start, end = span
    notes = (row["notes"] or "").lower()
    words = [MODES[word] for word in notes.split("; ") if word in MODES]
    if end is not None and _month_only(row):
        published = _safe_date(end.year, end.month + 1, 1)
    return {
        "sheet": row["sheet"],
        "pollster": row["pollster"],
        "client": (row["client"] or "").strip() or None,
        "mode": words[0] if words else None,
        "start_date": start,
        "end_date": end,
        "exact": _days_named(row["fieldwork"])[1] is not None,
        "doubted": DOUBT.search(row["fieldwork"] or "") is not None,
        "published": published,
        "kind": "mrp" if "seat prediction" in notes or "mrp" in notes else "poll",
        "headline": "certain to vote" in notes,
        **{code: _number(row[code]) for code in SHARES.values()},
    }


def read_pollbase(raw: Path) -> pl.DataFrame:
    """Read all polls of PollBase from the parliament of 1951 on.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        One row a poll: ``sheet`` (parliament), ``pollster``, ``client``, ``mode``, ``start_date``, ``end_date`` (null
        where the sheet gives no month), ``exact`` (whether the sheet gives the last day), ``doubted`` (whether it
        doubts the days it gives), ``published``, ``kind``, ``headline`` (true for the share among those certain to
        vote), and
        shares in per cent by the codes of ``SHARES``.

    Raises
    ------
    BadInput
        If the workbook is missing.
    """
    sheets = pl.read_excel(
        raw_file(raw, WORKBOOK),
        sheet_name=list(SHEETS),
        has_header=False,
        drop_empty_rows=False,
        drop_empty_cols=False,
        read_options={"dtypes": "string", "header_row": None},
    )
    polls = []
    for name in SHEETS:
        rows = _sheet_cells(sheets[name], name)
        polls += [_poll_of(row, *when) for row, when in zip(rows, dated(rows), strict=True)]
    schema = dict.fromkeys(SHARES.values(), pl.Float64) | dict.fromkeys(("start_date", "end_date"), pl.Date)
    return pl.DataFrame(polls, schema_overrides=schema | {"published": pl.Date}, infer_schema_length=None)
