"""What each setting of a scenario contributes, in the scenario lab."""

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.scenario import Scenario
from models.waterfall import Waterfall, waterfall
from views import charts_lab, frames, frames_lab, palette, words
from views import sentences_lab as told
from views.answers import is_nothing, stamp
from views.draw import draw
from views.fragments import fragment

SCREEN_DRAWS = 1_000


def text_of(scenario: Scenario) -> str:
    """Name a scenario by what it sets, for a cache."""
    return scenario.model_dump_json(exclude={"name"}, exclude_defaults=True)


@st.cache_resource(max_entries=16, show_spinner="Setting one after the other")
def _waterfall(_forecast: Forecast, stamp: str, text: str) -> Waterfall:
    """Share out once for all visitors; ``stamp`` names the forecast, ``text`` is the scenario as JSON."""
    return waterfall(_forecast, Scenario.model_validate_json(text), draws=SCREEN_DRAWS)


@fragment
def show(base: Forecast, scenario: Scenario) -> None:
    """Draw the section; nothing is computed until it is opened.

    Parameters
    ----------
    base : Forecast
        The forecast the scenario starts from.
    scenario : Scenario
        What is set.
    """
    box = st.expander("What each setting contributes", key="lab_waterfall", on_change="rerun")
    if not box.open:
        return
    with box:
        if is_nothing(scenario):
            st.caption("Nothing is set yet: the scenario is the forecast itself.")
            return
        _body(base, _waterfall(base, stamp(base), text_of(scenario)))


def party_choice(base: Forecast, label: str, key: str, usual: str | None = None) -> str:
    """Ask whose seats; ``usual`` is asked for first."""
    parties = frames.contenders(base)
    at = parties.index(usual) if usual in parties else 0
    return str(st.selectbox(label, parties, at, format_func=_name, key=key))


def _name(code: str) -> str:
    return palette.line(code).name


def _most(found: Waterfall, parties: list[str]) -> str:
    """Party whose seats the scenario changes most."""
    of = found.total_seats.filter(pl.col("party").is_in(parties))
    return str(of.sort(pl.col("mean").abs(), descending=True)["party"][0])


def _body(base: Forecast, found: Waterfall) -> None:
    party = party_choice(base, "Whose seats", "lab_waterfall_party", _most(found, frames.contenders(base)))
    sentence = told.contributions(base, found, party)
    st.markdown(words.safe(sentence))
    rows = frames_lab.bars(found, party)
    table = frames_lab.contribution_table(base, found, party)
    draw(
        charts_lab.waterfall,
        {"bars": rows},
        key="lab_waterfall_chart",
        sentence=sentence,
        table=table,
        beside=True,
        rows=rows.height,
        majority=base.majority,
        ends=frames_lab.bar_ends(rows),
    )
    st.caption(
        "Diamonds: mean seats in the forecast and in the scenario; bars: what each setting adds (blue) or takes away "
        "(orange), with its 90% range draw by draw. Settings act on each other, so each gets the mean of what it adds "
        "over all orders of setting them (Shapley value); the parts sum to the whole, but for rounding."
        + words.safe(told.lot(found, party))
        + f" From the first {found.draws:,} simulations, so the total may differ a little from that above."
    )
    st.dataframe(table, hide_index=True, height="content", alt=sentence)
