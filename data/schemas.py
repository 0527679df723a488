"""Contracts of the shipped tables: columns, units, ranges, keys and the rule that sets ``known_on``.

Words used throughout:

share
    Fraction of the valid vote (or of those with a voting intention), 0 to 1.
known_on
    The UK date a row became public. A model run ``as_of`` a date sees rows with ``known_on <= as_of`` only.
boundary_set
    Name of the set of constituencies in force (``1955``, ``1974``, ``1983``, ``1997``, ``2005``, ``2010``, ``2024``).
constituency
    ONS code from 2010 on; before that an identifier of our own, the same for one seat through one boundary set.
line
    A row in the count of seats: a party code, or ``spk`` for the Speaker.
"""

import dataframely as dy
import polars as pl

AREAS = ("GB", "Scotland", "Wales")
NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")
POLL_KINDS = ("poll", "mrp", "pseudo")
QUESTION_FAMILIES = (
    "satisfied",
    "favourable",
    "approve",
    "well_badly",
    "good_bad_job",
    "not_stated",
)
CONTEST_KINDS = ("mp_ballot", "mp_nominations", "confidence_vote", "electoral_college_mps")
TENURE_EVENTS = ("start", "end")


class Parties(dy.Schema):
    """Party codes. ``known_on``: the day the party, or its first forerunner, was in public being (approximate)."""

    party = dy.String(primary_key=True, regex=r"^[a-z]{2,8}$")
    name = dy.String()
    lineage = dy.String(nullable=True)
    nations = dy.String()
    known_on = dy.Date()


class Elections(dy.Schema):
    """General elections held. ``known_on``: the day after polling day."""

    election_date = dy.Date(primary_key=True)
    name = dy.String()
    seats = dy.Int64(min=600, max=700)
    boundary_set = dy.String()
    known_on = dy.Date()


class NationalResults(dy.Schema):
    """Official votes and seats by area. ``natsw`` is SNP and Plaid together. ``known_on``: the day after."""

    election_date = dy.Date(primary_key=True)
    area = dy.String(primary_key=True)
    party = dy.String(primary_key=True)
    votes = dy.Int64(min=0, nullable=True)
    seats = dy.Int64(min=0, max=700)
    known_on = dy.Date()


class Constituencies(dy.Schema):
    """Seats of each boundary set. ``known_on``: the day the set was settled in law, else its first use."""

    boundary_set = dy.String(primary_key=True)
    constituency = dy.String(primary_key=True)
    name = dy.String()
    nation = dy.Enum(list(NATIONS))
    region = dy.String()
    known_on = dy.Date()


class Contests(dy.Schema):
    """One row a seat fought at a general election. ``known_on``: the day after polling day."""

    election_date = dy.Date(primary_key=True)
    constituency = dy.String(primary_key=True)
    electorate = dy.Int64(min=0, nullable=True)
    valid_votes = dy.Int64(min=0)
    winner = dy.String()
    known_on = dy.Date()


class Results(dy.Schema):
    """Votes by constituency and party at general elections. ``known_on``: the day after polling day."""

    election_date = dy.Date(primary_key=True)
    constituency = dy.String(primary_key=True)
    party = dy.String(primary_key=True)
    votes = dy.Int64(min=0)
    known_on = dy.Date()


class Notionals(dy.Schema):
    """A past result recast on later boundaries. ``known_on``: publication of the estimate."""

    election_date = dy.Date(primary_key=True)
    boundary_set = dy.String(primary_key=True)
    constituency = dy.String(primary_key=True)
    party = dy.String(primary_key=True)
    votes = dy.Int64(min=0)
    known_on = dy.Date()


class Hexes(dy.Schema):
    """Hexagon of each seat (odd-r layout, north is a larger ``r``). ``known_on``: as the boundary set."""

    boundary_set = dy.String(primary_key=True)
    constituency = dy.String(primary_key=True)
    q = dy.Int64()
    r = dy.Int64()
    known_on = dy.Date()


class Polls(dy.Schema):
    """One row a poll. ``known_on``: publication; else end of fieldwork + 1 day.

    Polls that end in the last three days before a general election count as known on the day fieldwork ended
    (they were published by the eve). ``sample`` and ``pollster`` are null where the source does not give them.
    ``kind`` is ``mrp`` where that can be told, ``pseudo`` for a published average that stands in for polls.
    """

    poll_id = dy.String(primary_key=True)
    pollster = dy.String(nullable=True)
    client = dy.String(nullable=True)
    mode = dy.String(nullable=True)
    start_date = dy.Date(nullable=True)
    end_date = dy.Date()
    sample_size = dy.Int64(alias="sample", min=50, max=200_000, nullable=True)
    area = dy.Enum(list(AREAS))
    kind = dy.Enum(list(POLL_KINDS))
    source = dy.String()
    verified = dy.Bool()
    known_on = dy.Date()

    @dy.rule()
    def fieldwork_runs_forward(cls) -> pl.Expr:
        """Fieldwork starts before it ends."""
        return pl.col("start_date").is_null() | (pl.col("start_date") <= pl.col("end_date"))

    @dy.rule()
    def known_after_fieldwork(cls) -> pl.Expr:
        """No poll is known before its fieldwork is over."""
        return pl.col("known_on") >= pl.col("end_date")


class PollShares(dy.Schema):
    """Share of each party a poll names; a party not named has no row (missing is not zero)."""

    poll_id = dy.String(primary_key=True)
    party = dy.String(primary_key=True)
    share = dy.Float64(min=0.0, max=1.0)
    known_on = dy.Date()


class LeaderTenure(dy.Schema):
    """Starts and ends of party leaderships as dated events. ``known_on``: the day of the event.

    An end is a row of its own, so that a run dated during a leadership does not see when it ended.
    """

    party = dy.String(primary_key=True)
    leader = dy.String(primary_key=True)
    event = dy.Enum(list(TENURE_EVENTS), primary_key=True)
    date = dy.Date(primary_key=True)
    reason = dy.String(nullable=True)
    verified = dy.Bool()
    source = dy.String()
    known_on = dy.Date()


class LeaderRatings(dy.Schema):
    """Ratings of leaders, in points of 100. ``net`` = positive - negative. ``known_on``: end of fieldwork + 1 day.

    Files that print (A - D) / (A + D) are never stored as ``net``.
    """

    rating_id = dy.String(primary_key=True)
    leader = dy.String()
    party = dy.String()
    pollster = dy.String(nullable=True)
    question_family = dy.Enum(list(QUESTION_FAMILIES))
    end_date = dy.Date()
    sample_size = dy.Int64(alias="sample", min=50, nullable=True)
    positive = dy.Float64(min=0.0, max=100.0, nullable=True)
    negative = dy.Float64(min=0.0, max=100.0, nullable=True)
    net = dy.Float64(min=-100.0, max=100.0)
    verified = dy.Bool()
    source = dy.String()
    known_on = dy.Date()


class MpContests(dy.Schema):
    """MPs' ballots, nominations and confidence votes. ``known_on``: the day of the vote."""

    contest_id = dy.String(primary_key=True)
    date = dy.Date(primary_key=True)
    party = dy.String()
    kind = dy.Enum(list(CONTEST_KINDS), primary_key=True)
    round = dy.Int64(primary_key=True, min=1)
    candidate = dy.String(primary_key=True)
    mp_votes = dy.Int64(min=0, nullable=True)
    party_mps = dy.Int64(min=1, nullable=True)
    verified = dy.Bool()
    source = dy.String()
    known_on = dy.Date()


class MpMargins(dy.Schema):
    """Murr's margin: (MPs' votes for the leader - for the main rival) / MPs entitled, at the contest that chose her.

    ``known_on``: the day the leader was chosen. Method: Murr 2015, doi 10.1177/2053168015583346.
    """

    party = dy.String(primary_key=True)
    leader = dy.String(primary_key=True)
    contest_id = dy.String()
    rival = dy.String(nullable=True)
    votes_leader = dy.Int64(min=0)
    votes_rival = dy.Int64(min=0)
    mps_entitled = dy.Int64(min=1)
    margin = dy.Float64(min=-1.0, max=1.0)
    verified = dy.Bool()
    source = dy.String()
    known_on = dy.Date()


TABLES: dict[str, type[dy.Schema]] = {
    "parties": Parties,
    "elections": Elections,
    "national_results": NationalResults,
    "constituencies": Constituencies,
    "contests": Contests,
    "results": Results,
    "notionals": Notionals,
    "hexes": Hexes,
    "polls": Polls,
    "poll_shares": PollShares,
    "leader_tenure": LeaderTenure,
    "leader_ratings": LeaderRatings,
    "mp_contests": MpContests,
    "mp_margins": MpMargins,
}
