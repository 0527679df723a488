"""Blocs of parties within which voters lend votes, and who lends to whom in a seat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEFT = ("lab", "lib", "grn")
LEFT_IN_WALES = (*LEFT, "plaid")
RIGHT = ("con", "ref", "restore")


@dataclass(frozen=True, kw_only=True)
class Lending:
    """Where supporters of the left bloc have reason to vote tactically, and for whom.

    ``lends`` and ``borrows`` of shape (n_parties, n_seats) are 1 where a party's supporters would lend their vote and
    for the party lent to. ``attack`` and ``hold`` of shape (n_seats,) are 1 where a party of the right leads, and where
    the left leads and its strongest rival is of the right; elsewhere nobody lends.
    """

    lends: NDArray[np.float32]
    borrows: NDArray[np.float32]
    attack: NDArray[np.float32]
    hold: NDArray[np.float32]


def lending(base: NDArray[np.floating], parties: tuple[str, ...], nation: str) -> Lending:
    """Say who would lend a vote to whom in each seat, from its last result.

    Supporters of every party of the left bloc but the best placed lend to that one, where its strongest rival is of the
    right. The Scottish National Party belongs to neither bloc, and Plaid Cymru to the left in Wales.

    Parameters
    ----------
    base : array of shape (n_seats, n_parties)
        Shares as last fought, 0 to 1.
    parties : tuple of str
        Party codes, length n_parties.
    nation : str
        A nation of Great Britain.

    Returns
    -------
    Lending
        Masks by party and seat.
    """
    left = [i for i, p in enumerate(parties) if p in (LEFT_IN_WALES if nation == "Wales" else LEFT)]
    right = [i for i, p in enumerate(parties) if p in RIGHT]
    n_seats, seats = len(base), np.arange(len(base))
    lends, borrows = np.zeros((2, len(parties), n_seats), dtype=np.float32)
    attack, hold = np.zeros((2, n_seats), dtype=np.float32)
    if left and right and n_seats:
        best = np.array(left)[base[:, left].argmax(axis=1)]
        others = base.copy()
        others[seats, best] = -1.0
        rival = others.argmax(axis=1)
        matters = np.isin(rival, right)
        leads = base[seats, best] >= base[seats, rival]
        attack[:], hold[:] = matters & ~leads, matters & leads
        for party in left:
            lends[party] = matters & (best != party) & (base[:, party] > 0)
            borrows[party] = matters & (best == party)
    return Lending(lends=lends, borrows=borrows, attack=attack, hold=hold)
