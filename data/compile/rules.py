"""Rules by which parties choose their leader, compiled by hand into ``selection_rules`` and ``selection_sections``."""

from pathlib import Path

import polars as pl

from data.compile.common import TRUE, by_hand
from data.errors import BadInput


def tables(_raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the tables on the rules of selection.

    Parameters
    ----------
    _raw : Path
        Folder of raw files; not read, as the rules are in ``data/byhand``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``selection_rules`` and ``selection_sections``.

    Raises
    ------
    BadInput
        If a file in ``data/byhand`` is missing or holds something other than expected.
    """
    try:
        rules = _rules()
        return {"selection_rules": rules, "selection_sections": _sections(rules)}
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"data/byhand/selection_rules.csv or selection_sections.csv cannot be read: {reason} Dates are written "
            "2026-05-31, shares as 0.15, yes and no as true and false. Correct the file."
        ) from error


def _rules() -> pl.DataFrame:
    day = pl.col("start").str.to_date()
    return by_hand("selection_rules").with_columns(
        pl.col("nomination", "challenge", "lead").cast(pl.Float64),
        start=day,
        incumbent_stands=pl.col("incumbent_stands") == TRUE,
        verified=pl.col("verified") == TRUE,
        known_on=day,
    )


def _sections(rules: pl.DataFrame) -> pl.DataFrame:
    rows = by_hand("selection_sections")
    lost = rows.join(rules, on="rule", how="anti")
    if lost.height:
        raise BadInput(
            f"data/byhand/selection_sections.csv: rule {lost['rule'][0]!r} is not in selection_rules.csv. "
            "Add it there, or take its sections out."
        )
    return rows.join(rules.select("rule", "known_on"), on="rule").with_columns(
        pl.col("stage", "advance").cast(pl.Int64), pl.col("weight").cast(pl.Float64)
    )
