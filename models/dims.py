"""Names of dimensions, one spelling each, and builders of their labels."""

from collections.abc import Sequence

CHAIN = "chain"
DRAW = "draw"
PARTY = "party"
PARTY_PAIR = "party_pair"
"""Two different parties, counted row by row below the diagonal; labels as ``lab~con``."""
POLL = "poll"
POLLSTER = "pollster"
CONTRAST = "contrast"
"""Pollsters less one: differences between houses that leave their mean at zero."""
DATE = "date"
LINE = "line"
NATION = "nation"
REGION = "region"
CONSTITUENCY = "constituency"
LEADER = "leader"
ELECTION = "election"
CHANNEL = "channel"


def poll_coords(parties: Sequence[str], polls: Sequence[str], pollsters: Sequence[str]) -> dict[str, list[str]]:
    """Labels of the polls model.

    Parameters
    ----------
    parties, polls, pollsters : sequence of str
        Party codes, poll identifiers and pollsters' names.

    Returns
    -------
    dict
        Dimension to labels.
    """
    pairs = [f"{later}~{earlier}" for i, later in enumerate(parties) for earlier in parties[:i]]
    return {
        PARTY: list(parties),
        PARTY_PAIR: pairs,
        POLL: list(polls),
        POLLSTER: list(pollsters),
        CONTRAST: list(pollsters[:-1]),
    }
