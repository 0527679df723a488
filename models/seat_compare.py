"""Seats beside others: what changed since an earlier forecast, and which seats are most alike."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import load_evidence
from data.errors import BadInput, SelectorateError
from models.forecast import Forecast
from models.store import load_forecast, stored_forecasts

Array = NDArray[np.float64]


def earlier_forecasts(forecast: Forecast) -> Iterator[Forecast]:
    """Read the stored forecasts of the same election and boundaries from earlier evidence.

    Parameters
    ----------
    forecast : Forecast
        What to look back from.

    Yields
    ------
    Forecast
        The last first; only those by the same code: what other code makes of a seat would not tell what happened.
    """
    as_of, election_date = forecast.manifest.as_of.isoformat(), forecast.manifest.election_date.isoformat()
    for folder in reversed(stored_forecasts()):
        if folder.name[:10] < as_of and folder.name[11:] == election_date:
            try:
                earlier = load_forecast(folder)
            except SelectorateError:
                continue
            if not _unmatched(forecast, earlier):
                yield earlier


def previous_forecast(forecast: Forecast) -> Forecast | None:
    """Find the last of ``earlier_forecasts``.

    Parameters
    ----------
    forecast : Forecast
        What to look back from.

    Returns
    -------
    Forecast or None
        None where there is none.
    """
    return next(earlier_forecasts(forecast), None)


def earlier_chances(forecast: Forecast, n: int = 3) -> pl.DataFrame:
    """Chances in every seat by the last earlier forecasts.

    Parameters
    ----------
    forecast : Forecast
        What to look back from.
    n : int
        How many to read.

    Returns
    -------
    pl.DataFrame
        ``as_of, constituency, party, p_win``, one row a forecast, seat and line, the last forecast first.
    """
    schema = {"as_of": pl.Date, "constituency": pl.String, "party": pl.String, "p_win": pl.Float64}
    parts = [pl.DataFrame(schema=schema)]
    for earlier in islice(earlier_forecasts(forecast), n):
        codes = earlier.constituencies().select("constituency")
        wide = codes.hstack(pl.DataFrame(earlier.p_win, schema=list(earlier.lines)))
        long = wide.unpivot(index="constituency", variable_name="party", value_name="p_win")
        parts.append(long.select(pl.lit(earlier.manifest.as_of).alias("as_of"), *list(schema)[1:]))
    return pl.concat(parts)


def _unmatched(one: Forecast, other: Forecast) -> set[str]:
    """Codes of the constituencies that only one of two forecasts has."""
    codes = [set(f.tree["outcome"].ds["constituency"].values.astype(str)) for f in (one, other)]
    return codes[0] ^ codes[1]


def changed_since(forecast: Forecast, earlier: Forecast) -> pl.DataFrame:
    """Seats whose chances differ from those of an earlier forecast.

    Parameters
    ----------
    forecast, earlier : Forecast
        Forecasts of the same seats; lines that one does not have count as without a chance there.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, region, leader_before, p_before, leader, p_leader, moved``: the likeliest winner then and
        now with its chance, and the part of all chances that went from some lines to others (total variation, 0 to 1),
        the largest first. Seats where nothing moved are left out.

    Raises
    ------
    BadInput
        If the two are not of the same constituencies.
    """
    unmatched = _unmatched(forecast, earlier)
    if unmatched:
        raise BadInput(
            f"The forecasts as of {earlier.manifest.as_of} and {forecast.manifest.as_of} are on different boundaries: "
            f"{len(unmatched)} constituencies are in one only, as {min(unmatched)}. Compare forecasts of one election."
        )
    now, then = forecast.constituencies(), earlier.constituencies()
    codes = sorted(now["constituency"])
    lines = sorted({*forecast.lines, *earlier.lines})
    moved = 0.5 * np.abs(_chances(forecast, codes, lines) - _chances(earlier, codes, lines)).sum(axis=1)
    before = then.select("constituency", leader_before="winner", p_before="p_winner")
    after = now.select("constituency", "name", "region", leader="winner", p_leader="p_winner")
    return (
        after.join(before, on="constituency")
        .join(pl.DataFrame({"constituency": codes, "moved": moved}), on="constituency")
        .filter(pl.col("moved") > 0)
        .sort("moved", "constituency", descending=[True, False])
        .select("constituency", "name", "region", "leader_before", "p_before", "leader", "p_leader", "moved")
    )


def _chances(forecast: Forecast, codes: list[str], lines: list[str]) -> Array:
    """Chances by seat and line in the order given, 0 for a line the forecast does not have."""
    held = list(forecast.tree["outcome"].ds["constituency"].values.astype(str))
    out = np.zeros((len(codes), len(lines)))
    out[:, [lines.index(line) for line in forecast.lines]] = forecast.p_win[[held.index(code) for code in codes]]
    return out


def similar_seats(forecast: Forecast, constituency: str, n: int = 5) -> pl.DataFrame:
    """Seats most like one.

    Seats are compared in three respects of equal weight: shares as last fought, expected shares, and people (the Leave
    share, census figures). In each the distance is the mean squared difference, standardised: shares by one spread for
    all lines, so that a point is a point and small parties count for little; figures of people each by its own. A
    figure held for one seat only says nothing, and seats without figures (Northern Ireland's) are compared by shares.

    Parameters
    ----------
    forecast : Forecast
        With shares by constituency.
    constituency : str
        Code of a seat.
    n : int
        How many to find.

    Returns
    -------
    pl.DataFrame
        ``constituency, name, region, leader, p_leader, distance``, the nearest first; never the seat itself.

    Raises
    ------
    BadInput
        If the forecast has no such constituency.
    """
    seats = forecast.constituencies()
    codes = seats["constituency"].to_list()
    if constituency not in codes:
        raise BadInput(
            f'No constituency "{constituency}" in the forecast of {forecast.manifest.election_date}. '
            f"Give a code such as {codes[0]}."
        )
    table = seats.select(
        "constituency",
        "name",
        "region",
        leader="winner",
        p_leader="p_winner",
        distance=pl.Series(_distances(forecast, codes, codes.index(constituency))),
    )
    return table.filter(pl.col("constituency") != constituency).sort("distance", "constituency").head(n)


def _distances(forecast: Forecast, codes: list[str], at: int) -> Array:
    """Distance of every seat from one; squares are averaged over the respects that both seats have."""
    last, expected = forecast.tree["seats"].ds["base_share"].values, forecast.tree["outcome"].ds["share_mean"].values
    scaled = [share / (np.sqrt(share.var(axis=0).mean()) or 1.0) for share in (last, expected)]
    people = _people(forecast.manifest.as_of, codes)
    if people.size:
        spread = np.nanstd(people, axis=0)
        scaled.append(people / np.where(spread > 0, spread, 1.0))
    squares = np.stack([_mean_known((values - values[at]) ** 2) for values in scaled], axis=1)
    return np.sqrt(_mean_known(squares))


def _mean_known(values: Array) -> Array:
    """Mean of each row over what is not NaN; NaN where nothing is known."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _people(as_of: date, codes: list[str]) -> Array:
    """Figures of each seat's people known on a day, shape (n_seats, n_measures), NaN where none is held."""
    evidence = load_evidence().as_of(as_of)
    columns = ("constituency", "measure", "value", "known_on")
    held = pl.concat([pl.DataFrame(t.select(columns)) for t in (evidence.covariates, evidence.covariates_shared)])
    # A code that two sets of boundaries share has its figures twice; the later ones hold.
    newest = held.filter(pl.col("constituency").is_in(codes)).sort("known_on").unique(columns[:2], keep="last")
    wide = newest.pivot("measure", index="constituency", values="value", sort_columns=True)
    ordered = pl.DataFrame({"constituency": codes}).join(wide, on="constituency", how="left", maintain_order="left")
    return ordered.drop("constituency").cast(pl.Float64).fill_null(np.nan).to_numpy()
