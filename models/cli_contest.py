"""The part of the command line on leadership contests: ``selectorate contest``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.cli_input import read_text
from models.days import day_of

if TYPE_CHECKING:
    from models.contest_input import ContestInput


def contest(
    party: Annotated[str, typer.Option("--party", help="Code of the party, as lab.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Use only what was known on this day (YYYY-MM-DD).")
    ] = None,
    election: Annotated[str | None, typer.Option("--election", help="Polling day to forecast (YYYY-MM-DD).")] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            "--rule", help="Rule beside the one in force: a code, as lab-1993, or a file in JSON. Repeatable."
        ),
    ] = None,
    candidates: Annotated[
        Path | None, typer.Option("--candidates", help="Candidates of your own, with your ranges: a file in JSON.")
    ] = None,
    seats: Annotated[bool, typer.Option("--seats/--no-seats", help="Whether seats are wanted: may take a fit.")] = True,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0, max=2**32 - 1)] = 20160712,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")] = False,
) -> None:
    """Hold a leadership contest under several rules: who wins, and what each leader would be worth in seats."""
    from data import load_evidence
    from models.contest_answer import answer, chosen_rules, contest_on
    from models.contest_text import contest_json, contest_text

    tables = load_evidence()
    day = day_of(as_of, "--as-of") if as_of else tables.cut
    given = _candidates(candidates)
    case = contest_on(tables, party, day, given)
    codes, own = _rules(rule or [])
    rules = chosen_rules(tables, party, day, codes, own)
    made = None
    if seats:
        from models.obtain import obtain_forecast

        made = obtain_forecast(day, day_of(election, "--election") if election else None, seed=seed)
    named = given.candidates if given else ()
    found = answer(tables, case, rules, day, forecast=made, given=named, seed=seed)
    typer.echo(json.dumps(contest_json(found), indent=2) if as_json else contest_text(found))


def _rules(given: list[str]) -> tuple[list[str], list[str]]:
    """Codes, and the texts of files."""
    files = [entry for entry in given if entry.endswith(".json") or Path(entry).is_file()]
    return [entry for entry in given if entry not in files], [read_text(Path(entry), "a rule") for entry in files]


def _candidates(file: Path | None) -> "ContestInput | None":
    from models.contest_input import read_candidates

    return None if file is None else read_candidates(read_text(file, "candidates"))
