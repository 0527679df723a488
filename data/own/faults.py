"""Codes of faults in a user's file, and all faults of one file in one error."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from data.errors import BadInput

T = TypeVar("T")
SHOWN_FAULTS = 20
SHOWN_CHARACTERS = 40


class Code(StrEnum):
    """Kind of fault. A code keeps its meaning for good; sentences may be reworded."""

    NO_FILE = "E100"
    EMPTY = "E101"
    ENCODING = "E102"
    RAGGED = "E103"
    HEADER = "E104"
    CELL = "E105"
    RANGE = "E106"
    SUM = "E107"
    DATE = "E108"
    NAME = "E109"
    REPEAT = "E111"
    BASE = "E112"
    SIZE = "E113"
    CONTENT = "E114"
    JSON = "E115"
    MISSING = "E116"
    CONTRADICTION = "E117"
    BATCH = "E118"
    DAMAGED = "E302"
    TYPE = "E304"
    WRITE = "E310"


class Fault(BadInput):
    """One fault: its code, and what is wrong and what to do, without the place."""

    def __init__(self, code: Code, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


class Faults:
    """The faults of one file, gathered so that a user sees all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = shown(file, quoted=False)
        self.lines: list[str] = []
        self.rows: set[int] = set()
        self._offered: set[str] = set()

    def note(self, fault: Fault, row: int | None = None, column: str | None = None) -> None:
        """Add a fault at a place of the file; a list of what is allowed is said once.

        Parameters
        ----------
        fault : Fault
            What is wrong.
        row : int, optional
            Row of the file; the header is row 1.
        column : str, optional
            Column as the file names it.
        """
        place = self.file + (f", row {row}" if row else "") + (f", column {column}" if column else "")
        what, offers, words = fault.text.partition(" Allowed: ")
        text = f"{what} Allowed: as said above." if offers and words in self._offered else fault.text
        self._offered.add(words)
        self.lines.append(f"{fault.code} {place}: {text}")
        if row:
            self.rows.add(row)

    def parse(self, parser: Callable[[str], T], text: str, row: int, column: str) -> T | None:
        """Parse one cell; what the parser refuses is noted.

        Parameters
        ----------
        parser : callable
            From the cell's text to its value.
        text : str
            The cell.
        row : int
            Row of the file.
        column : str
            Column as the file names it.

        Returns
        -------
        object or None
            The value; None where it was refused.
        """
        try:
            return parser(text)
        except Fault as fault:
            self.note(fault, row, column)
            return None

    def stop(self) -> None:
        """Raise what was noted, if anything was.

        Raises
        ------
        BadInput
            One line for each fault, the first twenty, and how many more there are.
        """
        if self.lines:
            more = len(self.lines) - SHOWN_FAULTS
            rest = [f"... and {more:,} more."] if more > 0 else []
            raise BadInput("\n".join([*self.lines[:SHOWN_FAULTS], *rest]))


def shown(text: str, *, quoted: bool = True) -> str:
    """Put a user's text into a sentence: short, in quotes, with unprintable characters written out.

    Parameters
    ----------
    text : str
        Any text.
    quoted : bool, default True
        Whether to put quotes around it.

    Returns
    -------
    str
        At most about forty characters, all printable.
    """
    kept = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
    plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in kept)
    return f'"{plain}"' if quoted else plain
