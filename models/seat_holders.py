"""Who holds each seat on the day of a forecast, and what its last general election said of it.

A swing starts from shares as last fought with parties made up that did not stand (``models.standing_in``), and from the
winner of the last general election. Neither is what a reader is told: a seat is held by whoever won the by-election
since, and its last result is the one declared, or recast where boundaries changed. By-elections are held since 2010.
"""

from datetime import date

import polars as pl

from data import Evidence, load_evidence
from models.answer import base_of
from models.crossing import boundaries_of, heirs, moved, votes_on, wide_shares
from models.forecast import Forecast
from models.scenario import keep_last
from models.standing_in import SPEAKER, label_speaker
from models.tilts import by_elections

GENERAL, RECAST, BY_ELECTION = "general election", "general election, recast", "by-election"
"""How a seat was last won; recast where its boundaries are newer than the general election."""


def known_on_day(as_of: date) -> Evidence:
    """Tables as of a day; all of them where rows of the user's that reached further were taken out since."""
    evidence = load_evidence()
    return evidence.as_of(min(as_of, evidence.cut))


def newest_boundaries(evidence: Evidence) -> str:
    """Newest set of boundaries known: that of the seats of a forecast."""
    return str(evidence.constituencies.sort("known_on")["boundary_set"][-1])


def holders(forecast: Forecast) -> pl.DataFrame:
    """Say who holds each seat on the last day of the evidence.

    Parameters
    ----------
    forecast : Forecast
        Of any election; later by-elections than its ``as_of`` are not looked at.

    Returns
    -------
    pl.DataFrame
        ``constituency, holder, won_at, won_on`` in the order of the forecast: the winner of the last by-election known,
        else of the general election before; how it was won (``GENERAL``, ``RECAST``, ``BY_ELECTION``) and polling day.
        A by-election in a seat that was redrawn since goes to the seat that has most of its people from there. The
        Speaker's seat is the Speaker's; a winner without a line of the forecast is ``oth``.
    """
    return _holders(base_of(forecast))


@keep_last
def _holders(forecast: Forecast) -> pl.DataFrame:
    manifest, ds = forecast.manifest, forecast.tree["seats"].ds
    evidence, last = known_on_day(manifest.as_of), manifest.previous_election
    old, new = boundaries_of(evidence, last), newest_boundaries(evidence)
    fought = by_elections(evidence, last, manifest.election_date).select("constituency", "date", by="winner")
    line = pl.when(pl.col("by").is_in(forecast.lines)).then("by").otherwise(pl.lit("oth"))
    since = moved(fought, heirs(evidence, old, new)).with_columns(by=line)
    base = pl.DataFrame({name: ds[name].values.astype(str) for name in ("constituency", "base_winner")})
    both = base.join(since, on="constituency", how="left", maintain_order="left")
    anew = pl.col("by").is_not_null() & (pl.col("base_winner") != SPEAKER)
    return both.select(
        "constituency",
        holder=pl.when(anew).then("by").otherwise("base_winner"),
        won_at=pl.when(anew).then(pl.lit(BY_ELECTION)).otherwise(pl.lit(GENERAL if old == new else RECAST)),
        won_on=pl.when(anew).then("date").otherwise(pl.lit(last)),
    )


def seats_held(forecast: Forecast) -> pl.DataFrame:
    """Give ``Forecast.constituencies`` the columns of ``holders``."""
    return forecast.constituencies().join(holders(forecast), on="constituency", maintain_order="left")


def party_mps(forecast: Forecast) -> dict[str, int]:
    """Count each party's MPs: as its own last vote of MPs in this Parliament counted them, else the seats it holds.

    Parameters
    ----------
    forecast : Forecast
        Of any election.

    Returns
    -------
    dict
        Party code to MPs, for parties that have any.
    """
    return _party_mps(base_of(forecast))


@keep_last
def _party_mps(forecast: Forecast) -> dict[str, int]:
    manifest = forecast.manifest
    held = dict(holders(forecast)["holder"].value_counts().rows())
    votes = known_on_day(manifest.as_of).mp_contests.drop_nulls("party_mps")
    since = votes.filter(pl.col("date") > manifest.previous_election).sort("date")
    return held | dict(since.select("party", "party_mps").rows())


def last_shares(forecast: Forecast) -> pl.DataFrame:
    """Shares at the last general election as declared, or as others recast them on the seats of a forecast.

    Parameters
    ----------
    forecast : Forecast
        Of any election.

    Returns
    -------
    pl.DataFrame
        ``constituency`` and a column a line, 0 to 1, in the order of the forecast; null where a line did not stand,
        and in the whole row of a seat that has no result of its own.
    """
    return _last_shares(base_of(forecast))


@keep_last
def _last_shares(forecast: Forecast) -> pl.DataFrame:
    manifest, ds = forecast.manifest, forecast.tree["seats"].ds
    evidence = known_on_day(manifest.as_of)
    new = newest_boundaries(evidence)
    seats = evidence.constituencies.filter(pl.col("boundary_set") == new)
    votes, _ = label_speaker(votes_on(evidence, manifest.previous_election, new), seats, manifest.as_of)
    shares = wide_shares(votes, tuple(forecast.lines)).drop("total")
    stood = [pl.when(pl.col(line) > 0).then(line).alias(line) for line in forecast.lines]
    order = pl.DataFrame({"constituency": ds["constituency"].values.astype(str)})
    return order.join(shares.with_columns(stood), on="constituency", how="left", maintain_order="left")


def seat_lines(forecast: Forecast, constituency: str) -> pl.DataFrame:
    """Give ``Forecast.constituency`` the last result as it was, without parties made up.

    Parameters
    ----------
    forecast : Forecast
        With shares by constituency.
    constituency : str
        Code of a seat.

    Returns
    -------
    pl.DataFrame
        The same rows and columns; ``base`` is from ``last_shares``.
    """
    last = last_shares(forecast).filter(pl.col("constituency") == constituency).drop("constituency")
    past = last.unpivot(variable_name="party", value_name="base")
    lines = forecast.constituency(constituency).drop("base")
    return lines.join(past, on="party", how="left", maintain_order="left")
