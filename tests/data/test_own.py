import csv
import io
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.errors import BadInput, DamagedArtefact
from data.load import load_evidence
from data.own import overlay, place
from data.own.adding import add
from data.own.overlay import batches, own_tables, remove, stamp
from data.own.place import LOCK, folder
from tests.data.bad_inputs import CASES, GOLDEN, HEAD, OTHER, ROW, STEPS, TODAY, Case, as_csv, poll, sentence, sentences


def written(folder: Path, content: str, name: str = "my polls.csv") -> Path:
    """A file with some content."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number} {case.what}")
def test_bad_input_gets_its_code(case: Case, tmp_path: Path) -> None:
    """Each bad input is refused in one line that begins with its code and names no folder, and nothing is stored."""
    said = sentence(case, tmp_path)
    assert said.startswith(f"{case.code} {case.name}" if case.code else "added as polls-")
    assert "\n" not in said
    assert str(tmp_path) not in said
    assert batches() == []


def test_sentences_are_those_reported(tmp_path: Path) -> None:
    """The report of bad inputs holds exactly what a user reads today."""
    assert as_csv(sentences(tmp_path)) == GOLDEN.read_text(encoding="utf-8")
    assert len(CASES) + len(STEPS) >= 35


def test_polls_are_added_beside_the_shipped_ones(tmp_path: Path) -> None:
    """Own polls enter the evidence, marked as own and unverified, and leave it when their batch is removed."""
    before = load_evidence()
    batch = add("polls", written(tmp_path, HEAD + ROW + OTHER), TODAY)
    after = load_evidence()
    own = after.polls.filter(pl.col("source").str.starts_with(overlay.OWN))
    assert own.height == batch.rows == after.n_own() == 2
    assert own["poll_id"].to_list() == [f"own-{batch.name}-row2", f"own-{batch.name}-row3"]
    assert own["source"].unique().to_list() == ["own: my polls.csv"]
    assert not own["verified"].any()
    assert own["known_on"].to_list() == [date(2026, 11, 18), date(2026, 11, 14)]
    remove(batch.name)
    assert load_evidence().fingerprint() == before.fingerprint()


def test_figures_are_read_as_pollsters_print_them(tmp_path: Path) -> None:
    """Per cent signs, "<1", an asterisk and names of parties are understood; a dash is missing, never zero."""
    text = "Pollster,End date,Conservative,Labour,Lib Dem,Reform UK,Greens,SNP,Plaid,Other,Sample\n"
    text += 'yougov,2026-11-17,17%,18,14,29,13,<1,*,–,"2,204"\n'
    add("polls", written(tmp_path, text), TODAY)
    found = own_tables()
    shares = dict(found["poll_shares"].select("party", "share").iter_rows())
    assert shares == {
        "con": 0.17, "lab": 0.18, "lib": 0.14, "ref": 0.29, "grn": 0.13, "snp": 0.005, "plaid": 0.0025,
    }  # fmt: skip
    assert found["polls"].select("pollster", "sample").row(0) == ("YouGov", 2204)


def test_a_poll_of_the_eve_is_known_that_day(tmp_path: Path) -> None:
    """A poll that ends in the last three days before an election is known on its last day, unless it says when."""
    rows = poll(pollster="Acme", end_date="2019-12-11") + poll(pollster="Bolt", end_date="2019-12-11").split("\n")[1]
    add("polls", written(tmp_path, rows), TODAY)
    add(
        "polls", written(tmp_path, poll(end_date="2019-12-08", pollster="Acme", published="2019-12-15"), "b.csv"), TODAY
    )
    assert own_tables()["polls"]["known_on"].to_list() == [date(2019, 12, 15), date(2019, 12, 11), date(2019, 12, 11)]


def test_json_and_csv_say_the_same(tmp_path: Path) -> None:
    """The same polls in JSON and in CSV give the same rows, but for the name of their batch."""
    add("polls", written(tmp_path, poll(sample="1000")), TODAY)
    first = own_tables()["polls"].drop("poll_id", "source")
    remove(batches()[0].name)
    rows = '[{"pollster": "YouGov", "end_date": "2026-11-17", "con": 17, "lab": 18.0, "lib": 14, "ref": 29, "grn": 13'
    add("polls", written(tmp_path, rows + ', "sample": 1000, "mode": null}]', "a.json"), TODAY)
    assert own_tables()["polls"].drop("poll_id", "source").equals(first)


def test_two_commands_at_once_do_not_both_store_a_poll(tmp_path: Path) -> None:
    """Of two files with the same poll added at the same moment, one is stored and the other refused as a repeat."""
    code = (
        "import sys, datetime, pathlib\nfrom data.own.adding import add\nfrom data.errors import BadInput\n"
        "try:\n    add('polls', pathlib.Path(sys.argv[1]), datetime.date(2026, 11, 23))\n"
        "except BadInput as error:\n    print(error)\n"
    )
    files = [written(tmp_path, HEAD + ROW + "\n" * n, f"{n}.csv") for n in (1, 2)]
    runs = [
        subprocess.Popen([sys.executable, "-c", code, file], cwd=GOLDEN.parents[1], stdout=subprocess.PIPE, text=True)
        for file in files
    ]
    said = sorted(run.communicate()[0][:4] for run in runs)
    assert said == ["", "E111"]
    assert len(batches()) == 1


def test_a_folder_held_too_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another command holds the folder, the user reads so after a while, and nothing is stored."""
    monkeypatch.setattr(place, "LONGEST_WAIT", 0.01)
    with place.locked(), pytest.raises(BadInput, match=r"E310 another command"):
        add("polls", written(tmp_path, HEAD + ROW), TODAY)
    assert batches() == []


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    """Every fault has its line, twenty are shown and the rest counted, and nothing is stored."""
    rows = "".join(f"House {i},2026-11-17,1O,18,14,29,13\n" for i in range(25))
    with pytest.raises(BadInput) as caught:
        add("polls", written(tmp_path, HEAD + rows), TODAY)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[1].startswith("E105 my polls.csv, row 3, column con: ")
    assert lines[-1] == "... and 5 more."
    assert batches() == []


def test_a_text_is_kept_as_text(tmp_path: Path) -> None:
    """A name that a spreadsheet would take for a formula is stored letter by letter."""
    add("polls", written(tmp_path, poll(client="=1+1")), TODAY)
    assert own_tables()["polls"]["client"].to_list() == ["=1+1"]


def test_stamp_follows_the_rows(tmp_path: Path) -> None:
    """The stamp is empty without rows, changes with each batch, and is the same for the same rows another day."""
    assert stamp() == ""
    first = written(tmp_path, HEAD + ROW)
    name = add("polls", first, TODAY).name
    one = stamp()
    other = add("polls", written(tmp_path, HEAD + OTHER, "other.csv"), TODAY)
    assert stamp() not in {"", one}
    remove(other.name)
    remove(name)
    add("polls", first, date(2026, 11, 24))
    assert stamp() == one


@pytest.mark.parametrize(
    "name", ["../x", "/etc", ".", "..", "", ".aside-1", "CON", "my-polls-0000000", "a\0b", "x" * 300]
)
def test_no_name_leads_outside(name: str, tmp_path: Path) -> None:
    """What is not the name of a batch removes nothing."""
    batch = add("polls", written(tmp_path, HEAD + ROW), TODAY)
    with pytest.raises(BadInput, match="E118"):
        remove(name)
    assert [found.name for found in batches()] == [batch.name]


@pytest.mark.parametrize("name", ["..x.csv", "CON.csv", "名前.csv", "-.csv", "a" * 200 + ".csv", "$(ls) \u202e.csv"])
def test_batches_have_plain_names(name: str, tmp_path: Path) -> None:
    """Whatever a file is called, its batch has a short name of plain letters inside the folder of own rows."""
    batch = add("polls", written(tmp_path, HEAD + ROW, name), TODAY)
    assert overlay._NAME.fullmatch(batch.name)
    assert (folder() / batch.name).resolve().parent == folder().resolve()


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link in place of a batch is no batch, and a link in place of its table is damage."""
    batch = add("polls", written(tmp_path, HEAD + ROW), TODAY)
    home = folder() / batch.name
    (folder() / "linked-01234567").symlink_to(home, target_is_directory=True)
    assert [found.name for found in batches()] == [batch.name]
    (home / "polls.csv").rename(tmp_path / "moved.csv")
    (home / "polls.csv").symlink_to(tmp_path / "moved.csv")
    with pytest.raises(DamagedArtefact, match=f"E302 .*{batch.name}"):
        own_tables()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"name": "x"}', None])
def test_a_damaged_description_is_named_and_can_be_removed(content: bytes | None, tmp_path: Path) -> None:
    """A batch whose description is damaged stops the reading with its name, and can be removed."""
    batch = add("polls", written(tmp_path, HEAD + ROW), TODAY)
    card = folder() / batch.name / overlay.CARD
    card.unlink() if content is None else card.write_bytes(content)
    with pytest.raises(DamagedArtefact, match=f"E302 .*selectorate data remove {batch.name}"):
        batches()
    assert remove(batch.name).kind == "unknown"
    assert batches() == []


@pytest.mark.parametrize("broken", [1, 2, 3, 4])
def test_a_full_disk_leaves_nothing(broken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk fills at any of the renames, the user reads so, and no part of a batch is left."""
    renames, real = 0, os.replace

    def full(source: str, target: str) -> None:
        nonlocal renames
        renames += 1
        if renames == broken:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BadInput, match=r"E310 .*No space left on device"):
        add("polls", written(tmp_path, HEAD + ROW), TODAY)
    assert {path.name for path in folder().iterdir()} <= {LOCK}


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_kill_leaves_no_half_batch(step: int, tmp_path: Path, own_store: Path) -> None:
    """A process killed before any of the renames leaves no batch, and the file can be added afterwards."""
    path = written(tmp_path, HEAD + ROW)
    code = (
        "import os, signal, sys, datetime, pathlib\nfrom data.own.adding import add\nreal, seen = os.replace, []\n"
        "def killed(a, b):\n    seen.append(a)\n"
        f"    if len(seen) == {step}: os.kill(os.getpid(), signal.SIGKILL)\n    real(a, b)\n"
        "os.replace = killed\nadd('polls', pathlib.Path(sys.argv[1]), datetime.date(2026, 11, 23))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=GOLDEN.parents[1], check=False)
    assert done.returncode == -signal.SIGKILL
    assert any(own_store.joinpath("own").iterdir())
    assert batches() == []
    assert stamp() == ""
    assert add("polls", path, TODAY).rows == 1


def test_the_largest_file_allowed_is_read_whole(tmp_path: Path) -> None:
    """Every row of it is stored."""
    out = io.StringIO()
    rows = [(f"House {i:04}", f"2026-{1 + i % 9:02}-17", 17, 18, 14, 29, 13) for i in range(9_999)]
    csv.writer(out).writerows([HEAD.strip().split(","), *rows])
    assert add("polls", written(tmp_path, out.getvalue()), TODAY).rows == 9_999
