"""Fits of stages are made once for the same data, priors, sampler and code."""

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import preliz as pz
import pymc as pm
import pytest
from numpy.typing import NDArray
from preliz.distributions.distributions import Distribution

from models import stages
from models.fit import SamplerConfig
from models.stages import diagnostics, digest, fit_stage, settled


@dataclass(frozen=True)
class Sample:
    """Numbers with one mean."""

    values: NDArray[np.float64]
    day: date = date(2016, 7, 12)


@dataclass(frozen=True)
class Priors:
    """Prior of the mean."""

    mean: Distribution = field(default=pz.Normal(0.0, 1.0))


DATA = Sample(np.array([0.9, 1.1, 1.0]))
SAMPLER = SamplerConfig(draws=100, tune=100, seed=1)


def build(data: Sample, *, priors: Priors) -> pm.Model:
    """Model of the numbers."""
    with pm.Model() as model:
        pm.Normal("values", priors.mean.to_pymc("mean"), 1.0, observed=data.values)
    return model


def count_fits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often a model is sampled."""
    made: list[int] = []
    real = stages.sample

    def counted(*arguments: object, **settings: object) -> object:
        made.append(1)
        return real(*arguments, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(stages, "sample", counted)
    return made


def test_the_same_stage_is_sampled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run reads back the very draws of the first; other data, priors or seed are sampled anew."""
    made = count_fits(monkeypatch)
    first = fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)
    again = fit_stage("toy", Sample(DATA.values.copy()), build, Priors(), SAMPLER, progress=False)
    assert len(made) == 1
    assert np.array_equal(first["posterior"]["mean"].values, again["posterior"]["mean"].values)
    assert diagnostics(again) == diagnostics(first)
    assert diagnostics(first)["min_ess_bulk"] > 0
    fit_stage("toy", Sample(DATA.values + 1), build, Priors(), SAMPLER, progress=False)
    fit_stage("toy", DATA, build, Priors(mean=pz.Normal(1.0, 1.0)), SAMPLER, progress=False)
    fit_stage("toy", DATA, build, Priors(), replace(SAMPLER, seed=2), progress=False)
    assert len(made) == 4


def test_a_damaged_file_is_made_again(monkeypatch: pytest.MonkeyPatch, own_store: Path) -> None:
    """A kept posterior whose bytes changed is never read: the stage is sampled again."""
    made = count_fits(monkeypatch)
    fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)
    (path,) = (own_store / "stages").glob("*.nc")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)
    assert len(made) == 2


def test_a_folder_that_cannot_be_written_costs_a_fit_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing can be kept the posterior is returned all the same."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("SELECTORATE_HOME", str(blocked))
    assert fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)["posterior"]["mean"].size == 200


def test_a_shipped_posterior_is_read_and_a_damaged_one_is_not(
    monkeypatch: pytest.MonkeyPatch, own_store: Path, tmp_path: Path
) -> None:
    """What comes with the package spares the fit, unless a byte of it changed."""
    made = count_fits(monkeypatch)
    first = fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)
    monkeypatch.setattr(stages, "SHIPPED", tmp_path / "shipped")
    (own_store / "stages").rename(stages.SHIPPED)
    again = fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)
    assert np.array_equal(first["posterior"]["mean"].values, again["posterior"]["mean"].values)
    assert len(made) == 1
    (path,) = stages.SHIPPED.glob("*.nc")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)
    assert len(made) == 2


def test_draws_are_kept_to_a_part_in_four_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding moves no draw by more, and variables named are not kept, fresh from the sampler or read back."""
    real = stages.sample
    sampled = []

    def remembered(*arguments: object, **settings: object) -> object:
        sampled.append(real(*arguments, **settings))  # type: ignore[arg-type]
        return sampled[-1]

    remembered.__module__ = real.__module__
    monkeypatch.setattr(stages, "sample", remembered)
    kept = fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)["posterior"]["mean"].values
    off = np.abs(kept / sampled[0]["posterior"]["mean"].values - 1)
    assert 0 < off.max() <= 2.0**-12
    monkeypatch.setattr(stages, "NOT_KEPT", {"other": ["mean"]})
    for _ in range(2):
        assert "mean" not in fit_stage("other", DATA, build, Priors(), SAMPLER, progress=False)["posterior"]
    assert len(sampled) == 2


def test_last_digits_do_not_count() -> None:
    """Processors that add up in another order find the same hash."""
    values = np.array([0.1, 123.456, -7e-5])
    assert digest(values) == digest(values * (1 + 1e-12))
    assert digest(np.array([0.0])) == digest(np.array([-0.0]))
    assert digest(0.3) == digest(0.1 + 0.2)
    assert digest(values) != digest(values * 1.0001)


def test_last_digits_do_not_reach_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data of one hash are the same data to the byte once they are fitted, in whatever order they were added up."""
    seen: list[NDArray[np.float64]] = []

    def noted(data: Sample, *, priors: Priors) -> pm.Model:
        seen.append(data.values)
        return build(data, priors=priors)

    for folder, error in (("one", 0.0), ("two", 1e-12)):
        monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path / folder))
        fit_stage("toy", Sample(DATA.values * (1 + error)), noted, Priors(), SAMPLER, progress=False)
    assert seen[0].tobytes() == seen[1].tobytes()
    assert [file.name for file in (tmp_path / "one" / "stages").iterdir()] == [
        file.name for file in (tmp_path / "two" / "stages").iterdir()
    ]


HISTORY = """
import os
import sys

if sys.argv[1] == "one":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

from dataclasses import fields
from datetime import timedelta
from hashlib import sha256

from data import load_evidence
from models.config import ChainConfig
from models.history import arrival_history
from models.links import learn_links
from models.record import previous_election
from models.stages import Run, settled

tables = load_evidence(own=False)
record, config = tables.as_of(previous_election(tables, tables.cut) + timedelta(days=1)), ChainConfig()
links = learn_links(record, config.links, Run(20160712, progress=False))
history = settled(arrival_history(record, links, pace=config.campaign_pace))
values = (getattr(history, field.name) for field in fields(history))
print(sha256(b"".join(value.tobytes() for value in values if hasattr(value, "tobytes"))).hexdigest())
"""
"""Data of past elections as they are fitted, hashed to the last digit, in a process that may be held to one core."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system holds no process to one core")
def test_data_are_the_same_on_one_core_and_on_many() -> None:
    """Sums are added up in another order on several cores; what is fitted is the same."""
    free = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    told = {
        subprocess.run([sys.executable, "-c", HISTORY, cores], env=free, check=True, capture_output=True).stdout
        for cores in ("one", "all")
    }
    assert len(told) == 1


def test_fits_of_another_precision_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """How data are cut is a part of the key, so what was fitted before a change of it is fitted again."""
    made = count_fits(monkeypatch)
    for digits in ("single", "double", "single"):
        monkeypatch.setattr(stages, "DIGITS", digits)
        fit_stage("toy", DATA, build, Priors(), SAMPLER, progress=False)
    assert len(made) == 2


def test_settled_data_are_what_their_hash_says() -> None:
    """Of every kind of value the digits that are cut are those that the hash passes over, and no other."""
    ragged = (
        DATA,
        [0.1 + 0.2, -0.0, np.nan, np.inf],
        {"a": np.array([1 / 3, -0.0]), "b": np.array([1, 2])},
        "x",
        7,
        None,
    )
    cut = settled(ragged)
    assert digest(cut) == digest(ragged)
    assert digest(settled(cut)) == digest(cut)
    assert cut[2]["a"].tolist() == [float(np.float32(1 / 3)), 0.0]
    assert not np.signbit(cut[2]["a"][1])
    assert cut[2]["b"].dtype == np.int64
    assert cut[3:] == ("x", 7, None)
    assert cut[0].day == DATA.day


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]])),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (("ab", "c"), ("a", "bc")),
        ((("a",), "b"), ("a", ("b",))),
        (1, True),
        ({"a": 1}, {"a": 2}),
        (DATA, Sample(DATA.values, date(2016, 7, 13))),
    ],
)
def test_different_values_have_different_hashes(one: object, other: object) -> None:
    """Shape, type, boundaries and every field count."""
    assert digest(one) != digest(other)
    assert digest(one) == digest(one)
