"""What past elections taught, drawn for one to come."""

from datetime import date

import numpy as np

from data import load_evidence
from models.nations import nation_base
from models.next_election import expect, seat_parameters
from models.seat_base import seat_base
from models.tilts import TILTS
from tests.models.made_up_swing import PARTIES, posterior


def test_seats_of_liberals_leave_the_slope_in_part() -> None:
    """What their pattern adds is the part of the slope they do not follow, with the sign turned; no other party's."""
    base = seat_base(load_evidence(), date(2029, 5, 3), PARTIES)
    parameters = seat_parameters(posterior(), base, n_draws=5, seed=3)
    usual, weights = nation_base(base)
    target = np.tile(usual * np.linspace(0.5, 1.5, len(PARTIES)), (5, 1, 1))
    target /= target.sum(axis=2, keepdims=True)
    values = {str(name): parameters[name].values for name in parameters.data_vars}
    found = expect(values, base, usual, target, np.einsum("n,dnp->dp", weights, target))
    rooted, lib = found.tilt[:, TILTS.index("rooted")], PARTIES.index("lib")
    np.testing.assert_allclose(rooted[:, :, lib], -0.8 * found.slope[:, :, lib])
    assert np.abs(rooted[:, :, lib]).min() > 0
    assert not np.delete(rooted, lib, axis=2).any()
