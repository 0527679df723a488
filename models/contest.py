"""The contest model: what past leadership contests teach of how MPs, members, unions and polls hang together.

The equations are in ``models.contest_terms``. Candidates' standings are summed out, so that only a dozen and a half
numbers are sampled. Learned from all contests in which somebody voted by the cut; a contest in which members are still
to vote does not teach. What it says of a contest to come is for ``models.contest_odds``, which needs no PyMC.
"""

from dataclasses import dataclass, replace

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.typing import NDArray

from data import Evidence
from models.contest_kernel import contest_likelihood
from models.contest_priors import ContestPriors
from models.contest_record import Case, contest_cases
from models.contest_terms import WEIGHTS, Terms, edges, terms, weights
from models.fit import SamplerConfig
from models.graph_data import as_data
from models.kernel_op import log_likelihood
from models.rules import rule_on
from models.stages import Run, fit_stage

Array = NDArray[np.float64]
SCALES = ("spread", *WEIGHTS[2:-1])
SIZED = ("affiliates", "supporters")
OPEN_DAYS = 100
"""Days after the MPs' last ballot within which their party's members have always voted."""
SAMPLER = SamplerConfig(draws=1500, tune=700)


@dataclass(frozen=True)
class ContestRecord:
    """All contests one after the other, as ``models.contest_kernel.contest_likelihood`` takes them.

    ``y`` (n_readings,), ``basis`` (n_weights, n_squares), ``edges`` (3, n_readings) and ``start`` (n_contests + 1,).
    ``size`` (n_sized, 2) are logs of affiliates' and supporters' votes for each vote of a member, of contests in which
    all counted alike.
    """

    y: Array
    basis: Array
    edges: Array
    start: NDArray[np.int64]
    size: Array


def contest_record(evidence: Evidence) -> ContestRecord:
    """Collect all contests in which a group voted.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.

    Returns
    -------
    ContestRecord
        Contests won without a vote are left out: nominations for one who is sure to win tell nothing of the others.
    """
    cases = [
        c for c in contest_cases(evidence) if any(r.kind == "ballot" for r in c.readings) and not _open(evidence, c)
    ]
    size = [[np.log(c.sizes[g] / c.sizes["members"]) for g in SIZED] for c in cases if set(SIZED) <= set(c.sizes)]
    return _laid_out([terms(case) for case in cases], np.array(size, dtype=np.float64).reshape(-1, 2))


def _open(evidence: Evidence, case: Case) -> bool:
    """Whether members were still to vote: such a contest teaches once it is over, or given up."""
    waits = not any(r.kind == "ballot" and r.group == "members" for r in case.readings)
    recent = (evidence.cut - case.result_day).days <= OPEN_DAYS
    return waits and recent and len(rule_on(evidence, case.party, case.result_day).stages) > 1


def _laid_out(contests: list[Terms], size: Array) -> ContestRecord:
    told = [one for one in contests if one.y.size]
    return ContestRecord(
        y=np.concatenate([one.y for one in told] or [np.empty(0)]),
        basis=np.concatenate([one.basis.reshape(len(WEIGHTS), -1) for one in told] or [np.empty((len(WEIGHTS), 0))], 1),
        edges=np.concatenate([one.edges for one in told] or [np.empty((3, 0))], axis=1),
        start=np.cumsum([0, *(one.y.size for one in told)]),
        size=size,
    )


def build_contest_model(record: ContestRecord, *, priors: ContestPriors | None = None) -> pm.Model:
    """Build the model of leadership contests.

    Parameters
    ----------
    record : ContestRecord
        Past contests; may be empty.
    priors : ContestPriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        With dims ``sized``, ``contest`` (those in which all counted alike), ``reading`` and ``weight``; free
        variables as in ``ContestPriors``.
    """
    priors = priors or ContestPriors()
    coords = {"sized": list(SIZED), "weight": list(WEIGHTS)}
    with pm.Model(coords=coords) as model:
        given = as_data(as_data(record, "reading", "y"), ("contest", "sized"), "size")
        given = as_data(as_data(given, ("weight", "square"), "basis"), ("edge", "reading"), "edges")
        names = ("rho", "edge_mps", "edge_members", "lent", *SCALES)
        habits = {name: getattr(priors, name).to_pymc(name) for name in names}
        sizes = pt.stack(
            [priors.size_affiliates.to_pymc("size_affiliates"), priors.size_supporters.to_pymc("size_supporters")]
        )
        spread = priors.size_spread.to_pymc("size_spread")
        if record.y.size:
            unknown = pt.stack([pt.as_tensor(weight) for weight in weights(habits)]), pt.stack(edges(habits))
            seen = (given.y, given.basis, given.edges, record.start)
            pm.Potential("seen", log_likelihood(contest_likelihood, len(seen), *seen, *unknown))
        if record.size.size:
            pm.Normal("size", sizes[None, :], spread, observed=given.size, dims=("contest", "sized"))
    return model


def learn_contests(record: Evidence, run: Run, *, priors: ContestPriors | None = None) -> xr.DataTree:
    """Fit the model, or read the fit where it is kept.

    Parameters
    ----------
    record : Evidence
        Tables, cut.
    run : Run
        Seed and progress.
    priors : ContestPriors, optional
        Priors as values.

    Returns
    -------
    xr.DataTree
        From ``models.stages.fit_stage``.
    """
    sampler = replace(SAMPLER, seed=run.seed)
    found = contest_record(record)
    return fit_stage("contest", found, build_contest_model, priors or ContestPriors(), sampler, progress=run.progress)


def prior_habits(priors: ContestPriors, *, n_draws: int, seed: int) -> xr.Dataset:
    """Draw from the priors, as where no contest is on record.

    Parameters
    ----------
    priors : ContestPriors
        Priors as values.
    n_draws : int
        How many.
    seed : int
        Seed.

    Returns
    -------
    xr.Dataset
        As a posterior, with dims chain (1) and draw.
    """
    with build_contest_model(_laid_out([], np.empty((0, 2))), priors=priors):
        drawn: xr.DataTree = pm.sample_prior_predictive(n_draws, random_seed=seed)
    return drawn["prior"].to_dataset()
