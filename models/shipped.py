"""Make the posteriors that come with the package: ``python -m models.shipped``.

What past elections teach changes with the next election only, and takes minutes to sample. So the stages of today's
forecast that use no poll of this Parliament are sampled once and laid into ``data/posteriors/``, from where
``models.stages`` reads them as it reads its own. Where data, priors, sampler or code differ from those they were made
with, none of them is read.
"""

import os
import shutil
import tempfile
from pathlib import Path

from data.own.place import HOME_VARIABLE
from models import stages
from models.chain import make_forecast
from models.cli import DEFAULT_SEED
from models.obtain import settle_dates

LIVE = "polls"
"""The stage that is always sampled anew."""


def main() -> None:
    """Sample the stages of today's forecast with nothing at hand, and put their posteriors in place of the old ones."""
    shipped = stages.SHIPPED
    with tempfile.TemporaryDirectory() as home:
        os.environ[HOME_VARIABLE] = home
        stages.SHIPPED = Path(home) / "none"
        make_forecast(*settle_dates(None, None), seed=DEFAULT_SEED)
        shutil.rmtree(shipped, ignore_errors=True)
        shipped.mkdir()
        for path in sorted((Path(home) / "stages").iterdir()):
            if not path.name.startswith(LIVE):
                shutil.copyfile(path, shipped / path.name)
                print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
