from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data.errors import BadInput
from data.own.reading import read_rows, read_upload
from tests.data.bad_inputs import CASES, HEAD, ROW, Case

FORM = [case for case in CASES if case.kind == "polls" and case.name.endswith(".csv") and case.content is not None]


def _bytes(case: Case) -> bytes:
    return case.content if isinstance(case.content, bytes) else case.content.encode()


def _outcome(read: Callable[[], pl.DataFrame]) -> str:
    """Rows as text, or the sentences of the refusal."""
    try:
        return read().write_csv()
    except BadInput as error:
        return str(error)


@pytest.mark.parametrize("case", FORM, ids=lambda case: f"{case.number}-{case.what}")
def test_a_file_sent_is_judged_like_one_on_disk(case: Case, tmp_path: Path) -> None:
    """What a visitor sends gets the same rows or the same sentences as a file of that name added in a terminal."""
    path = tmp_path / case.name
    path.write_bytes(_bytes(case))
    assert _outcome(lambda: read_upload(case.name, _bytes(case))) == _outcome(lambda: read_rows(path)[0])


def test_only_csv_is_taken_from_a_browser() -> None:
    """A file of another type is refused by its name, and one that only calls itself CSV by what it holds."""
    with pytest.raises(BadInput, match=r"E304 polls.xlsx: only CSV is read here"):
        read_upload("polls.xlsx", b"PK\x03\x04")
    with pytest.raises(BadInput, match=r"E114 polls.csv: content is ZIP or Excel, expected CSV"):
        read_upload("polls.csv", b"PK\x03\x04")
    with pytest.raises(BadInput, match=r"E113 polls.csv: it is larger"):
        read_upload("polls.csv", (HEAD + ROW * 40_000).encode())
