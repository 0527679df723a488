"""The commands ``selectorate data``: rebuild, check and show the tables; add, list and remove rows of one's own."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from data.errors import BadInput
from data.own.kinds import Kind, listed

tables = typer.Typer(
    help="The tables: rebuild, check, show; rows of your own: add, list, remove.", no_args_is_help=True
)

UK = ZoneInfo("Europe/London")


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
    """Check every table; print rows and span of each, totals beside the official ones, and polls by parliament."""
    from data.catalogue import read_package
    from data.checks import check as check_tables
    from data.checks import render
    from data.files import write_out
    from data.load import evidence_from, tables_dir

    if out is not None and not out.absolute().parent.is_dir():
        raise BadInput(f"No folder {out.parent} to write {out.name} in. Make it first, or give another path.")
    report = check_tables(evidence_from(tables_dir()), before=read_package())
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

    if as_csv and as_json:
        raise BadInput("--csv and --json ask for two things. Give one of them.")
    package = read_package()
    if table is None and as_csv:
        raise BadInput("--csv prints one table. Name it: selectorate data show TABLE --csv")
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
def add(
    kind: Annotated[Kind, typer.Argument(help=f"What the file holds: {listed()}.")],
    file: Annotated[Path, typer.Argument(help="CSV, JSON or Excel, 1 MB at most.")],
) -> None:
    """Add rows of your own; the shipped tables stay as they are."""
    from data.own.adding import add as add_rows

    batch = add_rows(kind, file, datetime.now(UK).date())
    typer.echo(f"Added {_rows(batch.rows)} as {batch.name}. The next forecast uses them: selectorate forecast")


@tables.command()
def own() -> None:
    """List the batches of rows that you added."""
    from data.load import left_out
    from data.own.overlay import batches

    found, gone = batches(), left_out()
    for batch in found:
        line = f"{batch.name:40} {batch.kind:8} {_rows(batch.rows):>12}, added {batch.added} from {batch.file}"
        shipped = f"; left out as shipped by now: {_rows(gone[batch.name])}" if batch.name in gone else ""
        typer.echo(line + shipped)
    if not found:
        typer.echo("No rows of your own. Add some with: selectorate data add polls FILE.csv")


@tables.command()
def remove(batch: str) -> None:
    """Take a batch of your own rows out again."""
    from data.own.overlay import remove as remove_rows

    gone = remove_rows(batch)
    typer.echo(f"Removed {gone.name} ({_rows(gone.rows)}).")


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
