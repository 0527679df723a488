"""The command ``selectorate backtest``: the track record, made and written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from data.errors import BadInput
from models.days import day_of

DASK_SECONDS = 10
"""How long to wait for a scheduler to answer."""


def _numbers(text: str) -> list[int]:
    try:
        days = [int(part) for part in text.split(",")]
    except ValueError as error:
        raise BadInput(f'--leads "{text}" is not a list of days. Write it as 1,30,365.') from error
    if min(days) < 1:
        raise BadInput(f'--leads "{text}" holds {min(days)}; a forecast is made one day before polling day or earlier.')
    return days


def _elections(text: str | None) -> list[date]:
    from data import load_evidence
    from models.backtest import FIRST_ELECTION
    from models.record import past_elections

    held = [day for day in past_elections(load_evidence(own=False)) if day >= FIRST_ELECTION]
    if text is None:
        return held
    named = [
        [day for day in held if str(day).startswith(part)] or [day_of(part, "--elections")] for part in text.split(",")
    ]
    return [day for days in named for day in days]


@contextmanager
def _executor(jobs: int, dask: str | None) -> Iterator[Any]:
    from models.workers import pool

    if dask is None:
        with pool(jobs) as executor:
            yield executor
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise BadInput("--dask needs Dask distributed. Install it with: pip install 'selectorate[cluster]'.") from error
    try:
        client = Client(dask, timeout=DASK_SECONDS)
    except (OSError, ValueError) as error:
        raise BadInput(f'No Dask scheduler answers at "{dask}". Give its address, such as tcp://host:8786.') from error
    with client:
        yield client.get_executor(retries=1)


def backtest(
    elections: Annotated[str | None, typer.Option(help="Polling days or years, by commas; all by default.")] = None,
    leads: Annotated[str | None, typer.Option(help="Days before polling day, by commas.")] = None,
    variants: Annotated[str | None, typer.Option(help="Names, or package.module:function, by commas.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes, each held to one core.", min=1, max=256)] = 2,
    dask: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, instead of processes.")] = None,
    resume: Annotated[bool, typer.Option(help="Keep jobs that are done; --no-resume makes them again.")] = True,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the reports; reports/ for the whole grid, none for a part of it.")
    ] = None,
) -> None:
    """Forecast past elections as they would have been forecast, score them, and write the track record."""
    from models.backtest import LEADS, collect, grid, job_path, run_to_end
    from models.makers import maker
    from models.track_record import as_text, write_report
    from models.variants import VARIANTS

    names = variants.split(",") if variants else [function.__name__ for function in VARIANTS]
    for name in names:
        maker(name)
    wanted = grid(_elections(elections), _numbers(leads) if leads else LEADS, names)
    if not resume:
        for job in wanted:
            job_path(job).unlink(missing_ok=True)
    kept = sum(job_path(job).is_file() for job in wanted)
    typer.echo(
        f"{len(wanted)} forecasts of the past, {kept} of them made before. The first of an election takes "
        "minutes, the rest less; each is kept once it is done: stopped, the same command goes on from there.",
        err=True,
    )
    failures = run_to_end(wanted, lambda: _executor(jobs, dask))
    table, whole = collect(wanted), not (elections or leads or variants)
    folder = out or (Path("reports") if whole else None)
    if folder is not None:
        table = write_report(table, failures, folder)
    typer.echo(as_text(table))
    if folder is None:
        typer.echo("A part of the grid: no report was written. Keep these scores with --out FOLDER.", err=True)
    for failure in failures:
        job = failure.job
        typer.echo(f"Not done: {job.election_date}, {job.lead_days} days, {job.variant}: {failure.reason}", err=True)
