# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Refit with priors of your own
#
# Every prior is a value: a PreliZ distribution in a frozen dataclass, with its reason beside it. To believe something
# else you edit no model. You say what you believe, PreliZ finds the distribution, and `dataclasses.replace` puts it
# in.

# %%
import os
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import altair as alt
import arviz as az
import numpy as np
import polars as pl
import polars.selectors as cs
import preliz as pz
import xarray as xr

from data import load_evidence
from models import PollPriors, SamplerConfig, build_poll_model, fit
from models.panel import poll_panel
from models.polls import draw_paths
from models.record import gb_shares

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
DRAWS = int(os.environ.get("SELECTORATE_DRAWS", "2000"))
ours = PollPriors()
ours

# %% [markdown]
# ## From a belief to a distribution
#
# Somebody who has watched polls thinks that opinion moves less than it seems. Asked how far a party on 30 per cent
# typically gets in a hundred days without a campaign, he says between a third of a point and a point and a half, and
# would bet nine to one on it. Typically: `drift` is a standard deviation, so the party moves less than that two times
# in three. A point at 30 per cent is $0.01 / (0.3 \times 0.7) = 0.048$ in log-odds, and a hundred days are ten square
# roots of a day, so `drift` lies between 0.0016 and 0.0071 with 90 per cent. Of all log-normals that say so, `maxent`
# takes the one that says least else. It may put more of the missing tenth on one side: look at both.

# %%
changed, lower, upper = "drift", 0.0016, 0.0071
belief = pz.LogNormal()
with np.errstate(invalid="ignore"):  # the search tries absurd values on its way
    pz.maxent(belief, lower=lower, upper=upper, mass=0.9, plot=False)
both = {"ours": ours, "yours": replace(ours, **{changed: belief})}
for name, priors in both.items():
    prior = getattr(priors, changed)
    below, above = prior.cdf(lower), 1 - prior.cdf(upper)
    print(f"{name}: {prior}, {below:.3f} of it below {lower}, {above:.3f} above {upper}")

# %% [markdown]
# ## Look before you fit
#
# The two priors side by side. A prior that you would not defend with this picture in hand should not be fitted.

# %%
shapes = {name: getattr(priors, changed) for name, priors in both.items()}
grid = np.linspace(0, max(shape.ppf(0.99) for shape in shapes.values()), 201)[1:]
drawn = pl.concat(pl.DataFrame({changed: grid, "density": p.pdf(grid), "prior": name}) for name, p in shapes.items())
line = alt.Chart(drawn).mark_line().encode(x=changed, y=alt.Y("density", axis=None), color="prior")
line.properties(width=500)

# %% [markdown]
# And what each says of the movement itself, before a poll is seen: points that a party on 30 per cent moves in a
# hundred days, either way, as quantiles over draws of `drift` and of the walk.

# %%
steps = np.random.default_rng(1).standard_normal(4000)
moves = {name: 100 * 0.3 * 0.7 * np.abs(10 * shape.rvs(4000, random_state=1) * steps) for name, shape in shapes.items()}
pl.DataFrame(
    {"quantile": [0.05, 0.5, 0.95]} | {name: np.quantile(m, [0.05, 0.5, 0.95]).round(1) for name, m in moves.items()}
)

# %% [markdown]
# ## Fit both
#
# The seven months of 1974, as in notebook 3. `fit` gives one tree with prior, posterior, likelihood and provenance;
# each tree says which model made it, so the two cannot be mixed up. A minute or two; `"progress": True` shows it.

# %%
since, eve, polling_day = date(1974, 2, 28), date(1974, 10, 9), date(1974, 10, 10)
evidence = load_evidence(own=False).as_of(eve)
panel = poll_panel(evidence, since=since, until=eve, previous=gb_shares(evidence, since), polling_day=polling_day)
how = {"sampler": SamplerConfig(draws=DRAWS), "seed": 1, "progress": False, "allow_unconverged": DRAWS < 1000}
how["data_fingerprint"] = evidence.fingerprint()
trees = {name: fit(build_poll_model(panel, priors=priors), **how) for name, priors in both.items()}
{name: tree["provenance"].attrs["model_fingerprint"] for name, tree in trees.items()}

# %%
for name, tree in trees.items():
    print(name, az.summary(tree, var_names=[changed], kind="stats", ci_prob=0.9, round_to=4), sep="\n", end="\n\n")

# %% [markdown]
# Where do the polls win, and where the prior? Fifty polls in seven months say something of the pace of opinion, not
# everything. What matters in the end is what it does to the answer:

# %%
ends = []
for name, tree in trees.items():
    last = draw_paths(panel, tree, seed=1).isel(date=-1)
    lead = 100 * (last.sel(party="lab") - last.sel(party="con"))
    ends.append((name, *np.quantile(lead, [0.05, 0.5, 0.95])))
table = pl.DataFrame(ends, schema=["prior", "lo90", "Labour's lead", "hi90"], orient="row")
table.with_columns(cs.float().round(1))

# %% [markdown]
# ## How much does a prior matter?
#
# ArviZ can say so without a second fit: it raises prior and likelihood to powers near one and watches the posterior
# move. Where the column `prior` is large and `likelihood` small, the polls said little. Where both pass 0.05, ArviZ
# flags a possible conflict (on stderr, too): the pictures of both deserve a look.

# %%
scales = ["drift", "noise", "house_spread"]
az.psense_summary(trees["ours"], var_names=scales, prior_var_names=scales)

# %% [markdown]
# ## Keep it
#
# A tree is a netCDF file, with where it came from inside:

# %%
kept = Path(tempfile.mkdtemp()) / "yours.nc"
trees["yours"].to_netcdf(kept, engine="h5netcdf")
with xr.open_datatree(kept, engine="h5netcdf") as back:
    told = back["provenance"].attrs
    print(
        *(f"{name}: {told[name]}" for name in ("made", "code_version", "data_fingerprint", "seed", "verdict")), sep="\n"
    )

# %% [markdown]
# ## Something to try
#
# Ask a colleague for a range of `house_spread` (how far pollsters lie apart; 0.08 is two points at 40 per cent), put it
# into the line that begins with `changed`, and run all again. Does Labour's lead move by more than a tenth of a point?
# Then take a prior through the whole chain:
# `my_variants:quiet`, in the file beside this one, is the belief above. Its past, its forecast and the dashboard, typed
# in this folder (`docs/howto/variant.md` reads the scores):
#
#     selectorate backtest --elections 2017,2019 --leads 1,30 --variants my_variants:quiet --out quiet
#     selectorate fit --variant my_variants:quiet --out quiet/forecast
#     selectorate app --forecast quiet/forecast
