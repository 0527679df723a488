import re
from pathlib import Path

import pytest

TABLE = Path(__file__).parents[1] / "docs" / "products.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def rows() -> list[str]:
    text = TABLE.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| feature", "| ---"))]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.split("|")[1].strip()[:40])
def test_every_feature_is_shown_by_a_test(row: str, root: Path) -> None:
    """Each row of the table of features names a test that is there."""
    assert len(row.split("|")) == 6, row
    found = NAMED.findall(row.split("|")[4])
    assert found, row
    for file, name in found:
        text = (root / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, f"{file} has no {name}"
