"""Compilation of the poll tables: one poll once, dated, summed and known when it was; and the writing of tables."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import read_table
from data.compile import polls
from data.compile.common import raw_file, write_table
from data.compile.parties import parties_table
from data.compile.poll_counts import GROUPS, LEFT, counts
from data.compile.poll_merge import merge, without_pools, without_repeats
from data.compile.poll_sources import DEFAULTS, PARTIES, READERS, WIDE, read_source
from data.compile.pollbase import dated
from data.errors import BadInput
from data.load import tables_dir


def some_polls(*rows: Mapping[str, object]) -> pl.DataFrame:
    """Polls of one house in June 2011 with 40, 30 and 10 per cent, but for what each row says."""
    day = {"start_date": date(2011, 6, 1), "end_date": date(2011, 6, 2)}
    usual = {**DEFAULTS, **day, "source": "pollbase", "pollster": "ICM", "con": 0.4, "lab": 0.3, "lib": 0.1}
    return pl.DataFrame([{**dict.fromkeys(WIDE), **usual, **row} for row in rows], schema=pl.Schema(WIDE))


def sheet_row(month: str, fieldwork: str | None = None, published: str | None = None) -> dict[str, str | None]:
    """One row of a PollBase sheet of 1958."""
    row = {"month": month, "fieldwork": fieldwork, "published": published, "year": "1958"}
    return {**row, "first_day": None, "pollster": "Gallup"}


@pytest.mark.parametrize(
    ("row", "span", "published"),
    [
        (sheet_row("Jun", "3-9", "12"), (date(1958, 6, 3), date(1958, 6, 9)), date(1958, 6, 12)),
        (sheet_row("Dec", "28-2"), (date(1958, 12, 28), date(1959, 1, 2)), None),
        (sheet_row("Jun", "?-15"), (None, date(1958, 6, 15)), None),
        (sheet_row("Jun", "5-?"), (date(1958, 6, 5), date(1958, 6, 8)), None),
        (sheet_row("Jun", None, "22"), (None, date(1958, 6, 20)), date(1958, 6, 22)),
        (sheet_row("Jun"), (None, date(1958, 6, 15)), None),
        (sheet_row("", "Exit"), (None, None), None),
    ],
)
def test_fieldwork_texts_become_dates(
    row: dict[str, str | None], span: tuple[date | None, date | None], published: date | None
) -> None:
    """A fieldwork text, a day of publication or a bare month give the dates the module's docstring says."""
    assert dated([row]) == [(span, published)]


def test_the_order_of_a_sheet_settles_the_month() -> None:
    """Where a row names the month fieldwork ended in, the rows around it show it."""
    rows = [sheet_row("Oct", "19-26"), sheet_row("Dec", "24-4"), sheet_row("Dec", "17-30")]
    assert dated(rows)[1][0] == (date(1958, 11, 24), date(1958, 12, 4))


def test_a_poll_in_two_sources_is_one() -> None:
    """A row of the same house within two days and one point is joined: figures stay, gaps are filled."""
    base = some_polls({"grn": 0.05})
    other = some_polls({"source": "britpol", "con": 0.41, "sample": 1004, "end_date": date(2011, 6, 4)})
    both = merge(base, other)
    assert both.select("source", "con", "grn", "sample", "end_date").rows() == [
        ("pollbase+britpol", 0.4, 0.05, 1004, date(2011, 6, 2))
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"pollster": "MORI"},
        {"con": 0.42, "start_date": date(2011, 6, 2)},
        {"start_date": date(2011, 6, 4), "end_date": date(2011, 6, 5)},
    ],
)
def test_different_polls_stay_apart(row: dict[str, object]) -> None:
    """Another house, two points more or three days later make another poll."""
    assert len(merge(some_polls({}), some_polls({"source": "britpol", **row}))) == 2


def test_each_row_is_joined_once_and_closest_first() -> None:
    """Of two daily polls with equal figures each is joined with its own day, and a third row stays alone."""
    days = [{"start_date": date(2011, 6, day), "end_date": date(2011, 6, day)} for day in (1, 2, 3)]
    samples = merge(some_polls(*days[:2]), some_polls(*({**day, "sample": 900 + n} for n, day in enumerate(days))))
    assert samples.sort("end_date")["sample"].to_list() == [900, 901, 902]


def test_rows_without_pollster_join_equal_figures_of_any_house() -> None:
    """A scraped row takes part in the poll with the same parties in the same days, and else stands alone."""
    scraped = some_polls({"pollster": None, "snp": 0.03}, {"pollster": None, "con": 0.39})
    both = merge(some_polls({}), scraped, houses=False)
    assert both.select("pollster", "con", "snp").rows() == [("ICM", 0.4, 0.03), (None, 0.39, None)]


def test_questions_with_and_without_a_new_party_are_one_poll() -> None:
    """Two questions of one survey leave the ordinary one; two modes, or rows that tell neither, stay two polls."""
    asked = some_polls({"mode": "internet", "con": 0.35, "chuk": 0.1}, {"mode": "internet"})
    assert without_repeats(asked)["con"].to_list() == [0.4]
    assert len(without_repeats(some_polls({"mode": "phone"}, {"mode": "internet", "con": 0.42}))) == 2
    assert len(without_repeats(some_polls({}, {"con": 0.42}))) == 2


def test_a_reprint_without_its_own_dates_is_removed() -> None:
    """A row dated from its publication goes if the house has the same figures with dates in the same week."""
    reprint = {"exact": False, "start_date": None, "end_date": date(2011, 6, 6)}
    assert without_repeats(some_polls({}, reprint))["exact"].to_list() == [True]
    assert len(without_repeats(some_polls({}, {**reprint, "con": 0.41}))) == 2


def test_a_pool_of_polls_is_removed() -> None:
    """Fieldwork of three weeks that contains three polls of the house is their pool; one that contains two is not."""
    days = [{"start_date": date(2011, 6, day), "end_date": date(2011, 6, day + 1)} for day in (3, 9, 15)]
    pool = {"start_date": date(2011, 6, 1), "end_date": date(2011, 6, 21)}
    assert len(without_pools(some_polls(*days, pool))) == 3
    assert len(without_pools(some_polls(*days[:2], pool))) == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, None),
        ({"end_date": None}, "no date"),
        ({"end_date": date(2026, 9, 30)}, "outside the years held"),
        ({"start_date": date(2015, 5, 5), "end_date": date(2015, 5, 7)}, "fieldwork touches polling day"),
        ({"start_date": date(2015, 5, 5), "end_date": date(2015, 5, 9)}, "fieldwork touches polling day"),
        ({"sheet": "10-15"}, None),
        ({"sheet": "15-17"}, "filed under another parliament"),
        ({"oth": 0.22}, None),
        ({"oth": 0.23}, "sums above 1.02"),
        ({"grn": 0.02, "ref": 0.02}, "sums below 0.85 with all five parties"),
    ],
)
def test_unfit_polls_are_named(row: dict[str, object], reason: str | None) -> None:
    """A poll without date, across polling day, in the wrong parliament or with impossible shares is left out."""
    assert some_polls(row).select(polls.unfit()).item() == reason


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ({}, date(2011, 6, 3)),
        ({"published": date(2011, 6, 8)}, date(2011, 6, 8)),
        ({"published": date(2011, 5, 8)}, date(2011, 6, 3)),
        ({"end_date": date(2015, 5, 4), "published": date(2015, 5, 6)}, date(2015, 5, 4)),
        ({"end_date": date(2015, 5, 3), "published": date(2015, 5, 6)}, date(2015, 5, 6)),
        ({"end_date": date(2015, 5, 4), "exact": False, "published": date(2015, 5, 5)}, date(2015, 5, 5)),
        ({"end_date": date(2015, 5, 5), "exact": False, "published": date(2015, 5, 7)}, date(2015, 5, 6)),
        ({"end_date": date(2015, 5, 6), "exact": False}, date(2015, 5, 6)),
        ({"end_date": date(2015, 5, 6), "pollster": "Survation", "con": 0.37}, date(2015, 5, 8)),
        ({"end_date": date(2014, 1, 20), "pollster": "Lord Ashcroft", "con": 0.3}, date(2014, 3, 23)),
    ],
)
def test_known_on_is_publication_or_the_day_after(row: dict[str, object], known: date) -> None:
    """Publication, else the day after; the last of the last three days, if sure; later for polls held back."""
    assert polls.with_known_on(some_polls(row))["known_on"].item() == known


def test_poll_ids_are_readable_and_distinct() -> None:
    """Houses are spelt out, nations named, nameless polls and collisions numbered."""
    rows = some_polls({"pollster": "Redfield & Wilton"}, {}, {}, {"pollster": None, "area": "Scotland"})
    names = ["redfield-wilton", "icm", "icm-2", "scotland-unknown-1"]
    assert rows.select(polls.poll_id()).to_series().to_list() == [f"2011-06-02-{name}" for name in names]


def test_a_table_is_written_the_same_whatever_the_order(tmp_path: Path) -> None:
    """Rows in any order give the same bytes, and nothing else is left in the folder."""
    first = write_table("parties", parties_table(), tmp_path / "a").read_bytes()
    second = write_table("parties", parties_table().reverse(), tmp_path / "b").read_bytes()
    assert first == second
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["parties.csv"]


def test_a_table_that_breaks_its_schema_is_not_written(tmp_path: Path) -> None:
    """A doubled key is refused in one sentence, and no file appears."""
    doubled = pl.concat([parties_table(), parties_table()])
    with pytest.raises(BadInput, match="Table parties compiled from the raw files breaks its contract") as error:
        write_table("parties", doubled, tmp_path / "tables")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "tables").exists()


def test_a_missing_raw_file_is_named(tmp_path: Path) -> None:
    """The message names the file, the folder and what to do."""
    with pytest.raises(BadInput, match=r"Raw file polls/x\.csv is missing from .*--raw"):
        raw_file(tmp_path, "polls/x.csv")


def test_the_raw_files_give_the_shipped_tables(raw_sources: Path, tmp_path: Path) -> None:
    """Compiling the raw files again gives the shipped tables byte for byte."""
    for name, frame in polls.tables(raw_sources).items():
        assert write_table(name, frame, tmp_path).read_bytes() == (tables_dir() / f"{name}.csv").read_bytes(), name


def test_every_source_is_read(raw_sources: Path) -> None:
    """Each reader gives rows in the common columns, with shares as fractions."""
    for source in READERS:
        frame = read_source(raw_sources, source)
        assert frame.height > 0, source
        assert frame.schema == pl.Schema(WIDE), source
        assert frame.select(pl.max_horizontal(pl.col(PARTIES).max())).item() < 0.8, source


def test_the_workbook_holds_all_rows_of_its_csv_extraction(raw_sources: Path) -> None:
    """Every dated row of the CSV of PollBase from 1955 on is among the rows read from the workbook."""
    csv = pl.read_csv(raw_sources / "polls/pollbase_polls_1943_2020.csv", infer_schema_length=None)
    csv = csv.filter(pl.col("fieldwork_start").is_not_null() & ~pl.col("pollster").is_in(["Result", "MORI Q"]))
    old = pl.col("sheet").is_in(["43-45", "45-50", "50-51"])
    csv = csv.filter(~old).select("sheet", (pl.col("con", "lab") / 100).round(5))
    found = read_source(raw_sources, "pollbase").select("sheet", "con", "lab")
    counts = (
        csv.group_by(csv.columns)
        .len()
        .join(found.group_by(found.columns).len(), on=["sheet", "con", "lab"], how="left", suffix="_found")
    )
    assert counts.filter(pl.col("len") > pl.col("len_found").fill_null(0)).is_empty()


def test_every_row_read_is_kept_or_told_of(raw_sources: Path) -> None:
    """Rows read are kept or gone for a reason, in every parliament, and the kept ones are the shipped polls."""
    table = counts(raw_sources)
    assert table.filter(pl.sum_horizontal(GROUPS) != pl.sum_horizontal(*LEFT, "kept")).is_empty()
    assert table.select(pl.min_horizontal(pl.col(LEFT).min())).item() == 0
    assert table["kept"].sum() == read_table("polls").height
    gone = table.select(pl.col(LEFT).sum()).row(0, named=True)
    unfit = {"undated": 23, "polling_day": 5, "misfiled": 1, "sum_high": 1, "sum_low": 0}
    assert gone == {"joined": 6515, **unfit, "repeats": 30, "pools": 6}


def test_polls_are_counted_by_the_sheet_that_files_them(raw_sources: Path) -> None:
    """The rows of PollBase for each parliament are those counted by hand, one undated one of 1955 apart."""
    by_hand = [10, 74, 156, 66, 197, 180, 51, 177, 218, 312, 554, 405, 281, 306, 685, 2052, 271, 457, 165, 0]
    assert counts(raw_sources)["pollbase"].to_list() == [11, *by_hand[1:]]


def test_a_last_day_that_is_not_told_is_an_estimate() -> None:
    """PollBase's own doubt, a bare month or a first day alone make the last day an estimate; a range does not."""
    exact = dict(read_table("polls").select("poll_id", "end_exact").iter_rows())
    assert not exact["1992-04-28-ipsos"]  # printed 25-28?
    assert not exact["1981-03-02-gallup"]  # printed 28-2 or 11-16
    assert not exact["2022-09-29-deltapoll"]  # first day only
    assert exact["1979-04-18-marplan"]  # printed 17-18
    assert sum(not told for told in exact.values()) == 1093
