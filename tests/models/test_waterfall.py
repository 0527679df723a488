from collections.abc import Callable
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, read_scenario, run_scenario
from models.scenario_check import check_scenario
from models.scenario_parts import Part, parts_of, together, until
from models.waterfall import EXACT, sampled_shapley, shapley, waterfall
from tests.views.synthetic import synthetic_forecast

Array = NDArray[np.float64]
FOUR = '{"tactical": 0, "parties": {"lab": {"favourability": 30, "share_shift": 0.03}, "ref": {"share_shift": -0.02}}}'
EIGHT = """{"tactical": 0.2, "election_date": "2028-05-04", "turnout": {"con": 0.2, "lib": -0.1},
    "regional_swing": {"London": {"lab": 0.05}}, "seats": {"E14001063": "grn"},
    "parties": {"lab": {"favourability": 30, "mp_support": 0.4, "share_shift": 0.03}}}"""


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 60 draws."""
    return synthetic_forecast(draws=60)


def game(players: int, seed: int = 0) -> Callable[[frozenset[int]], Array]:
    """A game of which nothing is known: any worth for any combination, for five draws of two columns."""
    worths = np.random.default_rng(seed).normal(size=(2**players, 5, 2))
    return lambda chosen: worths[sum(2**i for i in chosen)]


def pairwise_game(chosen: frozenset[int]) -> Array:
    """A game of seven players who act on each other in pairs only."""
    sizes = np.arange(1.0, 8.0)
    inside = np.array([i in chosen for i in range(7)], dtype=float) * sizes
    return np.full((3, 1), inside.sum() + 0.1 * (inside.sum() ** 2 - (inside**2).sum()))


@pytest.mark.parametrize("players", [1, 2, 5])
def test_contributions_sum_to_the_whole(players: int) -> None:
    """Contributions sum to the worth of all less that of none, draw by draw, exact or sampled."""
    asked = game(players)
    whole = asked(frozenset(range(players))) - asked(frozenset())
    assert shapley(players, asked).sum(axis=0) == pytest.approx(whole)
    assert sampled_shapley(players, asked)[0].sum(axis=0) == pytest.approx(whole)


def test_players_who_act_alike_are_treated_alike() -> None:
    """Two players who add the same to every combination get the same, and one who adds nothing gets nothing."""

    def asked(chosen: frozenset[int]) -> Array:
        return game(3)(frozenset({len(chosen & {0, 1}), *({2} & chosen)}))

    values = shapley(4, asked)
    assert values[0] == pytest.approx(values[1])
    assert values[0].std() > 0
    assert values[3] == pytest.approx(0.0, abs=1e-12)


def test_values_of_a_game_by_hand() -> None:
    """One left and two right gloves: a pair is worth 1, so the left has two thirds and each right a sixth."""
    gloves = shapley(3, lambda chosen: np.array([float(0 in chosen and bool(chosen & {1, 2}))]))
    assert gloves[:, 0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_values_of_two_games_add() -> None:
    """The contributions to a sum of two games are the sums of those to each."""
    one, two = game(4, 1), game(4, 2)
    both = shapley(4, lambda chosen: one(chosen) + two(chosen))
    assert both == pytest.approx(shapley(4, one) + shapley(4, two))


def test_orders_with_their_reverse_are_exact_for_pairs() -> None:
    """Where players act on each other in pairs only, sampled orders give the exact values and no error."""
    values, errors = sampled_shapley(7, pairwise_game, pairs=2)
    assert values == pytest.approx(shapley(7, pairwise_game))
    assert errors == pytest.approx(0.0, abs=1e-12)


def test_standard_error_is_of_the_right_size() -> None:
    """In a game of any shape, estimates stray from the exact values about as far as their standard errors say."""
    asked = game(5)
    exact = shapley(5, asked).mean(axis=1)
    strays = []
    for seed in range(40):
        values, errors = sampled_shapley(5, asked, seed=seed)
        strays.append((values.mean(axis=1) - exact) / errors)
    assert 0.8 < np.sqrt(np.mean(np.square(strays))) < 1.5
    again = sampled_shapley(5, asked, seed=3)[0]
    assert np.array_equal(again, sampled_shapley(5, asked, seed=3)[0])


def sums(table: pl.DataFrame, total: pl.DataFrame) -> tuple[Array, Array]:
    """Sums of contributions and changes, line by line."""
    summed = table.group_by("party", maintain_order=True).agg(pl.col("mean").sum())
    joined = total.join(summed, on="party", how="left", maintain_order="left")
    return joined["mean_right"].to_numpy(), joined["mean"].to_numpy()


@pytest.mark.parametrize("text", [FOUR, EIGHT])
def test_seats_and_votes_are_shared_out_in_full(made: Forecast, text: str) -> None:
    """Contributions to seats and votes of every line sum to what the scenario changes."""
    found = waterfall(made, read_scenario(text))
    assert found.exact == (len(found.parts) <= EXACT)
    for table, total in ((found.seats, found.total_seats), (found.votes, found.total_votes)):
        assert np.allclose(*sums(table, total), atol=1e-9)
    change = run_scenario(made, read_scenario(text), summaries=False).seats.mean(axis=0) - made.seats.mean(axis=0)
    assert found.total_seats["mean"].to_numpy() == pytest.approx(change)
    assert (found.seats["lo90"] <= found.seats["hi90"]).all()
    assert (found.seats["se"] > 0).any() == (not found.exact)


def test_one_setting_has_the_whole(made: Forecast) -> None:
    """What one setting changes is all its own, range and all; where nothing is set there are no contributions."""
    found = waterfall(made, Scenario(tactical=0.0))
    assert [part.kind for part in found.parts] == ["tactical"]
    ends = ("mean", "lo90", "hi90")
    assert np.allclose(found.seats.select(ends).to_numpy(), found.total_seats.select(ends).to_numpy())
    nothing = waterfall(made, Scenario())
    assert nothing.seats.is_empty()
    assert (nothing.total_seats["mean"] == 0).all()


def test_a_setting_of_no_effect_gets_nothing(made: Forecast) -> None:
    """A seat given to the party that always holds it contributes nothing to seats, and tactical votes none to votes."""
    table = made.constituencies().filter(pl.col("p_winner") == 1.0).row(0, named=True)
    asked = read_scenario(FOUR).model_copy(update={"seats": {table["constituency"]: table["winner"]}})
    found = waterfall(made, asked)
    kinds = [part.kind for part in found.parts]
    of = found.seats.filter(pl.col("part") == kinds.index("seats"))
    assert of["mean"].abs().max() == pytest.approx(0.0, abs=1e-9)
    tactical = found.votes.filter(pl.col("part") == kinds.index("tactical"))
    assert tactical["mean"].abs().max() == pytest.approx(0.0, abs=1e-9)


def kinds_of(parts: list[Part]) -> list[tuple[str, str | None]]:
    """Kinds and parties of parts."""
    return [(part.kind, part.party) for part in parts]


def test_a_scenario_is_taken_apart_and_put_together(made: Forecast) -> None:
    """Every setting is in one part, a new leader with her rating, and all parts together are the scenario."""
    asked = read_scenario(EIGHT)
    lab = asked.parties["lab"].model_copy(update={"leader": "X", "event": "gaffe"})
    more = {"parties": {"lab": lab}, "stand_downs": {"grn": ["London"]}, "polling_error": "2015"}
    asked = asked.model_copy(update=more)
    assert asked.model_fields_set == set(Scenario.model_fields) - {"name"}
    parts = parts_of(made, asked)
    assert together(made, parts) == asked
    assert kinds_of(parts) == [
        *((kind, "lab") for kind in ("leader", "mp_support", "event", "share")),
        ("turnout", "con"),
        ("turnout", "lib"),
        ("stand_downs", "grn"),
        *((kind, None) for kind in ("day", "region", "tactical", "seats", "polling_error")),
    ]
    assert parts[0].scenario.parties["lab"] == PartyScenario(leader="X", favourability=30.0)


def test_shares_that_fit_together_only_are_one_part(made: Forecast) -> None:
    """Where gains of some would not fit without losses of others, the shares are one part, and none breaks a rule."""
    shifts = {"con": 0.3, "lab": 0.28, "ref": -0.28}
    asked = Scenario(parties={party: PartyScenario(share_shift=shift) for party, shift in shifts.items()})
    check_scenario(made, asked)
    assert kinds_of(parts_of(made, asked)) == [("share", None)]
    assert together(made, parts_of(made, asked)) == asked
    small = Scenario(parties={party: PartyScenario(share_shift=shift / 10) for party, shift in shifts.items()})
    assert len(parts_of(made, small)) == 3


def test_events_after_polling_day_befall_nobody(made: Forecast) -> None:
    """An event later than the usual polling day happens only together with the later day."""
    usual = made.manifest.election_date
    late = usual + timedelta(days=30)
    asked = Scenario(
        election_date=usual + timedelta(days=60), parties={"lab": PartyScenario(event="scandal", event_date=late)}
    )
    check_scenario(made, asked)
    event, day = parts_of(made, asked)
    assert until(together(made, [event]), usual).parties["lab"] == PartyScenario()
    assert together(made, [event, day]) == asked
    assert np.allclose(*sums(waterfall(made, asked).seats, waterfall(made, asked).total_seats))
