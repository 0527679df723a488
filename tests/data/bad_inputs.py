"""Files that must be refused, each with the sentence it gets: ``python -m tests.data.bad_inputs`` writes the sentences.

Numbers are those of the list of bad inputs the project is tested against; one number may have several cases.
"""

import csv
import io
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.errors import SelectorateError
from data.own.adding import add
from data.own.overlay import batches, remove
from tests.data.workbooks import figure, text, workbook

TODAY = date(2026, 11, 23)
GOLDEN = Path(__file__).parents[2] / "reports" / "bad_inputs.csv"
HEAD = "pollster,end_date,con,lab,lib,ref,grn\n"
ROW = "YouGov,2026-11-17,17,18,14,29,13\n"
OTHER = "Opinium,2026-11-13,19,20,12,28,12\n"
NET = "leader,question_family,end_date,positive,negative,net\n"
VOTES = "contest_id,date,party,kind,candidate,mp_votes,party_mps\n"
EVENTS = "leader,date,kind,mps,event\n"
HELD = {"con": "21", "lab": "23.5", "lib": "12", "ref": "21", "grn": "14"}
BOMB = workbook(text("A1", "pollster"), padding=30_000_000)
FAR = workbook(text("A1", "pollster"), text("XFD1048576", "x"))
FRACTIONS = workbook(
    "".join(text(f"{c}1", name) for c, name in zip("ABCD", ("pollster", "end_date", "con", "lab"), strict=True)),
    text("A2", "YouGov") + figure("B2", 46343, 1) + figure("C2", 0.17, 2) + figure("D2", 0.18, 2),
)


@dataclass(frozen=True)
class Case:
    """A bad input: its number, what it is, its file's name and content, the kind it is added as, its code."""

    number: int
    what: str
    name: str
    content: bytes | str
    code: str
    kind: str = "polls"


def poll(**changes: str) -> str:
    """One poll in CSV, with some cells changed or added."""
    row = {"pollster": "YouGov", "end_date": "2026-11-17", "con": "17", "lab": "18", "lib": "14", "ref": "29"}
    row |= {"grn": "13"} | changes
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row.keys(), row.values()])
    return out.getvalue()


CASES = [
    Case(1, "empty file", "polls.csv", "", "E101"),
    Case(1, "header only", "polls.csv", HEAD, "E101"),
    Case(2, "Latin-1", "polls.csv", (HEAD + ROW).replace("YouGov", "Époque").encode("latin-1"), "E102"),
    Case(2, "UTF-16", "polls.csv", (HEAD + ROW).encode("utf-16"), "E102"),
    Case(3, "ragged row", "polls.csv", HEAD + ROW + OTHER.strip() + ",5\n", "E103"),
    Case(3, "open quotation mark", "polls.csv", HEAD + '"' + ROW, "E103"),
    Case(3, "semicolons for commas", "polls.csv", (HEAD + ROW).replace(",", ";"), "E104"),
    Case(4, "duplicate header", "polls.csv", HEAD.replace("lib", "lab") + ROW, "E104"),
    Case(4, "one column under two names", "polls.csv", HEAD.replace("lib", "Labour") + ROW, "E104"),
    Case(4, "missing column", "polls.csv", "pollster,end_date,con\nYouGov,2026-11-17,17\n", "E116"),
    Case(5, "letter O for a nought", "polls.csv", poll(lab="3O"), "E105"),
    Case(5, "decimal comma", "polls.csv", poll(lab="18,5"), "E105"),
    Case(5, "missing figure where one is needed", "polls.csv", poll(lab="–"), "E116"),
    Case(6, "nan", "polls.csv", poll(lab="nan"), "E106"),
    Case(6, "inf", "polls.csv", poll(lab="inf"), "E106"),
    Case(6, "below 0", "polls.csv", poll(lab="-1"), "E106"),
    Case(6, "above 100", "polls.csv", poll(lab="101"), "E106"),
    Case(7, "shares sum to 130", "polls.csv", poll(lab="57"), "E107"),
    Case(7, "shares sum to 62", "polls.csv", poll(ref="0"), "E107"),
    Case(7, "fractions, as Excel keeps percentages", "polls.xlsx", FRACTIONS, "E107"),
    Case(8, "day and month unclear", "polls.csv", poll(end_date="01/02/2026"), "E108"),
    Case(8, "end before start", "polls.csv", poll(start_date="2026-11-18"), "E108"),
    Case(8, "future", "polls.csv", poll(end_date="2026-11-24"), "E108"),
    Case(8, "before the first election held", "polls.csv", poll(end_date="1955-05-25"), "E108"),
    Case(8, "published before its end", "polls.csv", poll(published="2026-11-16"), "E108"),
    Case(9, "unknown party", "polls.csv", poll(labor="18"), "E109"),
    Case(9, "misspelt pollster", "polls.csv", poll(pollster="YuoGov"), "E109"),
    Case(9, "unknown leader", "ratings.csv", NET + "Kier Starmer,satisfied,2026-03-01,20,70,-50\n", "E109", "ratings"),
    Case(9, "unknown question", "ratings.csv", NET + "Keir Starmer,likes,2026-03-01,20,70,-50\n", "E109", "ratings"),
    Case(10, "same poll twice", "polls.csv", HEAD + ROW + OTHER + ROW.replace("17,17", "18,17.5"), "E111"),
    Case(10, "poll held already", "polls.csv", poll(end_date="2026-09-22", **HELD), "E111"),
    Case(10, "base of the UK", "polls.csv", poll(area="UK"), "E112"),
    Case(10, "sample of 0", "polls.csv", poll(sample="0"), "E112"),
    Case(10, "sample of 10 million", "polls.csv", poll(sample="10,000,000"), "E112"),
    Case(
        10,
        "net of another kind",
        "ratings.csv",
        NET + "Keir Starmer,satisfied,2026-03-01,20,70,-56\n",
        "E117",
        "ratings",
    ),
    Case(10, "more votes than MPs", "mps.csv", VOTES + "x1,2026-03-01,lab,mp_ballot,A B,500,402\n", "E117", "mps"),
    Case(10, "no number of MPs", "mps.csv", VOTES + "x1,2026-03-01,lab,mp_ballot,A B,50,\n", "E116", "mps"),
    Case(10, "no votes at all", "mps.csv", VOTES + "x1,2026-03-01,lab,mp_ballot,A B,0,402\n", "E117", "mps"),
    Case(
        10, "misspelt candidate", "mps.csv", VOTES + "x1,2026-03-01,lab,mp_ballot,Kier Starmer,9,402\n", "E109", "mps"
    ),
    Case(
        10,
        "confidence in nobody",
        "mps.csv",
        VOTES + "x1,2026-03-01,lab,confidence_vote,no confidence,90,402\n",
        "E117",
        "mps",
    ),
    Case(
        10,
        "poll held without its pollster",
        "polls.csv",
        poll(end_date="2023-11-03", con="28", lab="44", lib="10", ref="7", grn="7"),
        "E111",
    ),
    Case(9, "unknown event", "events.csv", EVENTS + "Keir Starmer,2026-03-01,quarrels,5,a row\n", "E109", "events"),
    Case(
        10,
        "event of somebody else's time",
        "events.csv",
        EVENTS + "Keir Starmer,2019-03-01,letters,5,letters\n",
        "E117",
        "events",
    ),
    Case(
        10,
        "rating in somebody else's time",
        "ratings.csv",
        NET + "Keir Starmer,satisfied,1955-06-01,20,70,-50\n",
        "E117",
        "ratings",
    ),
    Case(
        6, "event without MPs", "events.csv", EVENTS + "Keir Starmer,2026-03-01,letters,0,letters\n", "E106", "events"
    ),
    Case(11, "formula for a figure", "polls.csv", poll(lab='=HYPERLINK("http://x")'), "E105"),
    Case(11, "formula for a name", "polls.csv", poll(client='=HYPERLINK("http://x")'), ""),
    Case(12, "NUL byte", "polls.csv", HEAD + ROW + "\0" + OTHER, "E102"),
    Case(12, "long field", "polls.csv", poll(client="x" * 5_000), "E113"),
    Case(12, "field of 1 MB", "polls.csv", poll(client="x" * 1_000_000), "E113"),
    Case(12, "20,000 rows", "polls.csv", HEAD + "A,2026-11-17,17,18,14,29,13\n" * 20_000, "E113"),
    Case(12, "invisible characters", "polls.csv", poll(client="a\u202eb"), "E105"),
    Case(12, "zip bomb", "polls.xlsx", BOMB, "E113"),
    Case(12, "cell at the far corner", "polls.xlsx", FAR, "E113"),
    Case(13, "CSV named .xlsx", "polls.xlsx", HEAD + ROW, "E114"),
    Case(13, "PNG named .csv", "polls.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "E114"),
    Case(13, "Excel named .csv", "polls.csv", FRACTIONS, "E114"),
    Case(13, "PDF named .csv", "polls.csv", b"%PDF-1.7\n", "E114"),
    Case(13, "half a workbook", "polls.xlsx", FRACTIONS[:700], "E114"),
    Case(15, "key set twice", "polls.json", '[{"lab": 30, "lab": 99}]', "E115"),
    Case(16, "NaN in JSON", "polls.json", '[{"lab": NaN}]', "E115"),
    Case(17, "100,000 brackets", "polls.json", "[" * 100_000, "E115"),
    Case(17, "number of 5,000 digits", "polls.json", "[" + "1" * 5_000 + "]", "E115"),
    Case(17, "rows within rows", "polls.json", '[{"lab": [30]}]', "E115"),
    Case(30, "page for a CSV", "polls.csv", "<!DOCTYPE html><html><body>Moved</body></html>", "E114"),
    Case(31, "29 February of no leap year", "polls.csv", poll(end_date="2026-02-29"), "E108"),
    Case(31, "time with the day", "polls.csv", poll(end_date="2026-03-29T01:30:00+01:00"), "E108"),
    Case(31, "fieldwork on polling day", "polls.csv", poll(end_date="2024-07-04"), "E108"),
    Case(35, "pickle", "polls.pkl", b"\x80\x04K\x01.", "E304"),
    Case(35, "pickle named .csv", "polls.csv", b"\x80\x04K\x01.", "E114"),
    Case(35, "NumPy", "polls.npy", b"\x93NUMPY\x01\x00", "E304"),
    Case(35, "YAML", "polls.yaml", "!!python/object/apply:os.system [ls]", "E304"),
]


def sentence(case: Case, folder: Path) -> str:
    """What a user reads who adds the file; the batch is removed again where the file is taken."""
    path = folder / case.name
    path.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    try:
        batch = add(case.kind, path, TODAY)
    except SelectorateError as error:
        return str(error)
    remove(batch.name)
    return f"added as {batch.name}"


def twice(folder: Path) -> str:
    """What a user reads who adds one file twice."""
    path = folder / "polls.csv"
    path.write_text(HEAD + ROW, encoding="utf-8")
    batch = add("polls", path, TODAY)
    try:
        return _refused(lambda: add("polls", path, TODAY))
    finally:
        remove(batch.name)


def strange_name(folder: Path) -> str:
    """What a user reads who removes a batch by a path."""
    return _refused(lambda: remove("../../x"))


def no_room(folder: Path) -> str:
    """What a user reads where a file stands in the place of the folder of own rows."""
    path, blocked = folder / "polls.csv", folder / "blocked"
    path.write_text(HEAD + ROW, encoding="utf-8")
    blocked.write_text("")
    home = os.environ["SELECTORATE_HOME"]
    os.environ["SELECTORATE_HOME"] = str(blocked)
    try:
        return _refused(lambda: add("polls", path, TODAY))
    finally:
        os.environ["SELECTORATE_HOME"] = home


def damaged(folder: Path) -> str:
    """What a user reads after a stored batch was changed."""
    path = folder / "polls.csv"
    path.write_text(HEAD + ROW, encoding="utf-8")
    batch = add("polls", path, TODAY)
    table = Path(os.environ["SELECTORATE_HOME"]) / "own" / batch.name / "poll_shares.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.18", "0.81"), encoding="utf-8")
    try:
        return _refused(lambda: add("mps", path.rename(folder / "mps.csv"), TODAY))
    finally:
        remove(batch.name)


STEPS: list[tuple[int, str, Callable[[Path], str]]] = [
    (10, "same file twice", twice),
    (21, "batch named by a path", strange_name),
    (23, "stored rows changed", damaged),
    (27, "nowhere to write", no_room),
]
"""Faults that need more than a file."""


def _refused(action: Callable[[], object]) -> str:
    try:
        action()
    except SelectorateError as error:
        return str(error)
    return "accepted"


def sentences(folder: Path) -> list[tuple[int, str, str]]:
    """Number, input and sentence of every case, sorted by number."""
    rows = [(case.number, case.what, sentence(case, folder)) for case in CASES]
    rows += [(number, what, step(folder)) for number, what, step in STEPS]
    return sorted(rows, key=lambda row: row[0])


def as_csv(rows: list[tuple[int, str, str]]) -> str:
    """The sentences as the golden file has them."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("number", "input", "sentence"), *rows])
    return out.getvalue()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        os.environ["SELECTORATE_HOME"] = str(Path(made) / "home")
        GOLDEN.write_text(as_csv(sentences(Path(made))), encoding="utf-8")
        assert batches() == []
