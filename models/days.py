"""Days: how many make a month and a year, and how the command line takes them."""

from datetime import date, datetime

from data.errors import BadInput

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0


def day_of(text: str, option: str) -> date:
    """Read a day.

    Parameters
    ----------
    text : str
        What was given.
    option : str
        Option it was given for, named in the error.

    Returns
    -------
    date
        The day.

    Raises
    ------
    BadInput
        If the text is not a day written as YYYY-MM-DD.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no time zone)
    except ValueError as error:
        raise BadInput(f'{option} "{text}" is not a date. Write it as YYYY-MM-DD, for example 2024-07-03.') from error
