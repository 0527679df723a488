# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Write a scenario function
#
# A scenario is a value, and a function may return one. That is how a question becomes reusable: "what if party A
# takes leader B" is written once and asked of any party, any day, any forecast.

# %%
import altair as alt
import numpy as np
import polars as pl
import polars.selectors as cs

from models import Forecast, Scenario, compare, run_scenario
from models.scenario import PartyScenario, read_scenario, scenario_json
from models.store import default_path, load_forecast
from views import palette

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
base = load_forecast(default_path())

# %% [markdown]
# ## The function
#
# A party changes its leader. The new one is as well liked as you say, and so many MPs stand behind her.

# %%


def new_leader(party: str, name: str, *, liked: float, mps: float | None = None) -> Scenario:
    """Suppose that a party is led by somebody else until polling day; favourability in points, MPs 0 to 1."""
    return Scenario(
        name=f"{name} leads", parties={party: PartyScenario(leader=name, favourability=liked, mp_support=mps)}
    )


question = new_leader("con", "A new leader", liked=10.0, mps=0.8)
print(scenario_json(question))

# %% [markdown]
# It reads back from the JSON, so it can be stored, sent, opened in the dashboard, or piped into `selectorate scenario
# -`.

# %%
assert read_scenario(scenario_json(question)) == question
change = compare(base, run_scenario(base, question)).filter(pl.col("seats_base") >= 5)
change.select("party", cs.matches("seats|lo90|hi90").round().cast(pl.Int64))

# %% [markdown]
# ## Ask it many times
#
# `draws` takes the first few draws only, and `summaries=False` leaves out what single seats would get: a sweep of
# eighteen scenarios then takes seconds. The draws are the same every time, so the curve is smooth.

# %%
points = list(range(-40, 41, 10))


def gains(forecast: Forecast, party: str) -> pl.DataFrame:
    """Seats a party gains or loses as its new leader is liked more or less."""
    at, rows = forecast.lines.index(party), []
    for liked in points:
        asked = new_leader(party, "A new leader", liked=float(liked))
        other = run_scenario(forecast, asked, draws=1000, summaries=False)
        drawn = other.seats[:, at] - forecast.seats[: other.n_draws, at]
        rows.append((party, liked, float(drawn.mean()), *np.quantile(drawn, [0.05, 0.95])))
    return pl.DataFrame(rows, schema=["party", "liked", "mean", "lo90", "hi90"], orient="row")


curves = pl.concat([gains(base, party) for party in ("lab", "con")])
x = alt.X("liked:Q", title="Net favourability of the new leader")
colour = alt.Color(
    "party:N", scale=alt.Scale(domain=["lab", "con"], range=[palette.colour(p, False) for p in ("lab", "con")])
)
chart = alt.Chart(curves).encode(x=x, color=colour)
band = chart.mark_area(opacity=0.2).encode(y=alt.Y("lo90:Q", title="Change in seats, 9 in 10"), y2="hi90:Q")
(band + chart.mark_line().encode(y="mean:Q")).properties(width=600, height=300)

# %% [markdown]
# The two lines cross nought where each party's leader stands today, and the slope is what a point of standing is
# worth.
#
# ## Scenarios add up
#
# A function can also build on a scenario that somebody else wrote: here both parties at once, and tactical voting at
# half its strength.

# %%


def with_half_tactics(scenario: Scenario) -> Scenario:
    """Suppose the same, and half as much tactical voting as estimated."""
    return scenario.model_copy(update={"tactical": 0.5})


both = Scenario(parties=new_leader("con", "C", liked=10.0).parties | new_leader("lab", "L", liked=10.0).parties)
for name, asked in (("both leaders", both), ("and half the tactics", with_half_tactics(both))):
    other = run_scenario(base, asked, summaries=False)
    seats = {
        line: round(float(other.seats[:, other.lines.index(line)].mean())) for line in ("lab", "con", "lib", "ref")
    }
    print(f"{name}: {seats}, hung parliament in {100 * other.p_hung():.0f} of 100")

# %% [markdown]
# ## Something to try
#
# Write `pact(weaker, stronger)` that has the weaker party stand down where the stronger was second last time
# (`stand_downs`). `last_shares(base)` in `models.seat_holders` has the last result seat by seat. Those who would have
# voted for the weaker party go to all others in proportion to their votes, not to its ally alone: does a pact of Greens
# and Labour then win or lose them seats?
