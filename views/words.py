"""Numbers as words: one scale for chances, one way to write shares, seats and dates, and text made safe to show.

A chance is first rounded to the frequency that is printed, and its word is chosen from that frequency, so that the two
can never disagree. Number and word stand together in the text (Wintle et al. 2019, doi 10.1371/journal.pone.0213522).
"""

import re
import unicodedata
from datetime import date

CATEGORIES = ("safe", "likely", "lean", "toss-up")
CATEGORY_FLOOR = {"safe": 0.95, "likely": 0.8, "lean": 0.6, "toss-up": 0.0}
"""Smallest chance of the likeliest winner for each kind of seat."""

_UNSEEN = {"Cc", "Cf"}
"""Kinds of signs without a picture: controls, and marks of format."""

_MARKDOWN = set("\\`*_{}[]()<>#+-.!|~$:^&=")

_IN_TEN = {
    1: "very unlikely",
    2: "unlikely",
    3: "unlikely",
    4: "less likely than not",
    5: "as likely as not",
    6: "more likely than not",
    7: "likely",
    8: "likely",
    9: "very likely",
}


def frequency(p: float) -> str:
    """Write a chance as a frequency.

    Parameters
    ----------
    p : float
        Chance, 0 to 1.

    Returns
    -------
    str
        ``about 7 in 10``; in hundreds within 5 of an end; ``more than 99 in 100`` and ``fewer than 1 in 100`` beyond.

    Examples
    --------
    >>> frequency(0.68), frequency(0.03), frequency(0.999)
    ('about 7 in 10', 'about 3 in 100', 'more than 99 in 100')
    """
    if p > 0.99:
        return "more than 99 in 100"
    if p < 0.01:
        return "fewer than 1 in 100"
    if 0.05 <= p <= 0.95:
        return f"about {tenths(p)} in 10"
    return f"about {min(max(int(100 * p + 0.5), 1), 99)} in 100"


def tenths(p: float) -> int:
    """Nearest number of tenths, 1 to 9, halves away from the middle's left so that it never falls as ``p`` rises."""
    return min(max(int(10 * p + 0.5), 1), 9)


def chance_word(p: float) -> str:
    """Word for a chance, chosen from the frequency that is printed beside it.

    Parameters
    ----------
    p : float
        Chance, 0 to 1.

    Returns
    -------
    str
        From ``almost impossible`` through ``as likely as not`` to ``almost certain``.

    Examples
    --------
    >>> chance_word(0.68), chance_word(0.5)
    ('likely', 'as likely as not')
    """
    if p > 0.99:
        return "almost certain"
    if p < 0.01:
        return "almost impossible"
    if 0.05 <= p <= 0.95:
        return _IN_TEN[tenths(p)]
    return "very likely" if p > 0.5 else "very unlikely"


def chance(p: float) -> str:
    """Word and frequency together: ``likely (about 7 in 10)``."""
    return f"{chance_word(p)} ({frequency(p)})"


def percentages(parts: list[float]) -> list[int]:
    """Round parts of one whole to whole percentages that sum to 100 (largest remainders first).

    Parameters
    ----------
    parts : list of float
        Parts that sum to 1.

    Returns
    -------
    list of int
        Percentages in the same order.

    Examples
    --------
    >>> percentages([1 / 3, 1 / 3, 1 / 3])
    [34, 33, 33]
    """
    scaled = [100 * p for p in parts]
    whole = [int(s + 1e-9) for s in scaled]
    by_remainder = sorted(range(len(parts)), key=lambda i: scaled[i] - whole[i], reverse=True)
    for i in by_remainder[: round(sum(scaled)) - sum(whole)]:
        whole[i] += 1
    return whole


def category(p: float) -> str:
    """Kind of a seat by the chance of its likeliest winner: safe, likely, lean or toss-up."""
    return next(name for name in CATEGORIES if p >= CATEGORY_FLOOR[name])


def share(value: float) -> str:
    """Share as a whole percentage, with one decimal below 10 per cent: ``24%``, ``4.1%``."""
    points = 100 * value
    return f"{points:.1f}%" if abs(points) < 9.95 else f"{points:.0f}%"


def share_range(lo: float, hi: float) -> str:
    """Range of shares: ``18% to 30%``."""
    return f"{share(lo)} to {share(hi)}"


def seat_range(lo: float, hi: float) -> str:
    """Range of seats: ``150 to 310``."""
    return f"{lo:.0f} to {hi:.0f}"


def signed(value: float, digits: int = 0) -> str:
    """Number with its sign, a true minus, and no sign on what rounds to nought."""
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def day(value: date) -> str:
    """Date in British order: ``17 August 2026``."""
    return f"{value.day} {value:%B %Y}"


def with_days(text: str) -> str:
    """Text of the models with its days in British order: ``nominations of 15 July 2026``."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: day(date.fromisoformat(found[0])), text)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Count and noun: ``1 seat``, ``1,204 seats``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def safe(text: str) -> str:
    r"""Escape what Markdown would interpret, so that a name from a file is shown as it is written.

    What cannot be seen is left out: among it are marks that turn the direction of the text behind them.

    Parameters
    ----------
    text : str
        Any text; line breaks become blanks.

    Returns
    -------
    str
        Text that Streamlit's Markdown prints letter by letter.

    Examples
    --------
    >>> print(safe("*Example* party"))
    \*Example\* party
    """
    return "".join("\\" + c if c in _MARKDOWN else c for c in visible(text))


def visible(text: str) -> str:
    """Text on one line, without signs that cannot be seen."""
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in _UNSEEN)


def listed(items: list[str]) -> str:
    """Join in English: ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
