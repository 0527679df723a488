import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import read_table
from data.errors import BadInput
from data.own import cells, polls
from data.own.faults import Code, Faults
from data.own.reading import read_rows
from tests.data.bad_inputs import TODAY
from tests.data.workbooks import DAY_STYLE, figure, text, workbook

many = settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CSV_LIKE = st.text(st.sampled_from('abpollster,;\t"\r\n 0123456789.%<*–-=|\0\ufeff\u202e'), max_size=120)
JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
).map(json.dumps)
CELLS = st.text(max_size=12) | st.from_regex(r"[<+−-]?[0-9]{0,4}[.,]?[0-9]{0,3}%?", fullmatch=True)
NAMED = ("lib", "ref", "grn", "snp", "plaid", "restore", "yp", "oth")
HEADER = ["pollster", "end_date", "sample", "con", "lab", *NAMED]


@pytest.fixture(scope="module")
def held() -> dict[str, pl.DataFrame]:
    """Tables without any poll, so that no poll repeats one."""
    empty = {name: read_table(name).clear() for name in ("polls", "poll_shares")}
    return {**empty, **{name: read_table(name) for name in ("elections", "pollsters")}}


def as_csv(rows: list[list[Any]]) -> bytes:
    """Rows as CSV, in bytes."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def tried(call: Callable[[], Any]) -> tuple[Any, str]:
    """What a call gives, or the sentences with which it refuses."""
    try:
        return call(), ""
    except BadInput as error:
        return None, str(error)


def read_or_refused(path: Path, content: bytes) -> None:
    """A file is read as a frame of text or refused in sentences with codes, and nothing else happens."""
    path.write_bytes(content)
    rows, said = tried(lambda: read_rows(path)[0])
    if said:
        assert all(line.startswith(("E", "... and ")) and line.isprintable() for line in said.split("\n"))
        return
    assert rows.height > 0
    assert set(rows.drop("row").dtypes) <= {pl.String()}
    assert rows["row"].is_sorted()


@many
@given(content=st.binary(max_size=200) | CSV_LIKE.map(str.encode) | st.text(max_size=100).map(str.encode))
def test_any_bytes_as_csv_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever bytes are called CSV, they are rows or a refusal."""
    read_or_refused(tmp_path / "a.csv", content)


@many
@given(content=JSON_LIKE.map(str.encode) | JSON_LIKE.map(lambda row: f"[{row}]".encode()) | st.binary(max_size=100))
def test_any_bytes_as_json_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever bytes are called JSON, they are rows or a refusal."""
    read_or_refused(tmp_path / "a.json", content)


@many
@given(place=st.integers(0, 2000), put=st.binary(min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, place: int, put: bytes) -> None:
    """A workbook with any bytes changed is rows or a refusal."""
    whole = workbook(text("A1", "pollster") + text("B1", "lab"), text("A2", "YouGov") + figure("B2", 30))
    place %= len(whole)
    read_or_refused(tmp_path / "a.xlsx", whole[:place] + put + whole[place + len(put) :])


@many
@given(sheet=st.text(st.sampled_from('<>/="rct sv0123456789AXFD'), max_size=60))
def test_any_sheet_is_read_or_refused(tmp_path: Path, sheet: str) -> None:
    """Whatever a sheet of a workbook holds, it is rows or a refusal."""
    read_or_refused(tmp_path / "a.xlsx", workbook(text("A1", "a"), sheet))


@pytest.mark.parametrize(
    ("parse", "least", "most"),
    [
        (cells.percentage, 0, 100),
        (cells.net, -100, 100),
        (cells.count(50, 200_000, Code.BASE), 50, 200_000),
        (cells.day(TODAY), cells.OLDEST, TODAY),
    ],
    ids=["percentage", "net", "count", "day"],
)
@many
@given(cell=CELLS | st.dates().map(str) | st.integers().map(lambda n: f"{n:,}"))
def test_a_cell_is_in_range_or_refused(parse: Callable[[str], Any], least: Any, most: Any, cell: str) -> None:
    """Whatever a cell holds, its value is in range, or it is refused."""
    value, said = tried(lambda: parse(cell))
    assert said.isprintable()
    assert said or least <= value <= most


@many
@given(cell=st.text(max_size=150))
def test_a_name_is_printable_or_refused(held: dict[str, pl.DataFrame], cell: str) -> None:
    """Whatever a cell holds, as a name it is short and printable, or it is refused; as a pollster, too."""
    for parse in (cells.name, polls.house(held), cells.one_of(("poll", "mrp"), "a kind of poll")):
        value, said = tried(lambda parse=parse: parse(cell))
        assert said.isprintable()
        assert said or (value.isprintable() and 0 < len(value) <= cells.LONGEST_NAME)


@st.composite
def valid_polls(draw: st.DrawFn) -> list[list[Any]]:
    """Polls whose shares sum to 100, of different houses."""
    rows: list[list[Any]] = []
    for i in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=len(NAMED) + 1, max_size=len(NAMED) + 1)))
        shares = [b - a for a, b in zip([0, *cuts], [*cuts, 1000], strict=True)]
        day = date(2024, 8, 1) + timedelta(draw(st.integers(0, 800)))
        rows.append([f"House {'abcd'[i] * 9}", day, draw(st.integers(50, 200_000)), *(f"{s / 10}" for s in shares)])
    return rows


@many
@given(rows=valid_polls())
def test_valid_polls_keep_their_figures(held: dict[str, pl.DataFrame], tmp_path: Path, rows: list[list[Any]]) -> None:
    """Polls written as CSV come back with the same figures, days and samples."""
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([HEADER, *rows]))
    found = polls.tables(read_rows(path)[0], held, TODAY, Faults("a.csv"))
    wide = found["poll_shares"].pivot("party", index="poll_id", values="share").sort("poll_id")
    given_shares = [[round(float(cell) / 100, 6) for cell in row[3:]] for row in rows]
    assert [list(row) for row in wide.select(HEADER[3:]).rows()] == given_shares
    assert found["polls"].select("pollster", "end_date", "sample").rows() == [tuple(row[:3]) for row in rows]


@many
@given(rows=valid_polls(), column=st.integers(0, len(HEADER) - 1), cell=CELLS, header=st.booleans())
def test_polls_with_any_cell_are_read_or_refused(
    held: dict[str, pl.DataFrame], tmp_path: Path, rows: list[list[Any]], column: int, cell: str, header: bool
) -> None:
    """Whatever one cell or name of a column is changed to, polls are in range or refused."""
    table = [list(HEADER), *rows]
    table[0 if header else 1][column] = cell
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(table))
    found, said = tried(lambda: polls.tables(read_rows(path)[0], held, TODAY, Faults("a.csv")))
    if said:
        return
    assert found["poll_shares"]["share"].is_between(0, 1).all()
    assert found["poll_shares"].group_by("poll_id").agg(pl.col("share").sum())["share"].is_between(0, 1.0201).all()


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A workbook with a blank row, a day, a figure of thousands and a blank column."""
    path = tmp_path / "polls.xlsx"
    head = text("A1", "pollster") + text("B1", "end_date") + text("C1", "sample")
    row = text("A3", "YouGov") + figure("B3", 46082, DAY_STYLE) + figure("C3", 2204)
    path.write_bytes(workbook(head, "", row))
    return path


def test_a_workbook_keeps_days_and_row_numbers(sheet: Path) -> None:
    """A day in Excel is read as that day, and rows are numbered as Excel numbers them."""
    row = read_rows(sheet)[0].row(0, named=True)
    assert (row["row"], row["pollster"]) == (3, "YouGov")
    assert cells.day(TODAY)(row["end_date"]) == date(2026, 3, 1)
    assert cells.count(50, 200_000, Code.BASE)(row["sample"]) == 2204


def test_blank_rows_and_columns_are_passed_over(tmp_path: Path) -> None:
    """Blank rows and nameless blank columns, as spreadsheets leave them, do no harm, nor does a byte order mark."""
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffa,b,,\n1,2,,\n,,,\n\n3,4,,\n".encode())
    assert read_rows(path)[0].rows() == [(2, "1", "2"), (5, "3", "4")]
