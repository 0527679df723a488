from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data import load_evidence
from data.errors import BadInput
from models.arrival import logit
from models.chain import make_forecast
from models.cli import DEFAULT_SEED
from models.config import STAGES, ChainConfig
from models.effects import intention_shift
from models.explain import contributions
from models.fit import SamplerConfig
from models.forecast import Forecast
from models.record import gb_shares
from models.scenario import NEW_LEADER, Scenario, compare, read_scenario, run_scenario
from models.score import score_table
from models.simple_swing import complete, swing_seats
from models.store import load_forecast, save_forecast

CONFIG = ChainConfig(draws=300, poll_sampler=SamplerConfig(draws=150, tune=150))
NEXT = (date(2026, 9, 30), date(2029, 5, 3))


@pytest.fixture(scope="module")
def base() -> Forecast:
    """The whole chain on the shipped tables, with few draws: what past elections teach is as it comes with the package.

    The tests of leaks sample every stage.
    """
    return make_forecast(*NEXT, seed=DEFAULT_SEED, config=CONFIG, progress=False)


def ask(forecast: Forecast, text: str) -> Forecast:
    """Put a scenario written as JSON to a forecast."""
    return run_scenario(forecast, read_scenario(text))


def lead(forecast: Forecast, party: str) -> float:
    """Mean share of a party's vote."""
    return float(forecast.votes[:, forecast.parties.index(party)].mean())


def test_every_draw_fills_the_house(base: Forecast) -> None:
    """Votes sum to one and seats to 650 in every draw, with the Speaker and Northern Ireland's 18 among them."""
    assert np.allclose(base.votes.sum(axis=1), 1.0)
    assert (base.seats.sum(axis=1) == 650).all()
    assert (base.seats[:, base.lines.index("spk")] == 1).all()
    irish = [base.lines.index(line) for line in ("dup", "sf", "sdlp", "uup", "apni", "tuv")]
    assert (base.seats[:, irish].sum(axis=1) <= 18).all()


def test_an_empty_scenario_is_the_forecast_bit_for_bit(base: Forecast) -> None:
    """Nothing changed gives the same votes, winners and shares, to the last bit."""
    same = run_scenario(base, Scenario())
    assert same.votes.tobytes() == base.votes.tobytes()
    assert same.winner.tobytes() == base.winner.tobytes()
    for name in ("share_mean", "share_quantile"):
        assert same.tree["outcome"][name].values.tobytes() == base.tree["outcome"][name].values.tobytes()


def test_a_stored_forecast_answers_the_same(base: Forecast, tmp_path: Path) -> None:
    """After a trip to disk an empty scenario still gives the stored winners bit for bit."""
    back = load_forecast(save_forecast(base, tmp_path / "f"))
    assert run_scenario(back, Scenario()).winner.tobytes() == base.winner.tobytes()


def test_fewer_draws_are_the_first_ones(base: Forecast) -> None:
    """A quick answer uses the first draws of the full one."""
    quick = run_scenario(base, read_scenario('{"parties": {"lab": {"share_shift": 0.03}}}'), draws=100)
    full = ask(base, '{"parties": {"lab": {"share_shift": 0.03}}}')
    assert quick.winner.tobytes() == full.winner[:100].tobytes()


def test_a_share_shift_moves_that_share(base: Forecast) -> None:
    """Three points more for Labour are three points more in every draw, and more seats."""
    up = ask(base, '{"parties": {"lab": {"share_shift": 0.03}}}')
    lab = base.parties.index("lab")
    assert np.allclose(up.votes[:, lab] - base.votes[:, lab], 0.03)
    table = compare(base, up)
    assert table.filter(table["party"] == "lab")["seats_change"].item() > 5


def test_mps_turning_away_cost_votes_by_the_learned_effect(base: Forecast) -> None:
    """Fewer MPs behind the leader move the party's log-odds, draw by draw, by what the response says."""
    votes, lab = base.tree["votes"].ds, base.parties.index("lab")
    state = next(leader for leader in base.manifest.leaders if leader.party == "lab")
    assert state.support is not None
    lost = ask(base, '{"parties": {"lab": {"mp_support": 0.2}}}')
    moved = logit(lost.votes[:, lab]) - logit(base.votes[:, lab])
    assert moved == pytest.approx(intention_shift(votes, 0.0, 0.2 - state.support, base.manifest.lead_days))
    assert lead(lost, "lab") < lead(base, "lab")


def test_an_event_moves_votes_and_is_forgotten(base: Forecast) -> None:
    """A scandal on the last day of evidence costs less at an election in 2029 than at one three months later."""
    late = ask(base, '{"parties": {"lab": {"event": "scandal"}}}')
    soon, calm = (
        ask(base, f'{{"election_date": "2026-12-31", "parties": {{"lab": {{{event}}}}}}}')
        for event in ('"event": "scandal"', "")
    )
    cost = [lead(base, "lab") - lead(late, "lab"), lead(calm, "lab") - lead(soon, "lab")]
    assert abs(cost[0]) < abs(cost[1])
    assert abs(cost[1]) < 0.05


def test_the_corbyn_extreme_explodes_nothing(base: Forecast) -> None:
    """With 17 per cent of MPs and a rating of -60, Labour still has votes and seats a party can have."""
    worst = ask(base, '{"parties": {"lab": {"favourability": -60, "mp_support": 0.17}}}')
    assert 0.05 < lead(worst, "lab") < lead(base, "lab") + 0.01


def test_an_unnamed_new_leader_starts_where_new_leaders_start(base: Forecast) -> None:
    """A change of leader alone is the same as giving the new one the usual first rating."""
    start = base.tree["votes"].ds.attrs["new_leader_favourability"]
    new = ask(base, f'{{"parties": {{"con": {{"leader": "{NEW_LEADER}"}}}}}}')
    rated = ask(base, f'{{"parties": {{"con": {{"favourability": {start}}}}}}}')
    assert new.votes.tobytes() == rated.votes.tobytes()


def test_a_scenario_on_a_scenario_is_refused(base: Forecast) -> None:
    """An answer cannot be asked again, for its shifts would silently be lost."""
    with pytest.raises(BadInput, match="already"):
        ask(ask(base, '{"tactical": 0.5}'), '{"tactical": 0.0}')


def test_leaders_of_a_scenario_are_those_its_draws_rest_on(base: Forecast) -> None:
    """A new leader stands in the answer's list with the standing the draws were shifted to."""
    new = ask(base, f'{{"parties": {{"con": {{"leader": "{NEW_LEADER}"}}}}}}')
    state = next(leader for leader in new.manifest.leaders if leader.party == "con")
    assert (state.leader, state.n_ratings) == (NEW_LEADER, 0)
    assert state.favourability == base.tree["votes"].ds.attrs["new_leader_favourability"]


def test_steps_of_evidence_add_up_to_the_forecast(base: Forecast) -> None:
    """What the last result alone says and what each kind of evidence adds to it sum to the forecast's means."""
    total = contributions(base).group_by("party", maintain_order=True).agg(pl.col("votes", "seats").sum())
    assert total["votes"].to_numpy() == pytest.approx(base.votes.mean(axis=0))
    seats = [base.seats[:, base.lines.index(party)].mean() for party in total["party"]]
    assert total["seats"].to_numpy() == pytest.approx(seats)


def test_regional_swing_stays_in_its_region_in_the_main(base: Forecast) -> None:
    """Ten points for Reform in Wales win it seats there."""
    moved = ask(base, '{"regional_swing": {"Wales": {"ref": 0.1}}}')
    wales = base.constituencies()["region"].to_numpy() == "Wales"
    ref = base.lines.index("ref")
    change = (moved.winner == ref).mean(axis=0) - (base.winner == ref).mean(axis=0)
    assert change[wales].sum() > 1
    assert abs(change[~wales]).sum() < change[wales].sum()


def test_an_earlier_election_is_less_uncertain(base: Forecast) -> None:
    """If polling day were next month, the votes would be known better than in 2029."""
    soon = ask(base, '{"election_date": "2026-10-29"}')
    assert (soon.votes.std(axis=0) < base.votes.std(axis=0)).all()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"parties": {"labor": {"share_shift": 0.1}}}', 'No party "labor"'),
        ('{"regional_swing": {"Mercia": {"lab": 0.1}}}', 'No region "Mercia"'),
        ('{"regional_swing": {"Wales": {"lab": 0.4}}}', "allowed are -0.3 to 0.3"),
        ('{"regional_swing": {"Wales": {"dup": 0.1}}}', 'No party in Wales "dup"'),
        ('{"election_date": "2029-08-16"}', "not possible"),
        ('{"election_date": "2020-01-01"}', "not possible"),
        ('{"parties": {"oth": {"leader": "X"}}}', "has no leader"),
        ('{"parties": {"ref": {"mp_support": 0.5}}}', "no evidence of MPs"),
        ('{"parties": {"oth": {"event": "gaffe"}}}', "has no leader"),
        ('{"parties": {"lab": {"event_date": "2027-01-01"}}}', "no event"),
        ('{"parties": {"lab": {"event": "gaffe", "event_date": "2026-09-01"}}}', "choose a day from 2026-09-30"),
        (
            '{"parties": {"lab": {"share_shift": 0.3}, "con": {"share_shift": 0.3}, "ref": {"share_shift": 0.3}}}',
            "would sum to",
        ),
    ],
)
def test_scenarios_that_cannot_be_are_refused(base: Forecast, text: str, sentence: str) -> None:
    """What the forecast cannot answer is refused in one sentence that names it."""
    with pytest.raises(BadInput) as caught:
        ask(base, text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_manifest_says_what_was_done(base: Forecast) -> None:
    """Priors, samplers, diagnostics, leaders and the number of rows nobody could check are written down."""
    manifest = base.manifest
    assert set(manifest.diagnostics) == set(manifest.priors) == set(manifest.samplers) == set(STAGES)
    assert {state.party for state in manifest.leaders} >= {"con", "lab", "lib", "ref", "grn"}
    assert manifest.n_unverified > 0
    assert manifest.data_fingerprint == load_evidence().as_of(NEXT[0]).fingerprint()


def test_a_forecast_of_the_future_cannot_be_scored(base: Forecast) -> None:
    """There is no result of 2029 to score against, and the sentence says so."""
    with pytest.raises(BadInput, match="No general election was held on 2029-05-03"):
        score_table(base, load_evidence())


def test_uniform_swing_without_a_swing_changes_no_seat(base: Forecast) -> None:
    """If no party moves, uniform swing gives every seat to whoever leads it now."""
    before = complete(gb_shares(load_evidence(), date(2024, 7, 4)), base.parties, {})
    (winner,) = swing_seats(base, before, before[None, :])
    assert winner.size == 650
    assert (winner == base.lines.index("lab")).sum() == pytest.approx(411, abs=2)
