"""Sentences of the map, one for each way to colour it, and of what stands around it."""

from collections.abc import Callable
from datetime import date

import polars as pl

from models.forecast import Forecast
from models.standing_in import SPEAKER
from views import palette, words

FAVOURITES = 5
"""Parties named with their seats under the map of winners."""

FLOWS = 3
"""Pairs of parties named with the seats that go from one to the other."""

SWING = (
    "Swing: half of what the party ahead has over the next at the expected shares, since what one loses the other "
    "gains. It says how far apart they stand, not how likely such a swing is."
)
"""What the map of swings shows."""

UNIFORM = (
    "Uniform swing: every seat of Great Britain moves by as many points as the country, the oldest rule there is. It "
    "knows no chances. Where it parts from the forecast, how votes fall over seats decides."
)
"""What the map beside uniform swing shows."""


def on_map(seats: pl.DataFrame, mode: str, *, region: str | None = None, scenario: bool = False) -> str:
    """Say what a map shows.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``models.seat_map.seats_to_map`` gives it.
    mode : str
        A key of ``views.hexes.MODES``.
    region : str, optional
        Where they lie, if not in the whole country.
    scenario : bool
        Whether they are a scenario's, and compared with the forecast.

    Returns
    -------
    str
        One sentence of plain text.
    """
    count = words.plural(seats.height, "seat")
    place = f"{region}: of {count}" if region else f"Of {count}"
    start = f"In the scenario: {place[:1].lower() if not region else region[:1]}{place[1:]}" if scenario else place
    told: dict[str, Callable[[pl.DataFrame], str]] = {
        "winner": _winners,
        "chance": _chances,
        "category": _categories,
        "swing": _swings,
        "change": _changes_of_scenario if scenario else _changes,
        "uniform": _beside_uniform,
    }
    return f"{start}, {told[mode](seats)}"


def _winners(seats: pl.DataFrame) -> str:
    changing = seats.filter(pl.col("winner") != pl.col("holder")).height
    open_seats = sum(words.category(p) == "toss-up" for p in seats["p_winner"])
    return (
        f"{changing} {'has' if changing == 1 else 'have'} a likeliest winner other than the holder, and {open_seats} "
        f"{'is a toss-up' if open_seats == 1 else 'are toss-ups'} (no party above 6 in 10)."
    )


def _chances(seats: pl.DataFrame) -> str:
    sure, even = (seats.filter(kind).height for kind in (pl.col("p_winner") >= 0.95, pl.col("p_winner") < 0.5))
    return f"the likeliest winner has a chance of 95 in 100 or more in {sure}, and of less than 50 in 100 in {even}."


def _categories(seats: pl.DataFrame) -> str:
    kinds = [words.category(p) for p in seats["p_winner"]]
    return f"{words.listed([f'{kinds.count(kind)} {_kind(kind, kinds.count(kind))}' for kind in words.CATEGORIES])}."


def _kind(kind: str, count: int) -> str:
    """Verb and name of a kind of seat: ``are safe``; the others without the verb."""
    if kind == words.CATEGORIES[0]:
        return f"{'is' if count == 1 else 'are'} {kind}"
    return f"{kind}s" if kind == "toss-up" and count != 1 else kind


def _swings(seats: pl.DataFrame) -> str:
    fought = seats.filter(pl.col("challenger").is_not_null() & (pl.col("winner") != SPEAKER))
    within = [fought.filter(pl.col("swing") < points / 100).height for points in (1, 3, 10)]
    return (
        f"{within[0]} would flip on a swing of less than 1 point from the party ahead to the next, {within[1]} on less "
        f"than 3 points and {within[2]} on less than 10, at the expected shares."
    )


def _flows(seats: pl.DataFrame, other: str = "was", told: str = "{n} from {was} to {now}") -> tuple[int, str]:
    """Count seats whose likeliest winner is not that of another column, and name the most frequent pairs."""
    moved = seats.filter(pl.col("winner") != pl.col(other))
    flows = moved.group_by(other, "winner").len().sort("len", other, "winner", descending=[True, False, False])
    named = [
        told.format(n=n, was=palette.line(was).who, now=palette.line(now).who)
        for was, now, n in flows.head(FLOWS).iter_rows()
    ]
    rest = int(flows["len"][FLOWS:].sum())
    return moved.height, words.listed([*named, *([f"{rest} between others"] if rest else [])])


def _changes(seats: pl.DataFrame) -> str:
    count, flows = _flows(seats)
    if not count:
        return "none has a likeliest winner other than the holder."
    return f"{count} would change hands if each went to its likeliest winner: {flows}."


def _changes_of_scenario(seats: pl.DataFrame) -> str:
    count, flows = _flows(seats)
    if not count:
        return "none has another likeliest winner than without it."
    return f"{count} {'has' if count == 1 else 'have'} another likeliest winner than without it: {flows}."


def _beside_uniform(seats: pl.DataFrame) -> str:
    count, flows = _flows(seats, "uniform", "{n} to {was} instead of {now}")
    if not count:
        return "uniform swing would give none to another party."
    return f"uniform swing to the same expected votes would give {count} to another than the likeliest winner: {flows}."


def favourites(forecast: Forecast, seats: pl.DataFrame) -> str:
    """Say what the likeliest winners of all seats add up to, beside the forecast, and why the two differ.

    Parameters
    ----------
    forecast : Forecast
        What the page shows.
    seats : pl.DataFrame
        All its seats with their likeliest ``winner``.

    Returns
    -------
    str
        Two sentences, with the medians of the forecast, as the first page has them.
    """
    middle = dict(forecast.seat_summary().select("party", "median").iter_rows())
    won = dict(seats["winner"].value_counts().iter_rows())
    top = sorted(won, key=lambda code: (-won[code], code))[:FAVOURITES]
    pairs = [f"{palette.line(code).who} {won[code]} ({middle[code]:.0f})" for code in top]
    return (
        f"Counted by the likeliest winner of each seat: {words.listed(pairs)}; in brackets the forecast's seats "
        "(median). The two differ because the count gives each close seat whole to its favourite, while simulations "
        "give it now to one party, now to another, and many seats at once."
    )


def holder(last: date) -> str:
    """Say who counts as the holder of a seat, where the last general election was on a day."""
    return f"Holder: the winner of the last by-election, else of the general election of {words.day(last)}."


def tipping(party: str, majority_line: int) -> str:
    """Say what the table of tipping seats shows."""
    who = palette.line(party).who
    return (
        f"In each simulation the seats are ordered by the lead of {who} over the best rival; the one in place "
        f"{majority_line} tips the majority. Tips: in how many of 100 simulations. Chance: of {who} there, in 100. "
        "Place: by that chance."
    )
