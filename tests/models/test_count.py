import numpy as np
import pytest

from models.count import count_seats, has_majority, is_largest, majority_line, working_majority_line


@pytest.mark.parametrize(("n", "needed"), [(630, 316), (635, 318), (646, 324), (650, 326), (651, 326), (659, 330)])
def test_majority_of_each_house(n: int, needed: int) -> None:
    """A majority is more than half of the House, for every size it has had since 1955."""
    assert majority_line(n) == needed


def test_counts_sum_to_the_house() -> None:
    """Every seat of every draw is counted once."""
    winner = np.random.default_rng(0).integers(0, 5, (40, 650)).astype(np.int8)
    seats = count_seats(winner, 5)
    assert (seats.sum(axis=1) == 650).all()
    assert (seats[:, 3] == (winner == 3).sum(axis=1)).all()


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ([326, 324, 0], [True, False, False]),
        ([325, 325, 0], [False, False, False]),
        ([412, 237, 1], [True, False, False]),
        ([318, 262, 70], [False, False, False]),
    ],
)
def test_majority_truth_table(seats: list[int], expected: list[bool]) -> None:
    """326 of 650 is a majority and 325 is a hung parliament, whoever holds them."""
    assert has_majority(np.array([seats]))[0].tolist() == expected


def test_working_majority_leaves_out_abstainers_and_the_speaker() -> None:
    """With seven Sinn Fein members and the Speaker not voting, 322 of 650 outvote the rest."""
    assert working_majority_line(650, 7) == 322
    assert working_majority_line(650, 0) == 325


def test_ties_for_largest_are_split() -> None:
    """Two parties level share the first place, and the chances sum to one."""
    assert is_largest(np.array([[200, 200, 100], [10, 300, 20]])).tolist() == [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]
