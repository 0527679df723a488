"""Write ``reports/survival.csv``: how well it was foretold who would go. ``python -m benchmarks.survival_report``.

Leave-future-out: each leader in a month since 1990, and each who has just lost an election, is judged by what the
record of the eve of the last election taught (that of 1987 at first), and by what was known of her on the day.

- ``months``: is she gone within 12 months, or by polling day where that comes first? Beside a constant rate of going.
- ``defeats``: is one who lost an election gone in a year? Beside the share that went so far, Liberals by themselves.
- ``without ...``: the same with a term of the model held at nothing by its prior; its baseline is the full model.

Scores are means of minus the log of the chance given to what happened, and Brier scores; smaller is better. ``se`` is
of the difference to the baseline, by leaderships, since months of one leader are not independent. Then what the priors
imply, and the diagnostics of today's fit. Columns: ``name, n, model, baseline, se``.
"""

import sys
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
import preliz as pz
from numpy.typing import NDArray

from data import Evidence, load_evidence
from data.files import write_aside
from models.cli import DEFAULT_SEED
from models.days import DAYS_PER_MONTH
from models.record import past_elections
from models.reports import REPORTS
from models.stages import diagnostics, fit_stage
from models.survival import SAMPLER, build_survival_model, fit_odds, prior_odds
from models.survival_odds import (
    CENTRE,
    LIBERAL,
    PARTIES,
    USUAL_RATING,
    USUAL_SUPPORT,
    YEAR,
    Defeat,
    Odds,
    gone_after_defeat,
    survival_chance,
)
from models.survival_priors import SurvivalPriors
from models.survival_record import STAYED, SurvivalRecord, survival_record

REPORT = REPORTS / "survival.csv"
SINCE = date(1990, 1, 1).toordinal()
YEAR_DAYS = 365
SHORTEST = 14
"""Days below which a chance to go by polling day is not scored."""
HALF_AN_EXIT, ITS_MONTHS = 0.5, 50.0
"""What the constant rate starts from: the prior's one exit in 100 months, with little weight."""
NONE = pz.Normal(0.0, 0.001)
WITHOUT: dict[str, dict[str, object]] = {
    "support": {"support": NONE, "unknown": NONE},
    "favourability": {"rating": NONE, "unrated": NONE},
    "party and premier": {"party": NONE, "premier": NONE},
    "era": {"era": NONE},
    "gain": {"gain": NONE},
}
QUICK = replace(SAMPLER, draws=500, tune=500, seed=DEFAULT_SEED)
Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """Months of leadership asked about: position in the record, the ordinal until which, and whether she had gone."""

    row: Ints
    until: Ints
    gone: NDArray[np.bool_]


def ends(record: SurvivalRecord) -> tuple[Ints, NDArray[np.bool_]]:
    """For each month, the ordinal on which its leader's last month ended, and whether she went then."""
    last = np.append(np.diff(record.spell) != 0, True)
    end, went = np.zeros(len(record.leaders), dtype=np.int64), np.zeros(len(record.leaders), dtype=bool)
    end[record.spell[last]] = (record.day + np.rint(record.months * DAYS_PER_MONTH).astype(np.int64))[last]
    went[record.spell[last]] = record.how[last] != STAYED
    return end[record.spell], went[record.spell]


def asked(record: SurvivalRecord, elections: Ints, cut: int) -> tuple[Asked, Asked]:
    """Lay out both questions.

    Parameters
    ----------
    record : SurvivalRecord
        All months.
    elections : NDArray
        Ordinals of polling days, oldest first.
    cut : int
        Ordinal of the record's last day: what is open then is not asked.

    Returns
    -------
    months, defeats : Asked
        Since 1990.
    """
    end, went = ends(record)
    polling = np.append(elections, np.iinfo(np.int64).max)[np.searchsorted(elections, record.day, side="right")]
    found = []
    for until, rows in (
        (np.minimum(record.day + YEAR_DAYS, polling), np.ones(record.day.size, dtype=bool)),
        (record.day + YEAR_DAYS, record.since == 0.0),
    ):
        gone = went & (end <= until)
        row = np.flatnonzero(rows & (record.day >= SINCE) & (gone | (until <= cut)) & (until - record.day >= SHORTEST))
        found.append(Asked(row, until[row], gone[row]))
    return found[0], found[1]


def chance(odds: Odds, record: SurvivalRecord, i: int, until: int) -> float:
    """Mean chance that the leader of month ``i`` is gone by an ordinal."""
    months = float(until - record.day[i]) / DAYS_PER_MONTH
    lost = None
    if not np.isnan(record.since[i]):
        day = date.fromordinal(int(record.day[i] - round(record.since[i] * DAYS_PER_MONTH)))
        gain = None if np.isnan(record.gain[i]) else float(record.gain[i]) / 10.0
        lost = Defeat(election=day, gain=gain, months=float(record.since[i]))
    support = None if np.isnan(record.pull[i]) else float(1.0 / (1.0 + np.exp(-record.pull[i] - USUAL_SUPPORT)))
    liked = None if np.isnan(record.liking[i]) else float(10.0 * record.liking[i] + USUAL_RATING)
    stays = survival_chance(
        odds,
        party=PARTIES[record.party[i]],
        months=months,
        premier=bool(record.premier[i]),
        support=support,
        favourability=liked,
        defeat=lost,
    )
    return float(1.0 - stays.mean())


def constant_rate(past: SurvivalRecord, record: SurvivalRecord, i: int, until: int) -> float:
    """Give the chance to be gone by an ordinal if all leaders go at the rate of a past record."""
    rate = ((past.how != STAYED).sum() + HALF_AN_EXIT) / (past.months.sum() + ITS_MONTHS)
    return float(1.0 - np.exp(-rate * (until - record.day[i]) / DAYS_PER_MONTH))


def share_so_far(past: SurvivalRecord, record: SurvivalRecord, i: int, _until: int) -> float:
    """Part of past defeats after which a leader was gone in a year, Liberals by themselves; a half before any."""
    end, went = ends(past)
    over = int(past.day.max()) - YEAR_DAYS
    same = (past.since == 0.0) & (past.day <= over) & ((past.party == LIBERAL) == (record.party[i] == LIBERAL))
    gone = same & went & (end <= past.day + YEAR_DAYS)
    return float((gone.sum() + 1.0) / (same.sum() + 2.0))


def scored(name: str, question: Asked, record: SurvivalRecord, ours: Array, theirs: Array) -> list[dict[str, object]]:
    """Rows of scores, for all three parties and for Conservatives and Labour alone."""
    rows: list[dict[str, object]] = []
    for parties, keep in (
        ("all", record.party[question.row] >= 0),
        ("con and lab", record.party[question.row] < LIBERAL),
    ):
        gone, spell = question.gone[keep], record.spell[question.row][keep]
        pairs = [chances[keep] for chances in (ours, theirs)]
        logs = [-np.log(np.where(gone, p, 1.0 - p)) for p in pairs]
        briers = [(p - gone) ** 2 for p in pairs]
        for score, (mine, other) in (("log", logs), ("brier", briers)):
            apart = np.bincount(spell, weights=mine - other)
            rows.append(
                {
                    "name": f"{name}, {parties}: {score}",
                    "n": gone.size,
                    "model": mine.mean(),
                    "baseline": other.mean(),
                    "se": float(np.sqrt((apart**2).sum())) / gone.size,
                }
            )
        rows.append({"name": f"{name}, {parties}: went (model: mean chance)", "n": gone.size, "model": pairs[0].mean()})
        rows[-1]["baseline"] = gone.mean()
    return rows


def foretold(tables: Evidence, record: SurvivalRecord) -> list[dict[str, object]]:
    """Score both questions, with all terms and without each.

    Parameters
    ----------
    tables : Evidence
        All tables.
    record : SurvivalRecord
        All months.

    Returns
    -------
    list of dict
        Rows of the report.
    """
    held = past_elections(tables)
    days = np.array([day.toordinal() for day in held], dtype=np.int64)
    questions = dict(zip(("months", "defeats"), asked(record, days, tables.cut.toordinal()), strict=True))
    last = {name: np.searchsorted(days, record.day[q.row], side="right") - 1 for name, q in questions.items()}
    variants = {"full": SurvivalPriors()} | {n: replace(SurvivalPriors(), **p) for n, p in WITHOUT.items()}
    plain = {"months": constant_rate, "defeats": share_so_far}
    found = {(name, kind): np.zeros(q.row.size) for name, q in questions.items() for kind in ("plain", *variants)}
    for election in sorted({int(e) for e in np.concatenate(list(last.values()))}):
        print(f"as of {held[election]} ...", file=sys.stderr, flush=True)
        past = survival_record(tables.as_of(held[election]))
        for kind, priors in variants.items():
            tree = fit_stage("survival", past, build_survival_model, priors, QUICK, progress=False)
            odds = Odds.of(tree["posterior"].to_dataset())
            for name, q in questions.items():
                for k in np.flatnonzero(last[name] == election):
                    found[name, kind][k] = chance(odds, record, int(q.row[k]), int(q.until[k]))
                    found[name, "plain"][k] = plain[name](past, record, int(q.row[k]), int(q.until[k]))
    rows = [row for n, q in questions.items() for row in scored(n, q, record, found[n, "full"], found[n, "plain"])]
    for kind in WITHOUT:
        for n, q in questions.items():
            rows += scored(f"{n} without {kind}", q, record, found[n, kind], found[n, "full"])
    return [row for row in rows if not ("without" in str(row["name"]) and "went" in str(row["name"]))]


def implied() -> list[dict[str, object]]:
    """What the priors imply of a leader who is seen as usual: quantiles of chances."""
    odds = prior_odds()
    four = survival_chance(odds, party="con", months=4 * YEAR, premier=False, support=0.66, favourability=-10.0)
    gone = gone_after_defeat(odds, party="con", election=CENTRE, gain=0.0, support=0.66, favourability=-10.0)
    return [
        {"name": f"prior: {what}, quantile {q}", "n": four.size, "model": float(np.quantile(values, q))}
        for what, values in (("leads for four years", four), ("gone within a year of a defeat in 1985", gone))
        for q in (0.025, 0.5, 0.975)
    ]


def main() -> None:
    """Write the report."""
    tables = load_evidence(own=False)
    record = survival_record(tables)
    today = fit_odds(record, SurvivalPriors(), seed=DEFAULT_SEED, progress=False)
    odds = today["posterior"].to_dataset()
    rows = foretold(tables, record) + implied()
    for name in (n for n in odds.data_vars if n != "of_party"):
        rows.append({"name": f"today: {name}", "model": float(odds[name].mean()), "se": float(odds[name].std())})
    rows += [{"name": f"today: {name}", "model": value} for name, value in diagnostics(today).items()]
    columns = {"name": pl.String, "n": pl.Int64} | dict.fromkeys(("model", "baseline", "se"), pl.Float64)
    table = pl.DataFrame(rows, schema=columns)
    write_aside(REPORT, table.write_csv(float_precision=4))
    print(table.write_csv(float_precision=4))


if __name__ == "__main__":
    main()
