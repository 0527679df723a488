"""Which stored forecasts can be shown, told without opening their arrays."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import stored
from models.forecast import Forecast
from models.store import ARRAYS, MANIFEST, forecast_path, save_forecast
from models.stored import usable, usable_forecasts

EXPECTED = date(2029, 5, 3)


def keep(forecast: Forecast, as_of: date, election_date: date = EXPECTED) -> Path:
    """Store a forecast as if it had been made for these dates."""
    manifest = forecast.manifest.model_copy(update={"as_of": as_of, "election_date": election_date})
    return save_forecast(Forecast(forecast.tree, manifest), forecast_path(as_of, election_date))


def change(folder: Path, **manifest: Any) -> None:
    """Change the manifest of a stored forecast."""
    kept = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    kept["manifest"] |= manifest
    (folder / MANIFEST).write_text(json.dumps(kept), encoding="utf-8")


def test_the_newest_comes_first(forecast: Forecast) -> None:
    """Forecasts are listed from the newest evidence to the oldest, the expected polling day before another."""
    days = [date(2025, 1, 1), date(2026, 9, 30), date(2025, 6, 1)]
    for day in days:
        keep(forecast, day)
    keep(forecast, days[1], date(2028, 5, 4))
    told = [(one.as_of, one.election_date) for one in usable_forecasts()]
    assert told == [(days[1], EXPECTED), (days[1], date(2028, 5, 4)), (days[2], EXPECTED), (days[0], EXPECTED)]
    assert usable_forecasts()[0].folder == forecast_path(days[1], EXPECTED)
    assert usable_forecasts()[0].previous_election == forecast.manifest.previous_election


def test_what_cannot_be_shown_is_left_out(forecast: Forecast) -> None:
    """Other code, another format, cut arrays, a damaged manifest and a folder without arrays are not offered."""
    folders = [keep(forecast, date(2025, month, 1)) for month in range(1, 7)]
    assert len(usable_forecasts()) == len(folders)
    change(folders[0], code_version="0.0.1+00000000")
    change(folders[1], schema_version=1)
    arrays = folders[2] / ARRAYS
    arrays.write_bytes(arrays.read_bytes()[:-1])
    (folders[3] / MANIFEST).write_text("{", encoding="utf-8")
    (folders[4] / ARRAYS).unlink()
    assert [one.folder for one in usable_forecasts()] == [folders[5]]
    assert usable(folders[5].parent / "none") is None


def test_manifests_are_read_once(forecast: Forecast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list made again reads no file that has stayed the same, and a forecast made again is noticed."""
    folder = keep(forecast, date(2025, 1, 1))
    usable_forecasts()
    with monkeypatch.context() as patch:
        patch.setattr(stored.json, "loads", lambda _: pytest.fail("read again"))
        assert usable_forecasts()[0].folder == folder
    change(folder, previous_election="2019-12-12")
    assert usable_forecasts()[0].previous_election == date(2019, 12, 12)
