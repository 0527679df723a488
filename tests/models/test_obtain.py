"""The stored forecast where it still holds, else a new fit."""

import json
from datetime import date
from pathlib import Path

import pytest

from models import chain, obtain
from models.forecast import Forecast
from models.store import MANIFEST, forecast_path, save_forecast

NEXT = date(2026, 9, 30), date(2029, 5, 3)


def test_a_forecast_of_another_format_is_made_again(
    forecast: Forecast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What another version left behind is stale, and costs a fit, not a message about damage."""
    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path))
    monkeypatch.setattr(chain, "make_forecast", lambda *_, **__: forecast)
    folder = save_forecast(forecast, forecast_path(*NEXT))
    kept = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    kept["manifest"]["schema_version"] = 1
    del kept["manifest"]["campaign_pace"]
    (folder / MANIFEST).write_text(json.dumps(kept), encoding="utf-8")
    assert obtain.obtain_forecast(*NEXT, seed=1, quiet=True) is forecast
    assert json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["manifest"]["schema_version"] > 1
