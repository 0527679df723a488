import numpy as np
import pytest

from models.bands import BANDS, intention_bands, vote_bands
from models.forecast import Forecast
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    """A made-up forecast with a path."""
    return synthetic_forecast(draws=400)


def test_bands_lie_within_one_another(forecast: Forecast) -> None:
    """Every band holds the next narrower one, of intention on each day and of votes on polling day."""
    for table in (intention_bands(forecast), vote_bands(forecast)):
        ends = table.select(BANDS).to_numpy()
        assert np.diff(ends, axis=1).min() > -1e-12
        assert ends.min() >= 0
        assert ends.max() <= 1


def test_bands_of_votes_hold_their_part_of_draws(forecast: Forecast) -> None:
    """Of the draws of each party, 50, 80 and 95 in 100 lie in the bands so named."""
    for row in vote_bands(forecast).iter_rows(named=True):
        votes = forecast.votes[:, forecast.parties.index(row["party"])]
        for level in (50, 80, 95):
            inside = ((votes >= row[f"lo{level}"]) & (votes <= row[f"hi{level}"])).mean()
            assert inside == pytest.approx(level / 100, abs=0.01)


def test_bands_of_a_normal_path_are_its_quantiles(forecast: Forecast) -> None:
    """Where the path is normal in log-odds, ends reckoned from those of 90 per cent are the quantiles themselves."""
    path = forecast.tree["path"].ds
    z = np.array([-1.6449, -0.6745, 0.0, 0.6745, 1.6449])
    normal = 1 / (1 + np.exp(-(-1.0 + 0.2 * z)))
    tree = forecast.tree.copy()
    tree["path"] = path.assign(intention=(path["intention"].dims, np.broadcast_to(normal, path["intention"].shape)))
    row = intention_bands(Forecast(tree, forecast.manifest)).row(0, named=True)
    for end, sign in (("lo", -1), ("hi", 1)):
        for level, distance in (("80", 1.2816), ("95", 1.96)):
            assert row[f"{end}{level}"] == pytest.approx(1 / (1 + np.exp(1.0 - sign * 0.2 * distance)), abs=1e-5)
