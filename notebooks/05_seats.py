# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Seats
#
# Given the votes, who wins each seat? Uniform swing adds the same points everywhere; then a party that collapses
# would keep its heartlands untouched. Proportional swing takes the same part everywhere. The seat model learns from
# every pair of elections since 1955 where between the two a loss falls, who lends votes to whom, what a member's own
# following is worth, and how far single seats stray. What it learned comes with the package, so nothing is sampled
# here.

# %%
from datetime import date

import altair as alt
import arviz as az
import numpy as np
import polars as pl

from data import load_evidence
from models import project_seats
from models.cli import DEFAULT_SEED
from models.config import ChainConfig
from models.pairs import seat_pairs
from models.record import gb_shares
from models.seats import build_seat_model
from models.simple_swing import complete, swing_seats
from models.stages import Run
from models.store import default_path, load_forecast

alt.renderers.enable("svg")  # charts are drawn here, without asking the network for anything
evidence, config = load_evidence(own=False), ChainConfig()
pairs = seat_pairs(evidence.as_of(date(2024, 7, 5)))
run = Run(DEFAULT_SEED, progress=False)
learned = run.fit("seats", pairs, build_seat_model, config.seat_priors, config.seat_sampler)
az.summary(
    learned,
    var_names=["threshold", "width", "attack_mean", "attack_loss", "personal_mean", "liberal", "region_ratio"],
    kind="stats",
    ci_prob=0.9,
    round_to=2,
)

# %% [markdown]
# ## How a seat moves
#
# With base share $b_i$ in seat $i$, mean $B$ and mean change $D$ in its nation, a party goes to
#
# $$ y_i = b_i + D + \beta\,(b_i - B) + \text{tactical votes} + \text{followings} + \epsilon_{r(i)} + \epsilon_i $$
#
# where $\beta = 0$ is uniform and $\beta = D / B$ proportional. With $L$ the part of its vote that a party loses,
#
# $$ \beta = -L \cdot \operatorname{sigmoid}\!\left(\frac{L - \text{threshold}}{\text{width}}\right) + \text{churn}, $$
#
# so small losses fall evenly and a collapse in proportion. A `threshold` near nought says that even small losses lean
# to the proportional side. A party that gains has $\beta$ around `gain` times $D / (B + D)$, the part of its vote that
# is new. `attack_mean` is the change of the part of the left's supporters who lend their vote where the right leads,
# and `attack_loss` how much it grows when a Conservative government loses support (with the square of the loss: chosen
# after 2024 had been seen). `personal_mean` is the share that goes with a member's own following, `liberal` how many
# times as much a Liberal's is, `region_ratio` the size of regions' errors beside seats' own.
#
# Left out here: Liberals' seats that follow no slope, by-elections, the vote of 2016, errors' heavy tails, and the last
# step that makes a nation's votes come out as given (`docs/explanation/seats.md`).
#
# ## Votes of your own
#
# `project_seats` takes any votes for Great Britain, from a poll, another model or a guess, and gives the winner of
# every seat in every draw. Start from the forecast's mean votes and move four points from Reform UK to the
# Conservatives:

# %%
base = load_forecast(default_path())
forecast_votes = dict(zip(base.parties, base.votes.mean(axis=0), strict=True))
moved = forecast_votes | {"con": forecast_votes["con"] + 0.04, "ref": forecast_votes["ref"] - 0.04}


def seats_of(votes, party):
    """Seats of a party in every draw."""
    return (project_seats(votes, base) == party).sum("constituency").values


rows = [
    (party, what, *np.quantile(seats_of(votes, party), [0.05, 0.5, 0.95]).round())
    for party in ("lab", "con", "ref", "lib")
    for what, votes in (("mean votes", forecast_votes), ("four points moved", moved))
]
pl.DataFrame(rows, schema=["party", "votes", "lo90", "median", "hi90"], orient="row")

# %% [markdown]
# The votes are the same in every draw here, so these ranges are what is not known of the **seats** alone: narrower
# than the forecast's, and still wide.
#
# ## Beside uniform swing
#
# The same votes, and a lead of Labour over the Conservatives that grows point by point:

# %%
previous = gb_shares(evidence, base.manifest.previous_election)
last = complete({party: previous.get(party, 0.0) for party in base.parties}, base.parties, previous)
curve = []
for shift in np.arange(-0.06, 0.061, 0.02):
    votes = forecast_votes | {"lab": forecast_votes["lab"] + shift / 2, "con": forecast_votes["con"] - shift / 2}
    lead = 100 * (votes["lab"] - votes["con"])
    lo, middle, hi = np.quantile(seats_of(votes, "lab"), [0.05, 0.5, 0.95])
    uniform = swing_seats(base, last, np.array([[votes[party] for party in base.parties]]))
    curve.append((lead, lo, middle, hi, int((uniform == base.lines.index("lab")).sum())))
table = pl.DataFrame(curve, schema=["lead", "lo90", "median", "hi90", "uniform"], orient="row")
x = alt.X("lead:Q", title="Labour's lead over the Conservatives, points", scale=alt.Scale(zero=False))
bands = alt.Chart(table).encode(x=x)
band = bands.mark_area(opacity=0.3).encode(
    y=alt.Y("lo90:Q", title="Labour's seats", scale=alt.Scale(zero=False)), y2="hi90:Q"
)
line = bands.mark_line().encode(y="median:Q")
dashes = bands.mark_line(strokeDash=[4, 3], color="black").encode(y="uniform:Q")
(band + line + dashes).properties(width=600, height=300, title="The seat model, and uniform swing (dashed)")

# %% [markdown]
# ## Something to try
#
# Put a poll of your own through `project_seats`: a share for each of `base.parties`; `oth` may be left out. At which
# lead does Labour have 326 seats in half of the draws, and what does uniform swing say there?
