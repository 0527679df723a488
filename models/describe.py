"""A forecast as text for a terminal and as JSON for other programs."""

from typing import Any

import numpy as np
import polars as pl

from models.forecast import Forecast


def as_json(forecast: Forecast) -> dict[str, Any]:
    """Forecast as plain data.

    Parameters
    ----------
    forecast : Forecast
        What to describe.

    Returns
    -------
    dict
        ``as_of, election_date, lead_days, draws, votes, seats, p_majority, p_hung, p_largest, leaders, diagnostics,
        warnings, provenance``; ``votes`` (shares 0 to 1) and ``seats`` give ``mean, median, lo90, hi90`` by party.
    """
    manifest = forecast.manifest
    return {
        "as_of": manifest.as_of.isoformat(),
        "election_date": manifest.election_date.isoformat(),
        "lead_days": manifest.lead_days,
        "draws": forecast.n_draws,
        "votes": _by_party(forecast.vote_summary(), 4),
        "seats": _by_party(forecast.seat_summary(), 1),
        "p_majority": {party: round(p, 4) for party, p in forecast.p_majority().items()},
        "p_hung": round(forecast.p_hung(), 4),
        "p_largest": {party: round(p, 4) for party, p in forecast.p_largest().items()},
        "leaders": [leader.model_dump(mode="json") for leader in manifest.leaders],
        "diagnostics": manifest.diagnostics,
        "warnings": list(manifest.warnings),
        "provenance": {
            "code_version": manifest.code_version,
            "data_fingerprint": manifest.data_fingerprint,
            "seed": manifest.seed,
            "n_polls": manifest.n_polls,
            "n_unverified": manifest.n_unverified,
            "unverified": manifest.unverified,
            "n_own": manifest.n_own,
            "previous_election": manifest.previous_election.isoformat(),
            "priors": manifest.priors,
            "samplers": manifest.samplers,
            "scenario": manifest.scenario,
        },
    }


def _by_party(table: pl.DataFrame, digits: int) -> dict[str, dict[str, float]]:
    return {
        row["party"]: {name: round(row[name], digits) for name in ("mean", "median", "lo90", "hi90")}
        for row in table.iter_rows(named=True)
    }


def as_text(forecast: Forecast) -> str:
    """Forecast as a short page for a terminal.

    Parameters
    ----------
    forecast : Forecast
        What to describe.

    Returns
    -------
    str
        Votes and seats with 90 % intervals, chances and diagnostics.
    """
    manifest = forecast.manifest
    votes = {row["party"]: row for row in forecast.vote_summary().iter_rows(named=True)}
    rows = [
        f"General election of {manifest.election_date}, as of {manifest.as_of}",
        f"{manifest.lead_days} days before, {manifest.n_polls} polls, {forecast.n_draws:,} draws",
        f"rests on {manifest.n_unverified:,} unverified rows ({_each(manifest.unverified)})"
        + (f" and {manifest.n_own:,} rows of your own" if manifest.n_own else ""),
        "",
        f"{'':8}{'votes %':>9}{'90 %':>14}{'seats':>9}{'90 %':>12}",
    ]
    for seat in forecast.seat_summary().sort("mean", descending=True).iter_rows(named=True):
        vote = votes.get(seat["party"])
        share = f"{100 * vote['mean']:9.1f}{100 * vote['lo90']:7.1f} -{100 * vote['hi90']:5.1f}" if vote else " " * 23
        rows.append(f"{seat['party']:8}{share}{seat['mean']:9.1f}{seat['lo90']:6.0f} -{seat['hi90']:4.0f}")
    rows.append("")
    for party, chance in sorted(forecast.p_majority().items(), key=lambda item: -item[1]):
        rows.append(f"{party} majority {chance:.0%}")
    rows.append(f"hung parliament {forecast.p_hung():.0%}")
    rows.append("")
    for stage, figures in manifest.diagnostics.items():
        rows.append(f"{stage}: " + ", ".join(f"{name} {value:g}" for name, value in figures.items()))
    rows.extend(f"Warning: {warning}" for warning in manifest.warnings)
    return "\n".join(rows)


def _each(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count) or "none"


def score_text(table: pl.DataFrame) -> str:
    """Table of ``models.score.score_table`` for a terminal.

    Parameters
    ----------
    table : pl.DataFrame
        Votes and seats forecast, by uniform swing and as they came.

    Returns
    -------
    str
        A line a party, with the mean absolute errors below.
    """
    rows = [
        f"{'':8}{'votes %':>8}{'90 %':>14}{'polls':>7}{'result':>8}{'seats':>8}{'90 %':>11}{'uniform':>9}{'result':>8}"
    ]
    for row in table.iter_rows(named=True):
        votes = _per_cents(row["votes"], 8) + _per_cents(row["votes_lo90"], 8) + _per_cents(row["votes_hi90"], 6)
        polls = _per_cents(row["votes_polls"], 7) + _per_cents(row["votes_result"], 8)
        seats = f"{row['seats']:8.1f}{row['seats_lo90']:6.0f}{row['seats_hi90']:5.0f}"
        rows.append(f"{row['party']:8}{votes}{polls}{seats}{row['seats_uniform']:9}{row['seats_result']:8}")
    main = table.filter(pl.col("party").is_in(["con", "lab", "lib", "snp"]))
    ours, uniform = (
        float(np.abs((main[column] - main["seats_result"]).to_numpy()).mean()) for column in ("seats", "seats_uniform")
    )
    rows.append(f"\nMean absolute error in seats, con lab lib snp: forecast {ours:.1f}, uniform swing {uniform:.1f}")
    return "\n".join(rows)


def _per_cents(share: float | None, width: int) -> str:
    return " " * width if share is None else f"{100 * share:{width}.1f}"
