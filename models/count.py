"""How seats are counted: majorities, hung parliaments and ties, in one place.

``N`` is the election's own number of seats; a majority is ``N // 2 + 1`` (326 of 650). Labour and Labour Co-op are one
line. The Speaker (``spk``) is a line of his own and counts for no party. Sinn Féin (``sf``) does not take its seats, so
the *working* majority is reached with fewer: more than half of the members who vote, where the Speaker does not either.
"""

import numpy as np
from numpy.typing import NDArray


def majority_line(n_seats: int) -> int:
    """Seats needed for a majority.

    Parameters
    ----------
    n_seats : int
        Seats in the House.

    Returns
    -------
    int
        ``n_seats // 2 + 1``.
    """
    return n_seats // 2 + 1


def count_seats(winner: NDArray[np.int8], n_lines: int) -> NDArray[np.int64]:
    """Seats of each line in each draw.

    Parameters
    ----------
    winner : array of shape (n_draws, n_constituencies)
        Index of the winning line, 0 to ``n_lines - 1``.
    n_lines : int
        Number of lines.

    Returns
    -------
    array of shape (n_draws, n_lines)
        Counts; every row sums to the number of constituencies.
    """
    n_draws = winner.shape[0]
    flat = winner.astype(np.int64) + n_lines * np.arange(n_draws)[:, None]
    return np.bincount(flat.ravel(), minlength=n_draws * n_lines).reshape(n_draws, n_lines)


def has_majority(seats: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which line, if any, holds a majority in each draw.

    Parameters
    ----------
    seats : array of shape (n_draws, n_lines)
        Counts that sum to the same total in every draw.

    Returns
    -------
    array of bool of shape (n_draws, n_lines)
        At most one true a row; a row without one is a hung parliament.
    """
    return seats >= majority_line(int(seats[0].sum()))


def working_majority_line(n_seats: int, sinn_fein: int) -> int:
    """Seats with which a government outvotes all others who vote.

    Parameters
    ----------
    n_seats : int
        Seats in the House.
    sinn_fein : int
        Members who abstain.

    Returns
    -------
    int
        More than half of the members who vote: all but Sinn Féin's and the Speaker.
    """
    return (n_seats - sinn_fein - 1) // 2 + 1


def is_largest(seats: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of being the largest line: 1 for a sole leader, split evenly when tied.

    Parameters
    ----------
    seats : array of shape (n_draws, n_lines)
        Counts.

    Returns
    -------
    array of shape (n_draws, n_lines)
        Rows sum to 1.
    """
    top = seats == seats.max(axis=1, keepdims=True)
    return np.asarray(top / top.sum(axis=1, keepdims=True))
