"""Names to choose from when a party is given another leader."""

from datetime import timedelta

import polars as pl

from models.contest_record import NO_CONFIDENCE
from models.forecast import Forecast
from models.scenario import NEW_LEADER, keep_last
from models.seat_holders import known_on_day

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
