"""What ratings of leaders and votes of MPs mean, read from the shipped posteriors as plain arrays.

Pages must not lead to a sampler, and the modules that condense a posterior for the chain (``models.leader_scale``,
``models.mp_model``) hold priors and models, too. So the part that a page needs stands here once more: the same means of
the same draws, and the same way of taking in houses that came later. Tests hold both against the chain's own.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from data import Evidence, load
from data.errors import BadInput, DamagedArtefact
from models.days import DAYS_PER_MONTH
from models.leader_events import HONEYMOONS, KINDS, SHOCKS, Ints
from models.leader_record import OTHER_WORDINGS, REFERENCE, UNNAMED, Array, Readings, as_readings
from models.mp_filter import MpHabits

FOLDER = Path(load.__file__).parent / "posteriors"
HABITS = ("usual", "spread", "spread_new", "memory", "crowding", "lost", "unevenness")
HABIT_DRAWS = 100
"""As ``models.mp_model`` keeps them."""
_AGAIN = "Make it again with: make posteriors."


@dataclass(frozen=True, eq=False)
class ReadingScale:
    """What turns readings into standings: the fields of ``models.leader_scale.Scale`` that a leader's path needs."""

    groups: tuple[tuple[str, str], ...]
    offset: Array
    load: Array
    noise: Array
    covariance: Array
    wording: Array
    wording_load: Array
    noises: tuple[float, float]
    house: float
    own: float
    shared: float
    drift: float
    usual: tuple[float, float]
    usual_sd: float
    first_sd: float
    size: Array
    jump: Array
    rate: Array

    @property
    def memory_days(self) -> float:
        """Days in which a leader's distance from her usual place falls by a factor of e."""
        return 2.0 * self.usual_sd**2 / self.drift

    def quirks(self, group: Ints) -> Array:
        """Give the covariance (n, n) of what lastingly sets n readings of one leader apart, by their groups (n,)."""
        other = group != self.groups.index(REFERENCE)
        return np.outer(other, other) * (self.own * np.equal.outer(group, group) + self.shared)


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
    return ShippedLinks(extended(_scale(scale), readings, until.toordinal()), _habits(habits))


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


def _scale(draws: dict[str, Any]) -> ReadingScale:
    """Condense the posterior of the leaders model, as ``models.leader_scale.scale_of`` does."""
    groups = tuple(sorted({*draws["groups"], REFERENCE}))
    offsets = np.insert(draws["offset"], groups.index(REFERENCE), 0.0, axis=1)
    mean = {name: np.mean(values, axis=0) for name, values in draws.items() if name != "groups"}
    loads = dict(zip(OTHER_WORDINGS, mean["load"], strict=True))
    noises = float(mean["noise"]) ** 2, float(mean["noise_unnamed"]) ** 2
    is_event = np.arange(len(KINDS)) >= len(HONEYMOONS)
    welcome = [float(mean[f"honeymoon_{name}"]) for name in HONEYMOONS]
    spread = [float(mean["honeymoon_sd"])] * len(HONEYMOONS) + [float(mean["event_sd"])] * len(SHOCKS)
    return ReadingScale(
        groups=groups,
        offset=offsets.mean(axis=0),
        load=np.array([loads.get(name, 1.0) for name, _ in groups]),
        noise=np.array([noises[pollster == UNNAMED] for _, pollster in groups]),
        covariance=np.cov(np.hstack([offsets, draws["wording_offset"]]), rowvar=False),
        wording=mean["wording_offset"],
        wording_load=mean["load"],
        noises=noises,
        house=float(mean["house_sd"]) ** 2,
        own=float(mean["own_sd"]) ** 2,
        shared=float(mean["shared_sd"]) ** 2,
        drift=float(mean["drift"]) ** 2 / DAYS_PER_MONTH,
        usual=(float(mean["usual_other"]), float(mean["usual_premier"])),
        usual_sd=float(mean["usual_sd"]),
        first_sd=float(mean["first_sd"]),
        size=np.concatenate([welcome, mean["event_size"]]),
        jump=np.array(spread) ** 2,
        rate=np.log(2.0) / np.where(is_event, mean["event_half_life"], mean["honeymoon_half_life"]),
    )


def extended(scale: ReadingScale, readings: Readings, until: int) -> ReadingScale:
    """Take in houses and readings that came after the fit, as ``models.leader_scale.extended`` does.

    Parameters
    ----------
    scale : ReadingScale
        As learned.
    readings : Readings
        All readings known by now.
    until : int
        Ordinal of the day by which it was learned.

    Returns
    -------
    ReadingScale
        With the groups of ``readings``.
    """
    wide = _with_groups(scale, readings.groups)
    fresh = readings.only(readings.known > until)
    if not fresh.day.size:
        return wide
    n_groups, mean = len(wide.groups), np.append(wide.offset, wide.wording)
    told, pull = np.zeros_like(wide.covariance), np.zeros_like(mean)
    for leader in np.unique(fresh.leader):
        group, gap, precision = _contrasts(wide, fresh.of(str(leader)))
        places = np.eye(mean.size)[group]
        told += places.T @ precision @ places
        pull += places.T @ precision @ gap
    covariance = np.linalg.solve(np.eye(mean.size) + wide.covariance @ told, wide.covariance)
    mean += covariance @ pull
    covariance = (covariance + covariance.T) / 2.0
    return replace(wide, offset=mean[:n_groups], wording=mean[n_groups:], covariance=covariance)


def _contrasts(scale: ReadingScale, own: Readings) -> tuple[Ints, Array, Array]:
    """Group, surprise and precision of one leader's means by quarter and group, whatever her level in each quarter."""
    quarter, group, net, count = own.by_quarter()
    told = np.linalg.inv(scale.quirks(group) + np.diag(scale.noise[group] / count))
    levels = scale.load[group][:, None] * (quarter[:, None] == np.unique(quarter))
    reach = told @ levels
    return group, net - scale.offset[group], told - reach @ np.linalg.solve(levels.T @ reach, reach.T)


def _with_groups(scale: ReadingScale, groups: tuple[tuple[str, str], ...]) -> ReadingScale:
    """Arrange the scale by other groups; one not met yet has its wording's offset and differs from it as houses do."""
    if groups == scale.groups:
        return scale
    n, old = len(groups), len(scale.groups)
    held = {group: i for i, group in enumerate(scale.groups)}
    worded = {name: old + i for i, name in enumerate(OTHER_WORDINGS)}
    reference = scale.groups.index(REFERENCE)
    places = [held.get(group, worded.get(group[0], reference)) for group in groups] + list(worded.values())
    new: NDArray[np.bool_] = np.array([group not in held for group in groups] + [False] * len(worded))
    return replace(
        scale,
        groups=groups,
        offset=np.append(scale.offset, scale.wording)[places[:n]],
        load=np.append(scale.load, scale.wording_load)[places[:n]],
        noise=np.array([scale.noises[pollster == UNNAMED] for _, pollster in groups]),
        covariance=scale.covariance[np.ix_(places, places)] + np.diag(scale.house * new),
    )
