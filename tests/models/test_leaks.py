"""Nothing that became known after the day of a forecast may change it by a bit."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data import Evidence, load_evidence
from models import backtest_job, makers
from models.chain import make_forecast
from models.config import ChainConfig, LinkConfig
from models.fit import SamplerConfig
from models.forecast import Forecast

ELECTION, EVE = date(2010, 5, 6), date(2010, 5, 5)
pytestmark = pytest.mark.timeout(900)  # whole forecasts are fitted, and machines may be busy
SHORT = SamplerConfig(draws=150, tune=150)
LINKS = LinkConfig(leader_sampler=SHORT, mp_sampler=SHORT, response_sampler=SHORT)
CONFIG = ChainConfig(draws=300, links=LINKS, poll_sampler=SHORT, vote_sampler=SHORT, seat_sampler=SHORT)
FORESEEN = ("_mean", "_lo90", "_hi90", "_chance", "largest_right")
"""How scores end that say what was forecast, and not how good it was; the last is all that Murr's rule foretells."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for all tests here: a fit is kept by its inputs, so other inputs would be another fit."""
    return tmp_path_factory.mktemp("leaks")


@pytest.fixture(autouse=True)
def shared_store(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep fits of stages from one test to the next."""
    monkeypatch.setenv("SELECTORATE_HOME", str(store))


@pytest.fixture
def tables() -> Evidence:
    """All shipped tables, uncut."""
    return load_evidence(own=False)


@pytest.fixture
def as_it_was(tables: Evidence) -> Forecast:
    """The forecast of the eve of 2010, on the tables as they are."""
    return forecast(tables)


def forecast(tables: Evidence) -> Forecast:
    """Forecast the election of 2010 on its eve, from some tables."""
    return make_forecast(EVE, ELECTION, seed=1, config=CONFIG, tables=tables, progress=False)


def mapped(tables: Evidence, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Evidence:
    """Change every table."""
    return replace(tables, **{f.name: change(getattr(tables, f.name)) for f in fields(tables) if f.name != "cut"})


def same_bytes(one: Forecast, other: Forecast) -> bool:
    """Whether all arrays and the manifest of two forecasts agree to the last bit."""
    return one.manifest == other.manifest and all(
        np.asarray(values).tobytes() == np.asarray(other.tree[group.path][name]).tobytes()
        for group in one.tree.subtree
        for name, values in group.data_vars.items()
    )


def garbled(table: pl.DataFrame) -> pl.DataFrame:
    """Rows known later, with every number and every text of theirs changed; the earlier ones as they are."""
    later = pl.col("known_on") > EVE
    numbers = pl.selectors.numeric()
    texts = pl.selectors.string() - pl.selectors.matches("^(constituency|boundary_set|poll_id|rating_id)$")
    return table.with_columns(
        pl.when(later).then(numbers * 0.37 + 1).otherwise(numbers).cast(pl.Float64).name.keep(),
        pl.when(later).then(texts.reverse()).otherwise(texts).name.keep(),
    ).cast({name: kind for name, kind in table.schema.items() if kind.is_numeric()}, strict=False)  # type: ignore[arg-type]


def garbled_but_results(table: pl.DataFrame) -> pl.DataFrame:
    """Later polls, ratings, leaders and votes of MPs garbled; results as they came, as scores are counted from them."""
    return table if {"election_date", "boundary_set"} & set(table.columns) else garbled(table)


def shuffled(table: pl.DataFrame) -> pl.DataFrame:
    """Winners and votes of the election itself dealt out to other seats."""
    for column in ({"winner", "votes"} & set(table.columns)) if "election_date" in table.columns else ():
        own = pl.col("election_date") == ELECTION
        dealt = table.filter(own)[column].sample(fraction=1.0, shuffle=True, seed=3)
        table = pl.concat([table.filter(~own), table.filter(own).with_columns(dealt)])
    return table


def without(table: pl.DataFrame) -> pl.DataFrame:
    """Only what was known."""
    return table.filter(pl.col("known_on") <= EVE)


def with_canary(table: pl.DataFrame) -> pl.DataFrame:
    """A column more, that would reveal who was to win."""
    return table.with_columns(winner_of_2010=pl.lit("con"), majority_2010=pl.lit(0.999))


@pytest.mark.parametrize("change", [garbled, shuffled, without])
def test_what_came_later_changes_nothing(
    as_it_was: Forecast, tables: Evidence, change: Callable[[pl.DataFrame], pl.DataFrame]
) -> None:
    """Rows known after the day, garbled, dealt out anew or gone, leave every byte of the forecast as it was."""
    other = mapped(tables, change)
    assert other.contests.height != tables.contests.height or not other.contests.equals(tables.contests)
    assert same_bytes(as_it_was, forecast(other))


def test_what_was_known_does_change_it(as_it_was: Forecast, tables: Evidence) -> None:
    """The same test with polls of the week before garbled finds a difference, so it can fail."""
    known = pl.col("known_on").is_between(date(2010, 4, 29), EVE)
    polls = tables.poll_shares.with_columns(share=pl.when(known).then(0.9 * pl.col("share")).otherwise("share"))
    assert not same_bytes(as_it_was, forecast(replace(tables, poll_shares=polls)))


def test_a_column_that_reveals_the_result_is_never_read(as_it_was: Forecast, tables: Evidence) -> None:
    """Columns that no schema knows change nothing but the fingerprint of what was held."""
    other = forecast(mapped(tables, with_canary))
    told = other.manifest.model_copy(update={"data_fingerprint": as_it_was.manifest.data_fingerprint})
    assert same_bytes(as_it_was, replace(other, manifest=told))


@pytest.mark.parametrize("change", [garbled_but_results, shuffled])
def test_baselines_do_not_look_ahead_either(
    tables: Evidence, change: Callable[[pl.DataFrame], pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the rules to beat foretell is the same whatever came later."""

    def foretold(given: Evidence) -> Iterator[tuple[str, str, str, float]]:
        monkeypatch.setattr(backtest_job, "load_evidence", lambda **_: given)
        for row in backtest_job.scores(ELECTION, EVE, "full", 1):
            if row[1].endswith(FORESEEN):
                yield row

    monkeypatch.setattr(makers, "variant", lambda _: CONFIG)
    rows = list(foretold(tables))
    rules = {"no_change", "shrunk_poll_mean", "poll_mean_normal", "approval_regression", "murr"}
    assert {"full", *rules} <= {row[0] for row in rows}
    assert list(foretold(mapped(tables, change))) == rows
