"""Equations of the pages on polls and leaders, typed in again and held beside the models that are sampled.

A model's potential and all that it is made from are drawn together from the prior, and the density that the page
writes is worked out in full from the same numbers.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pymc as pm
import pytest
from scipy.special import expit
from scipy.stats import invgamma, multivariate_normal, norm

from models.days import DAYS_PER_MONTH
from models.houses import house_effects
from models.leader_events import HONEYMOONS
from models.leader_model import build_leader_model
from models.leader_record import OTHER_WORDINGS, REFERENCE, UNNAMED, LeaderRecord, leader_record
from models.panel import PollPanel, poll_panel
from models.poll_reading import CAMPAIGN_DAYS, CAMPAIGN_PACE, calendar, paced
from models.polls import build_poll_model, shares_summing_to_one
from models.priors import PollPriors
from models.record import gb_shares
from tests.models.every_model import known
from tests.models.made_up_polls import SINCE, THREE, UNTIL, poll, read

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
AVERAGE = 0.05**2
MULTILEVEL = 0.10**2


def drawn(model: pm.Model, *names: str) -> dict[str, Floats]:
    """One draw of some variables and potentials of a model, all from the same values of what is free."""
    values = pm.draw([model[name] for name in names], random_seed=12, mode="FAST_COMPILE")
    return dict(zip(names, values, strict=True))


def moments(model: pm.Model, name: str, *given: str) -> dict[str, Floats]:
    """Mean and sd of a normal variable, with what they are made from."""
    mean, sd = model[name].owner.op.dist_params(model[name].owner)
    values = pm.draw([mean, sd, *(model[one] for one in given)], random_seed=12, mode="FAST_COMPILE")
    return dict(zip(("mean", "sd", *given), values, strict=True))


@pytest.fixture(scope="module")
def panel() -> PollPanel:
    """Polls of two houses, one of a rare pollster, one without a name, a multilevel model and an average."""
    without = {party: share for party, share in THREE.items() if party != "lib"}
    rows = [poll(40 * i + 3, "AB"[i % 2], {p: s + 0.01 * (i % 3) for p, s in THREE.items()}) for i in range(8)]
    rows += [poll(5, "rare", THREE), poll(60, None, THREE, sample=2000), poll(90, "A", without)]
    return read(*rows, poll(30, "B", THREE, kind="mrp", sample=9000), poll(12, "C", THREE, kind="pseudo"))


def test_errors_of_a_poll(panel: PollPanel) -> None:
    """What is known of a poll's error is sampling and rounding by the delta method, and its kind's own."""
    p, n = panel.share, np.full(panel.n_polls, 1000.0)
    kind = np.zeros(panel.n_polls)
    lone, rare, multilevel, average = (panel.end_dates.index(UNTIL - timedelta(days=days)) for days in (60, 5, 30, 12))
    n[lone], n[multilevel], kind[multilevel], kind[average] = 2000, 9000, MULTILEVEL, AVERAGE
    n, kind = n[:, None], kind[:, None]
    v = 1 / (n * p * (1 - p)) + 0.01**2 / 12 / (p**2 * (1 - p) ** 2) + kind
    named = ~np.isnan(p)
    assert panel.variance[named] == pytest.approx(v[named])
    assert np.isinf(panel.variance[~named]).all()
    assert panel.log_odds[named] == pytest.approx(np.log(p / (1 - p))[named])
    assert np.flatnonzero(panel.unhoused).tolist() == sorted([lone, rare])
    assert panel.pollster[average] == -1


def test_likelihood_of_polls(panel: PollPanel) -> None:
    """With the path integrated out, log-odds are normal as the page's walk, houses and errors make them."""
    model = build_poll_model(panel)
    names = ("polls", "drift", "alignment", "noise", "house_spread", "house_contrast", "tail")
    value, d, a, sigma, omega, contrast, tau = drawn(model, *names).values()
    size = len(panel.parties)
    rows = np.eye(size)
    rows[np.tril_indices(size, -1)] = a
    r = rows / np.sqrt((rows**2).sum(axis=1, keepdims=True))
    together = np.diag(d) @ r @ r.T @ np.diag(d)
    h = house_effects(contrast, panel.centred, omega)
    poll_of, party = np.nonzero(~np.isnan(panel.share))
    at, house = panel.time[poll_of], panel.pollster[poll_of]
    mean = panel.start_mean[party] + np.where(house >= 0, h[party, house], 0.0)
    elapsed = np.cumsum(panel.step)[np.minimum.outer(at, at)]
    pairs = np.ix_(party, party)
    covariance = np.diag(panel.start_sd**2)[pairs] + elapsed * together[pairs]
    u = panel.unhoused[poll_of]
    known_of = panel.variance[poll_of, party]
    covariance += np.diag(tau[poll_of] * (known_of + sigma[party] ** 2 + u * omega[party] ** 2))
    y = panel.log_odds[poll_of, party]
    assert value == pytest.approx(multivariate_normal(mean, covariance).logpdf(y), rel=1e-9)


def test_priors_of_houses_and_odd_polls(panel: PollPanel) -> None:
    """House effects are normal with one spread and sum to nought; a poll's factor makes its error a Student t."""
    houses, omega = 5, np.array([0.3])
    free = np.eye(houses - 1)
    told = np.array([house_effects(row[None], np.zeros((1, houses - 1)), omega)[0] for row in free])
    assert told.sum(axis=1) == pytest.approx(np.zeros(houses - 1))
    assert told.T @ told == pytest.approx(0.3**2 * (np.eye(houses) - 1 / houses))
    model, nu = build_poll_model(panel), PollPriors().tail
    x = np.linspace(0.2, 3.0, panel.n_polls)
    assert pm.logp(model["tail"], x).eval() == pytest.approx(invgamma(nu / 2, scale=nu / 2).logpdf(x))


def test_days_of_a_campaign_and_the_start() -> None:
    """Days of a campaign count more; the path starts from the last result, or a guess for a party without one."""
    dates, step = calendar(SINCE, UNTIL)
    polling_day = UNTIL + timedelta(days=10)
    days = np.diff(np.array(dates, dtype="datetime64[D]")).astype(float)
    campaign = np.array([(polling_day - day).days < CAMPAIGN_DAYS for day in dates[1:]])
    found = paced(dates, step, polling_day, CAMPAIGN_PACE)
    assert found[0] == 0
    assert found[1:] == pytest.approx(np.where(campaign, CAMPAIGN_PACE * days, days))
    evidence, since = known(2026), date(2024, 7, 4)
    last = gb_shares(evidence, since)
    read_in = poll_panel(evidence, since=since, until=evidence.cut, previous=last)
    for party, mean, sd in zip(read_in.parties[:-1], read_in.start_mean, read_in.start_sd, strict=False):
        share, spread = (last[party], 0.10) if last.get(party) else (0.005, 1.5)
        assert (mean, sd) == (pytest.approx(np.log(share / (1 - share))), spread)


def test_shares_sum_to_one() -> None:
    """Draws are conditioned on the sum of shares, by which the least certain line moves most."""
    rng = np.random.default_rng(3)
    middle, spread = np.log(np.array([0.4, 0.35, 0.27]) / np.array([0.6, 0.65, 0.73])), np.array([0.01, 0.02, 0.06])
    x = middle + spread * rng.standard_normal((4000, 3))
    found = shares_summing_to_one(x[:, None])[:, 0]
    moved, covariance = np.abs(np.log(found / (1 - found)) - x).mean(axis=0), np.cov(x, rowvar=False)
    assert (np.diff(moved) > 0).all()
    for _ in range(2):
        p = expit(x)
        g = p * (1 - p)
        x = x + g @ covariance * ((1 - p.sum(axis=1)) / np.einsum("dk,kl,dl->d", g, covariance, g))[:, None]
    assert found.sum(axis=1) == pytest.approx(np.ones(4000))
    assert found == pytest.approx(expit(x), rel=1e-4)


@pytest.fixture(scope="module")
def record() -> LeaderRecord:
    """All ratings to the end of 2025: every wording, houses without a name, prime ministers who came and went."""
    return leader_record(known(2026))


def dense(record: LeaderRecord, leader: int, v: dict[str, Any]) -> float:
    """Log density of one leader's cells as the page writes it, from values by their names in the model."""
    rows = np.flatnonzero(record.leader == leader)
    t = np.cumsum(np.where(record.gap[rows] < 0, 0.0, record.gap[rows]))
    daily = v["drift"] ** 2 / DAYS_PER_MONTH
    rho = daily / (2 * v["usual_sd"] ** 2)
    u = np.where(record.premier[rows] == 1, v["usual_premier"], v["usual_other"])
    wording = [record.groups[group][0] for group in record.group[rows]]
    load = np.array([1.0 if w == REFERENCE[0] else v["load"][OTHER_WORDINGS.index(w)] for w in wording])
    x = np.full(rows.size, u[0])
    for i in range(1, rows.size):
        x[i] = u[i] + (x[i - 1] - u[i]) * np.exp(-rho * (t[i] - t[i - 1]))
    new = np.exp(-2 * rho * record.served[rows[0]])
    come_in = v["usual_sd"] ** 2 * (1 - np.exp(-2 * rho * np.diff(t, prepend=0.0)))
    come_in[0] = v["first_sd"] ** 2 * new + v["usual_sd"] ** 2 * (1 - new)
    s = np.zeros(rows.size)
    for first, age, kind in zip(record.entry, record.age, record.kind, strict=True):
        if record.leader[first] == leader:
            i, event = int(first - rows[0]), kind >= len(HONEYMOONS)
            b = v["event_size"][kind - len(HONEYMOONS)] if event else v[f"honeymoon_{HONEYMOONS[kind]}"]
            half = v["event_half_life" if event else "honeymoon_half_life"]
            s[i:] += b * 2 ** (-(age + t[i:] - t[i]) / half)
            come_in[i] += v["event_sd" if event else "honeymoon_sd"] ** 2
    apart = np.exp(-rho * np.abs(np.subtract.outer(t, t)))
    order = np.arange(rows.size)
    upto = np.array([(come_in[: k + 1] * np.exp(-2 * rho * (t[k] - t[: k + 1]))).sum() for k in order])
    walk = upto[np.minimum.outer(order, order)] * apart
    unnamed = np.array([record.groups[group][1] == UNNAMED for group in record.group[rows]])
    sigma = np.where(unnamed, v["noise_unnamed"], v["noise"])
    covariance = np.outer(load, load) * walk + np.diag(sigma**2 / record.count[rows])
    mean = load * (x + s) + v["said"][record.pair[rows]]
    return float(multivariate_normal(mean, covariance).logpdf(record.net[rows]))


def test_likelihood_of_ratings(record: LeaderRecord) -> None:
    """Ratings are normal as load, standing, shocks, offset, quirk and noise of the page make them."""
    model = build_leader_model(record)
    free = [variable.name for variable in model.free_RVs]
    v: dict[str, Any] = drawn(model, "ratings", "event_size", *free)
    other = np.array([record.groups[group] != REFERENCE for group in record.pair_group])
    v["said"] = np.zeros(other.size)
    v["said"][other] = v["asked"]
    assert v["ratings"] == pytest.approx(sum(dense(record, i, v) for i in range(len(record.leaders))), rel=1e-10)


def test_offsets_quirks_and_events(record: LeaderRecord) -> None:
    """A house differs from its wording, a question says something of one leader, kinds of events are pooled."""
    model = build_leader_model(record)
    groups = [group for group in record.groups if group != REFERENCE]
    found = moments(model, "offset", "wording_offset", "house_sd")
    usual = [found["wording_offset"][OTHER_WORDINGS.index(w)] if w != REFERENCE[0] else 0.0 for w, _ in groups]
    assert found["mean"] == pytest.approx(usual)
    assert found["sd"] == found["house_sd"]
    found = moments(model, "asked", "offset", "shared", "own_sd")
    pairs = [(i, record.groups[g]) for i, g in zip(record.pair_leader, record.pair_group, strict=True)]
    said = [found["offset"][groups.index(g)] + found["shared"][i] for i, g in pairs if g != REFERENCE]
    assert found["mean"] == pytest.approx(said)
    assert found["sd"] == found["own_sd"]
    found = moments(model, "shared", "shared_sd")
    assert found["mean"] == 0
    assert found["sd"] == found["shared_sd"]
    found = drawn(model, "event_size", "event_z", "kind_sd")
    assert found["event_size"] == pytest.approx(found["kind_sd"] * found["event_z"])
    z = np.linspace(-2, 2, found["event_z"].size)
    assert pm.logp(model["event_z"], z).eval() == pytest.approx(norm.logpdf(z))
