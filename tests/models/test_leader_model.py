from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.stats import multivariate_normal

from data import Evidence, read_table, schemas
from models.leader_events import HONEYMOONS, KINDS, courses
from models.leader_kernel import leader_likelihood
from models.leader_model import build_leader_model
from models.leader_record import REFERENCE, leader_record
from models.stages import digest

NEEDED = ("elections", "leader_tenure", "leader_ratings", "leader_events")
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = {name: read_table(name) if name in NEEDED else s.create_empty() for name, s in schemas.TABLES.items()}
    return Evidence(cut=date(2026, 10, 9), **tables)


def made_up(seed: int, cells: int = 14) -> tuple[tuple[Floats, ...], list[Floats]]:
    """Two leaders' cells with four shocks: what is fixed, and what has gradients."""
    rng = np.random.default_rng(seed)
    gap = rng.uniform(1.0, 40.0, cells)
    gap[[0, cells // 2]] = -1.0
    entry = np.sort(rng.integers(0, cells, 4))
    fixed = (entry, rng.uniform(0.0, 20.0, 4), np.array([0, 1, 1, 0]), gap)
    fade = np.where(gap < 0.0, 0.0, rng.uniform(0.8, 1.0, cells))
    moving = [rng.normal(0, 10, cells), rng.uniform(0.7, 1.3, cells), rng.uniform(9, 30, cells), fade]
    moving += [rng.uniform(5, 40, cells), rng.normal(0, 2, cells), rng.normal(0, 5, 4), np.array([0.004, 0.01])]
    return fixed, moving


def test_the_filter_is_the_normal_density_of_all_cells() -> None:
    """The likelihood is that of one multivariate normal, written out in full."""
    (entry, age, family, gap), moving = made_up(1)
    value, load, noise, fade, step, pull, size, rate = moving
    n = gap.size
    carried = np.eye(n)
    for i in range(n):
        for j in range(i):
            carried[i, j] = np.prod(fade[j + 1 : i + 1])
    shock = np.zeros(n)
    for k in range(entry.size):
        since = age[k]
        for i in range(entry[k], n):
            if i > entry[k]:
                if gap[i] < 0.0:
                    break
                since += gap[i]
            shock[i] += size[k] * np.exp(-rate[family[k]] * since)
    mean = load * (carried @ pull + shock)
    cov = np.outer(load, load) * (carried @ np.diag(step) @ carried.T) + np.diag(noise)
    found = leader_likelihood(entry, age, family, gap, *moving)[0]
    assert found == pytest.approx(multivariate_normal(mean, cov).logpdf(value))


def test_the_gradient_is_that_of_the_likelihood() -> None:
    """Each gradient agrees with differences of the likelihood."""
    fixed, moving = made_up(2)
    gradients = leader_likelihood(*fixed, *moving)[1:]
    for j, gradient in enumerate(gradients):
        width = 1e-5 if j < 7 else 1e-7
        for i in range(moving[j].size):
            sides = []
            for sign in (1.0, -1.0):
                moved = [values.copy() for values in moving]
                moved[j][i] += sign * width
                sides.append(leader_likelihood(*fixed, *moved)[0])
            assert gradient[i] == pytest.approx((sides[0] - sides[1]) / (2.0 * width), rel=1e-4, abs=1e-5)


def test_the_record_is_in_order_and_complete(evidence: Evidence) -> None:
    """Cells hold every reading once, leader by leader and in order of day; equal records have equal hashes."""
    record = leader_record(evidence)
    assert record.count.sum() == evidence.leader_ratings.height
    assert (np.diff(record.leader) >= 0).all()
    assert (record.gap < 0).sum() == len(record.leaders)
    assert (record.gap[1:][np.diff(record.leader) == 0] >= 0).all()
    assert np.isfinite(record.age).all()
    assert (record.age >= 0).all()
    assert len(record.shocks) == record.entry.size == record.kind.size
    assert digest(record) == digest(leader_record(evidence))


def test_before_the_first_rating_the_record_is_empty(evidence: Evidence) -> None:
    """At an election before 1979 nobody had been rated, and the record says so without failing."""
    record = leader_record(evidence.as_of(date(1979, 5, 4)))
    assert record.net.size == 0
    assert record.until == 0
    assert record.groups == (REFERENCE,)


def test_offices_and_elections_are_told_when_known(evidence: Evidence) -> None:
    """Blair won in 1997 and Major lost, which was known once Blair had taken office; Clegg was not prime minister."""
    lives = courses(evidence)
    polled = date(1997, 5, 1).toordinal()

    def told(leader: str, until: int) -> set[str]:
        life = lives.of(leader, until)
        return {KINDS[kind] for kind in life.kind[life.day >= polled]}

    assert told("Tony Blair", polled) == set()
    assert told("Tony Blair", polled + 1) == {"won", "office"}
    assert told("John Major", polled + 1) == {"lost"}
    clegg = lives.of("Nick Clegg", evidence.cut.toordinal())
    assert not clegg.office.size
    assert "office" not in {KINDS[kind] for kind in clegg.kind}


def test_a_prime_minister_is_one_until_the_next(evidence: Evidence) -> None:
    """Brown was prime minister on the last day before Cameron and not on Cameron's first."""
    life = courses(evidence).of("Gordon Brown", evidence.cut.toordinal())
    change = date(2010, 5, 11)
    days = np.array([(change - timedelta(1)).toordinal(), change.toordinal()])
    assert life.is_premier(days).tolist() == [True, False]


def test_without_a_known_prime_minister_nobody_governs(evidence: Evidence) -> None:
    """Where no taking of office is in the tables a leader was never prime minister, and the record is laid out."""
    unknown = replace(evidence, leader_events=evidence.leader_events.filter(pl.col("kind") != "office"))
    life = courses(unknown).of("Tony Blair", evidence.cut.toordinal())
    assert life.office.shape == (0, 2)
    assert not life.is_premier(np.array([date(2000, 1, 1).toordinal()])).any()
    assert not leader_record(unknown).premier.any()


def test_the_model_has_a_finite_density_and_gradient(evidence: Evidence) -> None:
    """Built on the ratings of 1979 to 1987 the model has a density, a gradient and its named sizes."""
    record = leader_record(evidence.as_of(date(1987, 6, 12)))
    model = build_leader_model(record)
    assert {"offset", "load", "event_size", "drift"} <= {variable.name for variable in model.unobserved_RVs}
    assert len(model.coords["event"]) == len(KINDS) - len(HONEYMOONS)
    point = model.initial_point()
    assert np.isfinite(model.compile_logp()(point))
    assert np.isfinite(model.compile_dlogp()(point)).all()
