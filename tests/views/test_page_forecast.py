"""The first page."""

from types import ModuleType

import pytest


@pytest.mark.usefixtures("stored")
def test_one_possible_election_is_shown_when_asked_for(pages: ModuleType) -> None:
    """No simulation is shown unasked; each press tells of another one."""
    app = pages.start("forecast")
    assert not app.exception
    assert "In simulation" not in pages.texts(app)
    told = []
    for _ in range(2):
        app = app.button(key="one_election").click().run()
        assert not app.exception
        told.append(next(text for text in (m.value for m in app.markdown) if "In simulation" in text))
        assert pages.alternatives(app)[-1] in told[-1].replace("\\", "")
    assert told[0] != told[1]
