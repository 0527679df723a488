"""The panel's controls of one party: its leader, its MPs, its votes."""

import streamlit as st

from models.forecast import Forecast, LeaderState
from models.leader_events import EVENT_KINDS
from models.leader_names import last_standing, leader_choices
from models.seat_holders import party_mps
from views import palette, words
from views.scenario_state import DAY, NO_EVENT, key, new_leader_start, start_of

PARTY = "sc_shown"
"""Key of the choice of party; which one is shown is not part of the scenario."""


def choose(forecast: Forecast) -> str:
    """Ask whose controls to show.

    Parameters
    ----------
    forecast : Forecast
        The base.

    Returns
    -------
    str
        Party code; at first the government's.
    """
    governing = "con" if forecast.tree["seats"].ds.attrs["con_governs"] else "lab"
    chosen = st.segmented_control(
        "Party",
        forecast.parties,
        default=governing,
        required=True,
        key=PARTY,
        format_func=_short,
        persist_state="session",
        wrap=True,
    )
    return chosen or governing


def _short(code: str) -> str:
    return palette.line(code).short


def controls(forecast: Forecast, party: str) -> None:
    """Draw the controls of one party.

    Parameters
    ----------
    forecast : Forecast
        The base.
    party : str
        Party code.
    """
    name = palette.line(party).name
    states = {state.party: state for state in forecast.manifest.leaders}
    if party in states:
        _leader(forecast, states[party], name)
    else:
        st.caption("No leader of this party is in the data.")
    st.slider(
        f"{name}: change of share, in points", -30.0, 30.0, step=0.5, format="%+.1f", key=key(party, "shift"),
        help="Added to the party's share of the vote in Great Britain; the others give way in proportion.",
    )  # fmt: skip
    st.slider(
        f"{name}: supporters who vote, in %", -50.0, 50.0, step=1.0, format="%+.0f%%", key=key(party, "turnout"),
        help="More or fewer of the party's supporters vote than forecast, alike everywhere: +10% is a tenth more.",
    )  # fmt: skip


def _renew(forecast: Forecast, party: str) -> None:
    """Put the favourability slider where the chosen leader starts."""
    start = start_of(forecast, party)
    chosen = st.session_state.get(key(party, "leader"))
    if not chosen:
        st.session_state[key(party, "leader")] = chosen = start.leader
    stands = start.favourability
    if chosen != start.leader:
        known = last_standing(forecast, str(chosen))
        stands = new_leader_start(forecast) if known is None else float(round(known))
    st.session_state[key(party, "favourability")] = stands


def _leader(forecast: Forecast, state: LeaderState, name: str) -> None:
    party = state.party
    st.selectbox(
        f"{name}: leader",
        leader_choices(forecast)[party],
        key=key(party, "leader"),
        accept_new_options=True,
        on_change=_renew,
        args=(forecast, party),
        help="Choose or type a name. Who has led before starts where voters last had them, drawn to the usual with "
        "time; anybody else where new leaders have started.",
    )
    st.slider(
        f"{name}: leader's net favourability, in points", -100.0, 100.0, step=1.0, format="%+.0f",
        key=key(party, "favourability"),
    )  # fmt: skip
    known = f"{words.signed(state.favourability)} ± {state.favourability_sd:.0f} ({state.n_ratings} ratings)"
    st.caption(words.safe(f"Forecast: {state.leader} {known if state.n_ratings else 'no evidence'}"))
    _backing(forecast, party, name, state.basis)
    _event(forecast, state, name)


def _backing(forecast: Forecast, party: str, name: str, basis: str) -> None:
    """Draw the slider of MPs' support with the count it stands for; a sentence where nothing is known of it."""
    start = start_of(forecast, party).support
    if start is None:
        st.caption("MPs behind the leader: no evidence.")
        return
    st.slider(f"{name}: MPs behind the leader", 0.0, 100.0, step=1.0, format="%.0f%%", key=key(party, "support"))
    mps = party_mps(forecast).get(party, 0)
    count = round(st.session_state[key(party, "support")] / 100 * mps)
    st.caption(words.safe(f"{count} of {mps} MPs. Forecast: {round(start / 100 * mps)} ({words.with_days(basis)})"))


def _event(forecast: Forecast, state: LeaderState, name: str) -> None:
    """Draw the box for something that befalls a leader, as large as such events have been."""
    st.selectbox(
        f"{name}: an event",
        [NO_EVENT, *EVENT_KINDS],
        key=key(state.party, "event"),
        format_func=_kind_name,
        help="As large as past events of its kind were, with their spread. What is usual for the kind is forgotten in "
        "months, the rest in years.",
    )
    if st.session_state[key(state.party, "event")] != NO_EVENT:
        manifest = forecast.manifest
        last = max(st.session_state[DAY] or manifest.election_date, manifest.as_of)
        st.date_input(
            f"{name}: day of the event", min_value=manifest.as_of, max_value=last, key=key(state.party, "when"),
            format="DD/MM/YYYY",
        )  # fmt: skip


def _kind_name(kind: str) -> str:
    return kind.replace("_", " ")
