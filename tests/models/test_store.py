import json
from pathlib import Path

import numpy as np
import pytest

from data.errors import BadInput, DamagedArtefact
from models.forecast import Forecast
from models.store import (
    ARRAYS,
    MANIFEST,
    default_path,
    load_forecast,
    save_forecast,
)


@pytest.fixture
def folder(forecast: Forecast, tmp_path: Path) -> Path:
    return save_forecast(forecast, tmp_path / "kept" / "one")


def test_a_forecast_comes_back_as_it_was(forecast: Forecast, folder: Path) -> None:
    """Draws, tables and manifest survive storing, to the last bit."""
    back = load_forecast(folder)
    assert back.manifest == forecast.manifest
    assert back.winner.tobytes() == forecast.winner.tobytes()
    assert back.votes.tobytes() == forecast.votes.tobytes()
    assert back.constituencies().equals(forecast.constituencies())
    assert back.polls().equals(forecast.polls())
    assert back.intention().equals(forecast.intention())


def test_nothing_is_left_beside_a_stored_forecast(folder: Path) -> None:
    """The folder written aside is gone once the forecast is in place."""
    assert [p.name for p in folder.parent.iterdir()] == ["one"]


def test_storing_again_replaces(forecast: Forecast, folder: Path) -> None:
    """A forecast stored twice is there once and whole."""
    save_forecast(forecast, folder)
    assert load_forecast(folder).n_draws == forecast.n_draws


def test_one_changed_byte_is_refused(folder: Path) -> None:
    """A byte changed on disk is found before the file is opened."""
    path = folder / ARRAYS
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedArtefact, match="checksum"):
        load_forecast(folder)


def test_a_cut_file_is_refused(folder: Path) -> None:
    """A file cut short is refused with both lengths."""
    path = folder / ARRAYS
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DamagedArtefact, match="bytes"):
        load_forecast(folder)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"manifest": 3, "bytes": 1, "sha256": ""}', "\x00"])
def test_a_foreign_manifest_is_refused(folder: Path, text: str) -> None:
    """A manifest of somebody else's making is refused."""
    (folder / MANIFEST).write_text(text)
    with pytest.raises(DamagedArtefact, match="manifest"):
        load_forecast(folder)


def test_a_newer_format_is_refused(folder: Path) -> None:
    """A forecast of a later format is refused by name."""
    kept = json.loads((folder / MANIFEST).read_text())
    kept["manifest"]["schema_version"] = 99
    del kept["manifest"]["seed"]
    (folder / MANIFEST).write_text(json.dumps(kept))
    with pytest.raises(DamagedArtefact, match="format 99"):
        load_forecast(folder)


def test_a_forecast_of_other_code_is_refused(folder: Path) -> None:
    """A forecast made by other code is not shown as today's: its parameters may have meant something else."""
    kept = json.loads((folder / MANIFEST).read_text())
    kept["manifest"]["code_version"] = "0.0.1+abcdef01"
    (folder / MANIFEST).write_text(json.dumps(kept))
    with pytest.raises(BadInput, match=r"made by version 0\.0\.1\+abcdef01"):
        load_forecast(folder)


def test_missing_arrays_are_named(folder: Path) -> None:
    """A manifest without its arrays says what is missing."""
    (folder / ARRAYS).unlink()
    with pytest.raises(DamagedArtefact, match="missing"):
        load_forecast(folder)


def test_no_forecast_says_how_to_make_one(tmp_path: Path) -> None:
    """An empty folder is bad input, answered with the command to run."""
    with pytest.raises(BadInput, match="selectorate fit"):
        load_forecast(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(forecast: Forecast, tmp_path: Path) -> None:
    """Where the folder cannot be made, the sentence says so and nothing is written."""
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(BadInput, match="Cannot write"):
        save_forecast(forecast, blocker / "x" / "one")


def test_the_newest_forecast_is_the_default(
    forecast: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two stored forecasts the later one is shown."""
    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path))
    for name in ("2024-07-03_2024-07-04", "2016-08-22_2017-06-08"):
        save_forecast(forecast, tmp_path / "forecasts" / name)
    assert default_path().name == "2024-07-03_2024-07-04"
    assert [p.name for p in tmp_path.iterdir()] == ["forecasts"]


def test_the_expected_polling_day_is_shown_before_others(
    forecast: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of forecasts on the same evidence the one of the expected day is shown, unless another is named."""
    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path))
    for name in ("2026-09-30_2029-05-03", "2026-09-30_2029-08-15", ".replaced-x"):
        save_forecast(forecast, tmp_path / "forecasts" / name)
    assert default_path().name == "2026-09-30_2029-05-03"
    monkeypatch.setenv("SELECTORATE_FORECAST", str(tmp_path / "forecasts" / "2026-09-30_2029-08-15"))
    assert default_path().name == "2026-09-30_2029-08-15"


def test_chances_sum_to_one(forecast: Forecast) -> None:
    """Chances of majorities and of a hung parliament sum to one, as do those of being largest and of each seat."""
    assert sum(forecast.p_majority().values()) + forecast.p_hung() == pytest.approx(1.0)
    assert sum(forecast.p_largest().values()) == pytest.approx(1.0)
    assert np.allclose(forecast.p_win.sum(axis=1), 1.0)


def test_seat_means_sum_to_the_house(forecast: Forecast) -> None:
    """Means over all lines sum to the number of seats."""
    assert forecast.seat_summary()["mean"].sum() == pytest.approx(forecast.n_seats)
