import shutil
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import Evidence, load_evidence
from data.errors import BadInput, DamagedArtefact
from models import leader_scale, mp_model
from models.leader_record import as_readings, leader_record
from models.reading_scale import extended
from models.shipped_links import FOLDER, shipped_links

LAST = date(2024, 7, 4)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(own=False)


def posterior(stage: str) -> xr.Dataset:
    (path,) = FOLDER.glob(f"{stage}-*.nc")
    return xr.load_dataset(path, engine="h5netcdf", group="posterior")


def test_scale_is_the_chains_own(evidence: Evidence) -> None:
    """The scale read without a sampler, with the houses that came after it, has the numbers of the leaders model's."""
    found = shipped_links(evidence, LAST).scale
    record = leader_record(evidence.as_of(LAST + timedelta(days=1)))
    own = leader_scale.scale_of(posterior("leaders"), record)
    readings = as_readings(evidence.leader_ratings)
    own = extended(own, readings)
    assert len(own.groups) > len(record.groups)
    for field in fields(found):
        ours, theirs = getattr(found, field.name), getattr(own, field.name)
        if field.name == "groups":
            assert ours == theirs
        elif field.name == "until":  # two days, but no reading became known between them
            assert np.array_equal(readings.known > ours, readings.known > theirs)
        else:
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, err_msg=field.name)


def test_habits_are_the_chains_own(evidence: Evidence) -> None:
    """Draws of MPs' habits read without a sampler are those that the chain takes."""
    found = shipped_links(evidence, LAST).habits
    own = mp_model.habits_of(posterior("mps"))
    for field in fields(found):
        np.testing.assert_array_equal(getattr(found, field.name), getattr(own, field.name), err_msg=field.name)


def test_another_parliament_is_refused(evidence: Evidence) -> None:
    """What was learned by one election is not used for a forecast that follows another."""
    with pytest.raises(BadInput, match="election of 2024-07-04"):
        shipped_links(evidence.as_of(date(2023, 1, 1)), date(2019, 12, 12))


@pytest.mark.parametrize("fault", ["changed", "missing", "manifest"])
def test_damage_is_found(evidence: Evidence, tmp_path: Path, fault: str) -> None:
    """A changed byte, a missing posterior and a broken manifest are each refused, with the way to mend them."""
    folder = tmp_path / "posteriors"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("seats-*", "votes-*", "response-*"))
    (path,) = folder.glob("leaders-*.nc")
    if fault == "changed":
        whole = bytearray(path.read_bytes())
        whole[-1] ^= 1
        path.write_bytes(whole)
    elif fault == "missing":
        path.unlink()
    else:
        (folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(DamagedArtefact, match="make posteriors"):
        shipped_links(evidence, LAST, folder)
