from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
import xarray as xr

from data import load_evidence
from models.forecast import Forecast
from models.poll_news import recent, since_forecast
from models.poll_table import GONE, LATER, NATION, USED, parties_of, poll_rows
from tests.views.synthetic import AS_OF, LAST, synthetic_forecast

SAME = ["end_date", "pollster", "con", "lab"]


def with_polls(forecast: Forecast, polls: pl.DataFrame, as_of: date = AS_OF) -> Forecast:
    """A forecast whose path was fitted to these polls, rows of a table of polls."""
    share = polls.select(pl.col(forecast.parties).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    group = xr.Dataset(
        {
            "share": (("poll", "party"), share),
            "pollster": ("poll", polls["pollster"].to_numpy().astype(str)),
            "end_date": ("poll", polls["end_date"].to_numpy().astype("datetime64[ns]")),
        },
        coords={"party": forecast.parties},
    )
    groups = {name: node.to_dataset() for name, node in forecast.tree.children.items()} | {"polls": group}
    manifest = forecast.manifest.model_copy(update={"as_of": as_of, "n_polls": polls.height})
    return replace(forecast, tree=xr.DataTree.from_dict(groups), manifest=manifest)


@pytest.fixture(scope="module")
def made_up() -> Forecast:
    return synthetic_forecast(draws=20)


@pytest.fixture(scope="module")
def known(made_up: Forecast) -> pl.DataFrame:
    """Polls of Great Britain in the shipped tables that a forecast of that day would be fitted to, oldest first."""
    rows = poll_rows(made_up, load_evidence(own=False))
    real = pl.col("poll_id").is_not_null() & (pl.col("area") == "GB")
    return rows.filter(real, pl.col("known_on") <= AS_OF).sort("end_date", "poll_id")


@pytest.fixture(scope="module")
def fitted(made_up: Forecast, known: pl.DataFrame) -> Forecast:
    return with_polls(made_up, known)


def test_every_poll_is_there_once(fitted: Forecast, known: pl.DataFrame) -> None:
    """Each poll the forecast was fitted to is found in the tables, and its place leads back to it."""
    rows = poll_rows(fitted, load_evidence(own=False))
    used = rows.filter(pl.col("why") == USED).sort("place")
    assert used["place"].to_list() == list(range(known.height))
    assert used["poll_id"].to_list() == known["poll_id"].to_list()
    assert rows["poll_id"].n_unique() == rows.height


def test_polls_published_later_are_excluded_with_their_reason(fitted: Forecast) -> None:
    """A poll that became public after the evidence ends is there, excluded as later, and no poll known in time is."""
    rows = poll_rows(fitted, load_evidence(own=False))
    later = rows.filter(pl.col("why") == LATER)
    assert later.height > 0
    assert set(later["status"]) == {"excluded"}
    assert later.equals(rows.filter(pl.col("known_on") > AS_OF))


def test_polls_of_nations_are_used_for_the_nation(fitted: Forecast) -> None:
    """Polls of Scotland and of Wales have no place on Great Britain's path, but count as used for their nation."""
    rows = poll_rows(fitted, load_evidence(own=False)).filter(pl.col("area") != "GB", pl.col("known_on") <= AS_OF)
    assert {"Scotland", "Wales"} <= set(rows["area"])
    assert set(rows["why"]) == {NATION}
    assert rows["place"].null_count() == rows.height


def test_a_poll_added_since_is_not_in_the_forecast(made_up: Forecast, known: pl.DataFrame) -> None:
    """A poll that the tables hold and the forecast does not is excluded, and all others keep their place."""
    rows = poll_rows(with_polls(made_up, known[:-1]), load_evidence(own=False))
    (absent,) = rows.filter(pl.col("why") == "absent").iter_rows(named=True)
    assert absent["poll_id"] == known["poll_id"][-1]
    assert rows.filter(pl.col("why") == USED).height == known.height - 1


def test_a_poll_taken_out_of_the_tables_is_still_shown(made_up: Forecast, known: pl.DataFrame) -> None:
    """What the forecast used and the tables hold no more stands in the list with the shares the forecast kept."""
    changed = known.with_columns(lab=pl.when(pl.int_range(pl.len()) == 3).then(pl.lit(0.411)).otherwise("lab"))
    rows = poll_rows(with_polls(made_up, changed), load_evidence(own=False))
    (gone,) = rows.filter(pl.col("why") == GONE).iter_rows(named=True)
    assert (gone["lab"], gone["status"], gone["place"]) == (0.411, "used", 3)
    assert rows.filter(pl.col("why") == "absent")["poll_id"].to_list() == [known["poll_id"][3]]


def test_polls_alike_are_told_apart(made_up: Forecast, known: pl.DataFrame) -> None:
    """Two polls of one house, day and main shares are two rows, not four."""
    twice = pl.concat([known, known[5:6]]).sort("end_date", maintain_order=True)
    rows = poll_rows(with_polls(made_up, twice), load_evidence(own=False))
    assert rows.filter(pl.col("place").is_not_null())["place"].n_unique() == known.height + 1
    assert rows.filter(pl.col("why") == GONE).height == 1


def test_parties_without_a_line_keep_their_share(fitted: Forecast) -> None:
    """A party that few polls name has a column behind those of the forecast."""
    parties = parties_of(poll_rows(fitted, load_evidence(own=False)))
    assert parties[: len(fitted.parties)] == fitted.parties
    assert "yp" in parties


def test_recent_polls_came_in_and_older_ones_left_the_mean(fitted: Forecast) -> None:
    """Fourteen days before the evidence ends part what came in from what the plain mean has lost since."""
    news = recent(fitted, poll_rows(fitted, load_evidence(own=False)))
    assert news.since == AS_OF - timedelta(days=14)
    assert (news.came["known_on"] > news.since).all()
    assert news.came.height > 0
    assert news.went["end_date"].is_between(AS_OF - timedelta(days=28), news.since, closed="right").all()
    path = fitted.intention().filter(pl.col("party") == "lab").sort("date")
    (lab,) = news.moved.filter(pl.col("party") == "lab").iter_rows(named=True)
    assert lab["after"] == path["q50"][-1]
    assert lab["before"] == path.filter(pl.col("date") <= news.since)["q50"][-1]


def test_polls_since_an_earlier_forecast(made_up: Forecast, known: pl.DataFrame) -> None:
    """Against an earlier forecast new polls came in, and one whose figures were corrected went out and came in."""
    earlier = with_polls(made_up, known[:-6], AS_OF - timedelta(days=30))
    corrected = known.with_columns(con=pl.when(pl.int_range(pl.len()) == 2).then(pl.lit(0.333)).otherwise("con"))
    now = with_polls(made_up, corrected)
    evidence = load_evidence(own=False)
    news = since_forecast(now, poll_rows(now, evidence), earlier, poll_rows(earlier, evidence))
    assert news.since == AS_OF - timedelta(days=30)
    assert news.came.height == 7
    assert news.went.select(SAME).rows() == known[2:3].select(SAME).rows()
    assert news.since > LAST
