"""Two to four scenarios side by side: their paired differences to the first, the same draws for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from data.errors import BadInput
from models.count import has_majority, is_largest
from models.forecast import Forecast
from models.scenario_check import check_scenario
from models.scenario_schema import PartyScenario, Scenario

FEWEST, MOST = 2, 4
LESS_LIKED, MORE_VOTES = 10.0, 0.03
"""What ready scenarios change: points of favourability, and a share of the vote."""
RISING = "ref"
"""The party that gains votes in a ready scenario."""
LEVELS = {"lo90": 0.05, "lo50": 0.25, "hi50": 0.75, "hi90": 0.95}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Answers side by side; they are counted from 0 in the order given.

    Attributes
    ----------
    seats : pl.DataFrame
        ``scenario, party, votes, mean, lo90, hi90``: mean share of the vote (null for lines without one), and seats.
    differences : pl.DataFrame
        ``scenario, party, mean, lo90, lo50, hi50, hi90, p_more, p_fewer``: seats less those of the first, draw by draw.
    same : tuple of float
        How often the outcome is that of the first, for each of the others.
    moves : pl.DataFrame
        As ``seat_moves`` gives it.
    """

    seats: pl.DataFrame
    differences: pl.DataFrame
    same: tuple[float, ...]
    moves: pl.DataFrame


def ready_scenarios(forecast: Forecast) -> dict[str, Scenario]:
    """Scenarios to start from, as far as they fit the forecast.

    Parameters
    ----------
    forecast : Forecast
        The base.

    Returns
    -------
    dict
        ``tactical``: no tactical voting; ``leader``: the leader of the largest party less liked; ``share``: a party
        with more votes. Empty where the forecast is the answer to a scenario.
    """
    made = {"tactical": Scenario(tactical=0.0)}
    states = {state.party: state for state in forecast.manifest.leaders}
    largest = forecast.lines[int(forecast.seats.mean(axis=0).argmax())]
    if largest in states:
        liked = max(states[largest].favourability - LESS_LIKED, -100.0)
        made["leader"] = Scenario(parties={largest: PartyScenario(favourability=liked)})
    made["share"] = Scenario(parties={RISING: PartyScenario(share_shift=MORE_VOTES)})
    return {key: scenario for key, scenario in made.items() if _fits(forecast, scenario)}


def _fits(forecast: Forecast, scenario: Scenario) -> bool:
    try:
        check_scenario(forecast, scenario)
    except BadInput:
        return False
    return True


def same_outcome(first: Forecast, other: Forecast) -> float:
    """Part of the draws with the same outcome: the same largest party, and a majority or a hung parliament in both.

    Parameters
    ----------
    first, other : Forecast
        Answers on the same draws.

    Returns
    -------
    float
        0 to 1. Where parties tie for the most seats, the same ones must.
    """
    largest = ((is_largest(first.seats) > 0) == (is_largest(other.seats) > 0)).all(axis=1)
    held = has_majority(first.seats).any(axis=1) == has_majority(other.seats).any(axis=1)
    return float((largest & held).mean())


def seat_differences(first: Forecast, other: Forecast) -> pl.DataFrame:
    """Seats of one answer less those of another, draw by draw.

    Parameters
    ----------
    first, other : Forecast
        Answers on the same draws.

    Returns
    -------
    pl.DataFrame
        ``party, mean, lo90, lo50, hi50, hi90, p_more, p_fewer``; the last two say in what part of the draws the other
        has more seats, and fewer.
    """
    change = other.seats - first.seats
    ends = np.quantile(change, list(LEVELS.values()), axis=0)
    return pl.DataFrame(
        {
            "party": first.lines,
            "mean": change.mean(axis=0),
            **dict(zip(LEVELS, ends, strict=True)),
            "p_more": (change > 0).mean(axis=0),
            "p_fewer": (change < 0).mean(axis=0),
        }
    )


def seat_moves(answers: Sequence[Forecast]) -> pl.DataFrame:
    """Every constituency under every scenario, those that differ most first.

    Parameters
    ----------
    answers : sequence of Forecast
        Answers on the same draws, the one to compare with first.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, region, others, moved``, then ``winner_0, p_0`` and so on: the likeliest winner and its
        chance. ``others`` is how many scenarios have another likeliest winner than the first; ``moved`` is the largest
        part of the chances that goes from some lines to others, 0 to 1. They order the rows.
    """
    tables = [answer.constituencies() for answer in answers]
    moved = np.max([0.5 * np.abs(answer.p_win - answers[0].p_win).sum(axis=1) for answer in answers[1:]], axis=0)
    others = np.sum([(table["winner"] != tables[0]["winner"]).to_numpy() for table in tables[1:]], axis=0)
    wide = tables[0].select("constituency", "name", "region", others=pl.Series(others), moved=pl.Series(moved))
    for i, table in enumerate(tables):
        wide = wide.with_columns(table["winner"].alias(f"winner_{i}"), table["p_winner"].alias(f"p_{i}"))
    return wide.sort(pl.col("others") > 0, "moved", descending=True, maintain_order=True)


def compare_many(answers: Sequence[Forecast]) -> Comparison:
    """Compare answers with the first of them, draw by draw.

    Parameters
    ----------
    answers : sequence of Forecast
        Two to four answers of ``run_scenario`` to the same forecast, with as many draws each.

    Returns
    -------
    Comparison
        Seats, differences, outcomes and constituencies.

    Raises
    ------
    BadInput
        If there are too few or too many, or they are no answers on the same draws.
    """
    if not FEWEST <= len(answers) <= MOST:
        raise BadInput(f"Choose two to four scenarios to compare; these are {len(answers)}.")
    first, others = answers[0], answers[1:]
    if any(other.n_draws != first.n_draws or other.lines != first.lines for other in others):
        raise BadInput("Only answers of one forecast, on the same draws, can be compared.")
    differences = [
        seat_differences(first, other).select(pl.lit(i).alias("scenario"), pl.all())
        for i, other in enumerate(others, start=1)
    ]
    return Comparison(
        seats=seats_beside(answers),
        differences=pl.concat(differences),
        same=tuple(same_outcome(first, other) for other in others),
        moves=seat_moves(answers),
    )


def seats_beside(answers: Sequence[Forecast]) -> pl.DataFrame:
    """Votes and seats of some forecasts under each other, whether or not their draws are the same.

    Parameters
    ----------
    answers : sequence of Forecast
        Counted from 0.

    Returns
    -------
    pl.DataFrame
        ``scenario, party, votes, mean, lo90, hi90``, as in ``Comparison.seats``.
    """
    return pl.concat([_seats(answer).select(pl.lit(i).alias("scenario"), pl.all()) for i, answer in enumerate(answers)])


def _seats(answer: Forecast) -> pl.DataFrame:
    votes = answer.vote_summary().select("party", votes="mean")
    seats = answer.seat_summary().select("party", "mean", "lo90", "hi90")
    return seats.join(votes, on="party", how="left", maintain_order="left").select(
        "party", "votes", "mean", "lo90", "hi90"
    )


def majorities_of_two(forecast: Forecast, lines: Sequence[str]) -> dict[tuple[str, str], float]:
    """Chance that two lines together have a majority that neither has alone. Arithmetic, not that they would agree.

    Parameters
    ----------
    forecast : Forecast
        What to count.
    lines : sequence of str
        Lines to pair.

    Returns
    -------
    dict
        Each pair, in the order of the lines, to its chance.
    """
    alone, places = has_majority(forecast.seats), [forecast.lines.index(line) for line in lines]
    pairs = {}
    for (one, i), (other, j) in combinations(zip(lines, places, strict=True), 2):
        together = forecast.seats[:, i] + forecast.seats[:, j] >= forecast.majority
        pairs[one, other] = float((together & ~alone[:, i] & ~alone[:, j]).mean())
    return pairs
