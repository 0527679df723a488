"""Tables of the page of polls: marks and lines of the trend, leans, what came in, and before and after."""

from collections.abc import Sequence

import polars as pl

from models.bands import intention_bands
from models.forecast import Forecast
from models.poll_leans import PollErrors
from models.poll_news import News
from models.poll_trend import SMOOTHERS, at, trend
from views import frames, palette, words
from views.frames_fan import with_short
from views.frames_poll_table import POINTS, counted

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
SMOOTHER_NAMES = {"model": "The model", "mean": "Mean of 14 days", "local": "Local regression"}


def followed(forecast: Forecast) -> list[str]:
    """Parties of some size whose voting intention the model follows day by day, largest first.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.

    Returns
    -------
    list of str
        Codes; of most Parliaments without those that stand in one nation.
    """
    on_path = set(forecast.intention()["party"])
    return [code for code in frames.main_parties(forecast) if code in on_path]


def looks(parties: Sequence[str], accessible: bool) -> tuple[tuple[str, str, str], ...]:
    """Short name, colour and shape of each party, in the order of the legend."""
    return tuple(
        (palette.line(code).short, palette.colour(code, accessible), SHAPES[i % len(SHAPES)])
        for i, code in enumerate(parties)
    )


def marks(rows: pl.DataFrame, errors: PollErrors, parties: Sequence[str]) -> pl.DataFrame:
    """Polls of Great Britain as marks.

    Parameters
    ----------
    rows : pl.DataFrame
        As ``models.poll_table.poll_rows`` gives it.
    errors : PollErrors
        Of the same polls.
    parties : sequence of str
        Parties to keep.

    Returns
    -------
    pl.DataFrame
        ``end_date, poll, short, share, counts, used``, one row a poll and party.
    """
    polls = rows.with_columns(counted(errors)).filter(pl.col("area") == "GB")
    house = pl.when(pl.col("pollster") == "").then(pl.lit("Pollster not known")).otherwise("pollster")
    people = pl.format("{}, sample {}", house, pl.col("sample").cast(pl.String).fill_null("not given"))
    used = pl.when(pl.col("place").is_not_null()).then(pl.lit("used")).otherwise(pl.lit("not used"))
    long = polls.select("end_date", *parties, "counts", poll=people, used=used).unpivot(
        index=["end_date", "poll", "counts", "used"], variable_name="party", value_name="share"
    )
    return with_short(long.drop_nulls("share"))


def bands(forecast: Forecast, parties: Sequence[str]) -> pl.DataFrame:
    """The model's path: ``date, short`` and ``models.bands.BANDS``."""
    return with_short(intention_bands(forecast).filter(pl.col("party").is_in(list(parties))))


def line(forecast: Forecast, rows: pl.DataFrame, parties: Sequence[str], smoother: str) -> pl.DataFrame:
    """Line of a smoother: ``date, short, share``."""
    return with_short(trend(forecast, rows, list(parties), smoother))


def standing(forecast: Forecast, rows: pl.DataFrame, parties: Sequence[str]) -> pl.DataFrame:
    """Where each smoother has each party on the last day.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.
    rows : pl.DataFrame
        Its polls.
    parties : sequence of str
        Parties wanted.

    Returns
    -------
    pl.DataFrame
        ``party``, and a share for each smoother (0 to 1, null where it says nothing).
    """
    day = forecast.manifest.as_of
    lines = {smoother: trend(forecast, rows, list(parties), smoother) for smoother in SMOOTHERS}
    columns = {
        name: pl.Series([at(table, party, day) for party in parties], dtype=pl.Float64) for name, table in lines.items()
    }
    return pl.DataFrame({"party": pl.Series(list(parties), dtype=pl.String), **columns})


def standing_table(standing: pl.DataFrame) -> pl.DataFrame:
    """``standing`` to read."""
    shown = standing.with_columns(party=frames.names("party"))
    for name in SMOOTHER_NAMES:
        texts = ["–" if value is None else f"{POINTS * value:.1f}" for value in standing[name]]
        shown = shown.with_columns(pl.Series(name, texts, dtype=pl.String))
    return shown.rename({"party": "Party, in per cent", **SMOOTHER_NAMES})


def leans(errors: PollErrors, party: str) -> pl.DataFrame:
    """Leans of pollsters on one party, most above the path first.

    Parameters
    ----------
    errors : PollErrors
        What was measured.
    party : str
        A party's code.

    Returns
    -------
    pl.DataFrame
        ``pollster, n, lean, lo90, hi90`` in points, with ``rank`` and the two-line label ``row``.
    """
    table = errors.table().filter(pl.col("party") == party).sort("lean", descending=True)
    return table.select(
        "pollster",
        "n",
        pl.col("lean", "lo90", "hi90") * POINTS,
        rank=pl.int_range(pl.len()),
        row=pl.Series(
            [f"{name}|{words.plural(n, 'poll')}" for name, n in table.select("pollster", "n").iter_rows()],
            dtype=pl.String,
        ),
    )


def leans_table(errors: PollErrors, parties: Sequence[str]) -> pl.DataFrame:
    """Leans of all pollsters on the main parties, in points, with their count of polls."""
    wide = errors.table().with_columns(pl.col("lean") * POINTS).pivot("party", index="pollster", values="lean")
    most = errors.table().group_by("pollster").agg(n=pl.col("n").max())
    named = [code for code in parties if code in wide.columns]
    texts = [pl.col(code).map_elements(lambda v: words.signed(v, 1), return_dtype=pl.String) for code in named]
    table = wide.join(most, on="pollster").sort("n", "pollster", descending=[True, False])
    shown = table.select("pollster", "n", *(text.fill_null("–") for text in texts))
    return shown.rename({"pollster": "Pollster", "n": "Polls", **{code: palette.line(code).short for code in named}})


def short_list(rows: pl.DataFrame, parties: Sequence[str]) -> pl.DataFrame:
    """Polls in short: last day, pollster, shares."""
    house = pl.when(pl.col("pollster") == "").then(pl.lit("Not known")).otherwise("pollster")
    shares = ((pl.col(code) * POINTS).round(1).alias(palette.line(code).short) for code in parties)
    return rows.select(pl.col("end_date").alias("Ended"), house.alias("Pollster"), *shares)


def moved_table(news: News, parties: Sequence[str]) -> pl.DataFrame:
    """Voting intention then and now to read, in per cent."""
    table = pl.DataFrame({"party": list(parties)}).join(news.moved, on="party", how="left", maintain_order="left")
    rows = []
    for code, before, after in table.select("party", "before", "after").rows():
        # Rounded first, so that the change is the difference of the two figures beside it.
        seen = [None if value is None else round(POINTS * value, 1) for value in (before, after)]
        change = "–" if seen[0] is None or seen[1] is None else words.signed(seen[1] - seen[0], 1)
        then, now = ("–" if value is None else f"{value:.1f}" for value in seen)
        rows.append({"Party": palette.line(code).short, "Then": then, "Now": now, "Change": change})
    return pl.DataFrame(rows)


def update_table(table: pl.DataFrame) -> pl.DataFrame:
    """``models.poll_upload.before_after`` to read: lines that win a seat or have a share of the vote."""
    rows = []
    for row in table.iter_rows(named=True):
        if row["votes_median_after"] is None or row["party"] == "oth":
            continue
        said: dict[str, str] = {"Party": palette.line(row["party"]).name}
        for when in ("before", "after"):
            cuts = [row[f"{what}_{cut}_{when}"] for what in ("seats", "votes") for cut in ("median", "lo90", "hi90")]
            said[f"Seats {when}"] = f"{cuts[0]:.0f} ({words.seat_range(cuts[1], cuts[2])})"
            said[f"Votes {when}"] = f"{words.share(cuts[3])} ({words.share_range(cuts[4], cuts[5])})"
        rows.append(said)
    order = ["Party", "Seats before", "Seats after", "Votes before", "Votes after"]
    return pl.DataFrame(rows).select(order)
