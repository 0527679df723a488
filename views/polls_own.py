"""Part of the page of polls: a visitor's own polls, weighed in for one session."""

import polars as pl
import streamlit as st

from data import load_evidence
from data.errors import SelectorateError
from models.forecast import Forecast
from models.poll_leans import PollErrors
from models.poll_upload import before_after, example, hung_after, polls_sent
from models.reweight import reweighted
from views import captions_polls, frames, frames_polls, sentences_polls, words
from views.draw import offer
from views.fragments import fragment

MOST = 20
"""Faults of a file that are shown."""


@fragment
def show(forecast: Forecast, errors: PollErrors) -> None:
    """Draw the part: an uploader, what is wrong with the file, or what its polls do.

    Parameters
    ----------
    forecast : Forecast
        The stored forecast.
    errors : PollErrors
        How far its polls are off.
    """
    st.subheader("Your polls, for this session", anchor=False)
    st.markdown(captions_polls.INVITATION)
    st.code(example(forecast), language=None, wrap_lines=True)
    file = st.file_uploader("Polls (CSV, at most 1 MB)", type="csv", max_upload_size=1, key="polls_upload")
    if file is None:
        return
    try:
        rows = polls_sent(file.name, file.getvalue(), load_evidence())
    except SelectorateError as error:
        for fault in str(error).splitlines()[: MOST + 1]:
            st.error(words.safe(fault))
        return
    _result(forecast, rows, errors)


def _result(forecast: Forecast, rows: pl.DataFrame, errors: PollErrors) -> None:
    done = reweighted(forecast, rows, errors)
    if done.chosen is None:
        st.warning(words.safe(sentences_polls.refused(done, forecast.n_draws)))
    else:
        table = before_after(forecast, done)
        hung = forecast.p_hung(), hung_after(forecast, done)
        sentence = sentences_polls.updated(table, done, forecast.n_draws, hung)
        st.markdown(words.safe(sentence))
        st.dataframe(frames_polls.update_table(table), hide_index=True, height="content", alt=sentence)
        offer("Before and after (CSV)", lambda: frames.csv(table), "update.csv", mime="text/csv", key="csv_update")
    if passed := sentences_polls.passed(done):
        st.caption(words.safe(passed))
    st.caption(captions_polls.ABOUT_UPDATE)
