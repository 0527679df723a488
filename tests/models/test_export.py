"""Files for other programs say what the forecast says."""

import importlib.util
import io
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import xarray as xr

from models.export import answer_json, draws_csv, draws_netcdf, scenario_id
from models.forecast import Forecast
from models.scenario import Scenario, read_scenario, run_scenario
from models.scenario_link import forecast_name, read_link, write_link

SHIFT = read_scenario('{"name": "Ünder \\"one\\"", "parties": {"lab": {"share_shift": 0.05}}}')


@pytest.fixture(scope="module")
def forecast(root: Path) -> Forecast:
    """A made-up forecast of 60 draws."""
    path = root / "tests" / "views" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic_for_export", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Forecast = module.synthetic_forecast(draws=60)
    return made


@pytest.fixture(scope="module")
def answer(forecast: Forecast) -> Forecast:
    """The answer to a scenario."""
    return run_scenario(forecast, SHIFT, summaries=False)


def test_netcdf_is_read_back_equal(forecast: Forecast, answer: Forecast, tmp_path: Path) -> None:
    """Votes, seats and winners of every draw come back from the file as they were, with names and where from."""
    (tmp_path / "draws.nc").write_bytes(draws_netcdf(answer, SHIFT))
    with xr.open_dataset(tmp_path / "draws.nc") as opened:  # as the README says, without naming what reads it
        read = opened.load()
    assert np.array_equal(read["votes"], answer.votes)
    assert np.array_equal(read["seats"], answer.seats)
    assert np.array_equal(read["winner"], answer.winner)
    assert not np.array_equal(read["votes"], forecast.votes)
    assert read["line"].values.tolist() == answer.lines
    counted = (read["winner"] == answer.lines.index("lab")).sum("constituency")
    assert np.array_equal(counted, read["seats"].sel(line="lab"))
    halifax = read["constituency"].values[read["name"].values == "Halifax"]
    assert halifax.tolist() == [answer.constituencies().filter(pl.col("name") == "Halifax")["constituency"][0]]
    assert read.attrs["as_of"] == "2026-08-17"
    assert read.attrs["election_date"] == "2029-05-03"
    assert read.attrs["code_version"] == answer.manifest.code_version
    assert read_scenario(read.attrs["scenario"]) == SHIFT


def test_changed_byte_of_netcdf_is_found(forecast: Forecast) -> None:
    """The checksums of the blocks find a byte that was changed in the draws."""
    written = bytearray(draws_netcdf(forecast, Scenario()))
    written[len(written) // 2] ^= 0xFF
    with pytest.raises(OSError, match=r"(?i)checksum|filter|read"), xr.open_dataset(io.BytesIO(written)) as opened:
        opened.load()


def test_csv_of_draws_is_read_back_equal(forecast: Forecast) -> None:
    """A row a draw: seats as counted and adding up to the House, votes to five places."""
    table = pl.read_csv(io.BytesIO(draws_csv(forecast)))
    assert table.height == forecast.n_draws
    seats = table.select(pl.selectors.starts_with("seats_"))
    assert seats.sum_horizontal().unique().to_list() == [650]
    assert table["seats_lab"].to_list() == forecast.seats[:, forecast.lines.index("lab")].tolist()
    votes = table.select(pl.selectors.starts_with("votes_"))
    assert votes.columns == [f"votes_{party}" for party in forecast.parties]
    assert np.abs(votes.to_numpy() - forecast.votes).max() <= 0.5e-5 + 1e-12


def test_json_has_the_answer_and_the_scenario(forecast: Forecast, answer: Forecast) -> None:
    """The numbers are the answer's, and the scenario in it is read as the one that was put."""
    told = json.loads(answer_json(answer, SHIFT))
    assert told["seats"]["lab"]["mean"] == round(float(answer.seats[:, answer.lines.index("lab")].mean()), 1)
    assert read_scenario(json.dumps(told["scenario"])) == SHIFT
    assert json.loads(answer_json(forecast, Scenario()))["scenario"] == {}


def test_id_is_the_end_of_the_link(forecast: Forecast) -> None:
    """A scenario is known by the end of its link; a name alone, and one too long for a link, have none."""
    link = write_link(SHIFT, forecast_name(forecast.manifest))
    assert link.endswith(f".{scenario_id(SHIFT, forecast.manifest)}")
    assert read_link(link)[0] == SHIFT
    assert scenario_id(Scenario(name="Nothing set"), forecast.manifest) is None
    codes = forecast.constituencies()["constituency"]
    many = Scenario(stand_downs={party: codes.to_list() for party in ("con", "lib", "grn", "ref")})
    assert scenario_id(many, forecast.manifest) is None
