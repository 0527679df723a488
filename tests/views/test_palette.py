from itertools import combinations

import pytest
from coloraide.everything import ColorAll as Color

from data import read_table
from data.schemas import TABLES
from views import palette

MAIN = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore", "yp", "oth")
VISIONS = ("normal", "protan", "deutan", "tritan")


def places(accessible: bool, vision: str) -> dict[str, Color]:
    """Main parties' colours as seen with one kind of vision (Machado, Oliveira and Fernandes 2009, severity 1)."""
    plain = {code: Color(palette.colour(code, accessible)) for code in MAIN}
    if vision == "normal":
        return plain
    seen = {code: colour.filter(vision, 1, method="machado").convert("srgb") for code, colour in plain.items()}
    return {code: colour.clip() for code, colour in seen.items()}


def distances(accessible: bool, vision: str) -> dict[tuple[str, str], float]:
    """Distance of every two main parties' colours in CAM02-UCS, where 1 is about what an eye can just tell."""
    seen = places(accessible, vision)
    return {(a, b): float(seen[a].distance(seen[b], space="cam02-ucs")) for a, b in combinations(MAIN, 2)}


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#12B6CF", "#FFFFFF", 2.44)],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    """Contrast agrees with published ratios."""
    assert palette.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert palette.contrast(other, one) == palette.contrast(one, other)


@pytest.mark.parametrize("page", [palette.LIGHT_PAGE, palette.DARK_PAGE])
@pytest.mark.parametrize("code", palette.LINES)
def test_every_mark_stands_out(code: str, page: str) -> None:
    """On light and dark pages the fill, or else the outline round it, reaches 3:1."""
    for accessible in (False, True):
        fill = palette.colour(code, accessible)
        assert max(palette.contrast(fill, page), palette.contrast(palette.OUTLINE, page)) >= 3


def test_outline_alone_reaches_three() -> None:
    """The outline reaches 3:1 on both pages, so that no fill needs to."""
    assert palette.contrast(palette.OUTLINE, palette.LIGHT_PAGE) >= 3
    assert palette.contrast(palette.OUTLINE, palette.DARK_PAGE) >= 3


def test_ink_reads_on_every_fill() -> None:
    """Letters reach 4.5:1 on every colour and on every paler tint of it."""
    fills = [palette.colour(code, accessible) for code in palette.LINES for accessible in (False, True)]
    tints = [palette.mix(fill, strength) for fill in fills for strength in (0.2, 0.46, 0.72)]
    for fill in [*fills, *tints, *palette.CERTAINTY, palette.NEUTRAL]:
        assert palette.contrast(palette.ink_on(fill), fill) >= 4.5


def test_mix_goes_from_white_to_the_fill() -> None:
    """No strength is white, full strength the colour itself."""
    assert palette.mix("#9E000A", 0.0) == "#FFFFFF"
    assert palette.mix("#9E000A", 1.0) == "#9E000A"


@pytest.mark.parametrize(
    ("vision", "pair", "distance"),
    [("deutan", ("lab", "grn"), 9.1), ("protan", ("lab", "plaid"), 9.6), ("tritan", ("con", "grn"), 9.3)],
)
def test_distances_are_those_known(vision: str, pair: tuple[str, str], distance: float) -> None:
    """Distances of usual colours agree with those reckoned elsewhere for the same two parties."""
    assert distances(accessible=False, vision=vision)[pair] == pytest.approx(distance, abs=0.06)


@pytest.mark.parametrize(("vision", "least"), [("normal", 20), ("protan", 20), ("deutan", 20), ("tritan", 11)])
def test_accessible_colours_stay_apart(vision: str, least: float) -> None:
    """Any two main parties keep a distance of 20 in the accessible set, 11 under blue-yellow blindness."""
    close = {
        pair: round(found, 1) for pair, found in distances(accessible=True, vision=vision).items() if found < least
    }
    assert close == {}


@pytest.mark.parametrize("vision", VISIONS[1:])
def test_accessible_colours_are_the_better_set(vision: str) -> None:
    """Under each kind of colour blindness the accessible set keeps its closest parties further apart than the usual."""
    usual, accessible = (min(distances(flag, vision).values()) for flag in (False, True))
    assert accessible > 1.25 * usual


def test_fills_that_need_their_outline_are_known() -> None:
    """On the light page only these colours of the accessible set lean on the outline, and the outline holds them up."""
    fills = {code: palette.colour(code, accessible=True) for code in MAIN}
    pale = {code for code, fill in fills.items() if palette.contrast(fill, palette.LIGHT_PAGE) < 3}
    assert pale == {"ref", "snp", "yp"}
    assert palette.contrast(palette.OUTLINE, palette.LIGHT_PAGE) >= 3


def test_every_line_has_a_look() -> None:
    """Every party in the tables, and the Speaker, has a name, letters and two colours of its own entry."""
    assert "parties" in TABLES
    codes = {*read_table("parties")["party"], *read_table("contests")["winner"], *read_table("results")["party"], "spk"}
    assert codes - set(palette.LINES) == set()
    for look in palette.LINES.values():
        assert look.name
        assert 1 <= len(look.letters) <= 2
        assert len(look.short) <= 8


@pytest.mark.parametrize("year", [1980, 1987, 2018, 2020, 2026])
def test_letters_tell_lines_apart(year: int) -> None:
    """No two lines share letters or short names in any year, since colour never stands alone."""
    looks = [palette.line_in(code, year) for code in palette.LINES]
    assert len({look.letters for look in looks}) == len(looks)
    assert len({look.short for look in looks}) == len(looks)


def test_unknown_line_is_grey() -> None:
    """A code without an entry is drawn in grey with its own letters."""
    assert palette.line("xyz").letters == "XY"
    assert palette.colour("xyz", accessible=False) == palette.colour("oth", accessible=False)
