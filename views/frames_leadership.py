"""Small tables of a leadership contest: chances by rule, rules and leaders side by side, where groups stand."""

from typing import Any

import numpy as np
import polars as pl

from models.contest_answer import Answer
from models.contest_forecast import interval, standing_table
from models.contest_text import leading
from models.rules import groups_of
from views import palette, words
from views.names_leadership import (
    GROUP_LABELS,
    NOBODY,
    in_hundred,
    letters,
    looks,
    rule_name,
    rule_row,
    rule_title,
    short_names,
)

ROOM = 3.3
"""Width of a letter in a bar on a phone, in parts of 100 of the bar."""
SEATS = ("seats", "lo90", "hi90", "p_majority", "price", "price_lo90", "price_hi90")
"""Columns on seats of a table of rules."""


def chances(found: Answer) -> pl.DataFrame:
    """Lay out the chance of each candidate under each rule as bars of 100.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    pl.DataFrame
        ``row, rank, rule, candidate, label, percent, told, start, end, middle, ink, text``: a row a segment, candidates
        in one order; ``label`` is the candidate's in the legend, ``text`` what fits into the segment.
    """
    held = found.held
    names = [*held.candidates, NOBODY]
    look, short = looks(held.candidates), [*short_names(held.candidates), NOBODY]
    marks = [*letters(held.candidates), "–"]
    laid: list[dict[str, object]] = []
    for rank, (code, counted) in enumerate(held.counts.items()):
        end = 0.0
        for i, p in enumerate([*counted.p_win().tolist(), counted.p_nobody]):
            if p:
                percent, told = 100 * p, in_hundred(p)
                start, end = end, end + percent
                said = short[i] if percent >= ROOM * len(short[i]) else marks[i]
                laid.append(
                    {
                        "row": rule_row(held.rules[code], in_force=rank == 0),
                        "rank": rank,
                        "rule": rule_name(held.rules[code]),
                        "candidate": names[i],
                        "label": look[i][0],
                        "percent": percent,
                        "told": told,
                        "start": start,
                        "end": end,
                        "middle": (start + end) / 2,
                        "ink": palette.ink_on(look[i][1]),
                        "text": f"{said}|{told}",
                    }
                )
    return pl.DataFrame(laid)


def chances_table(found: Answer) -> pl.DataFrame:
    """The same chances to read: a row a rule, a column a candidate, in 100."""
    rows = []
    for code, counted in found.held.counts.items():
        parts = [in_hundred(p) for p in (*counted.p_win().tolist(), counted.p_nobody)]
        row: dict[str, object] = {"Rule": rule_name(found.held.rules[code])}
        row |= dict(zip([*found.held.candidates, NOBODY], parts, strict=True))
        rows.append(row)
    table = pl.DataFrame(rows)
    return table.drop(NOBODY) if set(table[NOBODY]) == {"0"} else table


def with_report(rules: pl.DataFrame, report: pl.DataFrame, contest_id: str) -> pl.DataFrame:
    """Take seats from the report where the answer has none.

    Parameters
    ----------
    rules : pl.DataFrame
        As ``Answer.rules`` gives it.
    report : pl.DataFrame
        ``reports/contest_rules.csv`` as ``models.contest_reports.read_contests`` gives it.
    contest_id : str
        Key of the contest.

    Returns
    -------
    pl.DataFrame
        ``rules`` with seats, where the report knows them.
    """
    held = report.filter(pl.col("contest_id") == contest_id).select("rule", pl.col(SEATS).cast(pl.Float64))
    return rules.drop(SEATS).join(held, on="rule", how="left", maintain_order="left")


def rules_table(rules: pl.DataFrame) -> pl.DataFrame:
    """Rules side by side, to read; the one in force first. Seats are left out where none are known."""
    rows = []
    for place, row in enumerate(rules.iter_rows(named=True)):
        known, said = row["seats"] is not None, rule_title(row["rule"])
        told: dict[str, Any] = {
            "Rule": said if place else f"{said} (in force)",
            "Likeliest winner": row["winner"],
            "Wins in 100": in_hundred(row["p_winner"]),
            "Car crash in 100": in_hundred(row["car_crash"]),
            "MPs behind the winner": "–" if row["support"] is None else words.share(row["support"]),
        }
        told["Seats (90% range)"] = _ranged(row, "seats", ("lo90", "hi90")) if known else "–"
        told["Price in seats (90% range)"] = _price(row) if known and place else "–"
        told["The rule in words"] = row["name"]
        rows.append(told)
    table = pl.DataFrame(rows)
    return table if rules["seats"].count() else table.drop("Seats (90% range)", "Price in seats (90% range)")


def _price(row: dict[str, Any]) -> str:
    lo, hi = (words.signed(row[end]) for end in ("price_lo90", "price_hi90"))
    return f"{words.signed(row['price'])} ({lo} to {hi})"


def _ranged(row: dict[str, Any], middle: str, ends: tuple[str, str]) -> str:
    return f"{row[middle]:.0f} ({words.seat_range(row[ends[0]], row[ends[1]])})"


def leaders_table(found: Answer) -> pl.DataFrame:
    """Candidates as leaders, to read: standing, MPs, seats, whether they could govern, how long they would last."""
    rows = [
        {
            "As leader": row["candidate"],
            "Favourability": f"{words.signed(row['favourability'])} ± {row['favourability_sd']:.0f}",
            "Liking known from": row["basis"],
            "MPs behind": "not known" if row["support"] is None else words.share(row["support"]),
            "Seats (90% range)": _ranged(row, "seats", ("lo90", "hi90")),
            "Majority in 100": in_hundred(row["p_majority"]),
            "Can govern in 100": "–" if row["p_govern"] is None else in_hundred(row["p_govern"]),
            "Still leads in 100": "–" if row["p_lasts"] is None else in_hundred(row["p_lasts"]),
            "Gone after defeat in 100": "–" if row["p_gone"] is None else in_hundred(row["p_gone"]),
        }
        for row in found.leaderships.iter_rows(named=True)
    ]
    return pl.DataFrame(rows)


def seats_by_leader(found: Answer) -> pl.DataFrame:
    """Seats under each candidate: ``row, rank, name, mean, lo90, hi90, fill``, most seats first."""
    fills = {name: fill for name, (_, fill) in zip(found.held.candidates, looks(found.held.candidates), strict=False)}
    table = found.leaderships.sort("seats", descending=True, maintain_order=True)
    rows = [
        {
            "row": f"{row['candidate']}|{_ranged(row, 'seats', ('lo90', 'hi90'))}",
            "rank": rank,
            "name": row["candidate"],
            "mean": row["seats"],
            "lo90": row["lo90"],
            "hi90": row["hi90"],
            "fill": fills[row["candidate"]],
        }
        for rank, row in enumerate(table.iter_rows(named=True))
    ]
    return pl.DataFrame(rows)


def seats_end(found: Answer) -> int:
    """Right end of an axis of seats: beyond the majority and beyond all ranges."""
    highest = found.leaderships.get_column("hi90").to_list()
    return 50 * int(np.ceil(max(found.majority + 20.0, *highest) / 50))


def standings(found: Answer) -> pl.DataFrame:
    """Share of each candidate's first votes in each group.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    pl.DataFrame
        ``row, rank, name, group, place, mean, lo90, hi90``, shares 0 to 1; ``place`` numbers groups.
    """
    names, groups = list(found.held.candidates), list(groups_of(found.held.case.party))
    rows = [
        {"row": row["candidate"], "rank": names.index(row["candidate"]), "name": row["candidate"]}
        | {"group": GROUP_LABELS[row["group"]], "place": groups.index(row["group"])}
        | {end: row[end] for end in ("mean", "lo90", "hi90")}
        for row in standing_table(found.held).iter_rows(named=True)
    ]
    return pl.DataFrame(rows)


def margins(found: Answer) -> pl.DataFrame:
    """Margin of the likeliest winner over the next, in points, of each group, and how far members are from MPs.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    pl.DataFrame
        ``row, rank, name, mean, lo90, hi90, fill``; the last row is the members' margin less the MPs'.
    """
    held, pair = found.held, leading(found)
    drawn = {GROUP_LABELS[group]: held.margin(group, *pair) for group in groups_of(held.case.party)}
    drawn["Members less MPs"] = held.divergence(*pair)
    rows = []
    for rank, (name, draws) in enumerate(drawn.items()):
        row = interval(100.0 * draws)
        said = f"{words.signed(row['mean'])} ({words.signed(row['lo90'])} to {words.signed(row['hi90'])})"
        fill = palette.SERIES[1] if rank == len(drawn) - 1 else palette.SERIES[0]
        rows.append({"row": f"{name}|{said}", "rank": rank, "name": name, **row, "fill": fill})
    return pl.DataFrame(rows)


def chain(found: Answer) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The way from ballot to seats of the two likeliest winners.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    list of (str, list of (str, str, str))
        A candidate, and step, value and range of each step; without a forecast it ends with MPs.
    """
    held = found.held
    chance = next(iter(held.counts.values())).p_win()
    ways = []
    for place in leading(found):
        name, behind = held.candidates[place], interval(100.0 * held.support[:, place])
        steps = [("Wins", f"{in_hundred(float(chance[place]))} in 100", "rule in force")]
        led = found.led.get(name)
        if led is None:
            steps.append(("MPs behind", f"{behind['mean']:.0f}%", _percent_range(behind)))
            ways.append((name, steps))
            continue
        liked, votes, seats = (interval(draws) for draws in (led.favourability, 100.0 * led.share, 1.0 * led.seats))
        ends = f"{words.signed(liked['lo90'])} to {words.signed(liked['hi90'])}"
        steps.append(("Favourability", words.signed(liked["mean"]), ends))
        if not np.isnan(led.support).any():
            behind = interval(100.0 * led.support)
            steps.append(("MPs behind", f"{behind['mean']:.0f}%", _percent_range(behind)))
        steps.append(("Votes", f"{votes['mean']:.1f}%", _percent_range(votes)))
        steps.append(("Seats", f"{seats['mean']:.0f}", words.seat_range(seats["lo90"], seats["hi90"])))
        ways.append((name, steps))
    return ways


def _percent_range(interval: dict[str, float]) -> str:
    return f"{interval['lo90']:.0f}% to {interval['hi90']:.0f}%"
