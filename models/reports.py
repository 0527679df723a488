"""The track record as it stands in ``reports/``: its two files, read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from data.errors import BadInput, DamagedArtefact
from models.fingerprint import made_with

REPORTS = Path(__file__).parents[1] / "reports"
"""Where the shipped report lies; a package installed without its repository has none."""
TABLE, SUMMARY, AIMS = "track_record.csv", "summary.json", "aims.csv"
EARLIER = "earlier.csv"
"""Scores of models that are no more, one variant each, kept so that their successors can be set beside them."""
SCHEMA = {
    "election_date": pl.Date,
    "lead_days": pl.Int64,
    "variant": pl.String,
    "metric": pl.String,
    "party": pl.String,
    "value": pl.Float64,
}
_AGAIN = "Make it again with: make backtest."


@dataclass(frozen=True, kw_only=True, eq=False)
class TrackRecord:
    """A track record: ``table`` has the columns of ``SCHEMA``, ``summary`` what ``track_summary`` made of it."""

    table: pl.DataFrame
    summary: dict[str, Any]

    def is_current(self) -> bool:
        """Whether the tables and the code that made it are those at hand."""
        told = self.summary["made_with"]
        return all(told.get(name) == value for name, value in made_with().items())

    def shared_means(self, metric: str, variants: list[str]) -> pl.DataFrame:
        """Mean of one score by lead time, over the elections that all of some forecasts were made of.

        Parameters
        ----------
        metric : str
            The score, of a forecast as a whole.
        variants : list of str
            Forecasts to set side by side; at a lead time at which one was never made it does not count.

        Returns
        -------
        pl.DataFrame
            ``variant, lead_days, mean, elections``; no rows of a lead time without an election that all have.
        """
        rows = self.table.filter(
            pl.col("metric") == metric, pl.col("party") == "", pl.col("variant").is_in(variants)
        ).with_columns(made=pl.col("variant").n_unique().over("lead_days"))
        shared = rows.filter(pl.col("variant").n_unique().over("lead_days", "election_date") == pl.col("made"))
        return shared.group_by("variant", "lead_days").agg(
            mean=pl.col("value").mean(), elections=pl.col("election_date").n_unique()
        )


def read_earlier(folder: Path = REPORTS) -> pl.DataFrame:
    """Read the scores of models that are no more.

    Parameters
    ----------
    folder : Path
        Where they lie.

    Returns
    -------
    pl.DataFrame
        Columns of ``SCHEMA``; empty where none are kept.
    """
    path = folder / EARLIER
    if not path.is_file():
        return pl.DataFrame(schema=SCHEMA)
    return pl.read_csv(path, schema=SCHEMA).with_columns(pl.col("party").fill_null(""))


def read_report(folder: Path = REPORTS) -> TrackRecord:
    """Read a track record.

    Parameters
    ----------
    folder : Path
        Where ``selectorate backtest`` wrote it.

    Returns
    -------
    TrackRecord
        Table and summary.

    Raises
    ------
    BadInput
        If there is none.
    DamagedArtefact
        If one of its files is missing or cannot be read.
    """
    table, summary = folder / TABLE, folder / SUMMARY
    if not table.is_file() and not summary.is_file():
        raise BadInput(f"There is no track record in {folder.name}/. Make one with: selectorate backtest.")
    try:
        told = json.loads(summary.read_text(encoding="utf-8"))
        rows = pl.read_csv(table, schema=SCHEMA).with_columns(pl.col("party").fill_null(""))
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise DamagedArtefact(f"The track record in {folder.name}/ is damaged. {_AGAIN}") from error
    if not isinstance(told, dict) or not isinstance(told.get("made_with"), dict):
        raise DamagedArtefact(f"{SUMMARY} in {folder.name}/ is damaged: it does not say what made it. {_AGAIN}")
    return TrackRecord(table=rows, summary=told)
