"""Kinds of files of the user's own: the one list of them, and what each holds."""

from enum import StrEnum


class Kind(StrEnum):
    """What a file of one's own holds."""

    polls = "polls"
    ratings = "ratings"
    mps = "mps"
    events = "events"


MEANING = {
    Kind.polls: "polls of voting intention",
    Kind.ratings: "ratings of leaders",
    Kind.mps: "votes of MPs on their leader",
    Kind.events: "resignations, letters and other events of MPs",
}


def listed() -> str:
    """All kinds with their meaning, in one phrase.

    Returns
    -------
    str
        ``polls (polls of voting intention), ... or events (...)``.
    """
    *most, last = (f"{kind} ({meaning})" for kind, meaning in MEANING.items())
    return f"{', '.join(most)} or {last}"
