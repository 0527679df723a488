"""Send charts and files to the browser: a chart's specification is made once, a file only when it is asked for."""

import json
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from views.charts import Chart

Drawn = Chart | alt.VConcatChart

QUIET = {"expr": "luminance(background) > 0.5 ? '#5A5F66' : '#B4BAC2'"}
"""Colour of labels: Streamlit's own grey is 3.7:1 on the light page. The page's colour is known only in the browser."""
LABELS = {
    "axis": {"labelColor": QUIET, "titleColor": QUIET},
    "header": {"labelColor": QUIET, "titleColor": QUIET},
    "legend": {"labelColor": QUIET, "titleColor": QUIET},
}


@lru_cache(maxsize=256)
def template(chart: Callable[..., Drawn], tables: tuple[str, ...], settings: tuple[tuple[str, Hashable], ...]) -> str:
    """Specification of a chart without its tables, as JSON.

    Altair checks what it builds against the schema of Vega-Lite, which takes 50 to 100 ms a chart; a slider cannot
    wait for that, and in the browser a specification that stays the same is updated in place.

    Parameters
    ----------
    chart : callable
        A function of the ``views.charts`` modules.
    tables : tuple of str
        Names of its tables, in the order of its arguments.
    settings : tuple of (str, value)
        Its other arguments.

    Returns
    -------
    str
        Vega-Lite JSON; ``config`` holds the colour of labels alone, the theme of the page sets the rest.
    """
    spec = chart(*(alt.NamedData(name) for name in tables), **dict(settings)).to_dict()
    return json.dumps({**spec, "config": LABELS})


def draw(
    chart: Callable[..., Drawn],
    tables: dict[str, pl.DataFrame],
    *,
    key: str,
    sentence: str,
    on_click: Callable[[], None] | None = None,
    **settings: Hashable,
) -> None:
    """Draw a chart as wide as its place.

    Parameters
    ----------
    chart : callable
        A function of the ``views.charts`` modules.
    tables : dict
        Its tables by name, in the order of its arguments.
    key : str
        Key of the element.
    sentence : str
        What the chart shows: its text alternative.
    on_click : callable, optional
        Called when a mark is selected.
    **settings : hashable
        The chart's other arguments.
    """
    spec: dict[str, Any] = json.loads(template(chart, tuple(tables), tuple(settings.items())))
    spec["datasets"] = {**spec.get("datasets", {}), **tables}
    st.vega_lite_chart(spec=spec, width="stretch", key=key, alt=sentence, on_select=on_click or "ignore")


def offer(label: str, make: Callable[[], str | bytes], file_name: str, *, mime: str, key: str) -> None:
    """Draw a button that makes a file when it is pressed.

    A file made beforehand is thrown away with the next move of a slider, while the browser is still looking for it.

    Parameters
    ----------
    label : str
        Label of the button.
    make : callable
        Gives the content.
    file_name : str
        Name the file is saved under.
    mime : str
        Media type.
    key : str
        Key of the element.
    """
    st.download_button(label, make, file_name, mime, key=key, on_click="ignore")
