"""What ratings of leaders and votes of MPs mean, read from the shipped posteriors as plain arrays.

Pages must not lead to a sampler, and the modules that condense a posterior for the chain (``models.leader_scale``,
``models.mp_model``) hold priors and models, too. So posteriors are read here once more, as far as a page needs them: a
scale of ratings by the same arithmetic (``models.reading_scale``), and the same draws of MPs' habits. Tests hold both
against the chain's own.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data import Evidence, load
from data.errors import BadInput, DamagedArtefact
from models.leader_record import REFERENCE, as_readings
from models.mp_filter import MpHabits
from models.reading_scale import ReadingScale, condensed, extended

FOLDER = Path(load.__file__).parent / "posteriors"
HABITS = ("usual", "spread", "spread_new", "memory", "crowding", "lost", "unevenness")
HABIT_DRAWS = 100
"""As ``models.mp_model`` keeps them."""
_AGAIN = "Make it again with: make posteriors."


@dataclass(frozen=True, eq=False)
class ShippedLinks:
    """The scale of ratings with all houses known by a day, and draws of MPs' habits."""

    scale: ReadingScale
    habits: MpHabits


def shipped_links(evidence: Evidence, previous_election: date, folder: Path = FOLDER) -> ShippedLinks:
    """Read what was learned when the last election was over, and take in houses that came later.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    previous_election : date
        The last election before the cut.
    folder : Path
        Where the posteriors lie.

    Returns
    -------
    ShippedLinks
        Ready to read leaders of that day.

    Raises
    ------
    BadInput
        If the shipped posteriors are of another Parliament.
    DamagedArtefact
        If they cannot be read, or differ from their checksum.
    """
    learned = _manifest(folder).get("previous_election")
    if learned != previous_election.isoformat():
        raise BadInput(
            f"What ratings and votes of MPs mean is kept as learned by the election of {learned}, and this forecast "
            f"follows that of {previous_election}: the history of its leaders cannot be drawn."
        )
    scale, habits = _read("leaders", folder), _read("mps", folder)
    readings = as_readings(evidence.leader_ratings)
    until = previous_election + timedelta(days=1)
    return ShippedLinks(extended(_scale(scale, until.toordinal()), readings), _habits(habits))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedArtefact(f"{folder / 'manifest.json'} cannot be read. {_AGAIN}") from error
    return told


def _read(stage: str, folder: Path) -> dict[str, Any]:
    found = sorted(folder.glob(f"{stage}-*.nc"))
    if len(found) != 1:
        raise DamagedArtefact(f"The shipped posterior of {stage} is not in {folder}. {_AGAIN}")
    return _draws(found[0], found[0].stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _draws(path: Path, _changed: int) -> dict[str, Any]:
    """Draws by name, chain after chain, with the names of groups; checked against the checksum beside the file."""
    try:
        seal = path.with_suffix(".sha256").read_text(encoding="utf-8").strip()
        whole = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DamagedArtefact(f"{path} cannot be read. {_AGAIN}") from error
    if whole != seal:
        raise DamagedArtefact(f"The checksum of {path.name} does not match. {_AGAIN}")
    with xr.open_dataset(path, engine="h5netcdf", group="posterior") as stored:
        kept = stored.drop_vars(["asked", "shared", "event_z"], errors="ignore").load()
    flat = {str(n): np.asarray(v.transpose("chain", "draw", ...).values) for n, v in kept.data_vars.items()}
    drawn: dict[str, Any] = {name: values.reshape(-1, *values.shape[2:]) for name, values in flat.items()}
    if "other_group" in kept.coords:
        drawn["groups"] = tuple(tuple(str(name).split(" ", 1)) for name in kept["other_group"].values)
    return drawn


def _habits(draws: dict[str, Any]) -> MpHabits:
    picked = np.unique(np.linspace(0, len(draws["usual"]) - 1, HABIT_DRAWS).astype(np.int64))
    kept = {name: draws[name][picked] for name in (*HABITS, "noise", "halving")}
    return MpHabits(**kept)


def _scale(draws: dict[str, Any], until: int) -> ReadingScale:
    """Condense the posterior of the leaders model, as ``models.leader_scale.scale_of`` does."""
    groups = tuple(sorted({*draws["groups"], REFERENCE}))
    offsets = np.insert(draws["offset"], groups.index(REFERENCE), 0.0, axis=1)
    named = {name: values for name, values in draws.items() if name != "groups"}
    return ReadingScale(**condensed(named, groups, offsets, until))
