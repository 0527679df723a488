"""How candidates, groups and rules of leadership contests are named in charts: letters, short names, colours."""

import textwrap
from collections.abc import Sequence

from models.contest_answer import Answer
from models.contest_text import GROUP_NAMES
from models.rules import Rule
from views import palette

NOBODY = "Nobody can stand"
OWN = "own"
WRAP, RULE_LINES = 24, 3
"""Characters on a line of a rule's label, and lines with its title; the table has the whole name."""
SHORT = 12
"""Names up to this many letters are not shortened."""
GROUP_LABELS = {group: name[:1].upper() + name[1:] for group, name in GROUP_NAMES.items()}


def looks(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Legend label and colour of each candidate: name and letters, colours of series, then paler ones."""
    shades = [palette.mix(fill, strength) for strength in (1.0, 0.5, 0.25) for fill in palette.SERIES]
    fills = dict(zip(names, shades, strict=False)) | {NOBODY: palette.NEUTRAL}
    marks = dict(zip(names, letters(names), strict=True))
    return tuple((f"{name} ({marks[name]})" if name in marks else name, fills[name]) for name in [*names, NOBODY])


def looks_of(found: Answer) -> tuple[tuple[str, str], ...]:
    """Looks of a contest's candidates; of nobody only where that may come."""
    shown = looks(found.held.candidates)
    return shown if any(counted.p_nobody for counted in found.held.counts.values()) else shown[:-1]


def letters(names: Sequence[str]) -> list[str]:
    """Letters for each candidate: initials where they differ, else A, B, C."""
    own = ["".join(part[0] for part in name.replace("-", " ").split()).upper() for name in names]
    return own if len(set(own)) == len(own) else [chr(ord("A") + i) for i in range(len(names))]


def short_names(names: Sequence[str]) -> list[str]:
    """Surnames, with an initial where two are alike; short names as they are."""
    last = [name.split()[-1] for name in names]
    return [
        name if len(name) <= SHORT else own if last.count(own) == 1 else f"{name[0]}. {own}"
        for name, own in zip(names, last, strict=True)
    ]


def rule_title(code: str) -> str:
    """A rule by party and year: ``Labour 1993``, ``Cons. 2022``."""
    if code == OWN:
        return "Your own"
    party, _, year = code.partition("-")
    return f"{palette.line_in(party, int(year[:4])).short} {year[:4]}"


def rule_name(rule: Rule) -> str:
    """A rule in full: ``Labour 1993: electoral college, thirds``."""
    return f"{rule_title(rule.rule)}: {rule.name}"


def rule_row(rule: Rule, *, in_force: bool) -> str:
    """Label of a rule's row, its lines parted by ``|``."""
    lines, most = textwrap.wrap(rule.name, WRAP), RULE_LINES - 1
    shown = lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: WRAP - 1]}…"]
    title = rule_title(rule.rule)
    filled = [*shown, *[" "] * (most - len(shown))]
    return "|".join([f"In force: {title}" if in_force else title, *filled])


def in_hundred(p: float) -> str:
    """A chance as a number in 100, its ends as ``<1`` and ``>99``."""
    return "<1" if 0 < p < 0.005 else ">99" if 0.995 < p < 1 else f"{100 * p:.0f}"
