"""Small tables of the track record, read off its report: rows chosen, sorted and named, nothing reckoned."""

from datetime import date
from typing import Any

import polars as pl

from models.reports import TrackRecord
from models.track_summary import FULL, PIT_BINS
from views import palette
from views.metrics_track import COVERED, EVIDENCE, METHODS, VERDICTS, Metric

PUBLISHED = "published: "
EXIT_POLL = "exit_poll"
MAIN = ("con", "lab", "lib")
DRAWN = (*MAIN, "snp")
KEYS = frozenset({"made_with", "elections", "leads", "skill", "coverage", "reliability", "pit", "misses", "failures"})
"""Parts a summary must have."""
_ENDS = ("", "_lo90", "_hi90")
COLUMNS = {
    "skill": (
        ("metric", "lead_days", "other", "elections"),
        ("ours", "theirs", *(f"{name}{end}" for name in ("ratio", "difference") for end in _ENDS)),
    ),
    "coverage": (("what", "level", "lead_days", "elections"), ("covered", "band_lo", "band_hi")),
    "reliability": (("lead_days", "bin", "n"), ("chance", "won", "won_lo90", "won_hi90")),
    "pit": (("what", "lead_days", "bin", "n"), ()),
}
"""Columns of the parts read as tables: names and counts, then numbers."""


def missing(record: TrackRecord) -> list[str]:
    """Parts of the summary, and columns of its parts, that the page needs and does not find."""
    parts = sorted(KEYS - set(record.summary))
    held = ((part, name) for part, groups in COLUMNS.items() for name in sum(groups, ()) if part not in parts)
    return parts + [f"{part}: {name}" for part, name in held if any(name not in row for row in record.summary[part])]


def _entries(record: TrackRecord, part: str) -> pl.DataFrame:
    """One part of the summary as a frame with the columns of that part, though it be empty."""
    names, numbers = COLUMNS[part]
    texts = {"variant", "metric", "other", "what"}
    schema = {name: pl.String if name in texts else pl.Int64 for name in names} | dict.fromkeys(numbers, pl.Float64)
    return pl.DataFrame([{name: entry[name] for name in schema} for entry in record.summary[part]], schema=schema)


def usual_lead(record: TrackRecord) -> int:
    """Lead time that a page opens with: thirty days, or the shortest there is."""
    leads: list[int] = record.summary["leads"]
    return 30 if 30 in leads else min(leads)


def skill_lines(record: TrackRecord, metric: Metric) -> pl.DataFrame:
    """Mean score of the model and of simple rules by lead time, over the elections that all of them have.

    Parameters
    ----------
    record : TrackRecord
        What to read.
    metric : Metric
        The score.

    Returns
    -------
    pl.DataFrame
        ``method, lead_days, value, elections`` in units of ``metric.axis``, methods in their order, longest lead first;
        the poll mean with its usual error only for scores of chances.
    """
    shown = {code: name for code, name in METHODS.items() if code != "poll_mean_normal" or code in metric.rivals}
    rows = record.shared_means(metric.code, list(shown))
    ranked = rows.sort(pl.col("variant").cast(pl.Enum(list(shown))), -pl.col("lead_days"))
    name = pl.col("variant").replace_strict(shown, return_dtype=pl.String)
    return ranked.select("lead_days", "elections", method=name, value=pl.col("mean") * metric.scale)


def rivals(record: TrackRecord, metric: Metric, other: str) -> pl.DataFrame:
    """The model's error beside one rule's: a row for each lead time, longest first."""
    rows = _entries(record, "skill").filter(pl.col("metric") == metric.code, pl.col("other") == other)
    return rows.drop_nulls("ratio_lo90").sort("lead_days", descending=True)


def evidence(record: TrackRecord, metric: Metric, lead: int) -> pl.DataFrame:
    """What each kind of evidence is worth.

    Parameters
    ----------
    record : TrackRecord
        What to read.
    metric : Metric
        The score.
    lead : int
        Days before polling day.

    Returns
    -------
    pl.DataFrame
        ``row, adds, rank, difference, lo90, hi90, elections``: score of the full model minus that without, in units of
        ``metric.axis``, below nought where the evidence helps.
    """
    rows = (
        _entries(record, "skill")
        .filter(pl.col("metric") == metric.code, pl.col("lead_days") == lead, pl.col("other").is_in(list(EVIDENCE)))
        .drop_nulls("difference_lo90")
    )
    ranked = rows.sort(pl.col("other").cast(pl.Enum(list(EVIDENCE)))).with_row_index("rank")
    labels, adds = ({code: names[i] for code, names in EVIDENCE.items()} for i in (0, 1))
    return ranked.select(
        "rank",
        "elections",
        row=pl.col("other").replace_strict(labels, return_dtype=pl.String),
        adds=pl.col("other").replace_strict(adds, return_dtype=pl.String),
        difference=pl.col("difference") * metric.scale,
        lo90=pl.col("difference_lo90") * metric.scale,
        hi90=pl.col("difference_hi90") * metric.scale,
    )


def coverage(record: TrackRecord, lead: int | None) -> pl.DataFrame:
    """How many results lay inside ranges.

    Parameters
    ----------
    record : TrackRecord
        What to read.
    lead : int or None
        Days before polling day; None for all lead times together.

    Returns
    -------
    pl.DataFrame
        ``what, level, row, rank, covered, band_lo, band_hi, elections, verdict``, parts in hundredths; the verdict is
        ``about right`` where the part lies within the band that right ranges give.
    """
    rows = _entries(record, "coverage")
    chosen = rows.filter(pl.col("lead_days").eq_missing(pl.lit(lead, pl.Int64)), pl.col("what").is_in(list(COVERED)))
    chosen = chosen.drop_nulls("band_lo")  # of too few elections for a band there is nothing to tell
    narrow, right, wide = map(pl.lit, VERDICTS)
    verdict = (
        pl.when(pl.col("covered") < pl.col("band_lo"))
        .then(narrow)
        .when(pl.col("covered") > pl.col("band_hi"))
        .then(wide)
        .otherwise(right)
    )
    named = chosen.with_columns(verdict=verdict).sort(pl.col("what").cast(pl.Enum(list(COVERED))), "level")
    what = pl.col("what").replace_strict(COVERED | {"constituency": "Const. shares"}, return_dtype=pl.String)
    return named.with_row_index("rank").with_columns(
        *(pl.col(name) * 100 for name in ("covered", "band_lo", "band_hi")), row=pl.format("{}, {}%", what, "level")
    )


def reliability(record: TrackRecord, lead: int) -> pl.DataFrame:
    """Chances to win a seat in tenths, and the part that won: ``chance, won, lo90, hi90, n`` in hundredths, ``bin``."""
    rows = _entries(record, "reliability")
    hundredths = {"chance": "chance", "won": "won", "lo90": "won_lo90", "hi90": "won_hi90"}
    return (
        rows.filter(pl.col("lead_days") == lead)
        .sort("bin")
        .select("bin", "n", **{name: pl.col(column) * 100 for name, column in hundredths.items()})
    )


def pit(record: TrackRecord, lead: int) -> pl.DataFrame:
    """Results by the tenth of the draws they fell in: ``what, tenth, n, expected``, empty tenths too."""
    rows = _entries(record, "pit")
    held = rows.filter(pl.col("lead_days") == lead).drop("lead_days")
    every = held.select("what").unique().join(pl.DataFrame({"bin": range(PIT_BINS)}), how="cross")
    filled = every.join(held, on=["what", "bin"], how="left").with_columns(pl.col("n").fill_null(0))
    return filled.sort("what", "bin", descending=[True, False]).select(
        "n",
        what=pl.col("what").replace_strict({"vote": "Votes", "seat": "Seats"}, return_dtype=pl.String),
        tenth=pl.col("bin") + 1,
        expected=pl.col("n").sum().over("what") / PIT_BINS,
    )


def failed_fits(record: TrackRecord) -> tuple[int, int]:
    """Forecasts of the full model in which the fit of a stage failed its diagnostics, and all of them."""
    fits = record.table.filter(pl.col("variant") == FULL, pl.col("metric") == "good_fit")["value"]
    return int((fits == 0).sum()), fits.len()


def misses(record: TrackRecord, what: str, lead: int) -> list[dict[str, Any]]:
    """Largest misses in ``vote`` or ``seat``, as the report has them, each with its ``day`` and the line's ``look``."""
    rows = [miss for miss in record.summary["misses"] if miss["what"] == what and miss["lead_days"] == lead]
    days = [date.fromisoformat(miss["election_date"]) for miss in rows]
    return [
        {**miss, "day": day, "look": palette.line_in(miss["party"], day.year)}
        for miss, day in zip(rows, days, strict=True)
    ]


def elections(record: TrackRecord) -> list[date]:
    """Elections of the record, last first."""
    return sorted(map(date.fromisoformat, record.summary["elections"]), reverse=True)


def told(record: TrackRecord, election: date, lead: int) -> dict[str, dict[str, float]]:
    """What the full model said at one lead time, and what came: metric by party, the whole under an empty name."""
    rows = record.table.filter(
        pl.col("variant") == FULL, pl.col("election_date") == election, pl.col("lead_days") == lead
    )
    found: dict[str, dict[str, float]] = {}
    for party, metric, value in rows.select("party", "metric", "value").iter_rows():
        found.setdefault(party, {})[metric] = value
    return found


def spoken_of(said: dict[str, dict[str, float]]) -> list[str]:
    """Parties a text speaks of: the main ones that the record has, and Reform UK or its forerunner from 5 per cent."""
    parties = [code for code in DRAWN if "seat_mean" in said.get(code, {})]
    return parties + (["ref"] if said.get("ref", {}).get("vote_result", 0.0) >= 0.05 else [])


def majority(said: dict[str, dict[str, float]]) -> str | None:
    """Line that won more than half of all seats; None where nobody did."""
    won = {code: of["seat_result"] for code, of in said.items() if "seat_result" in of}
    return next((code for code, seats in won.items() if 2 * seats > sum(won.values())), None)


def leads_of(record: TrackRecord, election: date) -> list[int]:
    """Lead times at which the full model forecast an election, longest first."""
    rows = record.table.filter(pl.col("variant") == FULL, pl.col("election_date") == election)
    return [int(lead) for lead in rows["lead_days"].unique().sort(descending=True)]


def story(record: TrackRecord, election: date, *, accessible: bool) -> pl.DataFrame:
    """Expected seats of the main parties by lead time, and what came.

    Parameters
    ----------
    record : TrackRecord
        What to read.
    election : date
        Polling day.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``party, short, fill, place, mean, lo90, hi90, came``; ``place`` is the lead time as text.
    """
    rows = []
    for lead in leads_of(record, election):
        said = told(record, election, lead)
        for code in (code for code in DRAWN if "seat_mean" in said.get(code, {})):
            mean, lo90, hi90, came = (said[code][f"seat_{name}"] for name in ("mean", "lo90", "hi90", "result"))
            look = palette.line_in(code, election.year)
            row = {"party": code, "short": look.short, "fill": palette.colour(code, accessible), "place": f"{lead:,}"}
            rows.append({**row, "mean": mean, "lo90": lo90, "hi90": hi90, "came": came})
    return pl.DataFrame(rows)


def published(record: TrackRecord) -> pl.DataFrame:
    """Seat errors of others' last forecasts, of the exit poll and of the full model on the eve.

    Parameters
    ----------
    record : TrackRecord
        What to read.

    Returns
    -------
    pl.DataFrame
        ``election_date, kind, error, error_snp, name, polled`` for elections that others forecast, last first, smallest
        error first: ``error`` leaves out the SNP, which not all forecast, ``error_snp`` counts it.
    """
    table = record.table
    eve = min(record.summary["leads"])
    others = pl.col("variant").str.starts_with(PUBLISHED)
    forecast = table.filter(others)["election_date"].unique()
    ours = (pl.col("variant") == FULL) & (pl.col("lead_days") == eve)
    rows = table.filter(
        others | (pl.col("variant") == EXIT_POLL) | ours,
        pl.col("party") == "",
        pl.col("metric").is_in(["seat_mae", "seat_mae_no_snp"]),
        pl.col("election_date").is_in(forecast.implode()),
    )
    if rows.is_empty():
        return pl.DataFrame()
    kind = (
        pl.when(others).then(pl.lit("Published")).when(ours).then(pl.lit("This model")).otherwise(pl.lit("Exit poll"))
    )
    groups = rows.with_columns(kind=kind).group_by("election_date", "variant", "kind")
    wide = groups.agg(
        error=pl.col("value").filter(pl.col("metric") == "seat_mae_no_snp").first(),
        error_snp=pl.col("value").filter(pl.col("metric") == "seat_mae").first(),
    )
    name = pl.when(others).then(pl.col("variant").str.strip_prefix(PUBLISHED)).otherwise(pl.col("kind"))
    by = ["election_date", "error", "variant"]
    return wide.sort(by, descending=[True, False, False], nulls_last=True).select(
        "election_date", "kind", "error", "error_snp", name=name, polled=pl.col("election_date").dt.to_string("%b %Y")
    )
