"""Figures of the reports, as Markdown: every score on a page is read off ``reports/`` while the page is made."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from models.reports import AIMS, REPORTS, TrackRecord, read_report

VOTE, POINTS = "vote_mae", 100.0
VARIANTS = {
    "full": "this model",
    "polls_only": "polls only",
    "no_polls": "without polls",
    "poll_mean_normal": "mean of last polls",
    "shrunk_poll_mean": "shrunk poll mean",
    "no_change": "no change",
    "before_link": "before campaigns and links",
}
PARTIES = {"lab": "Labour", "con": "Conservative", "lib": "Liberal Democrat", "ref": "Reform UK", "snp": "SNP"}


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, first column to the left and figures to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def signed(value: float, digits: int) -> str:
    """A difference with its sign, a true minus, and no sign on what rounds to nought."""
    plain = f"{value:+.{digits}f}"
    return plain[1:] if float(plain) == 0 else plain.replace("-", "−")


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(REPORTS / name, infer_schema_length=None)


def _record() -> TrackRecord:
    return read_report(REPORTS)


def errors_by_lead(*variants: str, metric: str = VOTE, scale: float = POINTS, digits: int = 2) -> str:
    """Tabulate mean scores of several forecasts by days before polling day, over the elections all of them have."""
    means = _record().shared_means(metric, list(variants))
    wide = means.pivot("variant", index=["lead_days", "elections"], values="mean").sort("lead_days")
    rows = [
        [f"{row['lead_days']:,}", str(row["elections"])]
        + [f"{row[name] * scale:.{digits}f}" if row.get(name) is not None else "" for name in variants]
        for row in wide.iter_rows(named=True)
    ]
    return markdown_table(["days before", "elections", *(VARIANTS.get(name, name) for name in variants)], rows)


def worth(variant: str, metric: str = VOTE, scale: float = POINTS, digits: int = 2) -> str:
    """Tabulate what is gained by a kind of evidence: error with it less error without it, below nought where it helps.

    Parameters
    ----------
    variant : str
        The variant without it, as ``no_leaders``.
    metric : str
        Score in which both are compared.
    scale : float
        Factor on the score.
    digits : int
        Decimals.

    Returns
    -------
    str
        Markdown.
    """
    held = [e for e in _record().summary["skill"] if e["metric"] == metric and e["other"] == variant]
    rows = [
        [
            f"{e['lead_days']:,}",
            str(e["elections"]),
            signed(e["difference"] * scale, digits),
            _range(e["difference_lo90"], e["difference_hi90"], scale, digits),
        ]
        for e in sorted(held, key=lambda e: e["lead_days"])
    ]
    return markdown_table(["days before", "elections", "change of error", "90 % interval"], rows)


def _range(low: float | None, high: float | None, scale: float, digits: int) -> str:
    if low is None or high is None:
        return "too few"
    return f"{signed(low * scale, digits)} to {signed(high * scale, digits)}"


def coverage() -> str:
    """Tabulate how often results lay within the model's ranges, all lead times together."""
    held = {(e["what"], e["level"]): e for e in _record().summary["coverage"] if e["lead_days"] is None}
    levels = sorted({level for _, level in held})
    names = {"votes": "votes", "seats": "seats", "constituency": "shares by constituency"}
    rows = [
        [name, *(f"{held[what, level]['covered'] * 100:.0f} %" for level in levels)] for what, name in names.items()
    ]
    return markdown_table(["ranges of", *(f"{level} %" for level in levels)], rows)


def aims() -> str:
    """Tabulate the record beside what the project aims at, furthest from its aim first."""
    rows = []
    for row in _read(AIMS).iter_rows(named=True):
        ends = [f"{name} {row[key]:g}" for name, key in (("at least", "least"), ("at most", "most")) if row[key]]
        lead = "all" if row["lead_days"] is None else str(row["lead_days"])
        rows.append([row["aim"], lead, f"{row['figure']:.2f}", " and ".join(ends), f"{row['short']:.2f}"])
    return markdown_table(["aim", "days before", "figure", "aimed at", "times too large or small"], rows)


def seats_from_true_votes() -> str:
    """Tabulate seats from the votes that came: ours beside uniform swing, 2024 and the other pairs of elections."""
    held = _read("seats_true_votes.csv").with_columns(last=pl.col("pair") == "2019-2024")
    means = held.group_by("model", "last").agg(pl.col("abs_error_seats").mean(), pl.col("called").mean())
    found = {(model, last): (wrong, called) for model, last, wrong, called in means.iter_rows()}
    ways = {"selectorate": "seat model", "uniform_nation": "uniform swing", "proportional_nation": "proportional swing"}
    rows = [
        [
            name,
            f"{found[way, True][0]:.0f}",
            f"{found[way, False][0]:.1f}",
            f"{found[way, True][1] * 100:.1f} %",
            f"{found[way, False][1] * 100:.1f} %",
        ]
        for way, name in ways.items()
    ]
    return markdown_table(["", "seats wrong, 2024", "other pairs", "winners called, 2024", "other pairs"], rows)


def seat_terms() -> str:
    """Tabulate what each effect of the seat model is worth: Brier score without it less with it, times a thousand."""
    held = _read("seats_terms.csv").join(_read("seats_scores.csv").select("pair", full="brier"), on="pair")
    each = held.with_columns(gain=(pl.col("brier") - pl.col("full")) * 1000)
    last = each.filter(pl.col("pair") == "2019-2024").select("without", "gain")
    others = each.filter(pl.col("pair") != "2019-2024").group_by("without", maintain_order=True)
    both = others.agg(rest=pl.col("gain").mean()).join(last, on="without")
    rows = [
        [name, signed(now, 1), signed(rest, 1)] for name, now, rest in both.select("without", "gain", "rest").rows()
    ]
    return markdown_table(["effect", "worth in 2024", "worth in other pairs"], rows)


def contests() -> str:
    """Tabulate replays of leadership contests: mean minus log chance of who won, lower is better."""
    held = _read("contests.csv")
    groups = {"with a poll of members": held.filter(pl.col("poll_leader").is_not_null()), "all": held}
    columns = ("p_winner", "p_poll", "p_mps", "p_even")
    rows = [
        [f"{name} ({part.height})", *(f"{-np.log(part[column].to_numpy()).mean():.2f}" for column in columns)]
        for name, part in groups.items()
    ]
    inside = held.filter(pl.col("share").is_between(pl.col("share_lo90"), pl.col("share_hi90"))).height
    told = held.filter(pl.col("share").is_not_null()).height
    table = markdown_table(["contests", "this model", "last poll's leader", "MPs' favourite", "even chances"], rows)
    return f"{table}\nThe 90 % range held the winner's share in {inside} of {told}.\n"


def survival() -> str:
    """Tabulate how well exits of leaders were foretold since 1990, beside constant rates."""
    held = {row["name"]: row for row in _read("survival.csv").iter_rows(named=True)}
    names = {
        "months, all": "months of leaders",
        "months, con and lab": "the same, Conservative and Labour",
        "defeats, all": "lost elections",
        "defeats, con and lab": "the same, Conservative and Labour",
    }
    rows = [
        [
            name,
            f"{held[f'{key}: log']['n']:,}",
            f"{held[f'{key}: log']['model']:.3f}",
            f"{held[f'{key}: log']['baseline']:.3f}",
            f"{held[f'{key}: brier']['model']:.3f}",
            f"{held[f'{key}: brier']['baseline']:.3f}",
        ]
        for key, name in names.items()
    ]
    return markdown_table(["what", "number", "log score", "constant rate", "Brier score", "constant rate"], rows)


def checks(model: str) -> str:
    """Tabulate checks of a model: gates of its fit, ranges that should hold what was seen; and name those it fails."""
    held = _read("model_checks.csv").filter(pl.col("model") == model)
    shown = held.filter(pl.col("check").is_in(["gates", "posterior_predictive"]))
    rows = [[row["quantity"], f"{row['value']:g}", _bounds(row)] for row in shown.iter_rows(named=True)]
    failed = held.filter(~pl.col("ok").fill_null(True))["quantity"].to_list()
    calibrated = held.filter(pl.col("check") == "sbc")
    lines = [markdown_table(["check", "value", "should be"], rows)]
    if calibrated.height:
        passed = calibrated.filter(pl.col("ok")).height
        lines.append(f"Simulation-based calibration: {passed} of {calibrated.height} quantities within their band.\n")
    if failed:
        lines.append("Checks that fail: " + "; ".join(failed) + ".\n")
    return "\n".join(lines)


def _bounds(row: dict[str, Any]) -> str:
    low, high = row["low"], row["high"]
    if low is None:
        return "" if high is None else f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def eve_of_2024() -> str:
    """Tabulate the forecast of the eve of 4 July 2024 beside what came."""
    rows = []
    for row in _read("score_2024-07-03.csv").filter(pl.col("party").is_in(list(PARTIES))).iter_rows(named=True):
        votes = f"{row['votes'] * 100:.1f} ({row['votes_lo90'] * 100:.1f} to {row['votes_hi90'] * 100:.1f})"
        seats = f"{row['seats']:.0f} ({row['seats_lo90']:.0f} to {row['seats_hi90']:.0f})"
        result = f"{row['votes_result'] * 100:.1f}"
        rows.append([PARTIES[row["party"]], votes, result, seats, f"{row['seats_uniform']}", f"{row['seats_result']}"])
    head = ["party", "votes, % (90 %)", "result", "seats (90 %)", "uniform swing", "result"]
    return markdown_table(head, rows)


def stored_seats(name: str) -> str:
    """Tabulate seats of a forecast kept in ``reports/``, parties with a mean of a seat or more."""
    held = json.loads((REPORTS / name).read_text(encoding="utf-8"))
    rows = [
        [party, f"{int(seats['mean'] + 0.5)}", f"{seats['lo90']:.0f} to {seats['hi90']:.0f}"]
        for party, seats in sorted(held["seats"].items(), key=lambda item: -item[1]["mean"])
        if seats["mean"] >= 1
    ]
    hung = f"A hung parliament in {held['p_hung'] * 100:.0f} of 100 simulations.\n"
    return markdown_table(["party", "mean seats", "90 % range"], rows) + "\n" + hung


FIGURES: dict[str, Callable[..., str]] = {
    function.__name__: function
    for function in (
        errors_by_lead,
        worth,
        coverage,
        aims,
        seats_from_true_votes,
        seat_terms,
        contests,
        survival,
        checks,
        eve_of_2024,
        stored_seats,
    )
}
