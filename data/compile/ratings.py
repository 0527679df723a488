"""Readers of the raw files of leader ratings, each to the columns ``COLUMNS``, best source first.

A rating is left out where it is no sample of a leader's standing: hypothetical questions, files that print
(A - D) / (A + D), readings quoted because they were a leader's lowest, machine scrapes marked as doubtful, and readings
of a party that had no leader in ``leader_tenure`` on that day.
"""

from pathlib import Path

import polars as pl

from data.compile.common import read_text_csv
from data.compile.pollsters import HOUSES

PARTIES = {
    "Conservative": "con",
    "Labour": "lab",
    "Liberal / Liberal Democrat": "lib",
    "UKIP": "ref",
    "Brexit Party / Reform UK": "ref",
    "Scottish National Party": "snp",
    "Plaid Cymru": "plaid",
    "Green Party of England and Wales": "grn",
    "Restore Britain": "restore",
}
"""Parties whose leaders are kept; not the Social Democrats, whose votes count with the Liberals' under ``lib``."""

FAMILIES = (
    (r"proving a good leader|good job|bad job|good or bad|turning out to be a good|mostly a", "good_bad_job"),
    (r"(?i)satisf|satisif|dissat|disat|disast", "satisfied"),
    (r"(?i)favou?rabl|positive or negative", "favourable"),
    (r"(?i)well or badly|very well|how well", "well_badly"),
    (r"(?i)approv|disappov", "approve"),
)
"""Patterns of PollBase's wordings (its spelling included), first match wins."""
HYPOTHETICAL = r"(?i)best PM|0-100|would make|would do|will do well"
MONTH_ONLY = r"^[A-Z][a-z]+$"
POLLBASE = "PollBase (Mark Pack)"
WIKIPEDIA = "Wikipedia, leadership approval opinion polling"
COLUMNS = (
    *("leader", "pollster", "question_family", "end_date", "month_only", "published", "sample"),
    *("positive", "negative", "net", "verified", "source"),
)


def read_all(raw: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    """Read every file of ratings.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    tenure : pl.DataFrame
        Who led which party when, to name the leader where a file gives the party.

    Returns
    -------
    pl.DataFrame
        ``COLUMNS`` and ``rank``, the place of the source in the order of trust, 0 the best.
    """
    frames = [
        _pollbase(raw, tenure),
        _ipsos_prime_ministers(raw),
        _ipsos_to_1990(raw),
        _ipsos_quoted(raw),
        *_pages(raw),
        _monthly(raw, tenure),
        _approvals(raw),
        _single_leaders(raw),
    ]
    return pl.concat([frame.select(*COLUMNS, rank=pl.lit(i)) for i, frame in enumerate(frames)])


def leader_on(frame: pl.DataFrame, tenure: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """Name the leader of each row's ``party`` on ``day``.

    Parameters
    ----------
    frame : pl.DataFrame
        With ``party`` (code).
    tenure : pl.DataFrame
        ``party``, ``leader``, ``start``, ``end``.
    day : pl.Expr
        A date for each row.

    Returns
    -------
    pl.DataFrame
        The rows with ``leader``; those of a party without a leader on the day are dropped.
    """
    rows = frame.drop("leader", strict=False).with_columns(_day=day).sort("_day")
    reigns = tenure.select("party", "leader", _start="start", _end="end").sort("_start")
    named = rows.join_asof(reigns, left_on="_day", right_on="_start", by="party", check_sortedness=False)
    serving = pl.col("leader").is_not_null() & (pl.col("_end").is_null() | (pl.col("_end") > pl.col("_day")))
    return named.filter(serving).drop("_day", "_start", "_end")


def _numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows with both parts, as numbers, and add their difference; no sample or publication is given."""
    both = frame.filter(pl.col("positive").is_not_null() & pl.col("negative").is_not_null())
    parts = both.with_columns(
        pl.col("positive", "negative").cast(pl.Float64), sample=pl.lit(None, pl.Int64), published=pl.lit(None, pl.Date)
    )
    return parts.with_columns(net=pl.col("positive") - pl.col("negative"))


def _house() -> pl.Expr:
    name = pl.col("pollster").str.strip_chars()
    return name.str.to_lowercase().replace_strict(HOUSES, default=name)


def _family() -> pl.Expr:
    family = pl.lit("not_stated")
    for pattern, name in reversed(FAMILIES):
        family = pl.when(pl.col("question").str.contains(pattern)).then(pl.lit(name)).otherwise(family)
    return family


def _month(column: str) -> pl.Expr:
    return (pl.col(column) + "-01").str.to_date()


def _pollbase(raw: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    frame = read_text_csv(raw, "leaders/pollbase_leader_ratings_2001_2020.csv")
    asked = frame.filter(
        pl.col("party").is_in(list(PARTIES)), ~pl.col("question").fill_null("").str.contains(HYPOTHETICAL)
    )
    # Two rows of December 2020 carry the year 2021; the workbook ends in 2020.
    start = pl.col("fieldwork_start").str.replace("^2021-12", "2020-12").str.to_date()
    last_day = pl.col("fieldwork").str.extract(r"-(\d+)").cast(pl.Int64)
    months_on = (last_day < pl.col("fieldwork").str.extract(r"^(\d+)").cast(pl.Int64)).cast(pl.Int64)
    end = start.dt.month_start().dt.offset_by(pl.format("{}mo", months_on)).dt.offset_by(pl.format("{}d", last_day - 1))
    dated = asked.with_columns(
        party=pl.col("party").replace_strict(PARTIES),
        start=start,
        end_date=pl.when(last_day.is_null()).then(start).otherwise(end),
        month_only=pl.lit(False),
        pollster=_house(),
        question_family=_family(),
        verified=pl.lit(True),
        source=pl.lit(f"{POLLBASE}, sheets 2001-2020"),
    )
    return leader_on(_numbers(dated), tenure, pl.col("start"))


def _monthly(raw: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    """Gallup, NOP and YouGov month by month; a month with a change of leader near its middle is left out."""
    frame = read_text_csv(raw, "leaders/pollbase_gallup_yougov_monthly_1989_2010.csv")
    labour_rules = pl.col("month") >= "1997-05"
    roles = {
        "pm": pl.when(labour_rules).then(pl.lit("lab")).otherwise(pl.lit("con")),
        "opp": pl.when(labour_rules).then(pl.lit("con")).otherwise(pl.lit("lab")),
        "lib": pl.lit("lib"),
    }
    long = pl.concat(
        frame.select("month", pollster="series", party=party, positive=f"{role}_good", negative=f"{role}_bad")
        for role, party in roles.items()
    )
    asked = _numbers(long).with_columns(
        end_date=_month("month").dt.offset_by("14d"),
        month_only=pl.lit(True),
        question_family=pl.lit("good_bad_job"),
        verified=pl.lit(True),
        source=pl.lit(f"{POLLBASE}, sheet Gallup ratings 1989-2010"),
    )
    early, late = (leader_on(asked, tenure, pl.col("end_date").dt.offset_by(shift)) for shift in ("-7d", "7d"))
    return early.join(late, on=["month", "party", "leader"], how="semi")


def _ipsos_prime_ministers(raw: Path) -> pl.DataFrame:
    frame = read_text_csv(raw, "leaders/ipsos_pm_satisfaction_1979_2010.csv")
    day = pl.col("date").str.to_date()
    # Until 1982 the file dates every poll on the 1st: only its month is known.
    month_only = (day.dt.day() == 1) & (day.dt.year() < 1983)
    return _numbers(frame).with_columns(
        leader="prime_minister",
        pollster=pl.lit("Ipsos"),
        question_family=pl.lit("satisfied"),
        end_date=pl.when(month_only).then(day.dt.month_end()).otherwise(day),
        month_only=month_only,
        verified=pl.lit(False),
        source=pl.lit("Ipsos Political Monitor, via HarviLehal/Opinion-Polling"),
    )


def _ipsos_to_1990(raw: Path) -> pl.DataFrame:
    frame = read_text_csv(raw, "leaders/ipsos_thatcher_opposition_1980_1990.csv")
    text, first = pl.col("poll_date").str.strip_chars(), _month("month")
    last_day = text.str.extract(r"(\d+)(?:\s+[A-Z][a-z]+)?$").cast(pl.Int64)
    spills = text.str.contains(r"-\s*[A-Z][a-z]+ \d|-\d+ [A-Z]")  # "April 25 - May 1", "May 27-1 June"
    end = first.dt.offset_by(pl.format("{}mo", spills.cast(pl.Int64))).dt.offset_by(pl.format("{}d", last_day - 1))
    dated = frame.filter(text.str.len_chars() > 0).with_columns(
        pollster=pl.lit("Ipsos"),
        question_family=pl.lit("satisfied"),
        month_only=text.str.contains(MONTH_ONLY),
        end_date=pl.when(text.str.contains(MONTH_ONLY)).then(first.dt.month_end()).otherwise(end),
        verified=pl.lit(True),
        source=pl.lit("Ipsos Political Monitor, via svmiller/stevedata"),
    )
    thatcher = dated.with_columns(leader=pl.lit("Margaret Thatcher"), positive="thatcher_sat", negative="thatcher_dis")
    opposition = dated.with_columns(leader="opposition_leader", positive="opp_sat", negative="opp_dis")
    return _numbers(pl.concat([thatcher, opposition]))


def _ipsos_quoted(raw: Path) -> pl.DataFrame:
    frame = read_text_csv(raw, "leaders/ipsos_published_spot_values.csv")
    note = pl.col("note").fill_null("")
    stated = note.str.extract(r"\d+-(\d+ [A-Z][a-z]+ \d{4})").str.to_date("%d %B %Y")
    # A leader's lowest reading is no sample of her standing; two rows only repeat a dated Ipsos reading.
    kept = frame.filter(pl.col("net").is_not_null(), ~note.str.contains("lowest net|equals the Ipsos reading"))
    return kept.with_columns(
        pl.col("positive", "negative", "net").cast(pl.Float64),
        pollster=pl.lit("Ipsos"),
        question_family=pl.lit("satisfied"),
        end_date=stated.fill_null(_month("month").dt.month_end()),
        month_only=stated.is_null(),
        published=pl.lit(None, pl.Date),
        sample=pl.lit(None, pl.Int64),
        verified=~note.str.contains("not certain|general knowledge"),
    )


def _pages(raw: Path) -> list[pl.DataFrame]:
    """Figures of 2025-26: those from a pollster's or newspaper's page, then those copied from a repository."""
    frame = read_text_csv(raw, "leaders/leader_ratings_2025_2026.csv")
    note = pl.col("note").fill_null("")
    kept = frame.filter(pl.col("net").is_not_null(), ~note.str.contains("LOW CONFIDENCE"))
    copied = pl.col("source").str.contains("commit|repository")
    # A figure from a post is public from the day of the post, which the source names.
    posted = pl.col("source").str.extract(r"Bluesky (\d{4}-\d{2}-\d{2})")
    typed = kept.with_columns(
        pl.col("positive", "negative", "net").cast(pl.Float64),
        pl.col("sample").cast(pl.Int64),
        end_date=pl.col("fieldwork_end").str.to_date(),
        month_only=pl.lit(False),
        published=note.str.extract(r"published (\d{4}-\d{2}-\d{2})").fill_null(posted).str.to_date(),
        pollster=_house(),
        verified=~copied & ~note.str.contains("derived from the changes"),
    ).with_columns(net=(pl.col("positive") - pl.col("negative")).fill_null(pl.col("net")))
    key = ["leader", "pollster", "question_family", "end_date", "net"]
    once = typed.unique(key, keep="first", maintain_order=True)
    return [once.filter(~copied), once.filter(copied)]


def _approvals(raw: Path) -> pl.DataFrame:
    frame = read_text_csv(raw, "leaders/opinion_polling_repo/leader_approval_2024_2025.csv")
    names = {"Starmer": "Keir Starmer", "Badenoch": "Kemi Badenoch", "Farage": "Nigel Farage", "Davey": "Ed Davey"}
    long = pl.concat(
        frame.select("Date", leader=pl.lit(name), positive=f"{key} Approve", negative=f"{key} Disapprove")
        for key, name in names.items()
    )
    # Up to 16 June 2025 a second file, which prints only the net, agrees with both parts.
    return _unnamed(long).with_columns(verified=pl.col("end_date") <= pl.date(2025, 6, 16))


def _single_leaders(raw: Path) -> pl.DataFrame:
    files = {"corbyn": "Jeremy Corbyn", "boris": "Boris Johnson", "truss": "Liz Truss"}
    files |= {"starmer": "Keir Starmer", "sunak": "Rishi Sunak"}
    frames = [
        read_text_csv(raw, f"leaders/opinion_polling_repo/{key}.csv").select(
            "Date", leader=pl.lit(name), positive="Approve", negative="Disapprove"
        )
        for key, name in files.items()
    ]
    return _unnamed(pl.concat(frames)).with_columns(verified=pl.lit(False))


def _unnamed(frame: pl.DataFrame) -> pl.DataFrame:
    return _numbers(frame).with_columns(
        pollster=pl.lit(None, pl.String),
        question_family=pl.lit("not_stated"),
        end_date=pl.col("Date").str.to_date(),
        month_only=pl.lit(False),
        source=pl.lit(WIKIPEDIA),
    )
