"""Reading shipped tables, and cutting evidence by date."""

import shutil
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import BadInput, DamagedArtefact, load_evidence, read_table, schemas
from data.load import evidence_from, tables_dir

FIRST = date(1955, 5, 26)


@pytest.mark.parametrize("name", schemas.TABLES)
def test_every_table_is_shipped_in_order(name: str) -> None:
    """Each table reads, has its schema's columns, and lies sorted by its key, so that a diff shows what changed."""
    table = read_table(name)
    key = schemas.TABLES[name].primary_key()
    assert table.columns == schemas.TABLES[name].column_names()
    assert table.height > 0
    plain = table.with_columns(cs.enum().cast(pl.String))
    assert plain.equals(plain.sort(key))


def test_missing_table_is_named(tmp_path: Path) -> None:
    """A folder without the table gives a damaged artefact that names it and says what to do."""
    with pytest.raises(DamagedArtefact, match=r"contests\.csv is missing .*data build --raw"):
        read_table("contests", tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("election_date", "date", 1),
        lambda text: text.replace(",635,", ",many,", 1),
        lambda text: text.replace("1959-10-08", "1959-13-08", 1),
        lambda text: text.replace(",630,", ",,", 1),
        lambda text: text.replace(",630,", ",6,", 1),
        lambda text: text + text.splitlines(keepends=True)[-1],
        lambda text: "\x00\x01\x02" * 50,
        lambda text: "<html><body>Not found</body></html>",
    ],
    ids=["empty", "cut", "header", "text", "date", "null", "range", "twice", "binary", "page"],
)
def test_damaged_table_is_refused(tmp_path: Path, damage: Callable[[str], str]) -> None:
    """A table cut short, with a wrong head, type, date, range or a repeated key is refused in one sentence."""
    text = (tables_dir() / "elections.csv").read_text(encoding="utf-8")
    (tmp_path / "elections.csv").write_text(damage(text), encoding="utf-8")
    with pytest.raises(DamagedArtefact, match=r"elections\.csv is damaged: ") as caught:
        read_table("elections", tmp_path)
    assert "\n" not in str(caught.value)


def test_tables_without_any_dated_row_are_refused(tmp_path: Path) -> None:
    """Where every table that dates the evidence is empty, it is refused in one sentence."""
    for path in tables_dir().glob("*.csv"):
        shutil.copy(path, tmp_path)
    for name in ("polls", "leader_ratings", "leader_tenure", "mp_contests", "mp_events"):
        read_table(name).clear().write_csv(tmp_path / f"{name}.csv")
    with pytest.raises(DamagedArtefact, match="mp_events have no rows"):
        evidence_from(tmp_path)


def test_columns_are_read_by_name(tmp_path: Path) -> None:
    """Columns in another order are put in the schema's, not mistaken for each other."""
    read_table("hexes").select("r", "q", "known_on", "constituency", "boundary_set").write_csv(tmp_path / "hexes.csv")
    assert read_table("hexes", tmp_path).equals(read_table("hexes"))


def test_a_good_copy_is_read(tmp_path: Path) -> None:
    """The folder given is the one read."""
    shutil.copy(tables_dir() / "elections.csv", tmp_path)
    assert read_table("elections", tmp_path).equals(read_table("elections"))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_table_knows_the_future(data: st.DataObject) -> None:
    """Evidence as of any date has exactly the rows known by then, in every table."""
    evidence = load_evidence()
    day = data.draw(st.dates(FIRST + timedelta(days=1), evidence.cut))
    cut = evidence.as_of(day)
    assert cut.cut == day
    for name in schemas.TABLES:
        whole, part = getattr(evidence, name), getattr(cut, name)
        later = whole.filter(pl.col("known_on") > day)
        assert part.filter(pl.col("known_on") > day).is_empty()
        assert part.height + later.height == whole.height


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_cutting_twice_is_cutting_once(data: st.DataObject) -> None:
    """Evidence cut at one date and then an earlier one is the evidence of the earlier."""
    evidence = load_evidence()
    early = data.draw(st.dates(FIRST + timedelta(days=1), evidence.cut))
    late = data.draw(st.dates(early, evidence.cut))
    assert evidence.as_of(late).as_of(early).fingerprint() == evidence.as_of(early).fingerprint()


def test_cut_evidence_cannot_be_widened() -> None:
    """Evidence cut at a date refuses a later one."""
    with pytest.raises(BadInput, match="2010-01-02"):
        load_evidence().as_of(date(2010, 1, 1)).as_of(date(2010, 1, 2))


def test_election_night_is_not_known_beforehand() -> None:
    """On polling day the result is unknown, on the next day it is known."""
    evidence = load_evidence()
    assert evidence.as_of(date(2024, 7, 4)).contests["election_date"].max() == date(2019, 12, 12)
    assert evidence.as_of(date(2024, 7, 5)).contests["election_date"].max() == date(2024, 7, 4)


@pytest.mark.parametrize(
    ("day", "boundary_set"), [(date(2024, 7, 3), "2024"), (date(2016, 8, 22), "2010"), (date(2009, 5, 6), "2010")]
)
def test_the_eve_knows_the_seats_to_be_fought(day: date, boundary_set: str) -> None:
    """A forecast has the seats, hexagons and base votes of the boundaries it is for."""
    evidence = load_evidence().as_of(day)
    assert evidence.constituencies.filter(pl.col("boundary_set") == boundary_set).height == 650
    assert evidence.hexes.filter(pl.col("boundary_set") == boundary_set).height == 650
    assert evidence.notionals.filter(pl.col("boundary_set") == boundary_set)["constituency"].n_unique() == 650


@pytest.mark.parametrize("day", [date(1900, 1, 1), FIRST, date(2100, 1, 1)])
def test_date_outside_the_data_is_refused(day: date) -> None:
    """A date before there is evidence or after the newest gives bad input with the dates allowed."""
    with pytest.raises(BadInput, match=f"{day}: the data run from {FIRST} to "):
        load_evidence().as_of(day)


def test_evidence_has_every_table() -> None:
    """The fields of the evidence are the tables, by the same names."""
    names = {field.name for field in fields(load_evidence())}
    assert names - {"cut"} == set(schemas.TABLES)


def test_fingerprint_changes_with_the_evidence() -> None:
    """Other evidence has another fingerprint, the same evidence the same one."""
    evidence = load_evidence()
    assert evidence.fingerprint() == evidence.as_of(evidence.cut).fingerprint()
    assert evidence.fingerprint() != evidence.as_of(date(2010, 1, 1)).fingerprint()
