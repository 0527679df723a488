import re
from dataclasses import replace

import polars as pl

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, compare, run_scenario
from views import frames, palette, sentences, words


def with_winners(forecast: Forecast, line: str) -> Forecast:
    """A forecast in which one line wins every seat in every draw."""
    tree = forecast.tree.copy()
    outcome = forecast.tree["outcome"].to_dataset()
    outcome["winner"] = outcome["winner"] * 0 + forecast.lines.index(line)
    tree["outcome"] = outcome
    return replace(forecast, tree=tree)


def test_headline_is_one_sentence_with_the_numbers(forecast: Forecast) -> None:
    """The headline has chance, seats and votes of the likeliest largest party, as the tables have them."""
    text = sentences.headline(forecast)
    code, p = max(forecast.p_largest().items(), key=lambda item: item[1])
    row = forecast.seat_summary().row(by_predicate=pl.col("party") == code, named=True)
    assert text.startswith("On 3 May 2029 a hung parliament is ")
    assert text.count(". ") == 0
    assert text.endswith(".")
    assert words.chance(forecast.p_hung()) in text
    assert f"{palette.line(code).who} ({words.frequency(p)})" in text
    assert f"{row['median']:.0f} seats (90% range {row['lo90']:.0f} to {row['hi90']:.0f})" in text
    assert re.search(r"on \d+% of the vote \(\d+% to \d+%\)", text)


def test_no_sentence_has_two_decimals(forecast: Forecast) -> None:
    """Numbers in sentences never have two decimals."""
    texts = [
        sentences.headline(forecast),
        sentences.outcome(forecast),
        sentences.dots(forecast, frames.contenders(forecast)),
        sentences.fan(forecast, frames.main_parties(forecast)),
        sentences.govern(forecast),
    ]
    assert all(re.search(r"\d\.\d\d", text) is None for text in texts)


def test_who_leads_today_and_who_on_polling_day_are_two_things(forecast: Forecast) -> None:
    """A scenario that puts another party ahead on polling day does not put it ahead in today's polls."""
    parties = frames.main_parties(forecast)
    today = forecast.intention().filter(pl.col("date") == pl.col("date").max(), pl.col("party").is_in(parties))
    leader = today.sort("q50", descending=True)["party"][0]
    rival = next(code for code in parties if code != leader)
    asked = Scenario.model_validate({"parties": {leader: {"share_shift": -0.1}, rival: {"share_shift": 0.1}}})
    text = sentences.fan(run_scenario(forecast, asked), parties)
    assert text.startswith(f"Ahead in voting intention: {palette.line(leader).who}, at ")
    assert f"ahead on polling day: {palette.line(rival).who}, at " in text


def test_certain_majority_is_said_plainly(forecast: Forecast) -> None:
    """Where one party wins every simulation, the headline names it and does not claim certainty."""
    text = sentences.headline(with_winners(forecast, "ref"))
    assert "a Reform UK majority is almost certain (more than 99 in 100): the party has 650 seats" in text


def test_outcomes_in_words_sum_to_100(forecast: Forecast) -> None:
    """The frequencies of outcomes in the sentence sum to 100 when all are named."""
    text = sentences.outcome(forecast)
    assert sum(int(n) for n in re.findall(r"in (\d+)(?:,| and|\.)", text)) == 100


def test_unchanged_scenario_says_so(forecast: Forecast) -> None:
    """Without a change the sentence says that nothing is changed."""
    other = run_scenario(forecast, Scenario())
    assert sentences.comparison(compare(forecast, other), forecast, other).startswith("Nothing is changed yet")


def test_scenario_sentence_has_the_largest_change(forecast: Forecast) -> None:
    """A scenario's sentence names the line that moves most, with its change and range, as a supposition."""
    other = run_scenario(forecast, Scenario(parties={"lab": PartyScenario(share_shift=0.05)}))
    table = compare(forecast, other)
    row = table.sort(pl.col("seats_change").abs(), descending=True).row(0, named=True)
    text = sentences.comparison(table, forecast, other)
    assert text.startswith(f"If we made it so, {palette.line(row['party']).who} would win ")
    assert f"{abs(row['seats_change']):.0f} seats {'more' if row['seats_change'] > 0 else 'fewer'}" in text
    assert words.chance(other.p_hung()) in text


def test_fan_without_parties_is_silent(forecast: Forecast) -> None:
    """Where no party is large enough to draw, the sentence says so."""
    assert sentences.fan(forecast, []) == "No party has 3% of the vote or more."


def test_unmoved_chance_stays(forecast: Forecast) -> None:
    """Where a scenario leaves the chance of a hung parliament as printed, the sentence says it stays."""
    other = run_scenario(forecast, Scenario(regional_swing={"London": {"grn": 0.01}}))
    text = sentences.comparison(compare(forecast, other), forecast, other)
    assert f"a hung parliament would stay {words.chance(forecast.p_hung())}." in text
