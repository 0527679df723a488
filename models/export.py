"""A forecast, or the answer to a scenario, for other programs: the answer as JSON, every draw as netCDF or CSV.

Codes of parties are those of the table ``parties``, codes of seats those of ``constituencies``.
"""

import json

import numpy as np
import polars as pl
import xarray as xr

from data.errors import BadInput
from models.describe import as_json
from models.forecast import Forecast, Manifest
from models.scenario import Scenario
from models.scenario_link import forecast_name, write_link

LICENCE = "MIT, as the code; facts behind it on their publishers' terms, named in data/SOURCES.md"
MEANINGS = {
    "votes": "share of the Great Britain vote, 0 to 1",
    "seats": "seats in the House",
    "winner": "who wins the seat, as an index into line, from 0",
    "draw": "number of the simulation",
    "party": "code of the party",
    "line": "code of the party, or spk for the Speaker",
    "constituency": "code of the constituency",
    "name": "name of the constituency",
    "nation": "nation of the constituency",
    "region": "region of the constituency",
}
_PACKED = {"zlib": True, "complevel": 4, "fletcher32": True}


def scenario_id(scenario: Scenario, manifest: Manifest) -> str | None:
    """Name a scenario by the last eight digits of its link.

    Parameters
    ----------
    scenario : Scenario
        The question.
    manifest : Manifest
        Of the forecast it is put to.

    Returns
    -------
    str or None
        None for a scenario that sets nothing, or is too long for a link.
    """
    if scenario.model_copy(update={"name": None}) == Scenario():
        return None
    try:
        return write_link(scenario, forecast_name(manifest)).rpartition(".")[2]
    except BadInput:
        return None


def _plain(scenario: Scenario) -> dict[str, object]:
    plain: dict[str, object] = scenario.model_dump(mode="json", exclude_defaults=True)
    return plain


def answer_json(forecast: Forecast, scenario: Scenario) -> str:
    """Write what a forecast says as JSON.

    Parameters
    ----------
    forecast : Forecast
        The forecast, or the answer to a scenario.
    scenario : Scenario
        What was set, with its name; an empty one for the forecast itself.

    Returns
    -------
    str
        The object of ``models.describe.as_json`` with ``scenario``, as ``read_scenario`` reads it.
    """
    return json.dumps(as_json(forecast) | {"scenario": _plain(scenario)}, indent=2, ensure_ascii=False)


def draws(forecast: Forecast, scenario: Scenario) -> xr.Dataset:
    """Gather every joint draw.

    Parameters
    ----------
    forecast : Forecast
        The forecast, or the answer to a scenario.
    scenario : Scenario
        What was set; an empty one for the forecast itself.

    Returns
    -------
    xr.Dataset
        ``votes`` (draw, party), ``seats`` (draw, line) and ``winner`` (draw, constituency), an index into ``line``;
        seats have their name, nation and region. Draws of a scenario are those of its forecast, one for one.
    """
    ground = forecast.tree["seats"].ds
    contents = {
        "votes": (("draw", "party"), forecast.votes),
        "seats": (("draw", "line"), forecast.seats.astype(np.int16)),
        "winner": (("draw", "constituency"), forecast.winner),
        "draw": (("draw",), np.arange(forecast.n_draws, dtype=np.int32)),
        "party": (("party",), forecast.parties),
        "line": (("line",), forecast.lines),
        "constituency": (("constituency",), ground["constituency"].values.astype(str)),
        "name": (("constituency",), ground["name"].values.astype(str)),
        "nation": (("constituency",), ground["nation_of"].values.astype(str)),
        "region": (("constituency",), ground["region_of"].values.astype(str)),
    }
    told = {name: (*content, {"long_name": MEANINGS[name]}) for name, content in contents.items()}
    drawn = {name: told.pop(name) for name in ("votes", "seats", "winner")}
    return xr.Dataset(drawn, coords=told, attrs=_origin(forecast.manifest, scenario))


def _origin(manifest: Manifest, scenario: Scenario) -> dict[str, str | int]:
    """What the draws are, from when, and how to make them again."""
    return {
        "title": "Joint simulations of a British general election",
        "source": f"selectorate {manifest.code_version}",
        "as_of": manifest.as_of.isoformat(),
        "election_date": manifest.election_date.isoformat(),
        "previous_election": manifest.previous_election.isoformat(),
        "scenario": json.dumps(_plain(scenario), ensure_ascii=False),
        "code_version": manifest.code_version,
        "data_fingerprint": manifest.data_fingerprint,
        "seed": manifest.seed,
        "license": LICENCE,
    }


def draws_netcdf(forecast: Forecast, scenario: Scenario) -> bytes:
    """Write every joint draw as netCDF, with a checksum on every block.

    Parameters
    ----------
    forecast : Forecast
        The forecast, or the answer to a scenario.
    scenario : Scenario
        What was set; an empty one for the forecast itself.

    Returns
    -------
    bytes
        As ``xarray.open_dataset`` reads it.
    """
    whole = draws(forecast, scenario)
    written = whole.to_netcdf(engine="h5netcdf", encoding={str(name): _PACKED for name in whole.data_vars})
    assert isinstance(written, memoryview)
    return bytes(written)


def draws_csv(forecast: Forecast) -> bytes:
    """Write seats and votes of every draw as CSV.

    Parameters
    ----------
    forecast : Forecast
        The forecast, or the answer to a scenario.

    Returns
    -------
    bytes
        ``draw``, then ``seats_`` and a code for every line that ever wins one, then ``votes_`` and a code for every
        party: shares of the Great Britain vote, 0 to 1, to five places.
    """
    won = [(i, line) for i, line in enumerate(forecast.lines) if forecast.seats[:, i].any()]
    table = pl.DataFrame(
        {
            "draw": np.arange(forecast.n_draws),
            **{f"seats_{line}": forecast.seats[:, i] for i, line in won},
            **{f"votes_{party}": forecast.votes[:, i].round(5) for i, party in enumerate(forecast.parties)},
        }
    )
    return table.write_csv().encode()
