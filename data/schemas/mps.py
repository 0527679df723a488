"""MPs' support for their leader, and how parties choose one."""

import dataframely as dy
import polars as pl

from data.schemas.words import KNOWN_ON, PARTY, SOURCE, VERIFIED

CONTEST_KINDS = ("mp_ballot", "mp_nominations", "confidence_vote", "electoral_college_mps")
MP_EVENTS = ("resignations", "statements", "letters", "defections", "suspensions", "rebellion")
SECTIONS = ("mps", "members", "affiliates", "supporters", "one_electorate", "overall")
METHODS = ("alternative_vote", "exhaustive_ballot", "two_way")
"""Those in use: the user's own files hold no rules, so no other word can occur."""


class MpContests(dy.Schema):
    """MPs' ballots, nominations and confidence votes. ``known_on``: the day of the vote, or that support was known."""

    contest_id = dy.String(primary_key=True, description="contest")
    date = dy.Date(primary_key=True, description="day of the vote")
    party = dy.String(description=PARTY)
    kind = dy.Enum(list(CONTEST_KINDS), primary_key=True, description="kind of vote")
    round = dy.Int64(primary_key=True, min=1, description="round")
    candidate = dy.String(primary_key=True, description="candidate; no confidence for the votes against")
    mp_votes = dy.Int64(
        min=0, nullable=True, description="MPs who voted for, nominated or publicly backed the candidate"
    )
    party_mps = dy.Int64(min=1, nullable=True, description="MPs of the party")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)


class MpMargins(dy.Schema):
    """Murr's margin at the contest that chose a leader. ``known_on``: the day the leader was chosen.

    (MPs' votes for the leader - for the main rival) / MPs entitled. Method: Murr 2015, doi 10.1177/2053168015583346.
    """

    party = dy.String(primary_key=True, description=PARTY)
    leader = dy.String(primary_key=True, description="leader")
    contest_id = dy.String(description="key of table mp_contests")
    rival = dy.String(nullable=True, description="best placed of the others")
    votes_leader = dy.Int64(min=0, description="MPs' votes for the leader, last round")
    votes_rival = dy.Int64(min=0, description="MPs' votes for the rival, last round")
    mps_entitled = dy.Int64(min=1, description="MPs entitled to vote")
    margin = dy.Float64(min=-1.0, max=1.0, description="margin, -1 to 1")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)


class ElectionMargins(dy.Schema):
    """Murr's margin of the leaders who fought each general election. ``known_on``: polling day."""

    election_date = dy.Date(primary_key=True, description="polling day")
    party = dy.String(primary_key=True, description=PARTY)
    leader = dy.String(description="leader on polling day")
    margin = dy.Float64(min=-1.0, max=1.0, nullable=True, description="margin; null where no vote of MPs chose her")
    verified = dy.Bool(description=VERIFIED)
    known_on = dy.Date(description=KNOWN_ON)


class MpEvents(dy.Schema):
    """MPs against, or for, their leader between votes. ``known_on``: the day itself, or that of the announcement."""

    leader = dy.String(primary_key=True, description="leader, as in leader_tenure")
    date = dy.Date(primary_key=True, description="day by which the number was reached")
    kind = dy.Enum(list(MP_EVENTS), primary_key=True, description="kind of event")
    party = dy.String(description=PARTY)
    mps = dy.Int64(min=0, description="MPs who took part; statements and letters are running totals")
    party_mps = dy.Int64(min=1, nullable=True, description="MPs of the party")
    event = dy.String(description="what happened, in a few words")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)


class MemberBallots(dy.Schema):
    """Votes of members, affiliates, supporters and colleges on a leader. ``known_on``: the day of the result."""

    contest_id = dy.String(primary_key=True, description="contest, as in mp_contests where MPs voted, too")
    section = dy.Enum(list(SECTIONS), primary_key=True, description="who voted; overall is all sections together")
    round = dy.Int64(primary_key=True, min=1, description="round of counting; the last one decided")
    candidate = dy.String(primary_key=True, description="candidate")
    date = dy.Date(description="day of the result")
    party = dy.String(description=PARTY)
    weight = dy.Float64(min=0.0, max=1.0, nullable=True, description="weight of the section in the college, 0 to 1")
    votes = dy.Int64(min=0, nullable=True, description="votes; null where only shares were published")
    share = dy.Float64(min=0.0, max=1.0, nullable=True, description="share of the section's vote, 0 to 1")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)


class MemberPolls(dy.Schema):
    """Polls of those who choose a leader. ``known_on``: the day after fieldwork ended."""

    contest_id = dy.String(primary_key=True, description="contest, as in member_ballots or mp_contests")
    pollster = dy.String(primary_key=True, description="pollster")
    end_date = dy.Date(primary_key=True, description="last day of fieldwork")
    candidate = dy.String(primary_key=True, description="candidate")
    rival = dy.String(primary_key=True, description="the other of the pair asked about; all where people chose freely")
    start_date = dy.Date(nullable=True, description="first day of fieldwork")
    sample_size = dy.Int64(alias="sample", min=50, nullable=True, description="people asked")
    share = dy.Float64(min=0.0, max=1.0, description="share as printed, 0 to 1")
    verified = dy.Bool(description="false where dates, sample or a share were not seen in print")
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)

    @dy.rule()
    def fieldwork_runs_forward(cls) -> pl.Expr:
        """Fieldwork starts before it ends."""
        return pl.col("start_date").is_null() | (pl.col("start_date") <= pl.col("end_date"))


class SelectionRules(dy.Schema):
    """How a party chooses its leader, from each date on. ``known_on``: the day the rule was adopted."""

    rule = dy.String(primary_key=True, regex=r"^[a-z]{2,8}-\d{4}[a-z]?$", description="party and year")
    party = dy.String(description=PARTY)
    start = dy.Date(description="first day in force; a rule ends where the party's next one starts")
    name = dy.String(description="the rule in a few words")
    nomination = dy.Float64(min=0.0, max=1.0, nullable=True, description="share of MPs a candidate needs for a vacancy")
    challenge = dy.Float64(min=0.0, max=1.0, nullable=True, description="share of MPs needed to bring a vote about")
    lead = dy.Float64(
        min=0.0,
        max=1.0,
        nullable=True,
        description="lead over the runner-up, as a share of MPs entitled, that a first ballot needs beside a majority",
    )
    incumbent_stands = dy.Bool(nullable=True, description="whether a challenged leader stands without nominations")
    note = dy.String(nullable=True, description="other thresholds, and where the share is a rounding")
    verified = dy.Bool(description=VERIFIED)
    source = dy.String(description=SOURCE)
    known_on = dy.Date(description=KNOWN_ON)


class SelectionSections(dy.Schema):
    """Who votes under each rule, in which order, with which weight. ``known_on``: as the rule."""

    rule = dy.String(primary_key=True, description="key of table selection_rules")
    stage = dy.Int64(primary_key=True, min=1, description="1 votes first; the last stage decides")
    section = dy.Enum(list(SECTIONS), primary_key=True, description="who votes; one_electorate counts all votes alike")
    electorate = dy.String(
        nullable=True, description="groups whose votes one_electorate counts alike, separated by blanks"
    )
    weight = dy.Float64(min=0.0, max=1.0, description="weight in its stage, summing to 1")
    method = dy.Enum(list(METHODS), description="ballot method")
    advance = dy.Int64(min=1, nullable=True, description="candidates who go on to the next stage")
    known_on = dy.Date(description=KNOWN_ON)
