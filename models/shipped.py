"""Make the posteriors that come with the package: ``python -m models.shipped``.

What past elections teach changes with the next election only, and takes minutes to sample. So those stages of today's
forecast that read no poll of this Parliament are sampled once and laid into ``data/posteriors/``, where
``models.stages`` finds them as it finds its own. With other data, priors, settings or code none of them is read.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

from data.own.place import HOME_VARIABLE
from models import stages
from models.chain import make_forecast
from models.cli import DEFAULT_SEED
from models.forecast import Manifest
from models.obtain import settle_dates

LIVE = "polls"
"""The stage that is always sampled anew."""
MANIFEST = "manifest.json"


def main() -> None:
    """Sample the stages of today's forecast with nothing at hand, and put their posteriors in place of the old ones."""
    shipped = stages.SHIPPED
    with tempfile.TemporaryDirectory() as home:
        os.environ[HOME_VARIABLE] = home
        stages.SHIPPED = Path(home) / "none"
        made = make_forecast(*settle_dates(None, None), seed=DEFAULT_SEED)
        shutil.rmtree(shipped, ignore_errors=True)
        shipped.mkdir()
        for path in sorted((Path(home) / "stages").iterdir()):
            if not path.name.startswith(LIVE):
                shutil.copyfile(path, shipped / path.name)
                print(f"{path.name}: {path.stat().st_size:,} bytes")
    (shipped / MANIFEST).write_text(json.dumps(_described(made.manifest), indent=2) + "\n", encoding="utf-8")


def _described(manifest: Manifest) -> dict[str, object]:
    """What the posteriors were made from and how well they were sampled."""
    told = manifest.model_dump(mode="json")
    by_stage = ("samplers", "diagnostics", "priors")
    return {name: told[name] for name in ("as_of", "previous_election", "seed", "code_version")} | {
        name: {stage: value for stage, value in told[name].items() if stage != LIVE} for name in by_stage
    }


if __name__ == "__main__":
    main()
