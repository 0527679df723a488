from math import isnan, nan
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.checks_rows import CHECKS, COLUMNS, MAIN, MODELS, judged

LINKS = ("leaders", "mps", "response", "votes")
ONLY = {"extreme": ("response", "votes"), "sbc": LINKS, "posterior_predictive": LINKS, "psense": LINKS}
"""A check that concerns some models only: leaders and MPs reach the vote through two of them, and what the seat model
is worth on elections it has not seen is in ``reports/seats_scores.csv``."""
ACTS = (
    "few acts were followed by a vote of MPs (none of the large waves was), so what an act costs is the judgement "
    "written beside its prior"
)
THICK_TAILS = (
    "most steps are smaller and some much larger than a normal distribution has them, so that the middle range is too "
    "wide while the 90 % range is right"
)
TAIL = (
    "how far channels stray, and how much that differs between them, has a long tail in the prior: a party of four per "
    "cent may grow to half of the vote; after the record one draw in a thousand has it so"
)
LANDSLIDES = (
    "half of the vote against four rivals at an eighth each wins as much, and what the record teaches leaves as many "
    "(1.2 per cent); but a quarter of the prior's are won by small parties, out of its long tail"
)
BARELY = "42 per cent where 41.7 are asked: Labour's home is its last result, five points above its polls of today"
ONE_WAY_HOME = (
    "the record tells how far a party has come home by polling day; how much of that is the campaign's and how much "
    "the months' before it leans on the priors of both"
)
GOVERNMENTS = (
    "three governments since 1979, and the Liberals' part in one, tell what office costs in all, and little of what "
    "part of it grows with terms"
)
KNOWN = {
    ("leaders", "posterior_predictive", "rating: inside the 50% range, of 3708"): THICK_TAILS,
    ("votes", "posterior_predictive", "step: inside the 50% range, of 598"): THICK_TAILS,
    (
        "mps",
        "prior_predictive",
        "a leader after a fifth resigned: 95 % of support",
    ): "acts are read as news and not as a count, so nothing keeps those who acted out of the support",
    ("votes", "prior_predictive", "1000 days: draws with a party above 550 seats"): LANDSLIDES,
    ("votes", "prior_predictive", "lab, 1000 days: 95 % of its share"): BARELY,
    ("votes", "prior_predictive", "1000 days: draws whose largest party polls below 5 % today"): TAIL,
    ("mps", "psense", "noise[gave way]: moved by its prior"): "too few leaders gave way to tell how they differ",
    ("mps", "psense", "kind_spread: moved by its prior"): ACTS,
    **{
        ("mps", "psense", f"halving[{kind}]: moved by its prior"): ACTS
        for kind in ("resignations", "statements", "letters", "defections", "suspensions", "rebellion")
    },
    **{("response", "psense", f"{name}: moved by its prior"): GOVERNMENTS for name in ("office", "terms")},
    (
        "votes",
        "psense",
        "beta_margin: moved by its prior",
    ): "sixteen elections have both margins, and the polls hold most of what they are worth by then",
    **{("votes", "psense", f"{name}: moved by its prior"): ONE_WAY_HOME for name in ("log_kappa_newer", "kappa[oth]")},
    (
        "votes",
        "psense",
        "bias[ref]: moved by its prior",
    ): "Reform and its forerunners were polled apart at four elections: too few to tell how polls of them usually err",
}
"""Rows that are not ok, each with its reason. A row that fails and is not here is news."""


@pytest.fixture(scope="module")
def report(root: Path) -> pl.DataFrame:
    return pl.read_csv(root / "reports" / "model_checks.csv", schema=COLUMNS)


@pytest.mark.parametrize("check", CHECKS)
def test_every_model_went_through_every_check(report: pl.DataFrame, check: str) -> None:
    """The shipped report has rows of each check for all models it concerns."""
    assert set(report.filter(check=check)["model"]) == set(ONLY.get(check, MODELS))


def test_all_main_parameters_were_calibrated_and_scaled(report: pl.DataFrame) -> None:
    """Each main parameter has its p-value of ranks and its sensitivity to the prior."""
    for model, names in MAIN.items():
        for check in ("sbc", "psense"):
            told = report.filter(pl.col("model") == model, pl.col("check") == check)["quantity"]
            assert set(told.str.extract(r"^(\w+)")) == set(names)


def test_what_fails_is_known(report: pl.DataFrame) -> None:
    """Rows that are not ok are those listed with a reason, no more and no fewer."""
    failed = report.filter(~pl.col("ok")).select("model", "check", "quantity").rows()
    assert set(failed) == set(KNOWN)


def test_what_must_hold_holds(report: pl.DataFrame) -> None:
    """No fit missed a gate, no calibration failed, and the extremes of MPs' support explode nothing."""
    hard = report.filter(pl.col("check").is_in(["gates", "sbc", "extreme"]))
    assert hard.filter(~pl.col("ok")).height == 0
    assert np.isfinite(report["value"].to_numpy()).all()


def test_the_verdicts_follow_from_the_figures(report: pl.DataFrame) -> None:
    """A row is ok when its value lies within what is allowed; only sensitivities are judged by more than that."""
    for row in report.filter(pl.col("check") != "psense").iter_rows(named=True):
        names = ("model", "check", "quantity", "value")
        again = judged(*(row[name] for name in names), low=row["low"], high=row["high"])
        assert again["ok"] == row["ok"]
    leaning = report.filter(pl.col("check") == "psense", ~pl.col("ok"))
    assert (leaning["value"] > leaning["high"]).all()


@pytest.mark.parametrize(("value", "ok"), [(0.5, True), (0.0, True), (1.0, True), (1.1, False), (nan, False)])
def test_a_row_is_judged_by_its_limits(value: float, ok: bool) -> None:
    """Limits belong to what is allowed, and what is not a number never passes."""
    assert judged("votes", "gates", "made up", value, low=0.0, high=1.0)["ok"] is ok
    assert judged("votes", "gates", "made up", value, ok=True)["ok"] is not isnan(value)
