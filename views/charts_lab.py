"""Charts of the scenario lab: a waterfall of contributions, and seats along a dial with a slider of their own."""

from dataclasses import dataclass

import altair as alt

from views import palette
from views.charts import AXES, RANK, Chart, Table, majority_rule, raw, rows_by_rank, stack, two_line_axis

KINDS = ("More", "Fewer", "Total")
PLACE = "dial"
"""Name of the parameter that the slider moves."""
HERE = f"abs(datum.value - {PLACE}) < 0.001"
CURVES, ROW = 300, 40
ROOM = 118
"""Pixels for labels at the left of both pictures, inside them: Vega-Lite fits no concatenation into its place, so that
nothing may stand beside it."""
TITLE = 300
"""Most pixels of a dial's title, which may hold a name of eighty letters."""
MARGIN = 14
"""Pixels at the right, for the last label of an axis."""


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A slider under the chart: its label, ends, step and start, and how its place is written in a title.

    ``before`` and ``after`` stand around the number, which has the form ``form`` (d3-format).
    """

    label: str
    lo: float
    hi: float
    step: float
    start: float
    form: str
    after: str = ""


def waterfall(bars: Table, *, rows: int, majority: int, ends: tuple[int, int]) -> Chart:
    """Bars that float from where each setting takes the seats to where it leaves them.

    Parameters
    ----------
    bars : pl.DataFrame or alt.NamedData
        As ``views.frames_lab.bars`` gives it.
    rows : int
        Number of rows, with both totals.
    majority : int
        Seats for a majority; drawn where the axis reaches it.
    ends : tuple of int
        Ends of the axis.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    scale = alt.Scale(domain=list(ends), nice=False)
    blue, orange, _, grey = palette.SERIES[:4]
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS), range=[blue, orange, grey]), legend=None)
    x = alt.X("start:Q", title="Seats (mean)", scale=scale, axis=alt.Axis(tickCount=6))
    base = alt.Chart(bars).encode(y=rows_by_rank(), tooltip=[alt.Tooltip("told:N", title="Seats")])
    middle = alt.Y("row:N", sort=RANK, axis=two_line_axis(), bandPosition=0.5)
    layers = [
        base.mark_rule(color=palette.OUTLINE, strokeWidth=1).encode(
            x=alt.X("end:Q", scale=scale, axis=None), y=middle, y2=alt.Y2("below:N", bandPosition=0.5)
        ),
        base.transform_filter("datum.kind !== 'Total'")
        .mark_bar(height=alt.RelativeBandSize(band=0.55), stroke=palette.OUTLINE, strokeWidth=1)
        .encode(x=x, x2="end:Q", color=colour),
        base.transform_filter("datum.kind === 'Total'")
        .mark_point(filled=True, size=170, opacity=1, shape="diamond", stroke=palette.OUTLINE, strokeWidth=1)
        .encode(x=alt.X("end:Q", scale=scale, axis=None), color=colour),
    ]
    if ends[0] <= majority <= ends[1]:
        layers.append(majority_rule(majority, scale))
    return stack(*layers, height=ROW * rows + AXES, own_axes=True)


def response(
    curves: Table,
    live: Table,
    *,
    lines: tuple[tuple[str, str], ...],
    slider: Slider,
    marked: tuple[tuple[float, str], ...],
    majority: int,
    top: int,
) -> alt.VConcatChart:
    """Seats along a dial, and below them every party's seats at the place of a slider that the browser moves alone.

    Parameters
    ----------
    curves : pl.DataFrame or alt.NamedData
        As ``views.frames_lab.curve_rows`` gives it.
    live : pl.DataFrame or alt.NamedData
        As ``views.frames_lab.live_rows`` gives it: all that the slider can show.
    lines : tuple of (str, str)
        Short name and colour of each party, in the order of rows.
    slider : Slider
        The slider.
    marked : tuple of (float, str)
        Places on the dial that are marked, and what is written above them.
    majority : int
        Seats for a majority.
    top : int
        End of the axes of seats.

    Returns
    -------
    alt.VConcatChart
        As wide as its container.
    """
    place = alt.param(
        name=PLACE,
        value=slider.start,
        bind=alt.binding_range(min=slider.lo, max=slider.hi, step=slider.step, name=f"{slider.label} "),
    )
    above = _curves(curves, live, lines=lines, slider=slider, marked=marked, majority=majority, top=top)
    below = _seats_there(live, rows=len(lines), slider=slider, majority=majority, top=top)
    both: alt.VConcatChart = alt.vconcat(above, below, spacing=18).add_params(place)
    return both


def _curves(
    curves: Table,
    live: Table,
    *,
    lines: tuple[tuple[str, str], ...],
    slider: Slider,
    marked: tuple[tuple[float, str], ...],
    majority: int,
    top: int,
) -> Chart:
    across = _inside(slider.lo, slider.hi)
    shown = alt.X("value:Q", title=slider.label, scale=across, axis=alt.Axis(tickCount=6, titleLimit=TITLE))
    x = alt.X("value:Q", scale=across, axis=None)
    hundreds = [*(v for v in range(0, top + 1, 100) if abs(v - majority) > 40), majority]
    colour = _parties(lines)

    def y(field: str) -> alt.Y:
        scale = alt.Scale(domain=[0, top], nice=False)
        axis = alt.Axis(values=sorted(hundreds), labelPadding=-ROOM + 8, ticks=False, domain=False)
        return alt.Y(f"{field}:Q", title=None, scale=scale, axis=axis)

    base = alt.Chart(curves).encode(x=x)
    bands = base.transform_filter("datum.band")
    tooltip = [
        alt.Tooltip("short:N", title="Party"),
        alt.Tooltip("told:N", title="Dial"),
        alt.Tooltip("median:Q", title="Median", format=".0f"),
        alt.Tooltip("lo90:Q", title="90% from", format=".0f"),
        alt.Tooltip("hi90:Q", title="90% to", format=".0f"),
    ]
    here = alt.Chart(live).transform_filter(HERE).encode(x=x)
    return stack(
        bands.mark_area(opacity=0.18).encode(x=shown, y=y("lo90"), y2="hi90:Q", color=colour),
        bands.mark_area(opacity=0.32).encode(y=y("lo50"), y2="hi50:Q", color=colour),
        alt.Chart(alt.InlineData([{"value": slider.lo, "to": slider.hi, "at": majority}]))
        .mark_rule(color=palette.OUTLINE, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=x, x2="to:Q", y=y("at"), tooltip=alt.value(None)),
        base.mark_line(strokeWidth=3.6, color=palette.OUTLINE).encode(y=y("median"), detail="short:N"),
        base.mark_line(strokeWidth=2.2).encode(y=y("median"), color=colour),
        base.mark_circle(size=40, opacity=0).encode(y=y("median"), color=colour, tooltip=tooltip),
        _marked(marked, across),
        here.mark_rule(color=palette.OUTLINE, strokeWidth=2).encode(tooltip=alt.value(None)),
        here.mark_circle(size=90, opacity=1, stroke=palette.OUTLINE, strokeWidth=1).encode(y=y("median"), color=colour),
        height=CURVES,
        own_axes=True,
    ).properties(title=_title("Median seats along the dial"))


def _parties(lines: tuple[tuple[str, str], ...]) -> alt.Color:
    """Colours of parties with a legend above."""
    names, fills = [name for name, _ in lines], [fill for _, fill in lines]
    legend = alt.Legend(
        title=None, orient="top", columns=4, symbolType="circle", symbolOpacity=1, symbolStrokeColor=palette.OUTLINE
    )
    return alt.Color("short:N", scale=alt.Scale(domain=names, range=fills), legend=legend)


def _inside(lo: float, hi: float) -> alt.Scale:
    """Scale of an axis that leaves room for labels within the picture."""
    return alt.Scale(domain=[lo, hi], nice=False, rangeMin=ROOM, rangeMax=alt.expr(f"width - {MARGIN}"))


def _title(text: str | alt.ExprRef) -> alt.TitleParams:
    return alt.TitleParams(text=text, anchor="start", fontSize=14, frame="group")


def _marked(marked: tuple[tuple[float, str], ...], across: alt.Scale) -> alt.Chart:
    """Dashed rules at places of the dial, named above: one layer, as Vega refuses a concatenation of more own axes."""
    called = "".join(f"abs(datum.value - {at}) < 0.001 ? '{name}' : " for at, name in marked)
    first = min(at for at, _ in marked)
    aside = alt.condition(f"abs(datum.value - {first}) < 0.001", alt.value("right"), alt.value("left"))
    axis = alt.Axis(
        orient="top",
        values=[at for at, _ in marked],
        labelExpr=f"{called}''",
        labelAlign=aside if len(marked) > 1 else "center",
        labelBound=False,
        title=None,
        grid=False,
    )
    rules = alt.Chart(alt.InlineData([{"at": at} for at, _ in marked]))
    drawn: alt.Chart = rules.mark_rule(color=palette.OUTLINE, strokeDash=[2, 3]).encode(
        x=alt.X("at:Q", axis=axis, scale=across, title=None), tooltip=alt.value(None)
    )
    return drawn


def _seats_there(live: Table, *, rows: int, slider: Slider, majority: int, top: int) -> Chart:
    """Median and ranges of each party's seats at the place of the slider; a ring where the scenario has them."""
    scale = _inside(0, top)
    axis = two_line_axis()
    axis["labelPadding"] = -ROOM + 8
    axis["ticks"] = axis["domain"] = False
    base = alt.Chart(live).transform_filter(HERE).encode(y=alt.Y("row:N", sort=RANK, axis=axis))

    def at(field: str, axis: alt.Axis | None = None) -> alt.X:
        return alt.X(f"{field}:Q", title="Seats", scale=scale, axis=axis)

    here = alt.expr(f"'Seats with the dial at ' + format({PLACE}, '{slider.form}') + '{slider.after}'")
    return stack(
        base.mark_rule(strokeWidth=6, color=palette.OUTLINE).encode(x=at("lo90", alt.Axis(tickCount=6)), x2="hi90:Q"),
        base.mark_rule(strokeWidth=4).encode(x=at("lo90"), x2="hi90:Q", color=raw("fill")),
        base.mark_rule(strokeWidth=12, color=palette.OUTLINE).encode(x=at("lo50"), x2="hi50:Q"),
        base.mark_rule(strokeWidth=10).encode(x=at("lo50"), x2="hi50:Q", color=raw("fill")),
        base.mark_point(size=110, filled=False, color=palette.OUTLINE, strokeWidth=2.5).encode(x=at("now")),
        base.mark_point(size=150, filled=True, opacity=1, stroke=palette.OUTLINE, strokeWidth=1.5).encode(
            x=at("median"), color=raw("fill")
        ),
        majority_rule(majority, scale),
        height=ROW * rows,
        own_axes=True,
    ).properties(title=_title(here))
