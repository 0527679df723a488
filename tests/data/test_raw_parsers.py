"""Readers of raw files meet anything: a value, nothing, or one sentence, but never another exception."""

import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.compile import members, mps
from data.compile.common import read_text_csv, validated
from data.compile.poll_sources import read_source
from data.compile.pollbase import _days_named, _number, dated
from data.errors import BadInput

ANY = settings(
    max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
NEAR = st.one_of(
    st.text(max_size=12), st.from_regex(r"[?c. ]{0,2}\d{0,3}[?/ -]{0,2}\d{0,3}( [A-Z][a-z]{2})?", fullmatch=True)
)
CELL = st.one_of(NEAR, st.sampled_from(["nan", "inf", "-1", "101", "1e9", "30%", "<1", "*", "–", "=1+1", "\x00", "3O"]))


@given(st.text(max_size=20))
@ANY
def test_any_cell_is_a_finite_number_or_none(text: str) -> None:
    """A cell of the workbook is read as a finite number or as nothing."""
    number = _number(text)
    assert number is None or abs(number) < float("inf")


@given(NEAR)
@ANY
def test_any_fieldwork_names_days_or_none(text: str) -> None:
    """A fieldwork text names days of at most two digits, or none."""
    assert all(day is None or 0 <= day <= 99 for day in _days_named(text))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "month": st.one_of(NEAR, st.sampled_from(["Jan", "Feb", "Jun", "Dec", None])),
                "fieldwork": st.one_of(NEAR, st.none()),
                "published": st.one_of(NEAR, st.none()),
                "first_day": st.one_of(NEAR, st.dates().map(str), st.none()),
                "year": st.sampled_from(["1958", "1979", "2004"]),
                "pollster": st.sampled_from(["Gallup", "Gallup 9000", None]),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
@ANY
def test_any_sheet_is_dated_or_left_undated(rows: list[dict[str, str | None]]) -> None:
    """Rows of a sheet get days in order, or none; the first is never after the last."""
    for (start, end), _published in dated(rows):
        assert start is None or end is None or start <= end
        assert end is None or date(1950, 1, 1) < end < date(2030, 1, 1)


def spoiled(raw: Path, folder: Path, name: str, row: int, column: int, cell: str) -> Path:
    """A folder of raw files in which one cell of one file says something else."""
    frame = read_text_csv(raw, name)
    at = (pl.int_range(pl.len()) == row % frame.height) if frame.height else pl.lit(False)
    target = frame.columns[column % frame.width]
    made = folder / name
    made.parent.mkdir(parents=True, exist_ok=True)
    frame.with_columns(pl.when(at).then(pl.lit(cell)).otherwise(target).alias(target)).write_csv(made)
    return folder


@pytest.mark.parametrize("source", ["spot-2026", "press-nations-2025"])
def test_polls_with_any_cell_are_read_or_refused(source: str, raw_sources: Path, tmp_path: Path) -> None:
    """One cell replaced by anything gives polls or one sentence."""
    name = {"spot-2026": "polls/polls_2026_spot.csv", "press-nations-2025": "polls/polls_wales_scotland_2025_2026.csv"}

    @given(st.integers(0, 50), st.integers(0, 50), CELL)
    @ANY
    def check(row: int, column: int, cell: str) -> None:
        folder = spoiled(raw_sources, tmp_path, name[source], row, column, cell)
        with suppress(BadInput):
            assert read_source(folder, source).height >= 0

    check()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mps/member_ballots.csv", "mps/member_polls.csv", "mps/mp_support_contests.csv"])
def test_votes_with_any_cell_are_read_or_refused(name: str, raw_sources: Path, tmp_path: Path) -> None:
    """One cell of a file of ballots replaced by anything gives tables that keep their contract, or one sentence."""
    shutil.copytree(raw_sources / "mps", tmp_path / "mps")
    (tmp_path / "leaders").mkdir()
    shutil.copy(raw_sources / "leaders" / "leader_tenure.csv", tmp_path / "leaders")
    compiler = mps if "contests" in name else members

    @given(st.integers(0, 300), st.integers(0, 20), CELL)
    @ANY
    def check(row: int, column: int, cell: str) -> None:
        (tmp_path / name).chmod(0o644)
        spoiled(raw_sources, tmp_path, name, row, column, cell)
        with suppress(BadInput):
            for table, frame in compiler.tables(tmp_path).items():
                validated(table, frame)

    check()
