from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.linalg import block_diag

from data import read_table
from models.leader_record import OTHER_WORDINGS, QUARTER_DAYS, REFERENCE, Readings, as_readings
from models.leader_scale import Scale, prior_scale
from models.reading_scale import extended

A, B, C = ("approve", "A"), ("approve", "B"), ("favourable", "C")
NEW = ("satisfied", "A new house")
START = date(2024, 7, 5).toordinal()


def made_up(nets: dict[tuple[str, str], float], *silent: tuple[str, str]) -> Readings:
    """Readings of one leader every month of a year by some groups, each always with the same net; silent ones none."""
    groups = tuple(sorted({*nets, *silent}))
    day = np.repeat(START + 10 + 30 * np.arange(12), len(nets))
    group = np.array([groups.index(name) for name in nets] * 12)
    return Readings(groups, np.full(day.size, "L"), group, day, day + 1, np.array([*nets.values()] * 12))


def told_in_full(scale: Scale, readings: Readings) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the offsets given each reading by itself: one normal distribution, written out.

    Unknown are the offsets, what each group and all but the reference say of each leader, and, hardly limited, her
    level in each quarter.
    """
    who = [str(name) for name in readings.leader]
    quarter = (readings.day / QUARTER_DAYS).astype(int)
    own = sorted({(name, int(g)) for name, g in zip(who, readings.group, strict=True) if g != scale.reference})
    spans = sorted(set(zip(who, quarter.tolist(), strict=True)))
    names, n = sorted(set(who)), len(scale.groups)
    sizes = [scale.own] * len(own) + [scale.shared] * len(names) + [1e7] * len(spans)
    prior = block_diag(scale.covariance[:n, :n], np.diag(sizes))
    rows = np.zeros((len(who), len(prior)))
    for row, name, group, span in zip(rows, who, readings.group, quarter, strict=True):
        row[group] = 1.0
        row[n + len(own) + len(names) + spans.index((name, int(span)))] = scale.load[group]
        if group != scale.reference:
            row[n + own.index((name, int(group)))] = row[n + len(own) + names.index(name)] = 1.0
    gain = np.linalg.solve(rows @ prior @ rows.T + np.diag(scale.noise[readings.group]), rows @ prior).T
    surprise = readings.net - scale.offset[readings.group]
    return scale.offset + (gain @ surprise)[:n], (prior - gain @ rows @ prior)[:n, :n]


def test_offsets_of_later_houses_are_those_of_the_full_normal_distribution() -> None:
    """Offsets and their covariance after later readings agree with conditioning on each reading, all written out."""
    readings = as_readings(read_table("leader_ratings"))
    scale = replace(prior_scale(), until=START)
    before, after = extended(scale, readings.only(readings.known < 0)), extended(scale, readings)
    offset, covariance = told_in_full(before, readings.only(readings.known > START))
    n = len(after.groups)
    assert abs(offset).max() > 5.0
    np.testing.assert_allclose(after.offset, offset, atol=0.02)
    np.testing.assert_allclose(after.covariance[:n, :n], covariance, atol=0.02)


def test_a_house_that_came_later_learns_its_offset() -> None:
    """Of twenty points more for a leader rated by no other house its part is kept as the house's; the rest is hers."""
    readings, scale = made_up({REFERENCE: -10.0, NEW: 10.0}), prior_scale()
    before, after = extended(scale, readings.only(readings.known < 0)), extended(scale, readings)
    number = after.groups.index(NEW)
    assert before.offset[number] == 0.0
    # As if the house's offset and her quirks had been added up once, not anew each quarter.
    part = scale.house / (scale.house + scale.own + scale.shared)
    assert after.offset[number] == pytest.approx(20.0 * part, abs=0.5)
    assert after.covariance[number, number] == pytest.approx(scale.house * (1.0 - part), rel=0.05)
    assert after.offset[after.reference] == 0.0
    assert np.linalg.eigvalsh(after.covariance).min() > -1e-8


def test_a_wording_not_met_before_is_as_unsure_as_its_prior() -> None:
    """Houses new to a wording nobody asked yet share its whole spread; what one of them tells moves the other."""
    readings, scale = made_up({REFERENCE: 0.0, A: 20.0, C: 0.0}, B), prior_scale(n_draws=20000)
    before, after = extended(scale, readings.only(readings.known < 0)), extended(scale, readings)
    a, b, c = (before.groups.index(group) for group in (A, B, C))
    assert before.covariance[a, a] == pytest.approx(15.0**2 + scale.house, rel=0.05)
    assert before.covariance[a, b] == pytest.approx(15.0**2, rel=0.05)
    assert abs(before.covariance[a, c]) < 8.0
    assert after.offset[b] > 8.0
    assert after.wording[OTHER_WORDINGS.index("approve")] == pytest.approx(after.offset[b])
    offset, covariance = told_in_full(before, readings)
    np.testing.assert_allclose(after.offset, offset, atol=0.01)
    np.testing.assert_allclose(after.covariance[:4, :4], covariance, atol=0.02)
