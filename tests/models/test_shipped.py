"""Posteriors that come with the package are read in place of a fit."""

import json
from pathlib import Path

import pytest

from data import load_evidence
from models import stages
from models.cli import DEFAULT_SEED
from models.shipped import learned
from models.stages import Run, diagnostics
from models.store import MANIFEST


def test_shipped_posteriors_are_of_this_code_and_these_tables(monkeypatch: pytest.MonkeyPatch, own_store: Path) -> None:
    """Nothing that past elections teach is sampled for today's forecast, and nothing else is shipped.

    Where it is: ``make posteriors``.
    """

    def refuse(*_arguments: object, **_settings: object) -> None:
        pytest.fail("A shipped posterior is not of this code and these tables: run make posteriors.")

    refuse.__module__ = stages.sample.__module__  # a stage's key holds the code of this module
    monkeypatch.setattr(stages, "sample", refuse)
    fits = learned(load_evidence(own=False), Run(DEFAULT_SEED, progress=False))
    assert not list(own_store.rglob("*.nc"))
    assert sorted(fits) == ["leaders", "mps", "response", "seats", "votes"]
    assert sorted(path.name.split("-")[0] for path in stages.SHIPPED.glob("*.nc")) == sorted(fits)
    told = json.loads((stages.SHIPPED / MANIFEST).read_text(encoding="utf-8"))["stages"]
    assert {name: stage["diagnostics"] for name, stage in told.items()} == {n: diagnostics(t) for n, t in fits.items()}
