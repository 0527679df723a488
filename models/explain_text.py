"""What made a forecast as text for a terminal and as JSON, and the words that the page "Why" shares with it."""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from data.errors import BadInput
from models.explain import CHANGES, STEPS, TOGETHER, contributions, link_worth, variance_budget
from models.forecast import Forecast

STEP_NAMES = {
    "last_result": "the last result alone",
    "polls": "polls",
    "office": "time in office",
    "leaders": "leaders",
    "mps": "MPs",
    "campaign": "the Liberals' airtime",
    "poll_error": "the polls' usual error",
}
SOURCE_NAMES = {
    "polls": "today's polls",
    "habits": "habits of return",
    "leaders": "leaders",
    "mps": "MPs",
    "movement": "movement until polling day",
    "poll_error": "the polls' error on the day",
    "seats": "how votes fall over seats",
    TOGETHER: "several together",
}
LINK_NAMES = {
    "favourability": "ten points more favourable",
    "support": "a tenth of the MPs more behind the leader",
}
YEAR = 365
SMALL = {"votes": 0.005, "seats": 3.0}
"""Below half a point of the vote, or three seats (about what half a point wins), a move that may be none is small."""
NOUGHT = {"votes": 0.0005, "seats": 0.5}
"""Below this a number is printed as nought."""
ORDER = (
    "Evidence comes in one kind after the other. What two kinds both say is counted to the first: polls already hold "
    "what leaders are worth today, so leaders and MPs add here only what is to be expected beyond the polls. Airtime "
    "is what campaigns have given the Liberals, whom broadcasters owe time then."
)
ASSOCIATION = (
    "These are associations, in months since 1979 of Conservatives, Labour and Liberals: leaders were not drawn by "
    "lot, and what moves a leader's standing in a month (a war, a budget, a scandal) moves the party's polls, too."
)
EFFECT = (
    "They were held against changes of leader, where the leader changed from one day to the next and not by the "
    "month's news. Only that far, and within the ranges given, may they be read as what a leader would do to votes."
)
REBELLIONS = (
    "MPs are the weakest link: bad polls cause rebellions, too, and MPs seldom vote on their leader. How much of the "
    "association is their doing is not known."
)


def verdict(what: str, mean: float, lo: float, hi: float) -> str:
    """Say whether a move is worth the name.

    Parameters
    ----------
    what : str
        ``votes`` (shares) or ``seats``.
    mean, lo, hi : float
        The move and the ends of its 90 % interval.

    Returns
    -------
    str
        ``nothing`` where all three are printed as nought, ``next to nothing`` for a small move whose interval holds
        nought, ``perhaps nothing`` for a larger one, else an empty text.
    """
    if max(abs(mean), abs(lo), abs(hi)) < NOUGHT[what]:
        return "nothing"
    if not lo <= 0 <= hi:
        return ""
    return "next to nothing" if abs(mean) < SMALL[what] else "perhaps nothing"


def link_sentence(worth: pl.DataFrame, link: str, who: str, *, write: Callable[[float], str] = "{:.1f}".format) -> str:
    """Put what a link is worth into words.

    Parameters
    ----------
    worth : pl.DataFrame
        As ``models.explain.link_worth`` gives it.
    link : str
        One of ``models.explain.CHANGES``.
    who : str
        The party, as a sentence names it.
    write : callable
        Writes a number of points.

    Returns
    -------
    str
        One sentence: a year later, if the election is further away, and by polling day, with 90 % ranges and how often
        the effect is positive.
    """
    rows = {row["days"]: row for row in worth.filter(pl.col("link") == link).iter_rows(named=True)}
    lead = max(rows)
    polling_day = f"by polling day, {lead} days on"
    first, when = (rows[YEAR], "a year later") if YEAR in rows else (rows[lead], polling_day)
    name = LINK_NAMES[link]
    said = (
        f"{name[0].upper()}{name[1:]} is worth {write(first['mean'])} points of the vote to {who} {when} "
        f"(90% range {write(first['lo90'])} to {write(first['hi90'])})"
    )
    if first["days"] != lead:
        end = rows[lead]
        said += f" and {write(end['mean'])} {polling_day} ({write(end['lo90'])} to {write(end['hi90'])})"
    return f"{said}; it is positive in {in_hundred(first['p_positive'])} of 100 simulations."


def in_hundred(p: float) -> str:
    """A chance as a number of simulations in a hundred: ``83``, ``more than 99``, ``fewer than 1``."""
    return "more than 99" if p > 0.99 else "fewer than 1" if p < 0.01 else f"{100 * p:.0f}"


def explain_json(forecast: Forecast, party: str | None = None) -> dict[str, Any]:
    """What made a forecast, as plain data.

    Parameters
    ----------
    forecast : Forecast
        A forecast, not the answer to a scenario.
    party : str, optional
        Code of the only party wanted; all by default.

    Returns
    -------
    dict
        ``as_of, election_date, lead_days``; by party ``contributions`` (a step to ``votes`` and ``seats``, each
        ``mean, lo90, hi90``; votes are shares), ``variance`` (a source to its parts of 1, null where no seat is won in
        any draw) and ``links`` (rows of ``days, mean, lo90, hi90, p_positive``, in points); ``reading``: what is
        association and what may be read as effect.

    Raises
    ------
    BadInput
        If the forecast has no such party.
    """
    shown = _shown(forecast, party)
    moved, budget = contributions(forecast), variance_budget(forecast)
    manifest = forecast.manifest
    return {
        "as_of": manifest.as_of.isoformat(),
        "election_date": manifest.election_date.isoformat(),
        "lead_days": manifest.lead_days,
        "contributions": {p: {row["step"]: _both(row) for row in _rows(moved, p)} for p in shown},
        "variance": {
            p: {
                row["source"]: {what: _rounded(row[what], 3) for what in ("votes", "seats")} for row in _rows(budget, p)
            }
            for p in shown
        },
        "links": {p: _links(forecast, p) for p in shown},
        "reading": [ORDER, ASSOCIATION, EFFECT, REBELLIONS],
    }


def _shown(forecast: Forecast, party: str | None) -> list[str]:
    """Parties to tell of, largest first."""
    if party is None:
        return [str(p) for p in forecast.vote_summary().sort("mean", descending=True)["party"]]
    if party not in forecast.parties:
        raise BadInput(f'No party "{party}" in this forecast. Allowed: {", ".join(forecast.parties)}.')
    return [party]


def _rows(table: pl.DataFrame, party: str) -> Iterator[dict[str, Any]]:
    return table.filter(pl.col("party") == party).iter_rows(named=True)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _both(row: dict[str, Any]) -> dict[str, dict[str, float]]:
    ends = {"mean": "", "lo90": "_lo90", "hi90": "_hi90"}
    return {
        what: {name: round(row[what + end], digits) for name, end in ends.items()}
        for what, digits in (("votes", 5), ("seats", 2))
    }


def _links(forecast: Forecast, party: str) -> dict[str, list[dict[str, float]]]:
    worth = link_worth(forecast, party)
    numbers = pl.col("mean", "lo90", "hi90").round(3), pl.col("p_positive").round(4)
    return {link: worth.filter(pl.col("link") == link).select("days", *numbers).to_dicts() for link in CHANGES}


def explain_text(forecast: Forecast, party: str | None = None) -> str:
    """What made a forecast, as a page for a terminal.

    Parameters
    ----------
    forecast : Forecast
        A forecast, not the answer to a scenario.
    party : str, optional
        Code of the only party wanted; all by default.

    Returns
    -------
    str
        For each party what evidence moved, whose the uncertainty is, and what leaders and MPs are worth.

    Raises
    ------
    BadInput
        If the forecast has no such party.
    """
    shown = _shown(forecast, party)
    moved, budget = contributions(forecast), variance_budget(forecast)
    manifest = forecast.manifest
    lines = [
        f"General election of {manifest.election_date}, as of {manifest.as_of}, {manifest.lead_days} days before",
        "What the last result alone leads to expect, what each kind of evidence adds to it, and the sum: means, 90 %",
    ]
    for code in shown:
        lines += ["", f"{code:24}{'votes %':>8}{'90 %':>16}{'seats':>10}{'90 %':>14}", *_moves(forecast, moved, code)]
        lines += [_owners(budget, code, what) for what in ("votes", "seats")]
        worth = link_worth(forecast, code)
        lines += [f"  {link_sentence(worth, link, code)}" for link in CHANGES]
    return "\n".join([*lines, "", ORDER, "", f"{ASSOCIATION} {EFFECT} {REBELLIONS}"])


def _moves(forecast: Forecast, moved: pl.DataFrame, party: str) -> Iterator[str]:
    for row in _rows(moved, party):
        level = row["step"] == STEPS[0]
        said = "" if level else verdict("votes", row["votes"], row["votes_lo90"], row["votes_hi90"])
        yield _move(STEP_NAMES[row["step"]], row, "" if level else "+") + (f"  {said}" if said else "")
    row = {}
    for what, table in (("votes", forecast.vote_summary()), ("seats", forecast.seat_summary())):
        (mine,) = _rows(table, party)
        row |= {what: mine["mean"], f"{what}_lo90": mine["lo90"], f"{what}_hi90": mine["hi90"]}
    yield _move("the forecast", row, "")


def _move(name: str, row: dict[str, Any], sign: str) -> str:
    # Adding nought takes the sign off what rounds to it.
    votes = [round(100 * row[f"votes{end}"], 1) + 0.0 for end in ("", "_lo90", "_hi90")]
    seats = [round(row[f"seats{end}"], 1) + 0.0 for end in ("", "_lo90", "_hi90")]
    return (
        f"  {name:22}{votes[0]:{sign}8.1f}{votes[1]:{sign}8.1f} to{votes[2]:{sign}5.1f}"
        f"{seats[0]:{sign}10.1f}{seats[1]:{sign}7.0f} to{seats[2]:{sign}4.0f}"
    )


def _owners(budget: pl.DataFrame, party: str, what: str) -> str:
    rows = [row for row in _rows(budget.sort(what, descending=True, nulls_last=True), party) if row[what] is not None]
    owned = [f"{SOURCE_NAMES[row['source']]} {100 * row[what]:.0f}" for row in rows if row[what] >= 0.005]
    return f"  uncertainty of {what}, in 100: " + (", ".join(owned) or "none, as no seat is won in any draw")
