from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from data import Evidence, schemas
from models.fit import SamplerConfig, diagnose, is_good, sample
from models.leader_events import SHOCKS
from models.leader_model import build_leader_model
from models.leader_record import REFERENCE, leader_record
from models.leader_scale import scale_of

pytestmark = pytest.mark.slow
TRUE = {("approve", "Opinium"): 6.0, ("favourable", "YouGov"): -9.0, REFERENCE: 0.0}
LOADS = {"approve": 0.9, "favourable": 0.8, "satisfied": 1.0}
NOISE, DRIFT, SCANDAL, HALF_LIFE = 4.0, 4.5, -14.0, 120.0


def made_up(seed: int, n_leaders: int = 24, months: int = 40) -> Evidence:
    """Leaders who walk, are struck by scandals that fade, and are rated every month by three houses."""
    rng = np.random.default_rng(seed)
    ratings, events, tenure = [], [], []
    rest = {"verified": False, "source": "test"}
    events.append({"leader": "P", "party": "lab", "kind": "office", "event": "becomes Prime Minister"} | rest)
    events[0]["date"] = date(1980, 1, 1)
    for i in range(n_leaders):
        leader, start = f"L{i:02d}", date(1985 + i, 1, 1)
        tenure.append({"leader": leader, "party": "con", "event": "start", "date": start, "reason": None} | rest)
        struck = [start + timedelta(int(day)) for day in rng.choice(np.arange(60, 30 * months, 45), 3, replace=False)]
        about = {"leader": leader, "party": "con", "kind": "scandal", "event": "test"}
        events += [about | {"date": day} | rest for day in struck]
        level = rng.normal(-10.0, 18.0)
        for month in range(months):
            day = start + timedelta(15 + 30 * month)
            level += rng.normal(0.0, DRIFT) - 0.02 * (level + 10.0)
            faded = [SCANDAL * 0.5 ** ((day - on).days / HALF_LIFE) for on in struck if on <= day]
            for (wording, pollster), offset in TRUE.items():
                net = LOADS[wording] * (level + sum(faded)) + offset + rng.normal(0.0, NOISE)
                row = {"rating_id": f"{len(ratings):06d}", "leader": leader, "party": "con", "pollster": pollster}
                row |= {"question_family": wording, "end_date": day, "net": float(np.clip(net, -100, 100))}
                ratings.append(row | {"sample": None, "positive": None, "negative": None} | rest)
    known = {"leader_ratings": "end_date", "leader_events": "date", "leader_tenure": "date"}
    tables = {name: schema.create_empty() for name, schema in schemas.TABLES.items()}
    for (name, on), rows in zip(known.items(), (ratings, events, tenure), strict=True):
        frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(known_on=pl.col(on))
        tables[name] = frame.select(tables[name].columns).cast(dict(tables[name].schema))
    return Evidence(cut=date(2026, 1, 1), **tables)


def test_known_numbers_are_found_again() -> None:
    """From made-up ratings the fit passes the gates and finds offsets, loads, noise, drift and the scandals' size."""
    record = leader_record(made_up(11))
    tree = sample(build_leader_model(record), SamplerConfig(seed=4), progress=False)
    assert is_good(diagnose(tree))
    posterior = tree["posterior"].to_dataset()
    scale = scale_of(posterior, record)
    for group, offset in TRUE.items():
        i = scale.groups.index(group)
        assert scale.offset[i] == pytest.approx(offset, abs=0.2 + 3.0 * np.sqrt(scale.covariance[i, i]))
        assert scale.load[i] == pytest.approx(LOADS[group[0]], abs=0.06)
    assert float(posterior["noise"].mean()) == pytest.approx(NOISE, rel=0.1)
    assert float(posterior["drift"].mean()) == pytest.approx(DRIFT, rel=0.15)
    low, high = posterior["event_size"].sel(event="scandal").quantile([0.01, 0.99]).values
    assert low < SCANDAL < high
    assert high < 0.0
    others = posterior["event_size"].sel(event=[kind for kind in SHOCKS if kind != "scandal"])
    assert float(abs(others.mean(("chain", "draw"))).max()) < 3.0
