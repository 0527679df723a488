"""Every poll of the Parliament in one table: which a forecast used, which not, and why.

A stored forecast holds shares, pollster and last day of the polls its path was fitted to; clients, samples, sources
and the polls that were not used are in the tables. The two are joined here by what they share.
"""

from datetime import date, timedelta

import polars as pl

from data import Evidence
from models.forecast import Forecast

USED, NATION, EARLY, LATER, ABSENT, GONE = "used", "nation", "early", "later", "absent", "gone"
STATUS = {USED: "used", NATION: "used", GONE: "used", EARLY: "excluded", LATER: "excluded", ABSENT: "excluded"}
"""Whether a poll entered the forecast, by the reason: ``used`` in the path of Great Britain, ``nation`` in its nation's
offset only, ``gone`` used although the tables hold it no more; ``early`` too near the last election to tell of a
nation, ``later`` published after the evidence ends, ``absent`` known in time, but not in the tables of the fit."""
EARLY_DAYS = 30
"""Polls of a nation that end so few days after an election are not used (``models.nations``)."""
LATER_DAYS = 30
"""Polls published so many days after the evidence ends are listed; of a past forecast later ones are another story."""
ABOUT = (
    "poll_id", "pollster", "client", "mode", "start_date", "end_date", "sample", "area", "kind", "source", "verified",
    "known_on",
)  # fmt: skip
"""Columns that say what a poll is, not what it found."""
_JUDGED = ("place", "why", "status")


def poll_rows(forecast: Forecast, evidence: Evidence) -> pl.DataFrame:
    """List the polls since the last election.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.
    evidence : Evidence
        Tables, uncut.

    Returns
    -------
    pl.DataFrame
        Newest first: the columns ``ABOUT`` (``poll_id`` null where ``gone``, ``pollster`` "" where not known), a share
        for each party (0 to 1, null where not named; those of the forecast first), ``place`` (position among the
        forecast's polls, null where it is not one), ``why`` (a key of ``STATUS``) and ``status``.
    """
    manifest = forecast.manifest
    until = min(manifest.as_of + timedelta(days=LATER_DAYS), manifest.election_date)
    since = (pl.col("end_date") > manifest.previous_election) & (pl.col("known_on") <= until)
    held = _with_shares(evidence.polls.filter(since), evidence, forecast.parties).sort("end_date", "poll_id")
    fitted = _keyed(_fitted(forecast), pl.lit(True)).with_row_index("place")
    held = _keyed(held, pl.col("area") == "GB")
    joined = held.join(fitted.select("key", "place"), on="key", how="left", maintain_order="left", validate="1:1")
    gone = fitted.join(held, on="key", how="anti").with_columns(area=pl.lit("GB"), known_on=pl.col("end_date"))
    both = pl.concat([joined, gone], how="diagonal_relaxed")
    both = both.with_columns(why=_why(manifest.as_of, manifest.previous_election + timedelta(days=EARLY_DAYS)))
    both = both.with_columns(status=pl.col("why").replace_strict(STATUS, return_dtype=pl.String))
    latest = both.sort("end_date", "poll_id", "place", descending=True, nulls_last=True)
    return latest.select(*ABOUT, *(name for name in held.columns if name not in (*ABOUT, "end_exact", "key")), *_JUDGED)


def parties_of(rows: pl.DataFrame) -> list[str]:
    """Codes of the parties that a table of polls has shares of."""
    return [name for name in rows.columns if name not in (*ABOUT, *_JUDGED)]


def _with_shares(polls: pl.DataFrame, evidence: Evidence, parties: list[str]) -> pl.DataFrame:
    """Polls with a column a party, those of the forecast first."""
    named = evidence.poll_shares.join(polls.select("poll_id"), on="poll_id")
    others = sorted(set(named["party"].unique()) - set(parties))
    wide = named.pivot("party", index="poll_id", values="share", on_columns=[*parties, *others])
    plain = polls.with_columns(pl.col("area", "kind").cast(pl.String), pl.col("pollster").fill_null(""))
    return plain.join(wide, on="poll_id", how="left", maintain_order="left")


def _fitted(forecast: Forecast) -> pl.DataFrame:
    """Polls that a forecast holds, one row each; what it counted as others is left out, as the tables may not."""
    ds = forecast.tree["polls"].ds
    shares = {str(party): ds["share"].sel(party=party).values for party in ds["party"].values if party != "oth"}
    days, pollsters = ds["end_date"].values.astype("datetime64[D]"), ds["pollster"].values.astype(str)
    return pl.DataFrame({"end_date": days, "pollster": pollsters, **shares}).fill_nan(None)


def _keyed(polls: pl.DataFrame, fit: pl.Expr) -> pl.DataFrame:
    """Add ``key`` to the polls that can be a forecast's: last day, pollster, main shares, and a number if need be."""
    main = (pl.col(party).round(4).cast(pl.String).fill_null("") for party in ("con", "lab"))
    same = pl.concat_str("end_date", "pollster", *main, separator="|")
    keyed = polls.with_columns(key=pl.when(fit).then(same))
    turn = pl.int_range(pl.len()).over("key").cast(pl.String)
    return keyed.with_columns(key=pl.concat_str("key", turn, separator="|"))


def _why(as_of: date, early: date) -> pl.Expr:
    """Reason why a poll did or did not enter the forecast."""
    nation = pl.col("area") != "GB"
    reasons = {
        GONE: pl.col("place").is_not_null() & pl.col("poll_id").is_null(),
        USED: pl.col("place").is_not_null(),
        LATER: pl.col("known_on") > as_of,
        EARLY: nation & (pl.col("end_date") <= early),
        NATION: nation,
    }
    return pl.coalesce(*(pl.when(holds).then(pl.lit(why)) for why, holds in reasons.items()), pl.lit(ABSENT))
