"""Raw files on party leaders, compiled into ``leader_tenure`` and ``leader_ratings``.

Every reader below returns the same columns (``COLUMNS``); ``tables`` puts them together, removes what two sources print
twice, and numbers the rows.

A rating is left out where it is no sample of a leader's standing: hypothetical questions, files that print
(A - D) / (A + D), readings chosen because they were a leader's lowest, machine scrapes marked as doubtful, and readings
of a party that had no leader in ``leader_tenure`` on that day.
"""

from pathlib import Path

import polars as pl

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
"""Parties whose leaders are kept. The Social Democrats' are not: their votes are counted with the Liberals', under ``lib``."""

POLLSTERS = {
    "MORI": "Ipsos",
    "Ipsos MORI": "Ipsos",
    "Ipsos MORI / Ipsos": "Ipsos",
    "Angus RS": "Angus Reid",
    "BMG Research": "BMG",
    "Kantar TNS": "Kantar",
    "R+W": "Redfield & Wilton",
    "Savanta ComRes": "Savanta",
    "ComRes": "Savanta",
    "Sky": "Sky Data",
    "TNS BMRB": "Kantar",
}
"""Names of one house, past and present, under its name of today."""

FAMILIES = (
    (r"proving a good leader|good job|bad job|good or bad|turning out to be a good|mostly a", "good_bad_job"),
    (r"(?i)satisf|satisif|dissat|disat|disast", "satisfied"),
    (r"(?i)favou?rabl|positive or negative", "favourable"),
    (r"(?i)well or badly|very well|how well", "well_badly"),
    (r"(?i)approv|disappov", "approve"),
)
HYPOTHETICAL = r"(?i)best PM|0-100|would make|would do|will do well"
MONTH_ONLY = r"^[A-Z][a-z]+$"
WINDOW_DAYS = 7
"""Two sources may date one poll by its start, its end or its publication."""
UNVERIFIED_STARTS = ("Clement Attlee", "Paddy Ashdown", "Menzies Campbell")
VERIFIED_STARTS = ("John Swinney", "Zack Polanski", "Rupert Lowe")
VERIFIED_ENDS = ("Rishi Sunak", "Keir Starmer", "Carla Denyer and Adrian Ramsay")
COLUMNS = ("leader", "pollster", "question_family", "end_date", "month_only", "sample", "positive", "negative", "net")
COLUMNS += ("verified", "source")


def tenures(raw: Path) -> pl.DataFrame:
    """Read who led which party from when to when.

    Parameters
    ----------
    raw : Path
        Folder with the raw files, in ``leaders/leader_tenure.csv``.

    Returns
    -------
    pl.DataFrame
        ``party`` (code), ``leader``, ``start``, ``end`` (null while in office), ``how_ended``, ``source``.
    """
    frame = pl.read_csv(raw / "leaders" / "leader_tenure.csv", try_parse_dates=True)
    known = frame.filter(pl.col("party").is_in(list(PARTIES)))
    return known.select(
        pl.col("party").replace_strict(PARTIES, return_dtype=pl.String), "leader", "start", "end", "how_ended", "source"
    )


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables on leaders.

    Parameters
    ----------
    raw : Path
        Folder with the raw files, in ``leaders/``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``leader_tenure`` and ``leader_ratings``, sorted by primary key.
    """
    tenure = tenures(raw)
    readers = (_pollbase, _ipsos_pm, _ipsos_opposition, _ipsos_spots, _pages, _monthly, _approvals, _single_leaders)
    frames = [reader(raw / "leaders", tenure).select(COLUMNS) for reader in readers]
    ratings = pl.concat([frame.with_columns(rank=pl.lit(i)) for i, frame in enumerate(frames)])
    return {"leader_tenure": _events(tenure), "leader_ratings": _number(_without_repeats(ratings), tenure)}


def _events(tenure: pl.DataFrame) -> pl.DataFrame:
    main = pl.col("party").is_in(["con", "lab", "lib"])
    start = (main & ~pl.col("leader").is_in(UNVERIFIED_STARTS)) | pl.col("leader").is_in(VERIFIED_STARTS)
    starts = tenure.select(
        "party", "leader", event=pl.lit("start"), date="start", reason=pl.lit(None, pl.String), verified=start,
        source="source",
    )  # fmt: skip
    ends = tenure.filter(pl.col("end").is_not_null()).select(
        "party", "leader", event=pl.lit("end"), date="end", reason="how_ended",
        verified=pl.col("leader").is_in(VERIFIED_ENDS), source="source",
    )  # fmt: skip
    return pl.concat([starts, ends]).with_columns(known_on="date").sort("party", "leader", "event", "date")


def _in_office(frame: pl.DataFrame, tenure: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """Name the leader of each row's ``party`` on ``day``; rows of a party without a leader then are dropped."""
    on = frame.with_columns(_day=day).sort("_day")
    named = on.drop("leader", strict=False).join_asof(
        tenure.select("party", "leader", "start", "end").sort("start"),
        left_on="_day", right_on="start", by="party", check_sortedness=False,
    )  # fmt: skip
    serving = pl.col("leader").is_not_null() & (pl.col("end").is_null() | (pl.col("end") > pl.col("_day")))
    return named.filter(serving).drop("_day", "start", "end")


def _rating(
    family: pl.Expr | str, *, month_only: bool | pl.Expr = False, verified: bool | pl.Expr, source: str | pl.Expr
) -> list[pl.Expr]:
    """Columns that a reader does not take from its file. Sample sizes are given in one file only."""
    return [
        (pl.lit(family) if isinstance(family, str) else family).alias("question_family"),
        (pl.lit(month_only) if isinstance(month_only, bool) else month_only).alias("month_only"),
        (pl.lit(verified) if isinstance(verified, bool) else verified).alias("verified"),
        (pl.lit(source) if isinstance(source, str) else source).alias("source"),
        pl.lit(None, pl.Int64).alias("sample"),
        (pl.col("positive") - pl.col("negative")).alias("net"),
    ]


def _pollbase(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    frame = pl.read_csv(folder / "pollbase_leader_ratings_2001_2020.csv", infer_schema_length=None)
    rated = frame.filter(
        pl.col("party").is_in(list(PARTIES)),
        pl.col("positive").is_not_null() & pl.col("negative").is_not_null(),
        ~pl.col("question").fill_null("").str.contains(HYPOTHETICAL),
    )
    # Two rows of December 2020 carry the year 2021; the workbook ends in 2020.
    start = pl.col("fieldwork_start").str.replace("^2021-12", "2020-12").str.to_date()
    day = pl.col("fieldwork").str.extract(r"-(\d+)").cast(pl.Int64)
    end = start.dt.truncate("1mo").dt.offset_by(pl.format("{}d", day - 1))
    end = pl.when(day < start.dt.day()).then(end.dt.offset_by("1mo")).when(day.is_not_null()).then(end).otherwise(start)
    dated = rated.with_columns(start=start, end_date=end).drop("start", strict=False).with_columns(
        start_date=start, party=pl.col("party").replace_strict(PARTIES), pollster=_house()
    )
    named = _in_office(dated, tenure, pl.col("start_date"))
    return named.with_columns(_rating(_family(), verified=True, source="PollBase (Mark Pack), sheets 2001-2020"))


def _house() -> pl.Expr:
    return pl.col("pollster").str.strip_chars().replace(POLLSTERS)


def _family() -> pl.Expr:
    branch = pl.when(pl.col("question").is_null()).then(pl.lit("not_stated"))
    for pattern, family in FAMILIES:
        branch = branch.when(pl.col("question").str.contains(pattern)).then(pl.lit(family))
    return branch.otherwise(pl.lit("not_stated"))


def _ipsos_pm(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    frame = pl.read_csv(folder / "ipsos_pm_satisfaction_1979_2010.csv", try_parse_dates=True)
    # Until 1982 the file dates every poll on the 1st: only its month is known.
    month_only = (pl.col("date").dt.day() == 1) & (pl.col("date").dt.year() < 1983)
    return frame.rename({"prime_minister": "leader"}).with_columns(
        pl.col("positive", "negative").cast(pl.Float64),
        end_date=pl.when(month_only).then(pl.col("date").dt.month_end()).otherwise("date"),
        pollster=pl.lit("Ipsos"),
        *_rating(
            "satisfied", month_only=month_only, verified=False, source="Ipsos Political Monitor, via Opinion-Polling"
        ),
    )


def _ipsos_opposition(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    frame = pl.read_csv(folder / "ipsos_thatcher_opposition_1980_1990.csv")
    text, first = pl.col("poll_date").str.strip_chars(), (pl.col("month") + "-01").str.to_date()
    day = text.str.extract(r"(\d+)(?:\s+[A-Z][a-z]+)?$").cast(pl.Int64)
    spills = text.str.contains(r"-\s*[A-Z][a-z]+ \d|-\d+ [A-Z]")  # "April 25 - May 1", "May 27-1 June"
    end = first.dt.offset_by(pl.format("{}d", day - 1))
    month_only = text.str.contains(MONTH_ONLY)
    dated = frame.filter(text != "").with_columns(
        end_date=pl.when(month_only).then(first.dt.month_end()).when(spills).then(end.dt.offset_by("1mo")).otherwise(end),
        month_only=month_only, pollster=pl.lit("Ipsos"),
    )  # fmt: skip
    sides = (
        dated.with_columns(leader=pl.lit("Margaret Thatcher"), positive="thatcher_sat", negative="thatcher_dis"),
        dated.with_columns(leader="opposition_leader", positive="opp_sat", negative="opp_dis"),
    )
    both = pl.concat([side.select("leader", "pollster", "end_date", "month_only", "positive", "negative") for side in sides])
    return both.filter(pl.col("positive").is_not_null()).with_columns(
        _rating(
            "satisfied",
            month_only=pl.col("month_only"),
            verified=True,
            source="Ipsos Political Monitor, via svmiller/stevedata",
        )
    )


def _ipsos_spots(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    frame = pl.read_csv(folder / "ipsos_published_spot_values.csv", infer_schema_length=None)
    note = pl.col("note").fill_null("")
    # A leader's lowest reading is no sample of her standing; two rows only repeat a dated Ipsos reading.
    kept = frame.filter(pl.col("net").is_not_null(), ~note.str.contains("lowest net|equals the Ipsos reading"))
    stated = note.str.extract(r"\d+-(\d+ [A-Z][a-z]+ \d{4})").str.to_date("%d %B %Y")
    return kept.with_columns(
        _rating(
            "satisfied",
            month_only=stated.is_null(),
            verified=~note.str.contains("not certain|general knowledge"),
            source=pl.col("source"),
        ),
    ).with_columns(
        pl.col("positive", "negative").cast(pl.Float64),
        end_date=stated.fill_null((pl.col("month") + "-01").str.to_date().dt.month_end()),
        pollster=pl.lit("Ipsos"),
        net=kept["net"].cast(pl.Float64),
    )


def _pages(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    frame = pl.read_csv(folder / "leader_ratings_2025_2026.csv", infer_schema_length=None, try_parse_dates=True)
    note = pl.col("note").fill_null("")
    kept = frame.filter(pl.col("net").is_not_null(), ~note.str.contains("LOW CONFIDENCE"))
    figures = kept.with_columns(pl.col("positive", "negative", "net").cast(pl.Float64))
    printed = figures["net"]
    doubtful = pl.col("source").str.contains(r"commit|repository") | note.str.contains("derived")
    one_day = figures.with_columns(
        _rating(pl.col("question_family"), verified=~doubtful | note.str.contains("net agrees"), source=pl.col("source"))
    ).with_columns(
        end_date="fieldwork_end", sample=figures["sample"].cast(pl.Int64), pollster=_house(),
        net=(pl.col("positive") - pl.col("negative")).fill_null(printed),
    )  # fmt: skip
    return one_day.unique(["leader", "pollster", "question_family", "end_date", "net"], keep="first", maintain_order=True)


def _monthly(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    """Gallup, NOP and YouGov month by month. A month in whose middle half the leader changed is left out."""
    frame = pl.read_csv(folder / "pollbase_gallup_yougov_monthly_1989_2010.csv", infer_schema_length=None)
    first = (pl.col("month") + "-01").str.to_date()
    labour_rules = pl.col("month") >= "1997-05"
    ruling, opposing = pl.when(labour_rules).then(pl.lit("lab")).otherwise(pl.lit("con")), pl.lit("lab")
    opposing = pl.when(labour_rules).then(pl.lit("con")).otherwise(opposing)
    roles = {"pm": ruling, "opp": opposing, "lib": pl.lit("lib")}
    long = pl.concat(
        [
            frame.select("month", pollster="series", party=party, positive=f"{role}_good", negative=f"{role}_bad")
            for role, party in roles.items()
        ]
    ).with_columns(pl.col("positive", "negative").cast(pl.Float64), first=first)
    asked = long.filter(pl.col("positive").is_not_null() & pl.col("negative").is_not_null())
    on_8th = _in_office(asked, tenure, pl.col("first").dt.offset_by("7d"))
    on_22nd = _in_office(asked, tenure, pl.col("first").dt.offset_by("21d")).select("month", "party", "leader")
    settled = on_8th.join(on_22nd, on=["month", "party", "leader"], how="semi")
    return settled.with_columns(
        _rating("good_bad_job", month_only=True, verified=True, source="PollBase (Mark Pack), sheet Gallup ratings 1989-2010")
    ).with_columns(end_date=pl.col("first").dt.offset_by("14d"))


def _approvals(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    path = folder / "opinion_polling_repo" / "leader_approval_2024_2025.csv"
    frame = pl.read_csv(path, infer_schema_length=None, try_parse_dates=True)
    names = {"Starmer": "Keir Starmer", "Badenoch": "Kemi Badenoch", "Farage": "Nigel Farage", "Davey": "Ed Davey"}
    long = pl.concat(
        [
            frame.select(end_date="Date", leader=pl.lit(name), positive=f"{key} Approve", negative=f"{key} Disapprove")
            for key, name in names.items()
        ]
    ).filter(pl.col("positive").is_not_null() & pl.col("negative").is_not_null())
    # Both parts agree with a second file, which prints the net only, up to 16 June 2025.
    checked = pl.col("end_date") <= pl.date(2025, 6, 16)
    return long.with_columns(_rating("not_stated", verified=checked, source=_WIKIPEDIA), pollster=pl.lit(None, pl.String))


_WIKIPEDIA = "Wikipedia, leadership approval opinion polling, via HarviLehal/Opinion-Polling"


def _single_leaders(folder: Path, tenure: pl.DataFrame) -> pl.DataFrame:
    files = {"corbyn": "Jeremy Corbyn", "boris": "Boris Johnson", "truss": "Liz Truss"}
    files |= {"starmer": "Keir Starmer", "sunak": "Rishi Sunak"}
    frames = [
        pl.read_csv(folder / "opinion_polling_repo" / f"{key}.csv", try_parse_dates=True, infer_schema_length=None).select(
            end_date="Date", leader=pl.lit(name), positive=pl.col("Approve").cast(pl.Float64),
            negative=pl.col("Disapprove").cast(pl.Float64),
        )
        for key, name in files.items()
    ]  # fmt: skip
    long = pl.concat(frames).filter(pl.col("positive").is_not_null() & pl.col("negative").is_not_null())
    return long.with_columns(_rating("not_stated", verified=False, source=_WIKIPEDIA), pollster=pl.lit(None, pl.String))
