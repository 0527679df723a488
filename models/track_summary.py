"""What the track record amounts to: means, skill, coverage, reliability and the largest misses, over elections.

Elections are the unit of every interval here. Parties, seats and lead times of one election rise and fall together, so
they are never counted as if each were evidence of its own.
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

FULL = "full"
HEADLINES = (
    "vote_mae",
    "vote_mae_all",
    "vote_rmse",
    "vote_crps",
    "vote_energy",
    "seat_mae",
    "seat_mae_no_snp",
    "seat_crps",
    "seat_energy",
    "majority_log_score",
    "majority_brier",
    "largest_log_score",
    "largest_brier",
    "largest_right",
    "called",
    "seat_brier",
    "seat_log_score",
    "constituency_mae",
    "votes_cover90",
    "seats_cover90",
    "constituency_cover90",
    "government_vote_error",
    "good_fit",
)
"""Metrics whose means are told."""
COMPARED = (
    "vote_mae",
    "vote_crps",
    "seat_mae",
    "seat_mae_no_snp",
    "seat_crps",
    "seat_brier",
    "seat_log_score",
    "majority_log_score",
    "government_vote_error",
)
"""Metrics, smaller is better, in which the full model is set beside every other forecast."""
COVERED = ("votes", "seats", "constituency")
LEVELS = (50, 80, 90, 95)
PIT_BINS = 10
MOST_MISSES = 10
RESAMPLES = 2000
FEWEST = 5
"""Elections below which no interval is told: resampling three says nothing of a fourth."""
SEED = 20160712
Floats = NDArray[np.float64]
Entry = dict[str, Any]


def means(table: pl.DataFrame) -> list[Entry]:
    """Mean of each headline metric over elections.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.

    Returns
    -------
    list of dict
        ``variant, lead_days, metric, mean, elections``.
    """
    rows = _whole(table).filter(pl.col("metric").is_in(HEADLINES))
    found = rows.group_by("variant", "lead_days", "metric").agg(
        mean=pl.col("value").mean().round(5), elections=pl.col("election_date").n_unique()
    )
    return found.sort("variant", "lead_days", "metric").to_dicts()


def skill(table: pl.DataFrame) -> list[Entry]:
    """Error of the full model beside that of every other forecast of the same elections.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.

    Returns
    -------
    list of dict
        ``metric, lead_days, other, elections``; mean errors ``ours`` and ``theirs`` over the elections both forecast;
        ``ratio`` of summed errors (None where the other may have made none) and mean ``difference``, ours minus theirs,
        each with the 90 % interval of a bootstrap over elections (None over fewer than ``FEWEST``).
    """
    whole = _whole(table).filter(pl.col("metric").is_in(COMPARED))
    pairs = whole.filter(pl.col("variant") == FULL).join(
        whole.filter(pl.col("variant") != FULL), on=["election_date", "lead_days", "metric"], suffix="_other"
    )
    groups = pairs.sort("metric", "lead_days", "variant_other", "election_date").group_by(
        "metric", "lead_days", "variant_other", maintain_order=True
    )
    return [
        {"metric": metric, "lead_days": lead, "other": other, **_beside(rows)} for (metric, lead, other), rows in groups
    ]


def _beside(rows: pl.DataFrame) -> Entry:
    ours, theirs = rows["value"].to_numpy(), rows["value_other"].to_numpy()
    picked = np.random.default_rng(SEED).integers(ours.size, size=(RESAMPLES, ours.size))
    difference = _interval("difference", float((ours - theirs).mean()), (ours - theirs)[picked].mean(axis=1))
    ratio: Entry = {"ratio": None, "ratio_lo90": None, "ratio_hi90": None}
    made = theirs[picked].sum(axis=1)
    if made.min() > 0:
        ratio = _interval("ratio", float(ours.sum() / theirs.sum()), ours[picked].sum(axis=1) / made)
    found = {"ours": round(float(ours.mean()), 5), "theirs": round(float(theirs.mean()), 5), **ratio, **difference}
    if ours.size < FEWEST:
        found |= {name: None for name in found if name.endswith("90")}
    return {"elections": ours.size, **found}


def _interval(name: str, value: float, drawn: Floats) -> Entry:
    lo, hi = np.quantile(drawn, [0.05, 0.95])
    return {name: round(value, 5), f"{name}_lo90": round(float(lo), 5), f"{name}_hi90": round(float(hi), 5)}


def coverage(table: pl.DataFrame) -> list[Entry]:
    """How often what came lay within the full model's intervals, beside what chance allows.

    The band is that of a binomial with fewer trials than there are parties or seats: as many as make the coverage of
    one election vary as much as it does from one to the next. So it widens where an election's seats miss together.
    There are never more trials than results. Fewer than ``FEWEST`` elections give no band.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.

    Returns
    -------
    list of dict
        ``what, level, lead_days`` (None: all of them), ``covered``, ``band_lo``, ``band_hi``, ``elections``. The
        band holds the coverage of a forecast whose intervals are right in nine records of ten.
    """
    names = {f"{what}_cover{level}": (what, level) for what in COVERED for level in LEVELS}
    rows = _own(table).filter(pl.col("metric").is_in(list(names)))
    rows = rows.join(_results(table), on=["election_date", "lead_days", "metric"], how="left")
    parts = [((*names[metric], lead), part) for (metric, lead), part in rows.group_by("metric", "lead_days")]
    parts += [((*names[metric], None), part) for (metric,), part in rows.group_by("metric")]
    parts.sort(key=lambda part: (part[0][0], part[0][1], part[0][2] or 0))
    return [_covered(*key, part) for key, part in parts]


def _covered(what: str, level: int, lead: int | None, part: pl.DataFrame) -> Entry:
    each = part.group_by("election_date").agg(pl.col("value").mean(), pl.col("results").mean()).sort("election_date")
    by_election = each["value"].to_numpy()
    n, mean = by_election.size, float(by_election.mean())
    band: tuple[float | None, float | None] = None, None
    if n >= FEWEST:
        variance = float(by_election.var(ddof=1)) / n
        most = max(float(each["results"].sum()), n)
        trials = round(float(np.clip(mean * (1 - mean) / max(variance, 1e-9), n, most)))
        lo, hi = stats.binom.ppf([0.05, 0.95], trials, level / 100) / trials
        band = round(float(lo), 4), round(float(hi), 4)
    return {
        "what": what,
        "level": level,
        "lead_days": lead,
        "covered": round(mean, 4),
        "band_lo": band[0],
        "band_hi": band[1],
        "elections": n,
    }


def _results(table: pl.DataFrame) -> pl.DataFrame:
    """Results behind each coverage: parties with a vote, lines with a seat, seats scored."""
    whole = table.filter(pl.col("variant") == FULL)
    counts = {
        "votes": whole.filter(pl.col("metric") == "vote_pit").group_by("election_date", "lead_days").len("results"),
        "seats": whole.filter(pl.col("metric") == "seat_pit").group_by("election_date", "lead_days").len("results"),
        "constituency": whole.filter(pl.col("metric") == "n_scored").select(
            "election_date", "lead_days", results=pl.col("value")
        ),
    }
    frames = [
        frame.select(
            "election_date", "lead_days", pl.col("results").cast(pl.Float64), metric=pl.lit(f"{what}_cover{level}")
        )
        for what, frame in counts.items()
        for level in LEVELS
    ]
    return pl.concat(frames)


def reliability(table: pl.DataFrame) -> list[Entry]:
    """Chances the full model gave lines to win seats, and how many of them did.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.

    Returns
    -------
    list of dict
        ``lead_days, bin`` (0 to 9), ``n, chance, won`` and the 90 % interval of ``won`` of a bootstrap over elections.
    """
    named = pl.col("metric").str.extract_groups(r"^reliability_(?<what>n|chance|won)_(?<bin>\d)$")
    rows = _own(table).with_columns(named.alias("of")).unnest("of").drop_nulls("what")
    wide = rows.pivot(on="what", index=["lead_days", "bin", "election_date"], values="value").sort(
        "lead_days", "bin", "election_date"
    )
    return [
        {"lead_days": lead, "bin": int(number), **_reliable(part)}
        for (lead, number), part in wide.group_by("lead_days", "bin", maintain_order=True)
    ]


def _reliable(part: pl.DataFrame) -> Entry:
    n, chance, won = (part[name].to_numpy() for name in ("n", "chance", "won"))
    picked = np.random.default_rng(SEED).integers(n.size, size=(RESAMPLES, n.size))
    drawn = (won * n)[picked].sum(axis=1) / n[picked].sum(axis=1)
    total = n.sum()
    return {
        "n": int(total),
        "chance": round(float(chance @ n / total), 4),
        **_interval("won", float(won @ n / total), drawn),
    }


def pit(table: pl.DataFrame) -> list[Entry]:
    """Where results lay within the full model's draws: ten equal bins, flat if intervals are right.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.

    Returns
    -------
    list of dict
        ``what`` (``vote`` or ``seat``), ``lead_days, bin`` (0 to 9), ``n``; Con, Lab and Lib only.
    """
    rows = table.filter(
        (pl.col("variant") == FULL)
        & pl.col("metric").is_in(["vote_pit", "seat_pit"])
        & pl.col("party").is_in(["con", "lab", "lib"])
    )
    binned = rows.with_columns(
        what=pl.col("metric").str.strip_suffix("_pit"),
        bin=(pl.col("value") * PIT_BINS).floor().clip(0, PIT_BINS - 1).cast(pl.Int64),
    )
    return binned.group_by("what", "lead_days", "bin").agg(n=pl.len()).sort("what", "lead_days", "bin").to_dicts()


def misses(table: pl.DataFrame) -> list[Entry]:
    """Largest errors of the full model at each lead time, in votes and in seats.

    Parameters
    ----------
    table : pl.DataFrame
        Columns of ``models.reports.SCHEMA``.

    Returns
    -------
    list of dict
        ``what, lead_days, election_date, party, said, lo90, hi90, came, inside``, largest error first.
    """
    found = []
    for what in ("vote", "seat"):
        names = {f"{what}_mean": "said", f"{what}_lo90": "lo90", f"{what}_hi90": "hi90", f"{what}_result": "came"}
        rows = table.filter(pl.col("variant") == FULL, pl.col("metric").is_in(list(names)), pl.col("party") != "oth")
        if rows.is_empty():
            continue
        wide = rows.pivot(on="metric", index=["lead_days", "election_date", "party"], values="value").rename(names)
        wide = wide.with_columns(error=(pl.col("said") - pl.col("came")).abs()).sort(
            ["lead_days", "error", "election_date", "party"], descending=[False, True, False, False]
        )
        for row in wide.group_by("lead_days", maintain_order=True).head(MOST_MISSES).drop("error").to_dicts():
            told = {"election_date": str(row["election_date"]), "inside": row["lo90"] <= row["came"] <= row["hi90"]}
            found.append({"what": what, **row, **told})
    return found


def _whole(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("party") == "", ~pl.col("variant").str.starts_with("published"))


def _own(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("party") == "", pl.col("variant") == FULL)
