# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Quick start
#
# Read the stored forecast, look at it, and put a first question to it. Nothing is sampled here, so all of it takes
# seconds. If no forecast is stored yet, make one first with `selectorate fit`; that takes a few minutes, once.

# %%
import altair as alt
import polars as pl
import polars.selectors as cs

from models import Scenario, compare, run_scenario
from models.scenario import PartyScenario
from models.store import default_path, load_forecast
from views import charts, frames, frames_scenario

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
pl.Config.set_tbl_rows(20)
base = load_forecast(default_path())
print(f"As of {base.manifest.as_of}, election on {base.manifest.election_date}: {base.n_draws} simulated elections.")

# %% [markdown]
# ## Seats
#
# Every number is counted from the same simulated elections. Read the range before the middle: nine simulations in ten
# lie between `lo90` and `hi90`.

# %%
seats = base.seat_summary().filter(pl.col("hi90") > 0).sort("mean", descending=True)
seats.with_columns(cs.float().round().cast(pl.Int64))

# %%
lines, top = frames.contenders(base), frames.axis_end(base)
dots = frames.quantile_dots(base, lines, bin_width=top / charts.BINS, accessible=False)
charts.seat_dots(dots, rows=len(lines), majority=base.majority, top=top).properties(width=600)

# %% [markdown]
# Each dot is one of fifty equally likely outcomes. Who can govern? Majorities and a hung parliament exclude each
# other, so the chances sum to one.

# %%
frames.outcomes(base).select("label", "percent")

# %% [markdown]
# ## A first question
#
# Suppose voters liked Labour's leader better by ten points of net favourability, from now until polling day. A
# scenario holds what changes and nothing else. It reuses the forecast's own simulations one for one, so the change
# has an interval of its own, narrower than either forecast's.

# %%
leader = next(state for state in base.manifest.leaders if state.party == "lab")
scenario = Scenario(parties={"lab": PartyScenario(favourability=leader.favourability + 10.0)})
liked = run_scenario(base, scenario)
change = compare(base, liked).filter(pl.col("party").is_in(lines)).sort("seats_base", descending=True)
change.select("party", cs.matches("seats|lo90|hi90").round().cast(pl.Int64))

# %%
rows = frames_scenario.dumbbell_rows(change, accessible=False)
end = frames_scenario.mean_end(change)
charts.dumbbell(rows, rows=rows.height, majority=base.majority, top=end).properties(width=600)

# %% [markdown]
# The ring is the forecast, the dot the scenario. And the chance that nobody has a majority:

# %%
print(f"hung parliament: {base.p_hung():.2f} as forecast, {liked.p_hung():.2f} in the scenario")

# %% [markdown]
# ## Something to try
#
# Give the Conservatives an equally liked leader in the same scenario. Do the two changes cancel out in seats? Then
# ask for one seat: `base.constituency(code)` with a code from `base.constituencies()`.
