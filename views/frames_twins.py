"""The numbers of charts as tables to read: seats, outcomes, voting intention, one seat, a scenario beside its base."""

import polars as pl

from models.bands import BANDS, intention_bands, vote_bands
from models.forecast import Forecast
from views import palette, words

BAND_NAMES = {
    name: "Median" if name == "median" else f"{name[2:]}% {'from' if name.startswith('lo') else 'to'}" for name in BANDS
}
"""Headings of ``models.bands.BANDS``."""


def names(codes: pl.Series) -> pl.Series:
    """Full names of lines."""
    return pl.Series("Party", [palette.line(code).name for code in codes], dtype=pl.String)


def in_hundred(column: str) -> pl.Expr:
    """Shares or chances as numbers in 100, with one place."""
    return (100 * pl.col(column)).round(1)


def seats(forecast: Forecast, lines: list[str]) -> pl.DataFrame:
    """Seats of some lines, with chances to be the largest and to have a majority.

    Parameters
    ----------
    forecast : Forecast
        What to read.
    lines : list of str
        Lines, one row each.

    Returns
    -------
    pl.DataFrame
        Medians, 90 % ranges, and chances in 100.
    """
    found = pl.DataFrame({"party": lines}).join(forecast.seat_summary(), on="party", maintain_order="left")
    largest, majority = forecast.p_largest(), forecast.p_majority()
    chances = {
        "Largest party, in 100": [round(100 * largest.get(code, 0.0)) for code in lines],
        "Majority, in 100": [round(100 * majority.get(code, 0.0)) for code in lines],
    }
    return found.select(
        names(found["party"]),
        *(
            pl.col(name).round().cast(pl.Int64).alias(heading)
            for name, heading in (("median", "Median"), ("lo90", "90% from"), ("hi90", "90% to"))
        ),
    ).with_columns(**{name: pl.Series(values) for name, values in chances.items()})


def outcomes(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Outcomes in 100 simulations.

    Parameters
    ----------
    tables : dict
        Heading of each bar to its ``views.frames.outcomes``.

    Returns
    -------
    pl.DataFrame
        ``Outcome`` and a column a bar, in the order of the first.
    """
    found = [table.select(Outcome="label", **{name: "percent"}) for name, table in tables.items()]
    whole = found[0]
    for more in found[1:]:
        whole = whole.join(more, on="Outcome", how="full", coalesce=True, maintain_order="left_right")
    return whole.with_columns(pl.selectors.numeric().fill_null(0))


def intention(forecast: Forecast, parties: list[str]) -> pl.DataFrame:
    """Voting intention by day, and the votes expected on polling day.

    Parameters
    ----------
    forecast : Forecast
        What to read.
    parties : list of str
        Parties to keep.

    Returns
    -------
    pl.DataFrame
        ``Day, Party``, the median and 50, 80 and 95 % ranges in per cent, newest first; polling day comes first.
    """
    day = pl.lit(forecast.manifest.election_date).alias("date")
    both = pl.concat(
        [
            table.select("date", "party", *BANDS)
            for table in (intention_bands(forecast), vote_bands(forecast).with_columns(day))
        ],
        how="vertical_relaxed",
    ).filter(pl.col("party").is_in(parties))
    placed = both.with_columns(place=pl.col("party").replace_strict({p: i for i, p in enumerate(parties)}))
    table = placed.sort(pl.col("date"), "place", descending=[True, False])
    return table.select(
        pl.col("date").alias("Day"), names(table["party"]), *(in_hundred(b).alias(BAND_NAMES[b]) for b in BANDS)
    )


def seat(shares: pl.DataFrame) -> pl.DataFrame:
    """Shares of the vote in one seat.

    Parameters
    ----------
    shares : pl.DataFrame
        As ``models.seat_holders.seat_lines`` gives it.

    Returns
    -------
    pl.DataFrame
        Expected shares with 90 % ranges, the last result and the chance to win, all in per cent.
    """
    columns = {"mean": "Expected", "lo90": "90% from", "hi90": "90% to", "base": "Last general election"}
    return shares.select(
        names(shares["party"]),
        *(in_hundred(column).alias(heading) for column, heading in columns.items()),
        (100 * pl.col("p_win")).round().cast(pl.Int64).alias("Chance to win, in 100"),
    )


def changes(table: pl.DataFrame) -> pl.DataFrame:
    """Votes and seats, forecast and scenario.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.scenario.compare`` gives it.

    Returns
    -------
    pl.DataFrame
        A row a line: votes and mean seats before and after, and the change with its 90 % range.
    """
    rows = [
        {
            "Party": palette.line(row["party"]).name,
            "Votes": _pair(row["votes_base"], row["votes_other"]),
            "Seats": f"{row['seats_base']:.0f} → {row['seats_other']:.0f}",
            "Change": words.signed(row["seats_change"]),
            "90% range": f"{words.signed(row['lo90'])} to {words.signed(row['hi90'])}",
        }
        for row in table.iter_rows(named=True)
    ]
    return pl.DataFrame(rows)


def _pair(before: float | None, after: float | None) -> str:
    return "–" if before is None or after is None else f"{words.share(before)} → {words.share(after)}"
