import json
from types import ModuleType

import pytest


def upload(app: object, *files: tuple[str, bytes]) -> None:
    """Give files to the page."""
    app.file_uploader[0].set_value([(name, content, "application/json") for name, content in files]).run()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("stored")
def test_compare_shows_something_at_once(pages: ModuleType) -> None:
    """The page opens with the forecast and three ready scenarios: sentences, three charts and tables."""
    app = pages.start("compare")
    assert not app.exception
    text = pages.texts(app)
    assert app.session_state["cmp_chosen"] == ["forecast", "tactical", "leader", "share"]
    assert "■ **B** Tactical voting off" in text
    assert "D, Reform UK 3 points up: Reform UK would win" in text
    assert "of 100 simulations" in text
    assert len(pages.alternatives(app)) == 3
    pages.open_box(app, "cmp_seats_box")
    assert list(app.dataframe[0].value.columns) == ["Party", "A", "B", "C", "D"]


@pytest.mark.usefixtures("stored")
def test_the_forecast_beside_itself(pages: ModuleType) -> None:
    """A file that changes nothing gives no difference and the same outcome in 100 of 100."""
    app = pages.start("compare")
    upload(app, ("same.json", b'{"name": "Same"}'))
    assert not app.exception
    assert "B, Same: no seats differ from A in any simulation" in pages.texts(app)
    assert "the same as in A (Forecast) in 100 of 100 with B" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_files_stand_beside_the_forecast(pages: ModuleType) -> None:
    """Scenarios from files come right behind A, under their own names, which are shown as they are written."""
    one = json.dumps({"name": "**Bold** [x](y)", "parties": {"lab": {"share_shift": 0.05}}})
    two = json.dumps({"tactical": 1.5})
    app = pages.start("compare")
    upload(app, ("one.json", one.encode()), ("two_files.json", two.encode()))
    assert not app.exception
    assert not app.error
    assert "B, **Bold** [x](y): Labour would win" in pages.texts(app)
    assert any(r"\*\*Bold\*\* \[x\]\(y\)" in element.value for element in app.markdown)
    assert "◆ **C** two_files" in pages.texts(app)
    assert len(app.session_state["cmp_chosen"]) == 4
    app.run()
    assert len(app.session_state["cmp_chosen"]) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"partys": {}}', 'bad.json: Unknown setting "partys"'),
        (b'{"parties": {"xyz": {"share_shift": 0.1}}}', 'bad.json: No party "xyz"'),
        (b"\xff\xfe", "bad.json: The file is not text in UTF-8"),
        (b"[" * 200 + b"]" * 200, "nested"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_bad_file_is_refused(content: bytes, said: str, pages: ModuleType) -> None:
    """A file that is no scenario is answered in one sentence, and a good one beside it is read."""
    app = pages.start("compare")
    upload(app, ("bad.json", content), ("good.json", b'{"tactical": 0.5}'))
    assert not app.exception
    assert len(app.error) == 1
    assert said in pages.texts(app)
    assert "■ **B** good" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_five_files_are_too_many(pages: ModuleType) -> None:
    """Of five files the first four are read, and the page says so."""
    app = pages.start("compare")
    upload(app, *((f"f{i}.json", json.dumps({"tactical": i / 10}).encode()) for i in range(5)))
    assert not app.exception
    assert "5 files were given; the first 4 are read." in pages.texts(app)
    assert len(app.session_state["cmp_loaded"]) == 4


@pytest.mark.usefixtures("stored")
def test_the_scenario_held_is_shown(pages: ModuleType) -> None:
    """What the page Scenario holds stands behind A, and goes when it is reset."""
    app = pages.start("compare")
    pages.choose_party(app, "grn").slider(key="sc_grn_shift").set_value(5.0).run()
    assert not app.exception
    assert "B, Your scenario: the Greens would win" in pages.texts(app)
    app.button(key="sc_reset").click().run()
    assert not app.exception
    assert "B, Your scenario" not in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_one_scenario_is_not_enough(pages: ModuleType) -> None:
    """With one scenario the page asks for another."""
    app = pages.start("compare")
    app.pills(key="cmp_chosen").set_value(["forecast"]).run()
    assert not app.exception
    assert [message.value for message in app.info] == ["Choose two scenarios or more."]
