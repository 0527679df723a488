"""What sets single seats apart from swing beforehand: MPs' following, Liberals, by-elections, how they voted in 2016.

A tilt is a pattern over seats and parties that is known before an election; ``models.seats`` learns how much of it
shows in the votes. Where nothing is known a pattern is nought, so that the early record and today's seats share one
form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from models.crossing import boundaries_of, heirs, moved, votes_on, wide_shares, winners
from models.ireland import NI

TILTS = ("personal", "rooted", "local", "gained", "leave")
LEAVE = "leave_2016"
LIBERAL = "lib"
LEAST_AT_HOME = 0.05
"""A party with this share of the last vote that does not fight a by-election has stood aside: the rest is no sign."""
FEWEST = 3
"""By-elections needed to tell what is particular to each."""
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Field:
    """Seats to lay patterns over: codes, nations and last shares (n_seats, n_parties) on ``boundary_set``."""

    boundary_set: str
    constituency: NDArray[np.str_]
    nation: NDArray[np.str_]
    share: Array
    parties: tuple[str, ...]

    @classmethod
    def of(cls, seats: pl.DataFrame, boundary_set: str, share: Array, parties: tuple[str, ...]) -> "Field":
        """Take codes and nations from the columns ``constituency`` and ``nation`` of a table."""
        code, nation = (seats[name].cast(pl.String).to_numpy().astype(str) for name in ("constituency", "nation"))
        return cls(boundary_set=boundary_set, constituency=code, nation=nation, share=share, parties=parties)


def tilts(evidence: Evidence, field: Field, last: date, polling_day: date) -> Array:
    """Lay out all patterns.

    Parameters
    ----------
    evidence : Evidence
        Tables; of ``polling_day`` itself only its candidates are read.
    field : Field
        The seats.
    last, polling_day : date
        The election before, and the one the patterns are for.

    Returns
    -------
    array of shape (n_tilts, n_seats, n_parties)
        In the order of ``TILTS``: followings won and lost (-2 to 1), how far the seats of a party that lives on its
        members lie above its mean (-1 to 1), departures of by-elections from the last share (-1 to 1), the same for who
        took the seat there alone, and the part that voted Leave less the nation's mean (-1 to 1).
    """
    holder = dict(winners(evidence, last, field.boundary_set, field.parties).iter_rows())
    own = personal(evidence, field, last, polling_day, holder), rooted(field, holder)
    return np.stack([*own, *local(evidence, field, last, polling_day), leave(evidence, field)])


def personal(evidence: Evidence, field: Field, last: date, polling_day: date, holder: dict[str, str]) -> Array:
    """Say where a party's candidate has more or less of a following of his own than when the seat was last fought.

    A party that won the seat from another then has by now a sitting member who is known (+1), and the other's member is
    gone (-1). Where candidates are known, the member of a party that does not stand again is gone as well (-1), and
    who won the seat at a by-election since is known (+1). Before they are, who took it then is taken to stand.

    Parameters
    ----------
    evidence, field, last, polling_day
        As for ``tilts``.
    holder : dict
        Party that won each seat at the last election.

    Returns
    -------
    array of shape (n_seats, n_parties)
        Followings.
    """
    out = np.zeros(field.share.shape)
    row = {code: i for i, code in enumerate(field.constituency.tolist())}
    column = {party: i for i, party in enumerate(field.parties) if party != "oth"}
    for code, party, sign in _followings(evidence, field, last, polling_day, holder):
        if code in row and party in column:
            out[row[code], column[party]] += sign
    return np.where(field.share > 0, out, 0.0)


def _followings(
    evidence: Evidence, field: Field, last: date, polling_day: date, holder: dict[str, str]
) -> Iterator[tuple[str, str, int]]:
    """Followings that have come (1) or gone (-1) since the last election, by seat and party."""
    to = heirs(evidence, boundaries_of(evidence, last), field.boundary_set)
    for code, won, lost in _changed_hands(evidence, field, last, to).iter_rows():
        if holder.get(code) == won:
            yield code, won, 1
            yield code, lost, -1
    won_since = by_elections(evidence, last, polling_day).select("constituency", party="winner")
    taken = dict(moved(won_since, to).iter_rows())
    listed = set(evidence.candidates.filter(pl.col("election_date") == polling_day)["constituency"])
    again = _own_members(evidence, last, polling_day, to, taken)
    for code, party in holder.items():
        left = (code, party) not in again if code in listed else taken.get(code, party) != party
        if left:
            yield code, party, -1
    for code, party in again | {one for one in taken.items() if one[0] not in listed}:
        if holder.get(code) != party:
            yield code, party, 1


def _changed_hands(evidence: Evidence, field: Field, last: date, to: pl.DataFrame) -> pl.DataFrame:
    """Seats that changed hands at an election: ``constituency, won, lost``, as the field has them."""
    earlier = evidence.elections.filter(pl.col("election_date") < last)["election_date"].max()
    then = boundaries_of(evidence, last)
    if not isinstance(earlier, date):
        return pl.DataFrame(schema={"constituency": pl.String, "won": pl.String, "lost": pl.String})
    now, before = (winners(evidence, day, then, field.parties) for day in (last, earlier))
    changed = now.join(before, on="constituency", suffix="_before").filter(pl.col("party") != pl.col("party_before"))
    return moved(changed.select("constituency", won="party", lost="party_before"), to)


def _own_members(
    evidence: Evidence, last: date, polling_day: date, to: pl.DataFrame, taken: dict[str, str]
) -> set[tuple[str, str]]:
    """Seats and parties whose candidate is the seat's own member, as far as candidates are known.

    A member of some other seat is known by the name: it is not that of who won the seat, or most of it, last time.
    """
    surname = pl.col("name").str.to_lowercase().str.split(" ").list.last().alias("surname")
    standing = evidence.candidates.filter("sitting_mp", pl.col("election_date") == polling_day)
    standing = standing.select("constituency", "party", surname)
    members = set(standing.select("constituency", "party").iter_rows())
    keys = ("election_date", "constituency", "candidate")
    past = evidence.candidates.filter(pl.col("election_date") == last).join(evidence.candidate_votes, on=keys)
    if past.is_empty():
        return members
    won = past.sort("votes").group_by("constituency").last().select("constituency", surname)
    own = standing.join(moved(won, to), on=["constituency", "surname"], how="semi")
    return members & set(taken.items()) | set(own.select("constituency", "party").iter_rows())


def rooted(field: Field, holder: dict[str, str]) -> Array:
    """Say how far the seats that Liberals won at the last election lie above their mean.

    What is slope elsewhere, voters who come and go in proportion, need not be so in these, which members hold against
    the tide of their party.

    Parameters
    ----------
    field : Field
        The seats.
    holder : dict
        Party that won each at the last election.

    Returns
    -------
    array of shape (n_seats, n_parties)
        Last share less the mean of it in the seats of the nation where the field gives the party one (that of a
        forecast fills in those it did not fight); nought in all other seats.
    """
    out = np.zeros(field.share.shape)
    lib = field.parties.index(LIBERAL)
    ours = np.array([holder.get(code) == LIBERAL for code in field.constituency.tolist()]) & (field.share[:, lib] > 0)
    for place in np.unique(field.nation[ours]):
        here = field.nation == place
        usual = field.share[here & (field.share[:, lib] > 0), lib].mean()
        out[here & ours, lib] = field.share[here & ours, lib] - usual
    return out


def by_elections(evidence: Evidence, last: date, polling_day: date) -> pl.DataFrame:
    """By-elections between two elections, the last of each seat."""
    between = (pl.col("date") > last) & (pl.col("date") < polling_day)
    held = evidence.by_elections.filter(between).sort("date").unique("constituency", keep="last", maintain_order=True)
    return pl.DataFrame(held)


def local(evidence: Evidence, field: Field, last: date, polling_day: date) -> tuple[Array, Array]:
    """Say how the last by-election of a seat departed from the general election before, beside the others.

    By-elections in which a party that matters stood aside are left out, and so are parties that did not fight both. A
    redrawn seat takes what its largest part said, in proportion to that part.

    Parameters
    ----------
    evidence, field, last, polling_day
        As for ``tilts``.

    Returns
    -------
    departed : array of shape (n_seats, n_parties)
        Share of each party at the by-election less its last share there, less the mean of that over by-elections.
    gained : array of shape (n_seats, n_parties)
        The same for the party that won the by-election, where another had held the seat; nought for all others.
    """
    departed = np.zeros(field.share.shape)
    then = boundaries_of(evidence, last)
    britain = evidence.constituencies.filter(pl.col("boundary_set") == then, pl.col("nation") != NI)
    held = by_elections(evidence, last, polling_day).join(britain, on="constituency", how="semi")
    now = wide_shares(evidence.by_election_results.join(held, on=["date", "constituency"], how="semi"), field.parties)
    before = wide_shares(votes_on(evidence, last, then), field.parties)
    both = now.join(before, on="constituency", suffix="_before")
    share, past = both.select(field.parties).to_numpy(), both.select(f"{p}_before" for p in field.parties).to_numpy()
    named = [i for i, party in enumerate(field.parties) if party != "oth"]
    whole = ((share > 0) | (past < LEAST_AT_HOME))[:, named].all(axis=1) & (past[:, named].sum(axis=1) > 0)
    fought = (share > 0) & (past > 0) & whole[:, None]
    many = fought.sum(axis=0)
    usual = np.where(fought, share - past, 0.0).sum(axis=0) / np.maximum(many, 1)
    departure = np.where(fought & (many >= FEWEST), share - past - usual, 0.0)
    row = {code: i for i, code in enumerate(field.constituency.tolist())}
    told = dict(zip(both["constituency"].to_list(), departure, strict=True))
    to = heirs(evidence, then, field.boundary_set)
    for code, heir, part in to.iter_rows():
        if heir in row and code in told:
            departed[row[heir]] = part * told[code]
    departed = np.where(field.share > 0, departed, 0.0)
    gained = np.zeros_like(departed)
    changed = held.filter(pl.col("winner") != pl.col("held_by")).select("constituency", "winner")
    for code, party in moved(changed, to).iter_rows():
        if code in row and party in field.parties:
            at = row[code], field.parties.index(party)
            gained[at] = departed[at]
    return departed, gained


def leave(evidence: Evidence, field: Field) -> Array:
    """Say how much more a seat voted to leave the European Union than the mean seat of its nation.

    Parameters
    ----------
    evidence, field
        As for ``tilts``.

    Returns
    -------
    array of shape (n_seats, n_parties)
        The same for all parties that stood; nought where it is not known.
    """
    return np.where(field.share > 0, leave_of(evidence, field)[:, None], 0.0)


def leave_of(evidence: Evidence, field: Field) -> Array:
    """Part of a seat's vote that was for Leave in 2016, less the mean of its nation; nought where it is not known."""
    tables = (evidence.covariates, evidence.covariates_shared)
    here = (pl.col("boundary_set") == field.boundary_set) & (pl.col("measure") == LEAVE)
    part = {code: value for table in tables for code, value in table.filter(here)["constituency", "value"].iter_rows()}
    values = np.array([part.get(code, np.nan) for code in field.constituency.tolist()])
    for place in np.unique(field.nation):
        there = field.nation == place
        if np.isfinite(values[there]).any():
            values[there] -= np.nanmean(values[there])
    return np.asarray(np.nan_to_num(values))
