import subprocess
import sys
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import preliz as pz
import pytensor
import pytest
import xarray as xr

from data import BadInput
from models import poll_reading
from models.panel import PollPanel, poll_panel, quick_average
from models.poll_kernel import poll_likelihood
from models.polls import build_poll_model, draw_houses, draw_paths
from models.priors import PollPriors, describe_priors

SINCE, UNTIL = date(2024, 7, 4), date(2025, 7, 4)
PREVIOUS = {"con": 0.25, "lab": 0.35, "lib": 0.13, "ref": 0.15, "grn": 0.03}
THREE = {"con": 0.30, "lab": 0.35, "lib": 0.15}


def poll(days_before: int, pollster: str | None, shares: dict[str, float], **changes: Any) -> dict[str, Any]:
    """One poll that ended some days before the cut."""
    end = UNTIL - timedelta(days=days_before)
    row = {"pollster": pollster, "shares": shares, "end_date": end, "start_date": None, "sample": 1000}
    return {**row, "area": "GB", "kind": "poll", "known_on": end, **changes}


def read(*rows: dict[str, Any], until: date = UNTIL, previous: dict[str, float] | None = None) -> PollPanel:
    """Panel of some polls."""
    columns = ("pollster", "start_date", "end_date", "sample", "area", "kind", "known_on")
    types = (pl.String, pl.Date, pl.Date, pl.Int64, pl.String, pl.String, pl.Date)
    numbered = [(f"p{i:04}", row) for i, row in enumerate(rows)]
    polls = pl.DataFrame(
        [{"poll_id": name, **{c: row[c] for c in columns}} for name, row in numbered],
        schema={"poll_id": pl.String, **dict(zip(columns, types, strict=True))},
    )
    shares = pl.DataFrame(
        [(name, party, share) for name, row in numbered for party, share in row["shares"].items()],
        schema={"poll_id": pl.String, "party": pl.String, "share": pl.Float64},
        orient="row",
    )
    evidence: Any = SimpleNamespace(polls=polls, poll_shares=shares)
    return poll_panel(evidence, since=SINCE, until=until, previous=previous or PREVIOUS)


def made_up(n: int, seed: int, level: dict[str, float], houses: dict[str, float]) -> PollPanel:
    """Polls a few days apart whose shares stand at one level, with houses that lean in con's log-odds."""
    rng = np.random.default_rng(seed)
    names = list(houses)
    rows = []
    for i in range(n):
        house = names[i % len(names)]
        logits = {p: np.log(s / (1 - s)) + rng.normal(0, 0.03) for p, s in level.items()}
        logits["con"] += houses[house]
        rows.append(poll(2 * i, house, {p: float(1 / (1 + np.exp(-x))) for p, x in logits.items()}))
    return read(*rows)


@pytest.mark.parametrize(
    ("rows", "has_line"),
    [
        ([poll(9, "A", THREE | {"yp": 0.02}), poll(8, "B", THREE | {"yp": 0.02})], False),
        ([poll(9, house, THREE | {"yp": 0.02}) for house in "ABC"], True),
        ([poll(9, "A", THREE | {"yp": 0.02}) for _ in range(9)], False),
        ([poll(9, None, THREE | {"yp": 0.02}) for _ in range(4)], False),
        ([poll(9, None, THREE | {"yp": 0.02}) for _ in range(5)], True),
        ([poll(200, house, THREE | {"yp": 0.02}) for house in "ABC"] + [poll(9, "A", THREE)], False),
        ([poll(200, h, THREE | {"yp": 0.02}) for h in "ABC"] + [poll(9, "A", THREE | {"yp": 0.02})], True),
        ([poll(9, house, THREE | {"yp": 0.02}, kind="pseudo" if house == "C" else "poll") for house in "ABC"], True),
    ],
)
def test_newcomer_gets_a_line_when_three_houses_name_it_and_one_still_does(
    rows: list[dict[str, Any]], has_line: bool
) -> None:
    """Three publishers or five unsigned polls in the Parliament, one of them in its last sixty days of polling."""
    assert ("yp" in read(*rows).parties) is has_line


def test_established_party_needs_one_publisher_and_forerunners_are_others() -> None:
    """A fifth of the last vote makes one poll enough; a code that is always folded never has a line."""
    found = read(*(poll(9, house, THREE | {"ref": 0.15, "chuk": 0.05}) for house in "ABC"))
    assert found.parties == ("con", "lab", "lib", "ref", "oth")
    assert read(poll(9, "A", THREE | {"ref": 0.15, "grn": 0.05})).parties == ("con", "lab", "lib", "ref", "oth")
    np.testing.assert_allclose(found.share[:, -1], 1 - 0.30 - 0.35 - 0.15 - 0.15)


def test_others_are_known_only_where_a_poll_names_every_party_with_past_votes() -> None:
    """A poll that leaves a line out says nothing of others; a newcomer counts as one of them until first named."""
    named = THREE | {"ref": 0.12}
    rows = [poll(50, "A", named), poll(40, "A", THREE)]
    rows += [poll(30, house, named | {"yp": 0.03}) for house in "ABC"] + [poll(20, "A", named)]
    oth = read(*rows).share[:, -1]
    np.testing.assert_allclose(oth, [0.08, np.nan, 0.05, 0.05, 0.05, np.nan])


def test_missing_share_is_missing_and_never_zero() -> None:
    """A party that a poll does not name has no number and an infinite variance."""
    found = read(poll(9, "A", THREE | {"ref": 0.1}), poll(8, "A", THREE))
    missing = np.isnan(found.share)
    assert missing[1].tolist() == [False, False, False, True, True]
    np.testing.assert_array_equal(np.isinf(found.variance), missing)
    np.testing.assert_array_equal(np.isnan(found.log_odds), missing)


def test_variance_adds_sampling_rounding_and_kind() -> None:
    """Delta-method variances, a thousand respondents where none are given, and more for models and averages."""
    rows = [poll(9, "A", {"con": 0.2}, sample=n, kind=kind) for n, kind in ((2000, "poll"), (None, "mrp"))]
    known = read(*rows).variance[:, 0]
    rounding = 1e-4 / 12 / 0.16**2
    expected = [1 / (2000 * 0.16) + rounding, 1 / (1000 * 0.16) + rounding + poll_reading.KIND_VARIANCE["mrp"]]
    np.testing.assert_allclose(known, expected)


def test_zero_and_tiny_shares_have_finite_log_odds() -> None:
    """A share of nought is read as the least that can be seen."""
    found = read(poll(9, "A", {"con": 0.0, "lab": 0.5}))
    assert found.log_odds[0, 0] == pytest.approx(np.log(0.002 / 0.998))


def test_only_regular_pollsters_are_houses() -> None:
    """Rare and unknown pollsters have their leaning in the noise; a published average has none."""
    rows = [poll(9 - i, name, THREE) for i, name in enumerate(["A", "A", "A", "B", None])]
    found = read(*rows, poll(1, "Average", THREE, kind="pseudo"))
    assert found.pollsters == ("A",)
    assert found.pollster.tolist() == [0, 0, 0, -1, -1, -1]
    assert found.unhoused.tolist() == [0, 0, 0, 1, 1, 0]
    assert found.to_dataset()["pollster"].values.tolist() == ["A", "A", "A", "B", "", "Average"]


def test_calendar_has_weeks_and_then_days() -> None:
    """From the election to the cut: weeks counted back from the cut, days in the last five weeks, nothing lost."""
    found = read(poll(3, "A", THREE))
    assert (found.dates[0], found.dates[-1]) == (SINCE, UNTIL)
    assert found.step.sum() == (UNTIL - SINCE).days
    assert found.step[-35:].tolist() == [1.0] * 35
    assert set(found.step[2:-35].tolist()) == {7.0}
    assert 0 < found.step[1] <= 7
    short = read(poll(3, "A", THREE), until=SINCE + timedelta(days=1))
    assert (short.dates, short.n_polls) == ((SINCE, SINCE + timedelta(days=1)), 0)


def test_poll_stands_at_the_middle_of_its_fieldwork() -> None:
    """A poll is placed on the step nearest to the middle of its fieldwork, else to its end."""
    rows = [poll(10, "A", THREE, start_date=UNTIL - timedelta(days=14)), poll(10, "A", THREE)]
    found = read(*rows)
    assert [(UNTIL - found.dates[t]).days for t in found.time] == [12, 10]


def test_nothing_known_later_or_elsewhere_is_read() -> None:
    """Polls published after the cut, of a nation alone, or of the last Parliament leave no trace."""
    kept = [poll(30, house, THREE | {"ref": 0.2}) for house in "ABC"]
    later = poll(20, "D", THREE | {"yp": 0.1}, known_on=UNTIL + timedelta(days=1))
    scottish = poll(10, "A", THREE, area="Scotland")
    before = poll(0, "A", THREE, end_date=SINCE, known_on=SINCE)
    for name, value in vars(read(*kept)).items():
        np.testing.assert_array_equal(vars(read(*kept, later, scottish, before))[name], value)


@pytest.mark.parametrize(
    ("until", "previous", "message"),
    [
        (SINCE, PREVIOUS, "later one"),
        (UNTIL, {"con": 0.5, "lab": 0.5}, "without lib"),
        (UNTIL, {"con": 0.5, "lab": 0.5, "lib": 0.5}, "sum of 1.500"),
        (UNTIL, {"con": 0.5, "lab": 0.4, "lib": 0.2, "oth": -0.1}, "from 0 to 1"),
        (UNTIL, {"con": 0.5, "lab": float("nan"), "lib": 0.2}, "without lab"),
    ],
)
def test_impossible_dates_and_results_are_refused(until: date, previous: dict[str, float], message: str) -> None:
    """The sentence says what is wrong with the dates or the last result."""
    with pytest.raises(BadInput, match=message):
        read(poll(9, "A", THREE), until=until, previous=previous)


def test_quick_average_without_polls_is_the_last_result() -> None:
    """With nothing seen the last result is carried forward, less certain the longer ago it was."""
    soon, late = read(until=SINCE + timedelta(days=10)), read()
    mean, sd = quick_average(late)
    np.testing.assert_allclose(1 / (1 + np.exp(-mean)), [0.25, 0.35, 0.13, 0.27])
    assert (sd > quick_average(soon)[1]).all()


def test_quick_average_finds_the_level_and_takes_houses_out() -> None:
    """Polls at one level are averaged to it, though the house that polls last leans far to one side."""
    level = {"con": 0.30, "lab": 0.35, "lib": 0.15, "ref": 0.12, "grn": 0.05}
    found = made_up(120, 1, level, {"A": 0.1, "B": -0.1, "C": 0.0})
    mean, sd = quick_average(found)
    share = 1 / (1 + np.exp(-mean))
    np.testing.assert_allclose(share[:5], list(level.values()), atol=0.012)
    assert (sd < 0.06).all()


def test_quick_average_shrugs_off_a_rogue_poll() -> None:
    """One poll ten points off moves the average by less than a point."""
    level = {"con": 0.30, "lab": 0.35, "lib": 0.15, "ref": 0.12, "grn": 0.05}
    rows = [poll(2 * i, "ABC"[i % 3], level) for i in range(60)]
    rogue = poll(1, "A", level | {"con": 0.40, "lab": 0.25})
    before, after = (1 / (1 + np.exp(-quick_average(read(*r))[0])) for r in (rows, [*rows, rogue]))
    assert np.abs(after - before).max() < 0.01


def test_panel_needs_no_sampler() -> None:
    """Reading polls and averaging them imports no PyMC."""
    code = "import sys, models.panel; sys.exit('pymc' in sys.modules or 'arviz' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def posterior(found: PollPanel, draws: int, seed: int) -> xr.DataTree:
    """Draws of every variable near plausible values, made by hand."""
    rng = np.random.default_rng(seed)
    parties = len(found.parties)

    def around(value: float, *shape: int) -> tuple[list[str], np.ndarray[Any, Any]]:
        numbers = value * np.exp(0.1 * rng.normal(size=(1, draws, *shape)))
        return ["chain", "draw", *(f"d{n}" for n in shape)], numbers

    made = {
        "drift": around(0.01, parties),
        "alignment": around(0.1, parties * (parties - 1) // 2),
        "noise": around(0.03, parties),
        "house_spread": around(0.08, parties),
        "house_contrast": around(0.05, parties, len(found.pollsters) - 1),
        "tail": around(1.0, found.n_polls),
    }
    return xr.DataTree.from_dict({"posterior": xr.Dataset(made)})


def test_drawn_paths_are_shares_around_the_polls() -> None:
    """Every day of every draw sums to one, and the last day lies where the polls do."""
    level = {"con": 0.30, "lab": 0.35, "lib": 0.15, "ref": 0.12, "grn": 0.05}
    found = made_up(60, 2, level, {"A": 0.0, "B": 0.0, "C": 0.0})
    path = draw_paths(found, posterior(found, 50, 3), n_draws=80, seed=4)
    assert path.dims == ("draw", "date", "party")
    assert path.shape == (80, len(found.dates), len(found.parties))
    np.testing.assert_allclose(path.sum("party"), 1.0)
    np.testing.assert_allclose(path.isel(date=-1).mean("draw")[:5], list(level.values()), atol=0.02)
    assert path["date"].values[-1] == np.datetime64(UNTIL)


def test_drawn_paths_depend_on_the_seed_alone() -> None:
    """The same seed gives the same bytes, another seed other paths."""
    found = made_up(30, 2, THREE, {"A": 0.0, "B": 0.0})
    tree = posterior(found, 20, 3)
    first, again, other = (draw_paths(found, tree, seed=seed) for seed in (1, 1, 2))
    assert first.identical(again)
    assert not np.array_equal(first, other)


def test_drawn_houses_sum_to_zero_and_carry_names() -> None:
    """House effects are given by pollster, and no draw leans as a whole."""
    found = made_up(30, 2, THREE, {"A": 0.0, "B": 0.0, "C": 0.0})
    house = draw_houses(found, posterior(found, 20, 3))
    assert house["pollster"].values.tolist() == ["A", "B", "C"]
    np.testing.assert_allclose(house.sum("pollster"), 0.0, atol=1e-12)


def log_density(found: PollPanel, priors: PollPriors) -> tuple[float, float]:
    """Log density of the model at its starting point, and the same put together by hand from PreliZ and the kernel."""
    model = build_poll_model(found, priors=priors)
    start = model.initial_point()
    mode = pytensor.compile.mode.Mode(linker="py", optimizer=None)
    value = float(model.compile_logp(jacobian=False, mode=mode)(start))
    drift, noise, spread = (np.exp(start[f"{name}_log__"]) for name in ("drift", "noise", "house_spread"))
    tail, alignment, contrast = np.exp(start["tail_log__"]), start["alignment"], start["house_contrast"]
    scale = np.where(found.centred > 0, spread[:, None], 1.0)
    parts = [
        priors.drift.logpdf(drift),
        priors.alignment.logpdf(alignment),
        priors.noise.logpdf(noise),
        priors.house_spread.logpdf(spread),
        pz.Normal(0, 1).logpdf(contrast / scale) - np.log(scale),
        pz.InverseGamma(priors.tail / 2, priors.tail / 2).logpdf(tail),
    ]
    unknown = (drift, alignment, noise, spread, contrast, tail)
    return value, sum(float(p.sum()) for p in parts) + poll_likelihood(*found.evidence, *unknown)[0]


def test_model_density_is_priors_times_likelihood() -> None:
    """The model is what it says: the priors as given, contrasts on their scale, and the kernel's likelihood."""
    found = made_up(20, 5, THREE, {"A": 0.0, "B": 0.0, "C": 0.0})
    priors = PollPriors(drift=pz.LogNormal(-4.0, 0.3), tail=8.0)
    value, by_hand = log_density(found, priors)
    assert value == pytest.approx(by_hand)


def test_model_names_its_dimensions() -> None:
    """Every variable has named dims, and labels are parties, polls and pollsters."""
    found = made_up(20, 5, THREE, {"A": 0.0, "B": 0.0, "C": 0.0})
    model = build_poll_model(found)
    assert dict(model.named_vars_to_dims) == {
        "drift": ("party",),
        "alignment": ("party_pair",),
        "house_spread": ("party",),
        "house_contrast": ("party", "contrast"),
        "noise": ("party",),
        "tail": ("poll",),
        "log_odds": ("poll", "party"),
        "variance": ("poll", "party"),
    }
    assert model.coords["party"] == found.parties
    assert model.coords["party_pair"][:3] == ("lab~con", "lib~con", "lib~lab")


def test_one_pollster_has_no_leaning() -> None:
    """With a single house, or none, the model has no contrasts and stays finite."""
    for name in ("A", None):
        model = build_poll_model(read(*(poll(3 * i, name, THREE) for i in range(6))))
        assert "house_contrast" not in model.named_vars
        assert np.isfinite(float(model.compile_logp(mode="FAST_COMPILE")(model.initial_point())))


def test_model_without_polls_is_refused() -> None:
    """No poll, no fit: the sentence names the dates."""
    with pytest.raises(BadInput, match="No poll of Great Britain is known between 2024-07-04 and 2025-07-04"):
        build_poll_model(read())


def test_contrasts_are_centred_where_polls_tell_more_than_the_prior() -> None:
    """A house with many polls of a party is sampled as it is, one with few as a multiple of the spread."""
    rows = [poll(i, "A", THREE) for i in range(90)] + [poll(i, "B", {"con": 0.3}) for i in range(90)]
    found = read(*rows, *(poll(i, "C", THREE) for i in range(3)))
    assert found.centred.tolist() == [[1.0, 1.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]


def test_priors_write_themselves_down() -> None:
    """A manifest can say each prior in words."""
    assert describe_priors(PollPriors(noise=pz.HalfNormal(0.1)))["noise"] == "HalfNormal(sigma=0.1)"
