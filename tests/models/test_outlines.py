import re
from collections import Counter

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from data import load_evidence
from models.outlines import EARTH, GRID, outlines, project, rings_of

SQUARE = "((0 50, 1 50, 1 51, 0 51, 0 50), (0.4 50.4, 0.4 50.6, 0.6 50.6, 0.6 50.4, 0.4 50.4))"


@pytest.fixture(scope="module")
def shapes() -> pl.DataFrame:
    return outlines(load_evidence().boundaries["constituency"])


def drawn(path: str) -> list[NDArray[np.float64]]:
    """Rings of an SVG path, read apart from the module."""
    rings = []
    for start, steps in re.findall(r"M([^l]+)l([^z]+)z", path):
        points = [[float(x) for x in pair.split(",")] for pair in [start, *steps.split()]]
        rings.append(np.cumsum(points, axis=0))
    return rings


def area(ring: NDArray[np.float64]) -> float:
    """Area inside a ring; its sign tells which way it runs."""
    x, y = ring.T
    return float(0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum())


def test_rings_are_read() -> None:
    """A polygon is read with its hole, several polygons apart, and no point is read twice."""
    (polygon,) = rings_of(f"POLYGON {SQUARE}")
    assert [len(ring) for ring in polygon] == [4, 4]
    assert polygon[0][1].tolist() == [1.0, 50.0]
    two = rings_of(f"MULTIPOLYGON ({SQUARE}, ((5 50, 6 50, 6 51, 5 50)))")
    assert [len(p) for p in two] == [2, 1]
    assert two[1][0].tolist() == [[5.0, 50.0], [6.0, 50.0], [6.0, 51.0]]


def test_projection_keeps_distances() -> None:
    """A degree of latitude is as long as on the globe, everywhere in the country to 1 in 300, and north is up."""
    for longitude in (-8.0, -2.0, 1.7):
        low, high = project(np.array([[longitude, 52.0], [longitude, 53.0]]))
        assert np.hypot(*(high - low)) == pytest.approx(EARTH * np.pi / 180, rel=1 / 300)
        assert high[1] > low[1]
    assert project(np.array([[-2.0, 49.0]])) == pytest.approx(np.zeros((1, 2)), abs=1e-6)


def test_every_seat_has_an_outline(shapes: pl.DataFrame) -> None:
    """All 650 seats are drawn; with a code that has no outline nothing is, for the seats are others then."""
    assert shapes.height == 650
    assert shapes["constituency"].n_unique() == 650
    assert outlines([*shapes["constituency"], "E14000530"]).is_empty()


def test_land_is_as_large_as_it_is(shapes: pl.DataFrame) -> None:
    """The outlines sum to the United Kingdom's 243,000 square kilometres of land, holes taken out."""
    total = sum(-area(ring) for path in shapes["path"] for ring in drawn(path)) * (GRID / 1000) ** 2
    assert total == pytest.approx(243_000, rel=0.02)


def test_borders_are_shared(shapes: pl.DataFrame) -> None:
    """Rounding to the grid leaves no gap: most corners of inland seats are corners of a neighbour, too."""
    corners: Counter[tuple[float, float]] = Counter()
    for x, y, path in shapes.filter(pl.col("constituency").str.starts_with("E")).select("x", "y", "path").iter_rows():
        corners.update({(x + px, y - py) for ring in drawn(path) for px, py in ring})
    assert sum(count > 1 for count in corners.values()) > 0.5 * len(corners)


def test_seats_lie_where_they_are(shapes: pl.DataFrame) -> None:
    """Orkney and Shetland is the northernmost seat, St Ives ends furthest south, Lowestoft furthest east."""
    names = dict(load_evidence().constituencies.filter(boundary_set="2024").select("constituency", "name").iter_rows())
    assert names[shapes.sort("north")["constituency"][-1]] == "Orkney and Shetland"
    assert names[shapes.sort("south")["constituency"][0]] == "St Ives"
    assert names[shapes.sort("east")["constituency"][-1]] == "Lowestoft"


def test_letters_stand_inside(shapes: pl.DataFrame) -> None:
    """The point of each seat lies within its box, with no corner nearer than the room it is said to have."""
    assert (
        shapes.select(pl.col("x").is_between("west", "east") & pl.col("y").is_between("south", "north"))
        .to_series()
        .all()
    )
    for room, path in shapes.select("room", "path").iter_rows():
        corners = np.concatenate(drawn(path))
        assert np.hypot(*corners.T).min() >= room - 1
    assert (shapes["room"] > 0).all()
