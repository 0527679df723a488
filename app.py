"""Entry of the dashboard: the pages and the way between them."""

import streamlit as st

from views import battlegrounds, compare, forecast, leaders, leadership, polls, scenario, solve, tables, track, why
from views import map as seat_map

page = st.navigation(
    [
        st.Page(forecast.show, title="Forecast", url_path="forecast", default=True),
        st.Page(seat_map.show, title="Map", url_path="map"),
        st.Page(battlegrounds.show, title="Battlegrounds", url_path="battlegrounds"),
        st.Page(leaders.show, title="Leaders", url_path="leaders"),
        st.Page(scenario.show, title="Scenario", url_path="scenario"),
        st.Page(solve.show, title="What would it take?", url_path="solve"),
        st.Page(compare.show, title="Compare", url_path="compare"),
        st.Page(leadership.show, title="Leadership", url_path="leadership"),
        st.Page(why.show, title="Why", url_path="why"),
        st.Page(polls.show, title="Polls", url_path="polls"),
        st.Page(track.show, title="Track record", url_path="track"),
        st.Page(tables.show, title="Data", url_path="data"),
    ],
    position="top",
)
st.set_page_config(page_title=f"{page.title} · selectorate", layout="wide")
page.run()
