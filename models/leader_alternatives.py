"""Who else might lead a party, what each would be worth in seats, and whether she would still lead on polling day.

Nobody has asked voters about most of those whom the tables name (``models.leader_people``): they start where new
leaders have started, and so cannot be told apart. MPs are taken to stand behind each as they stand behind the leader in
office. What is supposed is a standing that lasts; the forecast as it stands is that of the leader in office.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from data import Evidence
from models.arrival import ArrivalDials, arrive
from models.contest_answer import NEW_LEADER_SD
from models.contest_store import lasting_by
from models.count import count_seats
from models.days import DAYS_PER_MONTH
from models.forecast import Forecast, LeaderState
from models.leader_chain import state_of
from models.leader_history import CUTS, newest_rating
from models.leader_people import Person, people
from models.reading_scale import ReadingScale
from models.record import governments, previous_election
from models.scenario import NEW_LEADER, simulator
from models.survival_odds import PARTIES as LASTING_PARTIES
from models.survival_odds import Odds, survival_chance

Array = NDArray[np.float64]
BINS = 40
"""Groups of draws that share a value of favourability, as in ``models.leadership``."""
STANDINGS = 20
"""Values of a standing over which the chance to last is taken."""
IN_OFFICE, RATED, UNRATED = "in office", "rated before", "nobody asked voters"


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """A leadership in the forecast's draws: ``seats`` and ``change`` (n_draws,) against the forecast as it stands.

    ``p_lasts`` is the chance that she still leads on polling day, None where no leader of such a party was learned
    from.
    """

    name: str
    basis: str
    known_from: str
    favourability: float
    favourability_sd: float
    n_ratings: int
    last_rating: date | None
    seats: NDArray[np.int64]
    change: NDArray[np.int64]
    p_lasts: float | None


def summary(found: list[Alternative]) -> pl.DataFrame:
    """What each leadership comes to.

    Parameters
    ----------
    found : list of Alternative
        From ``alternatives``.

    Returns
    -------
    pl.DataFrame
        One row a leader: ``leader, group`` (the same number where nothing tells two apart), ``basis, named_for,
        favourability, favourability_sd, n_ratings, last_rating``; ``seats`` (median), ``seats_lo90, seats_hi90`` and
        the ends of ``CUTS``; ``change, change_lo90, change_hi90`` of the paired difference in seats, ``p_better,
        p_worse`` (more seats, or fewer, than under the leader in office); ``p_lasts``.
    """
    numbers = {id(seats): i for i, seats in enumerate({id(one.seats): one.seats for one in found}.values())}
    rows = []
    for one in found:
        seats, change = (np.quantile(values, [0.5, 0.05, 0.95]) for values in (one.seats, one.change))
        rows.append(
            {
                "leader": one.name,
                "group": numbers[id(one.seats)],
                "basis": one.basis,
                "named_for": one.known_from,
                "favourability": one.favourability,
                "favourability_sd": one.favourability_sd,
                "n_ratings": one.n_ratings,
                "last_rating": one.last_rating,
                **dict(zip(("seats", "seats_lo90", "seats_hi90"), seats.tolist(), strict=True)),
                **dict(zip(CUTS, np.quantile(one.seats, list(CUTS.values())).tolist(), strict=True)),
                **dict(zip(("change", "change_lo90", "change_hi90"), change.tolist(), strict=True)),
                "p_better": float((one.change > 0).mean()),
                "p_worse": float((one.change < 0).mean()),
                "p_lasts": one.p_lasts,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def alternatives(
    forecast: Forecast, evidence: Evidence, scale: ReadingScale, party: str, *, draws: int = 2000
) -> list[Alternative]:
    """Let the leader in office, a new leader and each who might lead take a party to polling day.

    Parameters
    ----------
    forecast : Forecast
        A forecast, not the answer to a scenario.
    evidence : Evidence
        Tables, cut as the forecast is.
    scale : ReadingScale
        What ratings mean.
    party : str
        Code of a party with a leader and a vote in Great Britain.
    draws : int
        The first so many draws are used.

    Returns
    -------
    list of Alternative
        The leader in office, then ``NEW_LEADER``, then the others in the order of ``people``.
    """
    state, n = state_of(forecast, party), min(draws, forecast.n_draws)
    others = people(evidence, scale, party, state.leader, forecast.manifest.previous_election)
    start = float(forecast.tree["votes"].ds.attrs["new_leader_favourability"]), NEW_LEADER_SD
    lasting = _Lasting(evidence, party, forecast.manifest.election_date)
    now = forecast.seats[:n, forecast.lines.index(party)]
    known = state.favourability, state.favourability_sd
    newest = newest_rating(evidence, state.leader)
    rating = (*known, state.n_ratings, newest) if newest else None
    in_office = Person(name=state.leader, known_from="", rating=rating)
    found = [_alternative(in_office, IN_OFFICE, known, now, now, lasting(known, state))]
    held: dict[tuple[float, float], tuple[NDArray[np.int64], float | None]] = {}
    for person in [Person(name=NEW_LEADER, known_from=""), *others]:
        standing = person.rating[:2] if person.rating else start
        if standing not in held:  # those of whom nothing is known share one answer
            held[standing] = _seats_under(forecast, state, standing, n), lasting(standing, None)
        seats, lasts = held[standing]
        basis = RATED if person.rating else UNRATED
        found.append(_alternative(person, basis, standing, seats, now, lasts))
    return found


def _alternative(
    person: Person,
    basis: str,
    standing: tuple[float, float],
    seats: NDArray[np.int64],
    now: NDArray[np.int64],
    lasts: float | None,
) -> Alternative:
    return Alternative(
        name=person.name,
        basis=basis,
        known_from=person.known_from,
        favourability=standing[0],
        favourability_sd=standing[1],
        n_ratings=person.rating[2] if person.rating else 0,
        last_rating=person.rating[3] if person.rating else None,
        seats=seats,
        change=seats - now,
        p_lasts=lasts,
    )


def _seats_under(forecast: Forecast, state: LeaderState, standing: tuple[float, float], n: int) -> NDArray[np.int64]:
    """Seats (n,) where voters see the leader with some standing, drawn evenly over its distribution."""
    party = state.party
    rng = np.random.default_rng([forecast.manifest.seed, 47])
    groups = np.array_split(rng.permutation(n), min(BINS, n))
    level = standing[0] + standing[1] * rng.permutation(_even(len(groups)))
    votes = np.empty((n, len(forecast.parties)))
    draws = forecast.tree["votes"].to_dataset()
    for rows, points in zip(groups, level, strict=True):
        dials = ArrivalDials(favourability={party: float(points) - state.favourability})
        votes[rows] = arrive(draws.isel(draw=rows), forecast.manifest.lead_days, dials)
    winner = simulator(forecast).simulate(votes, summaries=False).winner
    return count_seats(winner, len(forecast.lines))[:, forecast.lines.index(party)]


def _even(n: int) -> Array:
    """Standard normal values at equal chances."""
    return np.asarray(ndtri((np.arange(n) + 0.5) / n))


class _Lasting:
    """The chance to lead until polling day, by standing; None for parties no leader of which was learned from."""

    def __init__(self, evidence: Evidence, party: str, polling_day: date) -> None:
        self._party = party
        self._odds: Odds | None = lasting_by(evidence.cut) if party in LASTING_PARTIES else None
        if self._odds is not None:
            self._premier = governments(evidence)[previous_election(evidence, evidence.cut)][0] == party
            self._months = (polling_day - evidence.cut).days / DAYS_PER_MONTH

    def __call__(self, standing: tuple[float, float], state: LeaderState | None) -> float | None:
        """Mean over a standing, and over support where ``state`` knows it; a new leader's is not known."""
        if self._odds is None:
            return None
        liked = np.clip(standing[0] + standing[1] * _even(STANDINGS), -100.0, 100.0)
        support: Iterable[float | None] = [None] * STANDINGS
        if state is not None and state.support is not None:
            # In another order than standing, so that the two do not rise together.
            spread = state.support + (state.support_sd or 0.0) * np.roll(_even(STANDINGS), STANDINGS // 2)
            support = [float(value) for value in np.clip(spread, 0.005, 0.995)]
        chances = [
            survival_chance(
                self._odds,
                party=self._party,
                months=self._months,
                premier=self._premier,
                support=backed,
                favourability=float(points),
            ).mean()
            for points, backed in zip(liked, support, strict=True)
        ]
        return float(np.mean(chances))
