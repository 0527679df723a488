from datetime import date

import numpy as np
import polars as pl
import pytest

from data import load_evidence
from data.catalogue import read_package
from data.catalogue.provenance import Publisher, read_provenance
from models.forecast import Forecast
from models.poll_leans import PollErrors, measure
from models.poll_news import News, recent
from models.poll_table import poll_rows
from models.reweight import Reweighted
from views import charts_polls, frames, frames_poll_table, frames_polls, palette
from views import sentences_polls as sentences


@pytest.fixture(scope="module")
def rows(forecast: Forecast) -> pl.DataFrame:
    return poll_rows(forecast, load_evidence(own=False))


@pytest.fixture(scope="module")
def errors(forecast: Forecast, rows: pl.DataFrame) -> PollErrors:
    return measure(forecast, rows)


@pytest.fixture(scope="module")
def publishers() -> dict[str, Publisher]:
    return {one.key: one for subject in read_provenance() for one in subject.publishers}


def test_every_source_is_named(rows: pl.DataFrame, publishers: dict[str, Publisher]) -> None:
    """Every poll of the tables since 2024 has a publisher's name and, where one is held, an address."""
    held = rows.filter(pl.col("poll_id").is_not_null())
    for key, pollster in held.select("source", "pollster").unique().iter_rows():
        name, link = frames_poll_table.source(key, pollster, publishers)
        assert name != key
        assert link is None or link.startswith("https://")
    assert frames_poll_table.source("spot-2026", "More in Common", publishers) == (
        "More in Common, as quoted",
        "https://www.moreincommon.org.uk/",
    )
    assert frames_poll_table.source("ukpolls2-workbooks+ukpolls2-merged", "YouGov", publishers)[0].endswith("Ukpolls2")
    assert frames_poll_table.source("own: mine.csv", "YouGov", publishers) == ("Your file mine.csv", None)


def test_shares_and_measures_in_points(
    rows: pl.DataFrame, errors: PollErrors, publishers: dict[str, Publisher]
) -> None:
    """The table to save has per cent and points, row by row; a poll that was not used has neither lean nor residual."""
    whole = frames_poll_table.whole(rows, errors, publishers)
    assert whole.height == rows.height
    assert whole["lab"].to_list() == pytest.approx([None if v is None else round(100 * v, 3) for v in rows["lab"]])
    lab = errors.parties.index("lab")
    residual = errors.residual[:, lab]
    told = whole["residual_lab"].drop_nulls().to_list()
    assert told == pytest.approx([round(100 * v, 3) for v in residual[~np.isnan(residual)]])
    excluded = whole.filter(pl.col("status") == "excluded")
    assert excluded.height > 0
    assert excluded["lean_lab"].null_count() == excluded.height
    assert excluded["residual_lab"].null_count() == excluded.height


def test_formulas_from_tables_are_escaped(
    rows: pl.DataFrame, errors: PollErrors, publishers: dict[str, Publisher]
) -> None:
    """A client that begins like a formula is no formula in the file that is saved."""
    evil = rows.with_columns(client=pl.lit("=HYPERLINK(1)"))
    text = frames.csv(frames_poll_table.whole(evil, errors, publishers)).decode()
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text


def test_marks_are_all_polls_of_great_britain(rows: pl.DataFrame, errors: PollErrors) -> None:
    """Every share of the parties chosen in a poll of Great Britain is a mark, and only used polls count as people."""
    marks = frames_polls.marks(rows, errors, ["lab", "ref"])
    gb = rows.filter(pl.col("area") == "GB")
    assert marks.height == gb["lab"].count() + gb["ref"].count()
    assert set(marks["used"]) == {"used", "not used"}
    assert marks.filter(pl.col("used") == "not used")["counts"].null_count() == (marks["used"] == "not used").sum()


def test_gaps_of_a_smoother_stay_gaps(forecast: Forecast, rows: pl.DataFrame) -> None:
    """Where the plain mean says nothing its line has a null, so that it breaks instead of running across."""
    line = frames_polls.line(forecast, rows.filter(pl.col("end_date") > date(2025, 6, 1)), ["lab"], "mean")
    assert line["share"].null_count() > 0
    assert line.filter(pl.col("date") < date(2025, 5, 1))["share"].null_count() > 20


def test_charts_follow_the_schema(forecast: Forecast, rows: pl.DataFrame, errors: PollErrors) -> None:
    """Both charts are valid; bands are drawn for the model only, a dashed median beside the other smoothers."""
    for model in (True, False):
        spec = charts_polls.trend(
            frames_polls.bands(forecast, ["lab"]),
            frames_polls.line(forecast, rows, ["lab"], "mean"),
            frames_polls.marks(rows, errors, ["lab"]),
            looks=frames_polls.looks(["lab"], accessible=False),
            model=model,
            days=(date(2024, 7, 4), date(2026, 8, 17)),
        ).to_dict()
        kinds = [layer["mark"]["type"] for layer in spec["layer"]]
        assert kinds.count("area") == (3 if model else 0)
        assert any("strokeDash" in layer["mark"] for layer in spec["layer"]) != model
    table = frames_polls.leans(errors, "lab")
    charts_polls.leans(table, rows=table.height, fill="#E4003B").to_dict()


def test_leans_are_ordered_and_in_points(errors: PollErrors) -> None:
    """Leans come from high to low, in points, each with its count of polls in the label."""
    table = frames_polls.leans(errors, "lab")
    assert table["lean"].is_sorted(descending=True)
    shares = errors.table().filter(party="lab").sort("lean", descending=True)["lean"]
    assert table["lean"].to_list() == pytest.approx([100 * share for share in shares])
    assert all(f"|{n} poll" in label for n, label in table.select("n", "row").iter_rows())
    assert frames_polls.leans_table(errors, ["lab", "con"]).columns == ["Pollster", "Polls", "Labour", "Cons."]


def test_change_is_the_difference_of_what_is_shown() -> None:
    """The change shown is that of the two rounded figures beside it, and a party without a past has none."""
    moved = pl.DataFrame({"party": ["con", "yp"], "before": [0.2044, None], "after": [0.2046, 0.03]})
    none = pl.DataFrame()
    news = News(since=date(2026, 9, 1), came=none, went=none, moved=moved)
    con, new = frames_polls.moved_table(news, ["con", "yp"]).rows()
    assert con == ("Cons.", "20.4", "20.5", "+0.1")
    assert new[1:] == ("–", "3.0", "–")


def test_reasons_in_words(forecast: Forecast, rows: pl.DataFrame) -> None:
    """Each reason is a clause of its own, with its day where there is one, and names parties without a line."""
    said = dict(zip(rows["why"], sentences.reasons(rows, forecast.parties), strict=True))
    assert said["later"].startswith("published on ")
    assert said["nation"] == "moves its nation only, not the path"
    used = rows.head(2).with_columns(why=pl.lit("used"), yp=pl.Series([0.04, None]))
    with_new, without = sentences.reasons(used, forecast.parties)
    assert with_new.endswith("counted among others")
    assert without == "on the path of Great Britain"


def test_rows_left_out_before_are_counted() -> None:
    """The caption names the rows of the sources that never entered the tables, each with its reason."""
    (count,) = [one for one in read_package().poll_counts if one.parliament == "next"]
    said = sentences.left_out(count)
    assert f"{count.undated} without a date" in said
    assert f"{count.sum_high} with shares that sum to more than 102%" in said
    assert sentences.left_out(None) == ""


def test_headline_counts_polls(forecast: Forecast, rows: pl.DataFrame) -> None:
    """The first sentence counts polls used, their pollsters, those of nations and those excluded."""
    said = sentences.headline(forecast, rows)
    assert "150 polls of Great Britain by 7 pollsters" in said
    n = (rows["status"] == "excluded").sum()
    assert said.endswith(f"{n} polls in the tables are excluded.")
    assert sentences.headline(forecast, rows.filter(pl.col("status") == "used")).endswith(
        "No poll in the tables is excluded."
    )


def test_news_names_what_moved_most(forecast: Forecast, rows: pl.DataFrame) -> None:
    """The sentence on what came in names the party that moved most among those asked about."""
    news = recent(forecast, rows)
    moved = news.moved.with_columns(by=(pl.col("after") - pl.col("before")).abs()).filter(pl.col("party") != "oth")
    most = moved.sort("by", descending=True)["party"][0]
    said = sentences.news(news, [p for p in forecast.parties if p != "oth"])
    assert f"{palette.line(most).who} moved most" in said
    assert f"{news.came.height} poll" in said


def test_smoothers_are_told_apart() -> None:
    """A smoother either agrees with the model, or differs by so much, or says that it has too few polls."""
    standing = pl.DataFrame({"party": ["lab", "con"], "model": [0.25, 0.2], "mean": [0.262, 0.2], "local": [0.25, 0.2]})
    day = date(2026, 9, 30)
    assert "furthest from the model on Labour, 1.2 points above it" in sentences.trend(standing, "mean", day)
    assert sentences.trend(standing, "local", day).endswith("as the model does.")
    assert sentences.trend(standing, "model", day).endswith("Labour at 25% and the Conservatives at 20%.")
    silent = standing.with_columns(mean=pl.lit(None, dtype=pl.Float64))
    assert "Too few polls" in sentences.trend(silent, "mean", day)


def test_refusal_names_the_number() -> None:
    """A refusal says how many simulations still count and how many are needed, or that no poll can be weighed in."""
    few = Reweighted(weighed=2, passed={}, effective=41.6, chosen=None)
    assert sentences.refused(few, 4000).startswith("Only 42 of 4,000 simulations still count with these 2 polls")
    assert "fewer than 100" in sentences.refused(few, 4000)
    none = Reweighted(weighed=0, passed={"nation": 2}, effective=4000.0, chosen=None)
    assert sentences.refused(none, 4000) == "No poll of the file can be weighed in."
    assert sentences.passed(none) == "Passed over: 2 polls not of Great Britain."
