"""Pieces that charts share: outlined marks, a legend above, a series by colour and shape, ends of a range."""

from typing import Any

import altair as alt

from views import palette

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
HEIGHT = 320
POINT: dict[str, Any] = {"filled": True, "opacity": 1, "stroke": palette.OUTLINE, "strokeWidth": 1}


def legend(columns: int = 2) -> alt.Legend:
    """Legend above the chart."""
    return alt.Legend(
        title=None, orient="top", columns=columns, labelLimit=210, symbolOpacity=1, symbolStrokeColor=palette.OUTLINE
    )


def series(field: str, names: tuple[str, ...], colours: tuple[str, ...], columns: int = 2) -> dict[str, Any]:
    """Colour and shape of a series, in one legend."""
    shown = legend(columns)
    return {
        "color": alt.Color(f"{field}:N", scale=alt.Scale(domain=list(names), range=list(colours)), legend=shown),
        "shape": alt.Shape(
            f"{field}:N", scale=alt.Scale(domain=list(names), range=list(SHAPES[: len(names)])), legend=shown
        ),
    }


def ends(form: str) -> list[alt.Tooltip]:
    """Both ends of a 90 % range, for a tooltip."""
    return [alt.Tooltip("lo90:Q", title="90% from", format=form), alt.Tooltip("hi90:Q", title="90% to", format=form)]
