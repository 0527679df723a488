from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
import xarray as xr

from data import load_evidence
from models import leaders
from models.effects import Response
from models.event_study import HORIZONS, SUMMARY, lead_and_lag, leader_changes, summary
from models.leader_scale import prior_scale
from models.link_priors import LeaderPriors
from models.response_panel import NOBODY, PARTIES, ResponsePanel, month_days, response_panel
from tests.models.made_up_panel import GAP, REIGN, TERM, TRUTH, made_up_panel


def known_links() -> tuple[Response, xr.Dataset]:
    """The links made-up panels are drawn with, as if the posterior were sure of them."""
    links = {name: np.full(4, TRUTH["theta_mean" if name == "theta" else name]) for name in Response.__annotations__}
    values = {"theta_mean": TRUTH["theta_mean"], "speed": TRUTH["speed"], "office": 0.0, "terms": 0.0}
    posterior = xr.Dataset({name: (("chain", "draw"), np.full((1, 4), value)) for name, value in values.items()})
    posterior["home"] = (("chain", "draw", "party"), np.zeros((1, 4, 3)))
    return Response(**links), posterior.assign_coords(party=list(PARTIES))


def changes_of(panel: ResponsePanel) -> pl.DataFrame:
    return leader_changes(panel, *known_links())


def conservatives(panel: ResponsePanel) -> pl.DataFrame:
    return changes_of(panel).filter(pl.col("party") == "con")


def test_every_change_is_listed_once_with_figures_or_a_reason() -> None:
    """Figures are given where polls stood on the same base before and after; elsewhere the reason is."""
    panel = made_up_panel(4, seed=1)
    table = conservatives(panel)
    assert [panel.days.index(day) for day in table["day"]] == list(range(REIGN, 4 * TERM, REIGN))
    first = table.row(0, named=True)
    assert (first["old"], first["new"]) == ("L000", "L003")
    assert first["why_not"] is None
    settled = [panel.days.index(day) % TERM > GAP for day in table["day"]]
    assert (table["actual_3"].is_not_null()).to_list() == settled
    assert table["why_not"].is_null().to_list() == settled


def test_a_vacancy_is_spanned_if_short_and_an_unrated_leader_named() -> None:
    """Acting leaders are no leaders of record; a leader nobody rated cannot be compared, and the row says so."""
    panel = made_up_panel(2, seed=1)
    leader, liked = panel.leader.copy(), panel.favourability.copy()
    leader[REIGN : REIGN + 3, 0] = NOBODY
    spanned = changes_of(replace(panel, leader=leader)).filter(pl.col("party") == "con")
    assert spanned["day"][0] == panel.days[REIGN + 3]
    assert spanned["old"][0] == "L000"
    liked[leader == leader[REIGN + 3, 0]] = np.nan
    unrated = conservatives(replace(panel, leader=leader, favourability=liked))
    assert unrated["why_not"][0] == "too few ratings of L003 in the first 3 months"
    assert unrated["why_not"][1] == "too few ratings of L003 in the last 6 months"
    assert unrated["actual_3"][:2].null_count() == 2
    leader[REIGN : REIGN + 6, 0] = NOBODY
    assert "no leader" not in (conservatives(replace(panel, leader=leader))["why_not"][0] or "")
    leader[REIGN : REIGN + 7, 0] = NOBODY
    long = conservatives(replace(panel, leader=leader)).row(0, named=True)
    assert long["why_not"] == "no leader of record for 7 months"
    assert long["expected_3"] is None


def test_a_leader_last_rated_some_months_before_is_compared_by_those() -> None:
    """Where ratings of the old leader end early, the last rated month and the one before count, if within six."""
    panel = made_up_panel(2, seed=1)
    liked = panel.favourability.copy()
    liked[REIGN - 3 : REIGN, 0] = np.nan
    row = conservatives(replace(panel, favourability=liked)).row(0, named=True)
    assert row["favourability_before"] == pytest.approx(liked[REIGN - 5 : REIGN - 3, 0].mean())
    assert row["actual_3"] is not None
    liked[REIGN - 6 : REIGN, 0] = np.nan
    row = conservatives(replace(panel, favourability=liked)).row(0, named=True)
    assert row["why_not"] == "too few ratings of L000 in the last 6 months"


def test_the_change_of_2026_is_shown() -> None:
    """Starmer was last rated in April 2026 and went in July: he and Burnham are compared nevertheless."""
    evidence = load_evidence(own=False).as_of(date(2026, 9, 30))
    days = [day for day in month_days(evidence) if day >= date(2026, 1, 1)]
    standing = leaders.history(evidence, prior_scale(LeaderPriors()), days, PARTIES)
    backing = standing.select("day", "party", support=pl.lit(None, pl.Float64))
    (row,) = changes_of(response_panel(evidence, standing, backing)).iter_rows(named=True)
    assert (row["old"], row["new"], row["day"]) == ("Keir Starmer", "Andy Burnham", date(2026, 7, 31))
    assert row["favourability_before"] < -30 < 0 < row["favourability_after"]
    assert row["expected_3"] > 0.1
    assert row["actual_3"] is not None
    assert row["why_not"] == "after 6 months: the record ends on 2026-09-30"


def test_what_the_parliament_cuts_short_is_null() -> None:
    """No movement is counted over an election or beyond the record."""
    panel = made_up_panel(1, seed=1)
    start = REIGN
    panel = replace(
        panel,
        days=panel.days[: start + 4],
        parliament=panel.parliament[: start + 4],
        **{
            name: getattr(panel, name)[: start + 4]
            for name in ("leader", "v", "home", "favourability", "support", "office")
        },
    )
    row = changes_of(panel).filter(pl.col("party") == "con").row(0, named=True)
    assert row["actual_3"] is not None
    assert row["expected_6"] is None
    assert row["actual_6"] is None
    assert row["why_not"] == f"after 6 months: the record ends on {panel.days[-1]}"


def test_a_reign_cut_short_is_not_judged_by_what_followed() -> None:
    """Of a leader who is gone after two months nothing is counted three months on."""
    panel = made_up_panel(2, seed=1)
    leader = panel.leader.copy()
    leader[REIGN + 2 : 2 * REIGN, 0] = leader[2 * REIGN, 0]
    row = changes_of(replace(panel, leader=leader)).filter(pl.col("party") == "con").row(0, named=True)
    assert row["new"] == "L003"
    assert row["actual_3"] is None
    assert row["expected_3"] is None
    assert row["why_not"] == "after 3 months: L003 had gone; after 6 months: L003 had gone"


def test_made_up_changes_move_as_expected() -> None:
    """Where the links are true and large changes frequent, polls move by what they say."""
    table = pl.concat([changes_of(made_up_panel(12, seed=seed, noise=0.02, jump=30.0)) for seed in range(6)])
    for months in HORIZONS:
        found = summary(table, months)
        assert found["slope_low"] < 1.0 < found["slope_high"] or found["slope"] == pytest.approx(1.0, abs=0.15)
        assert found["correlation"] > 0.6
        assert found["error"] < found["error_no_change"]
    assert summary(table)["bounce"] == pytest.approx(0.0, abs=0.03)


def test_what_would_have_come_anyway_is_taken_off() -> None:
    """A party far below its home is expected to rise without a change of leader too."""
    panel = made_up_panel(2, seed=5)
    low = changes_of(replace(panel, v=panel.v - 1.0))
    base = changes_of(panel)
    low, base = (table.drop_nulls("actual_3") for table in (low, base))
    gone = 1.0 - (1.0 - TRUTH["speed"]) ** 3
    assert np.allclose(low["without_3"] - base["without_3"], gone)
    assert np.allclose(low["actual_3"] - base["actual_3"], -gone)


def test_too_few_changes_give_no_figures() -> None:
    """Two changes are no record."""
    found = summary(changes_of(made_up_panel(4, seed=1)).drop_nulls("actual_3").head(2))
    assert found["n"] == 2
    assert all(np.isnan(found[name]) for name in SUMMARY)


def test_lead_and_lag_finds_what_moves_together() -> None:
    """In made-up months standing and polls move together, and neither runs ahead of the other."""
    found = lead_and_lag(made_up_panel(12, seed=2))
    assert found.together[0] == pytest.approx(TRUTH["lam"], abs=3 * found.together[1])
    assert abs(found.polls_first[0]) < 3.5 * found.polls_first[1]
    assert found.level_next[0] > 0
    assert found.n_steps > 1000


def test_lead_and_lag_of_nothing_is_nothing() -> None:
    """With a handful of months nothing can be told."""
    panel = made_up_panel(1, seed=2)
    found = lead_and_lag(replace(panel, v=np.where(np.arange(TERM)[:, None] < 4, panel.v, np.nan)))
    assert np.isnan(found.together).all()
