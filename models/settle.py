"""Settle the two dates of a forecast: the last day of its evidence, and polling day."""

from datetime import date

from data import load_evidence
from data.errors import BadInput
from models.record import next_election, past_elections
from models.scenario_check import LAST_LAWFUL_DAY

FIRST_DAY = date(1959, 10, 9)
"""First day on which a past campaign can be learned from: the election of 1959 is known."""


def settle_dates(as_of: date | None, election_date: date | None) -> tuple[date, date]:
    """Fill in and check the two dates of a forecast.

    Parameters
    ----------
    as_of : date, optional
        Last day of evidence; the newest in the data by default.
    election_date : date, optional
        Polling day; by default the first on or after ``as_of`` that was held, else the expected one.

    Returns
    -------
    tuple of date
        ``as_of`` and polling day.

    Raises
    ------
    BadInput
        If a date is outside the data or the law, or another election lies between the two.
    """
    evidence = load_evidence()
    day = as_of or evidence.cut
    held = past_elections(evidence)
    if not FIRST_DAY <= day <= evidence.cut:
        raise BadInput(f"--as-of {day} is outside the data a forecast needs, from {FIRST_DAY} to {evidence.cut}.")
    polling_day = election_date or next_election(evidence, day)
    between = [d for d in held if day <= d < polling_day]
    if between:
        raise BadInput(f"Between {day} and {polling_day} lies the election of {between[0]}. Choose one of the two.")
    if polling_day < day:
        raise BadInput(f"--election {polling_day} lies before --as-of {day}.")
    if polling_day not in held and polling_day > LAST_LAWFUL_DAY:
        raise BadInput(f"--election {polling_day} is too late: the next general election is due by {LAST_LAWFUL_DAY}.")
    return day, polling_day
