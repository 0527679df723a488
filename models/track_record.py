"""The track record: scores of the backtest with published forecasts beside them, written to ``reports/``."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from data import Evidence, load_evidence
from data.files import write_out
from models import track_summary
from models.aims import aims
from models.backtest import SEED, Failure
from models.fingerprint import made_with
from models.metrics import MAIN, SEATED
from models.reports import AIMS, SCHEMA, SUMMARY, TABLE, read_earlier
from models.track_summary import FULL

SPEAKERS_PARTY = {
    date(2010, 5, 6): "con",
    date(2015, 5, 7): "con",
    date(2017, 6, 8): "con",
    date(2019, 12, 12): "lab",
    date(2024, 7, 4): "lab",
}
"""The party the Speaker was elected for: others' forecasts count him there."""


def published(evidence: Evidence) -> pl.DataFrame:
    """Score the last forecasts of others, on the seats of the parties they name.

    Parameters
    ----------
    evidence : Evidence
        All tables.

    Returns
    -------
    pl.DataFrame
        Columns of ``reports.SCHEMA`` with lead 0; the exit poll is ``exit_poll``, others ``published: NAME``. The
        result they are scored against counts the Speaker for his old party, as they do. ``seat_mae_no_snp`` is told of
        those that name Con, Lab and Lib, ``seat_mae`` of those that name the SNP too.
    """
    side = pl.col("election_date").replace_strict(SPEAKERS_PARTY, default="spk", return_dtype=pl.String)
    party = pl.when(pl.col("winner") == "spk").then(side).otherwise("winner")
    won = evidence.contests.group_by("election_date", party=party).len("result")
    table = evidence.published_forecasts.filter(pl.col("party").is_in(SEATED))
    name = (
        pl.when(pl.col("kind") == "exit poll").then(pl.lit("exit_poll")).otherwise("published: " + pl.col("forecaster"))
    )
    both = table.join(won, on=["election_date", "party"]).with_columns(
        variant=name, error=(pl.col("seats") - pl.col("result")).abs()
    )
    parts = both.select("election_date", "variant", "party", metric=pl.lit("seat_mean"), value="seats")
    groups = both.group_by("election_date", "variant", maintain_order=True)
    wholes = []
    for metric, parties in (("seat_mae", SEATED), ("seat_mae_no_snp", MAIN)):
        of = pl.col("error").filter(pl.col("party").is_in(parties))
        mean = groups.agg(value=pl.when(of.len() == len(parties)).then(of.mean())).drop_nulls()
        wholes.append(mean.with_columns(metric=pl.lit(metric)))
    rows = [parts, *(whole.with_columns(party=pl.lit("")) for whole in wholes)]
    columns = list(SCHEMA)
    return pl.concat(
        [
            frame.with_columns(lead_days=pl.lit(0, pl.Int64), value=pl.col("value").cast(pl.Float64)).select(columns)
            for frame in rows
        ]
    )


def summary(table: pl.DataFrame, failures: Sequence[Failure]) -> dict[str, Any]:
    """What the track record amounts to, and what made it.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``reports.SCHEMA``.
    failures : sequence of Failure
        Jobs that could not be done.

    Returns
    -------
    dict
        Ready for JSON; each entry as the function of its name in ``models.track_summary`` gives it.
    """
    held = table["election_date"].unique().sort()
    return {
        "made_with": made_with() | {"seed": SEED},
        "elections": [str(day) for day in held],
        "leads": table.filter(pl.col("lead_days") > 0)["lead_days"].unique().sort().to_list(),
        "means": track_summary.means(table),
        "skill": track_summary.skill(table),
        "coverage": track_summary.coverage(table),
        "reliability": track_summary.reliability(table),
        "pit": track_summary.pit(table),
        "misses": track_summary.misses(table),
        "failures": [
            {
                "election_date": str(failure.job.election_date),
                "lead_days": failure.job.lead_days,
                "variant": failure.job.variant,
                "reason": failure.reason,
            }
            for failure in failures
        ],
    }


def write_report(table: pl.DataFrame, failures: Sequence[Failure], folder: Path) -> pl.DataFrame:
    """Write ``track_record.csv``, ``summary.json`` and ``aims.csv``.

    Parameters
    ----------
    table : pl.DataFrame
        From ``backtest.collect``.
    failures : sequence of Failure
        Jobs that could not be done.
    folder : Path
        Where to write.

    Returns
    -------
    pl.DataFrame
        The table with published forecasts and earlier models, as written.

    Raises
    ------
    BadInput
        If the folder cannot be written.
    """
    evidence = load_evidence(own=False)
    theirs = published(evidence).join(table, on="election_date", how="semi")
    earlier = read_earlier().join(table, on=["election_date", "lead_days"], how="semi")
    whole = pl.concat([_told(table), theirs, earlier]).sort("election_date", "lead_days", "variant", "metric", "party")
    rounded = whole.with_columns(pl.col("value").round(6))
    write_out(folder / TABLE, rounded.write_csv())
    write_out(folder / SUMMARY, summary_text(summary(rounded, failures)))
    write_out(folder / AIMS, aims(rounded).with_columns(pl.selectors.float().round(4)).write_csv())
    return rounded


def _told(table: pl.DataFrame) -> pl.DataFrame:
    """Scores of the whole for all; of each party and each bin of chances for the full model and a user's own."""
    in_detail = (pl.col("party") != "") | pl.col("metric").str.starts_with("reliability")
    own = pl.col("variant").str.contains(":", literal=True)  # an import path; what others published comes later
    return table.filter(~in_detail | (pl.col("variant") == FULL) | own)


def summary_text(told: dict[str, Any]) -> str:
    """Write a summary as JSON with one line an entry of each list, so that two can be compared line by line.

    Parameters
    ----------
    told : dict
        From ``summary``.

    Returns
    -------
    str
        Text of ``summary.json``.
    """
    parts = []
    for name, value in told.items():
        inside = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
        text = "[\n" + ",\n".join(f" {json.dumps(one)}" for one in value) + "\n]" if inside else json.dumps(value)
        parts.append(f"{json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def as_text(table: pl.DataFrame) -> str:
    """Write mean scores by lead time for a terminal.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``reports.SCHEMA``.

    Returns
    -------
    str
        A block a metric: a line a variant, a column a lead time.
    """
    lines = []
    own = table.filter(pl.col("party") == "", pl.col("lead_days") > 0)
    leads = own["lead_days"].unique().sort().to_list()
    for metric in ("vote_mae", "seat_mae", "seat_crps", "called", "seat_brier", "votes_cover90", "seats_cover90"):
        lines.append(f"{metric:24}" + "".join(f"{lead:>9}" for lead in leads))
        means = own.filter(pl.col("metric") == metric).group_by("variant", "lead_days").agg(pl.col("value").mean())
        for (variant,), rows in means.sort("variant").group_by("variant", maintain_order=True):
            by_lead = dict(rows.select("lead_days", "value").iter_rows())
            cells = "".join(f"{by_lead[lead]:9.4f}" if lead in by_lead else " " * 9 for lead in leads)
            lines.append(f"  {variant!s:22}{cells}")
    return "\n".join(lines)
