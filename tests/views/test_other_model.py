"""A forecast that does not come from the model as shipped says so wherever it is shown."""

from dataclasses import replace
from types import ModuleType

import pytest

from models.forecast import Forecast
from models.scenario import Scenario
from views import sentences
from views.brief import brief_html
from views.shell import Shown

STATUS = ("forecast", "map", "battlegrounds", "leaders", "scenario", "solve", "compare", "leadership", "why", "polls")
PANEL = ("track", "tables")
TOLD = 'Not the model as shipped: made by "own:mine", with a builder of its own for polls and seats.'


def made_by(forecast: Forecast, name: str | None, **builders: str) -> Forecast:
    """The same forecast as if a name, or builders of some stages, had made it."""
    tree = forecast.tree.copy()
    tree.attrs = {"variant": name} if name else {}
    priors = {"votes": {"bias": "Normal(mu=0, sigma=0.05)"}} | {s: {"builder": name} for s, name in builders.items()}
    return replace(forecast, tree=tree, manifest=forecast.manifest.model_copy(update={"priors": priors}))


def test_the_sentence(forecast: Forecast) -> None:
    """A variant and a builder are told, each alone and both together; nothing is told of the model as shipped."""
    assert sentences.not_as_shipped(made_by(forecast, None)) == ""
    assert sentences.not_as_shipped(made_by(forecast, "no_mps")) == 'Not the model as shipped: made by "no_mps".'
    alone = sentences.not_as_shipped(made_by(forecast, None, seats="own:build"))
    assert alone == "Not the model as shipped: with a builder of its own for seats."
    assert sentences.not_as_shipped(made_by(forecast, "own:mine", polls="own:a", seats="own:b")) == TOLD
    assert len(sentences.not_as_shipped(made_by(forecast, "own:" + "x" * 500))) < 110


@pytest.mark.parametrize("page", [*STATUS, *PANEL])
def test_every_page_says_so(page: str, forecast: Forecast, pages: ModuleType) -> None:
    """Each page says it once, beside its status line or, without one, in the sidebar."""
    pages.store(made_by(forecast, "own:mine", polls="own:a", seats="own:b"))
    app = pages.start(page)
    assert not app.exception
    assert pages.texts(app).count(TOLD) == 1
    assert [TOLD in pages.texts(app.sidebar)] == [page in PANEL]
    if page in STATUS:
        assert app.session_state["chart_source"].endswith(TOLD)


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("page", ["forecast", "track"])
def test_the_model_as_shipped_needs_no_word(page: str, pages: ModuleType) -> None:
    """Without a variant and a builder nothing is said, on a page with a status line and on one without."""
    app = pages.start(page)
    assert not app.exception
    assert "as shipped" not in pages.texts(app)
    assert "as shipped" not in app.session_state["chart_source"]


def test_an_import_path_is_shown_as_it_is_written(forecast: Forecast, pages: ModuleType) -> None:
    """A name in a file of somebody else's is text, on the page and in the brief."""
    hostile = made_by(forecast, "<img src=x onerror=alert(1)>[a](b)")
    pages.store(hostile)
    (caption,) = (one.value for one in pages.start("forecast").caption if "as shipped" in one.value)
    assert caption.endswith(r'made by "\<img src\=x onerror\=alert\(1\)\>\[a\]\(b\)"\.**')
    told = brief_html(Shown(hostile, Scenario(), hostile))
    assert "Not the model as shipped: made by &quot;&lt;img src=x onerror=alert(1)&gt;[a](b)&quot;" in told
