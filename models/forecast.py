"""One forecast: a set of joint draws from which every number on the screen is derived.

The tree of draws has five groups:

``votes``
    State of the arrival model at ``as_of``, from which votes on any polling day are drawn (``models.arrival``).
``seats``
    Seats as they were last fought and the parameters of the swing (see ``models.seat_base`` and ``models.swing``).
``outcome``
    ``vote_share`` (draw, party), ``winner`` (draw, constituency), ``share_mean`` (constituency, line) and
    ``share_quantile`` (quantile, constituency, line).
``path``
    ``intention`` (date, party, quantile): voting intention since the last election.
``polls``
    ``share`` (poll, party) with ``pollster`` and ``end_date``: the polls the path was fitted to.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from models.count import count_seats, has_majority, is_largest, majority_line

GROUPS = ("votes", "seats", "outcome", "path", "polls")
SCHEMA_VERSION = 4
"""Format of a stored forecast; rises whenever groups or the manifest change."""


class LeaderState(BaseModel):
    """A party's leader as known at the cut: favourability -100 to 100, support 0 to 1, margin -1 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    party: str
    leader: str
    favourability: float
    favourability_sd: float
    n_ratings: int
    support: float | None
    support_sd: float | None = None
    margin: float | None
    basis: str


class Manifest(BaseModel):
    """What a forecast was made from: enough to make it again, with code of the user's where that made it.

    ``campaign_pace`` and ``leave_one_out`` are those of ``models.config.ChainConfig``. ``by_own_code`` says that a
    function of the user's made it by its import path, so that these settings need not tell all. ``data_fingerprint`` is
    that of the tables cut at ``as_of``; of the whole with ``leave_one_out``, which reads later rows, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA_VERSION
    as_of: date
    election_date: date
    previous_election: date
    seed: int = Field(ge=0)
    code_version: str
    data_fingerprint: str
    n_polls: int
    unverified: dict[str, int]
    n_own: int = 0
    priors: dict[str, dict[str, str]]
    samplers: dict[str, dict[str, str | int | float]]
    campaign_pace: float = Field(gt=0, allow_inf_nan=False)
    leave_one_out: bool
    by_own_code: bool = False
    diagnostics: dict[str, dict[str, float]]
    leaders: tuple[LeaderState, ...]
    warnings: tuple[str, ...] = ()
    scenario: str | None = None

    @property
    def n_unverified(self) -> int:
        """Rows that could not be checked, of all tables the models read."""
        return sum(self.unverified.values())

    @property
    def lead_days(self) -> int:
        """Days from ``as_of`` to polling day."""
        return (self.election_date - self.as_of).days


@dataclass(frozen=True)
class Forecast:
    """Joint draws of votes and seats with the manifest that says where they come from."""

    tree: xr.DataTree
    manifest: Manifest

    @property
    def parties(self) -> list[str]:
        """Codes of the parties with a share of the Great Britain vote of their own."""
        return [str(p) for p in self.tree["outcome"].ds["party"].values]

    @property
    def lines(self) -> list[str]:
        """Codes of the lines in the count of seats: parties, Northern Irish parties and the Speaker."""
        return [str(p) for p in self.tree["outcome"].ds["line"].values]

    @property
    def n_draws(self) -> int:
        """Number of joint draws."""
        return int(self.tree["outcome"].ds.sizes["draw"])

    @property
    def n_seats(self) -> int:
        """Seats in the House."""
        return int(self.tree["outcome"].ds.sizes["constituency"])

    @property
    def majority(self) -> int:
        """Seats needed for a majority."""
        return majority_line(self.n_seats)

    @property
    def is_good(self) -> bool:
        """Whether every fitted stage passed its diagnostics."""
        return not any("diagnostics" in w for w in self.manifest.warnings)

    @cached_property
    def votes(self) -> NDArray[np.float64]:
        """Shares of the Great Britain vote, shape (n_draws, n_parties), rows sum to 1."""
        return np.asarray(self.tree["outcome"].ds["vote_share"].values)

    @cached_property
    def winner(self) -> NDArray[np.int8]:
        """Index into ``lines`` of each seat's winner, shape (n_draws, n_seats)."""
        return np.asarray(self.tree["outcome"].ds["winner"].values)

    @cached_property
    def seats(self) -> NDArray[np.int64]:
        """Seats of each line, shape (n_draws, n_lines), rows sum to ``n_seats``."""
        return count_seats(self.winner, len(self.lines))

    def p_majority(self) -> dict[str, float]:
        """Chance of a majority for each line that has one in any draw; with ``p_hung`` they sum to 1."""
        chance = has_majority(self.seats).mean(axis=0)
        return {line: float(p) for line, p in zip(self.lines, chance, strict=True) if p > 0}

    def p_hung(self) -> float:
        """Chance that no line has a majority."""
        return float(1.0 - has_majority(self.seats).any(axis=1).mean())

    def p_largest(self) -> dict[str, float]:
        """Chance of being the largest line; ties are split evenly, so the chances sum to 1."""
        chance = is_largest(self.seats).mean(axis=0)
        return {line: float(p) for line, p in zip(self.lines, chance, strict=True) if p > 0}

    def vote_summary(self) -> pl.DataFrame:
        """Columns ``party, mean, median, lo90, hi90``: shares of the Great Britain vote, 0 to 1."""
        return _summary("party", self.parties, self.votes)

    def seat_summary(self) -> pl.DataFrame:
        """Columns ``party, mean, median, lo90, hi90``: seats of each line; the means sum to ``n_seats``."""
        return _summary("party", self.lines, self.seats.astype(float))

    @cached_property
    def p_win(self) -> NDArray[np.float64]:
        """Chance of each line in each seat, shape (n_seats, n_lines), rows sum to 1."""
        return np.stack([(self.winner == i).mean(axis=0) for i in range(len(self.lines))], axis=1)

    def constituencies(self) -> pl.DataFrame:
        """One row a seat.

        Returns
        -------
        pl.DataFrame
            ``constituency, name, nation, region, q, r, base_winner, winner, p_winner, second, p_second`` where
            ``winner`` is the likeliest line, ``second`` the next and ``q, r`` the hexagon (null where there is none).
        """
        ds = self.tree["seats"].ds
        order = np.argsort(-self.p_win, axis=1, kind="stable")
        lines, rows = np.array(self.lines), np.arange(self.n_seats)
        return pl.DataFrame(
            {
                "constituency": ds["constituency"].values.astype(str),
                "name": ds["name"].values.astype(str),
                "nation": ds["nation_of"].values.astype(str),
                "region": ds["region_of"].values.astype(str),
                "q": ds["hex_q"].values,
                "r": ds["hex_r"].values,
                "base_winner": ds["base_winner"].values.astype(str),
                "winner": lines[order[:, 0]],
                "p_winner": self.p_win[rows, order[:, 0]],
                "second": lines[order[:, 1]],
                "p_second": self.p_win[rows, order[:, 1]],
            }
        )

    def constituency(self, code: str) -> pl.DataFrame:
        """Shares and chances of every line that stands in one seat.

        Parameters
        ----------
        code : str
            A constituency code.

        Returns
        -------
        pl.DataFrame
            ``party, p_win, mean, lo90, hi90, base``, largest mean first. Shares are 0 to 1. ``base`` is where the swing
            starts: the last result, or the notional one on new boundaries, with a share made up for each party that did
            not stand and now may (``models.seat_holders.seat_lines`` gives the result as it was).
        """
        out = self.tree["outcome"].ds.sel(constituency=code)
        at = int(np.flatnonzero(self.tree["outcome"].ds["constituency"].values == code)[0])
        return (
            pl.DataFrame(
                {
                    "party": self.lines,
                    "p_win": self.p_win[at],
                    "mean": out["share_mean"].values,
                    "lo90": out["share_quantile"].sel(quantile=0.05).values,
                    "hi90": out["share_quantile"].sel(quantile=0.95).values,
                    "base": self.tree["seats"].ds["base_share"].sel(constituency=code).values,
                }
            )
            .filter((pl.col("mean") > 0) | (pl.col("base") > 0) | (pl.col("p_win") > 0))
            .sort("mean", descending=True)
        )

    def intention(self) -> pl.DataFrame:
        """Columns ``date, party, q05, q25, q50, q75, q95``: voting intention since the last election, 0 to 1."""
        ds = self.tree["path"].ds
        table = ds["intention"].stack(row=("date", "party")).transpose("row", "quantile")
        names = [f"q{round(100 * float(q)):02d}" for q in ds["quantile"].values]
        return pl.DataFrame(
            {
                "date": table["date"].values.astype("datetime64[D]"),
                "party": table["party"].values.astype(str),
                **{name: table.values[:, i] for i, name in enumerate(names)},
            }
        )

    def polls(self) -> pl.DataFrame:
        """Columns ``end_date, pollster, party, share``: polls the path rests on; parties not asked have no row."""
        ds = self.tree["polls"].ds
        wide = pl.DataFrame(
            {
                "end_date": ds["end_date"].values.astype("datetime64[D]"),
                "pollster": ds["pollster"].values.astype(str),
                **{str(p): ds["share"].sel(party=p).values for p in ds["party"].values},
            }
        )
        long = wide.unpivot(index=["end_date", "pollster"], variable_name="party", value_name="share")
        return long.filter(pl.col("share").is_not_nan())


def _summary(key: str, names: list[str], draws: NDArray[np.float64]) -> pl.DataFrame:
    lo, median, hi = np.quantile(draws, [0.05, 0.5, 0.95], axis=0)
    return pl.DataFrame({key: names, "mean": draws.mean(axis=0), "median": median, "lo90": lo, "hi90": hi})
