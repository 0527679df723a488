from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import xarray as xr

from models.arrival import logit
from models.forecast import Forecast
from models.poll_leans import PollErrors, measure, path_at, shifted
from models.poll_trend import LOCAL, MEAN, MODEL, at, local_regression, plain_mean, trend
from tests.views.synthetic import AS_OF, LAST, PARTIES, synthetic_forecast

LEANS = {"A": 0.15, "B": -0.10, "C": 0.05, "D": -0.12, "E": 0.0, "F": 0.08}
NOISE = 0.05


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=40)


def made_up_rows(forecast: Forecast, *, each: int = 60, sample: int = 2000, seed: int = 1) -> pl.DataFrame:
    """Polls around the path by houses of known lean (log-odds, Labour up and Reform down), the last one nameless."""
    rng = np.random.default_rng(seed)
    names = [name for name in (*LEANS, "") for _ in range(each)]
    days = [LAST + timedelta(days=int(d)) for d in rng.integers(30, (AS_OF - LAST).days, len(names))]
    rows = pl.DataFrame(
        {"pollster": names, "start_date": days, "end_date": days, "sample": sample, "kind": "poll", "area": "GB"}
    ).with_columns(place=pl.int_range(pl.len()))
    path = path_at(forecast, rows)
    sign = np.array([{"lab": 1.0, "ref": -1.0}.get(p, 0.0) for p in PARTIES])
    lean = np.array([LEANS.get(name, 0.0) for name in names])[:, None] * sign
    error = np.sqrt(NOISE**2 + 1.0 / (sample * path * (1.0 - path))) * rng.standard_normal(path.shape)
    share = shifted(logit(path), lean + error)
    return rows.with_columns(pl.Series(party, share[:, p]) for p, party in enumerate(PARTIES))


@pytest.fixture(scope="module")
def errors(forecast: Forecast) -> PollErrors:
    return measure(forecast, made_up_rows(forecast))


def test_leans_are_found(errors: PollErrors) -> None:
    """Leans of known size are measured to within what is said not to be known of them, in their own direction."""
    for party, sign in (("lab", 1.0), ("ref", -1.0), ("con", 0.0)):
        p = errors.parties.index(party)
        for name, lean in LEANS.items():
            h = errors.pollsters.index(name)
            assert abs(errors.lean[h, p] - sign * lean) < 3.5 * errors.lean_sd[h, p]
            assert errors.n[h, p] == 60


def test_noise_and_spread_are_found(errors: PollErrors) -> None:
    """Noise beyond sampling and the spread of leans come out as they went in."""
    lab = errors.parties.index("lab")
    assert errors.noise[lab] == pytest.approx(NOISE, abs=0.006)
    assert errors.spread[lab] == pytest.approx(np.sqrt(np.mean(np.square(list(LEANS.values())))), rel=0.25)
    assert errors.spread[errors.parties.index("con")] < 0.02


def test_few_polls_are_shrunk(forecast: Forecast) -> None:
    """With fewer polls a lean is drawn nearer to none, and less is known of it."""
    rows = made_up_rows(forecast)
    few = measure(forecast, pl.concat([rows.filter(pl.col("pollster") != "A"), rows.filter(pollster="A")[:2]]))
    many = measure(forecast, rows)
    h, lab = few.pollsters.index("A"), few.parties.index("lab")
    two = rows.filter(pollster="A")[:2]
    mean = (logit(two["lab"].to_numpy()) - logit(path_at(forecast, two)[:, lab])).mean()
    assert abs(few.lean[h, lab]) < abs(mean)
    assert few.lean_sd[h, lab] > 2 * many.lean_sd[h, lab]


def test_residuals_leave_the_lean_out(forecast: Forecast, errors: PollErrors) -> None:
    """What is left of a poll beside path and lean is about nothing on average, whoever made it."""
    rows = made_up_rows(forecast)
    for name in LEANS:
        mine = (rows["pollster"] == name).to_numpy()
        assert abs(errors.residual[mine, errors.parties.index("lab")].mean()) < 0.002
    assert errors.residual.shape == (rows.height, len(PARTIES))


def test_a_poll_counts_less_than_its_sample(forecast: Forecast) -> None:
    """Noise takes from what a sample tells, more from a large one, and a pollster without a name takes more yet."""
    exact = made_up_rows(forecast)
    counts = {n: measure(forecast, exact.with_columns(sample=pl.lit(n))).counts for n in (500, 2000)}
    known = (exact["pollster"] != "").to_numpy()
    assert (counts[500][known] < 500).all()
    assert (counts[2000][known] > counts[500][known]).all()
    assert (counts[2000] / 2000 < counts[500] / 500).all()
    assert counts[2000][~known].mean() < 0.8 * counts[2000][known].mean()


def test_only_polls_of_the_forecast_count(forecast: Forecast) -> None:
    """A poll without a place among the forecast's tells nothing and gets no residual."""
    rows = made_up_rows(forecast).with_columns(place=pl.when(pl.col("pollster") != "A").then("place"))
    errors = measure(forecast, rows)
    assert "A" not in errors.pollsters
    assert np.isnan(errors.residual[(rows["pollster"] == "A").to_numpy()]).all()
    lean, doubt = errors.of("A")
    assert not lean.any()
    assert (doubt == errors.spread).all()


def test_published_averages_have_no_lean(forecast: Forecast) -> None:
    """A published average is no pollster."""
    kind = pl.when(pl.col("pollster") == "B").then(pl.lit("pseudo")).otherwise("kind")
    assert "B" not in measure(forecast, made_up_rows(forecast).with_columns(kind=kind)).pollsters


def test_leans_as_shares(errors: PollErrors) -> None:
    """The table has leans in shares at today's standing, each inside its range, one row a pollster and party."""
    table = errors.table()
    assert table.height == len(LEANS) * len(PARTIES)
    assert (table["lo90"] < table["lean"]).all()
    assert (table["lean"] < table["hi90"]).all()
    (row,) = table.filter(pollster="A", party="lab").iter_rows(named=True)
    assert row["lean"] == pytest.approx(0.15 * 0.235 * 0.765, abs=0.004)


def test_few_polls_take_usual_values(forecast: Forecast) -> None:
    """Where next to nothing can be measured noise and spread are the usual ones, and none is without a value."""
    errors = measure(forecast, made_up_rows(forecast)[:1])
    assert (errors.noise == 0.03).all()
    assert (errors.spread == 0.08).all()
    nothing = measure(forecast, made_up_rows(forecast).with_columns(place=pl.lit(None, dtype=pl.Int64)))
    assert nothing.pollsters == ()
    assert nothing.table().is_empty()


def test_the_plain_mean_runs_over_a_fortnight() -> None:
    """It is the mean of the polls of fourteen days, the last included, and says nothing from two polls."""
    days, share = np.array([1.0, 2.0, 8.0, 14.0, 15.0]), np.array([0.1, 0.2, 0.3, 0.4, 0.8])
    mean = plain_mean(days, share, np.array([14.0, 15.0, 22.0, 60.0]))
    assert mean[:2] == pytest.approx([0.25, 0.425])
    assert np.isnan(mean[2:]).all()


def test_local_regression_follows_a_straight_line() -> None:
    """On a straight line it is that line, to its very ends; beyond them, or where no poll is near, it says nothing."""
    days = np.arange(0.0, 100.0, 3.0)
    grid = np.array([0.0, 40.0, 99.0, 107.0, 400.0])
    line = local_regression(days, 0.2 + 0.001 * days, grid)
    assert line[:3] == pytest.approx(0.2 + 0.001 * grid[:3])
    assert np.isnan(line[3:]).all()
    assert np.isnan(local_regression(days[:0], days[:0], grid)).all()


def test_near_polls_weigh_more() -> None:
    """A poll next door moves the local line more than one far off, and one out of reach not at all."""
    days, grid = np.array([0.0, 20.0, 45.0, 81.0]), np.array([20.0])
    moved = [float(local_regression(days, 0.3 + 0.01 * (np.arange(4) == i), grid)[0] - 0.3) for i in range(4)]
    assert moved[1] > max(moved[0], moved[2])
    assert moved[3] == pytest.approx(0.0)


def test_trends_lie_on_the_days_of_the_path(forecast: Forecast) -> None:
    """All three smoothers give lines on the path's own days, and the model's is its median."""
    rows = made_up_rows(forecast)
    path = forecast.intention().filter(party="lab")
    assert trend(forecast, rows, ["lab"], MODEL)["share"].equals(path["q50"])
    for smoother in (MEAN, LOCAL):
        line = trend(forecast, rows, ["lab", "con"], smoother)
        assert line.filter(party="lab")["date"].equals(path["date"])
        assert set(line["party"]) == {"lab", "con"}
        assert at(line, "lab", AS_OF) == pytest.approx(path["q50"][-1], abs=0.03)
    assert trend(forecast, rows, [], MEAN).is_empty()
    assert at(trend(forecast, rows, ["lab"], MODEL), "lab", date(2030, 1, 1)) is None


def test_a_path_in_another_order_is_read_by_name(forecast: Forecast, errors: PollErrors) -> None:
    """Leans go by the names of parties, not by the order the path has them in."""
    path = forecast.tree["path"].to_dataset().isel(party=slice(None, None, -1))
    groups = {name: node.to_dataset() for name, node in forecast.tree.children.items()} | {"path": path}
    turned = measure(replace(forecast, tree=xr.DataTree.from_dict(groups)), made_up_rows(forecast))
    assert np.array_equal(turned.lean, errors.lean)


def test_a_party_without_a_path_is_left_unmeasured(forecast: Forecast) -> None:
    """Where the model follows no path of a party, as of the SNP in most Parliaments, the other parties are measured."""
    tree = forecast.tree.copy()
    path = forecast.tree["path"].to_dataset()
    tree["path"] = xr.DataTree(path.sel(party=[code for code in PARTIES if code != "grn"]))
    rows = made_up_rows(forecast)
    whole, cut = measure(forecast, rows), measure(replace(forecast, tree=tree), rows)
    kept = [place for place, code in enumerate(PARTIES) if code != "grn"]
    np.testing.assert_allclose(cut.lean[:, kept], whole.lean[:, kept])
    assert not cut.n[:, PARTIES.index("grn")].any()
