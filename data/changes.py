"""What a new build of the tables changes: rows added, changed and removed, by key."""

from pathlib import Path

import polars as pl

from data import schemas

EXAMPLES = 5
"""Keys shown of each kind of change."""


def _keyed(path: Path, key: list[str]) -> pl.DataFrame:
    """Rows as text: key columns joined into one, and all cells joined into another; none where there is no table."""
    try:
        frame = pl.read_csv(path, infer_schema=False) if path.is_file() else pl.DataFrame()
    except (pl.exceptions.PolarsError, OSError):
        frame = pl.DataFrame()
    columns = [name for name in key if name in frame.columns]
    if not columns:
        return pl.DataFrame(schema={"key": pl.String, "row": pl.String})
    cells = pl.concat_str(pl.lit(name) + "=" + pl.col(name).fill_null("") for name in sorted(frame.columns))
    return frame.select(key=pl.concat_str(columns, separator=" ", ignore_nulls=True), row=cells)


def changes(old: Path, new: Path) -> pl.DataFrame:
    """Compare two folders of tables.

    Parameters
    ----------
    old, new : Path
        Folders with one CSV a table; a table that ``old`` does not hold, or that cannot be read there, counts as added:
        a build is what mends it.

    Returns
    -------
    pl.DataFrame
        One row a table that differs: table, added, changed, removed (rows) and ``examples`` (a list: a sign of
        ``+``, ``~`` or ``-`` and the key).
    """
    rows = []
    for name, schema in schemas.TABLES.items():
        key = list(schema.primary_key())
        before, after = (_keyed(folder / f"{name}.csv", key) for folder in (old, new))
        both = before.join(after, on="key", how="full", suffix="_new", coalesce=True)
        signs = {
            "+": both.filter(pl.col("row").is_null()),
            "~": both.filter(pl.col("row") != pl.col("row_new")),
            "-": both.filter(pl.col("row_new").is_null()),
        }
        examples = [f"{sign} {found}" for sign, hit in signs.items() for found in hit["key"].sort().head(EXAMPLES)]
        rows.append((name, *(hit.height for hit in signs.values()), examples))
    counts = {"table": pl.String, "added": pl.Int64, "changed": pl.Int64, "removed": pl.Int64}
    frame = pl.DataFrame(rows, schema={**counts, "examples": pl.List(pl.String)}, orient="row")
    return frame.filter(pl.sum_horizontal("added", "changed", "removed") > 0)


def render(report: pl.DataFrame) -> str:
    """Write a comparison as plain text.

    Parameters
    ----------
    report : pl.DataFrame
        From ``changes``.

    Returns
    -------
    str
        A line a table with its examples below, or one line that says nothing changed.
    """
    if report.is_empty():
        return "No table changed."
    lines = []
    for table, added, changed, removed, examples in report.iter_rows():
        lines.append(f"{table}: {added:,} rows added, {changed:,} changed, {removed:,} removed")
        lines += [f"  {example}" for example in examples]
    return "\n".join(lines)
