# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Bring your own polls
#
# A poll that is not in the tables can enter in two ways. For a moment: the forecast's draws are weighed again by how
# well they agree with it, which takes no fit. For good: it joins the tables as a row of your own, and every new fit
# uses it.

# %%
import os
import tempfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import polars.selectors as cs

from data import BadInput, load_evidence
from data.own import overlay
from data.own.adding import add
from models.panel import poll_panel, quick_average
from models.poll_leans import measure
from models.poll_table import poll_rows
from models.poll_upload import before_after, example, polls_sent
from models.record import gb_shares
from models.reweight import reweighted
from models.store import default_path, load_forecast

pl.Config.set_tbl_cols(10)
base, evidence = load_forecast(default_path()), load_evidence()
print(example(base))

# %% [markdown]
# That is the whole format: a row a poll, shares in per cent, days as YYYY-MM-DD. `client, mode, start_date,
# published, area` and `kind` may follow. Here are two polls of one week that have Labour two points stronger than the
# forecast's path, and Reform UK two points weaker:

# %%
now = base.intention().sort("date").group_by("party").last()
path = dict(now.select("party", "q50").iter_rows())
told = {"con": path["con"], "lab": path["lab"] + 0.02, "lib": path["lib"], "ref": path["ref"] - 0.02}
day = base.manifest.as_of - timedelta(days=1)
rows = [f"{who},{day},1500," + ",".join(f"{100 * told[party]:.0f}" for party in told) for who in ("One", "Two")]
text = "\n".join([f"pollster,end_date,sample,{','.join(told)}", *rows]) + "\n"
print(text)

# %% [markdown]
# ## For a moment
#
# Let $\ell_d$ be the likelihood of the new polls given the voting intention of draw $d$: sampling, the noise and
# leans of polls as measured on those the forecast used, and the days between. Draw $d$ then counts with weight
#
# $$ w_d = \frac{\ell_d}{\sum_e \ell_e}, \qquad \text{effective draws} = \frac{1}{\sum_d w_d^2}. $$
#
# It is an approximation, and honest as long as enough draws agree. Below a hundred effective draws nothing is said.

# %%
sent = polls_sent("two.csv", text.encode(), evidence)
done = reweighted(base, sent, measure(base, poll_rows(base, evidence)))
print(f"{done.weighed} polls weighed; {done.effective:.0f} of {base.n_draws} draws still count")

# %%
if done.chosen is None:
    print("Too few draws agree with these polls: a new fit is needed.")
else:
    table = before_after(base, done).filter(pl.col("party").is_in(list(told)))
    print(table.select("party", cs.contains("seats")).with_columns(cs.float().round().cast(pl.Int64)))

# %% [markdown]
# Years before an election two polls hardly move the seats: what may happen until polling day is far more than two
# points. On the eve they would.
#
# ## For good
#
# `add` reads a file and stores its rows in a folder of your own, never among the shipped tables. This notebook points
# that folder at a temporary one, so that your own stays as it is; leave that line out to keep the rows. On the
# command line: `selectorate data add polls two.csv`.

# %%
kept = os.environ.get("SELECTORATE_HOME")
os.environ["SELECTORATE_HOME"] = tempfile.mkdtemp()
file = Path(os.environ["SELECTORATE_HOME"]) / "two.csv"
file.write_text(text, encoding="utf-8")
batch = add("polls", file, base.manifest.as_of)
with_own = load_evidence()
print(f"{batch.name}: {batch.rows} rows, {with_own.n_own()} rows of your own in all")
with_own.polls.filter(pl.col("source").str.starts_with("own:")).select("poll_id", "pollster", "end_date", "sample")

# %% [markdown]
# Any forecast made now uses them (`selectorate backtest` does not, so that scores can be compared). What they do to the
# average of polls, by a quick version of the polls model in which nothing is sampled, in points:

# %%
since = base.manifest.previous_election
span = {"since": since, "until": base.manifest.as_of, "polling_day": base.manifest.election_date}
average = {}
for name, tables in (("without", load_evidence(own=False)), ("with", with_own)):
    panel = poll_panel(tables.as_of(base.manifest.as_of), previous=gb_shares(tables, since), **span)
    shares = 1 / (1 + np.exp(-quick_average(panel)[0]))
    average[name] = dict(zip(panel.parties, 100 * shares, strict=True))
pl.DataFrame(
    [(p, average["without"][p], average["with"][p]) for p in told], ["party", *average], orient="row"
).with_columns(cs.float().round(1))

# %% [markdown]
# Nothing is taken from a file with a fault, and every fault is told with its row:

# %%
wrong = file.with_name("wrong.csv")
wrong.write_text(f"pollster,end_date,con,lab\nOne,{day},61,58\n,{day},30,31\n", encoding="utf-8")
try:
    add("polls", wrong, base.manifest.as_of)
except BadInput as error:
    print(error)

# %%
overlay.remove(batch.name)
print(f"taken out again: {load_evidence().n_own()} rows of your own")
os.environ.pop("SELECTORATE_HOME")
if kept is not None:
    os.environ["SELECTORATE_HOME"] = kept

# %% [markdown]
# ## Something to try
#
# Make the two polls more extreme, a point at a time. When do too few draws agree? Then give both to one pollster, with
# Labour two points apart (else the second is refused as the first over again): do they count for as much as those of
# two houses?
