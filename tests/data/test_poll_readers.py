"""Readers of poll files meet anything in any place: polls, or one sentence, but never another exception."""

import json
from collections.abc import Callable
from math import isfinite
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.compile.poll_sources import PARTIES, WIDE, _number, _widen, read_source
from data.compile.pollbase import SHARES, _poll_of, _sheet_cells, dated
from data.errors import BadInput

ANY = settings(
    max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
PRINTED = ("", "nan", "-inf", "1e400", "101", "-3", "30%", "<1", "3O", "=1+1", "–", "\x00", "2026-02-30", "0000-00-00")
DATES = st.dates().map(str) | st.datetimes().map(str)
CELL = st.text(max_size=12) | st.sampled_from(PRINTED) | st.integers().map(str) | st.floats().map(str) | DATES
VALUE = CELL | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.integers(), max_size=2)
ROWS = 12
TEXTS = {
    "britpol": "britpol_pollbase_1945_2021.csv",
    "uk-polling-average": "polls_2020_2023_uk_polling_average.csv",
    "wikipedia-harvilehal": "polls_2023_2024_wikipedia_scrape.csv",
    "wikipedia-campaign": "polls_2024_campaign_wikipedia_scrape.csv",
    "wikipedia-harvilehal-scotland": "polls_scotland_westminster_2024_2026.csv",
    "politico": "politico_poll_of_polls_daily_2018_2026.csv",
}
RECORDS = {
    "ukpolls2": "ukpolls2_wikipedia.json",
    "ukpolls2-workbooks": "ukpolls2_merged.json",
    "ukpolls2-merged": "ukpolls2_merged.json",
}
SHEET = pl.Schema({f"column_{place}": pl.String for place in range(11)})
HEADER = ("Year", "Month", "Fieldwork", "Published", "Polling", "Publisher", "Con", "Lab", "LD", "Con lead", None)


def read_or_refused(folder: Path, source: str) -> None:
    """Read a source: shares are finite or null, or one sentence of one line says what is wrong."""
    try:
        found = read_source(folder, source)
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017 (either outcome is right)
    else:
        assert found.schema == pl.Schema(WIDE)
        shares = found.select(pl.col(PARTIES)).unpivot()["value"].drop_nulls()
        assert shares.is_finite().all()


@pytest.fixture
def place(tmp_path: Path) -> Callable[[str], Path]:
    """Where a file of polls goes in a folder of raw files of the test's own."""
    (tmp_path / "polls").mkdir()
    return lambda name: tmp_path / "polls" / name


@pytest.mark.slow
@pytest.mark.parametrize(("source", "name"), TEXTS.items())
def test_a_table_with_any_cell_is_read_or_refused(
    source: str, name: str, raw_sources: Path, tmp_path: Path, place: Callable[[str], Path]
) -> None:
    """One cell of a table, or the name of one column, replaced by anything gives polls or one sentence."""
    held = pl.read_csv(raw_sources / "polls" / name, infer_schema=False)
    lines = [held.columns, *held.tail(ROWS).rows()]

    @given(st.integers(0, ROWS), st.integers(0, held.width - 1), CELL)
    @ANY
    def check(row: int, column: int, cell: str) -> None:
        spoiled = [list(line) for line in lines]
        spoiled[row % len(lines)][column] = cell
        frame = pl.DataFrame(spoiled, orient="row")
        frame.write_csv(place(name), include_header=False)
        read_or_refused(tmp_path, source)

    check()


@pytest.mark.slow
@pytest.mark.parametrize(("source", "name"), RECORDS.items())
def test_records_with_any_value_are_read_or_refused(
    source: str, name: str, raw_sources: Path, tmp_path: Path, place: Callable[[str], Path]
) -> None:
    """One field of a record replaced by anything that JSON can hold gives polls or one sentence."""
    held = json.loads((raw_sources / "polls" / name).read_text(encoding="utf-8"))[-ROWS:]

    @given(st.integers(0, ROWS - 1), st.sampled_from(sorted(held[0])), VALUE)
    @ANY
    def check(row: int, field: str, value: object) -> None:
        spoiled = [record | {field: value} if nth == row else record for nth, record in enumerate(held)]
        place(name).write_text(json.dumps(spoiled), encoding="utf-8")
        read_or_refused(tmp_path, source)

    check()


@given(st.binary(max_size=40))
@example(b"[1]")
@example(b"null")
@example(b"[[]]")
@example(b"PK\x03\x04")
@example(b"\x1f\x8b\x08\x00")
@example(b"\xff\xfe")
@ANY
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """A file of other bytes under the name of a raw file gives polls or one sentence."""
    folder = tmp_path_factory.getbasetemp() / "bytes"
    (folder / "polls").mkdir(parents=True, exist_ok=True)
    names = {"pollbase": "PollBase-Q4-2020.xlsx", "ukpolls2": RECORDS["ukpolls2"], "britpol": TEXTS["britpol"]}
    for source, name in names.items():
        (folder / "polls" / name).write_bytes(content)
        read_or_refused(folder, source)


@given(st.lists(CELL, min_size=1, max_size=5))
@ANY
def test_any_figure_is_a_share_or_null(cells: list[str]) -> None:
    """A column of texts gives finite shares and nulls, one for each cell."""
    shares = _widen(pl.DataFrame({"con": cells}).with_columns(_number("con")), "politico")["con"]
    assert len(shares) == len(cells)
    assert all(share is None or isfinite(share) for share in shares)


@given(st.lists(st.lists(CELL | st.none(), min_size=11, max_size=11), max_size=4))
@example([["1979", "Apr", "31-31", "99", "Gallup", "DT", "45", "40", "10", "", "quota"]])
@ANY
def test_any_sheet_is_polls_with_days_in_order(rows: list[list[str | None]]) -> None:
    """Rows of a sheet of the workbook, whatever their cells, give polls with finite shares and days in order."""
    cells = _sheet_cells(pl.DataFrame([HEADER, *rows], schema=SHEET, orient="row"), "74-79")
    polls = [_poll_of(row, *when) for row, when in zip(cells, dated(cells), strict=True)]
    for poll in polls:
        shares = [poll[code] for code in SHARES.values()]
        assert all(share is None or isfinite(share) for share in shares)  # type: ignore[arg-type]
        start, end = poll["start_date"], poll["end_date"]
        assert start is None or end is None or start <= end  # type: ignore[operator]
