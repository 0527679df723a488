"""What the JSON libraries let pass: repeated keys, NaN and infinity, and text built to exhaust the reader."""

import json
from typing import Any

from data.errors import BadInput

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
SHOWN = 40


def check_json(text: str, what: str) -> None:
    """Refuse JSON that a reader could misunderstand.

    Parameters
    ----------
    text : str
        The JSON text.
    what : str
        What the text is, to begin the sentence of an error with.

    Raises
    ------
    BadInput
        If the text is longer than 1 MB, nested deeper than 20, not JSON, or holds a key twice, NaN or infinity.

    Examples
    --------
    >>> check_json('{"a": 1, "a": 2}', "The example")
    Traceback (most recent call last):
    data.errors.BadInput: The example sets "a" twice (1 and 2). Keep one of the two.
    """
    size = len(text.encode(errors="replace"))
    if size > MAX_BYTES:
        raise BadInput(f"{what} is {size:,} bytes long; at most {MAX_BYTES:,} are read.")
    if _depth(text) > MAX_DEPTH:
        raise BadInput(f"{what} is nested more than {MAX_DEPTH} deep. Remove the needless brackets.")

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen:
                raise BadInput(
                    f'{what} sets "{key[:SHOWN]}" twice ({str(seen[key])[:SHOWN]} and {str(value)[:SHOWN]}). '
                    "Keep one of the two."
                )
            seen[key] = value
        return seen

    def no_constants(name: str) -> float:
        raise BadInput(f"{what} holds {name}. Every figure must be a finite number.")

    try:
        json.loads(text, object_pairs_hook=no_duplicates, parse_constant=no_constants)
    except json.JSONDecodeError as error:
        raise BadInput(f"{what} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error
    except ValueError as error:  # a whole number of more digits than Python reads
        raise BadInput(f"{what} holds a number with too many digits.") from error


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in text:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest
