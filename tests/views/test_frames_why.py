"""Tables, sentences and charts of what made a forecast."""

import json
from typing import Any

import polars as pl
import pytest

from models.explain import SOURCES, STEPS, TOGETHER, contributions, link_worth, variance_budget
from models.forecast import Forecast
from views import charts_why, frames_why, palette, sentences_why
from views.draw import LABELS, template

Move = tuple[float, float, float]
MOVES: dict[str, Move] = {
    "last_result": (0.34, 0.26, 0.42),
    "polls": (-0.101, -0.112, -0.09),
    "office": (0.012, -0.004, 0.03),
    "leaders": (0.002, -0.001, 0.006),
    "mps": (0.0, 0.0, 0.0),
    "campaign": (0.0, 0.0, 0.0),
    "poll_error": (-0.001, -0.004, 0.002),
}


def made_up(moves: dict[str, Move]) -> pl.DataFrame:
    """Contributions to Labour; its seats move by a thousand times its votes."""
    ends = ("", "_lo90", "_hi90")
    return pl.DataFrame(
        [
            {"step": step, "party": "lab"}
            | {
                f"{what}{end}": scale * n
                for what, scale in (("votes", 1), ("seats", 1000))
                for end, n in zip(ends, move, strict=True)
            }
            for step, move in moves.items()
        ]
    )


def parts(parts_of: dict[str, float], party: str = "lab") -> pl.DataFrame:
    """A variance budget of one party, the same for votes and seats; what is not named owns nothing."""
    rows = [(party, source, parts_of.get(source, 0.0)) for source in (*SOURCES, "seats", TOGETHER)]
    return pl.DataFrame(rows, schema=["party", "source", "votes"], orient="row").with_columns(seats=pl.col("votes"))


def test_parties_are_ranked(forecast: Forecast) -> None:
    """All parties but others can be chosen, the largest first."""
    shown = frames_why.parties(forecast)
    means = dict(forecast.vote_summary().select("party", "mean").iter_rows())
    assert set(shown) == set(forecast.parties) - {"oth"}
    assert [means[p] for p in shown] == sorted((means[p] for p in shown), reverse=True)


@pytest.mark.parametrize("what", ["votes", "seats"])
def test_bars_float_from_the_last_result_to_the_forecast(what: str, forecast: Forecast) -> None:
    """Each bar starts where the one before ends, and the last ends at the forecast's mean."""
    moved = contributions(forecast)
    for party in frames_why.parties(forecast):
        bars = frames_why.waterfall(frames_why.steps(forecast, moved, party, what), party, what, accessible=False)
        assert bars["kind"].to_list() == ["level", *["step"] * (len(STEPS) - 1), "level"]
        assert bars["start"].to_list()[1:-1] == bars["end"].to_list()[:-2]
        assert bars["end"][-1] == pytest.approx(bars["end"][-2], abs=1e-6)
        assert bars["rank"].to_list() == list(range(bars.height))
        assert bars["row"].n_unique() == bars.height


def test_numbers_stand_beside_the_bars(forecast: Forecast) -> None:
    """Rows carry their number in points or seats, and a step that adds nothing says so."""
    votes = frames_why.steps(forecast, made_up(MOVES), "lab", "votes")
    bars = frames_why.waterfall(votes, "lab", "votes", accessible=True)
    assert bars["row"].to_list()[:5] == [
        "The last result alone|34.0%",
        "Polls|−10.1",
        "Time in office|+1.2",
        "Leaders|+0.2",
        "MPs|adds nothing",
    ]
    assert bars["told"][1] == "−10.1 (−11.2 to −9.0)"
    assert bars["fill"][0] == palette.colour("lab", True)
    assert (bars["fill"][1], bars["fill"][2]) == (frames_why.DOWN, frames_why.UP)
    table = frames_why.steps_table(votes, frames_why.steps(forecast, made_up(MOVES), "lab", "seats"))
    assert table.row(0) == ("The last result alone", "34.0%", "26% to 42%", "340", "260 to 420")
    assert table.row(1) == ("Polls", "−10.1", "−11.2 to −9.0", "−101", "−112 to −90")


def test_sentence_tells_every_step(forecast: Forecast) -> None:
    """What moves the forecast comes first, then what adds next to nothing, what adds nothing, and the sum."""
    said = sentences_why.moved(frames_why.steps(forecast, made_up(MOVES), "lab", "votes"), "lab", "votes")
    assert said.startswith(
        "The last result alone would lead to expect 34.0% of the vote for Labour (90% range 26% to 42%). "
        "Polls move it by −10.1 points (−11.2 to −9.0), time in office by +1.2 points (−0.4 to +3.0, so perhaps by "
        "nothing). Leaders (+0.2, −0.1 to +0.6) and the polls' usual error (−0.1, −0.4 to +0.2) add next to nothing. "
        "MPs and the Liberals' airtime add nothing. In all: "
    )
    seats = sentences_why.moved(frames_why.steps(forecast, made_up(MOVES), "lab", "seats"), "lab", "seats")
    assert "expect 340 seats for Labour (90% range 260 to 420). Polls move it by −101 seats (−112 to −90)" in seats


def test_sentence_where_nothing_moves(forecast: Forecast) -> None:
    """Where no step adds anything, the sentence says so of all of them."""
    still = dict.fromkeys(STEPS, (0.0, 0.0, 0.0))
    said = sentences_why.moved(frames_why.steps(forecast, made_up(still), "lab", "seats"), "lab", "seats")
    steps = "Polls, time in office, leaders, MPs, the Liberals' airtime and the polls' usual error"
    assert f"{steps} add nothing." in said
    one = still | {step: (0.1, 0.05, 0.15) for step in STEPS if step != "office"}
    said = sentences_why.moved(frames_why.steps(forecast, made_up(one), "lab", "votes"), "lab", "votes")
    assert "Time in office adds nothing." in said


@pytest.mark.parametrize("what", ["votes", "seats"])
def test_uncertainty_fills_each_bar(what: str, forecast: Forecast) -> None:
    """Segments follow each other from 0 to 100 in one order, each with a colour of the legend."""
    budget = variance_budget(forecast)
    lines = frames_why.budget_lines(forecast, "snp")
    assert lines[0] == "snp"
    assert len(lines) == len(set(lines))
    segments = frames_why.budget_segments(budget, lines, what)
    labels = [label for label, _ in frames_why.budget_looks(what)]
    for _, bar in segments.group_by("bar"):
        assert bar["start"].to_list() == [0, *bar["end"].to_list()[:-1]]
        assert bar["end"].to_list()[-1] == 100
        assert [labels.index(source) for source in bar["source"]] == sorted(labels.index(s) for s in bar["source"])
    assert frames_why.budget_table(budget, lines).height == 2 * len(lines)


def test_owners_of_uncertainty_are_told() -> None:
    """The largest source comes first with its part, and leaders and MPs are named however little they own."""
    most = parts({"movement": 0.61, "poll_error": 0.23, "polls": 0.12, "habits": 0.03, "leaders": 0.01})
    assert sentences_why.owners(most, "lab", "votes") == (
        "Most of the variance of votes comes from movement until polling day: 61 in 100 for Labour, then the polls' "
        "error on the day (23) and today's polls (12). Leaders own 1 and MPs own less than 1 in 100."
    )
    split = sentences_why.owners(parts({"leaders": 0.4, "mps": 0.3, "polls": 0.3}), "lab", "seats")
    assert split == (
        "The largest part of the variance of seats comes from leaders: 40 in 100 for Labour, then today's polls (30) "
        "and MPs (30)."
    )


def test_a_party_without_seats_has_no_uncertainty() -> None:
    """Where a party wins no seat in any draw there is no bar, and the sentence and table say so."""
    none = parts({"movement": 1.0}, "yp").with_columns(seats=pl.lit(None, pl.Float64))
    assert frames_why.budget_segments(none, ["yp"], "seats").is_empty()
    assert "wins no seat in any simulation" in sentences_why.owners(none, "yp", "seats")
    assert frames_why.budget_table(none, ["yp"]).row(1)[2:] == (None,) * 8


def test_worth_starts_at_nought(forecast: Forecast) -> None:
    """Each line starts at nought on the day of the change and goes on in order of days to polling day."""
    lines = frames_why.worth_lines(link_worth(forecast, "lab"))
    for _, line in lines.group_by("link"):
        assert line["days"].to_list() == [0, 30, 90, 180, 365, forecast.manifest.lead_days]
        assert line.select("mean", "lo90", "hi90").row(0) == (0.0, 0.0, 0.0)


def test_days_are_drawn_once(forecast: Forecast) -> None:
    """Where polling day is one of the days told, or today, a line holds it once."""
    worth = link_worth(forecast, "lab")
    for lead in (0, 30):
        moved = worth.with_columns(pl.when(pl.col("days") > 365).then(lead).otherwise("days").alias("days"))
        lines = frames_why.worth_lines(moved)
        assert lines.group_by("link").len()["len"].to_list() == [5, 5]
        assert lines.filter(pl.col("days") == 0)["mean"].to_list() == [0.0, 0.0]


def test_where_a_leader_stands(forecast: Forecast) -> None:
    """Standing and MPs' support are told where they are known, and their lack where they are not."""
    assert sentences_why.where_it_starts(forecast, "lab") == (
        "Today, Labour under Andy Burnham: +8 ± 5 points and 94% of the MPs behind the leader."
    )
    assert sentences_why.where_it_starts(forecast, "lib").endswith("no evidence of MPs' support is held.")
    assert "no evidence of the leader's standing and MPs' support" in sentences_why.where_it_starts(forecast, "restore")
    assert "knows no leader of the SNP" in sentences_why.where_it_starts(forecast, "snp")


def fields(node: Any) -> set[str]:
    """Every field an encoding names."""
    if isinstance(node, dict):
        own = {node["field"]} if isinstance(node.get("field"), str) else set()
        return own.union(*(fields(value) for value in node.values()))
    return set().union(*(fields(value) for value in node)) if isinstance(node, list) else set()


def test_charts_draw_what_their_tables_hold(forecast: Forecast) -> None:
    """Every field a chart names is a column of its table; text stands on fills and names its ink."""
    rows = frames_why.steps(forecast, contributions(forecast), "lab", "votes")
    segments = frames_why.budget_segments(variance_budget(forecast), ["lab"], "seats")
    links = {"links": tuple(frames_why.LINK_LABELS.values()), "polling_day": 990}
    drawn: list[tuple[Any, pl.DataFrame, dict[str, Any]]] = [
        (
            charts_why.waterfall,
            frames_why.waterfall(rows, "lab", "votes", accessible=False),
            {"rows": 7, "axis": "Points"},
        ),
        (charts_why.budget, segments, {"rows": 1, "looks": frames_why.budget_looks("seats")}),
        (charts_why.worth, frames_why.worth_lines(link_worth(forecast, "lab")), links),
    ]
    for chart, table, settings in drawn:
        spec = json.loads(template(chart, ("rows",), tuple(settings.items())))
        assert fields(spec["layer"]) <= set(table.columns)
        assert spec.pop("config") == LABELS
        assert "labelColor" not in json.dumps(spec)
        for layer in spec["layer"]:
            assert layer["mark"]["type"] != "text" or layer["encoding"]["color"]["field"] == "ink"


def test_sources_can_be_told_apart() -> None:
    """Each source has a colour and a short name of its own."""
    looks = frames_why.budget_looks("seats")
    assert len({label for label, _ in looks}) == len({fill for _, fill in looks}) == len(SOURCES) + 2
    assert len(frames_why.budget_looks("votes")) == len(looks) - 1
