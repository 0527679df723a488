"""Chart of battlegrounds: seats by the swing that would turn them and the chance that they turn."""

import altair as alt

from views import palette
from views.charts import Chart, Table, stack
from views.layers import POINT, legend

HEIGHT = 420


def ladder(seats: Table, *, looks: tuple[tuple[str, str, str], ...], swing: str, chance: str) -> Chart:
    """One mark a seat: the swing that would turn it across, the chance that it turns upwards.

    Parameters
    ----------
    seats : pl.DataFrame or alt.NamedData
        As ``views.frames_battlegrounds.marks`` gives it.
    looks : tuple of (str, str, str)
        Name, colour and shape of each rival, in the order of the legend.
    swing, chance : str
        Titles of the axes.

    Returns
    -------
    alt.LayerChart
        As wide as its container.
    """
    names, fills, shapes = (list(column) for column in zip(*looks, strict=True))
    tooltip = [
        alt.Tooltip("name:N", title="Seat"),
        alt.Tooltip("region:N", title="Region"),
        alt.Tooltip("held:N", title="Holder"),
        alt.Tooltip("rival:N", title="Against"),
        alt.Tooltip("told:N", title="Swing"),
        alt.Tooltip("percent:Q", title=chance),
    ]
    y = alt.Y("percent:Q", title=chance, scale=alt.Scale(domain=[0, 100], nice=False), axis=alt.Axis(tickCount=5))
    points = (
        alt.Chart(seats)
        .mark_point(size=70, **POINT)
        .encode(
            x=alt.X("swing:Q", title=swing, axis=alt.Axis(tickCount=6)),
            y=y,
            color=alt.Color("rival:N", scale=alt.Scale(domain=names, range=fills), legend=legend(3)),
            shape=alt.Shape("rival:N", scale=alt.Scale(domain=names, range=shapes), legend=legend(3)),
            tooltip=tooltip,
        )
    )
    even = alt.Chart(alt.InlineData([{"percent": 50}])).mark_rule(strokeDash=[4, 3], color=palette.OUTLINE)
    return stack(even.encode(y=y, tooltip=alt.value(None)), points, height=HEIGHT)
