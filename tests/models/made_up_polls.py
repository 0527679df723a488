"""Polls made up for tests of the panel and of the polls model."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from models.panel import PollPanel, poll_panel

SINCE, UNTIL = date(2024, 7, 4), date(2025, 7, 4)
PREVIOUS = {"con": 0.25, "lab": 0.35, "lib": 0.13, "ref": 0.15, "grn": 0.03}
THREE = {"con": 0.30, "lab": 0.35, "lib": 0.15}


def poll(days_before: int, pollster: str | None, shares: dict[str, float], **changes: Any) -> dict[str, Any]:
    """One poll that ended some days before the cut."""
    end = UNTIL - timedelta(days=days_before)
    row = {"pollster": pollster, "shares": shares, "end_date": end, "start_date": None, "sample": 1000}
    return {**row, "area": "GB", "kind": "poll", "known_on": end, **changes}


def read(*rows: dict[str, Any], until: date = UNTIL, previous: dict[str, float] | None = None) -> PollPanel:
    """Panel of some polls."""
    columns = ("pollster", "start_date", "end_date", "sample", "area", "kind", "known_on")
    types = (pl.String, pl.Date, pl.Date, pl.Int64, pl.String, pl.String, pl.Date)
    numbered = [(f"p{i:04}", row) for i, row in enumerate(rows)]
    polls = pl.DataFrame(
        [{"poll_id": name, **{c: row[c] for c in columns}} for name, row in numbered],
        schema={"poll_id": pl.String, **dict(zip(columns, types, strict=True))},
    )
    shares = pl.DataFrame(
        [(name, party, share) for name, row in numbered for party, share in row["shares"].items()],
        schema={"poll_id": pl.String, "party": pl.String, "share": pl.Float64},
        orient="row",
    )
    evidence: Any = SimpleNamespace(polls=polls, poll_shares=shares)
    return poll_panel(evidence, since=SINCE, until=until, previous=previous or PREVIOUS)


def made_up(n: int, seed: int, level: dict[str, float], houses: dict[str, float]) -> PollPanel:
    """Polls a few days apart whose shares stand at one level, with houses that lean in con's log-odds."""
    rng = np.random.default_rng(seed)
    names = list(houses)
    rows = []
    for i in range(n):
        house = names[i % len(names)]
        logits = {p: np.log(s / (1 - s)) + rng.normal(0, 0.03) for p, s in level.items()}
        logits["con"] += houses[house]
        rows.append(poll(2 * i, house, {p: float(1 / (1 + np.exp(-x))) for p, x in logits.items()}))
    return read(*rows)
