"""Small tables and sentences of the track record, each against a report small enough to read."""

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from models.reports import SCHEMA, TrackRecord
from views import charts_calibration, charts_track, frames_track, palette, sentences_past, sentences_track
from views.draw import LABELS, template
from views.metrics_track import METHOD_COLOURS, METRICS

FIRST, SECOND = date(2015, 5, 7), date(2019, 12, 12)
VOTES = METRICS["Votes: error"]


def skill_entry(other: str, lead: int, ratio: tuple[float, ...], difference: tuple[float, ...]) -> dict[str, Any]:
    """One comparison of the full model, each triple a value and its 90 % interval."""
    names = ["ours", "theirs"] + [f"{name}{end}" for name in ("ratio", "difference") for end in ("", "_lo90", "_hi90")]
    numbers = dict(zip(names, (0.022, 0.025, *ratio, *difference), strict=True))
    return {"metric": "vote_mae", "lead_days": lead, "other": other, "elections": 2, **numbers}


def covered_entry(what: str, level: int, lead: int | None, part: float) -> dict[str, Any]:
    band = {"band_lo": level / 100 - 0.04, "band_hi": level / 100 + 0.04}
    return {"what": what, "level": level, "lead_days": lead, "covered": part, "elections": 2, **band}


ROWS = [
    (SECOND, lead, "full", f"{what}_{name}", party, value)
    for lead in (30, 1)
    for party, numbers in {"con": (340, 300, 390, 365), "lab": (230, 205, 260, 202), "lib": (20, 11, 30, 11)}.items()
    for what, scale in (("seat", 1.0), ("vote", 0.001))
    for name, value in zip(("mean", "lo90", "hi90", "result"), (scale * n for n in numbers), strict=True)
] + [
    (SECOND, 30, "full", "majority_chance", "con", 0.62),
    (SECOND, 30, "full", "hung_chance", "", 0.38),
    (SECOND, 1, "full", "seat_mae_no_snp", "", 12.0),
    (SECOND, 30, "full", "seat_mae_no_snp", "", 20.0),
    (SECOND, 0, "exit_poll", "seat_mae_no_snp", "", 5.0),
    (SECOND, 0, "published: Near", "seat_mae_no_snp", "", 8.0),
    (SECOND, 0, "published: Far", "seat_mae_no_snp", "", 30.0),
    (SECOND, 0, "published: Far", "seat_mean", "con", 300.0),
    (FIRST, 0, "exit_poll", "seat_mae_no_snp", "", 9.0),
    (FIRST, 1, "full", "vote_mae", "", 0.010),
    (SECOND, 1, "full", "vote_mae", "", 0.014),
    (FIRST, 30, "full", "vote_mae", "", 0.020),
    (SECOND, 30, "full", "vote_mae", "", 0.022),
    (FIRST, 30, "no_change", "vote_mae", "", 0.050),
    (SECOND, 30, "no_change", "vote_mae", "", 0.050),
    (SECOND, 30, "shrunk_poll_mean", "vote_mae", "", 0.024),
    (SECOND, 30, "poll_mean_normal", "vote_mae", "", 0.030),
]
SUMMARY: dict[str, Any] = {
    "made_with": {"code": "c0de", "tables": "7ab1e5", "seed": 1},
    "elections": ["2015-05-07", "2019-12-12"],
    "leads": [1, 30],
    "skill": [
        skill_entry("shrunk_poll_mean", 30, (0.88, 0.7, 1.1), (-0.003, -0.01, 0.002)),
        skill_entry("shrunk_poll_mean", 1, (0.5, 0.4, 0.6), (-0.01, -0.02, -0.005)),
        skill_entry("polls_only", 30, (0.9, 0.8, 1.2), (-0.001, -0.003, 0.002)),
        skill_entry("no_polls", 30, (0.5, 0.4, 0.6), (-0.02, -0.03, -0.01)),
        skill_entry("no_mps", 30, (1.2, 1.1, 1.3), (0.004, 0.002, 0.006)),
        skill_entry("leave_one_out", 30, (1.2, 1.1, 1.3), (0.004, 0.002, 0.006)),
    ],
    "coverage": [
        covered_entry("votes", 90, None, 0.8),
        covered_entry("votes", 50, None, 0.5),
        covered_entry("seats", 90, None, 0.97),
        covered_entry("constituency", 90, None, 0.9),
        covered_entry("votes", 90, 30, 0.91),
    ],
    "reliability": [
        {"lead_days": 30, "bin": 9, "n": 50, "chance": 0.97, "won": 0.9, "won_lo90": 0.85, "won_hi90": 0.95},
        {"lead_days": 30, "bin": 0, "n": 90, "chance": 0.02, "won": 0.01, "won_lo90": 0.0, "won_hi90": 0.03},
    ],
    "pit": [
        {"what": "vote", "lead_days": 30, "bin": 0, "n": 3},
        {"what": "vote", "lead_days": 30, "bin": 7, "n": 2},
    ],
    "misses": [
        {
            "what": "seat",
            "lead_days": 30,
            "election_date": "2019-12-12",
            "party": "ref",
            "said": 30.4,
            "lo90": 9.6,
            "hi90": 55.0,
            "came": 0.0,
            "inside": False,
        }
    ],
    "failures": [],
}


@pytest.fixture
def record() -> TrackRecord:
    """A report of two elections."""
    return TrackRecord(table=pl.DataFrame(ROWS, schema=SCHEMA, orient="row"), summary=SUMMARY)


@pytest.fixture
def empty() -> TrackRecord:
    """A report that holds nothing but its head."""
    parts = ("skill", "coverage", "reliability", "pit", "misses")
    return TrackRecord(table=pl.DataFrame(schema=SCHEMA), summary=SUMMARY | {part: [] for part in parts})


def test_lines_of_skill_are_in_points_and_in_order(record: TrackRecord) -> None:
    """Means come in points, the model first, longest lead first, and no rule of chances among errors.

    At 30 days one rule has one election only, so all lines are over that one.
    """
    lines = frames_track.skill_lines(record, VOTES)
    assert lines.select("method", "lead_days", "value", "elections").rows() == [
        ("This model", 30, pytest.approx(2.2), 1),
        ("This model", 1, pytest.approx(1.2), 2),
        ("Shrunk poll mean", 30, pytest.approx(2.4), 1),
        ("No change", 30, pytest.approx(5.0), 1),
    ]


def test_skill_is_told_with_its_interval(record: TrackRecord) -> None:
    """The sentence has both errors, the ratio and its interval, and says whether 1 is inside."""
    text = sentences_track.skill(record, VOTES, 30)
    assert text.startswith(
        "30 days before polling day the model's votes were wrong by 2.2 points on average over 1 election. Over the 2 "
        "elections with both, the shrunk poll mean's by 2.5 points and the model's by 2.2 points: 0.88 times that "
        "(90% interval 0.70 to 1.10)."
    )
    assert "The interval includes 1" in text
    every = sentences_track.skill_at_all_leads(record, VOTES)
    assert every.endswith("the model is better at 1; not to be told apart at 30.")


def test_elections_of_the_lines_are_told(record: TrackRecord) -> None:
    """The page says over how many elections all lines are, and why some lead times hold fewer."""
    lines = frames_track.skill_lines(record, VOTES)
    assert "all lines are over the same elections, 1 to 2 of them" in sentences_track.shared(lines)
    assert sentences_track.shared(lines.filter(lead_days=1)) == "All lines are over the same 2 elections."
    assert sentences_track.shared(lines.clear()) == ""


def test_evidence_says_of_what_no_effect_is_seen(record: TrackRecord) -> None:
    """Evidence lowers the error, raises it, or does nothing to be told; later elections are no evidence."""
    table = frames_track.evidence(record, VOTES, 30)
    assert table["row"].to_list()[-1].endswith("not a forecast")
    assert table.filter(adds="polls").row(0, named=True)["difference"] == pytest.approx(-2.0)
    assert sentences_track.evidence(table, VOTES, 30) == (
        "30 days before polling day, over 2 elections, the error in votes was lowered by polls (by 2.00 points, 90% "
        "interval 1.00 to 3.00); the error in votes was raised by MPs' support (by 0.40 points, 90% interval 0.20 to "
        "0.60); no effect can be seen of all that is not polls."
    )


def test_coverage_says_in_which_direction_ranges_err(record: TrackRecord) -> None:
    """Below the band ranges are too narrow, above it too wide; one lead time is not all together."""
    table = frames_track.coverage(record, None)
    assert table.select("what", "level", "verdict").rows() == [
        ("votes", 50, "about right"),
        ("votes", 90, "too narrow"),
        ("seats", 90, "too wide"),
        ("constituency", 90, "about right"),
    ]
    text = sentences_track.coverage(table, None)
    assert "80% in votes, 97% in seats" in text
    assert text.endswith(
        "Ranges of votes are too narrow at 90%; those of seats are too wide at 90%; those of constituency shares are "
        "neither too narrow nor too wide, as far as can be told."
    )
    assert frames_track.coverage(record, 30)["covered"].to_list() == [91.0]


def test_chances_that_came_too_seldom_are_bold(record: TrackRecord) -> None:
    """A chance outside its interval and too far from one half counts as too bold."""
    table = frames_track.reliability(record, 30)
    assert table["bin"].to_list() == [0, 9]
    text = sentences_track.reliability(table, 30)
    assert "in 1 of 2 groups of chances; 1 was too bold" in text
    assert "50 highest chances (on average 97 in 100), 90 in 100 won (85 to 95)" in text


def test_empty_tenths_are_drawn(record: TrackRecord) -> None:
    """All ten tenths are there, and the sentence counts those outside and in the upper half."""
    table = frames_track.pit(record, 30)
    assert table["n"].to_list() == [3, 0, 0, 0, 0, 0, 0, 2, 0, 0]
    assert table["expected"].unique().to_list() == [0.5]
    assert "of 5 results in votes 3 fell in the outer two tenths, where right ranges leave about 1, and 2" in (
        sentences_track.pit(table, 30)
    )


def test_misses_bear_the_names_of_their_day(record: TrackRecord) -> None:
    """A miss names the party as it was called then, with whole seats."""
    rows = frames_track.misses(record, "seat", 30)
    assert sentences_past.misses(rows, "seat", 30) == (
        "30 days before polling day the largest miss in seats was the Brexit Party in 2019: 30 said (90% range 10 to "
        "55), 0 came. Of the 1 largest, 1 lay outside their 90% range."
    )
    assert sentences_past.miss_row(rows[0], "seat")["Range"] == "outside"
    assert palette.line_in("lib", 1974).who == "the Liberals"
    assert palette.line_in("lib", 1987).name == "Liberal-SDP Alliance"
    assert palette.line_in("lib", 2024) == palette.line("lib")


def test_story_is_told_from_the_rows(record: TrackRecord) -> None:
    """What would have been said has votes and seats with ranges and chances in words; what came has the majority."""
    text = sentences_past.would_have_said(record, SECOND, 30)
    assert text.startswith("30 days before, on 12 November 2019: the Conservatives 340 seats (300 to 390) on 34% (30% ")
    assert text.endswith(
        "A Conservative majority more likely than not (about 6 in 10) and a hung parliament less likely than not "
        "(about 4 in 10)."
    )
    came = sentences_past.what_came(record, SECOND)
    assert "the Conservatives 365 seats on 36%" in came or "the Conservatives 365 seats on 37%" in came
    assert came.endswith("The Conservatives had a majority.")
    table = frames_track.story(record, SECOND, accessible=False)
    assert table["place"].unique(maintain_order=True).to_list() == ["30", "1"]
    assert sentences_past.story(table, SECOND).startswith("Of the 6 ranges of seats drawn, 4 held the result")


def test_published_forecasts_stand_beside_the_eve(record: TrackRecord) -> None:
    """Only elections with published forecasts count, and the model's shortest lead time only."""
    table = frames_track.published(record)
    assert table.select("name", "error").rows() == [
        ("Exit poll", 5.0),
        ("Near", 8.0),
        ("This model", 12.0),
        ("Far", 30.0),
    ]
    assert sentences_past.published(table) == (
        "Of 2 published forecasts of 1 election, this model's last one was nearer in seats than 1; and than 0 of "
        "1 exit poll."
    )


def test_an_empty_report_makes_empty_tables(empty: TrackRecord) -> None:
    """A report without rows gives tables without rows and sentences that say so."""
    for metric in METRICS.values():
        assert frames_track.skill_lines(empty, metric).is_empty()
        assert "holds no" in sentences_track.skill(empty, metric, 30)
        assert sentences_track.skill_at_all_leads(empty, metric) == ""
        assert "holds no" in sentences_track.evidence(frames_track.evidence(empty, metric, 30), metric, 30)
    assert "does not say" in sentences_track.coverage(frames_track.coverage(empty, None), None)
    assert "holds no" in sentences_track.reliability(frames_track.reliability(empty, 30), 30)
    assert "does not say" in sentences_track.pit(frames_track.pit(empty, 30), 30)
    assert "holds no" in sentences_past.misses(frames_track.misses(empty, "vote", 30), "vote", 30)
    assert frames_track.story(empty, SECOND, accessible=False).is_empty()
    assert frames_track.published(empty).is_empty()


def fields(node: Any) -> set[str]:
    """Every field an encoding names."""
    if isinstance(node, dict):
        own = {node["field"]} if isinstance(node.get("field"), str) else set()
        return own.union(*(fields(value) for value in node.values()))
    return set().union(*(fields(value) for value in node)) if isinstance(node, list) else set()


def test_charts_draw_what_their_tables_hold(record: TrackRecord) -> None:
    """Every field a chart names is a column of its table, or made in the chart; text is left to the theme."""
    methods = tuple(METHOD_COLOURS.items())
    story = frames_track.story(record, SECOND, accessible=True)
    drawn: list[tuple[Any, pl.DataFrame, dict[str, Any]]] = [
        (
            charts_track.skill,
            frames_track.skill_lines(record, VOTES),
            {"methods": methods, "axis": "Points", "zero": True},
        ),
        (charts_track.evidence, frames_track.evidence(record, VOTES, 30), {"rows": 4, "axis": "Points"}),
        (charts_calibration.coverage, frames_track.coverage(record, None), {"rows": 4}),
        (charts_calibration.reliability, frames_track.reliability(record, 30), {}),
        (charts_calibration.pit, frames_track.pit(record, 30), {}),
        (charts_track.story, story, {"lines": (("Cons.", "#0087DC"),), "places": ("30", "1")}),
        (charts_track.published, frames_track.published(record), {"rows": 1}),
    ]
    for chart, table, settings in drawn:
        spec = json.loads(template(chart, ("rows",), tuple(settings.items())))
        assert fields(spec["layer"]) <= set(table.columns)
        assert spec.pop("config") == LABELS
        assert "labelColor" not in json.dumps(spec)


def test_series_stand_out_in_both_themes() -> None:
    """Colours of series reach 3:1 against the light and the dark page."""
    for fill in palette.SERIES:
        assert palette.contrast(fill, palette.LIGHT_PAGE) >= 3
        assert palette.contrast(fill, palette.DARK_PAGE) >= 3
