"""The command ``selectorate``. Results go to stdout, progress to stderr; errors are one sentence and an exit code.

Exit codes: 0 done, 2 what was given cannot be used, 3 a shipped table or stored forecast is damaged.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data.errors import BadInput, SelectorateError
from models.cli_backtest import backtest
from models.cli_contest import contest
from models.cli_data import tables
from models.cli_input import read_text
from models.days import day_of

if TYPE_CHECKING:
    import polars as pl

    from models.forecast import Forecast

app = typer.Typer(
    help="Forecast British general elections from leaders, MPs and polls.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(tables, name="data")
app.command()(backtest)
app.command()(contest)

AsOf = Annotated[str | None, typer.Option("--as-of", help="Use only what was known on this day (YYYY-MM-DD).")]
Election = Annotated[str | None, typer.Option("--election", help="Polling day to forecast (YYYY-MM-DD).")]
Seed = Annotated[int, typer.Option(help="Seed of all random numbers.", min=0, max=2**32 - 1)]
Json = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]
Refit = Annotated[bool, typer.Option("--refit", help="Fit again even where a stored forecast fits the question.")]
SeatTable = Literal["all", "swing", "tipping", "changed"]
DEFAULT_SEED = 20160712
"""The day Labour's executive ruled that the leader need not be nominated again (12 July 2016)."""


def _day(text: str | None, option: str) -> date | None:
    return None if text is None else day_of(text, option)


def _forecast(as_of: str | None, election: str | None, seed: int, refit: bool) -> "Forecast":
    from models.obtain import obtain_forecast

    return obtain_forecast(_day(as_of, "--as-of"), _day(election, "--election"), seed=seed, refit=refit)


@app.command()
def fit(
    as_of: AsOf = None,
    election: Election = None,
    seed: Seed = DEFAULT_SEED,
    manifest: Annotated[
        Path | None, typer.Option("--from", help="Make this stored forecast again: its manifest.json, or its folder.")
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="Other settings or models: a variant, or package.module:function of your own.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="With --from, even where tables or code differ.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder to store it in, with --from or --variant.")] = None,
) -> None:
    """Fit all models and store the forecast, whether or not one is stored already."""
    from models.cli_fit import check_options, fit_again, fit_variant
    from models.describe import as_text
    from models.settle import settle_dates

    check_options(manifest, variant, {"--as-of": as_of, "--election": election, "--anyway": anyway, "--out": out})
    if manifest is not None:
        made = fit_again(manifest, variant, anyway, out)
    elif variant is not None:
        made = fit_variant(variant, settle_dates(_day(as_of, "--as-of"), _day(election, "--election")), seed, out)
    else:
        made = _forecast(as_of, election, seed, True)
    typer.echo(as_text(made), err=True)


@app.command()
def forecast(
    as_of: AsOf = None,
    election: Election = None,
    seed: Seed = DEFAULT_SEED,
    as_json: Json = False,
    refit: Refit = False,
) -> None:
    """Print a forecast: the stored one where it fits the question, else a new fit."""
    from models import describe

    made = _forecast(as_of, election, seed, refit)
    typer.echo(json.dumps(describe.as_json(made), indent=2) if as_json else describe.as_text(made))


@app.command()
def seats(
    as_of: AsOf = None,
    election: Election = None,
    seed: Seed = DEFAULT_SEED,
    table: Annotated[
        SeatTable,
        typer.Option("--table", help="All of each seat, swings needed, seats that tip a majority, or what changed."),
    ] = "all",
    as_json: Json = False,
) -> None:
    """Print every seat as CSV: chances and shares of each party, majority, swing needed."""
    made = _seats(_forecast(as_of, election, seed, False), table)
    typer.echo(json.dumps(made.to_dicts(), indent=2) if as_json else made.write_csv(), nl=as_json)


def _seats(made: "Forecast", table: SeatTable) -> "pl.DataFrame":
    from polars import selectors

    from models.seat_compare import changed_since, previous_forecast
    from models.seat_table import seat_table, swing_needed, tipping_seats

    if table == "changed":
        earlier = previous_forecast(made)
        if earlier is None:
            raise BadInput(
                f"No earlier forecast of {made.manifest.election_date} by the same code is stored. "
                "Make one with: selectorate fit --as-of DAY."
            )
        chosen = changed_since(made, earlier)
    else:
        chosen = {"all": seat_table, "swing": swing_needed, "tipping": tipping_seats}[table](made)
    return chosen.with_columns(selectors.float().round(4))


@app.command()
def explain(
    as_of: AsOf = None,
    election: Election = None,
    seed: Seed = DEFAULT_SEED,
    party: Annotated[str | None, typer.Option("--party", help="Code of the only party to explain, as lab.")] = None,
    as_json: Json = False,
) -> None:
    """Say what moved a forecast, whose its uncertainty is, and what leaders and MPs are worth in votes."""
    from models.explain_text import explain_json, explain_text

    made = _forecast(as_of, election, seed, False)
    typer.echo(json.dumps(explain_json(made, party), indent=2) if as_json else explain_text(made, party))


@app.command()
def scenario(
    file: Annotated[Path, typer.Argument(help="A scenario in JSON; - reads stdin.")],
    as_of: AsOf = None,
    election: Election = None,
    seed: Seed = DEFAULT_SEED,
    as_json: Json = False,
) -> None:
    """Put a what-if question to a forecast and print what changes."""
    from models import describe
    from models.scenario import compare, read_scenario, run_scenario

    question = read_scenario(read_text(file, "a scenario"))
    base = _forecast(as_of, election, seed, False)
    answer = run_scenario(base, question)
    table = compare(base, answer)
    if as_json:
        result = {"base": describe.as_json(base), "scenario": describe.as_json(answer), "change": table.to_dicts()}
        typer.echo(json.dumps(result, indent=2))
        return
    typer.echo(describe.as_text(answer))
    typer.echo("\nChange in seats, draw by draw (mean, 90 %)")
    for row in table.filter(table["seats_change"] != 0).iter_rows(named=True):
        typer.echo(f"{row['party']:8}{row['seats_change']:+8.1f}{row['lo90']:+7.0f} to{row['hi90']:+5.0f}")


@app.command()
def score(
    as_of: AsOf = None,
    election: Election = None,
    seed: Seed = DEFAULT_SEED,
    out: Annotated[Path | None, typer.Option(help="Write the table to this CSV file, too.")] = None,
) -> None:
    """Put a forecast of an election that was held beside its result and beside uniform swing from the last polls."""
    from data import load_evidence
    from data.files import write_out
    from models.describe import score_text
    from models.score import score_table

    table = score_table(_forecast(as_of, election, seed, False), load_evidence(own=False))
    if out is not None:
        write_out(out, table.write_csv(float_precision=4))
    typer.echo(score_text(table))


@app.command("app")
def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1024, max=65535)] = 8501,
    folder: Annotated[
        Path | None,
        typer.Option("--forecast", help="Folder of the forecast to show first.", envvar="SELECTORATE_FORECAST"),
    ] = None,
) -> None:
    """Open the dashboard; fits first where no forecast is stored."""
    from models.serve import serve_dashboard
    from models.store import forecast_path, read_manifest

    if folder is not None:
        read_manifest(folder)  # said here in a sentence, before a browser is opened
        sys.exit(serve_dashboard(port, folder.resolve()))
    shown = _forecast(None, None, DEFAULT_SEED, False).manifest
    sys.exit(serve_dashboard(port, forecast_path(shown.as_of, shown.election_date)))


@app.command()
def doctor() -> None:
    """Check Python, the shipped tables and their description, rows of your own and stored forecasts."""
    from models.doctor import examine

    findings = examine()
    for finding in findings:
        typer.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.what}")
    if not all(finding.ok for finding in findings):
        sys.exit(3)


def main() -> None:
    """Run the command line; every known failure is one sentence on stderr."""
    try:
        app()
    except SelectorateError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
