"""What each candidate's leadership would be worth in seats, and so what a rule of selection costs.

Each candidate leads the party from the forecast's cut to polling day: voters see her with some favourability, her MPs
stand behind her with some support, and both move the vote as scenarios do (``models.arrival``), in the forecast's own
draws. A candidate who leads already is the forecast as it stands. A rule's seats are those of whoever wins under it,
draw by draw; the **price** of a rule is what they fall short of another's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from data.errors import BadInput
from models.arrival import ArrivalDials, arrive
from models.ballots import NOBODY
from models.contest_forecast import Held
from models.count import count_seats
from models.forecast import Forecast, LeaderState
from models.scenario import simulator

Array = NDArray[np.float64]
BINS = 40
"""Groups of draws that share a value of favourability and of support: each value is used by a hundred of 4,000."""
HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class Leadership:
    """A candidate's leadership in the forecast's draws.

    ``seats`` (n_draws,) of the party, ``share`` (n_draws,) of the Great Britain vote, ``favourability`` in points and
    ``support`` 0 to 1 (NaN where not known), each (n_draws,); ``basis`` says where the favourability is from.
    """

    name: str
    seats: NDArray[np.int64]
    share: Array
    favourability: Array
    support: Array
    basis: str


def lead(
    forecast: Forecast,
    held: Held,
    favourability: Mapping[str, tuple[float, float]],
    *,
    new_leader: tuple[float, float],
    seed: int,
) -> dict[str, Leadership]:
    """Let each candidate lead the party until polling day.

    Parameters
    ----------
    forecast : Forecast
        A forecast as of the contest's cut, not the answer to a scenario.
    held : Held
        The contest, with as many draws as the forecast or fewer.
    favourability : mapping
        Candidate to mean and sd in points, where the user or the data know it.
    new_leader : tuple of float
        Mean and sd of where new leaders start, for all others.
    seed : int
        Seed.

    Returns
    -------
    dict
        By candidate.

    Raises
    ------
    BadInput
        If the party has no vote of its own in the forecast.
    """
    party = held.case.party
    if party not in forecast.parties:
        raise BadInput(f'"{party}" has no vote of its own in the forecast, so no leadership of it can be simulated.')
    state = next((s for s in forecast.manifest.leaders if s.party == party), None) or _vacancy(held, new_leader)
    n = min(held.standings.n_draws, forecast.n_draws)
    rng = np.random.default_rng([seed, 41])
    found = {}
    for i, name in enumerate(held.candidates):
        if name == state.leader and name not in favourability:
            found[name] = _as_it_stands(forecast, state, n, rng)
            continue
        mean, sd = favourability.get(name, new_leader)
        # Her MPs know a leader who is there; behind a new one they have yet to rally.
        support = held.support[:n, i] if name != state.leader else _known_support(state, n, rng)
        if state.support is None:
            support = np.full(n, np.nan)
        basis = "given" if name in favourability else "where new leaders start"
        found[name] = _led_by(forecast, state, name, (mean, sd), support, basis, rng)
    return found


def _vacancy(held: Held, new_leader: tuple[float, float]) -> LeaderState:
    """Whom the forecast supposes where nobody leads: a new leader like any other, behind whom as many MPs stand."""
    return LeaderState(
        party=held.case.party,
        leader="",
        favourability=new_leader[0],
        favourability_sd=new_leader[1],
        n_ratings=0,
        support=float(held.support.mean()),
        margin=None,
        basis="vacant",
    )


def _known_support(state: LeaderState, n: int, rng: np.random.Generator) -> Array:
    if state.support is None:
        return np.full(n, np.nan)
    return np.clip(state.support + (state.support_sd or 0.0) * rng.standard_normal(n), 0.0, 1.0)


def _as_it_stands(forecast: Forecast, state: LeaderState, n: int, rng: np.random.Generator) -> Leadership:
    return Leadership(
        name=state.leader,
        seats=forecast.seats[:n, forecast.lines.index(state.party)],
        share=forecast.votes[:n, forecast.parties.index(state.party)],
        favourability=state.favourability + state.favourability_sd * rng.standard_normal(n),
        support=_known_support(state, n, rng),
        basis=f"{state.n_ratings} ratings",
    )


def _led_by(
    forecast: Forecast,
    state: LeaderState,
    name: str,
    standing: tuple[float, float],
    support: Array,
    basis: str,
    rng: np.random.Generator,
) -> Leadership:
    """Move the vote, group of draws by group, by the candidate's standing and support, and fill the seats."""
    n, party = support.size, state.party
    # Draws in order of her support; within it, standing is drawn anew, evenly over its distribution.
    order = np.argsort(support, kind="stable")
    groups = np.array_split(order, min(BINS, n))
    level = standing[0] + standing[1] * _evenly(len(groups), rng)
    votes, liked = np.empty((n, len(forecast.parties))), np.empty(n)
    draws = forecast.tree["votes"].to_dataset()
    for rows, points in zip(groups, level, strict=True):
        backed = float(np.mean(support[rows]))
        dials = ArrivalDials(
            favourability={party: float(points) - state.favourability},
            support={} if np.isnan(backed) or state.support is None else {party: backed - state.support},
        )
        votes[rows] = arrive(draws.isel(draw=rows), forecast.manifest.lead_days, dials)
        liked[rows] = points
    winner = simulator(forecast).simulate(votes, summaries=False).winner
    return Leadership(
        name=name,
        seats=count_seats(winner, len(forecast.lines))[:, forecast.lines.index(party)],
        share=votes[:, forecast.parties.index(party)],
        favourability=liked,
        support=support,
        basis=basis,
    )


def _evenly(n: int, rng: np.random.Generator) -> Array:
    """Standard normal values at equal chances, in random order, so that a few stand for the whole distribution."""
    return np.asarray(rng.permutation(ndtri((np.arange(n) + 0.5) / n)))


def leadership_table(led: Mapping[str, Leadership], majority: int) -> pl.DataFrame:
    """What each candidate's leadership comes to.

    Parameters
    ----------
    led : mapping
        From ``lead``.
    majority : int
        Seats needed for a majority.

    Returns
    -------
    pl.DataFrame
        ``candidate, favourability, favourability_sd, support, seats, lo90, hi90, p_majority, p_govern, basis``:
        ``p_govern`` is the chance of a majority with at least half of her own MPs behind her, null where their support
        is not known.
    """
    rows = []
    for one in led.values():
        known = not np.isnan(one.support).any()
        won = one.seats >= majority
        lo, hi = np.quantile(one.seats, [0.05, 0.95])
        rows.append(
            {
                "candidate": one.name,
                "favourability": float(one.favourability.mean()),
                "favourability_sd": float(one.favourability.std()),
                "support": float(one.support.mean()) if known else None,
                "seats": float(one.seats.mean()),
                "lo90": float(lo),
                "hi90": float(hi),
                "p_majority": float(won.mean()),
                "p_govern": float((won & (one.support >= HALF)).mean()) if known else None,
                "basis": one.basis,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def rule_seats(held: Held, led: Mapping[str, Leadership], rule: str) -> Array:
    """Seats (n_draws,) of whoever wins under a rule; NaN where nobody can stand and no leader stays."""
    table = np.stack([led[name].seats for name in held.candidates], axis=1).astype(np.float64)
    winner = held.counts[rule].winner[: table.shape[0]]
    chosen = table[np.arange(table.shape[0]), np.maximum(winner, 0)]
    incumbent = held.case.incumbent
    stays = table[:, held.candidates.index(incumbent)] if incumbent in held.candidates else np.nan
    return np.where(winner == NOBODY, stays, chosen)


def _winners_support(held: Held, led: Mapping[str, Leadership] | None, rule: str) -> Array:
    """Part of MPs behind the winner in every draw; NaN where nobody won or it is not known."""
    each = np.stack([led[name].support for name in held.candidates], axis=1) if led else held.support
    winner = held.counts[rule].winner[: each.shape[0]]
    own = each[np.arange(winner.size), np.maximum(winner, 0)]
    return np.where(winner == NOBODY, np.nan, own)


def _mean_of(draws: Array) -> float | None:
    known = draws[~np.isnan(draws)]
    return float(known.mean()) if known.size else None


def _in_seats(own: Array, in_force: Array, majority: int) -> dict[str, float]:
    somebody = ~np.isnan(own) & ~np.isnan(in_force)
    if not somebody.any():
        return {}
    own, change = own[somebody], (own - in_force)[somebody]
    (lo, hi), (low, high) = np.quantile(own, [0.05, 0.95]), np.quantile(change, [0.05, 0.95])
    found = {"seats": own.mean(), "lo90": lo, "hi90": hi, "p_majority": (own >= majority).mean()}
    found |= {"price": change.mean(), "price_lo90": low, "price_hi90": high}
    return {name: float(value) for name, value in found.items()}


def price_table(held: Held, led: Mapping[str, Leadership] | None, majority: int) -> pl.DataFrame:
    """Set the rules of a contest side by side.

    Parameters
    ----------
    held : Held
        The contest.
    led : mapping, optional
        From ``lead``; without it columns on seats are null.
    majority : int
        Seats needed for a majority.

    Returns
    -------
    pl.DataFrame
        A row a rule: ``rule, name, winner`` (the likeliest), ``p_winner, p_nobody`` (no candidate is nominated),
        ``p_lot`` (a tie decided), ``car_crash, support`` (mean of the winner's), ``seats, lo90, hi90, p_majority`` and
        ``price, price_lo90, price_hi90``: seats under the rule less those under the first, the one in force. Seats are
        of draws in which somebody leads, null where nobody ever does.
    """
    codes = list(held.counts)
    seats = {code: rule_seats(held, led, code) for code in codes} if led else {}
    rows = []
    for code in codes:
        counted = held.counts[code]
        chance = counted.p_win()
        best = int(chance.argmax())
        row: dict[str, object] = {
            "rule": code,
            "name": held.rules[code].name,
            "winner": held.candidates[best],
            "p_winner": float(chance[best]),
            "p_nobody": counted.p_nobody,
            "p_lot": float(counted.tied.mean()),
            "car_crash": float(held.car_crash(code).mean()),
            "support": _mean_of(_winners_support(held, led, code)),
        }
        if led:
            row |= _in_seats(seats[code], seats[codes[0]], majority)
        rows.append(row)
    empty = ("seats", "lo90", "hi90", "p_majority", "price", "price_lo90", "price_hi90")
    table = pl.DataFrame(rows, infer_schema_length=None)
    missing = [pl.lit(None, pl.Float64).alias(name) for name in empty if name not in table.columns]
    return table.with_columns(missing)
