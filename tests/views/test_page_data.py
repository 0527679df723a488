"""The page of tables: what is held, on what terms, and the user's own rows."""

from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from data.catalogue import read_package
from data.own.adding import add
from data.own.overlay import CARD
from data.own.place import folder
from data.schemas import TABLES

POLL = "pollster,end_date,con,lab,lib,ref,grn\nYouGov,2026-10-14,19,24,11,25,13\n"


def test_page_tells_what_is_held(pages: ModuleType) -> None:
    """Without any forecast the page opens, says how many tables there are, and what the checks say."""
    app = pages.start("tables")
    assert not app.exception
    assert f"There are {len(TABLES)} tables" in pages.texts(app)
    assert "Filed under another parliament" in app.dataframe[-1].value.columns
    assert "All checks pass" in app.success[0].value


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_looked_at(name: str, pages: ModuleType) -> None:
    """Each table shows its description, terms, columns and rows."""
    app = pages.start("tables")
    resource = read_package().resource(name)
    app.selectbox(key="table").set_value(f"{resource.title} ({name})").run()
    assert not app.exception
    text = pages.texts(app)
    assert resource.description in text
    assert resource.licenses[0]["title"] in text
    assert app.dataframe[0].value.shape[1] == len(resource.table_schema.fields)


def test_rows_are_found_by_what_they_contain(pages: ModuleType) -> None:
    """The filter keeps rows with the text, whatever its case; no letter has a second meaning."""
    app = pages.start("tables")
    title = read_package().resource("mp_contests").title
    app.selectbox(key="table").set_value(f"{title} (mp_contests)").run()
    app.text_input(key="filter").set_value("jeremy corbyn").run()
    assert app.dataframe[0].value["candidate"].str.contains("Corbyn").any()
    app.text_input(key="filter").set_value("(.*").run()
    assert not app.exception
    assert app.dataframe[0].value.empty


def test_own_rows_are_shown_with_the_command_that_removes_them(pages: ModuleType, tmp_path: Path) -> None:
    """Rows that the user added are listed by file, with the command to remove them; no visitor can press a button."""
    file = tmp_path / "october.csv"
    file.write_text(POLL, encoding="utf-8")
    batch = add("polls", file, date(2026, 11, 1))
    app = pages.start("tables")
    assert "october.csv: 1 row of polls" in pages.texts(app)
    assert "enter every new forecast" in pages.texts(app)
    assert app.code[0].value == f"selectorate data remove {batch.name}"
    assert not app.button


def test_a_damaged_batch_does_not_blank_the_page(pages: ModuleType, tmp_path: Path) -> None:
    """When an own batch is damaged, the page names it and still shows the tables."""
    file = tmp_path / "october.csv"
    file.write_text(POLL, encoding="utf-8")
    batch = add("polls", file, date(2026, 11, 1))
    (folder() / batch.name / CARD).write_text("{", encoding="utf-8")
    app = pages.start("tables")
    assert not app.exception
    assert batch.name in pages.texts(app)
    assert not app.dataframe[0].value.empty


@pytest.mark.usefixtures("stored")
def test_the_panel_stands_beside_pages_without_a_forecast(pages: ModuleType) -> None:
    """What is set beside the tables or the track record holds on every other page."""
    for page in ("tables", "track"):
        app = pages.start(page)
        assert not app.exception
        app.slider(key="sc_lab_shift").set_value(5.0).run()
        assert not app.exception
        assert '"share_shift":0.05' in app.session_state["sc_kept"]
