"""Rows of ``reports/model_checks.csv``: one figure each, beside what is allowed."""

from math import isnan

import polars as pl

COLUMNS = {
    "model": pl.String,
    "check": pl.String,
    "quantity": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "ok": pl.Boolean,
}
MODELS = ("leaders", "mps", "response", "votes", "seats")
CHECKS = ("prior_predictive", "sbc", "posterior_predictive", "psense", "gates", "extreme")
# fmt: off
MAIN = {
    "leaders": [
        "load", "wording_offset", "house_sd", "own_sd", "shared_sd", "noise", "drift", "usual_sd", "first_sd",
        "usual_premier", "usual_other", "honeymoon_leader", "honeymoon_office", "honeymoon_half_life", "honeymoon_sd",
        "event_size", "event_half_life", "event_sd", "kind_sd",
    ],
    "mps": [
        "usual", "spread", "spread_new", "memory", "crowding", "lost", "noise", "halving", "kind_spread", "unevenness",
    ],
    "response": [
        "theta_mean", "theta_sd", "lam", "speed", "phi", "psi", "chi", "r", "home", "home_sd", "office", "terms",
        "usual_sd", "intention_noise",
    ],
    "votes": [
        "beta_favourability", "beta_margin", "beta_office", "log_kappa", "log_kappa_newer", "kappa", "kappa_spread",
        "campaign_established", "campaign_newer", "pace", "airtime", "drift", "error", "bias",
    ],
}
# fmt: on
"""Parameters of each model that are judged one by one."""
Row = dict[str, object]


def judged(
    model: str,
    check: str,
    quantity: str,
    value: float,
    *,
    low: float | None = None,
    high: float | None = None,
    ok: bool | None = None,
) -> Row:
    """Make a row.

    Parameters
    ----------
    model, check : str
        Of ``MODELS`` and ``CHECKS``.
    quantity : str
        What was measured, with its unit.
    value : float
        The figure.
    low, high : float, optional
        Least and most allowed, both included; not bounded where not given.
    ok : bool, optional
        Whether it passes, where that is more than lying between the two.

    Returns
    -------
    dict
        With the names of ``COLUMNS``. A value that is not a number never passes.
    """
    inside = (low is None or value >= low) and (high is None or value <= high)
    passed = (inside if ok is None else ok) and not isnan(value)
    return {
        "model": model,
        "check": check,
        "quantity": quantity,
        "value": value,
        "low": low,
        "high": high,
        "ok": passed,
    }
