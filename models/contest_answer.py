"""A question about a leadership contest put together: the contest, the rules, and what each leadership would win."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from data import Evidence
from data.errors import BadInput
from models.contest_forecast import Held, hold
from models.contest_input import CandidateInput, ContestInput, with_ranges
from models.contest_record import Case, contest_case
from models.contest_replay import case_on, open_contest, rules_beside
from models.contest_store import lasting_by, learned_by
from models.days import DAYS_PER_MONTH
from models.forecast import Forecast
from models.leadership import Leadership, lead, leadership_table, price_table
from models.record import governments, previous_election
from models.rules import Rule, known_rules, read_rule
from models.survival_odds import PARTIES as LASTING_PARTIES
from models.survival_odds import Odds, gone_after_defeat, survival_chance

MOST_DAYS = timedelta(days=366)
USUAL_DAYS = 56
"""Days a contest takes that has not begun: Labour's and the Conservatives' since 2005 took 50 to 90."""
NEW_LEADER_SD = 19.0
"""Spread of where new leaders start, in points: ``models.leaders.new_leader`` on the record to 2024, and for all years,
as a stored forecast keeps only the mean."""
STANDINGS = 20
"""Draws of a candidate's standing over which her chance to last is taken."""


@dataclass(frozen=True)
class Answer:
    """What can be said of a contest as of a day.

    ``led`` is by candidate and empty where no forecast was given; ``lasts`` the chance that she still leads on polling
    day and, if her party loses that election, that she is gone within a year, for parties of which it is known;
    ``majority`` the seats needed for one.
    """

    as_of: date
    held: Held
    led: dict[str, Leadership]
    lasts: dict[str, tuple[float, float]]
    majority: int
    election_date: date | None

    @cached_property
    def rules(self) -> pl.DataFrame:
        """Rules side by side, as ``models.leadership.price_table`` gives them."""
        return price_table(self.held, self.led or None, self.majority)

    @cached_property
    def leaderships(self) -> pl.DataFrame:
        """Candidates as leaders: ``models.leadership.leadership_table`` with ``p_lasts`` and ``p_gone``."""
        ends = pl.DataFrame(
            [(name, *(self.lasts.get(name) or (None, None))) for name in self.led],
            schema={"candidate": pl.String, "p_lasts": pl.Float64, "p_gone": pl.Float64},
            orient="row",
        )
        return leadership_table(self.led, self.majority).join(ends, on="candidate", how="left", maintain_order="left")


def contest_on(tables: Evidence, party: str, day: date, given: ContestInput | None = None) -> Case:
    """The contest of a party on a day: the one that was open, with the user's candidates, or one of hers alone.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    party : str
        Party code.
    day : date
        The cut.
    given : ContestInput, optional
        The user's candidates; needed where no contest was open.

    Returns
    -------
    Case
        With its paper.

    Raises
    ------
    BadInput
        If no contest was open and no candidates are given, or the day of the result is not after the cut.
    """
    found = open_contest(tables, party, day)
    if found is None and given is None:
        raise BadInput(
            f'No contest for the leadership of "{party}" is known to have been open on {day}. '
            "Name the candidates yourself, with --candidates FILE, or choose another day."
        )
    due = case_on(tables, found, day).result_day if found else day
    if due <= day:  # nobody knows yet
        due = day + timedelta(days=USUAL_DAYS)
    if given is None:
        assert found is not None, "refused above"
        return replace(case_on(tables, found, day), result_day=due)
    due = given.result_day or due
    if not timedelta(0) < due - day <= MOST_DAYS:
        raise BadInput(f"result_day {due} is not possible: choose a day within a year after {day}.")
    names = [one.name for one in given.candidates]
    known = tables.as_of(day)
    return with_ranges(
        contest_case(known, found or f"{party}-own", party=party, paper=names, result_day=due), given, day
    )


def chosen_rules(tables: Evidence, party: str, day: date, codes: Sequence[str], own: Sequence[str] = ()) -> list[Rule]:
    """The rules to compare: the one in force, then those asked for, else those usually set beside it.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    party : str
        Party code.
    day : date
        The cut.
    codes : sequence of str
        Codes of known rules.
    own : sequence of str
        Rules of the user's own, each a text in JSON.

    Returns
    -------
    list of Rule
        Each once.

    Raises
    ------
    BadInput
        If a code is unknown or a rule cannot be read.
    """
    known = known_rules(tables)
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise BadInput(f'No rule "{unknown[0]}". Known: {", ".join(known)}; or give the path of a rule in JSON.')
    mine = [read_rule(text) for text in own]
    taken = [rule.rule for rule in mine if rule.rule in known]
    if taken:
        raise BadInput(f'A rule of your own cannot be called "{taken[0]}", as a known rule is. Leave "rule" out.')
    if len(mine) > 1:
        mine = [rule.model_copy(update={"rule": f"own-{i}"}) for i, rule in enumerate(mine, start=1)]
    if mine and tables.selection_rules.filter(pl.col("party") == party).is_empty():
        return mine  # of this party no rule is known: the user's first is the one in force
    beside = rules_beside(tables, party, day)
    asked = [known[code] for code in codes] + mine
    return list({rule.rule: rule for rule in [beside[0], *(asked or beside[1:])]}.values())


def answer(
    tables: Evidence,
    case: Case,
    rules: Sequence[Rule],
    day: date,
    *,
    forecast: Forecast | None = None,
    given: Sequence[CandidateInput] = (),
    n_draws: int = 4000,
    seed: int,
) -> Answer:
    """Hold a contest and let each candidate lead.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    case : Case
        From ``contest_on``.
    rules : sequence of Rule
        From ``chosen_rules``.
    day : date
        The cut.
    forecast : Forecast, optional
        A forecast as of the same day, for seats.
    given : sequence of CandidateInput
        The user's candidates, whose favourability may be given.
    n_draws : int
        How many draws.
    seed : int
        Seed.

    Returns
    -------
    Answer
        All there is to say.
    """
    held = hold(case, rules, *learned_by(day), n_draws=n_draws, seed=seed)
    led, lasts = dict[str, Leadership](), dict[str, tuple[float, float]]()
    if forecast is not None:
        liked = {one.name: standing for one in given if (standing := one.standing()) is not None}
        start = float(forecast.tree["votes"].ds.attrs["new_leader_favourability"]), NEW_LEADER_SD
        led = lead(forecast, held, liked, new_leader=start, seed=seed)
        lasts = _lasting(tables.as_of(day), case.party, led, forecast.manifest.election_date)
    return Answer(
        as_of=day,
        held=held,
        led=led,
        lasts=lasts,
        majority=forecast.majority if forecast else 0,
        election_date=forecast.manifest.election_date if forecast else None,
    )


def _lasting(
    evidence: Evidence, party: str, led: dict[str, Leadership], polling_day: date
) -> dict[str, tuple[float, float]]:
    """Chance of each candidate to lead until polling day, and to be gone a year after losing the election."""
    if party not in LASTING_PARTIES:
        return {}
    odds = lasting_by(evidence.cut)
    premier = governments(evidence)[previous_election(evidence, evidence.cut)][0] == party
    months = (polling_day - evidence.cut).days / DAYS_PER_MONTH
    return {name: _chances(odds, party, polling_day, months, premier, one) for name, one in led.items()}


def _chances(
    odds: Odds, party: str, polling_day: date, months: float, premier: bool, one: Leadership
) -> tuple[float, float]:
    """Mean over some draws of a candidate's standing: what she is today stands for what she will be on polling day."""
    there, gone = [], []
    for i in np.linspace(0, one.support.size - 1, STANDINGS).round().astype(int):
        support = None if np.isnan(one.support[i]) else float(np.clip(one.support[i], 0.005, 0.995))
        liked = float(np.clip(one.favourability[i], -100.0, 100.0))
        stays = survival_chance(odds, party=party, months=months, premier=premier, support=support, favourability=liked)
        there.append(stays.mean())
        gone.append(
            gone_after_defeat(odds, party=party, election=polling_day, support=support, favourability=liked).mean()
        )
    return float(np.mean(there)), float(np.mean(gone))
