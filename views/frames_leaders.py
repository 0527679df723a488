"""Tables of leaders: their standing and their MPs' backing over time, and the links to seats."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from models.forecast import Forecast
from models.leader_chain import COURSES, Chain
from models.leader_history import CUTS, FIRST_DAY
from models.mp_history import Backing
from models.reports import TrackRecord
from views import frames_track, palette, words
from views.metrics_track import EVIDENCE, METRICS

MAX_POINTS = 420
"""Most points of a path in one chart, and most marks of ratings."""
N_DOTS = 20
"""Dots of a link: each stands for one chance in 20."""
BINS = 9
"""Places of dots from the first to the last."""
VOTE, ACT = "Vote of MPs", "Act against the leader"
SURNAMES = {"Iain Duncan Smith": "Duncan Smith", "Rhun ap Iorwerth": "ap Iorwerth"}
"""Last names of two words."""
WORDINGS = {
    "satisfied": "satisfied",
    "favourable": "favourable",
    "approve": "approve",
    "well_badly": "doing well",
    "good_bad_job": "doing a good job",
    "not_stated": "wording not stated",
}
PANELS = {
    "new_leader": ("New leader → favourability", "Points of favourability", ".0f"),
    "standing_share": ("Favourability → vote", "Points of the vote", ".1f"),
    "share_seats": ("Vote → seats", "Seats", ".0f"),
    "standing_seats": ("Favourability → seats", "Seats", ".0f"),
    "mps_standing": ("MPs → favourability", "Points of favourability", ".1f"),
    "mps_share": ("MPs → vote", "Points of the vote", ".1f"),
    "mps_seats": ("MPs → seats", "Seats", ".0f"),
}
"""By link: its name, what its axis counts, how a number is written."""


def parties(forecast: Forecast) -> dict[str, str]:
    """Parties with a leader and a vote of their own, largest first: code to name."""
    led = {state.party for state in forecast.manifest.leaders}
    ranked = forecast.vote_summary().sort("mean", descending=True)["party"]
    return {str(code): palette.line(str(code)).name for code in ranked if code in led}


def ranges(forecast: Forecast) -> dict[str, date]:
    """First days to choose from, by label."""
    last = forecast.manifest.previous_election
    return {f"{last.year}": last, "2010": date(2010, 5, 6), "1979": FIRST_DAY}


def surname(leader: str) -> str:
    """Last name, for labels that must be short."""
    return SURNAMES.get(leader) or leader.rsplit(" ", 1)[-1]


def _thinned(path: pl.DataFrame) -> pl.DataFrame:
    """Fewer points of a path, the last of each leadership among them."""
    every = -(-path.height // MAX_POINTS) if path.height else 1
    place = pl.int_range(pl.len()).over("spell")
    return path.filter((place % every == 0) | (place == pl.len().over("spell") - 1))


def _short(path: pl.DataFrame) -> pl.DataFrame:
    return path.with_columns(pl.selectors.float().round(4).cast(pl.Float32))


def trend_points(path: pl.DataFrame) -> pl.DataFrame:
    """Points of a leader's standing to draw, each with ``told``: the level and its 95 % range in words."""
    kept = _thinned(path)
    levels = kept.select("mean", "lo95", "hi95").iter_rows()
    told = [f"{words.signed(m)} (95% range {words.signed(lo)} to {words.signed(hi)})" for m, lo, hi in levels]
    return _short(kept.with_columns(told=pl.Series(told, dtype=pl.String)))


def backing_points(path: pl.DataFrame) -> pl.DataFrame:
    """Points of MPs' backing to draw, each with ``told``: the count of MPs and its 95 % range in words."""
    kept = _thinned(path)
    counts = kept.select("mean", "lo95", "hi95", "mps").iter_rows()
    told = [f"about {m * n:.0f} of {n} MPs (95% range {lo * n:.0f} to {hi * n:.0f})" for m, lo, hi, n in counts]
    return _short(kept.with_columns(told=pl.Series(told, dtype=pl.String)))


def rating_marks(ratings: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Ratings to draw, and ``n`` where only every ``n``-th was kept (1: all).

    Parameters
    ----------
    ratings : pl.DataFrame
        As ``models.leader_history.ratings_on_scale`` gives it.

    Returns
    -------
    tuple of (pl.DataFrame, int)
        ``day, y, kind, name, told``, and ``n``.
    """
    every = max(-(-ratings.height // MAX_POINTS), 1)
    kept = ratings.gather_every(every)
    wording = pl.col("wording").replace_strict(WORDINGS, return_dtype=pl.String)
    net = pl.col("net").map_elements(words.signed, return_dtype=pl.String)
    return kept.select(
        "day",
        y=pl.col("points").round(1),
        kind=pl.lit("Rating"),
        name="leader",
        told=pl.concat_str("pollster", pl.lit(", "), wording, pl.lit(": "), net, pl.lit(" as published")),
    ), every


def backing_marks(facts: pl.DataFrame) -> pl.DataFrame:
    """Votes of MPs at the share for the leader, acts against her at the foot: ``day, y, kind, name, told``."""
    return facts.select(
        "day",
        y=pl.when("vote").then("share").otherwise(0.0),
        kind=pl.when("vote").then(pl.lit(VOTE)).otherwise(pl.lit(ACT)),
        name="leader",
        told=pl.concat_str("mps", pl.lit(" of "), "entitled", pl.lit(" MPs: "), "what"),
    )


def begun(path: pl.DataFrame) -> tuple[tuple[date, str], ...]:
    """First day and last name of each leadership in a path."""
    first = path.group_by("spell", maintain_order=True).first()
    return tuple((day, surname(leader)) for day, leader in first.select("day", "leader").iter_rows())


def trend_table(path: pl.DataFrame) -> pl.DataFrame:
    """A path as a table to read, the newest first."""
    columns = {
        "day": "Day",
        "leader": "Leader",
        "mean": "Expected",
        "lo50": "50% from",
        "hi50": "50% to",
        "lo80": "80% from",
        "hi80": "80% to",
        "lo95": "95% from",
        "hi95": "95% to",
    }
    whole = pl.selectors.float().round().cast(pl.Int64)
    return path.select(*columns).sort("day", descending=True).with_columns(whole).rename(columns)


def backing_table(path: pl.DataFrame) -> pl.DataFrame:
    """MPs' backing as counts of MPs, the newest first."""
    bands = [pl.col(name) * pl.col("mps") for name in ("mean", *CUTS)]
    counted = trend_table(path.with_columns(bands))
    return counted.with_columns(path.sort("day", descending=True)["mps"].alias("Of MPs elected"))


def facts_table(facts: pl.DataFrame) -> pl.DataFrame:
    """Votes of MPs and acts, the newest first, each with its count."""
    return facts.sort("day", descending=True).select(
        pl.col("day").alias("Day"),
        pl.col("leader").alias("Leader"),
        pl.concat_str("mps", pl.lit(" of "), "entitled", pl.lit(" MPs")).alias("How many"),
        pl.col("what").alias("What"),
        pl.col("event").alias("Note"),
        pl.when("unverified").then(pl.lit("not checked")).otherwise(pl.lit("")).alias("Source"),
    )


def link_dots(chain: Chain, link: str) -> pl.DataFrame:
    """Place the dots of one link: each is one of 20 equally likely values, stacked where they fall together.

    Parameters
    ----------
    chain : Chain
        From ``models.leader_chain``.
    link : str
        One of its links.

    Returns
    -------
    pl.DataFrame
        ``bin, level, value``.
    """
    dots = np.quantile(chain.draws[link], (np.arange(N_DOTS) + 0.5) / N_DOTS)
    width = max((dots[-1] - dots[0]) / BINS, 1e-9)
    if PANELS[link][1] == "Seats":
        width = max(np.ceil(width), 1.0)  # seats come in whole numbers
    at = np.floor(dots / width + 0.5).astype(int)
    level = np.concatenate([np.arange(n) for n in np.unique(at, return_counts=True)[1]])
    return pl.DataFrame({"bin": at * width, "level": level, "value": dots})


def courses_of(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What links are worth by days, one table a link."""
    return {link: table.filter(pl.col("link") == link) for link in COURSES if link in table["link"]}


def added(record: TrackRecord, lead_days: int) -> tuple[pl.DataFrame, int]:
    """What leaders and MPs add to forecasts of past elections beyond the polls.

    Parameters
    ----------
    record : TrackRecord
        What to read.
    lead_days : int
        Days to polling day.

    Returns
    -------
    tuple of (pl.DataFrame, int)
        Rows of ``views.frames_track.evidence`` on the error in votes, at the nearest lead time of the record.
    """
    lead = min(record.summary["leads"], key=lambda days: abs(days - lead_days))
    names = [EVIDENCE[code][1] for code in ("no_leaders", "no_mps")]
    rows = frames_track.evidence(record, METRICS["Votes: error"], lead)
    return rows.filter(pl.col("adds").is_in(names)), lead


def chain_table(chain: Chain, link: str) -> pl.DataFrame:
    """A link as a table to read."""
    row = chain.summary().row(by_predicate=pl.col("link") == link, named=True)
    name, unit, form = PANELS[link]
    ends = {"Median": "median", "90% from": "lo90", "90% to": "hi90", "95% from": "lo95", "95% to": "hi95"}
    told = {head: words.signed(row[end], int(form[1])) for head, end in ends.items()}
    return pl.DataFrame({"Link": name, "Counted in": unit, **told, "Positive in 100": round(100 * row["p_positive"])})


def course_table(table: pl.DataFrame) -> pl.DataFrame:
    """What a link is worth by days, as a table to read."""
    names = {"days": "Days after", "median": "Median", "lo50": "50% from", "hi50": "50% to"}
    names |= {"lo80": "80% from", "hi80": "80% to", "lo95": "95% from", "hi95": "95% to"}
    return table.select(pl.col(*names)).with_columns(pl.selectors.float().round(2)).rename(names)


def last_of(backing: Backing, leader: str) -> dict[str, Any] | None:
    """What is known of the MPs behind a leader today; None where nothing is."""
    own = backing.path.filter(pl.col("leader") == leader)
    return own.row(-1, named=True) if own.height else None
