import numpy as np
import pytest

from models.ballots import NOBODY, count
from models.contest_odds import Standings
from models.rules import Group, Rule, Section, Stage

N = 50


def standings(free: float = 0.0, stay: float = 0.0, **shares: list[float]) -> Standings:
    """Standings without spread: the same shares in every draw; groups not given are even."""
    k = len(next(iter(shares.values())))
    groups: tuple[Group, ...] = ("mps", "members", "affiliates", "supporters")
    log = {g: np.tile(np.log(np.array(shares.get(g, [1.0] * k))), (N, 1)) for g in groups}
    size = {g: np.full(N, {"affiliates": 0.5, "supporters": 0.25}.get(g, 1.0)) for g in groups}
    return Standings(tuple("ABCDE"[:k]), log, size, log["mps"], np.full(N, stay), np.full(N, free))


def rule(*stages: Stage, **settings: object) -> Rule:
    return Rule(stages=list(stages), **settings)  # type: ignore[arg-type]


MPS = Stage(sections=[Section(who=["mps"])], method="exhaustive_ballot")
MEMBERS = Stage(sections=[Section(who=["members"])])
NONE = np.zeros(3, dtype=bool)


def test_votes_set_free_go_in_proportion() -> None:
    """45, 35 and 20 become 56 and 44 once the last has gone, so who led still leads."""
    found = count(rule(MEMBERS), standings(members=[0.45, 0.35, 0.20]), nominated=NONE, seed=1)
    assert (found.winner == 0).all()
    assert found.first[0] == pytest.approx([0.45, 0.35, 0.20])
    assert found.final[0] == pytest.approx([0.5625, 0.4375, 0.0], abs=1e-6)


def test_a_majority_at_once_ends_the_count() -> None:
    """Nobody is eliminated where somebody has more than half."""
    found = count(rule(MEMBERS), standings(members=[0.3, 0.6, 0.1]), nominated=NONE, seed=1)
    assert found.final[0] == pytest.approx([0.3, 0.6, 0.1], abs=1e-6)


def test_mps_choose_two_and_members_decide() -> None:
    """The members' favourite loses if MPs leave her out, and members turn round the order of the two."""
    two = rule(MPS.model_copy(update={"advance": 2}), MEMBERS)
    found = count(two, standings(mps=[0.5, 0.3, 0.2], members=[0.1, 0.3, 0.6]), nominated=NONE, seed=1)
    assert (found.winner == 1).all()
    assert found.first[0] == pytest.approx([0.25, 0.75, 0.0])


def test_a_college_weighs_its_sections() -> None:
    """A candidate behind with MPs and members wins by the unions' 40 of 100: the college of 1981."""
    college = Stage(
        sections=[
            Section(who=["affiliates"], weight=0.4),
            Section(who=["members"], weight=0.3),
            Section(who=["mps"], weight=0.3),
        ]
    )
    held = standings(affiliates=[0.2, 0.8], members=[0.55, 0.45], mps=[0.6, 0.4])
    found = count(rule(college), held, nominated=NONE[:2], seed=1)
    assert found.final[0] == pytest.approx([0.425, 0.575])
    assert (found.winner == 1).all()


def test_pooled_votes_count_by_heads() -> None:
    """Members' votes and half as many of affiliates: (0.6 + 0.5 * 0.3) / 1.5."""
    one = Stage(sections=[Section(who=["members", "affiliates"])])
    found = count(rule(one), standings(members=[0.6, 0.4], affiliates=[0.3, 0.7]), nominated=NONE[:2], seed=1)
    assert found.first[0] == pytest.approx([0.5, 0.5])


def test_the_first_ballot_may_need_a_lead() -> None:
    """204 of 356 with a lead of 15 per cent win at once; with less there is another ballot."""
    lead = rule(MPS, lead=0.15)
    held = standings(mps=[0.55, 0.42, 0.03])
    assert count(lead, held, nominated=NONE, seed=1).final[0, 2] == 0.0
    assert count(rule(MPS), held, nominated=NONE, seed=1).final[0, 2] == pytest.approx(0.03, abs=1e-6)


def test_without_the_lead_two_vote_once_more() -> None:
    """55 to 45 is a majority but no lead of 15 per cent: the second ballot needs none, and may turn out otherwise."""
    held = standings(stay=0.5, mps=[0.55, 0.45])
    assert (count(rule(MPS), held, nominated=NONE[:2], seed=2).winner == 0).all()
    found = count(rule(MPS, lead=0.15), held, nominated=NONE[:2], seed=2)
    assert 0.3 < found.p_win()[0] < 0.95


def test_a_lot_for_the_last_place_on_the_shortlist_is_told() -> None:
    """Where the lot sends one of two equals to the members, the count says so though the members' vote is clear."""
    two = rule(MPS.model_copy(update={"advance": 2}), MEMBERS)
    found = count(two, standings(mps=[0.5, 0.25, 0.25], members=[0.6, 0.2, 0.2]), nominated=NONE, seed=1)
    assert found.tied.all()
    assert (found.winner == 0).all()


def test_nominations_keep_candidates_out() -> None:
    """Who has too few MPs does not stand, unless she is known to have them or leads already."""
    asked = rule(MEMBERS, nomination=0.15, incumbent_stands=True)
    held = standings(mps=[0.7, 0.2, 0.1], members=[0.2, 0.2, 0.6])
    assert (count(asked, held, nominated=NONE, seed=1).stood == [True, True, False]).all()
    assert (count(asked, held, nominated=NONE, incumbent=2, seed=1).winner == 2).all()
    assert (count(asked, held, nominated=np.array([False, False, True]), seed=1).winner == 2).all()
    high = count(rule(MEMBERS, nomination=0.9), held, nominated=NONE, seed=1)
    assert high.p_nobody == 1.0
    assert (high.winner == NOBODY).all()
    alone = count(rule(MEMBERS, nomination=0.5), held, nominated=NONE, seed=1)
    assert (alone.stood.sum(axis=1) == 1).all()
    assert (alone.winner == 0).all()


def test_a_tie_is_broken_by_lot() -> None:
    """Two equals win about as often, the same with the same seed, and the count says that the lot decided."""
    held = standings(members=[0.5, 0.5])
    found = count(rule(MEMBERS), held, nominated=NONE[:2], seed=3)
    assert found.tied.all()
    assert 0.2 < found.p_win()[0] < 0.8
    assert (count(rule(MEMBERS), held, nominated=NONE[:2], seed=3).winner == found.winner).all()


def test_nobody_loses_votes_under_the_alternative_vote() -> None:
    """However unevenly preferences go, a count never takes a first vote away."""
    held = standings(free=1.5, members=[0.34, 0.33, 0.33])
    found = count(rule(MEMBERS), held, nominated=NONE, seed=5)
    left = found.final > 0
    assert (found.final[left] >= found.first[left] - 1e-6).all()
    assert found.final.sum(axis=1) == pytest.approx(1.0, abs=1e-6)
    assert len(set(found.winner)) > 1


def test_in_new_ballots_votes_move() -> None:
    """In a series of ballots a lead of nothing may be lost between two of them."""
    held = standings(stay=0.3, mps=[0.36, 0.34, 0.30])
    found = count(rule(MPS), held, nominated=NONE, seed=7)
    assert len(set(found.winner)) > 1
