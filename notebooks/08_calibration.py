# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Calibration
#
# Two questions that are easily confused. **Were the forecasts right as often as they said?** That is asked of the
# past. **Does the sampler find what the model says?** That is asked of data made up with known truth, and needs no
# election. The second part takes `benchmarks`, which is in a clone and not in an installed package.

# %%
import logging
import os

import altair as alt
import polars as pl
import polars.selectors as cs

from benchmarks.checks_rows import MAIN
from benchmarks.checks_sbc import KEPT, Calibration, subjects, uniformity
from models.reports import read_report

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
SIMULATIONS = int(os.environ.get("SELECTORATE_DRAWS", "2000")) // 20
record = read_report()
summary = record.summary

# %% [markdown]
# ## Of ranges, how many held?
#
# The track record has every general election since 1964, forecast at up to eight lead times from what was known then.
# Of ranges of 90 per cent, 90 in 100 should hold what came. The band is what chance allows a forecast whose ranges are
# right: wide, as seventeen elections are few, and the seats of one election miss together.

# %%
covered = pl.DataFrame(summary["coverage"]).filter(pl.col("level") == 90, pl.col("lead_days").is_null())
covered.select("what", "elections", (cs.starts_with("covered", "band") * 100).round(0))

# %% [markdown]
# No forecast saw its election, but those who wrote the models did. When votes were found to be covered too seldom,
# campaigns of a learned pace, airtime and a wider spread of small parties were added: so the figure is not wholly out
# of sample. Before and since 1979, from the scores themselves:

# %%
votes = record.table.filter(pl.col("variant") == "full", pl.col("metric") == "votes_cover90")
since = pl.when(pl.col("election_date").dt.year() < 1979).then(pl.lit("before 1979")).otherwise(pl.lit("since 1979"))
each = votes.group_by("election_date").agg(covered=100 * pl.col("value").mean())
by_time = each.group_by(since.alias("elections")).agg(pl.len(), pl.col("covered").mean().round(0))
by_time.sort("elections")

# %% [markdown]
# ## Of chances, how many came true?
#
# Every seat at every election got a chance of going to every party. Of those given 70 in 100, 70 in 100 should have
# been won. Dots on the dashed line are right.

# %%
chances = pl.DataFrame(summary["reliability"]).filter(pl.col("lead_days") == 30)
x = alt.X("chance:Q", title="Chance given a month before")
dots = alt.Chart(chances).mark_circle(size=60).encode(x=x, y=alt.Y("won:Q", title="Part that was won"))
diagonal = alt.Chart(pl.DataFrame({"chance": [0, 1], "won": [0, 1]})).mark_line(strokeDash=[4, 3], color="black")
(diagonal.encode(x=x, y="won:Q") + dots).properties(width=320, height=320)

# %% [markdown]
# ## Simulation-based calibration
#
# Draw parameters $\theta^*$ from the prior, make data up from them, $y \sim p(y \mid \theta^*)$, fit the model to
# $y$, and count how many of $L$ posterior draws lie below the truth. If model and sampler are right that rank is as
# likely to be any number as any other (Talts et al. 2018):
#
# $$ \textstyle\sum_{l=1}^{L} \mathbb{1}[\theta_l < \theta^*] \;\sim\; \operatorname{Uniform}\{0, \dots, L\} $$
#
# The smallest model is that of MPs, with three votes on each of sixteen leaders. It is compiled once and fitted to
# every made-up record in turn, by simuk. Ten quantities are ranked, vectors (`noise`, `halving`) by the mean of their
# entries. `reports/model_checks.csv` has the same of leaders, response and votes. The models of polls and seats, whose
# likelihoods take longer, are fitted to fewer made-up records in `tests` (`recovery`, `models/test_seats.py`).

# %%
logging.disable(logging.WARNING)  # simuk warns that it uses our simulator, as it should
run = Calibration(subjects()["mps"](), MAIN["mps"], seed=8, simulations=SIMULATIONS)
run.run_simulations()
ranks = run.simulations["prior_sbc"]
print(f"{SIMULATIONS} made-up records, {sum(run.divergences)} divergences")

# %%
rows = [(name, uniformity(ranks[name].values.ravel(), seed=1)) for name in MAIN["mps"]]
pl.DataFrame(rows, schema=["parameter", "p_value"], orient="row").with_columns(cs.float().round(3))

# %% [markdown]
# A p-value is the chance of ranks no more even than these. Of ten quantities one will lie below 0.1 by luck. What
# would be alarming has a shape: ranks heaped at both ends (posteriors too narrow), in the middle (too wide), or at
# one end (off to one side).

# %%
tenths = pl.DataFrame({name: ranks[name].values.ravel() for name in ("usual", "memory", "halving")}).unpivot()
tenths = tenths.with_columns(rank=pl.col("value") // ((KEPT + 1) // 10)).group_by("variable", "rank").len("records")
x = alt.X("rank:O", title="Tenth of the draws")
bars = alt.Chart(tenths).mark_bar().encode(x=x, y="records:Q", column=alt.Column("variable:N", title=None))
bars.properties(width=180, height=120)

# %% [markdown]
# ## Something to try
#
# Raise `SIMULATIONS` to 300 (five minutes) and look at the shapes again. Then break the model: make the data up with
# ours, and fit one that believes leaders to be more alike than they are. Put the last line below in the
# place of the one that makes `run`, and `spread` among the names of the chart. Which shape do its ranks take?
#
#     import preliz as pz
#     from benchmarks.checks_made_up import made_up_votes
#     from models.link_priors import MpPriors
#     from models.mp_model import build_mp_model
#     alike = build_mp_model(made_up_votes(seed=5), priors=MpPriors(spread=pz.LogNormal(-2.0, 0.1)))
#     run = Calibration(subjects()["mps"](), MAIN["mps"], seed=8, simulations=SIMULATIONS, fitted=alike)
