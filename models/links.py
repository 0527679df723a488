"""What past Parliaments teach of leaders, MPs and the voters' response to both: three stages learned once a Parliament.

    ratings ---> leaders: one scale of standing ---+
    votes of MPs ---> mps: habits of MPs ----------+--> months since 1979 ---> response of voting intention

What a stage has no record to learn from yet (ratings before 1979, votes of MPs before 1963) stands as its prior.
"""

from dataclasses import dataclass
from functools import lru_cache

import polars as pl
import xarray as xr

from data import Evidence
from models import leaders, mps
from models.config import LinkConfig
from models.leader_model import build_leader_model
from models.leader_record import leader_record
from models.leader_scale import Scale, prior_scale, scale_of
from models.mp_filter import MpHabits
from models.mp_model import build_mp_model, habits_of, mp_record, prior_habits
from models.response import build_response_model, prior_draws
from models.response_panel import PARTIES, month_days, response_panel, steps
from models.stages import Run

LEAST_READINGS = 24
"""Cells of ratings below which none is learned from: two years of one leader, month by month."""
LEAST_VOTES = 4
"""Votes of MPs on a leader below which none is learned from."""
LEAST_STEPS = 24
"""Months of a party below which the response is not learned."""
PRIOR_DRAWS = 4000


@dataclass(frozen=True, eq=False)
class Links:
    """What was learned; equal only if it is one object.

    ``scale`` puts ratings on one scale, ``habits`` says what votes and acts of MPs mean, ``response`` (chain, draw) is
    how voters respond; ``fits`` holds the posteriors of the stages that were sampled.
    """

    scale: Scale
    habits: MpHabits
    response: xr.Dataset
    fits: dict[str, xr.DataTree]


@lru_cache(maxsize=2)
def learn_links(record: Evidence, config: LinkConfig, run: Run) -> Links:
    """Learn the three stages from a record.

    Parameters
    ----------
    record : Evidence
        Tables as known when the last election was over.
    config : LinkConfig
        Priors and samplers.
    run : Run
        Seed, and whether to show progress.

    Returns
    -------
    Links
        The same object for the same arguments, as long as it is kept.
    """
    fits: dict[str, xr.DataTree] = {}
    rated = leader_record(record)
    scale = prior_scale(config.leader_priors)
    if rated.net.size >= LEAST_READINGS:
        fits["leaders"] = run.fit("leaders", rated, build_leader_model, config.leader_priors, config.leader_sampler)
        scale = scale_of(fits["leaders"]["posterior"].to_dataset(), rated)
    voted = mp_record(record)
    habits = prior_habits(config.mp_priors)
    if voted.share.size >= LEAST_VOTES:
        fits["mps"] = run.fit("mps", voted, build_mp_model, config.mp_priors, config.mp_sampler)
        habits = habits_of(fits["mps"]["posterior"].to_dataset())
    panel = response_panel(record, *monthly(record, scale, habits))
    response = prior_draws(config.response_priors, n_draws=PRIOR_DRAWS, seed=run.seed)
    if steps(panel).v.shape[0] >= LEAST_STEPS:
        fits["response"] = run.fit(
            "response", panel, build_response_model, config.response_priors, config.response_sampler
        )
        response = fits["response"]["posterior"].to_dataset()
    return Links(scale, habits, response, fits)


def monthly(record: Evidence, scale: Scale, habits: MpHabits) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Where leaders stood with voters and MPs at the end of every month, as known then.

    Parameters
    ----------
    record : Evidence
        Tables, cut.
    scale : Scale
        Puts ratings on one scale.
    habits : MpHabits
        What votes and acts of MPs mean.

    Returns
    -------
    standing : pl.DataFrame
        As ``leaders.history`` gives it.
    backing : pl.DataFrame
        As ``mps.history`` gives it.
    """
    days = month_days(record)
    return leaders.history(record, scale, days, PARTIES), mps.history(record, habits, days, PARTIES)
