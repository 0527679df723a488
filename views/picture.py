"""A chart as a file: SVG or PNG with its sentence above and where it comes from below, on white, whatever the page has.

Vega-Lite is drawn by vl-convert, with fonts of its own and no network. It takes a second to load, so it is imported
when the first file is made.
"""

import json
import re
import textwrap
from typing import Any
from xml.sax.saxutils import escape

import polars as pl

from views import palette, words

WIDTH = 900
"""Pixels from the axis' labels to the right end; on a page a chart is as wide as its place."""
PAD = 20
SLACK = 14
"""Pixels left of the labels, which are wider where a reader has other fonts."""
SCALE = 2
"""Pixels of a PNG to one of an SVG."""
TITLE, SMALL = 15, 11
"""Sizes of type."""
TITLE_LETTERS, SMALL_LETTERS = 118, 155
"""Letters of a line, as many as surely fit."""
INK, QUIET, GRID = "#14171B", "#5A5F66", "#E3E6EA"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_LABELS = {"labelColor": QUIET, "titleColor": QUIET, "labelFont": FONT, "titleFont": FONT, "titleFontWeight": "normal"}
LIGHT: dict[str, Any] = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {**_LABELS, "gridColor": GRID, "domainColor": GRID, "tickColor": GRID, "labelFontSize": 12},
    "header": _LABELS,
    "legend": {**_LABELS, "labelFontSize": 12},
}
"""The look of Streamlit's light theme."""
_SIZE = re.compile(r'^<svg[^>]*? width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"')


def rows_of(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as Vega-Lite takes them.

    Parameters
    ----------
    table : pl.DataFrame
        A table of a chart.

    Returns
    -------
    list of dict
        Days are midnight where the file is drawn, as they are on a page; what is no number is null.
    """
    days, floats = pl.selectors.date(), pl.selectors.float()
    plain = table.with_columns(days.dt.strftime("%Y-%m-%dT00:00:00"), floats.fill_nan(None))
    return plain.to_dicts()


def chart_svg(spec: str, tables: dict[str, pl.DataFrame], *, width: int = WIDTH, height: int | None = None) -> str:
    """Draw a chart alone.

    Parameters
    ----------
    spec : str
        As ``views.draw.template`` gives it.
    tables : dict
        Its tables by name.
    width : int
        Pixels.
    height : int, optional
        Pixels, where it is not to have the chart's own.

    Returns
    -------
    str
        SVG without script, style sheet or reference to anything outside it.
    """
    import vl_convert

    whole: dict[str, Any] = json.loads(spec)
    whole |= {
        "background": palette.LIGHT_PAGE,
        "config": LIGHT,
        "padding": {"left": SLACK, "top": 2, "right": 2, "bottom": 2},
    }
    if height is not None:
        whole["height"] = height
    whole["datasets"] = {**whole.get("datasets", {}), **{name: rows_of(table) for name, table in tables.items()}}
    if "vconcat" in whole:
        whole["vconcat"] = [{**part, "width": width - 150} for part in whole["vconcat"]]
    else:
        whole |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    drawn: str = vl_convert.vegalite_to_svg(whole, allowed_base_urls=[])
    return drawn


def svg(spec: str, tables: dict[str, pl.DataFrame], *, sentence: str, source: str) -> str:
    """Draw a chart with its sentence above it and its source below.

    Parameters
    ----------
    spec : str
        As ``views.draw.template`` gives it.
    tables : dict
        Its tables by name.
    sentence : str
        What the chart shows.
    source : str
        What it was made from.

    Returns
    -------
    str
        SVG that stands alone.
    """
    chart = chart_svg(spec, tables)
    size = _SIZE.search(chart)
    assert size is not None
    sentence, source = words.visible(sentence), words.visible(source)
    above, below = textwrap.wrap(sentence, TITLE_LETTERS), textwrap.wrap(source, SMALL_LETTERS)
    top = PAD + round(1.35 * TITLE * len(above)) + 10
    foot = top + float(size["height"]) + 14
    wide = max(WIDTH, float(size["width"])) + 2 * PAD
    high = foot + round(1.35 * SMALL * len(below)) + PAD - 6
    said = f"<title>{escape(sentence)}</title><desc>{escape(source)}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}" '
        f'role="img" font-family="{FONT}">{said}<rect width="100%" height="100%" fill="{palette.LIGHT_PAGE}"/>'
        + _lines(above, PAD + TITLE, size=TITLE, look=f'font-weight="bold" fill="{INK}"')
        + chart.replace("<svg", f'<svg x="{PAD - SLACK}" y="{top}" overflow="visible"', 1)
        + _lines(below, foot + SMALL, size=SMALL, look=f'fill="{QUIET}"')
        + "</svg>"
    )


def _lines(texts: list[str], first: float, *, size: int, look: str) -> str:
    at = (first + round(1.35 * size * place) for place in range(len(texts)))
    return "".join(
        f'<text x="{PAD}" y="{y:g}" font-size="{size}" {look}>{escape(text)}</text>'
        for y, text in zip(at, texts, strict=True)
    )


def png(spec: str, tables: dict[str, pl.DataFrame], *, sentence: str, source: str) -> bytes:
    """Draw the same as ``svg`` in points, two for each of its pixels.

    Parameters
    ----------
    spec : str
        As ``views.draw.template`` gives it.
    tables : dict
        Its tables by name.
    sentence : str
        What the chart shows.
    source : str
        What it was made from.

    Returns
    -------
    bytes
        A PNG.
    """
    import vl_convert

    drawn: bytes = vl_convert.svg_to_png(svg(spec, tables, sentence=sentence, source=source), scale=SCALE)
    return drawn
