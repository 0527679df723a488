"""Official votes and seats of parties by area, 1955-2024, from tables made apart from the constituency files."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import polars as pl

from data.compile.common import raw_file, read_text_csv
from data.errors import BadInput

WORKBOOK = "results/hocl_cbp7529_uk_election_statistics_1918_2019.xlsx"
SHEETS = {
    "England": ("1 GE-Eng", 1_000_000),
    "Wales": ("1 GE-Wales", 1_000),
    "Scotland": ("1 GE-Scot", 1_000),
    "Northern Ireland": ("1 GE-NI", 1_000),
}
"""Sheet of each nation in the Library's workbook, and the unit of its votes."""

LABELS = {
    "CON": "con",
    "LAB": "lab",
    "LD": "lib",
    "SNP": "snp",
    "PC": "plaid",
    "UUP": "uup",
    "SDLP": "sdlp",
    "DUP": "dup",
    "SF": "sf",
    "Total": "total",
}
"""Column heads kept, less their footnote numbers; other parties are the total less these."""

COUNTED = {
    "England": ("con", "lab", "lib"),
    "Wales": ("con", "lab", "lib", "plaid"),
    "Scotland": ("con", "lab", "lib", "snp"),
    "Northern Ireland": ("uup", "sdlp", "dup", "sf"),
}
"""Parties shown apart in each nation, as the workbook has them in 2019; used for 2024."""

MISPRINTS = {("2001", "Wales", "con"): 288_665}
"""Votes the workbook gives wrongly: 268,665, as its sheet of the kingdom is short by the same 20,000."""

Row = tuple[str, str, int]


def sheet_figures(cells: Iterable[tuple[str | None, ...]], unit: int) -> Iterator[tuple[str, Row]]:
    """Walk a sheet of two blocks: votes beside candidates, then shares beside seats.

    Parameters
    ----------
    cells : iterable of tuple
        Rows of the sheet as text.
    unit : int
        Votes one unit of the sheet stands for.

    Yields
    ------
    tuple
        Kind (``votes`` or ``seats``), then election (``1974F`` for February), party or ``total``, and number.
    """
    heads: dict[int, str] = {}
    seats = False
    for row in cells:
        labels = [re.sub(r"\d*\s*$", "", cell or "") for cell in row]
        seats = seats or any(label.startswith("Seats won") for label in labels)
        if labels.count("Total") == 2:
            # The left half of the first block holds votes, the right half of the second holds seats.
            middle = labels.index("Total")
            heads = {i: LABELS[text] for i, text in enumerate(labels) if (i > middle) == seats and text in LABELS}
        elif heads and re.fullmatch(r"(19|20)\d\d", row[0] or ""):
            month = row[1] if row[1] in ("Feb", "Oct") else ""
            for i, party in heads.items():
                if re.fullmatch(r"[\d.]*\d[\d.]*", row[i] or ""):
                    number = round(float(row[i] or 0) * (1 if seats else unit))
                    yield (
                        ("seats" if seats else "votes"),
                        (f"{row[0]}{month[:1] if month else ''}", party, number),
                    )


def _workbook_nation(raw: Path, nation: str) -> pl.DataFrame:
    """Votes and seats of one nation to 2019 (columns election, area, party, votes, seats), others as the remainder."""
    sheet, unit = SHEETS[nation]
    frame = pl.read_excel(
        raw_file(raw, WORKBOOK),
        sheet_name=sheet,
        has_header=False,
        infer_schema_length=0,
        drop_empty_cols=False,
    )
    found: dict[str, list[Row]] = {"votes": [], "seats": []}
    for kind, (election, party, number) in sheet_figures(frame.iter_rows(), unit):
        right = MISPRINTS.get((election, nation, party), number) if kind == "votes" else number
        found[kind].append((election, party, right))
    votes, seats = (pl.DataFrame(found[kind], ["election", "party", kind], orient="row") for kind in found)
    both = votes.join(seats, on=["election", "party"], how="left", validate="1:1")
    if both.is_empty() or both["seats"].null_count():
        raise BadInput(f"Sheet {sheet} of {WORKBOOK} has not the layout expected. Fetch the file again.")
    sign = pl.when(pl.col("party") == "total").then(1).otherwise(-1)
    others = both.group_by("election").agg((pl.col("votes", "seats") * sign).sum(), party=pl.lit("oth"))
    parties = both.filter(pl.col("party") != "total")
    return pl.concat([parties, others], how="diagonal").with_columns(pl.lit(nation).alias("area"))


def _kingdom(raw: Path) -> pl.DataFrame:
    """Votes and seats of the United Kingdom and Great Britain (columns election, area, party, votes, seats)."""
    frame = read_text_csv(raw, "results/national_results_1945_2024.csv")
    parties = {
        "con": "con",
        "lab": "lab",
        "lib": "lib",
        "snp_pc": "natsw",
        "other": "oth",
    }
    return pl.concat(
        frame.select(
            "election",
            "area",
            pl.lit(code).alias("party"),
            pl.col(f"{name}_votes").cast(pl.Int64).alias("votes"),
            pl.col(f"{name}_seats").cast(pl.Int64).alias("seats"),
        )
        for name, code in parties.items()
    )


def _latest_nations(contests: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """Sum the 2024 constituency file by nation, as the workbook ends in 2019."""
    kept = pl.DataFrame(
        [(nation, party) for nation, parties in COUNTED.items() for party in parties],
        schema=["nation", "party"],
        orient="row",
    ).with_columns(pl.col("party").alias("kept"))
    won = contests.select(
        "nation",
        pl.col("winner").alias("party"),
        pl.lit(0).alias("votes"),
        pl.lit(1).alias("seats"),
    )
    cast = votes.select("nation", "party", "votes", pl.lit(0).alias("seats"))
    both = pl.concat([won.with_columns(pl.col("votes").cast(pl.Int64)), cast]).join(kept, ["nation", "party"], "left")
    return (
        both.group_by(
            pl.col("nation").alias("area"),
            pl.col("kept").fill_null("oth").alias("party"),
        )
        .agg(pl.col("votes", "seats").sum())
        .with_columns(pl.lit("2024").alias("election"), pl.col("seats").cast(pl.Int64))
    )


def national_results(raw: Path, days: dict[str, date], contests: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """Official votes and seats by area and party.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    days : dict of str to date
        Polling day of each election wanted.
    contests, votes : pl.DataFrame
        Contests (nation, winner) and votes (nation, party, votes) of 2024.

    Returns
    -------
    pl.DataFrame
        Columns election_date, area, party, votes, seats.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    frames = [
        _kingdom(raw),
        *(_workbook_nation(raw, nation) for nation in SHEETS),
        _latest_nations(contests, votes),
    ]
    table = pl.concat(frames, how="diagonal").filter(pl.col("election").is_in(list(days)))
    return table.with_columns(pl.col("election").replace_strict(days).alias("election_date")).drop("election")
