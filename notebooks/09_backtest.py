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
# A belief is worth a test. Ours is that voters who strayed in mid-term come home by polling day, in part: the arrival
# model draws voting intention $v$ back to the last result at a rate $\kappa$ a year, and faster in a campaign.
# Suppose they did not. How would past forecasts have fared?

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
# It takes nothing and returns a `ChainConfig`, here the usual one with two priors replaced. It lives in a module, as
# `my_variants.py` beside this notebook, so that processes and clusters can import it: `my_variants:no_return`. Its
# rival `my_variants:ours` has the usual priors and as many draws.
#
# Two elections at thirty days make four forecasts. Each is an ordinary run with an earlier date: it learns from what
# was known at the election before, and sees no poll published after its day. 1966 and 1970 are quick, as there is
# little to learn from yet; 1970 is also the year the polls were famously wrong.

# %%
elections = [date(1966, 3, 31), date(1970, 6, 18)]
variants = ["my_variants:ours", "my_variants:no_return"]
scores = backtest(elections, lead_days=30, variants=variants, progress=False)
scores.height

# %% [markdown]
# ## Side by side
#
# `vote_mae` is the mean error of the vote over Conservatives, Labour and Liberals, in points here; `seat_mae` that of
# seats; `vote_crps` counts the range as well as the middle. Smaller is better.

# %%
metrics = ["vote_mae", "vote_crps", "seat_mae", "called", "good_fit"]
whole = scores.filter(pl.col("metric").is_in(metrics), pl.col("party") == "")
points = pl.when(pl.col("metric").str.starts_with("vote_")).then(100.0).otherwise(1.0)
beside = whole.with_columns(pl.col("value") * points, pl.col("variant").str.strip_prefix("my_variants:"))
beside.pivot("variant", index=["election_date", "metric"], values="value").with_columns(cs.float().round(2))

# %% [markdown]
# `good_fit` is nought where a stage failed its diagnostics. With few draws all do, and the figures are then for
# looking at only. For 1966 it is nought with any number, as two elections teach little. With 3,000 draws our votes
# are off by a third of a point in 1966 and the changed model's by five times that, since Labour's lead in the polls did
# shrink; in 1970 both are off by one and a half.
#
# ## What each expected
#
# The same by party: mean shares of the vote, in points.

# %%
means = scores.filter(pl.col("metric") == "vote_mean", pl.col("party").is_in(["con", "lab", "lib"]))
means = means.with_columns(pl.col("value") * 100, pl.col("variant").str.strip_prefix("my_variants:"))
means.pivot("variant", index=["election_date", "party"], values="value").with_columns(cs.float().round(1))

# %% [markdown]
# ## Two elections are two observations
#
# However many seats an election has, it is one observation: they miss together. A variant that wins two of two has
# shown little. The track record in `reports/` has all seventeen, with terms taken out one at a time. There the skill
# of our model beside the others comes with an interval over elections:

# %%
skill = pl.DataFrame(read_report().summary["skill"]).filter(pl.col("metric") == "vote_mae", pl.col("lead_days") == 30)
skill.select("other", "elections", cs.starts_with("ratio").round(2))

# %% [markdown]
# ## Something to try
#
# Change one number in `my_variants.py` and run all again, in this kernel or another: what was done before is kept and
# only the changed variant is forecast. Then take all elections, on the command line: a hundred forecasts, of which the
# first of each election takes minutes.
#
#     cd notebooks
#     selectorate backtest --leads 1,30,365 --variants full,my_variants:no_return --out mine
