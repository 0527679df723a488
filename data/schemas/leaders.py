"""Party leaders: who led when, how voters rated them, what befell them."""

import dataframely as dy
import polars as pl

from data.schemas.words import KNOWN_ON, PARTY, SOURCE, VERIFIED

QUESTION_FAMILIES = ("satisfied", "favourable", "approve", "well_badly", "good_bad_job", "not_stated")
TENURE_EVENTS = ("start", "end")
LEADER_EVENTS = (
    "announcement",
    "budget",
    "crisis",
    "debate",
    "gaffe",
    "general_election",
    "minister_resignation",
    "office",
    "policy",
    "resignation",
    "sacking",
    "scandal",
    "speech",
    "war",
)
"""Resignations are the leader's own, or announced; ministers, those of the shadow cabinet included, have their own."""


class LeaderTenure(dy.Schema):
    """Starts and ends of party leaderships as dated events. ``known_on``: the day of the event.

    An end is a row of its own, so that a run dated during a leadership does not see when it ended.
    """

    party = dy.String(primary_key=True, description=PARTY)
    leader = dy.String(primary_key=True, description="leader")
    event = dy.Enum(list(TENURE_EVENTS), primary_key=True, description="start or end")
    date = dy.Date(primary_key=True, description="day of the event")
    reason = dy.String(nullable=True, description="how it ended")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)


class LeaderRatings(dy.Schema):
    """Ratings of leaders, in points of 100. Files that print (A - D) / (A + D) are never stored as ``net``.

    ``known_on``: the day after fieldwork, or later with its poll or page. Its poll is of the same pollster with the
    same last day of fieldwork, published within 14 days; so is its page. A rating dated by its month alone is known
    when the month is over, or later with such a poll.
    """

    rating_id = dy.String(primary_key=True, description="last day of fieldwork, leader, pollster, question")
    leader = dy.String(description="leader rated")
    party = dy.String(description=PARTY)
    pollster = dy.String(nullable=True, description="table pollsters; null where the source does not name it")
    question_family = dy.Enum(list(QUESTION_FAMILIES), description="what people were asked; never mixed in one level")
    end_date = dy.Date(description="last day of fieldwork")
    sample_size = dy.Int64(alias="sample", min=50, nullable=True, description="people asked")
    positive = dy.Float64(min=0.0, max=100.0, nullable=True, description="per cent with a good opinion")
    negative = dy.Float64(min=0.0, max=100.0, nullable=True, description="per cent with a bad opinion")
    net = dy.Float64(min=-100.0, max=100.0, description="positive - negative, in points")
    verified = dy.Bool(description="false where the figures could not be checked against a second place")
    source = dy.String(description="file or page the row is from")
    known_on = dy.Date(description=KNOWN_ON)

    @dy.rule()
    def net_is_the_difference(cls) -> pl.Expr:
        """Where both parts are given, the net is their difference, but for the rounding of the last decimal kept."""
        apart = (pl.col("net") - (pl.col("positive") - pl.col("negative"))).abs()
        return apart.is_null() | (apart < 1e-5)


class LeaderEvents(dy.Schema):
    """What befell a leader in public, dated. ``known_on``: the day itself, or a later one when it was all out."""

    leader = dy.String(primary_key=True, description="leader, as in leader_tenure")
    date = dy.Date(primary_key=True, description="day it was in public")
    kind = dy.Enum(list(LEADER_EVENTS), primary_key=True, description="kind of event; resignation is the leader's own")
    party = dy.String(description=PARTY)
    event = dy.String(description="what happened, in a few words")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)
