"""What a party has to win and to lose: its seats by the swing needed, its distance from a majority, leaders' own seats.

All of it is read off a forecast and the tables; nothing here moves one.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.crossing import boundaries_of
from models.forecast import Forecast
from models.scenario import keep_last
from models.seat_holders import BY_ELECTION, known_on_day, last_shares, newest_boundaries, seats_held
from models.seat_margins import can_have_majority, leads, share_blocks, stands_in
from models.standing_in import SPEAKER
from models.tenure import in_office

GAIN, DEFEND = "gain", "defend"
"""Sides of the ladder: seats held by others, and the party's own."""


@dataclass(frozen=True, kw_only=True)
class MajoritySwing:
    """How far a party is from a majority, as swing, 0 to 1; below 0 it has that much to spare.

    ``median`` is the swing that gives it a majority in half of all draws; ``lo90`` and ``hi90`` are the ends of the
    90 % interval of the swing that a draw needs.
    """

    median: float
    lo90: float
    hi90: float


def targets(forecast: Forecast, party: str) -> pl.DataFrame:
    """List the seats that a party can gain and those it has to defend.

    Parameters
    ----------
    forecast : Forecast
        With shares by constituency.
    party : str
        Code of a line of the forecast.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, nation, region, side, holder, elected, winner, rival, swing, p_change, p_win, share, lo90,
        hi90, last_lead``, one row a seat where the party stands, by side and rising ``swing``. ``side`` is ``GAIN`` or
        ``DEFEND``; ``winner`` the likeliest winner; ``rival`` the best of the others at the expected shares; ``swing``
        the two-party swing between it and the party that would level the two: towards the party in a seat to gain,
        away from it in one to defend, below 0 where the party is ahead already, or behind; ``p_change`` the chance
        that the party gains or loses the seat; ``last_lead`` its lead at the last general election, null where it or
        all others did not stand.
    """
    line, codes = forecast.lines.index(party), np.array(forecast.lines)
    outcome = forecast.tree["outcome"].ds
    mean = outcome["share_mean"].values
    others = mean.copy()
    others[:, line] = -1.0
    lo, hi = (outcome["share_quantile"].sel(quantile=q).values[:, line] for q in (0.05, 0.95))
    own = pl.col("holder") == party
    table = seats_held(forecast).with_columns(
        side=pl.when(own).then(pl.lit(DEFEND)).otherwise(pl.lit(GAIN)),
        rival=pl.Series(codes[others.argmax(axis=1)]),
        lead=pl.Series(mean[:, line] - others.max(axis=1)),
        p_win=pl.Series(forecast.p_win[:, line]),
        share=pl.Series(mean[:, line]),
        lo90=pl.Series(lo),
        hi90=pl.Series(hi),
    )
    table = table.filter(pl.Series(stands_in(forecast)[line])).filter(pl.col("holder") != SPEAKER)
    changed = table.with_columns(
        swing=pl.when(own).then(0.5 * pl.col("lead")).otherwise(-0.5 * pl.col("lead")),
        p_change=pl.when(own).then(1 - pl.col("p_win")).otherwise("p_win"),
    )
    known = changed.join(elected(forecast), on="constituency", how="left").join(
        _last_lead(forecast, party), on="constituency", how="left"
    )
    order = ("constituency", "name", "nation", "region", "side", "holder", "elected", "winner", "rival", "swing")
    return known.select(*order, "p_change", "p_win", "share", "lo90", "hi90", "last_lead").sort(
        "side", "swing", "constituency"
    )


def _last_lead(forecast: Forecast, party: str) -> pl.DataFrame:
    """Lead of a party over its best rival at the last general election."""
    rest = [line for line in forecast.lines if line != party]
    return last_shares(forecast).select("constituency", last_lead=pl.col(party) - pl.max_horizontal(rest))


@keep_last
def _leads_at_tipping(forecast: Forecast) -> dict[str, NDArray[np.float32]]:
    """Lead of each party that can have a majority in the seat that would complete it, in every draw."""
    stands = stands_in(forecast)
    lines = {party: forecast.lines.index(party) for party in can_have_majority(forecast)}
    found: dict[str, list[NDArray[np.float32]]] = {party: [] for party in lines}
    last = forecast.majority - 1
    for shares in share_blocks(forecast):
        lead = leads(shares)
        for party, line in lines.items():
            here = np.where(stands[line], lead[:, line], -np.inf)
            found[party].append(-np.partition(-here, last, axis=1)[:, last])
    return {party: np.concatenate(parts) for party, parts in found.items()}


def majority_swing(forecast: Forecast, party: str) -> MajoritySwing | None:
    """Measure how far a party is from an even chance of a majority.

    In each draw the seats are ordered by the party's lead over its best rival, as for ``tipping_seats``. A swing from
    the best rival to the party that is the same in every seat gives it a majority once it reaches half of what the
    party is behind in the seat that completes one. Its median over the draws gives the party a majority in half.

    Parameters
    ----------
    forecast : Forecast
        As for ``share_blocks``.
    party : str
        Code of a party.

    Returns
    -------
    MajoritySwing or None
        None for a party that stands in too few seats for a majority.
    """
    found = _leads_at_tipping(forecast)
    if party not in found:
        return None
    lo, median, hi = np.quantile(-0.5 * found[party].astype(float), [0.05, 0.5, 0.95])
    return MajoritySwing(median=float(median), lo90=float(lo), hi90=float(hi))


def _winners(forecast: Forecast) -> pl.DataFrame:
    """Names of those who won the last general election: ``constituency, elected``; empty on newer boundaries."""
    evidence, last = known_on_day(forecast.manifest.as_of), forecast.manifest.previous_election
    keys = ("election_date", "constituency", "candidate")
    stood = evidence.candidates.filter(pl.col("election_date") == last).join(evidence.candidate_votes, on=keys)
    won = stood.sort("votes").unique("constituency", keep="last").select("constituency", elected="name")
    return won if newest_boundaries(evidence) == boundaries_of(evidence, last) else won.clear()


@keep_last
def elected(forecast: Forecast) -> pl.DataFrame:
    """Name who won each seat at the last general election.

    Parameters
    ----------
    forecast : Forecast
        Of any election.

    Returns
    -------
    pl.DataFrame
        ``constituency, elected``; no row where boundaries are newer, or a by-election was held since: the tables do not
        name who won it.
    """
    fought = seats_held(forecast).filter(pl.col("won_at") != BY_ELECTION).select("constituency")
    return _winners(forecast).join(fought, on="constituency", how="semi")


@keep_last
def leader_seats(forecast: Forecast) -> pl.DataFrame:
    """Find the seats of party leaders by their names.

    Parameters
    ----------
    forecast : Forecast
        Leaders are those in office on its last day of evidence.

    Returns
    -------
    pl.DataFrame
        ``party, leader, constituency, name, region, holder, p_win, by_election``, the most at risk first. ``p_win`` is
        the chance of the leader's party there. ``by_election`` is the day of one held since the leader won the seat at
        the last general election: the tables do not name who won it. Leaders who did not win a seat at that election
        come last, with nulls.
    """
    serving = in_office(known_on_day(forecast.manifest.as_of).leader_tenure, forecast.manifest.as_of)
    names = [(party, who) for party, (who, _) in serving.items() if party in forecast.lines]
    leaders = pl.DataFrame(names, schema={"party": pl.String, "leader": pl.String}, orient="row")
    seats = seats_held(forecast)
    chances = pl.DataFrame(
        {
            "constituency": seats["constituency"],
            **{line: forecast.p_win[:, i] for i, line in enumerate(forecast.lines)},
        }
    ).unpivot(index="constituency", variable_name="party", value_name="p_win")
    won = _winners(forecast).unique("elected", keep="none")
    found = leaders.join(won, left_on="leader", right_on="elected", how="left")
    placed = found.join(seats, on="constituency", how="left").join(chances, on=["constituency", "party"], how="left")
    since = pl.when(pl.col("won_at") == BY_ELECTION).then("won_on").alias("by_election")
    wanted = ("party", "leader", "constituency", "name", "region", "holder", "p_win")
    return placed.select(*wanted, since).sort("p_win", "party", nulls_last=True)
