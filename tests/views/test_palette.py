from itertools import combinations

import numpy as np
import pytest

from data import read_table
from data.schemas import TABLES
from views import palette

MAIN = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "restore", "yp", "oth")
# Machado, Oliveira and Fernandes 2009, doi 10.1109/TVCG.2009.113: severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
# Ottosson's Oklab: linear RGB to cone responses, their cube roots to lightness and two hues.
CONES = [[0.4122215, 0.5363325, 0.0514460], [0.2119035, 0.6806995, 0.1073970], [0.0883025, 0.2817188, 0.6299787]]
LAB = [[0.2104543, 0.7936178, -0.0040720], [1.9779985, -2.4285922, 0.4505937], [0.0259040, 0.7827718, -0.8086758]]


def oklab(colour: str, vision: str) -> np.ndarray:
    """Place of a colour in Oklab, times 100, as seen with one kind of vision."""
    unit = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISION[vision]) @ linear, 0, 1)
    return 100 * np.array(LAB) @ np.cbrt(np.array(CONES) @ seen)


def closest(accessible: bool, vision: str) -> float:
    """Smallest distance of two main parties' colours."""
    places = [oklab(palette.colour(code, accessible), vision) for code in MAIN]
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(places, 2))


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


@pytest.mark.parametrize("vision", VISION)
def test_accessible_colours_stay_apart(vision: str) -> None:
    """Main parties keep a distance in the accessible set, larger than in the usual one, for each kind of vision."""
    assert closest(accessible=True, vision=vision) >= 9
    if vision != "normal":
        assert closest(accessible=True, vision=vision) > 1.5 * closest(accessible=False, vision=vision)


def test_every_line_has_a_look() -> None:
    """Every party in the tables, and the Speaker, has a name, letters and two colours of its own entry."""
    assert "parties" in TABLES
    codes = {*read_table("parties")["party"], *read_table("contests")["winner"], *read_table("results")["party"], "spk"}
    assert codes - set(palette.LINES) == set()
    for look in palette.LINES.values():
        assert look.name
        assert 1 <= len(look.letters) <= 2
        assert len(look.short) <= 8


def test_letters_tell_lines_apart() -> None:
    """No two lines share letters or short names, since colour never stands alone."""
    looks = list(palette.LINES.values())
    assert len({look.letters for look in looks}) == len(looks)
    assert len({look.short for look in looks}) == len(looks)


def test_unknown_line_is_grey() -> None:
    """A code without an entry is drawn in grey with its own letters."""
    assert palette.line("xyz").letters == "XY"
    assert palette.colour("xyz", accessible=False) == palette.colour("oth", accessible=False)
