# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Backtest a changed model against ours
#
# A belief is worth a test. The arrival model turns polls into votes. Each channel (the lead of Conservatives over
# Labour, their level, and every other party) has log-odds $x$ that until polling day follow
#
# $$ dx = \kappa\,(\text{home} + w\,e^{-\gamma t} - x)\,dt + \sigma\,dW, $$
#
# home being the last result (for the lead, less what time in office costs), $\kappa$ the pace at which voters return to
# it and $w$ the pull of leaders and MPs, which fades. In the last five weeks they return faster (`campaign`) and stray
# faster, and the Liberals gain from airtime; on the day the polls are wrong by an error that rivals share.
# `docs/explanation/votes.md` has the whole of it. Here the model is changed twice.

# %%
import inspect
from datetime import date

import my_variants
import polars as pl
import polars.selectors as cs

from models import backtest
from models.reports import read_report

pl.Config.set_tbl_rows(20)
print(inspect.getsource(my_variants.no_return))

# %% [markdown]
# ## A variant is a function
#
# It lives in a module, as `my_variants.py` beside this notebook, so that processes and clusters can import it. One
# without arguments returns a `ChainConfig`, here ours with two priors replaced: `my_variants:no_return`.
#
# ## A term of your own
#
# Where no prior can say it, a model is changed by its builder. Ours gives a `pm.Model`, to which PyMC can add:

# %%
print(inspect.getsource(my_variants.one_pace_model))
print(inspect.getsource(my_variants.one_pace))

# %% [markdown]
# `forecast_with` puts that model in the place of ours, and whatever makes a `Forecast` is a variant:
# `my_variants:one_pace`. A builder may as well write the whole model anew; what the next stage reads of it
# (`models.own_builders.READ`) must be there.
#
# ## Two elections
#
# 1979 and 1983, a month before, make six forecasts. Each is an ordinary run with an earlier date: it learns from what
# was known at the election before, and sees no poll published after its day. Both are quick, as there is less to learn
# from: some minutes, once. Two things this does not make clean. Priors were written by people who knew how both
# elections went, ours as well as yours. And no rating is held from before August 1979.

# %%
elections = [date(1979, 5, 3), date(1983, 6, 9)]
variants = [f"my_variants:{name}" for name in ("ours", "no_return", "one_pace")]
scores = backtest(elections, lead_days=30, variants=variants, progress=False)
scores.height

# %% [markdown]
# ## Side by side
#
# `vote_mae` is the mean error of the vote over Conservatives, Labour and Liberals, in points here; `seat_mae` that of
# seats; `vote_crps` counts the range as well as the middle. Smaller is better. `good_fit` is nought where a stage
# failed its diagnostics: such figures are for looking at only.

# %%
metrics = ["vote_mae", "vote_crps", "seat_mae", "called", "good_fit"]
scores = scores.with_columns(pl.col("variant").str.strip_prefix("my_variants:"))
whole = scores.filter(pl.col("metric").is_in(metrics), pl.col("party") == "")
points = pl.when(pl.col("metric").str.starts_with("vote_")).then(100.0).otherwise(1.0)
beside = whole.with_columns(pl.col("value") * points)
beside.pivot("variant", index=["election_date", "metric"], values="value").with_columns(cs.float().round(2))

# %% [markdown]
# What each expected, by party: mean shares of the vote beside the result, in points.

# %%
main = scores.filter(pl.col("metric").is_in(["vote_mean", "vote_result"]), pl.col("party").is_in(["con", "lab", "lib"]))
told = pl.when(pl.col("metric") == "vote_result").then(pl.lit("result")).otherwise("variant").alias("who")
means = main.select("election_date", "party", told, pl.col("value") * 100).unique()
means = means.sort("election_date", "party", "who").pivot("who", index=["election_date", "party"], values="value")
means.select("election_date", "party", "result", "ours", "no_return", "one_pace").with_columns(cs.float().round(1))

# %% [markdown]
# ## Two elections are two observations
#
# However many seats an election has, it is one observation: they miss together. A variant that wins two of two has
# shown little. The track record in `reports/` has all seventeen, with terms of the model taken out one at a time:
# `ratio` is the error of our votes a month before over that of the model without the term, `lo90` and `hi90` its
# interval over elections.

# %%
skill = pl.DataFrame(read_report().summary["skill"]).filter(pl.col("metric") == "vote_mae", pl.col("lead_days") == 30)
without = skill.filter(pl.col("other").str.starts_with("no_"), pl.col("other") != "no_change")
without.select("other", "elections", cs.starts_with("ratio").round(2))

# %% [markdown]
# Most of these intervals hold 1: seventeen elections cannot tell whether the term is worth its place. `no_campaign`, in
# which voters come home no faster in the last weeks, is nearest to `no_return`. Terms that were chosen after an
# election had been seen get no credit for it: the pace of campaigns was set on those of 1959 to 1974.
#
# ## Something to try
#
# Change one number in `my_variants.py` and run all again, in this kernel or another: what was done before is kept and
# only the changed variant is forecast. Then take all elections, on the command line, a hundred forecasts, and look at
# one of your own in the dashboard (`docs/howto/variant.md` reads the scores):
#
#     cd notebooks
#     selectorate backtest --leads 1,30,365 --variants full,my_variants:one_pace --out mine
#     selectorate fit --variant my_variants:one_pace --out mine/forecast
#     selectorate app --forecast mine/forecast
