"""Sentences of what a goal would take, and the names of goals and dials."""

from collections.abc import Callable

from models.forecast import Forecast
from models.solve import FINE, Answer, Frontier
from models.solve_schema import Dial, Goal
from views import palette, words

GOALS = {
    "majority": "Has a majority",
    "largest": "Is the largest party",
    "seats": "Wins at least so many seats",
    "seat": "Wins one seat",
    "hung": "Hung parliament",
}
DIALS = {
    "share": "Share of the vote",
    "favourability": "Leader's net favourability",
    "mp_support": "MPs behind the leader",
    "turnout": "Turnout of its supporters",
    "tactical": "Tactical voting",
}


def hundred(p: float, wanted: float | None = None) -> str:
    """Write a chance as so many in 100, and say ``just under`` where rounding would hide that it falls short."""
    if p < 0.005 or p > 0.995:
        return "fewer than 1 in 100" if p < 0.005 else "more than 99 in 100"
    text = f"{int(100 * p + 0.5)} in 100"
    short = wanted is not None and p < wanted and int(100 * p + 0.5) >= round(100 * wanted)
    return f"just under {text}" if short else text


def goal(forecast: Forecast, wanted: Goal) -> str:
    """Name a goal: ``a majority for Labour``.

    Parameters
    ----------
    forecast : Forecast
        The base.
    wanted : Goal
        What is to happen.

    Returns
    -------
    str
        Words that can start or end a sentence.
    """
    if wanted.kind == "hung":
        return "a hung parliament"
    who = palette.line(str(wanted.party)).who
    if wanted.kind == "seat":
        return f"{seats_of(forecast, str(wanted.party))[str(wanted.seat)]} for {who}"
    if wanted.kind == "seats":
        return f"at least {words.plural(wanted.seats or 0, 'seat')} for {who}"
    return f"a majority for {who}" if wanted.kind == "majority" else f"first place in seats for {who}"


def seats_of(forecast: Forecast, party: str) -> dict[str, str]:
    """Codes and names of the constituencies where a party stands, in order of names."""
    ground = forecast.tree["seats"].ds
    codes, names = (ground[field].values.astype(str).tolist() for field in ("constituency", "name"))
    stands = (ground["base_share"].values[:, forecast.lines.index(party)] > 0).tolist()
    found = [(name, code) for code, name, there in zip(codes, names, stands, strict=True) if there]
    return {code: name for name, code in sorted(found)}


def _leader(forecast: Forecast, party: str | None) -> str:
    return next((state.leader for state in forecast.manifest.leaders if state.party == party), "")


def axis(forecast: Forecast, dial: Dial) -> str:
    """Title of a dial's axis and column."""
    who = palette.line(dial.party or "").who
    named = {
        "share": lambda: f"Vote of {who}: change in points",
        "favourability": lambda: f"Net favourability of {_leader(forecast, dial.party)}",
        "mp_support": lambda: f"MPs behind {_leader(forecast, dial.party)}, in %",
        "turnout": lambda: f"Supporters of {who} who vote: change in %",
        "tactical": lambda: "Tactical voting, in % of the estimate",
        "day": lambda: "Days to polling day",
    }
    title: Callable[[], str] = named[dial.kind]
    return title()


def number(dial: Dial, value: float) -> str:
    """Write where a dial stands: ``+4.8 points``, ``−18``, ``91%``, ``300 days``."""
    if dial.kind == "day":
        return words.plural(round(value), "day")
    if dial.kind == "share":
        return f"{words.signed(value, 1)} points"
    if dial.kind == "favourability":
        return words.signed(value)
    return f"{words.signed(value, 1)}%" if dial.kind == "turnout" else f"{value:.0f}%"


def setting(forecast: Forecast, dial: Dial, value: float, start: float) -> str:
    """Say where a dial stands, and where the forecast has it.

    Parameters
    ----------
    forecast : Forecast
        The base.
    dial : Dial
        Which.
    value, start : float
        Where it stands, and where the forecast has it.

    Returns
    -------
    str
        A part of a sentence.
    """
    who = palette.line(dial.party or "").who
    now, before = number(dial, value), number(dial, start)
    if value == start and dial.kind in {"share", "turnout"}:
        return f"{'the vote' if dial.kind == 'share' else 'the turnout'} of {who} as forecast"
    if dial.kind == "share":
        return f"{now} of the vote for {who}"
    if dial.kind == "turnout":
        return f"{now} in the number of supporters of {who} who vote"
    was = " as forecast" if now == before else f" (forecast {before})"
    if dial.party is None:
        return f"polling day in {now}{was}" if dial.kind == "day" else f"tactical voting at {now} of the estimate{was}"
    if dial.kind == "favourability":
        return f"{_leader(forecast, dial.party)} at a net favourability of {now}{was}"
    return f"{now} of the MPs behind {_leader(forecast, dial.party)}{was}"


def answer(forecast: Forecast, found: Answer) -> str:
    """Say what it takes with one dial.

    Parameters
    ----------
    forecast : Forecast
        The base.
    found : Answer
        As ``models.solve.solve`` gives it.

    Returns
    -------
    str
        Plain text.
    """
    asked, start = found.question, found.span.start
    wanted, base = hundred(asked.chance), hundred(found.base, asked.chance)
    what = goal(forecast, asked.goal)
    said = f"In the forecast, the chance of {what} is {base}."
    if found.value is None:
        best = setting(forecast, asked.dial, found.best_at, start)
        at = "in the forecast itself" if found.best_at == start else f"with {best}"
        said += f" {wanted} is not reachable within the limits of this dial: the most found is "
        said += f"{hundred(found.best, asked.chance)}, {at}."
    elif found.status == "already":
        said += f" That is {wanted} or more already: it takes no change."
    else:
        said += f" To make it {wanted} would take {setting(forecast, asked.dial, found.value, start)}, all else equal."
        said += f" {_interval(found)}"
    if not found.monotone:
        said += f" Along this dial the chance goes up and down, so {FINE} values were tried."
        said += " This is the nearest that does; going further may undo it." if found.status == "reached" else ""
    return said


def _interval(found: Answer) -> str:
    dial, off = found.question.dial, f"With {words.plural(found.draws, 'simulation')} the count may be a little off:"
    if found.lo is None or found.hi is None:
        near = found.span.start if found.lo is None else found.lo
        return f"{off} from {number(dial, near)} to beyond what the dial allows."
    low, high = sorted((found.lo, found.hi))
    return f"{off} 95% range {number(dial, low)} to {number(dial, high)}."


def frontier(forecast: Forecast, found: Frontier) -> str:
    """Say what it takes with two dials.

    Parameters
    ----------
    forecast : Forecast
        The base.
    found : Frontier
        As ``models.solve.frontier`` gives it.

    Returns
    -------
    str
        Plain text: the ends and the middle of the frontier.
    """
    asked = found.question
    base = hundred(found.base, asked.chance)
    said = f"In the forecast, the chance of {goal(forecast, asked.goal)} is {base}."
    rows = [row for row in found.points.iter_rows(named=True) if row["second"] is not None]
    if not rows:
        most = hundred(float(found.points["chance"].to_numpy().max()), asked.chance)
        return f"{said} {hundred(asked.chance)} is not reachable with both dials in their limits: the most is {most}."
    if found.base >= asked.chance:
        return f"{said} That is {hundred(asked.chance)} or more already: it takes no change."
    picked = dict.fromkeys((0, len(rows) // 2, len(rows) - 1))
    ways = [pair(forecast, found, rows[at]["first"], rows[at]["second"]) for at in picked]
    more = "any of these will do: " if len(ways) > 1 else ""
    said += f" To make it {hundred(asked.chance)}, {more}{'; or '.join(ways)}."
    lost = found.points.height - len(rows)
    if lost:
        said += f" At {lost} of {found.points.height} values of the first dial no value of the second will do."
    return said


def pair(forecast: Forecast, found: Frontier, first: float, second: float) -> str:
    """Name one point of a frontier."""
    asked = found.question
    assert asked.second is not None
    one = setting(forecast, asked.dial, first, found.spans[0].start)
    return f"{one} with {setting(forecast, asked.second, second, found.spans[1].start)}"
