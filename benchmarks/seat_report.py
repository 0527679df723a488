"""Write ``reports/seats_true_votes.csv``: what a seat model is worth when the votes of each nation are known.

For every pair of elections in the same seats, the votes that came are put through our model, learned from the pairs
before it alone, and through three plain swings, all from the same base. What is wrong then is the seat model's fault
alone. ``reports/seats_scores.csv`` has what only a model with chances can be scored by, ``reports/seats_terms.csv`` the
same figures with one effect at a time taken out.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pymc as pm
import xarray as xr
from numpy.typing import NDArray

from data import Evidence, load_evidence
from data.files import write_aside
from models.cli import DEFAULT_SEED
from models.config import ChainConfig
from models.metrics import MAIN, winner_scores
from models.nations import NationOffsets, nation_base
from models.pairs import GB_NATIONS, PARTIES, SeatPair, seat_pairs
from models.reports import REPORTS
from models.seat_base import SeatBase, seat_base
from models.seats import build_seat_model
from models.stages import Run
from models.swing import QUANTILES, SeatSimulator, seat_parameters

DRAWS = 4000
TERMS: dict[str, dict[str, float]] = {
    "position": {"threshold": 5.0},
    "gain": {"gain": 0.0},
    "churn": {"churn": 0.0},
    "tactical voting": {"attack_own": 0.0, "attack_loss": 0.0, "hold_own": 0.0},
    "more of it against an unpopular government": {"attack_loss": 0.0},
    "members' following": {"personal_own": 0.0},
    "Liberals rooted in their seats": {"rooted": 0.0},
    "by-elections": {"local": 0.0, "gained": 0.0},
    "Leave": {"leave": 0.0},
    "regions": {"region_ratio": 0.0},
    "larger errors where more moves": {"size_volatility": 0.0},
    "strong independents": {"upset_rate": 0.0},
}
"""Effects, each with the values of parameters that take it out of a forecast; all else stays as it was learned."""
ROUNDS = 200
"""Rounds of raking for the logit swing: shares of the nation then hold to 1e-6."""
Array = NDArray[np.float64]


def main() -> None:
    """Write both reports and print them."""
    tables, run = load_evidence(own=False), Run(DEFAULT_SEED)
    pairs = seat_pairs(tables)
    rows, scores, terms = [], [], []
    for pair in pairs:
        if pair.match != "name":  # seats that kept their name are no sample of the country
            rows += list(plain_rows(pair))
            base, parameters = eve(tables, pair, run)
            chances = our_chances(base, parameters, pair, run.seed)
            rows.append(row_of(pair, "selectorate", chances["win"].values))
            scores.append(scores_of(pair, chances))
            for term, values in TERMS.items():
                less = our_chances(base, parameters.assign(_set(parameters, values)), pair, run.seed)
                terms.append({"without": term, **row_of(pair, "", less["win"].values), **scores_of(pair, less)})
    table = pl.DataFrame(rows)
    _write(table, REPORTS / "seats_true_votes.csv")
    _write(pl.DataFrame(scores), REPORTS / "seats_scores.csv")
    _write(pl.DataFrame(terms).drop("model"), REPORTS / "seats_terms.csv")
    with pl.Config(tbl_rows=-1, tbl_cols=-1):
        print(table.pivot("model", index="pair", values=["abs_error_seats", "called"]), pl.DataFrame(scores))


def _write(table: pl.DataFrame, path: Path) -> None:
    write_aside(path, table.with_columns(pl.selectors.float().round(4)).write_csv())


def eve(tables: Evidence, pair: SeatPair, run: Run, *, learned: bool = True) -> tuple[SeatBase, xr.Dataset]:
    """Lay out what the seat model knew on the eve of the later election.

    Parameters
    ----------
    tables : Evidence
        All tables.
    pair : SeatPair
        What is forecast.
    run : Run
        Seed and progress.
    learned : bool
        Whether the pairs before are learned from; else the priors are taken as they are.

    Returns
    -------
    base : SeatBase
        The seats as last fought, with who stands, as far as it was known.
    parameters : xr.Dataset
        From ``models.next_election.seat_parameters``.
    """
    then = tables.as_of(pair.new_date - timedelta(days=1))
    base, before = seat_base(then, pair.new_date, PARTIES), seat_pairs(then) if learned else []
    return base, seat_parameters(_posterior(before, pair, run), base, n_draws=DRAWS, seed=run.seed)


def our_chances(base: SeatBase, parameters: xr.Dataset, pair: SeatPair, seed: int) -> xr.Dataset:
    """Put the votes that came through the seat model.

    Parameters
    ----------
    base, parameters
        From ``eve``.
    pair : SeatPair
        Whose votes are taken.
    seed : int
        Seed.

    Returns
    -------
    xr.Dataset
        ``win, mean, lo90, hi90`` (seat, party): chance to win, and the share with its 90 % range.
    """
    old, weights = nation_base(base)
    new = np.where(old > 0, nation_shares(pair, pair.new), 0.0)
    new = new / new.sum(axis=1, keepdims=True)
    gb = weights @ new
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.log(new / old) - np.log(gb / (weights @ old))
    fixed = NationOffsets(parties=PARTIES, mean=np.nan_to_num(offset, neginf=0.0), sd=np.zeros_like(old))
    drawn = SeatSimulator(base, parameters, fixed, seed=seed).simulate(np.tile(gb, (DRAWS, 1)))
    assert drawn.share_mean is not None
    assert drawn.share_quantile is not None
    here = np.searchsorted(base.constituency, pair.constituency)
    assert (base.constituency[here] == pair.constituency).all()
    own = range(len(PARTIES))
    win = np.stack([(drawn.winner[:, here] == line).mean(axis=0) for line in own], axis=1)
    ends = [drawn.share_quantile[QUANTILES.index(q)][here][:, own] for q in (0.05, 0.95)]
    found = {"win": win, "mean": drawn.share_mean[here][:, own], "lo90": ends[0], "hi90": ends[1]}
    return xr.Dataset({name: (("seat", "party"), values) for name, values in found.items()})


def _set(parameters: xr.Dataset, values: dict[str, float]) -> dict[str, xr.DataArray]:
    return {name: xr.full_like(parameters[name], value) for name, value in values.items()}


def _posterior(before: list[SeatPair], pair: SeatPair, run: Run) -> xr.Dataset:
    """Posterior of the seat model from the pairs before one; the prior where there is none."""
    config = ChainConfig()
    if not before:
        model = build_seat_model([pair], priors=config.seat_priors)
        tree = pm.sample_prior_predictive(DRAWS, model=model, random_seed=run.seed)
    else:
        tree = run.fit("seats", before, build_seat_model, config.seat_priors, config.seat_sampler)
    learned: xr.Dataset = tree["posterior" if before else "prior"].to_dataset()
    return learned


def nation_shares(pair: SeatPair, shares: Array) -> Array:
    """Shares of each nation's vote, each seat weighing what it voted at the later election.

    Parameters
    ----------
    pair : SeatPair
        Gives nations and votes of the seats.
    shares : array of shape (n_seats, n_parties)
        Shares by seat, 0 to 1.

    Returns
    -------
    array of shape (n_nations, n_parties)
        In the order of ``GB_NATIONS``; rows sum to 1.
    """
    by_nation = [pair.nation == nation for nation in GB_NATIONS]
    return np.array([np.average(shares[here], axis=0, weights=pair.votes[here]) for here in by_nation])


def _uniform(base: Array, old: Array, new: Array, _weight: Array) -> Array:
    """Add the nation's change to every seat."""
    return base + new - old


def _proportional(base: Array, old: Array, new: Array, _weight: Array) -> Array:
    """Multiply every seat by the nation's change."""
    return base * new / np.maximum(old, 1e-9)


def _logit(base: Array, _old: Array, new: Array, weight: Array) -> Array:
    """Multiply every seat's odds by what takes the nation to its votes."""
    factor = np.ones(base.shape[1])
    for _ in range(ROUNDS):
        shares = base * factor / (base * factor).sum(axis=1, keepdims=True)
        factor *= new / np.maximum(np.average(shares, axis=0, weights=weight), 1e-9)
    return base * factor


SWINGS: dict[str, Callable[[Array, Array, Array, Array], Array]] = {
    "uniform_nation": _uniform,
    "proportional_nation": _proportional,
    "logit_nation": _logit,
}
"""Plain swings of one nation: from shares by seat (n_seats, n_parties), the nation's old and new shares (n_parties,)
and the votes of the seats (n_seats,) to something that rises with the new shares by seat."""


def plain_rows(pair: SeatPair) -> Iterator[dict[str, object]]:
    """Score the plain swings.

    Parameters
    ----------
    pair : SeatPair
        What is forecast.

    Yields
    ------
    dict
        As ``row_of`` gives it, one a swing of ``SWINGS``.
    """
    old, new = nation_shares(pair, pair.base), nation_shares(pair, pair.new)
    for name, swing in SWINGS.items():
        shares = np.empty_like(pair.base)
        for n, nation in enumerate(GB_NATIONS):
            here = pair.nation == nation
            shares[here] = swing(pair.base[here], old[n], new[n], pair.votes[here])
        winner = np.where(pair.base > 0, shares, -np.inf).argmax(axis=1)
        yield row_of(pair, name, np.eye(len(PARTIES))[winner])


def row_of(pair: SeatPair, model: str, win: Array) -> dict[str, object]:
    """Compare expected seats, and the likeliest winners, with what came.

    Parameters
    ----------
    pair : SeatPair
        What is forecast.
    model : str
        Name of the model.
    win : array of shape (n_seats, n_parties)
        Chance of each of ``PARTIES`` to win each seat; 1 and 0 where a model knows no chances.

    Returns
    -------
    dict
        ``pair, model, abs_error_seats`` (over Con, Lab, Lib), ``called`` (part of the seats) and ``n_seats``.
    """
    won = pair.new.argmax(axis=1)
    main = [PARTIES.index(party) for party in MAIN]
    expected, came = win.sum(axis=0)[main], np.bincount(won, minlength=len(PARTIES))[main]
    error, called = float(np.abs(expected - came).sum()), float((win.argmax(axis=1) == won).mean())
    return {"pair": pair.name, "model": model, "abs_error_seats": error, "called": called, "n_seats": won.size}


def scores_of(pair: SeatPair, chances: xr.Dataset) -> dict[str, object]:
    """Score chances of winning and ranges of shares.

    Parameters
    ----------
    pair : SeatPair
        What is forecast.
    chances : xr.Dataset
        From ``our_chances``.

    Returns
    -------
    dict
        ``pair, brier, log_score, share_mae, cover90, n_seats``.
    """
    stood = pair.new > 0
    score = {name: value for name, _, value in winner_scores(chances["win"].values, pair.new.argmax(axis=1), DRAWS)}
    held = (chances["lo90"].values <= pair.new) & (pair.new <= chances["hi90"].values)
    return {
        "pair": pair.name,
        "brier": score["seat_brier"],
        "log_score": score["seat_log_score"],
        "share_mae": float(np.abs(chances["mean"].values - pair.new)[stood].mean()),
        "cover90": float(held[stood].mean()),
        "n_seats": stood.shape[0],
    }


if __name__ == "__main__":
    main()
