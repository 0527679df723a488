"""Every seat in one table: shares, chances, majorities and swings needed; and the seats that tip a majority."""

import numpy as np
import polars as pl

from data.errors import BadInput
from models.forecast import Forecast
from models.seat_holders import seats_held
from models.seat_margins import can_have_majority, leads, seat_margins, stands_in


def tipping_seats(forecast: Forecast, party: str | None = None) -> pl.DataFrame:
    """Seats that decide whether a party has a majority.

    In each draw the seats are ordered by the party's lead over its best rival; the one in the place that completes a
    majority (the 326th of 650) is the tipping point: it is the last that the party needs. This is the tipping-point
    state of FiveThirtyEight's forecasts (since 2008), asked of one party whether or not it wins, because in a House of
    many parties nobody need win.

    Parameters
    ----------
    forecast : Forecast
        As for ``share_blocks``.
    party : str, optional
        Code of the party; by default the one with the most expected seats.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, region, holder, p_win, place, p_tip``, one row a seat in which the party stands, the
        likeliest to tip first. ``place`` orders seats by the party's chance ``p_win``, then by its expected lead: the
        seat in the place of the majority is the tipping point of the expected result. ``p_tip`` sums to 1.

    Raises
    ------
    BadInput
        If the party cannot have a majority.
    """
    able = can_have_majority(forecast)
    party = able[0] if party is None else party
    if party not in able:
        raise BadInput(
            f'No majority can tip for "{party}": it stands in fewer than {forecast.majority} seats of this forecast. '
            f"Allowed: {', '.join(able)}."
        )
    line = forecast.lines.index(party)
    mean = leads(forecast.tree["outcome"].ds["share_mean"].values.T[None])[0, line]
    seats = seats_held(forecast).select(
        "constituency",
        "name",
        "region",
        "holder",
        p_win=pl.Series(forecast.p_win[:, line]),
        p_tip=pl.Series(seat_margins(forecast).tipping[line]),
        mean=pl.Series(mean),
    )
    order = seats.filter(pl.Series(stands_in(forecast)[line])).sort("p_win", "mean", descending=True)
    ranked = order.with_row_index("place", offset=1).drop("mean").sort("p_tip", "p_win", descending=True)
    return ranked.select("constituency", "name", "region", "holder", "p_win", "place", "p_tip")


def swing_needed(forecast: Forecast) -> pl.DataFrame:
    """Swing that would put each challenger level with the line ahead in a seat, at the expected shares.

    This is the two-party swing of Butler: half the gap between the two, since what one loses the other gains.

    Parameters
    ----------
    forecast : Forecast
        With shares by constituency.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, ahead, challenger, swing``, one row a seat and line that stands there but is not ahead, in
        the order of seats and of rising ``swing`` (0 to 0.5; 0.02 is two points). ``ahead`` has the largest expected
        share, which need not be the likeliest winner.
    """
    mean = forecast.tree["outcome"].ds["share_mean"].values
    top = mean.argmax(axis=1)
    seat, line = np.nonzero((mean > 0) & (np.arange(mean.shape[1]) != top[:, None]))
    lines, ds = np.array(forecast.lines), forecast.tree["seats"].ds
    table = pl.DataFrame(
        {
            "seat": seat,
            "constituency": ds["constituency"].values.astype(str)[seat],
            "name": ds["name"].values.astype(str)[seat],
            "ahead": lines[top[seat]],
            "challenger": lines[line],
            "swing": 0.5 * (mean[seat, top[seat]] - mean[seat, line]),
        }
    )
    return table.sort("seat", "swing").drop("seat")


def seat_table(forecast: Forecast) -> pl.DataFrame:
    """Lay out all that is forecast of each seat.

    Parameters
    ----------
    forecast : Forecast
        As for ``share_blocks``.

    Returns
    -------
    pl.DataFrame
        One row a seat: ``constituency, name, nation, region``; ``holder, won_at, won_on`` (see
        ``models.seat_holders.holders``); ``leader, p_leader, second, p_second``, the likeliest winners; ``ahead,
        challenger, swing`` of the nearest challenger (see ``swing_needed``); ``majority`` and ``holder_lead`` (see
        ``SeatMargins``) with ``_lo90`` and ``_hi90``; and for each line its chance ``p_lab``, mean share ``share_lab``
        and 90 % range ``lo90_lab`` and ``hi90_lab``, null where it does not stand.
    """
    seats = seats_held(forecast).select(
        "constituency",
        "name",
        "nation",
        "region",
        "holder",
        "won_at",
        "won_on",
        leader="winner",
        p_leader="p_winner",
        second="second",
        p_second="p_second",
    )
    nearest = swing_needed(forecast).drop("name").unique("constituency", keep="first")
    margins = seat_margins(forecast)
    ends = ("", "_lo90", "_hi90")
    spans = {f"majority{end}": margins.majority[i] for i, end in enumerate(ends)}
    spans |= {f"holder_lead{end}": margins.holder[i] for i, end in enumerate(ends)}
    joined = seats.join(nearest, on="constituency", how="left", maintain_order="left")
    return joined.with_columns(**{name: pl.Series(values) for name, values in spans.items()}, **_by_line(forecast))


def _by_line(forecast: Forecast) -> dict[str, pl.Expr]:
    """Chance, mean share and 90 % range of each line, null where it does not stand."""
    outcome, stands = forecast.tree["outcome"].ds, stands_in(forecast)
    lo, hi = (outcome["share_quantile"].sel(quantile=q).values for q in (0.05, 0.95))
    figures = {"p": forecast.p_win, "share": outcome["share_mean"].values, "lo90": lo, "hi90": hi}
    return {
        f"{name}_{line}": pl.when(pl.Series(stands[i])).then(pl.Series(values[:, i]))
        for i, line in enumerate(forecast.lines)
        for name, values in figures.items()
    }
