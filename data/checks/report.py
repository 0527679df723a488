"""What the checks found, as tables and as text."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from data import schemas
from data.catalogue.datapackage import DATES
from data.checks.totals import VOTE_TOLERANCE
from data.load import Evidence


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """What the checks found.

    ``tables`` has one row a table: table, rows, first, last, unverified (null where rows are not marked).
    ``totals`` is what ``totals.compare`` gives, ``means`` what ``polls.last_means`` gives, ``polls`` what
    ``polls.per_parliament`` gives, ``missing`` what ``polls.missing_parties`` gives, and ``bases`` what
    ``keys.without_base`` gives. ``faults`` lists what is wrong, one sentence each.
    """

    tables: pl.DataFrame
    totals: pl.DataFrame
    means: pl.DataFrame
    polls: pl.DataFrame
    missing: pl.DataFrame
    bases: pl.DataFrame
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def spans(evidence: Evidence) -> pl.DataFrame:
    """Rows, span and unverified rows of every table.

    Parameters
    ----------
    evidence : Evidence
        Tables to describe.

    Returns
    -------
    pl.DataFrame
        As ``CheckReport.tables``.
    """
    rows = []
    for name in schemas.TABLES:
        frame: pl.DataFrame = getattr(evidence, name)
        day = frame[next(column for column in DATES if column in frame.columns)]
        unverified = int((~frame["verified"]).sum()) if "verified" in frame.columns else None
        rows.append((name, frame.height, day.min(), day.max(), unverified))
    schema = {"table": pl.String, "rows": pl.Int64, "first": pl.Date, "last": pl.Date, "unverified": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _table_lines(tables: pl.DataFrame) -> Iterator[str]:
    yield f"{'table':21}{'rows':>8}  {'first':10}  {'last':10}  {'unverified':>10}"
    for name, rows, first, last, unverified in tables.iter_rows():
        marked = "-" if unverified is None else unverified
        yield f"{name:21}{rows:>8}  {first or '-'!s:10}  {last or '-'!s:10}  {marked:>10}"


def _total_lines(totals: pl.DataFrame) -> Iterator[str]:
    yield "Seats counted from constituencies, United Kingdom (official in brackets where it differs)"
    for (day,), rows in totals.filter(pl.col("area") == "UK").group_by("election_date", maintain_order=True):
        cells = [
            f"{party} {seats}" + (f" ({official})" if seats != official else "")
            for party, seats, official in rows.select("party", "seats", "official_seats").iter_rows()
        ]
        yield f"{day}  " + "".join(f"{cell:16}" for cell in cells).rstrip()
        reasons = rows.filter(pl.col("seat_difference") != 0)["reason"].drop_nulls().unique(maintain_order=True)
        yield from (f"{'':12}{reason}" for reason in reasons)
    if totals.height:
        worst = totals.sort(pl.col("vote_gap").abs()).row(-1, named=True)
        yield (
            f"Votes: largest unexplained difference {100 * abs(worst['vote_gap']):.2f} points of the vote "
            f"({worst['election_date']} {worst['area']} {worst['party']}), allowed {100 * VOTE_TOLERANCE:.2f}; "
            f"{totals.height} totals of {totals['area'].n_unique()} areas compared."
        )


def _poll_lines(report: CheckReport) -> Iterator[str]:
    yield "Polls kept, by the election that ended their parliament"
    yield ", ".join(f"{parliament} {polls:,}" for parliament, polls in report.polls.iter_rows())
    yield "Polls that sum below 85 per cent, by the parties they do not give"
    yield ", ".join(f"without {parties}: {polls:,}" for parties, polls in report.missing.iter_rows()) or "none"
    yield "Mean of the last polls before each election (in brackets the one computed before from PollBase and britpol)"
    for (day,), rows in report.means.group_by("election_date", maintain_order=True):
        pairs = rows.select("party", "mean", "known").iter_rows()
        cells = "".join(
            f"{party} {mean:.1f} ({known:.1f})".ljust(18) for party, mean, known in pairs if mean is not None
        )
        yield f"{day}  {cells}".rstrip()
    yield "Seats without an earlier result (before 2010, the first election of a boundary set)"
    bare = report.bases.filter(pl.col("no_base") > 0)
    yield ", ".join(f"{day}: {none} of {seats}" for day, seats, none in bare.iter_rows()) or "none"


def render(report: CheckReport) -> str:
    """Write a report as plain text.

    Parameters
    ----------
    report : CheckReport
        From ``check``.

    Returns
    -------
    str
        A line a table, a line an election, then polls and faults; the last line is the verdict.
    """
    lines = [*_table_lines(report.tables), "", *_total_lines(report.totals), "", *_poll_lines(report), ""]
    lines += report.faults
    lines.append("All checks pass." if report.ok else f"{len(report.faults)} faults.")
    return "\n".join(lines)
