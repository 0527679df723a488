# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The polls model
#
# Polls are noisy sights of an opinion that moves. The model asks where opinion stood on each day since the last
# election, how fast it moves, how each pollster leans, and how far polls are off beyond chance. Here it is fitted to
# the shortest Parliament there is, the seven months between the two elections of 1974, so that a fit takes seconds.

# %%
import os
from datetime import date

import altair as alt
import arviz as az
import numpy as np
import polars as pl
import polars.selectors as cs

from data import load_evidence
from models import SamplerConfig, build_poll_model, fit
from models.panel import poll_panel
from models.polls import draw_houses, draw_paths
from models.record import gb_shares
from views import palette

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
DRAWS = int(os.environ.get("SELECTORATE_DRAWS", "2000"))
since, eve, polling_day = date(1974, 2, 28), date(1974, 10, 9), date(1974, 10, 10)
evidence = load_evidence(own=False).as_of(eve)
panel = poll_panel(evidence, since=since, until=eve, previous=gb_shares(evidence, since), polling_day=polling_day)
print(f"{panel.n_polls} polls by {len(panel.pollsters)} pollsters, lines for {', '.join(panel.parties)}")

# %% [markdown]
# ## What a poll says
#
# Poll $i$, taken at time $t(i)$ by house $j(i)$, gives party $k$ a share $p_{ik}$. Its log-odds $y_{ik} = \log p_{ik}
# - \log(1 - p_{ik})$ are opinion, plus the lean of the house, plus error:
#
# $$ y_{ik} \sim \mathcal{N}\bigl(x_{t(i),k} + h_{k,j(i)},\; \tau_i\,(v_{ik} + \sigma_k^2 + u_i\,\omega_k^2)\bigr) $$
#
# $v_{ik}$ is known: sampling, about $1 / (n_i\, p_{ik} (1 - p_{ik}))$, and rounding. $\sigma_k$ is the noise beyond
# it. The factor $\tau_i \sim \operatorname{InvGamma}(\nu/2, \nu/2)$ with $\nu = 6$ makes errors Student t, so that
# one rogue poll moves opinion little. A pollster of one or two polls has no lean that could be told from error: there
# $u_i = 1$, and the spread of leans $\omega_k$ counts as noise.
#
# ## How opinion moves
#
# Log-odds walk at random from the last result $m$ (known to 0.1), each party at its own pace, and together:
#
# $$ x_0 \sim \mathcal{N}(m, 0.1^2 I), \qquad x_t \sim \mathcal{N}(x_{t-1},\; \delta_t\, D R R^\top D), \qquad
#    D = \operatorname{diag}(d_1, \dots, d_K) $$
#
# $d_k$ is called `drift`, the movement a square root of day; `alignment` holds the free numbers behind the
# correlations $R R^\top$. $\delta_t$ is the length of a step in days, where each of the last 35 before polling day
# counts for eight. That number was chosen on the elections of 1959 to 1974, this one too.
#
# Each line is a log-odds against all others, so nothing here makes shares sum to one. Draws are moved to where they do
# afterwards, what is least certain moving most (`docs/explanation/polls.md` has the formula).
#
# ## Houses
#
# $h_{kj}$ is normal with spread $\omega_k$ (`house_spread`) and sums to nought over houses. Nothing in polls tells
# whether **all** houses lean the same way. That is learned elsewhere, from how wrong polls were at past elections.

# %%
model = build_poll_model(panel)
model

# %% [markdown]
# The path $x$ is not among the variables: it is integrated out by a Kalman filter, exactly, and drawn back
# afterwards. So the sampler meets scales, leanings and one factor a poll instead of every party on hundreds of days.

# %%
sampler = SamplerConfig(draws=DRAWS)
quick = {"progress": False, "allow_unconverged": DRAWS < 1000}
tree = fit(model, sampler=sampler, seed=1, data_fingerprint=evidence.fingerprint(), **quick)
print(tree["provenance"].attrs["verdict"])
print(*(f"{group}: {', '.join(node.data_vars)}" for group, node in tree.children.items()), sep="\n")

# %%
az.summary(tree, var_names=["drift", "noise", "house_spread"], kind="stats", ci_prob=0.9, round_to=3)

# %% [markdown]
# A `drift` of 0.01 moves a party on 40 per cent by about a quarter of a point in a day, by three in 150 days.
#
# ## Does the fit hold?
#
# The tree has all that ArviZ asks for. Where each reading lies in what the fitted model foretells for it should be
# even from 0 to 1, and within the band:

# %%
az.plot_ppc_pit(tree)

# %%
az.loo(tree)

# %% [markdown]
# The path is integrated out, so a reading (one party in one poll) is foretold from those before it: `loo` leaves a
# reading out of what the parameters are learned from, not out of the path. Compare two models of the same polls by it
# with `az.compare`. `pymc.model_to_graphviz(model)` draws the graph, `az.plot_trace_dist(tree)` the chains.
#
# ## The path

# %%
path = draw_paths(panel, tree, seed=1)
named = ["con", "lab", "lib"]
lo, hi = np.quantile(path.sel(party=named), [0.05, 0.95], axis=0)
days, parties = np.meshgrid(path["date"].values.astype("datetime64[D]"), named, indexing="ij")
bands = pl.DataFrame({"date": days.ravel(), "party": parties.ravel(), "lo": lo.ravel(), "hi": hi.ravel()})
colour = alt.Color("party:N", scale=alt.Scale(domain=named, range=[palette.colour(p, False) for p in named]))
share = alt.Y("lo:Q", title="Share, 9 in 10 draws", axis=alt.Axis(format="%"), scale=alt.Scale(zero=False))
fan = alt.Chart(bands).mark_area(opacity=0.5).encode(x=alt.X("date:T", title=None), y=share, y2="hi:Q", color=colour)
fan.properties(width=600, height=300)

# %% [markdown]
# ## Who leans which way
#
# The median lean of each house on Labour, in log-odds (0.04 is one point at 40 per cent):

# %%
lean = draw_houses(panel, tree).sel(party="lab").median("draw").values.round(3)
pl.DataFrame({"pollster": panel.pollsters, "lean": lean}).sort("lean")

# %% [markdown]
# ## And the result
#
# The polls of that week put Labour eight points ahead. They were all wrong together, which is the error no model of
# polls alone can see:

# %%
result = gb_shares(load_evidence(own=False), polling_day)
last = path.isel(date=-1).mean("draw")
rows = [(party, 100 * float(last.sel(party=party)), 100 * result[party]) for party in named]
pl.DataFrame(rows, schema=["party", "polls", "result"], orient="row").with_columns(cs.float().round(1))

# %% [markdown]
# ## Something to try
#
# Fit the Parliament of 1966 to 1970: nearly all of its last polls had Labour ahead, and the Conservatives won (197
# polls, a minute). How often does the path of its last day have the Conservatives in front?
