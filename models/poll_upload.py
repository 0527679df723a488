"""A visitor's polls, read for one session by the rules of rows of one's own, and what they do to a forecast."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from data import Evidence
from data.own import polls
from data.own.faults import Faults
from data.own.reading import read_upload
from models.count import has_majority
from models.forecast import Forecast
from models.reweight import Reweighted

UK = ZoneInfo("Europe/London")
"""Days of polls are days in the United Kingdom."""
CUTS = {"lo90": 0.05, "median": 0.5, "hi90": 0.95}


def polls_sent(name: str, content: bytes, evidence: Evidence) -> pl.DataFrame:
    """Read polls that a visitor sent; nothing is stored.

    Parameters
    ----------
    name : str
        What the visitor calls the file.
    content : bytes
        The file, CSV with a row a poll (``data.own.polls``).
    evidence : Evidence
        Tables, uncut: a poll that repeats one of theirs is refused.

    Returns
    -------
    pl.DataFrame
        ``pollster, client, mode, start_date, end_date, sample, area, kind`` and a share a party (0 to 1), in the order
        of the file.

    Raises
    ------
    BadInput
        If anything in the file is wrong: every fault, one a line.
    """
    held = {table: getattr(evidence, table) for table in ("polls", "poll_shares", "pollsters", "elections")}
    found = polls.tables(read_upload(name, content), held, datetime.now(UK).date(), Faults(name))
    about = found["polls"].select(
        "poll_id", "pollster", "client", "mode", "start_date", "end_date", "sample", "area", "kind"
    )
    shares = found["poll_shares"].pivot("party", index="poll_id", values="share")
    dated = about.with_columns(pl.col("start_date").cast(pl.Date), pl.col("sample").cast(pl.Int64))
    return dated.join(shares.drop("known_on", strict=False), on="poll_id", how="left", maintain_order="left").drop(
        "poll_id"
    )


def example(forecast: Forecast) -> str:
    """Give a file that is read: one poll on the last day of evidence, with shares as the forecast has them."""
    path = forecast.intention().sort("date").group_by("party", maintain_order=True).last()
    now = dict(path.select("party", "q50").iter_rows())
    parties = [party for party in ("con", "lab", "lib", "ref", "grn") if party in now]
    shares = ",".join(f"{100 * now[party]:.0f}" for party in parties)
    header = f"pollster,end_date,sample,{','.join(parties)}"
    return f"{header}\nA pollster,{forecast.manifest.as_of},2000,{shares}\n"


def before_after(forecast: Forecast, done: Reweighted) -> pl.DataFrame:
    """Votes and seats of every line before and after new polls.

    Parameters
    ----------
    forecast : Forecast
        The forecast that was weighed again.
    done : Reweighted
        With draws chosen.

    Returns
    -------
    pl.DataFrame
        ``party`` and, for ``votes`` (0 to 1, null for a line without a share of Great Britain's vote) and ``seats``,
        ``{what}_{lo90, median, hi90}_{before, after}``; most seats after first.
    """
    assert done.chosen is not None
    table = pl.DataFrame({"party": forecast.lines})
    for what, names, draws in (
        ("seats", forecast.lines, forecast.seats.astype(float)),
        ("votes", forecast.parties, forecast.votes),
    ):
        columns = {
            f"{what}_{cut}_{when}": np.quantile(seen, p, axis=0)
            for when, seen in (("before", draws), ("after", draws[done.chosen]))
            for cut, p in CUTS.items()
        }
        table = table.join(pl.DataFrame({"party": names, **columns}), on="party", how="left", maintain_order="left")
    return table.sort("seats_median_after", "votes_median_after", descending=True, nulls_last=True)


def hung_after(forecast: Forecast, done: Reweighted) -> float:
    """Chance that no line has a majority, after new polls."""
    assert done.chosen is not None
    return float(1.0 - has_majority(forecast.seats[done.chosen]).any(axis=1).mean())
