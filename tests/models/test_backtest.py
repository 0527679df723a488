"""The backtest: its grid, what it keeps, and how failures are told."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import load_evidence
from data.errors import BadInput
from models import backtest_job
from models.backtest import Failure, Job, collect, grid, job_path, run, run_jobs, run_to_end
from models.config import ChainConfig
from models.makers import maker
from models.priors import PollPriors
from models.reports import SCHEMA
from models.track_record import as_text, published, summary, write_report
from models.variants import variant

ELECTION = date(2019, 12, 12)
backtest = import_module("models.backtest")  # `from models import backtest` is the function


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Scores without forecasts; the list names the jobs done. Lead 30 always fails, lead 90 has no poll."""
    done: list[Job] = []

    def scores(election: date, as_of: date, name: str, seed: int) -> Iterator[tuple[str, str, str, float]]:
        job = Job(election, (election - as_of).days, name)
        done.append(job)
        if job.lead_days == 30:
            raise ValueError("no luck\nand more of it")
        if job.lead_days == 90:
            raise BadInput("No poll is known.")
        yield name, "vote_mae", "", 0.02
        yield "shrunk_poll_mean", "vote_mae", "", 0.04

    monkeypatch.setattr(backtest_job, "scores", scores)
    return done


def test_the_grid_leaves_out_leads_before_the_last_election() -> None:
    """A forecast of October 1974 cannot be made a year before, as that of February had not been held."""
    jobs = grid([date(1974, 10, 10), ELECTION], [1, 365, 1000], ["full"])
    assert jobs == [Job(date(1974, 10, 10), 1, "full"), Job(ELECTION, 1, "full"), Job(ELECTION, 365, "full")]
    assert jobs[2].as_of == date(2018, 12, 12)


@pytest.mark.parametrize("day", [date(1959, 10, 8), date(2018, 1, 1)])
def test_elections_that_cannot_be_tested_are_refused(day: date) -> None:
    """A day without an election, and the first one, are named with those that can be tested."""
    with pytest.raises(BadInput, match=rf"No backtest of {day}.*1964-10-15"):
        grid([day], [1], ["full"])


def test_a_finished_job_is_not_done_again(made: list[Job]) -> None:
    """Jobs are kept as they finish; a second run does only what is left."""
    first = grid([ELECTION], [1, 7], ["full"])
    assert run_jobs(first[:1])[0] == []
    with ThreadPoolExecutor(1) as executor:
        assert run(first, executor, progress=False) == []
    assert made == first
    assert collect(first).select("lead_days", "variant").unique().height == 4


def test_progress_in_a_file_is_a_line_for_what_is_done(made: list[Job], capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody would see a bar move, each step is a line on stderr; without progress there is none."""
    jobs = grid([ELECTION], [1, 7], ["full"])
    for progress in (True, False):
        with ThreadPoolExecutor(1) as executor:
            assert run(jobs[: 1 if progress else 2], executor, progress=progress) == []
    assert made == jobs
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "backtest: 1 of 1 forecasts done\n")


def test_a_failed_job_is_told_and_stops_no_other(made: list[Job]) -> None:
    """A failure is tried twice, bad input once, and the jobs after them are done."""
    jobs = grid([ELECTION], [1, 30, 90, 180], ["full"])
    failures, done = run_jobs(jobs)
    assert failures == [Failure(jobs[1], "ValueError: no luck"), Failure(jobs[2], "BadInput: No poll is known.")]
    assert [job.lead_days for job in made] == [1, 30, 30, 90, 180]
    assert list(done) == [jobs[0], jobs[3]]


def test_a_pool_that_broke_is_opened_again(made: list[Job]) -> None:
    """A dead process costs a fresh pool, not the jobs left; a pool that gets nothing done is the last."""
    jobs = grid([ELECTION, date(2017, 6, 8)], [1], ["full"])
    opened: list[Any] = []

    class Flaky:
        """Does one group of jobs, then breaks; the third one does none."""

        def __enter__(self) -> "Flaky":
            self.left = int(len(opened) < 2)
            opened.append(self)
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def submit(self, call: Any, group: list[Job]) -> Future[Any]:
            future: Future[Any] = Future()
            self.left -= 1
            if self.left < 0:
                future.set_exception(BrokenProcessPool())
            else:
                future.set_result(call(group))
            return future

    assert run_to_end(jobs, Flaky, progress=False) == []
    assert (len(opened), made) == (2, [jobs[1], jobs[0]])
    dead = grid([ELECTION], [7], ["full"])
    assert run_to_end(dead, Flaky, progress=False) == [
        Failure(dead[0], "its process died: BrokenProcessPool", died=True)
    ]
    assert len(opened) == 3


def test_a_cluster_does_the_same_jobs(made: list[Job], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A local cluster gives the same scores and failures, also where its workers have disks of their own."""
    distributed = pytest.importorskip("distributed")
    jobs = grid([ELECTION, date(2017, 6, 8)], [1, 30], ["full"])
    with ThreadPoolExecutor(1) as executor:
        failures = run(jobs, executor, progress=False)
    alone = collect(jobs)
    written = backtest.write_aside

    def elsewhere(path: Path, text: str) -> Path:
        """The workers' writing goes to another disk."""
        return path if in_worker() else written(path, text)

    def in_worker() -> bool:
        try:
            distributed.get_worker()
        except ValueError:
            return False
        return True

    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path / "parent"))
    monkeypatch.setattr(backtest, "write_aside", elsewhere)
    made.clear()
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
    )
    with cluster, distributed.Client(cluster) as client:
        assert run(jobs, client.get_executor(retries=1), progress=False) == failures
    assert len(made) == 6
    assert collect(jobs).equals(alone)


def test_what_is_kept_depends_on_tables_and_code(made: list[Job], monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tables, another version of the code or of the scores make a job new."""
    job = Job(ELECTION, 1, "full")
    path = job_path(job)
    monkeypatch.setattr(backtest, "made_with", lambda: {"code": "other"})
    assert job_path(job) != path
    assert made == []


def test_the_report_is_written_whole(made: list[Job], tmp_path: Path) -> None:
    """The table has published forecasts beside ours, and the summary says what made it and what failed."""
    jobs = grid([ELECTION, date(2017, 6, 8)], [1, 30], ["full"])
    failures, _ = run_jobs(jobs)
    table = write_report(collect(jobs), failures, tmp_path)
    assert made
    read = pl.read_csv(tmp_path / "track_record.csv", schema_overrides=SCHEMA)
    assert read.height == table.height
    assert "exit_poll" in read["variant"]
    told = summary(table, failures)
    errors = {row["other"]: row["ratio"] for row in told["skill"] if row["metric"] == "vote_mae"}  # type: ignore[attr-defined]
    assert errors.keys() >= {"before_link"}  # models that are no more stand beside ours
    assert [ratio for other, ratio in errors.items() if other != "before_link"] == [0.5]
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")) == json.loads(json.dumps(told))
    assert len(told["failures"]) == 2  # type: ignore[arg-type]
    assert "vote_mae" in as_text(table)


def test_published_forecasts_are_scored_on_the_same_seats() -> None:
    """The exit poll of 2019 said 368, 191, 13 and 55 for 365, 203 with the Speaker, 11 and 48: 6 on average."""
    rows = published(load_evidence()).filter(
        pl.col("election_date") == ELECTION, pl.col("variant") == "exit_poll", pl.col("metric") == "seat_mae"
    )
    assert rows["value"].to_list() == [pytest.approx((3 + 12 + 2 + 7) / 4)]


def test_published_forecasts_of_two_parties_have_no_error_of_three() -> None:
    """A forecaster who names Con and Lab only is shown by party and not set beside errors over three."""
    rows = published(load_evidence()).filter(pl.col("variant").str.starts_with("published: "))
    parties = rows.filter(pl.col("metric") == "seat_mean").group_by("election_date", "variant").agg("party")
    whole = rows.filter(pl.col("metric") == "seat_mae_no_snp").select("election_date", "variant", scored=True)
    both = parties.join(whole, on=["election_date", "variant"], how="left")
    assert both["scored"].null_count() > 0
    for party, scored in both.select("party", "scored").iter_rows():
        assert bool(scored) == ({"con", "lab", "lib"} <= set(party))


def test_a_part_of_the_grid_has_nothing_that_was_not_asked_for(tmp_path: Path) -> None:
    """Earlier models stand beside the leads that were made; of one's own variant, parties and bins are told as well."""
    kinds = [(name, metric) for name in ("mine:quiet", "no_mps") for metric in (("vote_mae", ""), ("vote_mean", "lab"))]
    rows = [(ELECTION, 30, name, metric, party, 0.3) for name, (metric, party) in kinds]
    written = write_report(pl.DataFrame(rows, schema=SCHEMA, orient="row"), [], tmp_path / "mine")
    own = written.filter(pl.col("lead_days") > 0)
    assert own["lead_days"].unique().to_list() == [30]
    assert {"mine:quiet", "no_mps", "before_link"} == set(own["variant"])
    assert set(own.filter(pl.col("party") == "lab")["variant"]) == {"mine:quiet"}


@pytest.mark.parametrize(
    ("name", "says"),
    [("fulll", "Available: full"), ("json:dumps", "dumps"), ("models.fit:SamplerConfig", "SamplerConfig")],
)
def test_variants_that_are_none_are_refused(name: str, says: str) -> None:
    """A name that is no variant, or a path to something else, is told."""
    with pytest.raises(BadInput, match=says):
        variant(name)


def test_a_variant_of_ones_own_is_an_import_path() -> None:
    """Any function that gives settings can be a variant."""
    assert variant("models.config:ChainConfig") == variant("full")


def number() -> ChainConfig:
    """Settings with a number where a prior belongs."""
    return replace(ChainConfig(), poll_priors=replace(PollPriors(), drift=0.01))


def test_a_number_is_no_prior() -> None:
    """A prior that is no distribution is refused before any stage is fitted, by name and with an example."""
    with pytest.raises(
        BadInput, match=r'of polls that .* "0\.01" cannot be the prior drift of PollPriors\. .* as LogNormal\('
    ):
        maker("tests.models.test_backtest:number")


def test_no_job_looks_past_its_day() -> None:
    """The evidence of a job ends as many days before polling day as its lead."""
    job = Job(ELECTION, 180, "full")
    assert job.as_of == ELECTION - timedelta(days=180)
    assert load_evidence().as_of(job.as_of).elections["election_date"].max() < ELECTION  # type: ignore[operator]
