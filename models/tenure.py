"""Who leads which party on which day, from the tenure events."""

from datetime import date

import polars as pl


def in_office(tenure: pl.DataFrame, day: date) -> dict[str, tuple[str, date]]:
    """Name who led each party on a day.

    Parameters
    ----------
    tenure : pl.DataFrame
        ``leader_tenure``: starts and ends as events.
    day : date
        On the day of a handover the new leader counts. Events known later are not seen.

    Returns
    -------
    dict of str to (str, date)
        Party code to the leader and the day she began, in order of party; a party without a leader is not in it.
    """
    past = tenure.filter(pl.col("date") <= day, pl.col("known_on") <= day).sort("date", pl.col("event") == "start")
    serving: dict[str, tuple[str, date]] = {}
    for party, leader, event, when in past.select("party", "leader", "event", "date").iter_rows():
        if event == "start":
            serving[party] = (leader, when)
        elif party in serving and serving[party][0] == leader:
            del serving[party]
    return dict(sorted(serving.items()))
