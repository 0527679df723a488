"""A fit asked for by a page: one worker at a time, how far it is, how it ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import monotonic, sleep

import pytest

from data import load_evidence
from data.errors import BadInput
from models import fit_job
from models.config import STAGES
from models.fit_job import JobState, start, state
from models.fit_progress import ALWAYS, BETWEEN, CLOSING, OPENING, USUAL, how_far, usual_seconds, why_failed
from models.forecast import Forecast
from models.store import forecast_path, save_forecast

FAKE = Path(__file__).with_name("fake_fit.py")
DAY, POLLING_DAY = date(2016, 9, 1), date(2017, 6, 8)
LEADERS, MPS, RESPONSE, POLLS, VOTES, SEATS = STAGES.values()
BAR = "\r\x1b[2K  sampling ━━━━━━━╸          {}/6000 0:00:0{}"

Script = Callable[..., None]


def fitted(stage: str) -> str:
    """What a stage writes: its name, two bars of a terminal, for it was sampled twice, and how long it took."""
    bars = [BAR.format(n, n // 1000) for n in range(0, 6001, 500)]
    return f"  {stage} ...\n\x1b[?25l{''.join(bars + bars)}\n\x1b[?25h\x1b[1A\x1b[2K  {stage}: 43 s\n"


WHOLE = "Fitting the forecast of 2017-06-08 as of 2016-09-01\n" + "".join(map(fitted, STAGES.values()))


def until(reached: Callable[[JobState], bool]) -> JobState:
    """Wait for the job to be in a state."""
    end = monotonic() + 30
    while monotonic() < end:
        job = state()
        if job is not None and reached(job):
            return job
        sleep(0.02)
    pytest.fail(f"the job is still in the state {state()}")


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """Let the worker follow a script; what waits for the file ``go`` is let go at the end."""
    file = tmp_path / "script.json"
    monkeypatch.setattr(fit_job, "COMMAND", (sys.executable, str(FAKE), str(file)))

    def write(*steps: list[object]) -> None:
        file.write_text(json.dumps(steps, default=str), encoding="utf-8")

    yield write
    (tmp_path / "go").touch()
    end = monotonic() + 30
    while (job := state()) is not None and job.running and monotonic() < end:
        sleep(0.02)


def test_progress_knows_the_stages_of_the_chain() -> None:
    """Every stage that the chain names has a usual length, in the order of the fits."""
    assert [stage for stage in USUAL if stage in STAGES.values()] == list(STAGES.values())
    assert set(USUAL) - set(STAGES.values()) == {OPENING, BETWEEN, CLOSING}
    assert set(USUAL) >= ALWAYS


@pytest.mark.parametrize("learned", [True, False])
def test_progress_never_falls(learned: bool) -> None:
    """As the log grows, letter by letter and with a second sampling, the part done grows from nought towards one."""
    found = [how_far(WHOLE[:n], learned=learned)[1] for n in range(len(WHOLE) + 1)]
    assert found[0] == 0
    assert found == sorted(found)
    assert len(set(found)) > 20
    assert 0.7 < found[-1] < 1


def test_progress_is_told_by_bars_and_by_silence() -> None:
    """Draws count as far as they go, and the time before them counts, but never as all of it."""
    begun = f"  {SEATS} ...\n"
    start_of_it = how_far(begun, learned=False)[1] * usual_seconds(False)
    before, drawing = USUAL[SEATS]
    half = how_far(begun + BAR.format(3000, 5), learned=False)
    assert half[0] == SEATS
    assert half[1] * usual_seconds(False) == pytest.approx(start_of_it + before + drawing / 2)
    quiet = [how_far(begun, learned=False, quiet=s)[1] * usual_seconds(False) - start_of_it for s in (-1, 5, 1e6)]
    assert quiet[:2] == pytest.approx([0, 5])
    assert 5 < quiet[2] < before


def test_a_stage_left_out_counts_as_done() -> None:
    """Where a Parliament has no ratings to learn from, the bar is where it would be after that stage."""
    assert how_far(f"  {MPS} ...\n", learned=False) == how_far(f"{fitted(LEADERS)}  {MPS} ...\n", learned=False)
    assert how_far(fitted(RESPONSE), learned=False)[0] == BETWEEN
    assert how_far(fitted(POLLS), learned=False)[0] == VOTES
    assert how_far(WHOLE, learned=False)[0] == CLOSING


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("", f"It was stopped at: {OPENING}."),
        (f"{WHOLE[: WHOLE.index(VOTES)]}{VOTES} ...\n{BAR.format(100, 1)}", f"It was stopped at: {VOTES}."),
        (f"{fitted(LEADERS)}The table polls is damaged.\n", "The table polls is damaged."),
        ("Traceback (most recent call last):\n  File x\nMemoryError: no room.\n", "The program broke off with "),
    ],
)
def test_a_failure_is_one_sentence(log: str, sentence: str) -> None:
    """A fit that was killed, refused or broken off says so without a traceback."""
    told = why_failed(log)
    assert told.startswith(sentence)
    assert "\n" not in told
    assert told.endswith(".")


def test_a_job_is_followed_to_its_end(script: Script, tmp_path: Path, forecast: Forecast) -> None:
    """A worker's stages are told as it writes them, and the job is finished when its forecast is stored."""
    made = save_forecast(forecast, tmp_path / "made")
    folder = forecast_path(DAY, POLLING_DAY)
    script(["say", fitted(LEADERS) + f"  {MPS} ..."], ["wait", tmp_path / "go"], ["say", WHOLE], ["copy", made, folder])
    assert state() is None
    begun = start(DAY)
    assert (begun.as_of, begun.election_date) == (DAY, POLLING_DAY)
    assert begun.running
    job = until(lambda job: job.stage == MPS)
    assert job.running
    assert 0.2 < job.done < 0.6
    (tmp_path / "go").touch()
    job = until(lambda job: not job.running)
    assert job.finished
    assert not job.failed
    assert job.done == 1
    assert job.folder == folder
    assert job.started == begun.started


def test_a_second_visitor_sees_the_same_job(script: Script, tmp_path: Path) -> None:
    """While one fit runs no other begins; once it is over, one does."""
    script(["wait", tmp_path / "go"])
    first = start(DAY)
    with pytest.raises(BadInput, match=r"^A fit of 2016-09-01 is under way, and one is made at a time\."):
        start(date(1990, 11, 22))
    seen = state()
    assert seen is not None
    assert (seen.as_of, seen.started, seen.running) == (DAY, first.started, True)
    (tmp_path / "go").touch()
    until(lambda job: not job.running)
    assert start(date(1990, 11, 22)).election_date == date(1992, 4, 9)


def test_an_old_forecast_does_not_pass_for_the_new_one(script: Script, forecast: Forecast) -> None:
    """A fit that failed has failed even where its day was stored before, and gives the command's own sentence."""
    manifest = save_forecast(forecast, forecast_path(DAY, POLLING_DAY)) / "manifest.json"
    os.utime(manifest, (1, 1))
    script(["say", fitted(LEADERS)], ["say", "The table ratings is damaged. Install selectorate again."], ["end", 3])
    start(DAY)
    job = until(lambda job: not job.running)
    assert not job.finished
    assert job.failed == "The table ratings is damaged. Install selectorate again."


def test_a_dead_worker_blocks_nobody(script: Script, tmp_path: Path) -> None:
    """A worker that was killed is noticed at once, and the next fit begins."""
    told = tmp_path / "pid"
    script(["say", f"  {POLLS} ..."], ["wait", tmp_path / "go"])
    started = subprocess.Popen

    def noted(*args: object, **settings: object) -> subprocess.Popen[bytes]:
        worker = started(*args, **settings)  # type: ignore[call-overload]
        told.write_text(str(worker.pid), encoding="utf-8")
        made: subprocess.Popen[bytes] = worker
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit_job.subprocess, "Popen", noted)
        start(DAY)
    until(lambda job: job.stage == POLLS)
    os.kill(int(told.read_text(encoding="utf-8")), signal.SIGKILL)
    job = until(lambda job: not job.running)
    assert job.failed == f"It was stopped at: {POLLS}."
    assert start(DAY).running


def test_a_job_outlives_who_began_it(script: Script, tmp_path: Path, root: Path) -> None:
    """A dashboard that is stopped leaves its worker at work, in a session of its own, and others see it."""
    script(["say", f"  {POLLS} ..."], ["wait", tmp_path / "go"])
    code = (
        f"from datetime import date; from models import fit_job; fit_job.COMMAND = {fit_job.COMMAND!r}; "
        f"fit_job.start(date({DAY.year}, {DAY.month}, {DAY.day}))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, timeout=60)
    assert until(lambda job: job.stage == POLLS).running
    with pytest.raises(BadInput, match="under way"):
        start(DAY)


@pytest.mark.parametrize(
    ("as_of", "election", "sentence"),
    [
        (date(1979, 5, 3), None, r"^The first day that can be fitted here is 1979-05-04"),
        (date(2040, 1, 1), None, "is outside the data"),
        (date(2016, 9, 1), date(2019, 1, 1), "lies the election of 2017-06-08"),
    ],
)
def test_days_that_cannot_be_are_refused(as_of: date, election: date | None, sentence: str) -> None:
    """No worker starts for a day before 1979, after the data, or across an election."""
    with pytest.raises(BadInput, match=sentence):
        start(as_of, election)
    assert state() is None


def test_a_dashboard_can_be_made_to_show_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """With SELECTORATE_READONLY=1 no fit begins."""
    monkeypatch.setenv(fit_job.READONLY_VARIABLE, "1")
    with pytest.raises(BadInput, match="only shows forecasts that are stored"):
        start(DAY)
    assert state() is None


def test_what_is_learned_is_known(forecast: Forecast) -> None:
    """The present Parliament comes with the package; another is known once a day of it is stored."""
    assert fit_job.is_learned(load_evidence().cut)
    assert not fit_job.is_learned(DAY)
    manifest = forecast.manifest.model_copy(update={"as_of": date(2015, 7, 15), "previous_election": date(2015, 5, 7)})
    save_forecast(Forecast(forecast.tree, manifest), forecast_path(date(2015, 7, 15), POLLING_DAY))
    assert fit_job.is_learned(DAY)
    assert usual_seconds(True) < usual_seconds(False) / 2


def test_a_damaged_record_is_no_job(script: Script) -> None:
    """A record of a job that cannot be read counts as none."""
    script(["end", 0])
    start(DAY)
    until(lambda job: not job.running)
    (fit_job.home() / "jobs" / "job.json").write_text('{"as_of": 3}', encoding="utf-8")
    assert state() is None


def test_the_worker_is_the_command_line(root: Path) -> None:
    """The command starts selectorate, whose refusal is the sentence that a page shows."""
    command = [*fit_job.COMMAND, "fit", "--as-of", "1900-01-01"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert why_failed(done.stderr).startswith("--as-of 1900-01-01 is outside the data")
