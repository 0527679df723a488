import ast
import json
import pickle
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xarray as xr
from streamlit.testing.v1 import AppTest

from views import words

ENTRY = (Path(__file__).parents[2] / "app.py").read_text(encoding="utf-8")
PAGES = [name.replace("seat_map", "map") for name in re.findall(r"st\.Page\((\w+)\.show", ENTRY)]
RAW_MARKUP = {"st.html", "st.iframe", "st.components"}
NAME = "<script>document.title='taken'</script>**bold**[x](http://evil.example)\u202egnorw"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)


def netcdf(folder: Path) -> bytes:
    """A small file of the kind forecasts are stored in."""
    path = folder / "draws.nc"
    xr.Dataset({"x": ("draw", np.zeros(4))}).to_netcdf(path, engine="h5netcdf")
    return path.read_bytes()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Contents that no box for files may take, whatever the file is called."""
    return {
        "picture": PNG,
        "two megabytes": json.dumps({"name": "x" * 2_000_000}).encode(),
        "netCDF": netcdf(tmp_path_factory.mktemp("hostile")),
        "pickle": pickle.dumps({"parties": {}}),
        "nothing": b"",
        "markup": b"<html><script>alert(1)</script></html>",
        "brackets": b"[" * 50_000,
        "twice": b'{"tactical": 1.0, "tactical": 0.0}',
    }


def boxes(root: Path) -> set[str]:
    """Where the pages draw a box for files: module and line."""
    return {
        f"{path.stem}:{node.lineno}"
        for path in (root / "views").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.file_uploader"
    }


def key(box: Any) -> str:
    """Key of a box."""
    return str(box.proto.id).rpartition("-")[2]


def given(app: AppTest, wanted: str, content: bytes) -> AppTest:
    """Give one box a file with the ending it asks for."""
    box: Any = next(box for box in app.file_uploader if key(box) == wanted)
    assert box.allowed_type in (["json"], [".json"], ["csv"], [".csv"])
    ending = box.allowed_type[0].removeprefix(".")
    box.set_value([(f"file.{ending}", content, "application/octet-stream")])
    return app.run()


@pytest.mark.usefixtures("stored")
def test_every_box_for_files_is_tried(root: Path, pages: ModuleType) -> None:
    """The pages hold every box for files there is in the code, each for CSV or JSON and at most a megabyte."""
    found = {key(box): box for page in PAGES for box in pages.start(page).file_uploader}
    assert len(found) == len(boxes(root)) > 0
    for box in found.values():
        assert {kind.removeprefix(".") for kind in box.allowed_type} <= {"csv", "json"}
        assert box.proto.max_upload_size_mb == 1


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("page", PAGES)
def test_hostile_files_are_refused(page: str, pages: ModuleType, hostile: dict[str, bytes]) -> None:
    """A picture, a netCDF, a pickle or 2 MB under the right ending is refused in a sentence, and changes nothing."""
    app = pages.start(page)
    assert not app.exception
    before = pages.alternatives(app)
    shared = set() if page == "scenario" else {"sc_upload"}  # the panel's own is the same on every page
    for wanted in [key(box) for box in app.file_uploader if key(box) not in shared]:
        for kind, content in hostile.items():
            given(app, wanted, content)
            assert not app.exception, kind
            said = [error.value for error in app.error]
            assert len(said) == 1, (kind, said)
            assert re.search(r"[a-z]", said[0]), kind
            assert len(said[0]) < 400, kind
            assert not re.search(r"Traceback|Error\b|/\w+/\w+|0x[0-9a-f]{6}", said[0]), (kind, said)
            assert pages.alternatives(app) == before, kind


@pytest.mark.usefixtures("stored")
def test_two_visitors_keep_their_own_scenario(pages: ModuleType) -> None:
    """Two sessions, run by turns with different scenarios, each see their own answer and never the other's."""
    one, other = pages.start("scenario"), pages.start("scenario")
    base = pages.texts(one)
    one.slider(key="sc_lab_favourability").set_value(60.0).run()
    assert pages.texts(other.run()) == base
    other.slider(key="sc_lab_favourability").set_value(-60.0).run()
    mine, theirs = pages.texts(one), pages.texts(other)
    assert len({base, mine, theirs}) == 3
    for _ in range(2):
        assert pages.texts(one.run()) == mine
        assert pages.texts(other.run()) == theirs
    assert one.slider(key="sc_lab_favourability").value == 60.0


@pytest.mark.usefixtures("stored")
def test_hostile_names_are_shown_as_written(pages: ModuleType) -> None:
    """Markup, Markdown and marks of direction in a scenario's name come out as letters, or not at all."""
    app = pages.start("compare")
    scenario = json.dumps({"name": NAME, "parties": {"lab": {"share_shift": 0.05}}})
    app = given(app, next(key(box) for box in app.file_uploader if box.accept_multiple_files), scenario.encode())
    assert not app.exception
    assert not app.error
    kinds = (app.markdown, app.caption, app.subheader)
    written = [element.value for kind in kinds for element in kind if "script" in element.value]
    assert written
    for text in written:
        assert r"\<script\>" in text
        assert "<script" not in text.replace(r"\<script", "")
        assert "**bold**" not in text
        assert "[x](" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize("mark", ["\u202e", "\u2067", "\u200f", "\u061c", "\x00", "\x1b", "\u200b"])
def test_safe_text_has_no_hidden_marks(mark: str) -> None:
    """Marks that turn the direction of what follows, and other signs that cannot be seen, are dropped."""
    assert words.safe(f"Lab{mark}our") == "Labour"


def test_pages_have_no_way_to_raw_markup(root: Path) -> None:
    """No page draws HTML, a frame or a component of its own, by whatever name."""
    found = []
    for path in [*sorted((root / "views").glob("*.py")), root / "app.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in RAW_MARKUP:
                found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
            if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
                found.append(f"{path.name}:{node.value.lineno} unsafe_allow_html")
            if isinstance(node, (ast.Import, ast.ImportFrom)) and "streamlit.components" in ast.unparse(node):
                found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    assert found == []
