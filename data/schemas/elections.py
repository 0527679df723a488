"""General elections: parties, dates, official totals, and what forecasters said beforehand."""

import dataframely as dy

from data.schemas.words import BOUNDARY_SET, KNOWN_ON, PARTY, SOURCE, VERIFIED


class Parties(dy.Schema):
    """Party codes. ``known_on``: the day the party, or its first forerunner, was in public being (approximate)."""

    party = dy.String(primary_key=True, regex=r"^[a-z]{2,8}$", description="code used in all tables")
    name = dy.String(description="name today")
    lineage = dy.String(nullable=True, description="forerunners and allies counted under the code")
    nations = dy.String(description="where it stands")
    known_on = dy.Date(description=KNOWN_ON)


class Elections(dy.Schema):
    """General elections held. ``known_on``: the day after polling day."""

    election_date = dy.Date(primary_key=True, description="polling day")
    name = dy.String(description="year; 1974F is February, 1974O October")
    seats = dy.Int64(min=600, max=700, description="seats in the House of Commons")
    boundary_set = dy.String(description=BOUNDARY_SET)
    known_on = dy.Date(description=KNOWN_ON)


class NationalResults(dy.Schema):
    """Official votes and seats by area. ``known_on``: the day after polling day."""

    election_date = dy.Date(primary_key=True, description="polling day")
    area = dy.String(primary_key=True, description="UK, GB or a nation")
    party = dy.String(primary_key=True, description="code of table parties; natsw is SNP and Plaid together (UK, GB)")
    votes = dy.Int64(min=0, nullable=True, description="votes")
    seats = dy.Int64(min=0, max=700, description="seats")
    known_on = dy.Date(description=KNOWN_ON)


class PublishedForecasts(dy.Schema):
    """Last seats forecast by others, national totals only. ``known_on``: polling day, when the last of them was out."""

    election_date = dy.Date(primary_key=True, description="polling day forecast")
    forecaster = dy.String(primary_key=True, description="who made it")
    kind = dy.String(description="kind of method, as the forecaster names it")
    party = dy.String(primary_key=True, description=PARTY)
    seats = dy.Float64(min=0.0, max=650.0, description="seats forecast, the central figure")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)
