"""Make some forecasts of the record again: where no score differs, the record is marked as one of today's code.

``python -m benchmarks.record_again 2017,2024``. A change that is not meant to move a forecast, as of a name or of what
is kept beside it, gives the code another hash all the same, and the whole record takes an hour and a half. All lead
times and variants of the elections named are made again instead. ``summary.json`` says so: ``made_again`` has the code
that made the rest, the elections and the number of forecasts. Where a score differs, it is shown, and the whole is due.
"""

import json
import sys
from pathlib import Path

import polars as pl

from data.errors import BadInput, SelectorateError
from data.files import write_out
from models.backtest import LEADS, SEED, collect, grid, run_to_end
from models.cli_backtest import elections_named
from models.fingerprint import made_with
from models.reports import REPORTS, SUMMARY, read_report
from models.track_record import summary_text
from models.variants import VARIANTS
from models.workers import pool

WORKERS = 2
KEYS = ["election_date", "lead_days", "variant", "metric", "party"]
SHOWN = 12


def renew(again: pl.DataFrame, forecasts: int, folder: Path = REPORTS) -> None:
    """Compare scores with those of the record, and mark it as made by today's code and tables where all are the same.

    Parameters
    ----------
    again : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.
    forecasts : int
        How many forecasts were made for them.
    folder : Path
        Where the record lies.

    Raises
    ------
    BadInput
        If the tables or a score differ, or the record has scores of these elections that were not made again.
    """
    record, now = read_report(folder), made_with()
    if record.summary["made_with"]["tables"] != now["tables"]:
        raise BadInput("The tables are not those of the record, which has to be made anew: run make backtest.")
    days, variants = again["election_date"].unique(), again["variant"].unique()
    kept = record.table.filter(
        pl.col("election_date").is_in(days.implode()), pl.col("variant").is_in(variants.implode())
    )
    both = kept.join(again, on=KEYS, how="left", suffix="_again")
    other = both.filter((pl.col("value") != pl.col("value_again").round(6)).fill_null(True))
    if other.height:
        raise BadInput(
            f"{other.height} of {kept.height} scores are not those of the record, which has to be made anew: run make "
            f"backtest.\n{other.head(SHOWN)}"
        )
    told = record.summary
    before = told.get("made_again", {"code": told["made_with"]["code"]})
    told["made_with"] = now | {"seed": SEED}
    told["made_again"] = {"code": before["code"], "elections": sorted(map(str, days)), "forecasts": forecasts}
    write_out(folder / SUMMARY, summary_text(told))
    print(json.dumps(told["made_again"]))


def main() -> None:
    """Make the elections that are named again and renew the record."""
    jobs = grid(elections_named(sys.argv[1]), LEADS, [function.__name__ for function in VARIANTS])
    failures = run_to_end(jobs, lambda: pool(WORKERS))
    if failures:
        raise BadInput(f"{len(failures)} forecasts could not be made, the first for this reason: {failures[0].reason}.")
    renew(collect(jobs), len(jobs))


if __name__ == "__main__":
    try:
        main()
    except SelectorateError as error:
        sys.exit(str(error))
