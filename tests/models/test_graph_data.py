import numpy as np
import pymc as pm
import pytest
import xarray as xr

from models.graph_data import as_data
from models.inference import _given
from models.leader_record import leader_record
from tests.models.every_model import MODELS, from_prior, known
from tests.models.test_inference import SHORT

GIVEN = {
    "polls": {"log_odds", "variance", "step", "start_mean", "start_sd"},
    "leaders": {"cell_net", "cell_count", "cell_gap", "cell_served", "cell_premier", "shock_age"},
    "mps": {"vote_share", "vote_crowd", "act_before", "act_after"},
    "response": {"step_v", "step_favourability", "step_support", "step_home", "step_office", "step_scale"},
    "votes": {f"leg_{name}" for name in ("start", "previous", "years", "campaign", "variance", "scale", "office")}
    | {"leg_gap", "leg_margin"},
    "seats": {"cell_base", "cell_change", "cell_gram", "pair_con_loss", "pair_volatility", "pair_places", "pair_upsets"}
    | {"ireland_n", "ireland_mean", "ireland_within"},
    "contest": {"reading_y", "weight_basis", "edge_edges", "contest_size"},
    "survival": {f"month_{name}" for name in ("months", "how", "premier", "pull", "liking", "since", "decade", "gain")},
}
"""What each model is given, beside readings that are observed as they stand."""


@pytest.mark.parametrize("name", MODELS)
def test_what_a_model_was_given_comes_with_its_fit(name: str) -> None:
    """Each array of the record is constant data with named dimensions, and what is observed stands beside it."""
    model = MODELS[name]()
    tree = from_prior(model, SHORT)
    _given(tree, model)
    held = tree["constant_data"].to_dataset()
    assert set(held.data_vars) == GIVEN[name]
    assert not any("_dim_" in str(dim) for values in held.data_vars.values() for dim in values.dims)
    observed = tree["observed_data"].to_dataset() if "observed_data" in tree.children else xr.Dataset()
    assert set(observed.data_vars) == {variable.name for variable in model.observed_RVs}


def test_data_are_the_record_s() -> None:
    """Ratings in the graph are those of the record, and what is not named stays as it is."""
    record = leader_record(known(1990))
    with pm.Model() as model:
        given = as_data(record, "cell", "net")
    assert np.array_equal(model["cell_net"].get_value(), record.net)
    assert model.named_vars_to_dims["cell_net"] == ("cell",)
    assert given.gap is record.gap


def test_missing_values_are_refused() -> None:
    """A hole in the data is for the builder to fill."""
    record = leader_record(known(1990))
    holes = type(record)(**vars(record) | {"net": np.full_like(record.net, np.nan)})
    with pm.Model(), pytest.raises(NotImplementedError, match="nan"):
        as_data(holes, "cell", "net")


def test_other_data_can_be_laid_into_the_graph() -> None:
    """What ``pm.set_data`` puts in changes the density, as on any model of PyMC's."""
    model = MODELS["survival"]()
    point = model.initial_point()
    density = model.compile_logp(mode="FAST_COMPILE")
    before = density(point)
    pm.set_data({"month_months": model["month_months"].get_value() * 2.0}, model=model)
    assert density(point) < before
