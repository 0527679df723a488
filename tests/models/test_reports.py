"""The track record read back, and what its fingerprint depends on."""

from pathlib import Path

import pytest

from data.errors import BadInput, DamagedArtefact
from models.fingerprint import code_hash, made_with
from models.reports import SUMMARY, TABLE, read_report


def test_no_record_is_told(tmp_path: Path) -> None:
    """A folder without a record says how to make one."""
    with pytest.raises(BadInput, match="selectorate backtest"):
        read_report(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"), [(SUMMARY, "[1, 2"), (SUMMARY, "[]"), (SUMMARY, "{}"), (TABLE, "a,b\n1,2\n"), (TABLE, None)]
)
def test_a_damaged_record_is_told(name: str, text: str | None, tmp_path: Path) -> None:
    """A file cut short, of another shape or gone is a damaged artefact, and never half a record."""
    whole = {
        TABLE: "election_date,lead_days,variant,metric,party,value\n2019-12-12,1,full,vote_mae,,0.02\n",
        SUMMARY: '{"made_with": {"code": "a", "tables": "b"}}',
    }
    for file, content in (whole | {name: text}).items():
        if content is not None:
            (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(DamagedArtefact, match="make backtest"):
        read_report(tmp_path)


def test_comments_make_no_other_code(tmp_path: Path) -> None:
    """Comments, docstrings and line breaks leave the hash as it is; a number does not."""
    one, two, three = (tmp_path / name / "a.py" for name in "xyz")
    for path, text in (
        (one, '"""Says this."""\n\nX = 1  # one\n\n\ndef f(a, b):\n    """Add."""\n    return a + b + X\n'),
        (two, '"""Says that."""\nX = 1\ndef f(\n    a, b\n):\n    # sum\n    return a + b + X\n'),
        (three, '"""Says this."""\n\nX = 2  # one\n\n\ndef f(a, b):\n    """Add."""\n    return a + b + X\n'),
    ):
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    assert code_hash([one]) != code_hash([three])
    assert code_hash([one]) == code_hash([two])
    assert set(made_with()) == {"code", "tables"}
