"""A contest under one rule or several: who wins, how far MPs and members part, how MPs take it.

``hold`` draws where candidates stand once and counts them under each rule with the same draws, so that rules differ by
what they are and not by luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from data.errors import BadInput
from models.ballots import NOBODY, Count, count
from models.contest_odds import ContestHabits, Standings, draw_standings, shares
from models.contest_record import Case
from models.rules import Rule, check_rule, groups_of

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Rallying:
    """Draws of how MPs stand by a leader once she has won, each (n_draws,); see ``models.mp_filter.MpHabits``."""

    usual: Array
    spread_new: Array
    crowding: Array
    noise_chosen: Array

    @classmethod
    def of(cls, draws: xr.Dataset) -> "Rallying":
        """Take it out of a dataset with one dimension, ``draw``."""
        return cls(**{item.name: np.asarray(draws[item.name].values, dtype=np.float64) for item in fields(cls)})

    def to_dataset(self) -> xr.Dataset:
        """Give it as variables with dimension ``draw``; undoes ``of``."""
        return xr.Dataset({item.name: ("draw", getattr(self, item.name)) for item in fields(self)})


@dataclass(frozen=True)
class Held:
    """A contest held under several rules in the same draws.

    ``counts`` by code of the rule, the one in force first. ``support`` (n_draws, n_candidates) is the part of the
    party's MPs who would stand behind each candidate once she has won: of one who leads already those who are for her.
    """

    case: Case
    rules: dict[str, Rule]
    standings: Standings
    counts: dict[str, Count]
    support: Array

    @property
    def candidates(self) -> tuple[str, ...]:
        """Those on the paper."""
        return self.case.paper

    def margin(self, group: str, ahead: int, behind: int) -> Array:
        """Lead of one candidate over another in a group if only these two stood, -1 to 1, (n_draws,)."""
        log = self.standings.log_share[group]  # type: ignore[index]
        return np.asarray(np.tanh((log[:, ahead] - log[:, behind]) / 2.0))

    def divergence(self, ahead: int, behind: int) -> Array:
        """Members' margin less MPs' margin between two candidates, -2 to 2, (n_draws,)."""
        return self.margin("members", ahead, behind) - self.margin("mps", ahead, behind)

    def car_crash(self, rule: str) -> Array:
        """Whether, of the winner and her strongest rival among MPs, most MPs want the rival: 0 or 1, (n_draws,)."""
        counted, log = self.counts[rule], self.standings.log_share["mps"]
        won = counted.winner != NOBODY
        own = log[np.arange(log.shape[0]), np.maximum(counted.winner, 0)]
        return np.asarray(won & (own < log.max(axis=1))).astype(np.float64)


def interval(draws: NDArray[Any]) -> dict[str, float]:
    """Mean and ends of the 90 % range of draws, as ``mean, lo90, hi90``."""
    lo, hi = np.quantile(draws, [0.05, 0.95])
    return {"mean": float(draws.mean()), "lo90": float(lo), "hi90": float(hi)}


def standing_table(held: Held) -> pl.DataFrame:
    """Where candidates stand with each group of their party.

    Parameters
    ----------
    held : Held
        The contest.

    Returns
    -------
    pl.DataFrame
        ``candidate, group, mean, lo90, hi90, sd``: share of first votes, 0 to 1, a row a candidate and group.
    """
    rows = []
    for i, name in enumerate(held.candidates):
        for group in groups_of(held.case.party):
            drawn = shares(held.standings.log_share[group])[:, i]
            rows.append({"candidate": name, "group": group, **interval(drawn), "sd": float(drawn.std())})
    return pl.DataFrame(rows)


def hold(
    case: Case, rules: Sequence[Rule], habits: ContestHabits, rallying: Rallying, *, n_draws: int, seed: int
) -> Held:
    """Hold a contest under several rules.

    Parameters
    ----------
    case : Case
        The contest as known at a cut, with its paper.
    rules : sequence of Rule
        The rule in force first: candidates on the paper have the nominations it asks for.
    habits : ContestHabits
        What past contests teach.
    rallying : Rallying
        How MPs have stood by leaders they had just got.
    n_draws : int
        How many draws, 1 or more.
    seed : int
        Seed.

    Returns
    -------
    Held
        The same draws under every rule.

    Raises
    ------
    BadInput
        If there are fewer than two candidates, a name comes twice, or a rule does not fit the party or lets nobody
        stand.
    """
    _check_paper(case.paper)
    for rule in rules:
        check_rule(rule, case.party)
    standings = draw_standings(case, habits, n_draws=n_draws, seed=seed)
    lead = case.paper.index(case.incumbent) if case.incumbent in case.paper else None
    counts = {}
    for place, rule in enumerate(rules):
        nominated = np.ones(len(case.paper), bool) if place == 0 else _nominated(case, rule)
        counts[rule.rule] = count(rule, standings, nominated=nominated, incumbent=lead, seed=seed)
        if counts[rule.rule].p_nobody == 1.0:
            raise BadInput(
                f"Rule {rule.rule} asks for nominations by {rule.nomination:.0%} of MPs, and none of the candidates "
                f"({', '.join(case.paper)}) gets them in any draw. Lower the threshold, or name other candidates."
            )
    support = _support(standings, rallying, lead, np.random.default_rng([seed, 37]))
    return Held(case, {rule.rule: rule for rule in rules}, standings, counts, support)


def _check_paper(paper: tuple[str, ...]) -> None:
    if len(paper) < 2:
        stands = f"Only {paper[0]} stands" if paper else "Nobody stands"
        raise BadInput(f"{stands}, so there is no contest to hold: name two candidates or more.")
    twice = [name for name in paper if paper.count(name) > 1]
    if twice:
        raise BadInput(f'Candidate "{twice[0]}" is named twice. Name each once.')


def _nominated(case: Case, rule: Rule) -> NDArray[np.bool_]:
    """Candidates whom as many MPs nominated, or chose in a ballot, as the rule asks for."""
    known = np.zeros(len(case.paper), dtype=np.bool_)
    if rule.nomination is None:
        return known
    for reading in case.readings:
        if reading.kind in ("nominations", "ballot") and reading.group == "mps" and reading.entitled:
            for name, votes in zip(reading.who, reading.share, strict=False):
                # Half a vote was added to each, so that its log can be taken.
                if name in case.paper and votes - 0.5 >= np.ceil(rule.nomination * reading.entitled - 0.01):
                    known[case.paper.index(name)] = True
    return known


def _support(standings: Standings, rallying: Rallying, lead: int | None, rng: np.random.Generator) -> Array:
    """Part of MPs behind each candidate once she leads, as ``models.mp_filter`` reads a ballot for a vacancy.

    Nobody rallies to who leads already (``lead``): her MPs know her.
    """
    share = np.clip(shares(standings.log_share["mps"]), 1e-4, 1.0 - 1e-4)
    n, k = share.shape
    used = np.resize(np.arange(rallying.usual.size), n)
    usual, spread, crowding, noise = (getattr(rallying, item.name)[used][:, None] for item in fields(Rallying))
    rest = share[:, None, :] * (1.0 - np.eye(k)) / (1.0 - share)[:, :, None]
    crowd = np.log1p(1.0 / (rest**2).sum(axis=2))
    reading = np.log(share) - np.log1p(-share) + crowding * crowd
    weight = spread**2 / (spread**2 + noise**2)
    level = usual + weight * (reading - usual)
    level = level + spread * np.sqrt(1.0 - weight) * rng.standard_normal((n, k))
    support = 1.0 / (1.0 + np.exp(-level))
    if lead is not None:
        support[:, lead] = share[:, lead]
    return np.asarray(support)
