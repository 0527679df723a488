# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Leaders and MPs: what the link says
#
# selectorate grew from a question: does a leader whom MPs do not want cost a party seats? Three models stand between
# MPs and votes, learned once a Parliament from what was known when the last election was over. Their posteriors come
# with the package, so nothing is sampled here. They are those of July 2024: readings of an earlier day below are of
# that day, the habits by which they are read are not. A forecast of the past learns habits of its own.

# %%
from datetime import date, timedelta

import altair as alt
import arviz as az
import numpy as np
import polars as pl
import polars.selectors as cs

from data import load_evidence
from models import leaders, mps
from models.cli import DEFAULT_SEED
from models.config import LinkConfig
from models.effects import favourability_shift, response_draws, worth
from models.links import learn_links
from models.response import prior_draws
from models.stages import Run

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
evidence = load_evidence(own=False)
links = learn_links(evidence.as_of(date(2024, 7, 5)), LinkConfig(), Run(DEFAULT_SEED, progress=False))
list(links.fits)

# %% [markdown]
# ## Leaders: one scale for all ratings
#
# A reading by group $g$ (a wording as one pollster asks it) of leader $l$ on day $t$ is
#
# $$ \text{net} = \lambda_{w(g)}\,\bigl(x_{l,t} + e_{l,t}\bigr) + o_g + q_{l,g} + \text{noise}, $$
#
# where $x$ is her standing, drawn slowly to where leaders usually stand, $e$ what is left of honeymoons and events, $o$
# an offset of the question, $q$ what it says of her alone, and $\lambda$ goes by the wording. What sets the scale is
# one question, Ipsos's "satisfied or dissatisfied": there $\lambda = 1$ and $o = q = 0$. All other questions on one
# leader share a part of $q$, so that they cannot outvote it.
#
# ## MPs: votes, and acts between them
#
# Log-odds $z$ of the part of her MPs who would stand by her are drawn back to what is usual, $u$, with a memory of $M$
# years. A vote of all MPs shows them with a small error. A ballot for a vacancy understates them, the more so the
# larger the effective number $R$ of rivals; on a leader in office there are none:
#
# $$ z_t \sim \mathcal{N}\bigl(u + (z_0 - u)\,e^{-t/M},\; \sigma^2 (1 - e^{-2t/M})\bigr), \qquad
#    \operatorname{logit}(\text{votes}/\text{MPs}) = z - c \log(1 + R) + \text{error}. $$
#
# An act against her lowers $z$ by about $\log\frac{\eta + a}{\eta + b}$ as the part of the MPs who acted so grows from
# $b$ to $a$: $\eta$ (`halving`) is the part whose acting halves her odds. A leader who gives way to
# acts is read as one whose $z$ is `lost`, with a large error. With both, any day can be read off:

# %%
months = [date(2015, 10, 1) + timedelta(days=30 * i) for i in range(50)]
standing = leaders.history(evidence, links.scale, months, ["lab"]).drop_nulls()
reach = 1.64 * pl.col("favourability_sd")
standing = standing.with_columns(lo=pl.col("favourability") - reach, hi=pl.col("favourability") + reach)
backing = mps.history(evidence, links.habits, months, ["lab"]).drop_nulls("support")
x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year"))
voters = alt.Chart(standing).mark_area(opacity=0.4).encode(x=x, y=alt.Y("lo:Q", title="Voters, net points"), y2="hi:Q")
of_100 = alt.Y("in_100:Q", title="MPs behind him, in 100", scale=alt.Scale(domain=[0, 100]))
members = alt.Chart(backing.with_columns(in_100=100 * pl.col("support"))).mark_line().encode(x=x, y=of_100)
alt.vconcat(voters.properties(width=600, height=180), members.properties(width=600, height=140))

# %% [markdown]
# Above, how voters saw Jeremy Corbyn from 2015 to 2019 (ranges of 90 %); below, how many of his MPs stood behind
# him. The two do not move together: voters came round to him before the election of 2017 while most MPs had not.
#
# ## Response: what either does to the vote
#
# Voting intention $v$ (log-odds) and standing move from month to month, with errors of heavy tails. Let $f$ be standing
# in points, $F$ the same in tens of points from the usual, and $S$ the support of MPs less the usual support:
#
# $$ v' - v = \kappa\,(\text{home} + \theta_l F + \varphi S - \text{office} - v) + \lambda\,(F' - F), \qquad
#    f' - f = r\,(\text{usual} + \psi S - f) + \chi\,(S' - S) $$
#
# | name | symbol | what it is |
# |---|---|---|
# | `theta_mean` | $\theta$ | log-odds in the long run for ten points of standing, mean over leaders |
# | `lam` | $\lambda$ | log-odds in the same month for ten points |
# | `speed` | $\kappa$ | part of the way to its place that intention goes in a month |
# | `phi` | $\varphi$ | log-odds in the long run for all MPs instead of none, her standing being the same |
# | `psi`, `chi` | $\psi, \chi$ | points of standing for the same, in the long run and in the same month |
#
# What the months of parties since 1979 say of them:

# %%
response = links.fits["response"]
names = ["theta_mean", "lam", "speed", "phi", "psi", "chi"]
az.summary(response, var_names=names, kind="stats", ci_prob=0.9, round_to=2)

# %% [markdown]
# ## In points of the vote
#
# Two changes that last, for a party on 30 per cent: ten points of standing, and half of the MPs. `priors` is what was
# believed before a month was looked at; where the record hardly narrows it, the answer is the priors' own.

# %%
drawn, believed = (
    response_draws(posterior, n_draws=4000, seed=1)
    for posterior in (response["posterior"].to_dataset(), prior_draws(n_draws=4000, seed=1))
)
changes = {"ten points of standing": {"favourability": 10.0}, "half of the MPs": {"support": 0.5}}
rows = []
for what, change in changes.items():
    for days in (30, 180, 730):
        for of, values in (("priors", believed), ("record", drawn)):
            points = worth(values, 0.30, days=days, **change)
            rows.append((what, days, of, *np.quantile(points, [0.05, 0.5, 0.95]), 100 * (points > 0).mean()))
columns = ["change", "days", "of", "lo90", "median", "hi90", "above_nought_in_100"]
pl.Config.set_tbl_rows(20)
pl.DataFrame(rows, schema=columns, orient="row").with_columns(cs.float().round(1))

# %%
lost = favourability_shift(drawn, -0.5, 365)
lo, middle, hi = np.quantile(lost, [0.05, 0.5, 0.95])
print(f"Half of her MPs gone, a leader stands {middle:+.0f} points a year later ({lo:+.0f} to {hi:+.0f}).")

# %% [markdown]
# Standing is the better measured of the two. What half of the MPs are worth is far less sure: few leaders have lost
# that many, and bad polls cause rebellions as well. All of it is association first: nobody drew leaders by lot, and a
# scandal moves standing and polls in the same month. `selectorate explain` says how far it may be read as an effect.
#
# ## Something to try
#
# Draw the two pictures for the Conservatives from 2019 to 2022 (`["con"]`). Did MPs leave Boris Johnson before voters
# did, or after? And what is a change of 25 points of standing worth, from Truss to Sunak, after one month?
