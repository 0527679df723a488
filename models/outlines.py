"""Outlines of seats as shapes to draw: projected, on one grid, each around a point inside it.

The table ``boundaries`` holds outlines of the newest seats only, generalised to half a kilometre by their publisher:
the coast and small islands are coarse, and borders are for looking at, not for measuring.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import load_evidence

Array = NDArray[np.float64]
Rings = list[list[Array]]

GRID = 100.0
"""Size of the grid in metres: a fifth of what the outlines were generalised to."""

EARTH = 6_371_000.0
MERIDIAN, PARALLEL = -2.0, 49.0
"""True origin of the British National Grid, in degrees."""

PROBES = 14
"""Points tried across an outline and up it, to find the one furthest from its border."""

SCHEMA = {
    "constituency": pl.String,
    **dict.fromkeys(("x", "y", "west", "east", "south", "north", "room"), pl.Float64),
    "path": pl.String,
}


def project(degrees: Array) -> Array:
    """Lay points of the globe on a plane, as the British National Grid does but on a sphere.

    Parameters
    ----------
    degrees : array of shape (n, 2)
        Longitude and latitude.

    Returns
    -------
    array of shape (n, 2)
        Metres east and north of the grid's true origin (transverse Mercator: shapes are kept, distances to 1 in 1,000).
    """
    east, north = np.radians(degrees[:, 0] - MERIDIAN), np.radians(degrees[:, 1])
    across = np.arctanh(np.cos(north) * np.sin(east))
    up = np.arctan2(np.tan(north), np.cos(east)) - np.radians(PARALLEL)
    return EARTH * np.stack([across, up], axis=1)


def rings_of(text: str) -> Rings:
    """Read well-known text.

    Parameters
    ----------
    text : str
        A ``POLYGON`` or ``MULTIPOLYGON`` in degrees.

    Returns
    -------
    list of list of array
        Polygons, each its outer ring and then its holes; a ring has shape (n, 2) and does not repeat its first point.
    """
    body = text[text.index("(") :].replace(", ", ",")
    body = body[1:-1] if text.startswith("MULTI") else body
    return [
        [np.array([point.split() for point in ring.split(",")], dtype=float)[:-1] for ring in polygon.split("),(")]
        for polygon in body.removeprefix("((").removesuffix("))").split(")),((")
    ]


def _area(ring: Array) -> float:
    """Area inside a ring, above 0 where it runs against the clock."""
    x, y = ring.T
    return float(0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum())


def _on_grid(ring: Array) -> Array:
    """Round a ring to the grid, without points that fall together."""
    points = np.round(project(ring) / GRID)
    return points[np.any(points != np.roll(points, 1, axis=0), axis=1)]


def _inside(points: Array, polygon: list[Array]) -> NDArray[np.bool_]:
    """Whether points are in a polygon, by how often a ray to the east crosses its rings."""
    crossed = np.zeros(len(points), dtype=int)
    for ring in polygon:
        a, b = ring, np.roll(ring, -1, axis=0)
        spans = (a[:, 1] > points[:, 1, None]) != (b[:, 1] > points[:, 1, None])
        slope = (b[:, 0] - a[:, 0]) / np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
        crossed += (spans & (points[:, 0, None] < a[:, 0] + slope * (points[:, 1, None] - a[:, 1]))).sum(axis=1)
    odd: NDArray[np.bool_] = crossed % 2 == 1
    return odd


def _to_border(points: Array, polygon: list[Array]) -> Array:
    """Distance of points to the nearest border."""
    nearest = np.full(len(points), np.inf)
    for a in polygon:
        step = np.roll(a, -1, axis=0) - a
        along = ((points[:, None] - a) * step).sum(axis=2) / (step**2).sum(axis=1)
        foot = a + np.clip(along, 0, 1)[:, :, None] * step
        nearest = np.minimum(nearest, np.sqrt(((points[:, None] - foot) ** 2).sum(axis=2)).min(axis=1))
    return nearest


def _heart(polygon: list[Array]) -> tuple[Array, float]:
    """Point of the grid well inside a polygon, and its distance to the border."""
    low, high = polygon[0].min(axis=0), polygon[0].max(axis=0)
    steps = (np.arange(PROBES) + 0.5) / PROBES
    probes = np.stack(np.meshgrid(*(low + (high - low) * steps[:, None]).T), axis=-1).reshape(-1, 2)
    held = probes[_inside(probes, polygon)]
    if not len(held):
        return np.round((low + high) / 2), 0.0
    room = _to_border(held, polygon)
    best = int(room.argmax())
    return np.round(held[best]), float(np.floor(room[best]))


def _path(polygons: Rings, heart: Array) -> str:
    """Write polygons as an SVG path around a point, south being down; holes run against their outer ring."""
    parts = []
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            turned = ring if (_area(ring) > 0) == (number == 0) else ring[::-1]
            points = ((turned - heart) * (1, -1)).astype(int)
            steps = " ".join(f"{x},{y}" for x, y in np.diff(points, axis=0))
            parts.append(f"M{points[0, 0]},{points[0, 1]}l{steps}z")
    return "".join(parts)


def _shape(code: str, text: str) -> tuple[object, ...]:
    """Row of one seat."""
    gridded = [[_on_grid(ring) for ring in polygon] for polygon in rings_of(text)]
    # An islet smaller than the grid is a line or a point there.
    kept = [[ring for ring in polygon if _area(ring)] for polygon in gridded if _area(polygon[0])]
    heart, room = _heart(max(kept, key=lambda polygon: abs(_area(polygon[0]))))
    every = np.concatenate([polygon[0] for polygon in kept])
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return code, *map(float, (*heart, west, east, south, north)), room, _path(kept, heart)


@cache
def _shapes() -> pl.DataFrame:
    """Shapes of all outlines held, made once for all visitors."""
    table = load_evidence().boundaries.select("constituency", "outline")
    return pl.DataFrame([_shape(code, text) for code, text in table.iter_rows()], schema=SCHEMA, orient="row")


def outlines(constituencies: Iterable[str]) -> pl.DataFrame:
    """Shapes of seats.

    Parameters
    ----------
    constituencies : iterable of str
        Codes of all seats of an election.

    Returns
    -------
    pl.DataFrame
        ``constituency, x, y, west, east, south, north, room, path``, in steps of ``GRID``; no rows where some of the
        seats have no outline, since a code may have belonged to another seat before. ``x, y`` is a point inside the
        largest part of the seat, ``room`` its distance to the border, ``path`` an SVG path around that point whose
        ``y`` grows to the south.
    """
    wanted = set(constituencies)
    found = _shapes().filter(pl.col("constituency").is_in(list(wanted)))
    return found if found.height == len(wanted) else found.clear()
