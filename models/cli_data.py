"""The commands ``selectorate data``: rebuild, check and show the tables; add, list and remove rows of one's own."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from data.errors import BadInput

tables = typer.Typer(
    help="The tables: rebuild, check, show; rows of your own: add, list, remove.", no_args_is_help=True
)

UK = ZoneInfo("Europe/London")


class Kind(StrEnum):
    """What a file of one's own holds."""

    polls = "polls"
    ratings = "ratings"
    mps = "mps"


@tables.command()
def build(raw: Annotated[Path, typer.Option(help="Folder of raw files, laid out as data/SOURCES.md says.")]) -> None:
    """Rebuild the shipped tables from raw files and print what changed."""
    from data.build import build as build_tables
    from data.changes import render
    from data.load import tables_dir

    typer.echo(render(build_tables(raw, tables_dir())))
    typer.echo(f"Tables rebuilt in {tables_dir()}", err=True)


@tables.command()
def check(
    out: Annotated[Path | None, typer.Option(help="Write the report to this file, too.")] = None,
) -> None:
    """Check every table and print rows, span and sources, and totals beside the official ones."""
    from data.checks import check as check_tables
    from data.checks import render
    from data.files import write_out
    from data.load import evidence_from, tables_dir

    report = check_tables(evidence_from(tables_dir()))
    if out is not None:
        write_out(out, render(report) + "\n")
    typer.echo(render(report))
    if not report.ok:
        sys.exit(3)


@tables.command()
def show(
    table: Annotated[str | None, typer.Argument(help="A table; without it, all are listed.")] = None,
    rows: Annotated[int, typer.Option(help="How many rows.", min=0)] = 5,
    as_csv: Annotated[bool, typer.Option("--csv", help="The whole table as CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The description as JSON.")] = False,
) -> None:
    """Print what a table is, where it comes from, on what terms, its columns and first rows."""
    from data import read_table
    from data.catalogue import read_package
    from data.catalogue.text import contents, describe
    from data.schemas import TABLES

    package = read_package()
    if table is None:
        typer.echo(package.model_dump_json(by_alias=True, indent=1) if as_json else contents(package))
        return
    if table not in TABLES:
        raise BadInput(f'No table "{table}". Available: {", ".join(TABLES)}.')
    resource = package.resource(table)
    if as_csv:
        typer.echo(read_table(table).write_csv(), nl=False)
    elif as_json:
        typer.echo(resource.model_dump_json(by_alias=True, indent=1))
    else:
        typer.echo(describe(resource))
        if rows:
            typer.echo("\n" + read_table(table).head(rows).write_csv(), nl=False)


@tables.command()
def add(kind: Kind, file: Annotated[Path, typer.Argument(help="CSV, JSON or Excel, 1 MB at most.")]) -> None:
    """Add polls, ratings or votes of MPs of your own; the shipped tables stay as they are."""
    from data.own import add as add_rows

    batch = add_rows(kind.value, file, datetime.now(UK).date())
    rows = "row" if batch.rows == 1 else "rows"
    typer.echo(f"Added {batch.rows} {rows} as {batch.name}. The next forecast uses them: selectorate forecast")


@tables.command()
def own() -> None:
    """List the batches of rows that you added."""
    from data.own import batches

    found = batches()
    for batch in found:
        typer.echo(f"{batch.name:40} {batch.kind:8} {batch.rows:>6} rows, added {batch.added} from {batch.file}")
    if not found:
        typer.echo("No rows of your own. Add some with: selectorate data add polls FILE.csv")


@tables.command()
def remove(batch: str) -> None:
    """Take a batch of your own rows out again."""
    from data.own import remove as remove_rows

    gone = remove_rows(batch)
    typer.echo(f"Removed {gone.name} ({gone.rows} rows).")
