from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
import xarray as xr

from data.errors import BadInput
from models.arrival import arrive
from models.explain import CHANGES, SOURCES, STEPS, TOGETHER, contributions, link_worth, variance_budget
from models.explain_text import (
    LINK_NAMES,
    SOURCE_NAMES,
    STEP_NAMES,
    explain_json,
    explain_text,
    link_sentence,
    verdict,
)
from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, run_scenario, simulator
from models.swing import outcome_of
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 300 draws."""
    return synthetic_forecast(draws=300)


def without(forecast: Forecast, name: str) -> Forecast:
    """The same forecast with one part of the arrival model's state at nought in every draw."""
    state = forecast.tree["votes"].to_dataset()
    return rebuilt(forecast, state.assign({name: xr.zeros_like(state[name])}))


def rebuilt(forecast: Forecast, state: xr.Dataset) -> Forecast:
    """The same forecast with another state of the arrival model."""
    votes = arrive(state, forecast.manifest.lead_days)
    drawn = simulator(forecast).simulate(votes, summaries=True)
    outcome = outcome_of(votes, drawn, forecast.tree["outcome"].ds.coords)
    groups = {name: forecast.tree[name].to_dataset() for name in ("seats", "path", "polls")}
    return replace(forecast, tree=xr.DataTree.from_dict({**groups, "votes": state, "outcome": outcome}))


def test_steps_add_up_to_the_forecast(made: Forecast) -> None:
    """Over all steps a party's votes and seats sum to the means of the forecast, and every interval holds its mean."""
    table = contributions(made)
    assert table.group_by("party", maintain_order=True).agg("step")["step"].to_list() == [list(STEPS)] * len(
        made.parties
    )
    total = table.group_by("party", maintain_order=True).agg(pl.col("votes", "seats").sum())
    assert np.allclose(total["votes"], made.votes.mean(axis=0))
    seats = [made.seats[:, made.lines.index(party)].mean() for party in total["party"]]
    assert np.allclose(total["seats"], seats)
    small = table.filter(pl.col("votes").abs() < 1e-9)["votes"].len()
    inside = ((table["votes_lo90"] <= table["votes"]) & (table["votes"] <= table["votes_hi90"])).sum()
    assert inside >= table.height - small


def test_evidence_that_says_nothing_adds_nothing(made: Forecast) -> None:
    """A pull that is nought in every draw moves no vote and no seat and owns no uncertainty."""
    silent = without(made, "leaders")
    step = contributions(silent).filter(pl.col("step") == "leaders")
    assert step.select(pl.exclude("step", "party")).to_numpy() == pytest.approx(0.0, abs=1e-12)
    assert contributions(made).filter(pl.col("step") == "leaders")["votes"].abs().max() > 1e-9  # type: ignore[operator]


def test_uncertainty_is_shared_out_whole(made: Forecast) -> None:
    """Parts of every party lie between 0 and 1 and sum to 1, and how votes fall over seats owns none of the votes."""
    table = variance_budget(made)
    for part in table.partition_by("party"):
        assert set(part["source"]) == {*SOURCES, "seats", TOGETHER}
        assert part["votes"].sum() == pytest.approx(1.0)
        assert part["seats"].null_count() in {0, part.height}
        assert part["seats"].null_count() or part["seats"].sum() == pytest.approx(1.0)
        assert part.select(pl.col("votes", "seats").drop_nulls().is_between(0, 1).all()).row(0) == (True, True)
    assert (table.filter(pl.col("source") == "seats")["votes"] == 0).all()


def test_the_largest_source_is_found(made: Forecast) -> None:
    """Movement until polling day, the largest there, owns most of the uncertainty; taken away, it owns next to none."""
    still = without(made, "shock_path")
    for forecast, least, most in ((made, 0.4, 0.8), (still, 0.0, 0.15)):
        table = variance_budget(forecast)
        owned = table.filter(pl.col("source") == "movement", pl.col("party").is_in(["con", "lab", "ref"]))["votes"]
        assert owned.is_between(least, most).all()


def test_a_source_alone_owns_everything(made: Forecast) -> None:
    """Where draws differ by one source alone, that source owns the variance, up to what 300 draws leave open."""
    state = made.tree["votes"].to_dataset()
    same = state.map(lambda values: values.copy(data=np.broadcast_to(values.values[:1], values.shape)))
    for names, source, what in (((), "seats", "seats"), (("shock_final",), "poll_error", "votes")):
        only = rebuilt(made, same.assign({name: state[name] for name in names}))
        owned = variance_budget(only).filter(pl.col("source") == source, pl.col("party").is_in(["con", "lab", "lib"]))
        assert (owned[what] > 0.6).all()


def test_worth_is_about_that_of_a_scenario(made: Forecast) -> None:
    """A leader ten points better liked moves her party in a scenario by its worth, less what rivals do not give way."""
    table = link_worth(made, "lab")
    told = table.filter(pl.col("link") == "favourability").row(-1, named=True)
    now = next(leader.favourability for leader in made.manifest.leaders if leader.party == "lab")
    other = run_scenario(made, Scenario(parties={"lab": PartyScenario(favourability=now + 10)}))
    lab = made.parties.index("lab")
    assert told["days"] == made.manifest.lead_days
    assert 0.65 * told["mean"] < 100 * (other.votes - made.votes)[:, lab].mean() < 1.1 * told["mean"]
    for link in CHANGES:
        means = table.filter(pl.col("link") == link)["mean"].to_list()
        assert means == sorted(means)


@pytest.mark.parametrize(
    ("what", "move", "said"),
    [
        ("votes", (0.0, 0.0, 0.0), "nothing"),
        ("votes", (0.0001, -0.0003, 0.0004), "nothing"),
        ("votes", (0.002, -0.001, 0.006), "next to nothing"),
        ("votes", (0.02, -0.001, 0.05), "perhaps nothing"),
        ("votes", (0.002, 0.001, 0.003), ""),
        ("seats", (0.2, -0.4, 0.4), "nothing"),
        ("seats", (-2.0, -9.0, 4.0), "next to nothing"),
        ("seats", (-20.0, -50.0, 4.0), "perhaps nothing"),
        ("seats", (-20.0, -50.0, -4.0), ""),
    ],
)
def test_verdict(what: str, move: tuple[float, float, float], said: str) -> None:
    """What rounds to nought is nothing, what is small and may be none next to nothing; what is certain has no word."""
    assert verdict(what, *move) == said


def test_everything_has_a_name() -> None:
    """Each step, source and link of the reckoning has its words."""
    assert set(STEP_NAMES) == set(STEPS)
    assert set(SOURCE_NAMES) == {*SOURCES, "seats", TOGETHER}
    assert set(LINK_NAMES) == set(CHANGES)


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        (
            990,
            "1.3 points of the vote to Labour a year later (90% range 0.8 to 1.8) and 2.0 by polling day, 990 days on",
        ),
        (365, "1.3 points of the vote to Labour a year later (90% range 0.8 to 1.8); it is positive in 97 of 100"),
        (
            60,
            "2.0 points of the vote to Labour by polling day, 60 days on (90% range 1.5 to 2.5); it is positive in 98",
        ),
    ],
)
def test_link_is_told_in_words(lead: int, said: str) -> None:
    """The sentence gives a year and polling day; where polling day comes first or is that day, only the one."""
    rows = {30: (0.3, 0.2, 0.4, 0.99), lead: (2.0, 1.5, 2.5, 0.98)} | (
        {365: (1.3, 0.8, 1.8, 0.97)} if lead > 60 else {}
    )
    table = pl.DataFrame(
        [("favourability", days, *row) for days, row in sorted(rows.items())],
        schema=["link", "days", "mean", "lo90", "hi90", "p_positive"],
        orient="row",
    )
    assert f"Ten points more favourable is worth {said}" in link_sentence(table, "favourability", "Labour")


def test_worth_is_told_up_to_polling_day(made: Forecast) -> None:
    """Days beyond polling day are left out, and none is told twice."""
    for lead, days in ((990, [30, 90, 180, 365, 990]), (180, [30, 90, 180]), (20, [20])):
        day = made.manifest.as_of + timedelta(days=lead)
        manifest = made.manifest.model_copy(update={"election_date": day})
        told = link_worth(replace(made, manifest=manifest), "lab")
        assert told.filter(pl.col("link") == "support")["days"].to_list() == days


def test_json_holds_every_number(made: Forecast) -> None:
    """The plain data hold all parties, steps, sources and links, or those of one party, and agree with the tables."""
    told = explain_json(made)
    assert set(told["contributions"]) == set(told["variance"]) == set(told["links"]) == set(made.parties)
    table = contributions(made).filter(pl.col("party") == "lab", pl.col("step") == "polls")
    assert told["contributions"]["lab"]["polls"]["votes"]["mean"] == pytest.approx(table["votes"][0], abs=1e-5)
    assert set(told["variance"]["lab"]) == set(SOURCE_NAMES)
    assert [row["days"] for row in told["links"]["lab"]["support"]][-1] == made.manifest.lead_days
    assert set(explain_json(made, "ref")["links"]) == {"ref"}


def test_text_tells_of_one_party_or_all(made: Forecast) -> None:
    """The page for a terminal has a block a party, largest first, and says what is association."""
    every, one = explain_text(made), explain_text(made, "lab")
    heads = [line.split()[0] for line in every.splitlines() if "votes %" in line]
    assert set(heads) == set(made.parties)
    assert heads[0] == made.vote_summary().sort("mean", descending=True)["party"][0]
    assert [line.split()[0] for line in one.splitlines() if "votes %" in line] == ["lab"]
    for part in ("the forecast", "uncertainty of seats, in 100", "Ten points more favourable", "associations"):
        assert part in one
    assert "-0.0" not in every


def test_a_party_that_is_not_there_is_refused(made: Forecast) -> None:
    """A code the forecast does not have is answered with those it has."""
    with pytest.raises(BadInput, match=r'No party "labour" in this forecast\. Allowed: con, lab'):
        explain_text(made, "labour")
