"""Write ``reports/link.md``: what leaders and MPs add to the polls, in figures a command can make again.

Reads the track record (``make backtest`` first), learns the links from all tables, and makes or reads three forecasts:
of Labour on 22 August 2016, on the eve of its change of leader in July 2026, and on the newest data.
"""

import sys
from collections.abc import Iterator
from datetime import date

import polars as pl

from data import load_evidence
from data.files import write_aside
from models.aims import COUNTED_FROM, VOTES_AT_MOST
from models.cli import DEFAULT_SEED
from models.config import LinkConfig
from models.effects import response_draws
from models.event_study import lead_and_lag, leader_changes, summary
from models.explain import WORTH_DAYS, contributions, link_worth
from models.explain_text import link_sentence
from models.forecast import Forecast
from models.leader_scale import event_effects
from models.links import learn_links, monthly
from models.obtain import obtain_forecast
from models.record import gb_shares
from models.reports import REPORTS, read_report
from models.response_panel import response_panel
from models.scenario import PartyScenario, Scenario, compare, run_scenario
from models.stages import Run
from models.track_summary import FULL

REPORT = REPORTS / "link.md"
TERMS = {
    "before_link": "all that is new",
    "no_campaign": "campaigns: pace, return, airtime",
    "no_office": "time in office",
    "no_leaders": "leaders",
    "no_mps": "MPs",
    "no_leaders_no_mps": "leaders and MPs",
    "no_polls": "polls",
}
"""Forecasts the full model is set beside, and what it has beyond them."""
SUMMER_OF_2016 = date(2016, 8, 22), date(2017, 6, 8)
SMITH = Scenario(parties={"lab": PartyScenario(leader="Owen Smith", mp_support=172 / 229)})
"""172 of 229 MPs had no confidence in Corbyn: Smith is given them, and the standing of a new leader."""
NEXT = date(2029, 5, 3)
BEFORE_BURNHAM = date(2026, 7, 16)


def main() -> None:
    """Write the report."""
    sections = [_record, _terms, _links, _changes, _summer_of_2016, _summer_of_2026]
    text = "# What leaders and MPs add to the polls\n\nWritten by `python -m benchmarks.link_report`.\n"
    for section in sections:
        print(f"{section.__name__} ...", file=sys.stderr, flush=True)
        text += "\n" + "\n".join(section()) + "\n"
    write_aside(REPORT, text)
    print(text)


def _table(frame: pl.DataFrame) -> Iterator[str]:
    yield "| " + " | ".join(frame.columns) + " |"
    yield "|" + "---|" * frame.width
    for row in frame.iter_rows():
        yield "| " + " | ".join("" if value is None else str(value) for value in row) + " |"


def _record() -> Iterator[str]:
    yield "## Votes by days before polling day, before and after\n"
    yield "Mean error over Con, Lab, Lib in points, elections since 1979 with a poll in the last week; aims in parts of"
    yield "the error of the mean of the last polls. `before` is the model that had neither links nor campaigns.\n"
    whole = read_report().table.filter(pl.col("party") == "", pl.col("election_date") >= COUNTED_FROM)
    columns = {
        FULL: "now",
        "before_link": "before",
        "poll_mean_uniform": "poll mean",
        "shrunk_poll_mean": "shrunk mean",
    }
    errors = whole.filter(pl.col("metric") == "vote_mae", pl.col("variant").is_in(list(columns)))
    wide = errors.pivot("variant", index=["election_date", "lead_days"], values="value").drop_nulls()
    means = wide.group_by("lead_days").agg(pl.len().alias("elections"), pl.col(*columns).mean()).sort("lead_days")
    covered = whole.filter(pl.col("metric").str.ends_with("_cover90"), pl.col("variant") == FULL)
    cover = covered.join(wide, on=["election_date", "lead_days"], how="semi").pivot(
        "metric", index="lead_days", values="value", aggregate_function="mean"
    )
    ratio = pl.col(FULL) / pl.col("poll_mean_uniform")
    shown = means.join(cover, on="lead_days", maintain_order="left").select(
        pl.col("lead_days").alias("days"),
        "elections",
        *((100 * pl.col(name)).round(2).alias(label) for name, label in columns.items()),
        ratio.round(2).alias("now / poll mean"),
        pl.col("lead_days").replace_strict(VOTES_AT_MOST, default=None).alias("aim"),
        *(
            (100 * pl.col(f"{what}_cover90")).round(0).cast(pl.Int64).alias(f"90 % holds: {what}")
            for what in ("votes", "seats", "constituency")
        ),
    )
    yield from _table(shown)


def _terms() -> Iterator[str]:
    yield "## What each term is worth\n"
    yield "Change of the error when the term is there, with the 90 % interval of a bootstrap over elections since 1964:"
    yield "below nought it helps. Votes in points, seats as CRPS.\n"
    skill = pl.DataFrame(read_report().summary["skill"], infer_schema_length=None)
    for metric, unit in (("vote_mae", 100.0), ("seat_crps", 1.0)):
        rows = skill.filter(pl.col("metric") == metric, pl.col("other").is_in(list(TERMS)))
        cell = pl.format(
            "{} ({} to {})",
            *((unit * pl.col(name)).round(2) for name in ("difference", "difference_lo90", "difference_hi90")),
        )
        wide = rows.with_columns(cell=cell).pivot("lead_days", index="other", values="cell")
        order = wide.sort(pl.col("other").cast(pl.Enum(list(TERMS))))
        named = order.with_columns(pl.col("other").replace_strict(TERMS).alias("other"))
        yield from _table(named.rename({"other": "votes: what is added" if unit > 1 else "seats: what is added"}))
        yield ""


def _forecast(as_of: date | None, election: date | None) -> Forecast:
    return obtain_forecast(as_of, election, seed=DEFAULT_SEED, quiet=True)


def _links() -> Iterator[str]:
    now = _forecast(None, None)
    yield f"## The links in words, as of {now.manifest.as_of}\n"
    for party, who in (("lab", "Labour"), ("con", "the Conservatives"), ("lib", "the Liberal Democrats")):
        worth = link_worth(now, party)
        for link in worth["link"].unique(maintain_order=True):
            yield f"- {link_sentence(worth, link, who)}"
    worth = link_worth(now, "lab").filter(pl.col("days").is_in(WORTH_DAYS))
    yield "\nPoints of the vote for Labour, mean and 90 % range:\n"
    cells = worth.with_columns(
        cell=pl.format("{} ({} to {})", *(pl.col(name).round(2) for name in ("mean", "lo90", "hi90")))
    )
    yield from _table(cells.pivot("days", index="link", values="cell"))


def _changes() -> Iterator[str]:
    evidence, run = load_evidence(own=False), Run(DEFAULT_SEED, progress=False)
    links = learn_links(evidence, LinkConfig(), run)
    panel = response_panel(evidence, *monthly(evidence, links.scale, links.habits))
    response = response_draws(links.response, n_draws=4000, seed=DEFAULT_SEED)
    changes = leader_changes(panel, response, links.response)
    yield f"## Changes of leader, kept out of the fit (all tables, known by {evidence.cut})\n"
    yield "The standing before is that of the month in which the old leader was last rated, at most six months back,"
    yield "and of the month before it. Where figures are missing, the last column says why.\n"
    shown = changes.with_columns(pl.selectors.float().round(2))
    yield from _table(shown)
    for months in (3, 6):
        told = ", ".join(f"{name} {value:.2f}" for name, value in summary(changes, months).items())
        yield f"\nAfter {months} months: {told}."
    found = lead_and_lag(panel)
    yield (
        "\nWhat comes first (least squares over months, standard errors in brackets): "
        + ", ".join(
            f"{name} {value[0]:.4f} ({value[1]:.4f})" for name, value in vars(found).items() if name != "n_steps"
        )
        + f"; {found.n_steps} steps."
    )
    yield "\nEvents and honeymoons, in points of standing on the day, the range being that of one to come:\n"
    yield from _table(event_effects(links.scale).with_columns(pl.selectors.float().round(1)))


def _about_labour(forecast: Forecast) -> str:
    votes = forecast.vote_summary().row(by_predicate=pl.col("party") == "lab", named=True)
    seats = forecast.seat_summary().row(by_predicate=pl.col("party") == "lab", named=True)
    state = next(leader for leader in forecast.manifest.leaders if leader.party == "lab")
    backed = "no evidence" if state.support is None else f"{state.support:.2f} of MPs behind"
    return (
        f"{state.leader} (standing {state.favourability:+.0f} ± {state.favourability_sd:.0f}, {backed}): votes "
        f"{100 * votes['mean']:.1f} ({100 * votes['lo90']:.1f} to {100 * votes['hi90']:.1f}), "
        f"seats {seats['mean']:.0f} ({seats['lo90']:.0f} to {seats['hi90']:.0f})"
    )


def _summer_of_2016() -> Iterator[str]:
    corbyn = _forecast(*SUMMER_OF_2016)
    smith = run_scenario(corbyn, SMITH)
    change = compare(corbyn, smith).row(by_predicate=pl.col("party") == "lab", named=True)
    yield f"## Labour as of {SUMMER_OF_2016[0]}, for the election of {SUMMER_OF_2016[1]}\n"
    yield f"- {_about_labour(corbyn)}"
    yield f"- {_about_labour(smith)}"
    yield (
        f"- Smith instead of Corbyn: {100 * (change['votes_other'] - change['votes_base']):+.1f} points and "
        f"{change['seats_change']:+.0f} seats ({change['lo90']:+.0f} to {change['hi90']:+.0f}), draw by draw."
    )
    held, evidence = SUMMER_OF_2016[1], load_evidence(own=False)
    won = evidence.contests.filter(pl.col("election_date") == held, pl.col("winner") == "lab").height
    yield f"- What came: {100 * gb_shares(evidence, held)['lab']:.1f} per cent and {won} seats under Corbyn."


def _summer_of_2026() -> Iterator[str]:
    before, now = _forecast(BEFORE_BURNHAM, NEXT), _forecast(None, NEXT)
    yield f"## Labour before and after its change of leader, for {NEXT}\n"
    for forecast in (before, now):
        yield f"- As of {forecast.manifest.as_of}: {_about_labour(forecast)}"
    state = {leader.party: leader for leader in now.manifest.leaders}["lab"]
    asked = PartyScenario(favourability=state.favourability, mp_support=state.support)
    expected = run_scenario(before, Scenario(parties={"lab": asked}))
    change = compare(before, expected).row(by_predicate=pl.col("party") == "lab", named=True)
    yield (
        f"- What a leader of {state.leader}'s standing and backing was expected to do, as of {BEFORE_BURNHAM}: "
        f"{100 * (change['votes_other'] - change['votes_base']):+.1f} points and {change['seats_change']:+.0f} seats "
        f"({change['lo90']:+.0f} to {change['hi90']:+.0f}), if they lasted to polling day. They seldom "
        "do: half of what a new leader starts with is gone in months, and the forecast counts what polls show of it."
    )
    yield "\nWhat moved each forecast of Labour, in points of the vote:\n"
    tables = [contributions(forecast).filter(pl.col("party") == "lab") for forecast in (before, now)]
    both = (
        tables[0]
        .select("step", pl.col("votes").alias("a"))
        .join(tables[1].select("step", pl.col("votes").alias("b")), on="step")
    )
    names = {"a": f"as of {before.manifest.as_of}", "b": f"as of {now.manifest.as_of}"}
    yield from _table(both.with_columns((pl.col("a", "b") * 100).round(1)).rename(names))


if __name__ == "__main__":
    main()
