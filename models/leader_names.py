"""Names to choose from when a party is given another leader, and where those stand who were rated before."""

from datetime import timedelta

import polars as pl

from data.errors import SelectorateError
from models.contest_record import NO_CONFIDENCE
from models.forecast import Forecast
from models.leader_history import standing_today
from models.scenario import NEW_LEADER, keep_last
from models.seat_holders import known_on_day
from models.shipped_links import shipped_links

REMEMBERED = timedelta(days=15 * 365)
"""Who led or stood longer ago than this is not offered; any name can be typed."""


@keep_last
def leader_choices(forecast: Forecast) -> dict[str, list[str]]:
    """Leaders to choose from, for each party that has one.

    Parameters
    ----------
    forecast : Forecast
        The base forecast.

    Returns
    -------
    dict
        Party code to names: the leader in office, an unnamed new leader, who starts where new leaders have started,
        and whoever led the party or stood for it in the fifteen years before, latest first.
    """
    manifest = forecast.manifest
    evidence = known_on_day(manifest.as_of)
    led = evidence.leader_tenure.select("party", "date", name="leader")
    stood = evidence.mp_contests.select("party", "date", name="candidate")
    elected = evidence.member_ballots.select("party", "date", name="candidate")
    recent = (
        pl.concat([led, stood, elected])
        .filter((pl.col("date") > manifest.as_of - REMEMBERED) & (pl.col("name") != NO_CONFIDENCE))
        .group_by("party", "name")
        .agg(pl.col("date").max())
        .sort(["date", "name"], descending=[True, False])
    )
    return {
        state.party: list(
            dict.fromkeys([state.leader, NEW_LEADER, *recent.filter(pl.col("party") == state.party)["name"]])
        )
        for state in manifest.leaders
    }


def last_standing(forecast: Forecast, name: str) -> float | None:
    """Say where somebody stands with voters who has led a party before.

    Parameters
    ----------
    forecast : Forecast
        The base forecast.
    name : str
        As ``leader_choices`` gives it.

    Returns
    -------
    float or None
        Net favourability in points, drawn to the usual with time; None for who was never rated, and in forecasts of
        another Parliament than the one that the shipped posteriors were learned for.
    """
    manifest = forecast.manifest
    evidence = known_on_day(manifest.as_of)
    try:
        found = standing_today(evidence, shipped_links(evidence, manifest.previous_election).scale, name)
    except SelectorateError:
        return None
    return None if found is None else found[0]
