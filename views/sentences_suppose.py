"""Sentences on what would be likely if something had been observed."""

import polars as pl

from models.condition import HUNG, Given
from models.forecast import Forecast
from models.scenario_check import is_answer
from views import palette, words

LABEL = (
    "**If we had observed this**: simulations that match count more, and the rest is what would then be likely. It is "
    "not *if we made it so*: nothing is moved, and what goes along with it is not shown to be its doing."
)


def conditions(forecast: Forecast, given: Given) -> str:
    """Name what is supposed: ``Labour winning Ashford, the Greens on 12% of the vote and a hung parliament``.

    Parameters
    ----------
    forecast : Forecast
        What it is supposed of.
    given : Given
        What is supposed to have been observed; not empty.

    Returns
    -------
    str
        Words that can follow a verb.
    """
    seats = forecast.tree["seats"].ds
    names = dict(zip(seats["constituency"].values.astype(str), seats["name"].values.astype(str), strict=True))
    parts = [f"{palette.line(line).who} winning {names[code]}" for code, line in given.seats.items()]
    parts += [f"{palette.line(party).who} on {words.share(share)} of the vote" for party, share in given.votes.items()]
    if given.largest:
        parts.append(f"{palette.line(given.largest).who} with the most seats")
    if given.majority:
        parts.append(
            "a hung parliament" if given.majority == HUNG else f"a {palette.line(given.majority).name} majority"
        )
    return words.listed(parts)


def headline(forecast: Forecast, seen: Forecast, given: Given) -> str:
    """Say how the seats of the line whose mean differs most would go, and how likely a hung parliament would be.

    Parameters
    ----------
    forecast, seen : Forecast
        As forecast, and if it had been observed.
    given : Given
        What is supposed to have been observed.

    Returns
    -------
    str
        One sentence of plain text.
    """
    before, after = forecast.seat_summary(), seen.seat_summary()
    place = int((after["mean"] - before["mean"]).abs().arg_max() or 0)
    was, now = before.row(place, named=True), after.row(place, named=True)
    text = (
        f"If we had observed {conditions(forecast, given)}, {palette.line(now['party']).who} would win "
        f"{now['mean']:.0f} seats on average (90% range {words.seat_range(now['lo90'], now['hi90'])}), against "
        f"{was['mean']:.0f} ({words.seat_range(was['lo90'], was['hi90'])}) {_before(forecast)}"
    )
    if given.majority:
        return f"{text}."
    then, instead = words.frequency(seen.p_hung()), words.frequency(forecast.p_hung())
    change = "" if then == instead else f" instead of {instead}"
    return f"{text}, and a hung parliament would be {words.chance(seen.p_hung())}{change}."


def matched(forecast: Forecast, given: Given, effective: float) -> str:
    """Say on how many simulations it rests.

    Parameters
    ----------
    forecast : Forecast
        What it is supposed of.
    given : Given
        What is supposed to have been observed.
    effective : float
        As ``models.condition.matching`` counts them.

    Returns
    -------
    str
        One sentence of plain text.
    """
    of = f"{int(effective):,} of {forecast.n_draws:,} simulations"
    if not given.votes:
        return f"This rests on the {of} that match."
    near = f"{100 * given.tolerance:.2g} point{'' if round(100 * given.tolerance, 1) == 1 else 's'}"
    return (
        f"This weighs as much as {of}: the nearer a simulation's share of the vote, the more it counts (two thirds of "
        f"the weight, roughly, within {near})."
    )


def _before(forecast: Forecast) -> str:
    return "in the scenario" if is_answer(forecast) else "as forecast"


def seats(forecast: Forecast, table: pl.DataFrame) -> str:
    """Say how many seats the line with most of them would win, as forecast and if observed.

    Parameters
    ----------
    forecast : Forecast
        What it is supposed of.
    table : pl.DataFrame
        As ``models.compare_many.seats_beside`` gives it for the two.

    Returns
    -------
    str
        One sentence of plain text.
    """
    top = table.filter(pl.col("scenario") == 1).sort("mean", descending=True).row(0, named=True)
    was = table.row(by_predicate=(pl.col("scenario") == 0) & (pl.col("party") == top["party"]), named=True)
    parts = [f"{row['mean']:.0f} (90% range {words.seat_range(row['lo90'], row['hi90'])})" for row in (was, top)]
    who = palette.line(top["party"]).who
    return f"Seats of {who}, on average: {parts[0]} {_before(forecast)}, {parts[1]} if observed."


def moved(table: pl.DataFrame) -> str:
    """Say in how many seats another line would be the likeliest winner.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.compare_many.seat_moves`` gives it for the two.

    Returns
    -------
    str
        One sentence of plain text.
    """
    changed = words.plural(table.filter(pl.col("others") > 0).height, "seat")
    return f"{changed} would have another likeliest winner; changes of a few in 100 are within chance."
