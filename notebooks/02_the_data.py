# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The data
#
# Everything the models know stands in tables of facts: polls, ratings of leaders, votes of MPs, results. Every row
# says when it became public and where it comes from. This notebook walks through them and shows the one rule on which
# every backtest rests: **no model sees a row before the day it was known**. It is a rule for rows. Priors, and a few
# numbers that models hold fixed, were chosen by people who know how past elections went.

# %%
from datetime import date

import altair as alt
import polars as pl

from data import load_evidence
from data.catalogue.package import read_package
from data.catalogue.text import describe

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
evidence = load_evidence()
print(f"Newest row: {evidence.cut}. Fingerprint: {evidence.fingerprint()[:16]}")
{name: getattr(evidence, name).height for name in ("elections", "polls", "leader_ratings", "mp_contests", "results")}

# %% [markdown]
# ## What a table is
#
# Columns, units and sources are described beside the data, for readers and for machines.

# %%
print(describe(read_package().resource("mp_contests")))

# %% [markdown]
# ## The question of 2016
#
# In June 2016 Labour's MPs voted on their leader. Two things were then known of Jeremy Corbyn that point different
# ways: what his MPs thought, and what voters said.

# %%
labour = pl.col("party") == "lab", pl.col("date").is_between(date(2015, 1, 1), date(2016, 12, 31))
evidence.mp_contests.filter(*labour).select("date", "kind", "candidate", "mp_votes", "party_mps", "verified")

# %%
ratings = evidence.leader_ratings.filter(
    pl.col("leader") == "Jeremy Corbyn", pl.col("end_date").dt.year().is_between(2015, 2017)
)
alt.Chart(ratings).mark_circle(opacity=0.7).encode(
    x=alt.X("end_date:T", title=None),
    y=alt.Y("net:Q", title="Net rating, points"),
    color=alt.Color("question_family:N", title="Question"),
    tooltip=["end_date:T", "pollster:N", "question_family:N", "net:Q"],
).properties(width=600, height=260, title="How voters rated Jeremy Corbyn")

# %% [markdown]
# Every pollster asks in its own words, so readings of one week lie ten points apart, and some twenty-five. Putting them
# on one scale is the work of the leaders model (notebook 4).
#
# ## As known on a day
#
# `as_of` cuts all tables at once, by the day a row became **known**, not by the day it is about. A forecast of the
# past is an ordinary run on such a cut.

# %%
before, after = evidence.as_of(date(2016, 6, 27)), evidence.as_of(date(2016, 6, 29))
for cut in (before, after):
    held = cut.mp_contests.filter(pl.col("party") == "lab", pl.col("kind") == "confidence_vote")
    print(f"{cut.cut}: {cut.polls.height} polls, {held.height} rows on a vote of confidence in Labour's leader")

# %% [markdown]
# A poll is published days after its fieldwork, and that gap matters on the eve of an election:

# %%
polls = evidence.polls.filter(pl.col("area") == "GB", pl.col("end_date").dt.year() >= 2010)
waited = (polls["known_on"] - polls["end_date"]).dt.total_days()
print(f"days from the end of fieldwork: median {waited.median():.0f}, 9 in 10 within {waited.quantile(0.9):.0f}")

# %% [markdown]
# ## Rows that nobody could check
#
# Some rows stand in one source only. They are used, and every forecast says how many it rests on.

# %%
evidence.unverified()

# %% [markdown]
# ## Something to try
#
# Draw the same chart for Liz Truss in 2022. Then cut the evidence at 23 September 2022, the day of her budget, and at
# 20 October, the day she resigned: how many ratings, and how many acts of her MPs (`mp_events`), lie between?
