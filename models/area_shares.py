"""Votes by nation and region, as a scenario leaves them, and the scenario that gives a party a wanted share there.

A scenario is written in changes: of a party's share in Great Britain, and of its share in a region. Who thinks in
shares types one, and the change that gives it on average is found here.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from pydantic import ValidationError

from data.errors import BadInput
from models.forecast import Forecast
from models.pairs import GB_NATIONS
from models.scenario import PartyScenario, Scenario, run_scenario
from models.standing_in import SPEAKER

BRITAIN = "Great Britain"
CLOSE = 0.0005
"""A share is met when the mean is as near as this: half of a tenth of a point."""
ROUNDS = 8
Wanted = Mapping[tuple[str, str], float]
"""Area and party to a share of the area's vote, 0 to 1."""


def areas(forecast: Forecast) -> dict[str, list[str]]:
    """Areas whose shares can be set, with the regions they consist of.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.

    Returns
    -------
    dict
        Great Britain first, then nations, then regions of England.
    """
    seats = forecast.tree["seats"].ds
    named = (seats[field].values.tolist() for field in ("nation_of", "region_of"))
    places = sorted(set(zip(*named, strict=True)))
    regions = {nation: [region for where, region in places if where == nation] for nation in GB_NATIONS}
    every = [region for of_nation in regions.values() for region in of_nation]
    single = {region: [region] for region in regions["England"]}
    return {BRITAIN: every, **regions, **single}


def area_shares(forecast: Forecast) -> pl.DataFrame:
    """Mean shares of every area's vote.

    Parameters
    ----------
    forecast : Forecast
        With shares by constituency.

    Returns
    -------
    pl.DataFrame
        ``area, party, share``: means over draws, 0 to 1, over the areas of ``areas`` and ``forecast.parties``. Seats
        weigh as they voted last; the Speaker's is left out.
    """
    seats = forecast.tree["seats"].ds
    mean = forecast.tree["outcome"].ds["share_mean"].sel(line=forecast.parties).values
    contested = seats["base_winner"].values.astype(str) != SPEAKER
    region = seats["region_of"].values.astype(str)
    rows: list[tuple[str, str, float]] = []
    for area, parts in areas(forecast).items():
        weight = seats["weight"].values * (contested & np.isin(region, parts))
        shares = forecast.votes.mean(axis=0) if area == BRITAIN else weight @ mean / weight.sum()
        rows += [(area, party, float(share)) for party, share in zip(forecast.parties, shares, strict=True)]
    return pl.DataFrame(rows, schema=["area", "party", "share"], orient="row")


def with_shares(base: Forecast, scenario: Scenario, wanted: Wanted) -> Scenario:
    """Change a scenario so that parties have wanted shares on average.

    Parameters
    ----------
    base : Forecast
        The base forecast.
    scenario : Scenario
        The question so far.
    wanted : mapping
        (area, party) to the share wanted there.

    Returns
    -------
    Scenario
        With other ``share_shift`` (Great Britain) and ``regional_swing``; every share is met to half of a tenth of a
        point, on the mean of all draws.

    Raises
    ------
    BadInput
        If an area or party is unknown, if a share is out of reach of the largest change a scenario may hold, or if the
        shares wanted contradict one another.
    """
    places = areas(base)
    for area, party in wanted:
        if area not in places or party not in base.parties:
            raise BadInput(f'No share of "{party}" in "{area}" can be set. Areas: {", ".join(places)}.')
    missed: dict[tuple[str, str], float] = {}
    for turn in range(ROUNDS):
        try:
            found = {(area, party): share for area, party, share in area_shares(run_scenario(base, scenario)).rows()}
        except BadInput:
            if turn and len(wanted) > 1:  # shares that contradict one another drive changes ever further
                break
            raise
        missed = {key: share - found[key] for key, share in wanted.items() if abs(share - found[key]) > CLOSE}
        if not missed:
            return scenario
        for (area, party), gap in missed.items():
            scenario = _moved(scenario, party, gap, None if area == BRITAIN else places[area])
    (area, party), gap = max(missed.items(), key=lambda item: abs(item[1]))
    raise BadInput(
        f"{wanted[area, party]:.1%} for {party} in {area} cannot be met beside the other shares set: "
        f"{abs(gap):.1%} would be missing. Set fewer shares, or other ones."
    )


def without_regions(scenario: Scenario, party: str) -> Scenario:
    """Take back a party's regional swings.

    Parameters
    ----------
    scenario : Scenario
        The question.
    party : str
        Party code.

    Returns
    -------
    Scenario
        The question without them.
    """
    kept = {region: {p: v for p, v in swing.items() if p != party} for region, swing in scenario.regional_swing.items()}
    return scenario.model_copy(update={"regional_swing": {region: swing for region, swing in kept.items() if swing}})


def _moved(scenario: Scenario, party: str, gap: float, regions: list[str] | None) -> Scenario:
    """Add to a party's share, in Great Britain or in some regions."""
    try:
        if regions is None:
            change = scenario.parties.get(party, PartyScenario())
            fields = change.model_dump() | {"share_shift": round((change.share_shift or 0.0) + gap, 5)}
            parties = {**scenario.parties, party: PartyScenario.model_validate(fields)}
            return scenario.model_copy(update={"parties": parties})
    except ValidationError as error:
        raise BadInput(f"A share of {party} in {BRITAIN} that is more than 30 points off cannot be set.") from error
    swing = {region: dict(by) for region, by in scenario.regional_swing.items()}
    for region in regions:
        of_region = swing.setdefault(region, {})
        of_region[party] = round(of_region.get(party, 0.0) + gap, 5)
    return scenario.model_copy(update={"regional_swing": swing})
