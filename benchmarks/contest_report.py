"""Hold every past contest again on the eve of its result: ``python -m benchmarks.contest_report``.

Writes ``reports/contests.csv`` (scores beside rules of thumb), ``reports/contest_rules.csv`` (whom each rule would have
chosen, and the seats) and ``reports/contests.md`` (both in words). Seats need a forecast as of each eve: those that are
stored are used, others are fitted, which takes minutes each.
"""

import sys
from datetime import date, timedelta

import numpy as np
import polars as pl

from data import Evidence, load_evidence
from data.files import write_aside
from models.cli import DEFAULT_SEED
from models.contest_answer import Answer, answer, chosen_rules, contest_on
from models.contest_input import CandidateInput, ContestInput
from models.contest_record import contest_case
from models.contest_replay import case_on, outcome, replayed
from models.contest_reports import RULES, SCORES
from models.contest_scores import chance_without, scores
from models.contest_text import headline, limits
from models.obtain import obtain_forecast
from models.reports import REPORTS
from models.rules import known_rules

SHOWN = {
    "lab2016": date(2016, 8, 22),
    "lab2010": date(2010, 9, 24),
    "lab2015": date(2015, 9, 11),
    "con2022a": date(2022, 9, 4),
}
"""Contests told in words, and the day as of which."""
STAYS = "lab", date(2026, 7, 14), ("Keir Starmer", "Andy Burnham")
"""2026 had one candidate whom MPs nominated, so what is asked is whether the leader should have stayed."""


def answer_on(tables: Evidence, contest_id: str, day: date) -> Answer:
    """A past contest as of a day, with the seats each leader would have been worth."""
    case = case_on(tables, contest_id, day)
    made = obtain_forecast(day, None, seed=DEFAULT_SEED, quiet=True)
    return answer(tables, case, chosen_rules(tables, case.party, day, []), day, forecast=made, seed=DEFAULT_SEED)


def rule_rows(tables: Evidence) -> pl.DataFrame:
    """Every contest under every rule, with seats."""
    parts = []
    for contest_id in replayed(tables):
        eve = contest_case(tables, contest_id).result_day - timedelta(days=1)
        found = answer_on(tables, contest_id, eve)
        case = found.held.case
        parts.append(
            found.rules.select(
                pl.lit(contest_id).alias("contest_id"),
                pl.lit(case.party).alias("party"),
                pl.lit(eve).alias("eve"),
                (pl.int_range(pl.len()) == 0).alias("in_force"),
                pl.lit(outcome(tables, contest_id).winner).alias("happened"),
                pl.all(),
            )
        )
        print(contest_id, headline(found), file=sys.stderr, flush=True)
    return pl.concat(parts)


def summary(table: pl.DataFrame) -> list[str]:
    """Scores in words: all contests, and those of which something was known."""
    lines = [
        "| contests | n | ours | even chances | last poll's leader | MPs' favourite | right | poll right | MPs right |"
    ]
    lines.append("|---|---|---|---|---|---|---|---|---|")
    known = pl.col("poll_leader").is_not_null() | pl.col("mps_leader").is_not_null()
    sets = {
        "all": pl.lit(True),
        "with a poll or a vote of MPs": known,
        "with a poll": pl.col("poll_leader").is_not_null(),
    }
    for name, which in sets.items():
        part = table.filter(which)
        logs = [
            f"{-np.log(part[column].to_numpy()).mean():.3f}" for column in ("p_winner", "p_even", "p_poll", "p_mps")
        ]
        right = [_right(part, column) for column in ("favourite", "poll_leader", "mps_leader")]
        lines.append(f"| {name} | {part.height} | {' | '.join([*logs, *right])} |")
    return lines


def _without(tables: Evidence, table: pl.DataFrame) -> list[str]:
    """What each kind of evidence adds, in the contests that had it."""
    said = []
    for left_out, has in (("polls", "poll_leader"), ("mps", "mps_leader")):
        part = table.filter(pl.col(has).is_not_null())
        chances = [chance_without(tables, one, left_out, seed=DEFAULT_SEED) for one in part["contest_id"]]
        with_it, without = (-np.log(np.array(p)) for p in (part["p_winner"].to_list(), chances))
        gain = without - with_it
        name = "polls of members" if left_out == "polls" else "votes and nominations of MPs"
        said.append(
            f"- {name}: {with_it.mean():.3f} with, {without.mean():.3f} without in {part.height} contests "
            f"(difference {gain.mean():+.3f}, standard error {gain.std(ddof=1) / np.sqrt(gain.size):.3f})"
        )
    return ["What each kind of evidence adds, by the same score:", "", *said]


def _right(part: pl.DataFrame, column: str) -> str:
    named = part.filter(pl.col(column).is_not_null())
    return f"{named.filter(pl.col(column) == pl.col('winner')).height} of {named.height}"


def _shares(table: pl.DataFrame) -> list[str]:
    polled = table.filter(pl.col("share_poll").is_not_null())
    inside = table.filter(pl.col("share").is_between("share_lo90", "share_hi90")).height
    ours, theirs = (
        float(np.abs(polled[column].to_numpy() - polled["share"].to_numpy()).mean())
        for column in ("share_mean", "share_poll")
    )
    said = (
        f"Share of the winner at the first count, mean error where there was a poll ({polled.height} contests): ours "
        f"{100 * ours:.1f} points, the last poll's {100 * theirs:.1f}. The 90 % range held the share in {inside} of "
        f"{table.height} contests."
    )
    return [said]


def _mps_alone(tables: Evidence, rules: pl.DataFrame) -> list[str]:
    """Whom MPs alone would have chosen, beside the rule in force, and the seats that would have been expected."""
    alone = [code for code, rule in known_rules(tables).items() if rule.groups == {"mps"}]
    lines = [
        "| contest | chosen | under the rule in force | MPs alone | seats more or fewer | 90 % |",
        "|---|---|---|---|---|---|",
    ]
    for (contest_id,), part in rules.group_by("contest_id", maintain_order=True):
        ours = part.row(0, named=True)
        other = part.filter(pl.col("rule").is_in(alone)).to_dicts()
        if ours["rule"] in alone or not other:
            continue
        them = other[0]
        chances = [f"{row['winner']} {100 * row['p_winner']:.0f} in 100" for row in (ours, them)]
        ends = f"{them['price_lo90']:+.0f} to {them['price_hi90']:+.0f}"
        lines.append(f"| {contest_id} | {ours['happened']} | {' | '.join(chances)} | {them['price']:+.1f} | {ends} |")
    return lines


def _stays(tables: Evidence) -> list[str]:
    """What two leaders would have been worth where no vote was held between them."""
    party, day, names = STAYS
    given = ContestInput(candidates=[CandidateInput(name=name) for name in names])
    case = contest_on(tables, party, day, given)
    made = obtain_forecast(day, None, seed=DEFAULT_SEED, quiet=True)
    found = answer(tables, case, chosen_rules(tables, party, day, []), day, forecast=made, seed=DEFAULT_SEED)
    return [
        f"- {row['candidate']}: {row['seats']:.0f} seats (90 % range {row['lo90']:.0f} to {row['hi90']:.0f}), a "
        f"majority in {100 * row['p_majority']:.0f} of 100, liked {row['favourability']:+.0f} ({row['basis']})."
        for row in found.leaderships.iter_rows(named=True)
    ] + [f"- {line}" for line in limits(found)]


def main() -> None:
    """Write the three files."""
    tables = load_evidence(own=False)
    table = scores(tables, seed=DEFAULT_SEED)
    write_aside(REPORTS / SCORES, table.write_csv(float_precision=4))
    rules = rule_rows(tables)
    write_aside(REPORTS / RULES, rules.write_csv(float_precision=4))
    lines = [
        "# Past contests held again",
        "",
        "Made by `make contests`. Scores are mean minus log chances of what happened.",
        "",
    ]
    lines += [
        *summary(table),
        "",
        *_shares(table),
        "",
        *_without(tables, table),
        "",
        "## Had MPs alone chosen",
        "",
        *_mps_alone(tables, rules),
    ]
    for contest_id, day in SHOWN.items():
        found = answer_on(tables, contest_id, day)
        lines += [
            "",
            f"## {contest_id}, as of {day}",
            "",
            headline(found),
            "",
            *(f"- {line}" for line in limits(found)),
        ]
    lines += ["", f"## {STAYS[0]}, as of {STAYS[1]}: {' or '.join(STAYS[2])}", "", *_stays(tables)]
    write_aside(REPORTS / "contests.md", "\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
