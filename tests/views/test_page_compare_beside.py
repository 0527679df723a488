"""The page Compare where it sets the forecast beside past elections and beside forecasts of others."""

from dataclasses import replace
from datetime import date
from types import ModuleType

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data import load_evidence
from data.schemas.elections import PublishedForecasts
from models.beside_past import beside_past
from models.forecast import Forecast
from models.published import published_for
from views import frames_beside, sentences_beside

PAST, PUBLISHED = "Past elections", "Published forecasts"
OURS = {"con": (104.0, 27.0, 193.0), "lab": (419.0, 343.0, 480.0)}


def look(pages: ModuleType, what: str) -> AppTest:
    """The page with one section chosen."""
    app: AppTest = pages.start("compare")
    app.segmented_control(key="cmp_what").set_value(what).run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("stored")
def test_past_elections_can_be_chosen(pages: ModuleType, forecast: Forecast) -> None:
    """The last election opens; any other since 1955 can be chosen, under the names parties had then."""
    app = look(pages, PAST)
    text = pages.texts(app)
    assert "On 4 July 2024 Labour won 411 of 650 seats on 35% of the vote in Great Britain." in text
    assert "of 100 simulations" in text
    assert "boundaries were redrawn" in text
    (alternative,) = pages.alternatives(app)
    assert alternative in text
    box = app.selectbox(key="cmp_past")
    assert len(box.options) == 19
    assert {"February 1974", "October 1974", "1955"} <= set(box.options)
    box.set_value(date(1983, 6, 9)).run()
    assert not app.exception
    assert "On 9 June 1983 the Conservatives won 397 of 650 seats" in pages.texts(app)
    assert "Liberal-SDP Alliance" in list(app.dataframe[0].value["Party"])
    lab = (forecast.seats[:, 1] >= 209).mean()
    row = app.dataframe[0].value.set_index("Party").loc["Labour"]
    assert row["As large a part"] == f"{int(100 * lab + 0.5)} of 100"


@pytest.mark.usefixtures("stored")
def test_published_forecasts_say_that_none_is_held_yet(pages: ModuleType) -> None:
    """Without forecasts of the coming election the page says so, and shows those of 2024 with ours and the result."""
    app = look(pages, PUBLISHED)
    text = pages.texts(app)
    assert "No MRP, and no other forecast of others, is held for the coming election." in text
    assert "411 were won." in text
    (alternative,) = pages.alternatives(app)
    assert alternative in text
    assert "this model, as of 3 July 2024, had" in alternative
    table = app.dataframe[0].value.set_index("Forecast")
    assert list(table.index[:2]) == ["Result", "This model"]
    assert table.loc["YouGov MRP (final)", "Labour"] == "431"
    assert table.loc["FT (3 Jul) (unverified)", "Kind"] == "poll model"
    app.selectbox(key="cmp_published").set_value(date(2010, 5, 6)).run()
    assert not app.exception
    assert "In 1 published forecast of the election of 6 May 2010, none of them an MRP, " in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_a_forecast_of_the_coming_election_stands_beside_ours(
    pages: ModuleType, forecast: Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A published forecast of the coming election is shown beside the stored one of the same time."""
    evidence, day = load_evidence(), date(2026, 8, 20)
    more = pl.DataFrame({"party": ["ref", "lab"], "seats": [300.0, 200.0]}).with_columns(
        election_date=pl.lit(date(2029, 5, 3)),
        forecaster=pl.lit("A House"),
        kind=pl.lit("MRP"),
        verified=pl.lit(True),
        source=pl.lit("made up"),
        known_on=pl.lit(day),
    )
    table = evidence.published_forecasts
    both = PublishedForecasts.validate(
        pl.concat([table, more.select(table.columns)], how="vertical_relaxed"), cast=True
    )
    monkeypatch.setattr("views.compare_published.load_evidence", lambda: replace(evidence, published_forecasts=both))
    app = look(pages, PUBLISHED)
    text = pages.texts(app)
    assert "No MRP" not in text
    said = "In 1 published forecast of the election of 3 May 2029, one of them an MRP, Reform UK had 300 seats"
    assert said in text
    assert f"this model, as of 17 August 2026, had {forecast.seats[:, forecast.lines.index('ref')].mean():.0f}" in text
    assert len(pages.alternatives(app)) == 2
    shown = app.dataframe[0].value
    assert list(shown["Forecast"]) == ["This model", "A House"]
    assert list(shown["Known by"]) == ["17 August 2026", "20 August 2026"]


def test_rows_of_published_forecasts() -> None:
    """Each party has our range, the others' figures without the exit poll, and the result, in lanes of their own."""
    table = published_for(load_evidence(), date(2024, 7, 4))
    rows = frames_beside.published_rows(table, OURS, {"con": 121.0, "lab": 411.0}, 2024, accessible=False)
    lab = rows.filter(pl.col("short") == "Labour")
    assert lab["kind"].unique().sort().to_list() == ["MRP", "Other forecast", "Result", "This model"]
    assert lab.filter(pl.col("lo90").is_not_null())["lane"].to_list() == ["This model"]
    assert not lab["name"].str.contains("Exit poll").any()
    assert lab.height == table.height - 1 + 2
    assert rows.filter(pl.col("short") == "SNP")["kind"].n_unique() == 2
    assert frames_beside.end_of(rows, 326) == 550


def test_sentence_of_published_forecasts_needs_neither_ours_nor_a_result() -> None:
    """Without this model's forecast and before the election the sentence tells of others alone."""
    table = published_for(load_evidence(), date(2019, 12, 12))
    text = sentences_beside.published(table, {}, {}, date(2019, 12, 12), "")
    assert "this model" not in text
    assert text.endswith("seats.")
    low, high = (table.filter(pl.col("kind") != "exit poll")["con"].to_numpy() for _ in range(2))
    assert f"the Conservatives had {low.min():.0f} to {high.max():.0f} seats" in text


def test_nothing_then_is_not_compared(forecast: Forecast) -> None:
    """A party without a seat then gets a dash, not 100 of 100."""
    table = beside_past(forecast, load_evidence(), date(1955, 5, 26))
    shown = frames_beside.past_table(table, date(1955, 5, 26))
    row = shown.row(by_predicate=pl.col("Party") == "Scottish National", named=True)
    assert (row["Seats then"], row["As large a part"]) == ("0", "–")
    assert "Liberal" in shown["Party"].to_list()
