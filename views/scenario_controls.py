"""The scenario panel: leaders, standing, MPs, shares, tactical voting, regions and the day."""

import streamlit as st

from data.errors import BadInput
from models.forecast import Forecast, LeaderState
from models.leader_events import EVENT_KINDS
from models.scenario import Scenario, leader_choices, read_scenario
from models.scenario_check import check_scenario, possible_days
from views import palette, scenario_history, scenario_share, words
from views.scenario_state import (
    DAY,
    MAIN,
    NAME,
    NO_EVENT,
    REGIONAL,
    REST,
    TACTICAL,
    gather,
    key,
    keys,
    new_leader_start,
    put,
    start_of,
)

KEPT = scenario_history.KEPT
ERROR, UPLOAD = "sc_error", "sc_upload"


def panel(forecast: Forecast) -> Scenario:
    """Draw the controls and read the scenario off them.

    Parameters
    ----------
    forecast : Forecast
        The base.

    Returns
    -------
    Scenario
        What the user set; empty when nothing differs from the forecast.
    """
    _restore(forecast)
    scenario_share.open_link(forecast)
    scenario_share.notices()
    first, last = possible_days(forecast)
    st.date_input(
        "Polling day", min_value=first, max_value=last, key=DAY, format="DD/MM/YYYY", help=f"Latest: {words.day(last)}"
    )
    main = [p for p in MAIN if p in forecast.parties]
    others = [p for p in forecast.parties if p not in main]
    for tab, party in zip(st.tabs([palette.line(p).short for p in main]), main, strict=True):
        with tab:
            _party(forecast, party)
    with st.expander("Other parties"):
        for party in others:
            _party(forecast, party)
    st.slider(
        "Tactical voting, in % of the estimate", 0.0, 150.0, step=5.0, format="%.0f%%", key=TACTICAL,
        help="100% is as past elections had it, 0% none.",
    )  # fmt: skip
    _regional(forecast)
    _rest()
    scenario = gather(st.session_state, forecast)
    scenario_history.remember(forecast, scenario)
    with st.container(horizontal=True):
        scenario_history.buttons(forecast)
        st.button("Reset", on_click=_reset, args=(forecast,), icon=":material/restart_alt:", key="sc_reset")
    return scenario


def _rest() -> None:
    """Name what a file or a link has set beyond the controls."""
    if held := [name.replace("_", "-") for name in st.session_state[REST].model_dump(exclude_defaults=True)]:
        st.caption(f"Also set, without a control here: {', '.join(held)}. Reset takes it back.")


def _restore(forecast: Forecast) -> None:
    """Set controls that lost their values (first visit, return from another page) to the scenario last held."""
    if all(k in st.session_state for k in keys(forecast)):
        return
    kept = Scenario.model_validate_json(st.session_state.get(KEPT, "{}"))
    try:
        check_scenario(forecast, kept)
    except BadInput:  # a new forecast was stored meanwhile, and the old scenario does not fit it
        kept = Scenario()
    put(st.session_state, forecast, kept)


def _reset(forecast: Forecast) -> None:
    scenario_share.forget()
    st.session_state.pop(ERROR, None)
    put(st.session_state, forecast, Scenario())


def _renew(forecast: Forecast, party: str) -> None:
    """Put the favourability slider where the chosen leader starts."""
    start = start_of(forecast, party)
    chosen = st.session_state.get(key(party, "leader"))
    if not chosen:
        st.session_state[key(party, "leader")] = chosen = start.leader
    st.session_state[key(party, "favourability")] = (
        start.favourability if chosen == start.leader else new_leader_start(forecast)
    )


def _party(forecast: Forecast, party: str) -> None:
    name = palette.line(party).name
    states = {state.party: state for state in forecast.manifest.leaders}
    if party in states:
        _leader(forecast, states[party], name)
    st.slider(
        f"{name}: change of share, in points", -30.0, 30.0, step=0.5, format="%+.1f", key=key(party, "shift"),
        help="Added to the party's share of the vote in Great Britain; the others give way in proportion.",
    )  # fmt: skip


def _leader(forecast: Forecast, state: LeaderState, name: str) -> None:
    party, start = state.party, start_of(forecast, state.party)
    st.selectbox(
        f"{name}: leader",
        leader_choices(forecast)[party],
        key=key(party, "leader"),
        accept_new_options=True,
        on_change=_renew,
        args=(forecast, party),
        help="Choose or type a name. Someone new starts where new leaders have started.",
    )
    st.slider(
        f"{name}: leader's net favourability, in points", -100.0, 100.0, step=1.0, format="%+.0f",
        key=key(party, "favourability"),
    )  # fmt: skip
    known = f"{words.signed(state.favourability)} ± {state.favourability_sd:.0f} ({state.n_ratings} ratings)"
    st.caption(words.safe(f"Model: {state.leader} {known if state.n_ratings else 'no evidence'}"))
    _event(forecast, state, name)
    if start.support is None:
        st.caption("MPs behind the leader: no evidence.")
        return
    st.slider(f"{name}: MPs behind the leader", 0.0, 100.0, step=1.0, format="%.0f%%", key=key(party, "support"))
    st.caption(words.safe(f"Model: {start.support:.0f}% ({state.basis})"))


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


def _regional(forecast: Forecast) -> None:
    regions = sorted({str(r) for r in forecast.tree["seats"].ds["region_of"].values} - {"Northern Ireland"})
    with st.expander("Regional swing"):
        st.selectbox("Region", regions, key="sc_region")
        st.selectbox("Party", forecast.parties, key="sc_party", format_func=_party_name)
        st.number_input("Points added there", -30.0, 30.0, 0.0, step=0.5, format="%.1f", key="sc_points")
        st.button("Set", on_click=_set_region, key="sc_set")
        for (region, party), points in sorted(st.session_state[REGIONAL].items()):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(words.safe(f"{region}: {palette.line(party).short} {words.signed(points, 1)}"))
                st.button("Remove", on_click=_drop_region, args=(region, party), key=f"sc_drop_{region}_{party}")


def _party_name(code: str) -> str:
    return palette.line(code).name


def _set_region() -> None:
    state = st.session_state
    held = {k: v for k, v in state[REGIONAL].items() if k != (state["sc_region"], state["sc_party"])}
    if state["sc_points"]:
        held[state["sc_region"], state["sc_party"]] = state["sc_points"]
    state[REGIONAL] = held


def _drop_region(region: str, party: str) -> None:
    st.session_state[REGIONAL] = {k: v for k, v in st.session_state[REGIONAL].items() if k != (region, party)}


def loader(forecast: Forecast) -> None:
    """Draw the box for a scenario file, and what was wrong with the last one."""
    st.text_input("Name of the scenario", key=NAME, max_chars=80)
    st.file_uploader(
        "Load a scenario (JSON, at most 1 MB)",
        type="json",
        max_upload_size=1,
        key=UPLOAD,
        on_change=_load,
        args=(forecast,),
    )
    if problem := st.session_state.get(ERROR):
        st.error(words.safe(problem))


def _load(forecast: Forecast) -> None:
    file = st.session_state.get(UPLOAD)
    if file is None:
        return
    st.session_state.pop(ERROR, None)
    try:
        scenario = read_scenario(file.getvalue().decode("utf-8"))
        check_scenario(forecast, scenario)
    except UnicodeDecodeError:
        st.session_state[ERROR] = "The file is not text in UTF-8. Save the scenario as JSON and load it again."
    except BadInput as error:
        st.session_state[ERROR] = str(error)
    else:
        scenario_share.forget()
        put(st.session_state, forecast, scenario)
