"""Make some forecasts of the record with the code before a change and with today's: the same scores renew the record.

A change that is not meant to move a forecast, as of a name or of what is kept beside it, gives the code another hash
all the same, and the whole record takes an hour and a half. So, in a checkout of the commit that made the record and
then in today's, on one machine (the arithmetic of another may give other draws)::

    selectorate backtest --elections 1970,2024 --leads 1,30,365 --out THEN
    python -m benchmarks.record_again THEN

Where every score is the same, ``summary.json`` is marked with today's code, and says so: ``made_again`` has the code
that made the record, and what was made again. Where one differs, it is shown, and the whole record is due.
"""

import json
import sys
from pathlib import Path

import polars as pl

from data.errors import BadInput, SelectorateError
from data.files import write_out
from models.backtest import collect, grid, run_to_end
from models.fingerprint import made_with
from models.reports import REPORTS, SUMMARY, TrackRecord, read_report
from models.track_record import summary_text
from models.variants import VARIANTS
from models.workers import pool

WORKERS = 2
KEYS = ["election_date", "lead_days", "variant", "metric", "party"]
SHOWN = 12


def renew(then: TrackRecord, again: pl.DataFrame, forecasts: int, folder: Path = REPORTS) -> None:
    """Compare scores made on one machine, and mark the record as of today's code and tables where all are the same.

    Parameters
    ----------
    then : TrackRecord
        A part of the record, made again with its own code.
    again : pl.DataFrame
        The same made with today's code, columns of ``models.reports.SCHEMA``.
    forecasts : int
        How many forecasts were made for it.
    folder : Path
        Where the record lies.

    Raises
    ------
    BadInput
        If the tables are not those of the record, ``then`` is not of its code, or a score differs.
    """
    told, now = read_report(folder).summary, made_with()
    if told["made_with"]["tables"] != now["tables"]:
        raise BadInput("The tables are not those of the record, which has to be made anew: run make backtest.")
    before = told.get("made_again", {"code": told["made_with"]["code"]})["code"]
    if then.summary["made_with"] != told["made_with"] | {"code": before}:
        raise BadInput(f"The part to compare with is not of the code {before} and the tables that made the record.")
    ours = then.table.filter(pl.col("variant").is_in([function.__name__ for function in VARIANTS]))
    both = ours.join(again, on=KEYS, how="left", suffix="_again")
    other = both.filter((pl.col("value") != pl.col("value_again").round(6)).fill_null(True))
    if other.height or not ours.height:
        raise BadInput(
            f"{other.height} of {ours.height} scores are not the same, so the record has to be made anew: run make "
            f"backtest.\n{other.head(SHOWN)}"
        )
    told["made_again"] = {
        "code": before,
        "elections": [str(day) for day in ours["election_date"].unique().sort()],
        "leads": ours["lead_days"].unique().sort().to_list(),
        "forecasts": forecasts,
    }
    told["made_with"] |= now
    write_out(folder / SUMMARY, summary_text(told))
    print(json.dumps(told["made_again"]))


def main() -> None:
    """Make again what lies in the folder that is named, and renew the record."""
    then = read_report(Path(sys.argv[1]))
    fitted = then.table.filter(pl.col("lead_days") > 0)
    jobs = grid(fitted["election_date"].unique(), fitted["lead_days"].unique(), [one.__name__ for one in VARIANTS])
    failures = run_to_end(jobs, lambda: pool(WORKERS))
    if failures:
        raise BadInput(f"{len(failures)} forecasts could not be made, the first for this reason: {failures[0].reason}.")
    renew(then, collect(jobs), len(jobs))


if __name__ == "__main__":
    try:
        main()
    except SelectorateError as error:
        sys.exit(str(error))
