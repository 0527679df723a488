# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The contest of 2016
#
# On 28 June 2016, 172 of Labour's MPs voted that they had no confidence in Jeremy Corbyn; 40 voted for him. Owen
# Smith stood against him, and on 24 September the members elected Corbyn again. Had MPs alone chosen, or the old
# electoral college, who would have led? This notebook holds the contest as of 22 August, a month before the result,
# from what was known that day.

# %%
from datetime import date

import altair as alt
import polars as pl
import polars.selectors as cs

from data import load_evidence
from models.cli import DEFAULT_SEED
from models.contest_answer import answer, chosen_rules, contest_on
from models.contest_forecast import standing_table
from models.contest_text import headline, limits
from models.store import forecast_path, load_forecast
from models.stored import usable

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
pl.Config.set_fmt_str_lengths(80)
tables, day, polling_day = load_evidence(), date(2016, 8, 22), date(2017, 6, 8)
case = contest_on(tables, "lab", day)
print(f"On the paper: {', '.join(case.paper)}")

# %% [markdown]
# ## Seats, if you have the forecast
#
# What each leader would win is counted in the draws of a forecast as of the same day. If none is stored, the contest
# is held without seats. To make one (minutes, once): `selectorate forecast --as-of 2016-08-22 --election 2017-06-08`.

# %%
folder = forecast_path(day, polling_day)
base = load_forecast(folder) if usable(folder) else None
rules = chosen_rules(tables, "lab", day, [])
found = answer(tables, case, rules, day, forecast=base, seed=DEFAULT_SEED)
print(headline(found))

# %% [markdown]
# ## Where they stand
#
# Shares of first votes in each group, with nine draws in ten. What is known of MPs is their votes and nominations, of
# members polls; how far such readings have been off was learned from contests over by then.

# %%
standing_table(found.held).with_columns(cs.float() * 100).with_columns(cs.float().round())

# %% [markdown]
# ## Who wins under which rule
#
# The same draws are counted under every rule, so rules differ by what they are and not by luck. `car_crash` is how
# often the winner is one whom most MPs would not have had beside her strongest rival. `price` is the difference in
# seats to the rule in force.

# %%
found.rules.select("name", "winner", cs.by_name("p_winner", "car_crash") * 100).with_columns(cs.float().round())

# %%
if base is not None:
    priced = found.rules.select("name", "seats", cs.starts_with("price"))
    led = found.leaderships.select("candidate", "favourability", pl.col("support") * 100, "seats", "lo90", "hi90")
    print(*(table.with_columns(cs.float().round()) for table in (priced, led)), sep="\n")

# %% [markdown]
# ## A rule of your own
#
# A rule is stages of sections with weights. With two candidates, MPs who name two leave the choice to members. So
# give MPs half of the weight instead:

# %%
own = """{
  "name": "half MPs, half members",
  "stages": [{"sections": [{"who": ["mps"], "weight": 0.5}, {"who": ["members"], "weight": 0.5}]}]
}"""
mine = answer(tables, case, chosen_rules(tables, "lab", day, [], [own]), day, forecast=base, seed=DEFAULT_SEED)
mine.rules.select("name", "winner", cs.by_name("p_winner", "car_crash") * 100).with_columns(cs.float().round())

# %% [markdown]
# ## How far apart
#
# Lead of the first on the paper over the second among MPs and among members, draw by draw, from -1 (nobody) to 1
# (everybody):

# %%
held = found.held
leads = {group: held.margin(group, 0, 1)[:2000] for group in ("mps", "members")}
first, second = (name.split()[-1] for name in held.candidates[:2])
table = pl.DataFrame(leads).unpivot(variable_name="group", value_name="lead")
density = alt.Chart(table).transform_density("lead", groupby=["group"], as_=["lead", "density"])
x, y = alt.X("lead:Q", title=f"{first}'s lead over {second}"), alt.Y("density:Q", axis=None, stack=None)
density.mark_area(opacity=0.5).encode(x=x, y=y, color="group:N").properties(width=600, height=200)

# %% [markdown]
# ## What this cannot say

# %%
print("\n".join(f"- {limit}" for limit in limits(found)))

# %% [markdown]
# ## Something to try
#
# How heavy must the section of MPs be before Smith is as likely to win as Corbyn? Change the weights (they sum to
# one). Then hold Labour's contest of 2015: put `date(2015, 8, 20)` for `day` and `date(2020, 5, 7)` for `polling_day`,
# the one then due. Who would have led under the college of 1981?
