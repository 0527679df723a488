"""How far a fit is, and why it failed, read off what ``selectorate fit`` writes to stderr."""

import re

OPENING, BETWEEN, CLOSING = "reading the tables", "past campaigns", "seats on polling day"
"""What is done before the first stage, before the polls and after the last stage, when nothing is printed."""
USUAL = {
    OPENING: (15.0, 0.0),
    "leaders' standing with voters": (32.0, 15.0),
    "MPs' support for their leader": (15.0, 1.0),
    "how voters respond to both": (10.0, 5.0),
    BETWEEN: (10.0, 0.0),
    "voting intention from polls": (9.0, 6.0),
    "votes on the day from intention, leaders and MPs": (11.0, 7.0),
    "constituencies from votes": (23.0, 35.0),
    CLOSING: (10.0, 0.0),
}
"""Usual seconds before a stage draws, and drawing: medians of 32 forecasts from 1976 to 2026 on two cores."""
ONCE_LEARNED = 1.0
"""Seconds of a stage that is read rather than fitted."""
MOST_OF = 0.9
"""Part of a preparation that can pass for done before it is."""
ALWAYS = frozenset({OPENING, BETWEEN, "voting intention from polls", CLOSING})
"""What each day needs, whatever was learned before of its Parliament."""

_BAR = re.compile(r"(\d+)/(\d+) \d+:\d\d:\d\d")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def usual_seconds(learned: bool) -> float:
    """How long a fit usually takes.

    Parameters
    ----------
    learned : bool
        Whether what past elections teach is kept from an earlier fit or comes with the package.

    Returns
    -------
    float
        Seconds.
    """
    return sum(before + drawing for before, drawing in _lengths(learned).values())


def _lengths(learned: bool) -> dict[str, tuple[float, float]]:
    if not learned:
        return USUAL
    return {stage: length if stage in ALWAYS else (ONCE_LEARNED, 0.0) for stage, length in USUAL.items()}


def how_far(log: str, *, learned: bool, quiet: float = 0.0) -> tuple[str, float]:
    """Tell what a fit is at, and what part of its usual time that is.

    Parameters
    ----------
    log : str
        What it has written so far, bars of a terminal included where there are any.
    learned : bool
        As for ``usual_seconds``.
    quiet : float
        Seconds since it wrote last: all there is to tell by where a stage is prepared and nothing is written.

    Returns
    -------
    tuple of str and float
        What it is at, and the part, 0 to 1, which never falls as the log grows. A stage that was left out, since a
        Parliament had nothing to learn it from, counts as done when a later one begins.
    """
    lengths = _lengths(learned)
    stages = list(lengths)
    at, begun = OPENING, 0
    for i, stage in enumerate(stages):
        begins, ends = log.find(f"  {stage} ..."), log.find(f"  {stage}: ")
        if ends >= 0:
            at, begun = stages[i + 1], ends
        elif begins >= 0:
            at, begun = stage, begins
    before, drawing = lengths[at]
    parts = [int(drawn) / int(of) for drawn, of in _BAR.findall(log, begun) if int(of)]
    within = before + drawing * min(max(parts), 1.0) if parts else min(max(quiet, 0.0), MOST_OF * before)
    passed = sum(sum(lengths[stage]) for stage in stages[: stages.index(at)])
    return at, (passed + within) / usual_seconds(learned)


def why_failed(log: str) -> str:
    """Say in one sentence why a fit ended without a forecast.

    Parameters
    ----------
    log : str
        All that it wrote.

    Returns
    -------
    str
        The command's own sentence where it ended with one.
    """
    plain = _ESCAPE.sub("", log).replace("\r", "\n")
    lines = [line for line in plain.split("\n") if line.strip()]
    last = lines[-1] if lines else ""
    if "Traceback (most recent call last)" in plain:
        return f"The program broke off with {last.strip().rstrip('.')}."
    if not last or last.startswith(("  ", "Fitting the forecast")):
        return f"It was stopped at: {how_far(log, learned=False)[0]}."
    return last.strip()
