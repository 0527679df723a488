"""One generated sentence a chart, from the same numbers as the chart; it is also the chart's text alternative."""

import polars as pl

from models.forecast import Forecast
from views import frames, palette, words

LETTERS = 60
"""Most letters of an import path: it comes from a file, and has no blank to break a line at."""


def not_as_shipped(forecast: Forecast) -> str:
    """Say that a forecast comes from settings or models that are not those of the package.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.

    Returns
    -------
    str
        One sentence of plain text; empty for the model as shipped.
    """
    made = forecast.tree.attrs.get("variant")  # as models.makers leaves it, which a page does not import
    built = [stage for stage, told in forecast.manifest.priors.items() if "builder" in told]
    parts = [f'made by "{words.visible(str(made))[:LETTERS]}"'] if made else []
    parts += [f"with a builder of its own for {words.listed(built)}"] if built else []
    return f"Not the model as shipped: {', '.join(parts)}." if parts else ""


def headline(forecast: Forecast) -> str:
    """Say who is likely to win, with the chance beside ranges of seats and votes.

    Parameters
    ----------
    forecast : Forecast
        What to put into words.

    Returns
    -------
    str
        One sentence of plain text.
    """
    top = frames.outcomes(forecast).sort("p", descending=True).row(0, named=True)
    largest, p_largest = max(forecast.p_largest().items(), key=lambda item: item[1])
    subject = "a hung parliament" if top["code"] == "hung" else f"a {top['label'].replace(' majority', '')} majority"
    start = f"On {words.day(forecast.manifest.election_date)} {subject} is {words.chance(top['p'])}"
    if top["code"] == "hung" or top["code"] != largest:
        link = (
            f", and the largest party is most often {palette.line(largest).who} ({words.frequency(p_largest)}), with "
        )
    else:
        link = ": the party has "
    return start + link + standing(forecast, largest) + "."


def standing(forecast: Forecast, code: str) -> str:
    """Seats and votes of one line: ``231 seats (90% range 150 to 310) on 25% of the vote (20% to 30%)``."""
    seats = forecast.seat_summary().row(by_predicate=pl.col("party") == code, named=True)
    text = f"{seats['median']:.0f} seats (90% range {words.seat_range(seats['lo90'], seats['hi90'])})"
    if code not in forecast.parties:
        return text
    votes = forecast.vote_summary().row(by_predicate=pl.col("party") == code, named=True)
    return f"{text} on {words.share(votes['median'])} of the vote ({words.share_range(votes['lo90'], votes['hi90'])})"


def dots(forecast: Forecast, lines: list[str]) -> str:
    """Say what the dots show, for the two largest lines."""
    parts = []
    for code in lines[:2]:
        row = forecast.seat_summary().row(by_predicate=pl.col("party") == code, named=True)
        parts.append(f"{palette.line(code).who} {words.seat_range(row['lo90'], row['hi90'])}")
    return (
        f"Each dot is 1 in {frames.N_DOTS} chances: in 9 of 10 simulations {words.listed(parts)} seats; "
        f"{forecast.majority} make a majority."
    )


def outcome(forecast: Forecast) -> str:
    """Say how often each outcome comes, in hundreds that sum to 100."""
    table = frames.outcomes(forecast).filter(pl.col("percent") >= 1).sort("p", descending=True)
    parts = [f"{_lower(label)} in {percent}" for label, percent in table.select("label", "percent").iter_rows()]
    return f"In 100 simulations: {words.listed(parts)}."


def _lower(label: str) -> str:
    return "a hung parliament" if label.startswith("Hung") else f"a {label}"


def govern(forecast: Forecast) -> str:
    """Say what it takes to govern."""
    line = frames.working_majority(forecast)
    absent = "Sinn Féin's members stay away and " if "sf" in forecast.lines else ""
    return (
        f"{forecast.majority} of {forecast.n_seats} seats are a majority; as {absent}the Speaker does not vote, "
        f"{line} outvote all others."
    )


def fan(forecast: Forecast, parties: list[str]) -> str:
    """Say where voting intention stands and what is expected on polling day, for the party that leads."""
    path = forecast.intention().filter(pl.col("party").is_in(parties))
    drawn = [code for code in parties if code in set(path["party"])]
    if not drawn:
        return "No party has 3% of the vote or more."
    last = path.filter(pl.col("date") == pl.col("date").max())
    then = forecast.vote_summary().filter(pl.col("party").is_in(drawn))
    first = [table.sort(by, descending=True).row(0, named=True) for table, by in ((last, "q50"), (then, "median"))]
    who = [palette.line(row["party"]).who for row in first]
    now = f"at {words.share(first[0]['q50'])} ({words.share_range(first[0]['q05'], first[0]['q95'])})"
    later = f"{words.share(first[1]['median'])} ({words.share_range(first[1]['lo90'], first[1]['hi90'])})"
    today = f"on {words.day(forecast.manifest.as_of)}"
    if who[0] == who[1]:
        return f"Ahead in voting intention: {who[0]}, {now} {today} and {later} on polling day."
    return f"Ahead in voting intention: {who[0]}, {now} {today}; ahead on polling day: {who[1]}, at {later}."


def comparison(table: pl.DataFrame, base: Forecast, other: Forecast) -> str:
    """Say what a scenario does to the seats of the line it moves most, and to the chance of a hung parliament.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.scenario.compare`` gives it.
    base, other : Forecast
        The two forecasts compared.

    Returns
    -------
    str
        One sentence of plain text.
    """
    moved = table.filter((pl.col("seats_change").abs() >= 0.05) | (pl.col("lo90") != pl.col("hi90")))
    if moved.is_empty():
        return "Nothing is changed yet: the scenario is the forecast itself."
    row = moved.sort(pl.col("seats_change").abs(), descending=True).row(0, named=True)
    mean, party = row["seats_change"], palette.line(row["party"]).who
    change = f"{abs(mean):.0f} seats {'more' if mean > 0 else 'fewer'}"
    then, now = words.frequency(other.p_hung()), words.frequency(base.p_hung())
    return (
        f"If we made it so, {party} would win {change} on average (90% range {words.signed(row['lo90'])} to "
        f"{words.signed(row['hi90'])}), and a hung parliament would {'stay' if then == now else 'be'} "
        f"{words.chance(other.p_hung())}{'' if then == now else f' instead of {now}'}."
    )
