import re
from itertools import pairwise
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {"products.md": 4, "libraries.md": 6}
"""The pages that set ours beside what others offer, and the columns of their tables; the last two are ours."""
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
LACKING = "not here: "


def rows() -> list[tuple[str, list[str]]]:
    """Page and cells of every row, headings left out."""
    found = []
    for page in PAGES:
        lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
        for before, line in pairwise(lines):
            if before.startswith("| ") and line.startswith("| ") and not line.startswith("| ---"):
                found.append((page, [cell.strip() for cell in line.strip("| ").split(" | ")]))
    return found


@pytest.mark.parametrize(
    ("page", "cells"), rows(), ids=lambda value: value if isinstance(value, str) else value[0][:40]
)
def test_every_feature_is_shown_by_a_test(page: str, cells: list[str], root: Path) -> None:
    """Each row of the tables names a test that is there, or says why the thing is not."""
    assert len(cells) == PAGES[page], cells
    assert all(cells), cells
    *_, here, shown = cells
    found = NAMED.findall(shown)
    if here.startswith(LACKING):
        assert (shown, len(here) > len(LACKING)) == ("none", True)
        return
    assert found, cells
    for file, name in found:
        text = (root / file).read_text(encoding="utf-8")
        assert not name or re.search(rf"^def {name}\(", text, re.M), f"{file} has no {name}"


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_read(page: str) -> None:
    """Each page has its rows, and no feature twice, so that an empty table cannot pass."""
    features = [cells[0] for name, cells in rows() if name == page]
    assert len(features) > 30
    assert len(set(features)) == len(features)
