"""Contracts of the shipped tables: columns, units, ranges, keys and the rule that sets ``known_on``.

Words used throughout:

share
    Fraction of the valid vote (or of those with a voting intention), 0 to 1.
known_on
    The UK date a row became public. A model run ``as_of`` a date sees rows with ``known_on <= as_of`` only. How it is
    set stands in each class after ``known_on``, to the end of the paragraph.
boundary_set
    Name of the set of constituencies in force (``1955``, ``1974``, ``1983``, ``1997``, ``2005``, ``2010``, ``2024``).
constituency
    ONS code from 2010 on; before that an identifier of our own, the same for one seat through one boundary set.
line
    A row in the count of seats: a party code, or ``spk`` for the Speaker.
"""

import dataframely as dy

from data.schemas.elections import Elections, NationalResults, Parties, PublishedForecasts
from data.schemas.leaders import QUESTION_FAMILIES, LeaderEvents, LeaderRatings, LeaderTenure
from data.schemas.mps import (
    CONTEST_KINDS,
    ElectionMargins,
    MemberBallots,
    MemberPolls,
    MpContests,
    MpEvents,
    MpMargins,
    SelectionRules,
    SelectionSections,
)
from data.schemas.polls import Polls, PollShares, Pollsters
from data.schemas.seats import (
    MEASURES,
    Boundaries,
    ByElectionResults,
    ByElections,
    Candidates,
    CandidateVotes,
    Constituencies,
    Contests,
    Covariates,
    CovariatesShared,
    Hexes,
    Notionals,
    Overlaps,
    Results,
)
from data.schemas.words import AREAS, NATIONS

TABLES: dict[str, type[dy.Schema]] = {
    "parties": Parties,
    "elections": Elections,
    "national_results": NationalResults,
    "constituencies": Constituencies,
    "contests": Contests,
    "results": Results,
    "candidates": Candidates,
    "candidate_votes": CandidateVotes,
    "notionals": Notionals,
    "by_elections": ByElections,
    "by_election_results": ByElectionResults,
    "covariates": Covariates,
    "covariates_shared": CovariatesShared,
    "overlaps": Overlaps,
    "hexes": Hexes,
    "boundaries": Boundaries,
    "pollsters": Pollsters,
    "polls": Polls,
    "poll_shares": PollShares,
    "leader_tenure": LeaderTenure,
    "leader_ratings": LeaderRatings,
    "leader_events": LeaderEvents,
    "mp_contests": MpContests,
    "mp_events": MpEvents,
    "mp_margins": MpMargins,
    "election_margins": ElectionMargins,
    "member_ballots": MemberBallots,
    "member_polls": MemberPolls,
    "selection_rules": SelectionRules,
    "selection_sections": SelectionSections,
    "published_forecasts": PublishedForecasts,
}

__all__ = [
    "AREAS",
    "CONTEST_KINDS",
    "MEASURES",
    "NATIONS",
    "QUESTION_FAMILIES",
    "TABLES",
    "Boundaries",
    "ByElectionResults",
    "ByElections",
    "CandidateVotes",
    "Candidates",
    "Constituencies",
    "Contests",
    "Covariates",
    "CovariatesShared",
    "ElectionMargins",
    "Elections",
    "Hexes",
    "LeaderEvents",
    "LeaderRatings",
    "LeaderTenure",
    "MemberBallots",
    "MemberPolls",
    "MpContests",
    "MpEvents",
    "MpMargins",
    "NationalResults",
    "Notionals",
    "Overlaps",
    "Parties",
    "PollShares",
    "Polls",
    "Pollsters",
    "PublishedForecasts",
    "Results",
    "SelectionRules",
    "SelectionSections",
]
