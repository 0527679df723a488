"""Blocs of parties within which voters lend votes, and who lends to whom in a seat."""

import numpy as np
from numpy.typing import NDArray

LEFT = ("lab", "lib", "grn")
LEFT_IN_WALES = (*LEFT, "plaid")
RIGHT = ("con", "ref", "restore")


def lending(
    base: NDArray[np.floating], parties: tuple[str, ...], nation: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Say where supporters of the left bloc have reason to vote tactically, and for whom.

    In a seat last led by a party of the right bloc, supporters of every party of the left bloc but the best placed may
    lend it their vote. Nothing is lent in other seats, and the Scottish National Party neither lends nor borrows.

    Parameters
    ----------
    base : array of shape (n_seats, n_parties)
        Shares as last fought, 0 to 1.
    parties : tuple of str
        Party codes, length n_parties.
    nation : str
        A nation of Great Britain; Plaid Cymru belongs to the left bloc in Wales.

    Returns
    -------
    lends : array of shape (n_parties, n_seats)
        1 where a party's supporters have reason to lend, else 0.
    borrows : array of shape (n_parties, n_seats)
        1 for the party lent to, else 0; at most one a seat.
    """
    left = [i for i, p in enumerate(parties) if p in (LEFT_IN_WALES if nation == "Wales" else LEFT)]
    right = [i for i, p in enumerate(parties) if p in RIGHT]
    lends = np.zeros((len(parties), base.shape[0]), dtype=np.float32)
    borrows = np.zeros_like(lends)
    if not left or not right or not base.size:
        return lends, borrows
    led_by_right = np.isin(base.argmax(axis=1), right)
    best = np.array(left)[base[:, left].argmax(axis=1)]
    for party in left:
        lends[party] = led_by_right & (best != party) & (base[:, party] > 0)
        borrows[party] = led_by_right & (best == party)
    return lends, borrows
