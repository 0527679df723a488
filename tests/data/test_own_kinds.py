"""Own rows of each kind: what is taken, what is refused, and what repeats a row held."""

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import load
from data.compile.common import write_table
from data.errors import BadInput
from data.load import evidence_from, left_out, load_evidence, read_table, tables_dir
from data.own.adding import READERS, add
from data.own.cells import OLDEST
from data.own.kinds import MEANING, Kind
from data.own.overlay import own_tables, remove
from data.schemas import TABLES
from models.mp_model import prior_habits
from models.mps import backing
from tests.data.bad_inputs import HEAD, OTHER, ROW, TODAY, poll

MPS = "contest_id,date,party,kind,candidate,mp_votes,party_mps\n"


def written(folder: Path, content: str, name: str = "mine.csv") -> Path:
    """A file with some content."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_ratings_are_added(tmp_path: Path) -> None:
    """A rating takes the party of its leader and the difference of its figures."""
    text = "leader,question_family,end_date,pollster,positive,negative,net\n"
    text += "keir starmer,favourable,2026-03-01,YouGov,20,71,−51\nKemi Badenoch,favourable,2026-03-01,Acme,,,-9\n"
    batch = add("ratings", written(tmp_path, text), TODAY)
    rows = own_tables()["leader_ratings"].select("leader", "party", "net", "known_on").rows()
    assert rows == [("Keir Starmer", "lab", -51.0, date(2026, 3, 2)), ("Kemi Badenoch", "con", -9.0, date(2026, 3, 2))]
    assert load_evidence().n_own() == batch.rows
    with pytest.raises(BadInput, match=r"E111 .*held already"):
        add("ratings", written(tmp_path, text + "\n", "again.csv"), TODAY)


def test_votes_of_mps_are_added(tmp_path: Path) -> None:
    """Votes of MPs are known on their day; a round held already is added to the new rows' votes."""
    text = "contest_id,date,party,kind,candidate,mp_votes,party_mps\n"
    add("mps", written(tmp_path, text + "x2026,2026-10-01,Labour,mp_ballot,A B,300,402\n"), TODAY)
    assert own_tables()["mp_contests"].select("party", "round", "known_on").row(0) == ("lab", 1, date(2026, 10, 1))
    with pytest.raises(BadInput, match=r"E117 .*403 votes, and a row with 402 MPs"):
        add("mps", written(tmp_path, text + "x2026,2026-10-01,lab,mp_ballot,C D,103,402\n", "b.csv"), TODAY)


@pytest.mark.parametrize(
    ("leader", "day", "taken"),
    [
        ("Keir Starmer", "1955-06-01", False),
        ("Rishi Sunak", "2024-11-02", True),
        ("Rishi Sunak", "2024-11-03", False),
        ("Andy Burnham", "2025-09-01", True),
    ],
)
def test_a_rating_is_of_a_leader_of_that_day(leader: str, day: str, taken: bool, tmp_path: Path) -> None:
    """A rating of somebody who led no party that day is refused, but for the two rated before they led."""
    file = written(tmp_path, f"leader,pollster,question_family,end_date,net\n{leader},Acme,favourable,{day},-9\n")
    if taken:
        assert add("ratings", file, TODAY).rows == 1
        return
    with pytest.raises(BadInput, match=f"E117 .*{leader} led no party on {day}"):
        add("ratings", file, TODAY)


def test_the_oldest_row_is_of_the_first_election() -> None:
    """No own row is older than the first election held."""
    assert read_table("elections")["election_date"].min() == OLDEST


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("x,2026-10-01,lab,mp_ballot,A B,5,\n", "E116 .*column party_mps"),
        ("x,2026-10-01,lab,mp_ballot,A B,0,402\nx,2026-10-01,lab,mp_ballot,C D,0,402\n", "E117 .*0 for everyone"),
        ("x,2026-10-01,lab,mp_ballot,Andy Burnam,5,402\n", 'E109 .*Did you mean "Andy Burnham"'),
        ("x,2026-10-01,lab,confidence_vote,Keir Starmer,5,402\n", "E117 .*did not lead lab on 2026-10-01"),
        ("x,2026-10-01,lab,confidence_vote,no confidence,5,402\n", "E117 .*Andy Burnham, has no row"),
        ("x,1901-10-01,lab,confidence_vote,no confidence,5,402\n", "E108"),
        ("x,2026-10-01,yp,confidence_vote,A B,5,6\n", "E117 .*(no leader of yp|did not lead yp)"),
    ],
)
def test_votes_of_mps_that_no_model_could_read_are_refused(rows: str, said: str, tmp_path: Path) -> None:
    """No number of MPs, a round of no votes, a misspelt leader, and confidence in nobody in office are refused."""
    with pytest.raises(BadInput, match=said):
        add("mps", written(tmp_path, MPS + rows), TODAY)


def test_a_vote_of_confidence_reaches_the_model(tmp_path: Path) -> None:
    """An own vote of confidence, its names in any capitals, is what the backing of that leader is read from."""
    rows = (
        "x,2026-10-01,lab,confidence_vote,andy burnham,300,402\nx,2026-10-01,lab,confidence_vote,No Confidence,99,402\n"
    )
    add("mps", written(tmp_path, MPS + rows), TODAY)
    row = backing(load_evidence(), prior_habits()).row(by_predicate=pl.col("party") == "lab", named=True)
    assert row["support"] == pytest.approx(300 / 402, abs=0.03)
    assert row["margin"] == pytest.approx(201 / 402)
    assert row["basis"].startswith("confidence vote of 2026-10-01: 300 of 402")


def test_events_of_mps_are_added(tmp_path: Path) -> None:
    """An event takes the party of the leader of that day, costs her support, and cannot be added twice."""
    before = _support_of_labours()
    text = "leader,date,kind,mps,event\nandy burnham,2026-10-01,Resignations,3,three junior ministers\n"
    add("events", written(tmp_path, text), TODAY)
    found = own_tables()["mp_events"].select("leader", "party", "mps", "known_on").row(0)
    assert found == ("Andy Burnham", "lab", 3, date(2026, 10, 1))
    assert load_evidence().mp_events["source"].str.starts_with("own: ").sum() == 1
    assert load_evidence().n_own() == 1
    assert _support_of_labours() < before
    with pytest.raises(BadInput, match=r"E111 .*held already"):
        add("events", written(tmp_path, text + "\n", "again.csv"), TODAY)


def _support_of_labours() -> float:
    """Support of Labour's leader on the newest data."""
    row = backing(load_evidence(), prior_habits()).row(by_predicate=pl.col("party") == "lab", named=True)
    return float(row["support"])


def test_every_kind_has_its_reader() -> None:
    """Kinds are listed once, and each has a meaning and a reader whose tables exist."""
    assert set(READERS) == set(MEANING) == set(Kind)
    assert all(name in TABLES for _, names in READERS.values() for name in names)


def test_a_poll_held_without_its_pollster_is_a_repeat(tmp_path: Path) -> None:
    """Where a shipped poll names no pollster, all shares must agree to a point for an own poll to be a repeat of it."""
    same = {"end_date": "2023-11-03", "con": "28.5", "lab": "44", "lib": "10", "ref": "7", "grn": "6.5"}
    with pytest.raises(BadInput, match=r"E111 .*2023-11-02-unknown-2, held already: its pollster is not known"):
        add("polls", written(tmp_path, poll(**same)), TODAY)
    other = same | {"ref": "4", "lib": "13"}
    assert add("polls", written(tmp_path, poll(**other)), TODAY).rows == 1


def later_release(folder: Path, own: dict[str, pl.DataFrame]) -> Path:
    """Tables of a release that ships some own rows, under keys and from sources of its own."""
    shutil.copytree(tables_dir(), folder)
    for name, rows in own.items():
        ids = {key: pl.lit("9999-01-01-shipped") for key in ("poll_id", "rating_id") if key in rows.columns}
        source = {"source": pl.lit("a page")} if "source" in rows.columns else {}
        shipped = pl.concat([read_table(name), rows.with_columns(**ids, **source)])
        write_table(name, shipped, folder)
    return folder


@pytest.mark.parametrize(
    ("kind", "head", "rows"),
    [
        ("polls", HEAD, (ROW, OTHER)),
        (
            "ratings",
            "leader,question_family,end_date,pollster,net\n",
            ("Kemi Badenoch,favourable,2026-03-01,Acme,-9\n", "Kemi Badenoch,favourable,2026-03-01,,-9\n"),
        ),
        ("mps", MPS, ("x,2026-10-01,lab,mp_ballot,A B,300,402\n", "x,2026-10-01,lab,mp_ballot,C D,20,402\n")),
        (
            "events",
            "leader,date,kind,mps,event\n",
            ("Andy Burnham,2026-10-01,resignations,3,x\n", "Andy Burnham,2026-10-01,letters,9,x\n"),
        ),
    ],
)
@pytest.mark.parametrize("shipped", [0, 1])
def test_an_own_row_that_is_shipped_by_now_is_left_out(
    kind: str, head: str, rows: tuple[str, str], shipped: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a later release holds one of two own rows, the evidence has it once, and it is counted for its batch."""
    first = add(kind, written(tmp_path, head + rows[shipped]), TODAY)
    own = own_tables()
    remove(first.name)
    batch = add(kind, written(tmp_path, head + "".join(rows)), TODAY)
    assert left_out() == {}
    folder = later_release(tmp_path / "tables", own)
    evidence = evidence_from(folder, own_tables())
    for name in own:
        assert getattr(evidence, name).height == read_table(name, folder).height + own[name].height
    monkeypatch.setattr(load, "tables_dir", lambda: folder)
    load._left_out.cache_clear()
    try:
        assert left_out() == {batch.name: 1}
    finally:
        load._left_out.cache_clear()


def test_a_vote_held_under_another_name_is_refused(tmp_path: Path) -> None:
    """Whatever the user calls a contest, a vote of MPs that is held already is the same vote."""
    rows = MPS + "mine,2018-12-12,con,confidence_vote,Theresa May,200,317\n"
    with pytest.raises(BadInput, match="held already"):
        add("mps", written(tmp_path, rows), TODAY)


def test_a_rating_from_before_anybody_rated_her_is_refused(tmp_path: Path) -> None:
    """Who was rated before she led is taken from the first such rating on, and no earlier."""
    head = "leader,question_family,end_date,pollster,net\n"
    add("ratings", written(tmp_path, head + "Andy Burnham,favourable,2025-12-01,Acme,4\n"), TODAY)
    with pytest.raises(BadInput, match="only leaders in office"):
        add("ratings", written(tmp_path, head + "Andy Burnham,favourable,1960-01-01,Acme,4\n", "b.csv"), TODAY)


def test_a_poll_that_ended_today_is_known_today(tmp_path: Path) -> None:
    """No own row is known later than the day it is added."""
    add("polls", written(tmp_path, poll(end_date=TODAY.isoformat())), TODAY)
    text = f"leader,question_family,end_date,net\nKemi Badenoch,favourable,{TODAY},-9\n"
    add("ratings", written(tmp_path, text, "b.csv"), TODAY)
    assert [own_tables()[name]["known_on"].item() for name in ("polls", "leader_ratings")] == [TODAY, TODAY]


def test_own_rows_are_no_unverified_rows(tmp_path: Path) -> None:
    """Own rows are counted as own, not a second time among the rows that could not be checked."""
    before = load_evidence().unverified()
    add("polls", written(tmp_path, HEAD + ROW), TODAY)
    assert load_evidence().unverified() == before


def test_what_is_allowed_is_listed_once(tmp_path: Path) -> None:
    """A list of allowed words stands in the first sentence that needs it; later ones point to it."""
    text = "leader,question_family,end_date,net\n" + "Kemi Badenoch,xyzzy,2026-03-01,-9\n" * 3
    with pytest.raises(BadInput) as caught:
        add("ratings", written(tmp_path, text), TODAY)
    lines = str(caught.value).splitlines()
    assert "Allowed: satisfied, " in lines[0]
    assert [line.endswith("Allowed: as said above.") for line in lines] == [False, True, True]
