"""Votes by seat as shares, and seats matched across a redrawing of boundaries."""

from datetime import date

import polars as pl

from data import Evidence

HEIR = 0.5
"""Least part of a seat's people who lived in another before, for the one to be the other's heir."""


def wide_shares(votes: pl.DataFrame, parties: tuple[str, ...]) -> pl.DataFrame:
    """Shares of the valid vote, one row a seat.

    Parameters
    ----------
    votes : pl.DataFrame
        ``constituency, party, votes``.
    parties : tuple of str
        Columns wanted, ``oth`` among them; votes of any other party are added to ``oth``.

    Returns
    -------
    pl.DataFrame
        ``constituency``, one column a party (0 to 1, rows sum to 1) and ``total`` (votes), sorted by seat.
    """
    known = _known(parties)
    totals = votes.group_by("constituency").agg(
        *[pl.col("votes").filter(known == party).sum().alias(party) for party in parties],
        pl.col("votes").sum().alias("total"),
    )
    return totals.with_columns(pl.col(party) / pl.col("total") for party in parties).sort("constituency")


def name_key(column: str = "name") -> pl.Expr:
    """Constituency names without case, spaces and signs, which change style between elections."""
    return pl.col(column).str.to_lowercase().str.replace_all("&", "and").str.replace_all(r"[^a-z]", "")


def votes_at(table: pl.DataFrame, day: date) -> pl.DataFrame:
    """Votes of one election, as ``constituency, party, votes``."""
    return pl.DataFrame(table.filter(pl.col("election_date") == day).select("constituency", "party", "votes"))


def votes_recast(evidence: Evidence, day: date, boundary_set: str) -> pl.DataFrame:
    """Votes of one election as others recast them to some set of boundaries; no rows where nobody did."""
    return votes_at(evidence.notionals.filter(pl.col("boundary_set") == boundary_set), day)


def votes_on(evidence: Evidence, day: date, boundary_set: str) -> pl.DataFrame:
    """Votes of an election in the seats of some set of boundaries.

    Parameters
    ----------
    evidence : Evidence
        Tables.
    day : date
        An election held.
    boundary_set : str
        The seats wanted.

    Returns
    -------
    pl.DataFrame
        ``constituency, party, votes``: as declared, else recast, else those of the seats that have an heir.
    """
    recast = votes_recast(evidence, day, boundary_set)
    if recast.height:
        return recast
    return moved(votes_at(evidence.results, day), heirs(evidence, boundaries_of(evidence, day), boundary_set))


def winners(evidence: Evidence, day: date, boundary_set: str, parties: tuple[str, ...]) -> pl.DataFrame:
    """Who won each seat at an election, in the seats of some set of boundaries.

    Parameters
    ----------
    evidence : Evidence
        Tables.
    day : date
        An election held.
    boundary_set : str
        The seats wanted.
    parties : tuple of str
        Codes wanted, ``oth`` among them; any other winner counts as that.

    Returns
    -------
    pl.DataFrame
        ``constituency, party``: as declared, or who leads the result recast; then no party leads that is several.
    """
    recast = votes_recast(evidence, day, boundary_set)
    if recast.height:
        leading = recast.filter(pl.col("party") != "oth").sort("votes").group_by("constituency").last()
        return pl.DataFrame(leading.select("constituency", _known(parties)).sort("constituency"))
    declared = evidence.contests.filter(pl.col("election_date") == day)
    won = declared.select("constituency", _known(parties, "winner"))
    return moved(won, heirs(evidence, boundaries_of(evidence, day), boundary_set))


def _known(parties: tuple[str, ...], column: str = "party") -> pl.Expr:
    """A column of parties with every one that is not wanted as ``oth``."""
    return pl.when(pl.col(column).is_in(parties)).then(pl.col(column)).otherwise(pl.lit("oth")).alias("party")


def boundaries_of(evidence: Evidence, day: date) -> str:
    """Set of boundaries an election was held on."""
    return str(evidence.elections.filter(pl.col("election_date") == day)["boundary_set"].item())


def heirs(evidence: Evidence, old: str, new: str) -> pl.DataFrame:
    """Match seats of two sets of boundaries.

    Parameters
    ----------
    evidence : Evidence
        Tables.
    old, new : str
        Sets of boundaries.

    Returns
    -------
    pl.DataFrame
        ``constituency`` of the old set, ``heir`` of the new and ``part`` (0 to 1) of the heir's people who lived in it:
        by overlap where it is held, else by name, with a part of 1. A seat may have several heirs or none; an heir has
        one seat.
    """
    sides = [evidence.constituencies.filter(pl.col("boundary_set") == one) for one in (old, new)]
    if old == new:
        return sides[0].select("constituency", pl.col("constituency").alias("heir"), part=pl.lit(1.0))
    overlaps = evidence.overlaps.filter(pl.col("old_set") == old, pl.col("new_set") == new)
    if overlaps.height:
        most = overlaps.filter(pl.col("of_new") > HEIR)
        return pl.DataFrame(most.select(constituency="constituency_old", heir="constituency", part="of_new"))
    before, after = (side.select(name_key().alias("key"), "nation", "constituency") for side in sides)
    same = before.join(after.unique(["key", "nation"], keep="none"), on=["key", "nation"], suffix="_new")
    return pl.DataFrame(same.select("constituency", pl.col("constituency_new").alias("heir"), part=pl.lit(1.0)))


def moved(table: pl.DataFrame, to: pl.DataFrame) -> pl.DataFrame:
    """Give rows of seats to their heirs.

    Parameters
    ----------
    table : pl.DataFrame
        ``constituency`` and whatever is said of it.
    to : pl.DataFrame
        From ``heirs``.

    Returns
    -------
    pl.DataFrame
        The same columns, for the seats that have an heir.
    """
    carried = table.join(to.select("constituency", "heir"), on="constituency").drop("constituency")
    return pl.DataFrame(carried.rename({"heir": "constituency"}).select(table.columns))
