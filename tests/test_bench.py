from io import StringIO
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from benchmarks.bench_ess import beside, glance
from benchmarks.ess_models import MODELS
from benchmarks.run import COLUMNS, REPORT, TOPICS, main, merged


def report(*names: str) -> pl.DataFrame:
    """A report with rows of these names."""
    rows = [{"name": name, "figure": 1.0, "baseline": 1.0, "ratio": 1.0, "unit": "ms"} for name in names]
    return pl.DataFrame(rows, schema=COLUMNS)


def test_rows_of_a_topic_take_the_place_of_its_old_ones() -> None:
    """A topic measured again keeps its place, whether it has more rows or fewer; a new topic goes to the end."""
    old = report("tables: a", "seats: b", "seats: c", "polls: d")
    assert merged(old, report("seats: x"), "seats")["name"].to_list() == ["tables: a", "seats: x", "polls: d"]
    assert merged(old, report("app: y"), "app")["name"].to_list()[-1] == "app: y"
    assert merged(old, report("tables: z"), "load")["name"][0] == "tables: z"


def test_every_row_belongs_to_one_topic() -> None:
    """Each row of the shipped report was written by just one module, so that none is lost or doubled."""
    names = pl.read_csv(REPORT, schema=COLUMNS)["name"]
    owners = [names.str.contains(f"^({start})\\b") for start in TOPICS.values()]
    assert sum((owner.cast(pl.Int32) for owner in owners[1:]), owners[0].cast(pl.Int32)).to_list() == [1] * len(names)


def test_unknown_topic_is_named() -> None:
    """A topic that does not exist ends in one sentence that names those that do."""
    with pytest.raises(SystemExit, match=r"No benchmark nonsense\. There are: load, seats"):
        main(["nonsense"])


def measured(mean: float, ess: float, seconds: float) -> dict[str, Any]:
    """What a form of a model gave: one number with this mean and an sd of one, and one that never moves."""
    moments = {"x": [[mean], [1.0], [ess], [ess]], "fixed": [[3.0], [0.0], [1000.0], [1000.0]]}
    return {"moments": moments, "sampling": seconds, "whole": 2.0 * seconds, "peak": 1.0}


def test_effective_draws_are_set_side_by_side() -> None:
    """Effective draws of what moves go by seconds of sampling and by all seconds."""
    rows = beside("mps", measured(0.0, 400.0, 2.0) | {"whole": 20.0}, measured(0.01, 100.0, 10.0))
    assert [(row["figure"], row["baseline"], row["ratio"]) for row in rows] == [(200.0, 10.0, 20.0), (20.0, 5.0, 4.0)]


def test_another_posterior_has_no_figures() -> None:
    """Forms whose means differ by more than chance allows are not compared, and the row says where they differ."""
    rows = beside("mps", measured(0.0, 400.0, 2.0), measured(1.0, 100.0, 10.0))
    assert {row["figure"] for row in rows} == {None}
    assert rows[0]["unit"] == "not measured: x is 0, naive 1"


def test_all_models_are_measured_beside_their_naive_form() -> None:
    """The shipped report says of each of the eight models how much faster it is, and the table shows each in a line."""
    names = {name.partition(",")[0] for name in MODELS}
    assert names == {"polls", "leaders", "mps", "response", "votes", "seats", "contest", "survival"}
    shipped = pl.read_csv(REPORT, schema=COLUMNS)
    text = StringIO()
    Console(width=120, file=text).print(glance(shipped))
    lines = {line.strip().split("  ")[0]: line for line in text.getvalue().splitlines()[1:]}
    assert set(lines) == set(MODELS)
    for name in MODELS:
        ratio = shipped.filter(pl.col("name").str.starts_with(f"ESS, {name}: per second"))["ratio"]
        assert ratio.drop_nulls().len() == 2
        assert all(f"{value:.3g}" in lines[name] for value in ratio)
