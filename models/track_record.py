"""The track record: scores of the backtest with published forecasts beside them, written to ``reports/``."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from data import Evidence, load_evidence
from data.files import write_out
from models.backtest import SCHEMA, SEED, Failure
from models.metrics import SEATED
from models.store import code_version

TABLE, SUMMARY = "track_record.csv", "summary.json"
BASELINES = {"vote_mae": "shrunk_poll_mean", "seat_mae": "poll_mean_uniform", "seat_crps": "poll_mean_normal"}
"""Baseline each headline score is set beside (``design.md`` §8)."""
RESAMPLES = 2000


def published(evidence: Evidence) -> pl.DataFrame:
    """Score the last forecasts of others, on the seats of the parties they name.

    Parameters
    ----------
    evidence : Evidence
        All tables.

    Returns
    -------
    pl.DataFrame
        Columns of ``backtest.SCHEMA`` with lead 0; the exit poll is ``exit_poll``, others ``published: NAME``. Before
        scoring the Speaker is put on the side of ``spk`` for all, as in our own counts.
    """
    won = evidence.contests.group_by("election_date", "winner").len().rename({"winner": "party", "len": "result"})
    table = evidence.published_forecasts.filter(pl.col("party").is_in(SEATED))
    name = (
        pl.when(pl.col("kind") == "exit poll").then(pl.lit("exit_poll")).otherwise("published: " + pl.col("forecaster"))
    )
    both = table.join(won, on=["election_date", "party"]).with_columns(
        variant=name, error=(pl.col("seats") - pl.col("result")).abs()
    )
    parts = both.select("election_date", "variant", "party", metric=pl.lit("seat_mean"), value="seats")
    groups = both.group_by("election_date", "variant", maintain_order=True)
    no_snp = pl.col("error").filter(pl.col("party") != "snp").mean()
    wholes = [
        groups.agg(value=pl.col("error").mean()).with_columns(metric=pl.lit("seat_mae")),
        groups.agg(value=no_snp).with_columns(metric=pl.lit("seat_mae_no_snp")),
    ]
    rows = [parts, *(whole.with_columns(party=pl.lit("")) for whole in wholes)]
    columns = list(SCHEMA)
    return pl.concat(
        [
            frame.with_columns(lead_days=pl.lit(0, pl.Int64), value=pl.col("value").cast(pl.Float64)).select(columns)
            for frame in rows
        ]
    )


def summary(table: pl.DataFrame, failures: Sequence[Failure]) -> dict[str, object]:
    """Mean score of each variant by lead time, and the skill of the full model.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``backtest.SCHEMA``.
    failures : sequence of Failure
        Jobs that could not be done.

    Returns
    -------
    dict
        Ready for JSON: what made it, means, ratios to baselines with their interval over elections, failures.
    """
    whole = table.filter(pl.col("party") == "", ~pl.col("variant").str.starts_with("published"))
    means = whole.group_by("variant", "lead_days", "metric").agg(
        mean=pl.col("value").mean().round(5), elections=pl.col("election_date").n_unique()
    )
    held = table["election_date"].unique().sort()
    return {
        "made_with": {
            "code_version": code_version(),
            "data_fingerprint": load_evidence().fingerprint(),
            "seed": SEED,
        },
        "elections": [str(day) for day in held],
        "ratios": ratios(whole),
        "means": means.sort("variant", "lead_days", "metric").to_dicts(),
        "failures": [
            {
                "election_date": str(f.job.election_date),
                "lead_days": f.job.lead_days,
                "variant": f.job.variant,
                "reason": f.reason,
            }
            for f in failures
        ],
    }


def ratios(whole: pl.DataFrame) -> list[dict[str, object]]:
    """Error of the full model as a part of its baseline's, by lead time, paired over elections.

    Parameters
    ----------
    whole : pl.DataFrame
        Rows of ``backtest.SCHEMA`` without a party.

    Returns
    -------
    list of dict
        ``metric, lead_days, baseline, ratio, lo90, hi90, elections``; the interval is of a bootstrap over elections.
    """
    rng = np.random.default_rng(SEED)
    found: list[dict[str, object]] = []
    for metric, baseline in BASELINES.items():
        wide = (
            whole.filter(pl.col("metric") == metric, pl.col("variant").is_in(["full", baseline]))
            .pivot(on="variant", index=["lead_days", "election_date"], values="value")
            .drop_nulls()
            .sort("lead_days", "election_date")
        )
        if not {"full", baseline} <= set(wide.columns):
            continue
        for (lead,), rows in wide.group_by("lead_days", maintain_order=True):
            ours, theirs = rows["full"].to_numpy(), rows[baseline].to_numpy()
            picked = rng.integers(len(ours), size=(RESAMPLES, len(ours)))
            drawn = ours[picked].sum(axis=1) / theirs[picked].sum(axis=1)
            lo, hi = np.quantile(drawn, [0.05, 0.95])
            found.append(
                {
                    "metric": metric,
                    "lead_days": lead,
                    "baseline": baseline,
                    "ratio": round(float(ours.sum() / theirs.sum()), 3),
                    "lo90": round(float(lo), 3),
                    "hi90": round(float(hi), 3),
                    "elections": len(ours),
                }
            )
    return found


def write_report(table: pl.DataFrame, failures: Sequence[Failure], folder: Path) -> pl.DataFrame:
    """Write ``track_record.csv`` and ``summary.json``.

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
        The table with published forecasts, as written.

    Raises
    ------
    BadInput
        If the folder cannot be written.
    """
    evidence = load_evidence()
    tested = table["election_date"].unique()
    others = published(evidence).filter(pl.col("election_date").is_in(tested.implode()))
    whole = pl.concat([table, others]).sort("election_date", "lead_days", "variant", "metric", "party")
    rounded = whole.with_columns(pl.col("value").round(6))
    write_out(folder / TABLE, rounded.write_csv())
    write_out(folder / SUMMARY, json.dumps(summary(rounded, failures), indent=1) + "\n")
    return rounded


def as_text(table: pl.DataFrame) -> str:
    """Write mean scores by lead time for a terminal.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``backtest.SCHEMA``.

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
