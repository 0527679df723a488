from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from models.contest_forecast import Rallying, hold
from models.contest_kernel import contest_likelihood
from models.contest_odds import ContestHabits, draw_standings, shares
from models.contest_record import Case, Reading
from models.contest_terms import WEIGHTS, edges, terms, weights
from models.rules import Rule, Section, Stage

USUAL = {
    "spread": 0.7, "rho": 0.8, "members": 0.5, "affiliates": 0.3, "supporters": 0.8, "block": 1.2, "nominations": 0.6,
    "confidence": 0.4, "stay": 0.15, "free": 0.5, "shared": 0.2, "poll": 0.15, "drift": 0.15, "edge_mps": 0.9,
    "edge_members": 0.6, "lent": 0.4, "size_affiliates": -1.2, "size_supporters": -1.5, "size_spread": 0.5,
}  # fmt: skip
DAY = date(2016, 8, 22)
MEMBERS_DECIDE = Rule(rule="members", stages=[Stage(sections=[Section(who=["members"])])])
MPS_DECIDE = Rule(rule="mps", stages=[Stage(sections=[Section(who=["mps"])], method="exhaustive_ballot")])


def habits(**other: float) -> ContestHabits:
    return ContestHabits(**{f.name: np.full(20, (USUAL | other)[f.name]) for f in fields(ContestHabits)})


def rallying() -> Rallying:
    return Rallying(
        usual=np.full(20, 0.9), spread_new=np.full(20, 0.5), crowding=np.full(20, 0.7), noise_chosen=np.full(20, 0.35)
    )


def reading(kind: str, group: str, who: str, *share: float, day: date = DAY, **more: object) -> Reading:
    return Reading(kind=kind, group=group, who=tuple(who), share=np.array(share), day=day, **more)  # type: ignore[arg-type]


def case(*readings: Reading, paper: str = "AB", incumbent: str | None = None, party: str = "lab") -> Case:
    return Case(
        contest_id="test",
        party=party,
        paper=tuple(paper),
        result_day=date(2016, 9, 24),
        incumbent=incumbent,
        readings=readings,
    )


def mean_share(of: Case, group: str, **other: float) -> np.ndarray:
    drawn = draw_standings(of, habits(**other), n_draws=2000, seed=1)
    return shares(drawn.log_share[group]).mean(axis=0)  # type: ignore[index,no-any-return]


def test_nothing_known_is_even_chances() -> None:
    """Without a reading candidates are alike; a leader who stands has her advantage."""
    assert mean_share(case(paper="ABC"), "members") == pytest.approx([1 / 3] * 3, abs=0.03)
    assert mean_share(case(incumbent="A"), "members")[0] > 0.6


def test_a_vote_of_a_group_is_exact() -> None:
    """A ballot of members on the day says where members stand, and half and more of it where affiliates do."""
    voted = case(reading("ballot", "members", "AB", 0.7, 0.3, day=date(2016, 9, 24)))
    assert mean_share(voted, "members") == pytest.approx([0.7, 0.3], abs=0.01)
    assert 0.6 < mean_share(voted, "affiliates")[0] < 0.75
    assert 0.5 < mean_share(voted, "mps")[0] < 0.75


def test_a_covariance_by_hand() -> None:
    """A poll of two: the variance is twice that of members, of what polls share, of one poll and of a month's drift."""
    poll = reading("poll", "members", "AB", 0.5, 0.5, day=date(2016, 8, 25), sample=10**9)
    laid = terms(case(poll))
    got = np.tensordot(np.array(weights(USUAL)), laid.basis, axes=1)
    months = 30 / 30.4375
    by_hand = 2 * (0.8**2 * 0.7**2 + 0.5**2 + 0.2**2 + 0.15**2 + 0.15**2 * months + 1e-4)
    assert got[0, 0] == pytest.approx(by_hand, rel=1e-3)
    assert len(weights(USUAL)) == len(WEIGHTS)
    assert laid.y == pytest.approx([0.0])


def test_a_later_poll_counts_for_more() -> None:
    """Of two polls that disagree the one nearer to the day moves the mean further."""
    early = reading("poll", "members", "AB", 0.7, 0.3, day=date(2016, 5, 1))
    late = reading("poll", "members", "AB", 0.3, 0.7, day=date(2016, 9, 20))
    assert mean_share(case(early, late), "members")[0] < 0.45


def test_confidence_and_nominations_tell_of_mps() -> None:
    """172 against 40, and 162 of 230 who signed for the challenger, leave the leader about 3 MPs in 10."""
    told = case(
        reading("confidence", "mps", "A", 40.0, 172.0),
        reading("nominations", "mps", "B", 162.5, 68.5),
        incumbent="A",
    )
    assert 0.15 < mean_share(told, "mps")[0] < 0.4


def test_earlier_ballots_are_dimmer() -> None:
    """Who led the first of two ballots is less sure of the next than who led the last."""
    first = reading("ballot", "mps", "ABC", 60.0, 50.0, 40.0, series=True, day=date(2016, 7, 1))
    last = replace(first, round=2, day=date(2016, 7, 5))
    once = draw_standings(case(first), habits(), n_draws=4000, seed=1).log_share["mps"]
    twice = draw_standings(case(first, last), habits(), n_draws=4000, seed=1).log_share["mps"]
    apart = [float((one[:, 0] - one[:, 1]).std()) for one in (once, twice)]
    level = [float((one[:, 0] - one[:, 1]).mean()) for one in (once, twice)]
    # stay^2 and (free times the part of C, 4 in 15)^2 of two candidates: 0.28, less what the prior knows.
    assert apart[0] == pytest.approx(0.27, rel=0.1)
    assert apart[1] == pytest.approx(apart[0], rel=0.1)
    assert level[0] == pytest.approx(np.log(60 / 50), abs=0.05)
    other = replace(last, share=np.array([40.0, 60.0, 50.0]))
    turned = draw_standings(case(first, other), habits(), n_draws=4000, seed=1).log_share["mps"]
    # The last ballot says it all: a walk's next step starts from where it is, not from where it was.
    assert float((turned[:, 0] - turned[:, 1]).mean()) == pytest.approx(np.log(40 / 60), abs=0.06)
    decided = case(first, replace(last, who=("A", "B"), share=np.array([80.0, 70.0]), day=date(2016, 9, 24)))
    exact = draw_standings(decided, habits(), n_draws=500, seed=1).log_share["mps"]
    assert float((exact[:, 0] - exact[:, 1]).std()) < 0.05


def test_ranges_of_four_come_out_as_given() -> None:
    """Narrow ranges for all four candidates of a group are met: one against the rest is read about where they stand."""
    given = dict(zip("ABCD", (0.60, 0.30, 0.07, 0.03), strict=True))
    told = [reading("range", "members", name, p, 1 - p, sd=0.02) for name, p in given.items()]
    assert mean_share(case(*told, paper="ABCD"), "members") == pytest.approx(list(given.values()), abs=0.01)
    # One alone, with the others unknown, comes out a little lower: how far they are apart adds to the rest.
    assert mean_share(case(told[0], paper="ABCD"), "members")[0] == pytest.approx(0.57, abs=0.03)


def test_a_few_hundred_mps_hardly_count_among_members() -> None:
    """Where MPs' votes count like everybody's, members decide."""
    one = Rule(rule="one", stages=[Stage(sections=[Section(who=["mps", "members"])])])
    split = case(
        reading("ballot", "members", "AB", 0.2, 0.8, day=date(2016, 9, 24)), reading("confidence", "mps", "A", 9.0, 1.0)
    )
    held = hold(split, [one], habits(), rallying(), n_draws=200, seed=1)
    assert held.counts["one"].first[:, 0].mean() == pytest.approx(0.2, abs=0.01)


def test_lent_nominations_are_taken_back() -> None:
    """Of two with as many nominations the one who scraped through has fewer MPs."""
    even = reading("nominations", "mps", "AB", 36.0, 36.0)
    assert mean_share(case(replace(even, scraped=("A",))), "mps")[0] < 0.47


def test_the_likelihood_is_the_normal_distribution() -> None:
    """Value and gradients of the compiled kernel agree with SciPy and with differences."""
    from scipy.stats import multivariate_normal

    told = [
        terms(case(reading("poll", "members", "AB", 0.6, 0.4), reading("nominations", "mps", "AB", 40.0, 90.0))),
        terms(case(reading("ballot", "mps", "ABC", 60.0, 50.0, 40.0), paper="ABC", incumbent="B")),
    ]
    y = np.concatenate([one.y for one in told])
    basis = np.concatenate([one.basis.reshape(len(WEIGHTS), -1) for one in told], axis=1)
    edge, start = np.concatenate([one.edges for one in told], axis=1), np.array([0, 2, 4])
    w, e = np.array(weights(USUAL)), np.array(edges(USUAL))
    value, by_weight, by_edge = contest_likelihood(y, basis, edge, start, w, e)
    expected = sum(multivariate_normal(e @ one.edges, np.tensordot(w, one.basis, axes=1)).logpdf(one.y) for one in told)
    assert value == pytest.approx(expected)
    step = 1e-6
    for i in range(w.size):
        up = contest_likelihood(y, basis, edge, start, w + step * np.eye(w.size)[i], e)[0]
        assert by_weight[i] == pytest.approx((up - value) / step, rel=1e-3, abs=1e-4)
    for i in range(e.size):
        up = contest_likelihood(y, basis, edge, start, w, e + step * np.eye(e.size)[i])[0]
        assert by_edge[i] == pytest.approx((up - value) / step, rel=1e-3, abs=1e-4)


def test_rules_share_their_draws() -> None:
    """Members and MPs of 2016 want different leaders, and MPs do not stand behind the members' choice."""
    split = case(
        reading("ballot", "members", "AB", 0.62, 0.38, day=date(2016, 9, 24)),
        reading("confidence", "mps", "A", 40.0, 172.0),
    )
    held = hold(split, [MEMBERS_DECIDE, MPS_DECIDE], habits(), rallying(), n_draws=1000, seed=1)
    assert held.counts["members"].p_win()[0] == 1.0
    assert held.counts["mps"].p_win()[0] < 0.2
    assert held.car_crash("members").mean() > 0.8
    assert held.car_crash("mps").mean() == 0.0
    assert held.divergence(0, 1).mean() == pytest.approx(0.24 + 0.55, abs=0.2)
    assert held.support[:, 0].mean() < held.support[:, 1].mean()
    assert ((held.support > 0) & (held.support < 1)).all()


def test_the_same_seed_gives_the_same_contest() -> None:
    """Holding a contest again changes nothing."""
    one, two = (hold(case(), [MEMBERS_DECIDE], habits(), rallying(), n_draws=200, seed=5) for _ in range(2))
    assert (one.counts["members"].winner == two.counts["members"].winner).all()
    assert (one.support == two.support).all()
