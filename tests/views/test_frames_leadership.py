"""Tables, sentences and charts of leadership contests, and what the panel makes of its values."""

import importlib.util
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import load_evidence
from data.errors import BadInput
from models.contest_answer import Answer, chosen_rules
from models.contest_forecast import hold
from models.contest_replay import case_on
from models.rules import Rule, Section, Stage, known_rules, read_rule
from views import (
    charts_leadership,
    frames_leadership,
    frames_leadership_past,
    leadership_controls,
    leadership_rule,
    names_leadership,
    palette,
)
from views import sentences_leadership as sentences
from views.draw import LABELS, template

_spec = importlib.util.spec_from_file_location("contests_for_frames", Path(__file__).with_name("contests.py"))
assert _spec is not None
assert _spec.loader is not None
contests = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(contests)

EVE = date(2016, 9, 23)


@cache
def answered() -> Answer:
    """The contest of 2016 with made-up habits and no forecast."""
    tables = load_evidence(own=False)
    case, rules = case_on(tables, "lab2016", EVE), chosen_rules(tables, "lab", EVE, [])
    held = hold(case, rules, *contests.habits(EVE), n_draws=400, seed=1)
    return Answer(as_of=EVE, held=held, led={}, lasts={}, majority=0, election_date=None)


def test_each_bar_is_a_hundred() -> None:
    """Segments of a rule follow each other from 0 to 100 and agree with the table."""
    found = answered()
    segments, table = frames_leadership.chances(found), frames_leadership.chances_table(found)
    assert segments["rank"].n_unique() == table.height == len(found.held.counts)
    for _, bar in segments.group_by("rank"):
        assert bar["start"].to_list() == [0, *bar["end"].to_list()[:-1]]
        assert bar["end"].to_list()[-1] == pytest.approx(100)
    assert names_leadership.NOBODY not in table.columns
    ours = dict(segments.filter(pl.col("rank") == 0).select("candidate", "told").iter_rows())
    assert ours == {name: table[name][0] for name in found.held.candidates}
    said = sentences.chances(found)
    assert f"Labour 2014: Jeremy Corbyn {ours['Jeremy Corbyn']} and Owen Smith {ours['Owen Smith']}" in said


def test_candidates_are_told_apart_without_colour() -> None:
    """Each candidate has letters and a name of her own, and up to twelve have a colour of their own."""
    assert names_leadership.letters(["Andy Burnham", "Rebecca Long-Bailey"]) == ["AB", "RLB"]
    assert names_leadership.letters(["Ann Bee", "Al Boo"]) == ["A", "B"]
    assert names_leadership.short_names(["Ed Miliband", "David Miliband", "Rebecca Long-Bailey"]) == [
        "Ed Miliband",
        "D. Miliband",
        "Long-Bailey",
    ]
    names = [f"{chr(ord('A') + i)}x Candidate" for i in range(12)]
    looks = names_leadership.looks(names)
    assert len({label for label, _ in looks}) == len({fill for _, fill in looks}) == 13
    for _, fill in looks:
        assert palette.contrast(palette.ink_on(fill), fill) >= 4.5


def test_rules_are_named_by_party_and_year() -> None:
    """A rule is known by party and year, and its label takes three lines, however long its name."""
    known = known_rules(load_evidence(own=False))
    assert names_leadership.rule_name(known["con-1998"]) == "Cons. 1998: MPs choose two, members decide"
    assert names_leadership.rule_title("own") == "Your own"
    labels = [names_leadership.rule_row(rule, in_force=False) for rule in known.values()]
    assert {label.count("|") for label in labels} == {names_leadership.RULE_LINES - 1}
    assert len(set(labels)) == len(labels)
    assert max(len(line) for label in labels for line in label.split("|")) <= names_leadership.WRAP + 1


@pytest.mark.parametrize(("p", "said"), [(0.0, "0"), (0.001, "<1"), (0.5, "50"), (0.999, ">99"), (1.0, "100")])
def test_chances_near_an_end_are_not_rounded_to_it(p: float, said: str) -> None:
    """What may happen is never told as nought, what may fail never as a hundred."""
    assert names_leadership.in_hundred(p) == said


def test_standings_and_margins_agree() -> None:
    """Shares of a group sum to one; members' margin less the MPs' is the last row."""
    found = answered()
    shares = frames_leadership.standings(found)
    for _, group in shares.group_by("group"):
        assert group["mean"].sum() == pytest.approx(1.0)
        assert (group["lo90"] <= group["hi90"]).all()
    margins = dict(frames_leadership.margins(found).select("name", "mean").iter_rows())
    assert margins["Members less MPs"] == pytest.approx(margins["Members"] - margins["MPs"])
    said = sentences.margins(found)
    assert "Members less MPs makes +" in said
    assert "among members Jeremy Corbyn" in sentences.standings(found)


def test_report_fills_what_the_answer_lacks() -> None:
    """Seats of the report join the rules it knows; the others stay without, and columns without any go."""
    rules = answered().rules
    assert "Seats (90% range)" not in frames_leadership.rules_table(rules).columns
    filled = frames_leadership.with_report(rules, contests.rules(), "lab2016")
    table = frames_leadership.rules_table(filled)
    assert filled["rule"].to_list() == rules["rule"].to_list()
    assert table["Seats (90% range)"].to_list()[:2] == ["210 (160 to 270)", "222 (170 to 280)"]
    assert table["Price in seats (90% range)"].to_list()[2] == "–"
    other = frames_leadership.with_report(rules, contests.rules(), "lab2015")
    assert other["seats"].null_count() == other.height


def test_record_counts_favourites() -> None:
    """Favourites that won are counted where there is one, and chances are averaged as a geometric mean."""
    table = contests.replays()
    every = {score.method: score for score in frames_leadership_past.scores(table)}
    assert (every["This model"].right, every["This model"].named) == (2, 3)
    assert (every["MPs' favourite"].right, every["MPs' favourite"].named) == (0, 2)
    assert every["A lot"].right is None
    assert every["This model"].chance == pytest.approx((0.64 * 0.9 * 0.4) ** (1 / 3))
    assert sentences.record(table).endswith(
        "In the 2 with a poll of members: 60, the poll's leader 75, the MPs' favourite 35."
    )
    unpolled = table.filter(pl.col("poll_leader").is_null())
    assert "with a poll of members" not in sentences.record(unpolled)
    assert frames_leadership_past.scores_table(unpolled)["Chance given to who won, in 100"].to_list()[-1] == "–"


def test_divergence_is_told() -> None:
    """Contests in which both voted are drawn, newest first, and the furthest apart are named."""
    table = frames_leadership_past.divergences(contests.replays(), accessible=True)
    assert table["row"].to_list() == ["2022 Liz Truss", "2016 Jeremy Corbyn"]
    assert table["points"].to_list() == pytest.approx([22.0, 81.0])
    assert "Furthest apart, in points of margin: Labour 2016, won by Jeremy Corbyn (+81)" in sentences.divergences(
        table
    )
    none = frames_leadership_past.divergences(contests.replays().head(0), accessible=True)
    assert "In no past contest" in sentences.divergences(none)


def test_other_rules_are_summed_up() -> None:
    """Contests with another winner under another rule are counted, and the largest price is named."""
    said = sentences.other_rules(contests.rules())
    assert said == (
        "Of 1 past contest, 1 would likely have had another winner under at least one of the rules set beside the one "
        "in force. The largest difference in seats is that of Labour 1922 in the contest Labour 2016, won by Jeremy "
        "Corbyn: +12 (90% range −3 to +31)."
    )
    ours = contests.rules().filter(pl.col("in_force"))
    assert "largest" not in sentences.other_rules(ours)
    assert frames_leadership_past.rules_table(ours)["Price in seats (90% range)"].to_list() == ["–"]


def test_form_makes_a_rule() -> None:
    """Weights become sections, or one section where all count alike; a shortlist puts MPs first."""
    form: dict[str, Any] = {
        "name": " ", "method": "alternative_vote", "advance": 0, "nomination": 20.0, "incumbent_stands": True,
    }  # fmt: skip
    apart = read_rule(leadership_rule.rule_json({"mps": 40.0, "members": 60.0, "affiliates": 0.0}, alike=False, **form))
    assert apart == Rule(
        nomination=0.2,
        incumbent_stands=True,
        stages=[Stage(sections=[Section(who=["mps"], weight=0.4), Section(who=["members"], weight=0.6)])],
    )
    form |= {"advance": 2, "method": "two_way", "nomination": 0.0}
    alike = read_rule(leadership_rule.rule_json({"mps": 5.0, "members": 60.0}, alike=True, **form))
    assert alike.nomination is None
    assert [stage.advance for stage in alike.stages] == [2, None]
    assert alike.stages[1].sections == [Section(who=["mps", "members"])]


def test_rows_become_candidates() -> None:
    """Numbers of the table become shares, empty rows are passed over, and an empty range is the model's to fill."""
    fields = leadership_controls.fields_of("con")
    assert fields == ["favourability", "mps", "members"]
    rows = [
        {"name": "Ann", "favourability_lo": -20.0, "favourability_hi": 0.0, "mps_lo": 20.0, "mps_hi": 40.0},
        {"name": None, "mps_lo": float("nan")},
        {"name": "Bob"},
    ]
    given = leadership_controls.read_rows(rows, fields, date(2026, 12, 1))
    ann, bob = given.candidates
    assert (ann.favourability, ann.mps, ann.members) == ((-20.0, 0.0), (0.2, 0.4), None)
    assert (bob.name, bob.favourability) == ("Bob", None)
    assert given.result_day == date(2026, 12, 1)
    assert leadership_controls.frame_of(rows, fields).columns[:3] == ["name", "favourability_lo", "favourability_hi"]
    with pytest.raises(BadInput, match="Fewer than two"):
        leadership_controls.read_rows([{"name": "Ann"}], fields, None)


def fields(node: Any) -> set[str]:
    """Every field an encoding names."""
    if isinstance(node, dict):
        own = {node["field"]} if isinstance(node.get("field"), str) else set()
        return own.union(*(fields(value) for value in node.values()))
    return set().union(*(fields(value) for value in node)) if isinstance(node, list) else set()


def test_charts_draw_what_their_tables_hold() -> None:
    """Every field a chart names is a column of its table; text stands on fills and names its ink."""
    found, inline = answered(), {"at", "majority"}
    margins = frames_leadership.margins(found)
    groups = ("MPs", "Members", "Affiliates", "Supporters")
    past = frames_leadership_past.divergences(contests.replays(), accessible=False)
    drawn: list[tuple[Any, pl.DataFrame, dict[str, Any]]] = [
        (
            charts_leadership.chances,
            frames_leadership.chances(found),
            {"rows": 4, "looks": names_leadership.looks_of(found)},
        ),
        (charts_leadership.ranges, margins, {"rows": 5, "axis": "Points", "form": "+.0f"}),
        (charts_leadership.seats, margins, {"rows": 5, "majority": 326, "top": 400}),
        (charts_leadership.standings, frames_leadership.standings(found), {"rows": 2, "groups": groups}),
        (charts_leadership.past, past, {"rows": 2}),
    ]
    for chart, table, settings in drawn:
        spec = json.loads(template(chart, ("rows",), tuple(settings.items())))
        assert fields(spec["layer"]) <= {*table.columns} | inline
        assert spec.pop("config") == LABELS
        assert "labelColor" not in json.dumps(spec)
        for layer in spec["layer"]:
            assert layer.get("mark", {}).get("type") != "text" or layer["encoding"]["color"]["field"] == "ink"
