"""Make the posteriors that come with the package: ``python -m models.shipped``.

What past elections teach changes with the next election only, and takes minutes to sample. So those stages of today's
forecast that read no poll of this Parliament are sampled once and laid into ``data/posteriors/``, where
``models.stages`` finds them as it finds its own. With other data, priors, settings or code none of them is read.
"""

import json
import os
import shutil
import tempfile
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import xarray as xr

from data import Evidence, load_evidence
from data.own.place import HOME_VARIABLE
from models import stages
from models.cli import DEFAULT_SEED
from models.config import ChainConfig
from models.history import arrival_history
from models.links import learn_links
from models.pairs import seat_pairs
from models.record import previous_election
from models.seats import build_seat_model
from models.store import MANIFEST, code_version
from models.votes import build_votes_model


def main() -> None:
    """Sample the stages with nothing at hand, and put their posteriors in place of the old ones."""
    shipped, tables = stages.SHIPPED, load_evidence(own=False)
    with tempfile.TemporaryDirectory() as home:
        os.environ[HOME_VARIABLE] = home
        stages.SHIPPED = Path(home) / "none"
        fits = learned(tables, stages.Run(DEFAULT_SEED))
        aside = Path(tempfile.mkdtemp(prefix=".posteriors-", dir=shipped.parent))
        shutil.copytree(Path(home) / "stages", aside, dirs_exist_ok=True)
    (aside / MANIFEST).write_text(json.dumps(_described(tables, fits), indent=2) + "\n", encoding="utf-8")
    aside.chmod(0o755)
    shutil.rmtree(shipped, ignore_errors=True)
    aside.rename(shipped)


def learned(tables: Evidence, run: stages.Run) -> dict[str, xr.DataTree]:
    """Fit what past elections teach the newest forecast, as ``models.chain`` does.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    run : Run
        Seed and progress.

    Returns
    -------
    dict
        Posterior by stage.
    """
    config = ChainConfig()
    record = tables.as_of(previous_election(tables, tables.cut) + timedelta(days=1))
    links = learn_links(record, config.links, run)
    history, pairs = arrival_history(record, links, pace=config.campaign_pace), seat_pairs(record)
    return links.fits | {
        "votes": run.fit("votes", history, build_votes_model, config.vote_priors, config.vote_sampler),
        "seats": run.fit("seats", pairs, build_seat_model, config.seat_priors, config.seat_sampler),
    }


def _described(tables: Evidence, fits: dict[str, xr.DataTree]) -> dict[str, object]:
    """What the posteriors were made from and how well they were sampled."""
    config = ChainConfig()
    samplers, priors = config.samplers(DEFAULT_SEED), config.described_priors()
    return {
        "previous_election": previous_election(tables, tables.cut).isoformat(),
        "code_version": code_version(),
        "stages": {
            name: {
                "sampler": asdict(samplers[name]),
                "diagnostics": stages.diagnostics(tree),
                "priors": priors[name],
            }
            for name, tree in fits.items()
        },
    }


if __name__ == "__main__":
    main()
