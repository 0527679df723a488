"""Sentences of the track record on single elections: misses, what we would have said, what others said."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from models.reports import TrackRecord
from views import frames_track, palette, words
from views.sentences_track import before

THIN_SCOTLAND = (2015, 2017)
NO_SCOTTISH_POLLS = (
    "For this election no Scottish polls are held, so the forecast could not see the SNP move and does not do it well."
)


def misses(rows: list[dict[str, Any]], what: str, lead: int) -> str:
    """Say which miss was the largest, and how many of the largest lay outside their range."""
    if not rows:
        return f"The record holds no misses {before(lead)}."
    top = rows[0]
    outside = sum(not row["inside"] for row in rows)
    return (
        f"{before(lead)} the largest miss in {what}s was {top['look'].who} in {top['day'].year}: {_said(top, what)}. "
        f"Of the {len(rows)} largest, {outside} lay outside their 90% range."
    )


def _said(row: dict[str, Any], what: str) -> str:
    said, lo, hi, came = (amount(row[name], what) for name in ("said", "lo90", "hi90", "came"))
    return f"{said} said (90% range {lo} to {hi}), {came} came"


def miss_row(row: dict[str, Any], what: str) -> dict[str, str]:
    """One miss as a row of a table."""
    said, lo, hi, came = (amount(row[name], what) for name in ("said", "lo90", "hi90", "came"))
    return {
        "Election": words.day(row["day"]),
        "Party": row["look"].name,
        "Said": said,
        "90% range": f"{lo} to {hi}",
        "Came": came,
        "Range": "inside" if row["inside"] else "outside",
    }


def amount(value: float, what: str) -> str:
    """Votes as a share, seats as a whole number."""
    return words.share(value) if what == "vote" else f"{value:.0f}"


def would_have_said(record: TrackRecord, election: date, lead: int) -> str:
    """Say what the model would have said of one election.

    Parameters
    ----------
    record : TrackRecord
        What to read.
    election : date
        Polling day.
    lead : int
        Days before.

    Returns
    -------
    str
        Votes and seats of the main parties with ranges, and the chances of majorities.
    """
    said = frames_track.told(record, election, lead)
    parts = [_party(code, said[code], election.year) for code in frames_track.spoken_of(said)]
    chances = sorted(
        ((code, of["majority_chance"]) for code, of in said.items() if of.get("majority_chance", 0) >= 0.01),
        key=lambda item: -item[1],
    )
    outcomes = [f"a {palette.line_in(code, election.year).name} majority {words.chance(p)}" for code, p in chances]
    outcomes.append(f"a hung parliament {words.chance(said.get('', {}).get('hung_chance', 0.0))}")
    day = words.day(election - timedelta(days=lead))
    return f"{words.plural(lead, 'day')} before, on {day}: {'; '.join(parts)}. {_upper(words.listed(outcomes))}."


def _party(code: str, of: dict[str, float], year: int) -> str:
    seats = f"{of['seat_mean']:.0f} seats ({words.seat_range(of['seat_lo90'], of['seat_hi90'])})"
    votes = ""
    if "vote_mean" in of:
        votes = f" on {words.share(of['vote_mean'])} ({words.share_range(of['vote_lo90'], of['vote_hi90'])})"
    return f"{palette.line_in(code, year).who} {seats}{votes}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def what_came(record: TrackRecord, election: date) -> str:
    """Say what happened, for the parties the forecasts spoke of, and who had a majority."""
    said = frames_track.told(record, election, frames_track.leads_of(record, election)[-1])
    parts = []
    for code in frames_track.spoken_of(said):
        votes = f" on {words.share(said[code]['vote_result'])}" if "vote_result" in said[code] else ""
        parts.append(f"{palette.line_in(code, election.year).who} {said[code]['seat_result']:.0f} seats{votes}")
    winner = frames_track.majority(said)
    end = f"{_upper(palette.line_in(winner, election.year).who)} had a majority" if winner else "Nobody had a majority"
    return f"What came: {'; '.join(parts)}. {end}."


def story(table: pl.DataFrame, election: date) -> str:
    """Say how many of the ranges drawn held the result, and what was said last of the largest party."""
    inside = table.filter(pl.col("came").is_between(pl.col("lo90"), pl.col("hi90"))).height
    last = table.filter(pl.col("place") == table["place"][-1]).sort("came", descending=True).row(0, named=True)
    who = palette.line_in(last["party"], election.year).who
    return (
        f"Of the {words.plural(table.height, 'range')} of seats drawn, {inside} held the result: at the last, {who} at "
        f"{last['mean']:.0f} ({words.seat_range(last['lo90'], last['hi90'])}), and {last['came']:.0f} came."
    )


def published(table: pl.DataFrame) -> str:
    """Say how many published forecasts this model's last one was nearer than, and how the exit polls did."""
    ours = table.filter(pl.col("kind") == "This model").select("election_date", ours="error")
    others = table.filter(pl.col("kind") == "Published").join(ours, on="election_date").drop_nulls("error")
    nearer = others.filter(pl.col("ours") < pl.col("error")).height
    exits = table.filter(pl.col("kind") == "Exit poll").join(ours, on="election_date").drop_nulls("error")
    beaten = exits.filter(pl.col("ours") < pl.col("error")).height
    count = words.plural(others["election_date"].n_unique(), "election")
    return (
        f"Of {words.plural(others.height, 'published forecast')} of {count}, this model's last one was nearer in seats "
        f"than {nearer}; and than {beaten} of {words.plural(exits.height, 'exit poll')}."
    )
