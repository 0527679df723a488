"""What the track record amounts to, each figure against a record small enough to count by hand."""

from datetime import date

import polars as pl
import pytest

from models import track_summary
from models.reports import SCHEMA

FIRST, SECOND, THIRD = date(2015, 5, 7), date(2017, 6, 8), date(2019, 12, 12)
Row = tuple[date, int, str, str, str, float]


def record(*rows: Row) -> pl.DataFrame:
    """A track record of these rows."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_skill_is_paired_over_elections() -> None:
    """Only elections that both forecast count; the ratio is of summed errors, the difference ours minus theirs."""
    table = record(
        (FIRST, 1, "full", "vote_mae", "", 0.02),
        (FIRST, 1, "no_change", "vote_mae", "", 0.04),
        (SECOND, 1, "full", "vote_mae", "", 0.01),
        (SECOND, 1, "no_change", "vote_mae", "", 0.06),
        (THIRD, 1, "full", "vote_mae", "", 0.5),
    )
    (found,) = track_summary.skill(table)
    assert (found["other"], found["elections"]) == ("no_change", 2)
    assert found["ratio"] == pytest.approx(0.3)
    assert found["difference"] == pytest.approx(-0.035)
    assert (found["ours"], found["theirs"]) == pytest.approx((0.015, 0.05))
    assert found["ratio_lo90"] is found["difference_hi90"] is None  # two elections give no interval


def test_intervals_come_from_elections_drawn_again() -> None:
    """Five elections alike in error and one unlike: the interval spans what resampling them can give."""
    days = [date(year, 5, 5) for year in range(2001, 2007)]
    table = record(
        *((day, 1, "full", "vote_mae", "", 0.01 if i else 0.07) for i, day in enumerate(days)),
        *((day, 1, "no_change", "vote_mae", "", 0.02) for day in days),
    )
    (found,) = track_summary.skill(table)
    assert found["ratio"] == pytest.approx(1.0)
    # None of six draws is the odd one in a third of resamples, three or more in six of a hundred.
    assert found["ratio_lo90"] == pytest.approx(0.5)
    assert found["ratio_hi90"] in (pytest.approx(1.5), pytest.approx(2.0))
    assert found["difference_lo90"] == pytest.approx(-0.01)


def test_there_is_no_ratio_to_a_forecast_without_error() -> None:
    """Where the other was never wrong only the difference is told."""
    table = record(
        (FIRST, 1, "full", "majority_log_score", "", 0.2), (FIRST, 1, "no_mps", "majority_log_score", "", 0.0)
    )
    (found,) = track_summary.skill(table)
    assert found["ratio"] is None
    assert found["difference"] == pytest.approx(0.2)


def test_means_are_over_elections_and_headlines_only() -> None:
    """A mean says of how many elections it is; what was said of one party has none, published forecasts neither."""
    table = record(
        (FIRST, 7, "full", "seat_mae", "", 10.0),
        (SECOND, 7, "full", "seat_mae", "", 20.0),
        (SECOND, 7, "full", "seat_mean", "con", 320.0),
        (SECOND, 0, "published: YouGov", "seat_mae", "", 5.0),
    )
    assert track_summary.means(table) == [
        {"variant": "full", "lead_days": 7, "metric": "seat_mae", "mean": 15.0, "elections": 2}
    ]


def test_a_band_is_wide_where_an_election_misses_as_one() -> None:
    """All or nothing covered by election leaves a wide band; the same coverage in every election a narrow one."""
    days = [date(year, 5, 5) for year in range(2001, 2007)]
    pits = [(day, 1, "full", "seat_pit", f"p{i}", 0.5) for day in days for i in range(100)]
    together = record(*pits, *((day, 1, "full", "seats_cover80", "", float(i > 1)) for i, day in enumerate(days)))
    alike = record(*pits, *((day, 1, "full", "seats_cover80", "", 0.66 + 0.001 * i) for i, day in enumerate(days)))
    wide, narrow = (track_summary.coverage(table)[0] for table in (together, alike))
    assert wide["lead_days"] is None
    assert wide["covered"] == pytest.approx(2 / 3, abs=1e-4)
    assert wide["band_lo"] < 0.66 < wide["band_hi"]
    assert 0.75 < narrow["band_lo"] < 0.8 < narrow["band_hi"] < 0.85


def test_a_band_has_no_more_trials_than_results() -> None:
    """Six elections of three results each, alike by chance, are eighteen trials; of two elections there is no band."""
    days = [date(year, 5, 5) for year in range(2001, 2007)]
    rows: list[Row] = [(day, 1, "full", "vote_pit", party, 0.5) for day in days for party in ("con", "lab", "lib")]
    rows += [(day, 1, "full", "votes_cover90", "", 0.67) for day in days]
    found = track_summary.coverage(record(*rows))[0]
    assert (found["band_lo"], found["band_hi"]) == pytest.approx((14 / 18, 1.0), abs=1e-3)
    few = record(*(row for row in rows if row[0] < days[2]))
    assert track_summary.coverage(few)[0]["band_lo"] is None


def test_coverage_of_all_leads_counts_an_election_once() -> None:
    """An election that was forecast at many lead times weighs no more than one forecast at a single one."""
    table = record(
        (FIRST, 1, "full", "votes_cover90", "", 1.0),
        (FIRST, 7, "full", "votes_cover90", "", 1.0),
        (SECOND, 1, "full", "votes_cover90", "", 0.0),
    )
    found = {row["lead_days"]: row["covered"] for row in track_summary.coverage(table)}
    assert found == {None: 0.5, 1: 0.5, 7: 1.0}


def test_reliability_weighs_by_the_number_of_chances() -> None:
    """Ten chances in one election and thirty in another count as forty."""
    rows: list[Row] = []
    for day, n, chance, won in [(FIRST, 10.0, 0.92, 1.0), (SECOND, 30.0, 0.96, 0.8)]:
        for name, value in (("n", n), ("chance", chance), ("won", won)):
            rows.append((day, 30, "full", f"reliability_{name}_9", "", value))
    (found,) = track_summary.reliability(record(*rows))
    assert (found["bin"], found["n"]) == (9, 40)
    assert found["chance"] == pytest.approx(0.95)
    assert found["won"] == pytest.approx(0.85)
    assert (found["won_lo90"], found["won_hi90"]) == pytest.approx((0.8, 1.0))


def test_results_are_binned_by_where_they_lay() -> None:
    """A result above all draws lies in the last of ten bins; small parties are left out."""
    table = record(
        (FIRST, 1, "full", "vote_pit", "con", 1.0),
        (FIRST, 1, "full", "vote_pit", "lab", 0.05),
        (FIRST, 1, "full", "vote_pit", "grn", 0.5),
        (FIRST, 1, "no_mps", "vote_pit", "con", 0.5),
    )
    assert track_summary.pit(table) == [
        {"what": "vote", "lead_days": 1, "bin": 0, "n": 1},
        {"what": "vote", "lead_days": 1, "bin": 9, "n": 1},
    ]


def test_the_largest_miss_comes_first() -> None:
    """Each miss says what was expected, within which range, what came, and whether the range held it."""
    rows: list[Row] = []
    for party, said, came in (("con", 300.0, 365.0), ("lab", 210.0, 202.0)):
        for metric, value in (("mean", said), ("lo90", said - 40), ("hi90", said + 40), ("result", came)):
            rows.append((THIRD, 30, "full", f"seat_{metric}", party, value))
    first, second = track_summary.misses(record(*rows))
    assert (first["party"], first["said"], first["came"], first["inside"]) == ("con", 300.0, 365.0, False)
    assert (second["party"], second["inside"], second["election_date"]) == ("lab", True, "2019-12-12")
