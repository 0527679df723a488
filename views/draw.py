"""Send charts and files to the browser: a chart's specification is made once, a file only when it is asked for.

Under each chart stands a box with the same numbers as a table, and with chart and table as files. It is empty until it
is opened, so that sliders stay fast, and opening it runs nothing else of the page.
"""

import json
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from views import frames, palette, picture
from views.charts import Chart
from views.fragments import fragment

Drawn = Chart | alt.VConcatChart
Twin = pl.DataFrame | Callable[[], pl.DataFrame]
"""The numbers of a chart as a table to read, or what makes it."""

BOX = {False: "Table and files", True: "Files"}
"""Name of the box under a chart, by whether the page shows the table itself."""
SOURCE = "chart_source"
"""Where the session keeps what the page's charts are made from."""
ALL_ROWS, TALL = 15, 420
"""Rows up to which a table is shown whole, and its height in pixels beyond."""
DAY = st.column_config.DateColumn(format="D MMM YYYY")

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


def made_from(source: str) -> None:
    """Keep what the charts of a page are made from; their files say so at the foot.

    Parameters
    ----------
    source : str
        One line.
    """
    st.session_state[SOURCE] = source


def draw(
    chart: Callable[..., Drawn],
    tables: dict[str, pl.DataFrame],
    *,
    key: str,
    sentence: str,
    table: Twin,
    beside: bool = False,
    on_click: Callable[[], None] | None = None,
    **settings: Hashable,
) -> None:
    """Draw a chart as wide as its place, and the box of its table and files.

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
    table : pl.DataFrame or callable
        The same numbers under headings to read, or what gives them.
    beside : bool
        Whether the page shows that table itself; the box then has the files alone.
    on_click : callable, optional
        Called when a mark is selected.
    **settings : hashable
        The chart's other arguments.
    """
    drawn = template(chart, tuple(tables), tuple(settings.items()))
    spec: dict[str, Any] = json.loads(drawn)
    spec["datasets"] = {**spec.get("datasets", {}), **tables}
    st.vega_lite_chart(spec=spec, width="stretch", key=key, alt=sentence, on_select=on_click or "ignore")
    _box(drawn, tables, table, key=key, sentence=sentence, beside=beside)


@fragment
def _box(spec: str, tables: dict[str, pl.DataFrame], table: Twin, *, key: str, sentence: str, beside: bool) -> None:
    box = st.expander(BOX[beside], key=f"{key}_box", on_change="rerun", type="compact")
    if not box.open:
        return
    twin = table() if callable(table) else table
    said: dict[str, str] = {"sentence": sentence, "source": st.session_state.get(SOURCE, "selectorate")}
    with box:
        if not beside:
            st.dataframe(
                twin,
                hide_index=True,
                height="content" if twin.height <= ALL_ROWS else TALL,
                alt=sentence,
                placeholder="–",
                column_config=dict.fromkeys(twin.select(pl.selectors.date()).columns, DAY),
            )
        with st.container(horizontal=True):
            offer("CSV", lambda: frames.csv(twin), f"{key}.csv", mime="text/csv", key=f"{key}_file_csv")
            offer(
                "PNG", lambda: picture.png(spec, tables, **said), f"{key}.png", mime="image/png", key=f"{key}_file_png"
            )
            offer(
                "SVG",
                lambda: picture.svg(spec, tables, **said),
                f"{key}.svg",
                mime="image/svg+xml",
                key=f"{key}_file_svg",
            )


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
    year = palette.named_as_in()

    def made() -> str | bytes:
        palette.name_as_in(year)  # files are made in a thread that knows no page
        return make()

    st.download_button(label, made, file_name, mime, key=key, on_click="ignore")
