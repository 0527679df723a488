"""Sentences of the track record on skill, evidence and calibration, each from the numbers of its chart."""

from typing import Any

import polars as pl

from models.reports import TrackRecord
from models.track_summary import FULL
from views import frames_track, words
from views.metrics_track import COVERED, METHODS, VERDICTS, Metric

RIVALS = {
    "shrunk_poll_mean": "the shrunk poll mean",
    "poll_mean_normal": "the poll mean with its usual error",
}


def before(lead: int) -> str:
    """Lead time as a phrase: ``30 days before polling day``."""
    return f"{words.plural(lead, 'day')} before polling day"


def verdict(record: TrackRecord) -> str:
    """Say how many elections and lead times the record holds."""
    held, leads = frames_track.elections(record), sorted(record.summary["leads"], reverse=True)
    failed = len(record.summary["failures"])
    missing = f" {words.plural(failed, 'forecast')} could not be made and {_were(failed)} left out." if failed else ""
    times = words.plural(len(leads), "lead time")
    span = f"{words.plural(leads[0], 'day')} to {before(leads[-1])}" if len(leads) > 1 else before(leads[0])
    return (
        f"{words.plural(len(held), 'general election')}, {words.day(held[-1])} to {words.day(held[0])}, each forecast "
        f"anew at {times}, {span}, with what was known then and nothing later.{missing}{_fits(record)}"
    )


def _fits(record: TrackRecord) -> str:
    """Say how many forecasts rest on a fit that failed its diagnostics; empty where none does."""
    failed, of = frames_track.failed_fits(record)
    if not failed:
        return ""
    return f" In {failed} of {words.plural(of, 'forecast')} a fit failed its diagnostics; they count all the same."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def made_with(record: TrackRecord) -> str:
    """Say what made the record."""
    told = record.summary["made_with"]
    return " · ".join(f"{name} {told[name]}" for name in ("code", "tables", "seed") if name in told)


def made_again(record: TrackRecord) -> str:
    """Say which code made the record and how it was compared with the one it names, where these are two.

    Parameters
    ----------
    record : TrackRecord
        What to read.

    Returns
    -------
    str
        One sentence; empty where they are one.
    """
    told = record.summary.get("made_again")
    if not told:
        return ""
    forecasts, elections = words.plural(told["forecasts"], "forecast"), words.plural(len(told["elections"]), "election")
    return (
        f"The record itself is of code {told['code']}; {forecasts} of {elections}, made with both on one machine, had "
        "the same scores."
    )


def skill(record: TrackRecord, metric: Metric, lead: int) -> str:
    """Say how wrong the model was at one lead time, beside its rivals.

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
    str
        Plain text; says so where an interval includes 1.
    """
    lines = frames_track.skill_lines(record, metric).filter(pl.col("lead_days") == lead)
    values = dict(lines.select("method", "value").iter_rows())
    if METHODS[FULL] not in values:
        return f"The record holds no such score {before(lead)}."
    count = lines.filter(pl.col("method") == METHODS[FULL])["elections"].item()
    said = metric.tell(values[METHODS[FULL]] / metric.scale)
    start = f"{before(lead)} the model's {metric.subject} {said}{metric.tail} over {words.plural(count, 'election')}."
    parts = [part for other in metric.rivals if (part := _beside(record, metric, other, lead, count))]
    return f"{start}{''.join(parts)}{_verdicts(record, metric, lead)}"


def _row(record: TrackRecord, metric: Metric, other: str, lead: int) -> dict[str, Any] | None:
    rows = frames_track.rivals(record, metric, other).filter(pl.col("lead_days") == lead)
    return None if rows.is_empty() else rows.row(0, named=True)


def _beside(record: TrackRecord, metric: Metric, other: str, lead: int, count: int) -> str:
    """Both scores over the elections that have both, as not every election has polls so early."""
    row = _row(record, metric, other, lead)
    if row is None:
        return ""
    ours, theirs = metric.tell(row["ours"]), metric.tell(row["theirs"])
    same = row["elections"] == count
    where = "the same elections" if same else f"the {words.plural(row['elections'], 'election')} with both"
    return (
        f" Over {where}, {RIVALS[other]}'s{metric.again} {theirs} "
        f"and the model's{metric.again} {ours}: {row['ratio']:.2f} times that "
        f"(90% interval {row['ratio_lo90']:.2f} to {row['ratio_hi90']:.2f})."
    )


def _verdicts(record: TrackRecord, metric: Metric, lead: int) -> str:
    """For each rival at one lead time, whether the interval of the ratio leaves 1 out."""
    found = ((other, _row(record, metric, other, lead)) for other in metric.rivals)
    parts = [
        f" The interval includes 1: the record cannot tell which is better, the model or {RIVALS[other]}."
        if side == "includes 1"
        else f" The interval is {side} 1: the model was {'better' if side == 'below' else 'worse'} than "
        f"{RIVALS[other]}."
        for other, row in found
        if row is not None
        for side in [_side(row)]
    ]
    return "".join(parts)


def _side(row: dict[str, Any]) -> str:
    if row["ratio_hi90"] < 1:
        return "below"
    return "above" if row["ratio_lo90"] > 1 else "includes 1"


def skill_at_all_leads(record: TrackRecord, metric: Metric) -> str:
    """Say at which lead times the model can be told to be better or worse than its first rival; empty without one."""
    other = metric.rivals[0]
    by_side: dict[str, list[str]] = {"below": [], "above": [], "includes 1": []}
    for row in frames_track.rivals(record, metric, other).iter_rows(named=True):
        by_side[_side(row)].append(f"{row['lead_days']:,}")
    if not any(by_side.values()):
        return ""
    said = {"below": "better at", "above": "worse at", "includes 1": "not to be told apart at"}
    parts = [f"{said[side]} {words.listed(leads)}" for side, leads in by_side.items() if leads]
    return f"Beside {RIVALS[other]}, by days before polling day, the model is {'; '.join(parts)}."


def shared(lines: pl.DataFrame) -> str:
    """Say over how many elections the lines are, and why some lead times hold fewer, where they do."""
    counts = sorted(set(lines["elections"]))
    if not counts:
        return ""
    if len(counts) == 1:
        return f"All lines are over the same {words.plural(counts[0], 'election')}."
    return (
        f"At each lead time all lines are over the same elections, {counts[0]} to {counts[-1]} of them: others came "
        "too soon after the one before, or had no poll in the week before that day, which the poll rules need."
    )


def evidence(table: pl.DataFrame, metric: Metric, lead: int) -> str:
    """Say which kinds of evidence lower the error, which raise it, and which show no effect.

    Parameters
    ----------
    table : pl.DataFrame
        As ``frames_track.evidence`` gives it.
    metric : Metric
        The score.
    lead : int
        Days before polling day.

    Returns
    -------
    str
        Plain text.
    """
    rows = table.filter(pl.col("adds") != "")
    if rows.is_empty():
        return f"The record holds no comparison of evidence {before(lead)}."
    parts = []
    # Variants are fitted apart, so a difference too small to print may be the sampler's.
    seen = pl.col("difference").abs() >= 0.5 * 10.0**-metric.digits
    lowered, raised = seen & (pl.col("hi90") < 0), seen & (pl.col("lo90") > 0)
    for said, chosen in (("lowered", lowered), ("raised", raised)):
        each = [_worth(row, metric) for row in rows.filter(chosen).iter_rows(named=True)]
        parts += [f"{metric.noun} was {said} by {words.listed(each)}"] if each else []
    unclear = rows.filter(~(lowered | raised))["adds"].to_list()
    parts += [f"no effect can be seen of {words.listed(unclear)}"] if unclear else []
    counts = words.plural(rows["elections"].max(), "election")  # type: ignore[arg-type]
    return f"{before(lead)}, over {counts}, {'; '.join(parts)}."


def _worth(row: dict[str, Any], metric: Metric) -> str:
    ends = sorted((abs(row["lo90"]), abs(row["hi90"])))
    middle, lo, hi = (f"{abs(value):.{metric.digits + 1}f}" for value in (row["difference"], *ends))
    return f"{row['adds']} (by {middle}{metric.unit}, 90% interval {lo} to {hi})"


def coverage(table: pl.DataFrame, lead: int | None) -> str:
    """Say how many results lay inside 90 % ranges, and in which direction ranges err.

    Parameters
    ----------
    table : pl.DataFrame
        As ``frames_track.coverage`` gives it.
    lead : int or None
        Days before polling day; None for all lead times together.

    Returns
    -------
    str
        Plain text.
    """
    held = {row["what"]: row for row in table.filter(pl.col("level") == 90).iter_rows(named=True)}
    if not held:
        return "The record does not say how often ranges held."
    when = "With all lead times together" if lead is None else before(lead)
    inside = words.listed([f"{row['covered']:.0f}% in {COVERED[what].lower()}" for what, row in held.items()])
    alike: dict[str, list[str]] = {}
    for what in held:
        alike.setdefault(_direction(table, what), []).append(COVERED[what].lower())
    directions = [f"of {words.listed(names)} are {direction}" for direction, names in alike.items()]
    return f"{when}, 90% ranges held these parts of the results: {inside}. Ranges {'; those '.join(directions)}."


def _direction(table: pl.DataFrame, what: str) -> str:
    """In which direction ranges err, and at which levels."""
    rows = table.filter(pl.col("what") == what)
    errs = [
        f"{kind} at {words.listed([f'{level}%' for level in levels])}"
        for kind in (VERDICTS[0], VERDICTS[2])
        if (levels := rows.filter(pl.col("verdict") == kind)["level"].to_list())
    ]
    return words.listed(errs) or "neither too narrow nor too wide, as far as can be told"


def reliability(table: pl.DataFrame, lead: int) -> str:
    """Say in how many tenths the chance given agrees with what came, and whether chances were too bold."""
    if table.is_empty():
        return f"The record holds no chances {before(lead)}."
    outside = table.filter((pl.col("chance") < pl.col("lo90")) | (pl.col("chance") > pl.col("hi90")))
    bold = outside.filter((pl.col("won") > pl.col("chance")) == (pl.col("chance") < 50)).height
    top = table.row(-1, named=True)
    errs = [
        f"{count} {_were(count)} {word}"
        for count, word in ((bold, "too bold"), (outside.height - bold, "too cautious"))
        if count
    ]
    rest = f"; {words.listed(errs)}" if errs else ""
    return (
        f"{before(lead)} the chance given lies within the 90% interval of the part that won in "
        f"{table.height - outside.height} of {table.height} groups of chances{rest}. Of the "
        f"{words.plural(top['n'], 'highest chance')} (on average {top['chance']:.0f} in 100), {top['won']:.0f} in 100 "
        f"won ({top['lo90']:.0f} to {top['hi90']:.0f})."
    )


def pit(table: pl.DataFrame, lead: int) -> str:
    """Say how many results fell in the outer tenths of the draws, and on which side of the middle they lie."""
    parts = []
    for (what,), rows in table.group_by("what", maintain_order=True):
        total = rows["n"].sum()
        outer = rows.filter(pl.col("tenth").is_in([1, 10]))["n"].sum()
        high = rows.filter(pl.col("tenth") > 5)["n"].sum()
        parts.append(
            f"of {total} results in {str(what).lower()} {outer} fell in the outer two tenths, where right ranges leave "
            f"about {2 * rows['expected'][0]:.0f}, and {high} in the upper half"
        )
    if not parts:
        return f"The record does not say where results fell {before(lead)}."
    return f"{before(lead)}, for Conservatives, Labour and Liberal Democrats: {'; '.join(parts)}."
