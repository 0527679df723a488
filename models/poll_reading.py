"""From the tables of polls to arrays: which parties have a line, shares, variances, and the calendar.

The parts of `models.panel.poll_panel`, with the constants that rule them.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl

from models.kalman import Floats, Ints

ALWAYS = ("con", "lab", "lib")
"""Parties with candidates almost everywhere in Great Britain at every election since 1974, polled since 1943."""
LINES = (*ALWAYS, "ref", "grn", "snp", "plaid", "restore", "yp")
"""Order of parties that may have a line; a code not listed here follows in alphabetical order."""
FOLDED = ("oth", "bnp", "chuk", "refm", "sdp")
"""Codes always counted in ``oth``: parties that never outlived the Parliament they were polled in."""
MIN_HOUSES = 3
"""A newcomer gets a line when this many publishers name it: one house's prompt is a house effect, three are a party. A
published average counts as one, since it stands on the polls of houses that are not held."""
ESTABLISHED = 0.05
"""A party with this share of the last vote needs one publisher only: it is no newcomer."""
MIN_POLLS = 5
"""The same for polls whose pollster is unknown: five unsigned polls come from three houses or more, as a rule."""
NEW_PARTY_WINDOW = 60
"""Days before the cut in which a newcomer must still be named: two rounds of the slowest monthly pollsters."""
HOUSE_POLLS = 3
"""A pollster with fewer polls in a Parliament has no house effect of its own: one poll cannot tell leaning from error,
and a passing pollster should not count as much as YouGov in what the middle of all houses is."""
DEFAULT_SAMPLE = 1000
"""Respondents where the source does not say: the usual size of a British poll, and its usual minimum."""
ROUNDING = 0.01**2 / 12.0
"""Variance of rounding a share to a whole per cent."""
KIND_VARIANCE = {"poll": 0.0, "mrp": 0.10**2, "pseudo": 0.05**2}
"""Extra variance in log-odds: multilevel models add errors of their own (those of 2024 differed by a tenth of a share),
published averages stand for several polls with errors in common."""
FLOOR = 0.002
"""Least share taken as seen: half of the smallest non-zero number pollsters print."""
ANCHOR_SD = 0.10
"""Log-odds between the result and what polls show at once after it: the usual error of British polls, 2 to 3 points."""
NEWCOMER_SHARE, NEWCOMER_SD = 0.005, 1.5
"""Start of a party without past votes: half a per cent, with 95 % between 0.03 and 9 per cent."""
WEEK, DAILY = 7, 35
"""Calendar: a step a week, and a step a day in the last 35 days, when campaigns move and forecasts are read."""
CAMPAIGN_DAYS, CAMPAIGN_PACE = 35, 8.0
"""Days before polling day in which opinion moves faster, and how much faster (a factor on the variance of a day). With
8 the average of polls is nearest to the result on the eve of the six elections of 1959 to 1974, 8 % nearer than with 1;
on the twelve since, which had no say in it, 11 %. Elections have been called 29 to 51 days ahead since 1987."""


def clipped_logit(share: Floats) -> Floats:
    """Log-odds of shares kept within ``FLOOR`` and 1 - ``FLOOR``; NaN stays NaN."""
    safe = np.clip(share, FLOOR, 1.0 - FLOOR)
    return np.asarray(np.log(safe) - np.log1p(-safe))


def pollsters(polls: pl.DataFrame) -> tuple[tuple[str, ...], Ints]:
    """Houses in alphabetical order, and the position of each poll's house: -1 for an average or a rare pollster."""
    own = pl.col("kind").cast(pl.String) != "pseudo"
    counted = polls.filter(own, pl.col("pollster").is_not_null()).group_by("pollster").len()
    houses = tuple(sorted(counted.filter(pl.col("len") >= HOUSE_POLLS)["pollster"]))
    position = {name: i for i, name in enumerate(houses)}
    published = polls.select(pl.when(own).then(pl.col("pollster")))["pollster"]
    return houses, np.array([position.get(name, -1) for name in published], dtype=np.int64)


def lines(named: pl.DataFrame, previous: Mapping[str, float]) -> tuple[str, ...]:
    """Parties with a line: the old three, those enough houses name, and of newcomers those somebody still names."""
    if named.is_empty():
        return ALWAYS
    # Recent is counted from the newest poll, so that a pause in polling removes nobody.
    recent = pl.col("end_date") > named["end_date"].max() - timedelta(days=NEW_PARTY_WINDOW)  # type: ignore[operator]
    nameless = pl.col("pollster").is_null() & (pl.col("kind").cast(pl.String) != "pseudo")
    support = (
        named.filter(~pl.col("party").is_in([*ALWAYS, *FOLDED]))
        .group_by("party")
        .agg(
            houses=pl.coalesce("pollster", pl.col("kind").cast(pl.String)).filter(~nameless).n_unique(),
            unsigned=nameless.sum(),
            lately=recent.sum(),
        )
        .filter(
            (pl.col("houses") >= MIN_HOUSES)
            | (pl.col("unsigned") >= MIN_POLLS)
            | pl.col("party").is_in([party for party, share in previous.items() if share >= ESTABLISHED]),
            (pl.col("lately") > 0) | pl.col("party").is_in([party for party, share in previous.items() if share > 0]),
        )
    )
    order = {party: i for i, party in enumerate(LINES)}
    return (*ALWAYS, *sorted(support["party"], key=lambda party: (order.get(party, len(LINES)), party)))


def shares(polls: pl.DataFrame, named: pl.DataFrame, parties: tuple[str, ...], previous: Mapping[str, float]) -> Floats:
    """Shares by poll and party. ``oth`` is what is left where a poll names all lines that existed at the time."""
    columns = parties[:-1]
    wide = polls.select("poll_id").join(
        named.filter(pl.col("party").is_in(columns)).pivot("party", index="poll_id", values="share"),
        on="poll_id",
        how="left",
        maintain_order="left",
    )
    share = np.full((polls.height, len(parties)), np.nan)
    for k, party in enumerate(columns):
        if party in wide.columns:
            share[:, k] = wide[party].to_numpy()
    # A party without past votes exists from the first poll that names it; before, it was one of the others.
    seen = ~np.isnan(share[:, :-1])
    existed = np.array([previous.get(party, 0.0) > 0.0 for party in columns]) | np.maximum.accumulate(seen, axis=0)
    complete = (seen | ~existed).all(axis=1)
    left = 1.0 - np.nansum(share[:, :-1], axis=1)
    share[:, -1] = np.where(complete & (left > -0.03), np.maximum(left, FLOOR), np.nan)
    return share


def variance(share: Floats, sample: pl.Series, kind: pl.Series) -> Floats:
    """Variance of log-odds: sampling and rounding by the delta method, and the kind of poll; infinite where missing."""
    safe = np.clip(share, FLOOR, 1.0 - FLOOR)
    odds_scale = safe * (1.0 - safe)
    extra = kind.replace_strict(KIND_VARIANCE, return_dtype=pl.Float64).to_numpy()
    sampling = 1.0 / (sample.to_numpy()[:, None] * odds_scale)
    known = sampling + ROUNDING / odds_scale**2 + extra[:, None]
    return np.where(np.isnan(share), np.inf, known)


def calendar(since: date, until: date) -> tuple[tuple[date, ...], Floats]:
    """Steps from ``since`` to ``until``: weeks counted back, days in the last ``DAILY``."""
    span = (until - since).days
    back = sorted({*range(min(span, DAILY + 1)), *range(DAILY, span, WEEK), span}, reverse=True)
    dates = tuple(until - timedelta(days=days) for days in back)
    return dates, np.append(0.0, -np.diff(np.array(back, dtype=np.float64)))


def paced(dates: tuple[date, ...], step: Floats, polling_day: date | None, pace: float) -> Floats:
    """Lengths of steps as opinion feels them: days of a campaign count ``pace`` times."""
    if polling_day is None:
        return step
    left = np.array([(polling_day - day).days for day in dates])
    return np.where(left < CAMPAIGN_DAYS, pace * step, step)


def nearest(polls: pl.DataFrame, dates: tuple[date, ...]) -> Ints:
    """Position of the step nearest to the middle of each poll's fieldwork."""
    start = pl.coalesce("start_date", "end_date").cast(pl.Int32)
    middle = polls.select((start + pl.col("end_date").cast(pl.Int32)) / 2).to_series().to_numpy()
    grid = np.array(dates, dtype="datetime64[D]").astype(np.float64)
    return np.abs(middle[:, None] - grid[None, :]).argmin(axis=1).astype(np.int64)
