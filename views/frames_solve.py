"""Small tables for the page that asks what a goal would take."""

import polars as pl

from models.forecast import Forecast
from models.solve import Answer, Frontier
from views import sentences_solve as said

KINDS = {"grid": "", "forecast": "Forecast", "solution": "What it takes"}


def curve(found: Answer) -> pl.DataFrame:
    """Chances along a dial, in 100, for the chart.

    Parameters
    ----------
    found : Answer
        As ``models.solve.solve`` gives it.

    Returns
    -------
    pl.DataFrame
        ``value, chance, lo95, hi95, kind, told``, the last two as they are read.
    """
    names = [KINDS[kind] for kind in found.curve["kind"]]
    if found.status == "already":
        names = [KINDS["forecast"] if name else "" for name in names]
    told = [said.number(found.question.dial, value) for value in found.curve["value"]]
    hundred = (pl.col("chance", "lo95", "hi95") * 100).round(1)
    return found.curve.with_columns(hundred, kind=pl.Series(names), told=pl.Series(told))


def curve_table(forecast: Forecast, found: Answer) -> pl.DataFrame:
    """Read the same numbers as a table.

    Parameters
    ----------
    forecast : Forecast
        The base.
    found : Answer
        As ``models.solve.solve`` gives it.

    Returns
    -------
    pl.DataFrame
        A row a value tried.
    """
    rows = curve(found)
    spread = [f"{lo:.0f} to {hi:.0f}" for lo, hi in rows.select("lo95", "hi95").iter_rows()]
    return pl.DataFrame(
        {
            said.axis(forecast, found.question.dial): rows["told"],
            "Chance in 100": [f"{chance:.0f}" for chance in rows["chance"]],
            "95% range": spread,
            "Which": rows["kind"],
        }
    )


def frontier(found: Frontier) -> pl.DataFrame:
    """Points of a frontier with where the forecast stands, for the chart.

    Parameters
    ----------
    found : Frontier
        As ``models.solve.frontier`` gives it.

    Returns
    -------
    pl.DataFrame
        ``first, second, kind, told_first, told_second``; values of the first dial that no second helps are left out.
    """
    assert found.question.second is not None
    rows = [(first, second, KINDS["solution"]) for first, second, _ in found.points.iter_rows() if second is not None]
    rows.append((found.spans[0].start, found.spans[1].start, KINDS["forecast"]))
    one, two = found.question.dial, found.question.second
    return pl.DataFrame(
        [(*row, said.number(one, row[0]), said.number(two, row[1])) for row in rows],
        schema=["first", "second", "kind", "told_first", "told_second"],
        orient="row",
    )


def frontier_table(forecast: Forecast, found: Frontier) -> pl.DataFrame:
    """Read a frontier as a table.

    Parameters
    ----------
    forecast : Forecast
        The base.
    found : Frontier
        As ``models.solve.frontier`` gives it.

    Returns
    -------
    pl.DataFrame
        A row a value of the first dial, with the chance reached.
    """
    assert found.question.second is not None
    one, two = found.question.dial, found.question.second
    first, second, chance = (found.points[name].to_list() for name in ("first", "second", "chance"))
    return pl.DataFrame(
        {
            said.axis(forecast, one): [said.number(one, value) for value in first],
            said.axis(forecast, two): ["none will do" if v is None else said.number(two, v) for v in second],
            "Chance in 100": [f"{100 * p:.0f}" for p in chance],
        }
    )
