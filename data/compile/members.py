"""Members' ballots and polls of members, compiled into ``member_ballots`` and ``member_polls``.

Both come from raw files; polls that these lack are compiled by hand (``data/byhand``).
"""

from datetime import date
from pathlib import Path

import polars as pl

from data.compile.common import TRUE, by_hand, read_text_csv, with_hand
from data.compile.ratings import PARTIES
from data.errors import BadInput

THIRD = 1 / 3
ELECTORATES: dict[str, tuple[str, str, float | None, float]] = {
    "overall_college": ("overall", "only", None, 1.0),
    "overall_round1": ("overall", "first", None, 1.0),
    "overall_final": ("overall", "last", None, 1.0),
    "all": ("overall", "only", None, 1.0),
    "mps_section_of_30": ("mps", "only", 0.3, 0.3),
    "clp_section_of_30": ("members", "only", 0.3, 0.3),
    "affiliates_section_of_40": ("affiliates", "only", 0.4, 0.4),
    "mps_meps_pct": ("mps", "only", THIRD, 1.0),
    "members_pct": ("members", "only", THIRD, 1.0),
    "affiliates_pct": ("affiliates", "only", THIRD, 1.0),
    "mps_section_of_33.3_round1": ("mps", "first", THIRD, THIRD),
    "mps_section_of_33.3_final": ("mps", "last", THIRD, THIRD),
    "members_section_of_33.3_round1": ("members", "first", THIRD, THIRD),
    "members_section_of_33.3_final": ("members", "last", THIRD, THIRD),
    "affiliates_section_of_33.3_round1": ("affiliates", "first", THIRD, THIRD),
    "affiliates_section_of_33.3_final": ("affiliates", "last", THIRD, THIRD),
    "members": ("members", "only", None, 1.0),
    "members_weighted": ("members", "only", None, 1.0),
    "members_round1": ("members", "first", None, 1.0),
    "members_final": ("members", "last", None, 1.0),
    "affiliates": ("affiliates", "only", None, 1.0),
    "registered_supporters": ("supporters", "only", None, 1.0),
}
"""What each label of the raw file says: section, round, weight in the college, and of what its shares are a part.

Labour's colleges of 1983 to 1992 and of 2010 were printed in points of the whole college, that of 1994 in per cent of
each section.
"""

FINAL_TWO = date(2022, 7, 20)
"""Until that day more than two stood in ``con2022a``, and the polls of members held are of pairs of them."""
ALL = "all"


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables on members' ballots and polls.

    Parameters
    ----------
    raw : Path
        Folder of raw files, with ``mps/``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``member_ballots`` and ``member_polls``.

    Raises
    ------
    BadInput
        If a file is missing or holds something other than expected, or a poll is held twice.
    """
    try:
        found = {"member_ballots": _ballots(raw), "member_polls": _polls(raw)}
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"A raw file on members in mps/ is not as data/SOURCES.md describes it: {reason} Fetch it again."
        ) from error
    return found | {"member_polls": with_hand("member_polls", found["member_polls"], _polls_by_hand())}


def _electorates(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Split the labels of the electorate into section, place of the round, weight and base of the shares."""
    unknown = frame.with_row_index("row", offset=2).filter(~pl.col("electorate").is_in(list(ELECTORATES)))
    if unknown.height:
        row, label = unknown.select("row", "electorate").row(0)
        raise BadInput(
            f"Raw file {name}, row {row}, column electorate: {label!r} is none of {', '.join(ELECTORATES)}. "
            "Correct the row, or name its section and weight in data/compile/members.py."
        )
    labels = pl.DataFrame(
        [(label, *parts) for label, parts in ELECTORATES.items()],
        ["electorate", "section", "place", "weight", "base"],
        orient="row",
    )
    return frame.join(labels, on="electorate", how="left", maintain_order="left")


def _ballots(raw: Path) -> pl.DataFrame:
    name = "mps/member_ballots.csv"
    frame = _electorates(read_text_csv(raw, name), name)
    day = pl.col("date").str.to_date()
    # One candidate goes out a round, so the last of n candidates' rounds is n - 1.
    stood = pl.col("candidate").filter(pl.col("place") == "first").n_unique().over("contest_id")
    return frame.select(
        "contest_id",
        "section",
        "candidate",
        "weight",
        "source",
        round=pl.when(pl.col("place") == "last").then(stood.cast(pl.Int64) - 1).otherwise(1),
        date=day,
        party=pl.col("party").replace_strict(PARTIES),
        votes=pl.col("votes").cast(pl.Int64),
        share=pl.col("share_pct").cast(pl.Float64) / 100 / pl.col("base"),
        verified=~pl.col("source").str.contains("unverified"),
        known_on=day,
    ).sort("contest_id", "section", "round", "candidate")


def _polls(raw: Path) -> pl.DataFrame:
    name = "mps/member_polls.csv"
    ended = pl.col("fieldwork_end").str.to_date()
    frame = read_text_csv(raw, name).with_columns(end_date=ended)
    paired = frame.filter(pl.col("contest_id") == "con2022a", pl.col("end_date") < FINAL_TWO)
    if paired.height % 2:
        raise BadInput(
            f"Raw file {name}: {paired.height} rows of con2022a end before {FINAL_TWO}, an odd number, though each "
            "pair asked about takes two rows that follow one another. Add the row that is missing."
        )
    rest = frame.join(paired, on=frame.columns, how="anti", nulls_equal=True).with_columns(rival=pl.lit(ALL))
    pair = pl.int_range(pl.len()) // 2
    both = paired.with_columns(rival=pl.col("candidate").reverse().over(pair))
    return (
        pl.concat([rest, both])
        .select(
            "contest_id",
            "end_date",
            "candidate",
            "rival",
            "source",
            pollster=pl.col("pollster").str.split("/").list.first(),
            start_date=pl.col("fieldwork_start").str.to_date(),
            sample=pl.col("sample").cast(pl.Float64).cast(pl.Int64),
            share=pl.col("share_pct").cast(pl.Float64) / 100,
            verified=~pl.col("source").str.contains("unverified"),
            known_on=pl.col("end_date").dt.offset_by("1d"),
        )
        .sort("contest_id", "pollster", "end_date", "candidate", "rival")
    )


def _polls_by_hand() -> pl.DataFrame:
    try:
        return by_hand("member_polls").with_columns(
            pl.col("start_date", "end_date").str.to_date(),
            pl.col("sample").cast(pl.Int64),
            pl.col("share").cast(pl.Float64),
            verified=pl.col("verified") == TRUE,
            known_on=pl.col("end_date").str.to_date().dt.offset_by("1d"),
        )
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"data/byhand/member_polls.csv cannot be read: {str(error).splitlines()[0]} Dates are written 2026-05-31, "
            "shares as 0.15, samples whole. Correct the file."
        ) from error
