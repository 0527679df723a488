"""One cell of a user's file: its text to a value, or a ``Fault`` that says what is allowed.

An empty cell, a dash and ``n/a`` are missing, never zero. Nothing is guessed: a date that two countries read as two
days is refused, and so is a figure with a letter in it.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches

from data.own.faults import Code, Fault, shown

MISSING = frozenset({"", "-", "–", "—", "−", "n/a", "na", "null", "none"})
LESS_THAN_HALF = 0.25
"""Per cent that an asterisk stands for: pollsters print it for less than half a point and more than nothing."""
OLDEST = date(1955, 5, 26)
"""Polling day of the first general election held."""
LEAST_SAMPLE, MOST_SAMPLE = 50, 200_000
LONGEST_NAME = 100
_NUMBER = re.compile(r"[+-]?([0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9})", re.ASCII)
_COUNT = re.compile(r"-?([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.0)?", re.ASCII)
_SLASHED = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure."""
    return text.strip().lower() in MISSING


def number(text: str, least: float, most: float) -> float:
    """Read a number between two bounds.

    Parameters
    ----------
    text : str
        The cell; a sign (also the typographic minus), a per cent sign and a decimal point are allowed.
    least, most : float
        The bounds, both allowed.

    Returns
    -------
    float
        The number.

    Raises
    ------
    Fault
        If it is no finite number, or outside the bounds.

    Examples
    --------
    >>> number("−12", -100, 100)
    -12.0
    """
    plain = text.strip().removesuffix("%").rstrip().replace("−", "-")
    if plain.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        raise Fault(Code.RANGE, f"{shown(text)} is not a figure; write {least:g} to {most:g}, or leave the cell empty.")
    if re.fullmatch(r"[0-9]+,[0-9]+", plain, re.ASCII):
        raise Fault(Code.CELL, f"{shown(text)} has a comma; write the decimals after a point, as in 30.5.")
    if not _NUMBER.fullmatch(plain):
        what = "percentage; write 30 or 30%." if least == 0 else "number of points; write -12 or 12."
        raise Fault(Code.CELL, f"{shown(text)} is not a {what}")
    value = float(plain) + 0.0
    if not least <= value <= most:
        raise Fault(Code.RANGE, f"{shown(text)} must be {least:g} to {most:g}.")
    return value


def percentage(text: str) -> float:
    """Read a percentage as pollsters print it.

    Parameters
    ----------
    text : str
        ``30``, ``30%`` or ``30.5``; ``<1`` is half of one; ``*`` is a quarter of a point.

    Returns
    -------
    float
        Per cent, 0 to 100.

    Raises
    ------
    Fault
        If it is no percentage, or not between 0 and 100.

    Examples
    --------
    >>> percentage("30.5%"), percentage("<1"), percentage("*")
    (30.5, 0.5, 0.25)
    """
    plain = text.strip()
    if plain == "*":
        return LESS_THAN_HALF
    if plain.startswith("+"):
        raise Fault(Code.CELL, f"{shown(text)} is not a percentage; write 30 or 30%.")
    return number(plain[1:], 0, 100) / 2 if plain.startswith("<") else number(plain, 0, 100)


def net(text: str) -> float:
    """Read a net rating, from -100 to 100 points; ``+5`` and ``−5`` are understood."""
    return number(text, -100, 100)


def count(least: int, most: int, code: Code) -> Callable[[str], int]:
    """Make a parser of whole numbers, with or without commas between thousands.

    Parameters
    ----------
    least, most : int
        The bounds, both allowed.
    code : Code
        Code of a number outside them.

    Returns
    -------
    callable
        From a cell to its number; raises ``Fault``.
    """

    def parse(text: str) -> int:
        plain = text.strip()
        if not _COUNT.fullmatch(plain):
            raise Fault(Code.CELL, f"{shown(text)} is not a whole number; write 1000 or 1,000.")
        value = int(plain.removesuffix(".0").replace(",", ""))
        if not least <= value <= most:
            raise Fault(code, f"{shown(text)} must be {least:,} to {most:,}.")
        return value

    return parse


def day(newest: date) -> Callable[[str], date]:
    """Make a parser of days, which must be written YYYY-MM-DD.

    Parameters
    ----------
    newest : date
        Last day allowed: today in the United Kingdom.

    Returns
    -------
    callable
        From a cell to its day; raises ``Fault``.
    """

    def parse(text: str) -> date:
        plain = text.strip().removesuffix(" 00:00:00")  # a day, as Excel keeps it
        if not _DAY.fullmatch(plain):
            unclear = "could be two days" if _SLASHED.fullmatch(plain) else "is no day"
            raise Fault(Code.DATE, f"{shown(text)} {unclear}; write it as YYYY-MM-DD.")
        try:
            value = date.fromisoformat(plain)
        except ValueError:
            raise Fault(Code.DATE, f"{shown(text)} is not in the calendar; write a day that is.") from None
        if not OLDEST <= value <= newest:
            raise Fault(Code.DATE, f"{shown(text)} must be {OLDEST} to {newest}.")
        return value

    return parse


def name(text: str) -> str:
    """Read a name: any printable text of at most 100 characters, spaces made single."""
    plain = " ".join(text.split())
    if not plain or not plain.isprintable():
        raise Fault(Code.CELL, f"{shown(text)} holds no letters or an invisible character; type it again.")
    if len(plain) > LONGEST_NAME:
        raise Fault(Code.SIZE, f"{shown(text)} is {len(plain)} characters long; at most {LONGEST_NAME} are kept.")
    return plain


def nearest(text: str, allowed: Iterable[str]) -> str:
    """Sentence that offers the allowed word most like a given one, else all of them.

    Parameters
    ----------
    text : str
        What was given.
    allowed : iterable of str
        What could have been given.

    Returns
    -------
    str
        ``Did you mean "x"?``, or ``Allowed: x, y.`` (the first 25).

    Examples
    --------
    >>> nearest("pollstr", ["pollster", "end_date"])
    'Did you mean "pollster"?'
    """
    by_lower = {word.lower(): word for word in allowed}
    close = get_close_matches(text.strip().lower()[:LONGEST_NAME], by_lower, n=1, cutoff=0.7)
    if close:
        return f'Did you mean "{by_lower[close[0]]}"?'
    words = list(dict.fromkeys(by_lower.values()))
    return f"Allowed: {', '.join(words[:25])}{' …' if len(words) > 25 else ''}."


def one_of(words: Iterable[str], what: str) -> Callable[[str], str]:
    """Make a parser of one word out of a list, whatever its capitals.

    Parameters
    ----------
    words : iterable of str
        What is allowed.
    what : str
        What the words are, with its article, for the sentence.

    Returns
    -------
    callable
        From a cell to the word as listed; raises ``Fault``.
    """
    return renamed({word: word for word in words}, what)


def renamed(words: dict[str, str], what: str) -> Callable[[str], str]:
    """Make a parser of words with synonyms.

    Parameters
    ----------
    words : dict of str to str
        Our word by what may be written for it.
    what : str
        What the words are, with its article, for the sentence.

    Returns
    -------
    callable
        From a cell to our word; raises ``Fault``.
    """
    by_lower = {written.lower(): ours for written, ours in words.items()}

    def parse(text: str) -> str:
        plain = " ".join(text.split())
        if plain.lower() not in by_lower:
            raise Fault(Code.NAME, f"{shown(plain)} is not {what}. {nearest(plain, words)}")
        return by_lower[plain.lower()]

    return parse
