"""Colours, codes and names of the lines on the screen, and the arithmetic of contrast.

Two sets of colours: the usual ones of British politics, and an accessible set whose parties stay 20 apart in CAM02-UCS
under red-green colour blindness. Colour never stands alone: every mark carries the line's letters or label, and every
filled mark the grey outline, which reaches 3:1 against both backgrounds where a fill does not (WCAG 2.2, 1.4.11).
"""

from contextvars import ContextVar
from dataclasses import dataclass, replace

OUTLINE = "#6B6B6B"
LIGHT_PAGE = "#FFFFFF"
DARK_PAGE = "#0E1117"
NEUTRAL = "#D9D9D9"
CERTAINTY = ("#EDF4FA", "#B7D3E9", "#6FA3CC", "#2C6CA4", "#0B3A66")
"""Pale to dark blue: from a toss-up to as good as certain."""

SERIES = ("#2C6CA4", "#C4560A", "#0B8A67", "#76787D", "#B04F9C")
"""Series that are no parties: each reaches 3:1 against both backgrounds. Their marks differ in shape, too."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """How one line of the count looks: full and short name, letters for small marks, two colours.

    ``plural`` is what its people are called in a sentence, where that is not the name.
    """

    name: str
    short: str
    letters: str
    usual: str
    accessible: str
    plural: str | None = None

    @property
    def who(self) -> str:
        """The party as a sentence names it: ``Labour``, ``the Conservatives``."""
        return self.plural or self.name


_NI = "#7C9A85"

LINES: dict[str, Line] = {
    "con": Line(
        name="Conservative",
        short="Cons.",
        letters="C",
        usual="#0087DC",
        accessible="#052968",
        plural="the Conservatives",
    ),
    "lab": Line(name="Labour", short="Labour", letters="L", usual="#E4003B", accessible="#9E000A"),
    "lib": Line(
        name="Liberal Democrat",
        short="Lib Dem",
        letters="LD",
        usual="#FAA61A",
        accessible="#CB6F0A",
        plural="the Liberal Democrats",
    ),
    "ref": Line(name="Reform UK", short="Reform", letters="R", usual="#12B6CF", accessible="#17A2C6"),
    "grn": Line(name="Green", short="Green", letters="G", usual="#02A95B", accessible="#065F5D", plural="the Greens"),
    "snp": Line(
        name="Scottish National", short="SNP", letters="S", usual="#FDF38E", accessible="#FACF0A", plural="the SNP"
    ),
    "plaid": Line(name="Plaid Cymru", short="Plaid", letters="PC", usual="#005B54", accessible="#554ECC"),
    "restore": Line(name="Restore Britain", short="Restore", letters="RB", usual="#6B4423", accessible="#49041B"),
    "yp": Line(name="Your Party", short="Your P.", letters="YP", usual="#8E44AD", accessible="#FFDDFF"),
    "oth": Line(name="Others", short="Others", letters="O", usual="#808080", accessible=_NI, plural="other candidates"),
    "dup": Line(
        name="Democratic Unionist", short="DUP", letters="D", usual="#D46A4C", accessible=_NI, plural="the DUP"
    ),
    "sf": Line(name="Sinn Féin", short="SF", letters="SF", usual="#326760", accessible=_NI),
    "sdlp": Line(
        name="Social Democratic & Labour",
        short="SDLP",
        letters="SD",
        usual="#2AA82C",
        accessible=_NI,
        plural="the SDLP",
    ),
    "uup": Line(
        name="Ulster Unionist", short="UUP", letters="U", usual="#48A5EE", accessible=_NI, plural="the Ulster Unionists"
    ),
    "apni": Line(name="Alliance", short="Alliance", letters="A", usual="#F6CB2F", accessible=_NI),
    "tuv": Line(
        name="Traditional Unionist Voice", short="TUV", letters="T", usual="#0C3A6A", accessible=_NI, plural="the TUV"
    ),
    "spk": Line(
        name="Speaker", short="Speaker", letters="Sp", usual="#4A4A4A", accessible="#4A4A4A", plural="the Speaker"
    ),
    "bnp": Line(name="British National", short="BNP", letters="BN", usual="#2E3B74", accessible=_NI, plural="the BNP"),
    "chuk": Line(name="Change UK", short="Ch. UK", letters="CU", usual="#222221", accessible=_NI),
    "refm": Line(
        name="Referendum", short="Refer.", letters="RM", usual="#7B68A6", accessible=_NI, plural="the Referendum Party"
    ),
    "natsw": Line(name="SNP and Plaid Cymru", short="Nats", letters="N", usual="#FDF38E", accessible="#FACF0A"),
}


_NAMED: ContextVar[int | None] = ContextVar("named", default=None)
"""Year whose names of parties are used; a run of a page, in a thread of its own, has its own."""


def name_as_in(year: int | None) -> None:
    """Name parties from here on, for this run alone, as they were called in a year; as today for None."""
    _NAMED.set(year)


def named_as_in() -> int | None:
    """Year whose names of parties are used, None for today's."""
    return _NAMED.get()


def line(code: str) -> Line:
    """Look of a line under the name of the page's year; a code without an entry gets grey and its own letters.

    Parameters
    ----------
    code : str
        Party code or ``spk``.

    Returns
    -------
    Line
        Names, letters and colours.
    """
    year = _NAMED.get()
    return _line(code) if year is None else line_in(code, year)


def _line(code: str) -> Line:
    plain = LINES["oth"]
    return LINES.get(code) or Line(
        name=code.upper(), short=code.upper(), letters=code[:2].upper(), usual=plain.usual, accessible=plain.accessible
    )


FORERUNNERS: dict[str, tuple[tuple[int, str, str, str, str], ...]] = {
    "lib": (
        (1981, "Liberal", "Liberal", "Li", "the Liberals"),
        (1988, "Liberal-SDP Alliance", "Lib-SDP", "LA", "the Alliance"),
    ),
    "ref": ((2019, "UK Independence", "UKIP", "UK", "UKIP"), (2021, "Brexit", "Brexit", "BP", "the Brexit Party")),
}
"""Under one code, who stood before a year: full name, short name, letters, what its people were called (table parties).

Northern Ireland has an Alliance of its own, so that the one of 1981 cannot go by that alone beside it.
"""


def line_in(code: str, year: int) -> Line:
    """Look of a line under the name it had in a year: ``the Liberals`` in 1974, ``the Brexit Party`` in 2019."""
    look = _line(code)
    for until, name, short, letters, plural in FORERUNNERS.get(code, ()):
        if year < until:
            return replace(look, name=name, short=short, letters=letters, plural=plural)
    return look


def colour(code: str, accessible: bool) -> str:
    """Hex colour of a line in the chosen set."""
    look = _line(code)
    return look.accessible if accessible else look.usual


def _channels(hex_colour: str) -> tuple[int, int, int]:
    return int(hex_colour[1:3], 16), int(hex_colour[3:5], 16), int(hex_colour[5:7], 16)


def luminance(hex_colour: str) -> float:
    """Relative luminance of a colour, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _unit(hex_colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _unit(hex_colour: str) -> list[float]:
    return [c / 255 for c in _channels(hex_colour)]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(fill: str) -> str:
    """Black or white, whichever reads better on a fill (at least 4.5:1 on any)."""
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, fill))


def mix(fill: str, strength: float) -> str:
    """Colour between white (strength 0) and ``fill`` (strength 1)."""
    mixed = (round(255 + (c - 255) * strength) for c in _channels(fill))
    return "#" + "".join(f"{c:02X}" for c in mixed)
