from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, run_scenario
from views import frames, frames_fan, frames_scenario, palette


def test_dots_are_quantiles(forecast: Forecast) -> None:
    """Each line has 50 dots; as many lie below the majority as the draws say, to within one dot."""
    lines = frames.contenders(forecast)
    dots = frames.quantile_dots(forecast, lines, bin_width=10.0, accessible=False)
    for code in lines:
        mine = dots.filter(pl.col("short") == palette.line(code).short)
        draws = frames.draws_of(forecast, code)
        assert mine.height == frames.N_DOTS
        below = (mine["seats"] < forecast.majority).mean()
        assert below == pytest.approx((draws < forecast.majority).mean(), abs=1 / frames.N_DOTS)


def test_dots_do_not_fall_on_each_other(forecast: Forecast) -> None:
    """No two dots of a row share bin and level, and no stack is taller than its row."""
    dots = frames.quantile_dots(forecast, frames.contenders(forecast), bin_width=10.0, accessible=True)
    assert dots.select("short", "bin", "level").is_duplicated().any() is False
    assert (dots["level"] * dots["step"]).max() <= 3.8 + 1e-9
    assert ((dots["bin"] - dots["seats"]).abs() <= 5.5).all()


def test_contenders_are_ranked(forecast: Forecast) -> None:
    """Rows come by falling median of seats, as shown, and hold no Northern Irish party nor the Speaker."""
    lines = frames.contenders(forecast)
    medians = [np.median(frames.draws_of(forecast, code)) for code in lines]
    assert medians == sorted(medians, reverse=True)
    assert {"lab", "ref", "con"} <= set(lines)
    assert not frames.NI_AND_SPEAKER & set(lines)


def test_outcomes_are_all_there_is(forecast: Forecast) -> None:
    """Chances of outcomes sum to 1, their percentages to 100, and each agrees with the forecast."""
    table = frames.outcomes(forecast)
    assert table["p"].sum() == pytest.approx(1.0)
    assert table["percent"].sum() == 100
    assert table["code"].to_list()[-1] == "hung"
    assert dict(table.select("code", "p").iter_rows())["hung"] == forecast.p_hung()


def test_segments_fill_each_bar(forecast: Forecast) -> None:
    """Segments follow each other from 0 to 100, in one order for all bars."""
    table = frames.outcomes(forecast)
    other = table.with_columns(percent=pl.Series([1] * (table.height - 1) + [101 - table.height]))
    bars = frames.outcome_segments({"a": table, "b": other.reverse()}, accessible=False)
    for _, bar in bars.group_by("bar"):
        assert bar["start"].to_list() == [0, *bar["end"].to_list()[:-1]]
        assert bar["end"].to_list()[-1] == 100
    first, second = (bars.filter(pl.col("bar") == name)["label"].to_list() for name in "ab")
    assert first == second


def test_partnerships_count_joint_majorities(forecast: Forecast) -> None:
    """A pair's chance is the share of draws in which the two have a majority that neither has alone."""
    row = frames.partnerships(forecast).row(0, named=True)
    names = {palette.line(code).name: code for code in forecast.lines}
    one, other = (frames.draws_of(forecast, names[name]) for name in row["parties"].split(" and "))
    expected = ((one + other >= 326) & (one < 326) & (other < 326)).mean()
    assert row["p"] == pytest.approx(expected)


def test_working_majority_leaves_out_the_absent(forecast: Forecast) -> None:
    """With Sinn Féin's members and the Speaker away, fewer seats outvote all others."""
    absent = int(np.median(frames.draws_of(forecast, "sf")))
    assert frames.working_majority(forecast) == (650 - absent - 1) // 2 + 1


def test_summary_adds_up(forecast: Forecast) -> None:
    """Mean seats sum to the House, mean votes to one, chances of being largest to one."""
    table = frames.summary(forecast)
    assert table["seats_mean"].sum() == pytest.approx(650)
    assert table["votes_mean"].sum() == pytest.approx(1)
    assert table["p_largest"].sum() == pytest.approx(1)
    assert table["seats_median"].is_sorted(descending=True)


def test_csv_cells_cannot_be_formulas() -> None:
    """Text that a spreadsheet would run gets an apostrophe; numbers keep their sign."""
    table = pl.DataFrame({"name": ["=1+1", "+x", "-x", "@x", "\tx", "a=b"], "change": [-1, -2, 3, 4, 5, 6]})
    lines = frames.csv(table).decode().splitlines()
    assert lines == ["name,change", "'=1+1,-1", "'+x,-2", "'-x,3", "'@x,4", "'\tx,5", "a=b,6"]


def test_path_is_thinned_but_ends_today(forecast: Forecast) -> None:
    """The path has a point a week or fewer and keeps its first and last day."""
    path = frames_fan.intention(forecast, ["lab", "ref"])
    full = forecast.intention()
    assert path["date"].min() == full["date"].min()
    assert path["date"].max() == full["date"].max()
    assert set(path["short"]) == {"Labour", "Reform"}
    assert path["date"].n_unique() <= 262


def test_polls_are_thinned_openly(forecast: Forecast, monkeypatch: pytest.MonkeyPatch) -> None:
    """All polls are drawn where they are few; else every n-th, and n is said."""
    some, every = frames_fan.poll_dots(forecast, ["lab", "ref"])
    assert every == 1
    assert some.height == forecast.polls().filter(pl.col("party").is_in(["lab", "ref"])).height
    monkeypatch.setattr(frames_fan, "MAX_POLL_DOTS", 100)
    fewer, every = frames_fan.poll_dots(forecast, ["lab", "ref"])
    assert every == 3
    assert 0 < fewer.height <= 110


def test_polling_day_stands_right_of_the_path(forecast: Forecast) -> None:
    """Polling day's figures are drawn after the last evidence, side by side, within the axis."""
    manifest = forecast.manifest
    span = frames_fan.Span.between(manifest.previous_election, manifest.as_of)
    day = frames_fan.polling_day(forecast, ["lab", "ref", "con"], span=span, accessible=False)
    assert day["date"].is_sorted()
    assert day["date"].n_unique() == 3
    assert manifest.as_of < day["date"].min() <= day["date"].max() < span.end
    assert (day["lo95"] <= day["lo80"]).all()
    assert (day["lo50"] <= day["median"]).all()
    assert day["median"].to_list()[0] == pytest.approx(np.median(forecast.votes[:, forecast.parties.index("lab")]))


def test_unchanged_scenario_moves_no_seat(forecast: Forecast) -> None:
    """A forecast compared with itself has no changed seat."""
    assert frames_scenario.seat_changes(forecast, forecast).is_empty()


def test_changed_seats_come_first(forecast: Forecast) -> None:
    """Seats with another likeliest winner precede those whose chances merely move."""
    other = run_scenario(forecast, Scenario(parties={"lab": PartyScenario(share_shift=0.05)}))
    table = frames_scenario.seat_changes(forecast, other)
    changed = (table["winner_base"] != table["winner_other"]).to_list()
    assert any(changed)
    assert changed == sorted(changed, reverse=True)
    assert table["moved"].is_between(0.005, 1.0).all()


def test_axis_ends_lie_beyond_the_majority(forecast: Forecast) -> None:
    """The majority is always on the axis, and so are 99 of 100 draws of every line."""
    assert frames.axis_end(forecast) >= max(346, np.quantile(forecast.seats, 0.99, axis=0).max())
    means = pl.DataFrame({"seats_base": [10.0], "seats_other": [401.0]})
    assert frames_scenario.mean_end(means) == 450
    assert frames_scenario.mean_end(means.with_columns(seats_other=pl.lit(1.0))) == 350


def test_small_party_is_not_drawn(forecast: Forecast) -> None:
    """A party under 3 per cent has no line in the fan; others never have one."""
    parties = frames.main_parties(forecast)
    assert parties[0] in {"lab", "ref"}
    assert "plaid" not in parties
    assert "oth" not in parties


def test_forecast_without_sinn_fein_is_counted(forecast: Forecast) -> None:
    """Where no line abstains, only the Speaker is left out of the working majority."""
    lines = [line if line != "sf" else "sfx" for line in forecast.lines]
    tree = forecast.tree.copy()
    tree["outcome"] = forecast.tree["outcome"].to_dataset().assign_coords(line=lines)
    assert frames.working_majority(replace(forecast, tree=tree)) == 325
