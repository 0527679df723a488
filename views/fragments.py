"""Parts of a page that run again by themselves, under the names of parties that the page has."""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from views import palette

YEAR = "named_as_in"
"""Where the session keeps the year of the page's names."""


def name_as_in(year: int | None) -> None:
    """Name parties as in a year, in this run and in those of the page's fragments.

    Parameters
    ----------
    year : int or None
        None for today's names.
    """
    st.session_state[YEAR] = year
    palette.name_as_in(year)


def fragment[**P](body: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page run again by itself: Streamlit then begins with the part, and not with its page.

    Parameters
    ----------
    body : callable
        Draws the part.

    Returns
    -------
    callable
        The fragment.
    """

    @wraps(body)
    def named(*args: P.args, **kwargs: P.kwargs) -> None:
        palette.name_as_in(st.session_state.get(YEAR))
        body(*args, **kwargs)

    return st.fragment(named)
