import numpy as np
import pytest
import xarray as xr

from data.errors import BadInput
from models import Forecast, project_seats
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def base() -> Forecast:
    """A forecast of few draws."""
    return synthetic_forecast(draws=50)


@pytest.fixture(scope="module")
def votes(base: Forecast) -> xr.DataArray:
    """Its own votes."""
    return base.tree["outcome"].ds["vote_share"]


def test_seats_follow_votes_that_somebody_else_supplies(base: Forecast, votes: xr.DataArray) -> None:
    """A forecast's own votes give its own seats; one split for all draws gives a landslide its winner."""
    assert (project_seats(votes, base).values == np.array(base.lines)[base.winner]).all()
    few = {party: 0.02 for party in base.parties if party != "oth"}
    landslide = project_seats({**few, "lab": 0.6, "con": 0.2}, base)
    assert (landslide == "lab").sum("constituency").values.min() > 400


def test_votes_that_cannot_be_are_refused(base: Forecast, votes: xr.DataArray) -> None:
    """A party that there is not, per cent for parts, a sum that is not one, and other dimensions end in a sentence."""
    each = {party: 0.02 for party in base.parties if party not in ("oth", "lab")}
    with pytest.raises(BadInput, match='No party "labour"'):
        project_seats({"labour": 1.0}, base)
    with pytest.raises(BadInput, match=r"The lowest share is -33\.\d+"):
        project_seats({**each, "lab": 34.0}, base)
    with pytest.raises(BadInput, match=r"\(0\.34, not 34\).*sums run from 2\.000 to 2\.000"):
        project_seats(2.0 * votes, base)
    with pytest.raises(BadInput, match="these have sample, party"):
        project_seats(votes.rename(draw="sample"), base)
    with pytest.raises(BadInput, match="these have draw, party"):
        project_seats(votes.drop_vars("party"), base)
