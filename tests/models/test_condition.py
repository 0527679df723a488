import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.errors import BadInput
from models.answer import base_of
from models.condition import FEWEST, Given, check_given, condition, given_of, log_weights, matching, read_given
from models.forecast import Forecast
from models.scenario import Scenario, run_scenario, simulator
from models.scenario_check import is_answer
from models.seat_margins import seat_margins, share_blocks
from tests.views.synthetic import synthetic_forecast

SEAT = "E14000000"


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 400 draws."""
    return synthetic_forecast(draws=400)


def drawn(forecast: Forecast, winners: list[list[int]], votes: list[list[float]] | None = None) -> Forecast:
    """The small forecast with other draws: rows of winners, and of votes, repeated fifty times."""
    outcome = forecast.tree["outcome"].to_dataset().isel(draw=slice(0, 50 * len(winners)))
    outcome["winner"] = (("draw", "constituency"), np.repeat(np.array(winners, dtype=np.int8), 50, axis=0))
    if votes is not None:
        outcome["vote_share"] = (("draw", "party"), np.repeat(np.array(votes), 50, axis=0))
    groups = {name: forecast.tree[name].to_dataset() for name in ("votes", "seats", "path", "polls")}
    groups["votes"] = groups["votes"].isel(draw=slice(0, 50 * len(winners)))
    return replace(forecast, tree=xr.DataTree.from_dict({**groups, "outcome": outcome}))


@pytest.fixture
def toy(forecast: Forecast) -> Forecast:
    """Four kinds of draws, 50 of each: Conservatives (0) win 3:1, Labour (1) does, then twice 2:2, and the Speaker."""
    votes = [[0.5, 0.3, 0.2], [0.3, 0.5, 0.2], [0.4, 0.4, 0.2], [0.42, 0.38, 0.2]]
    return drawn(forecast, [[0, 0, 0, 1, 3], [1, 1, 1, 0, 3], [0, 1, 0, 1, 3], [0, 1, 1, 0, 3]], votes)


def kinds(forecast: Forecast, given: Given) -> list[float]:
    """Weights of the four kinds of draws."""
    weights = np.exp(log_weights(forecast, given)).reshape(4, 50)
    assert (weights == weights[:, :1]).all()
    return [float(w) for w in weights[:, 0]]


def test_weights_by_hand(toy: Forecast) -> None:
    """A seat, a majority and a largest party weigh 1 or 0, a tie a half, and a share by the normal kernel."""
    assert kinds(toy, Given(seats={SEAT: "con"})) == [1, 0, 1, 1]
    assert kinds(toy, Given(majority="lab")) == [0, 1, 0, 0]
    assert kinds(toy, Given(majority="none")) == [0, 0, 1, 1]
    assert kinds(toy, Given(largest="con")) == [1, 0, 0.5, 0.5]
    shares = kinds(toy, Given(votes={"con": 0.4}, tolerance=0.05))
    assert shares == pytest.approx([np.exp(-2.0), np.exp(-2.0), 1.0, np.exp(-0.08)])
    both = kinds(toy, Given(votes={"con": 0.4}, tolerance=0.05, seats={"E14000002": "lab"}))
    assert both == pytest.approx([0, np.exp(-2.0), 0, np.exp(-0.08)])


def test_the_conditional_is_exact(toy: Forecast) -> None:
    """Given the first seat, the others go as they do in the 150 draws that have it, to one draw in 200."""
    given = Given(seats={SEAT: "con"})
    assert matching(toy, given) == pytest.approx(150)
    seen = condition(toy, given, summaries=False)
    assert seen.n_draws == 200
    assert seen.p_win[0].tolist() == [1, 0, 0, 0]
    assert seen.p_win[1, 0] == pytest.approx(1 / 3, abs=1 / 200)
    assert seen.p_majority()["con"] == pytest.approx(1 / 3, abs=1 / 200)
    assert seen.p_hung() == pytest.approx(2 / 3, abs=1 / 200)
    assert seen.votes.mean(axis=0) == pytest.approx([0.44, 0.36, 0.2], abs=0.002)


def test_nothing_given_is_the_forecast_itself(toy: Forecast) -> None:
    """Without a condition the same object comes back, and every draw counts."""
    assert condition(toy, Given()) is toy
    assert condition(toy, Given(tolerance=0.02)) is toy
    assert matching(toy, Given()) == pytest.approx(toy.n_draws)
    assert given_of(toy) is None


def test_too_few_matches_are_refused(toy: Forecast) -> None:
    """Below a hundred effective draws there is no answer but a sentence that names the number."""
    with pytest.raises(
        BadInput, match=r'^Only 50 of 200 simulations match; widen the condition or use "make it so"\.$'
    ):
        condition(toy, Given(majority="lab"))
    with pytest.raises(BadInput, match="No simulation matches; widen"):
        condition(toy, Given(majority="lab", seats={SEAT: "con"}))
    assert matching(toy, Given(majority="none")) == pytest.approx(FEWEST)
    assert condition(toy, Given(majority="none"), summaries=False).p_hung() == 1


def test_all_draws_are_taken_alike(made: Forecast) -> None:
    """Votes, seats' parameters and the arrival's state are those of the same draws, and what has no draws is kept."""
    seen = condition(made, Given(largest="lab"), summaries=False)
    place = {row.tobytes(): i for i, row in enumerate(made.votes)}
    rows = np.array([place[row.tobytes()] for row in seen.votes])
    assert (seen.winner == made.winner[rows]).all()
    for group in ("votes", "seats"):
        for name, array in made.tree[group].ds.data_vars.items():
            if "draw" in array.dims:
                assert (seen.tree[group].ds[name].values == array.isel(draw=rows).values).all(), name
    assert seen.tree["path"].ds.identical(made.tree["path"].ds)
    assert seen.p_largest()["lab"] > 0.99
    assert seen.votes[:, 1].mean() > made.votes[:, 1].mean()


def test_the_seed_settles_the_choice(made: Forecast) -> None:
    """The same question twice gives the same bytes."""
    one, two = (condition(made, Given(votes={"lab": 0.27}, tolerance=0.03), summaries=False) for _ in range(2))
    assert one.winner.tobytes() == two.winner.tobytes()
    assert one.manifest == two.manifest


def test_shares_by_constituency_are_those_of_the_chosen_draws(made: Forecast) -> None:
    """Means equal those of the chosen draws' shares, quantiles come within a bin, absent lines and the Speaker stay."""
    seen = condition(made, Given(largest="lab"))
    place = {row.tobytes(): i for i, row in enumerate(made.votes)}
    rows = [place[row.tobytes()] for row in seen.votes]
    engine = simulator(made)
    shares = np.concatenate(list(engine.share_blocks(engine.prepare(made.votes))))[rows].astype(float)
    outcome = seen.tree["outcome"].ds
    assert np.abs(outcome["share_mean"].values - shares.mean(axis=0).T).max() < 1e-6
    high = np.quantile(shares, 0.95, axis=0).T
    assert np.abs(outcome["share_quantile"].sel(quantile=0.95).values - high).max() < 0.01
    before = made.tree["outcome"].ds
    assert ((outcome["share_mean"].values == 0) == (before["share_mean"].values == 0)).all()
    assert (outcome["share_quantile"].values[:, before["share_mean"].values == 0] == 0).all()
    chorley = engine.base.is_speaker
    assert (outcome["share_quantile"].values[:, chorley] == before["share_quantile"].values[:, chorley]).all()
    assert seen.constituency(str(outcome["constituency"].values[0]))["mean"].sum() == pytest.approx(1, abs=1e-5)


def test_a_result_says_what_it_supposes(made: Forecast) -> None:
    """What was given stands in the manifest, beside the scenario of an answer, and nothing more can be put to it."""
    given = Given(votes={"lab": 0.26}, tolerance=0.03)
    seen = condition(made, given, summaries=False)
    assert given_of(seen) == given
    assert is_answer(seen)
    with pytest.raises(BadInput, match="supposes something already"):
        condition(seen, Given(largest="lab"))
    with pytest.raises(BadInput, match="the answer to a scenario already"):
        run_scenario(seen, Scenario(tactical=0.0))
    both = condition(run_scenario(made, Scenario(tactical=0.5), summaries=False), given, summaries=False)
    assert json.loads(both.manifest.scenario or "")["tactical"] == 0.5
    assert given_of(both) == given
    assert "share_mean" not in both.tree["outcome"].ds


def test_shares_and_margins_of_an_answer(made: Forecast) -> None:
    """An answer's shares are drawn again as the scenario left them, and the winners of the chosen draws are theirs."""
    answer = run_scenario(made, Scenario(tactical=0.0))
    seen = condition(answer, Given(largest="lab"))
    assert base_of(seen) is made
    shares = np.concatenate(list(share_blocks(seen)))
    assert len(shares) == seen.n_draws
    gb = made.tree["seats"].ds["nation_of"].values != "Northern Ireland"
    assert (shares.argmax(axis=1)[:, gb] == seen.winner[:, gb]).mean() > 0.9999
    mean = seen.tree["outcome"].ds["share_mean"].values
    assert np.abs(mean - shares.astype(float).mean(axis=0).T).max() < 1e-6
    majority = seat_margins(seen).majority[0]
    top = np.sort(shares, axis=1)
    assert majority == pytest.approx((top[:, -1] - top[:, -2]).mean(axis=0), abs=1e-5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given(votes={"labor": 0.3}), 'No party with a vote of its own "labor" in this forecast. Nearest: "lab"'),
        (Given(votes={"lab": 0.6, "con": 0.6}), "sum to 120.0% of the vote"),
        (Given(votes={"con": 0.3, "lab": 0.3, "oth": 0.2}), "of all parties, but sum to 80.0%"),
        (Given(votes={"oth": 0.9}), 'No simulation comes near 90.0% of the vote for "oth": they have 20.0% to 20.0%'),
        (Given(largest="spk"), 'No party "spk"'),
        (Given(majority="hung"), 'No party "hung"'),
        (Given(largest="con", majority="lab"), '"lab" cannot have a majority while "con" is the largest'),
        (Given(seats={"E14000009": "con"}), r'No constituency "E14000009" in this forecast. Nearest: "E1400000'),
        (Given(seats={"seat 3": "con"}), r'Nearest: "E14000003" \(Seat 3\)'),
        (Given(seats={SEAT: "grn"}), r'"grn" does not stand in Seat 0 \(E14000000\). Standing: con, lab, oth, spk'),
    ],
)
def test_what_cannot_be_observed_is_refused(given: Given, said: str, toy: Forecast) -> None:
    """A code that is not there is answered with the nearest, and a contradiction names both sides."""
    with pytest.raises(BadInput, match=said):
        check_given(toy, given)


def test_majority_and_hung_parliament_with_a_largest_party_can_be(toy: Forecast) -> None:
    """A hung parliament has a largest party, and a majority is its own largest."""
    check_given(toy, Given(largest="con", majority="none"))
    check_given(toy, Given(largest="con", majority="con"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"vote": {}}', 'Unknown setting "vote"'),
        ('{"seats": {"E14000000": "con", "E14000000": "lab"}}', r"twice \(con and lab\)"),
        ('{"votes": {"lab": 1.2}}', '"votes.lab" = 1.2 is not allowed'),
        ('{"votes": {"lab": NaN}}', "NaN"),
        ('{"tolerance": 0}', '"tolerance" = 0'),
        ('{"votes": {"lab": "0.3"}}', '"votes.lab" = '),
        ("[", "not JSON"),
    ],
)
def test_bad_text_is_refused(text: str, said: str) -> None:
    """What breaks the schema is answered in one sentence, and one seat cannot have two winners."""
    with pytest.raises(BadInput, match=said):
        read_given(text)


def test_text_is_read() -> None:
    """JSON gives what it says."""
    given = read_given('{"votes": {"lab": 0.3}, "seats": {"E14000000": "con"}, "majority": "none"}')
    assert given == Given(votes={"lab": 0.3}, seats={SEAT: "con"}, majority="none")
