"""Constituencies: their results, candidates, by-elections, people and shapes."""

import dataframely as dy
import polars as pl

from data.schemas.words import BOUNDARY_SET, CONSTITUENCY, KNOWN_ON, NATIONS, PARTY, REGIONS

_PEOPLE = "; of usual residents, census of 2021, in Scotland of 2022"
_ADULTS = "; of residents aged 16 and over, census of 2021, not in Scotland"
_HOMES = "; of households, census of 2021, not in Scotland"
MEASURES = {
    "leave_2016": "votes to leave the European Union, referendum of 2016; of valid votes",
    "independence_2014": "votes for independence, Scottish referendum of 2014; of valid votes",
    "census_population": "usual residents (people), census of 2021, in Scotland of 2022",
    "census_age_under_16": f"aged under 16{_PEOPLE}",
    "census_age_16_24": f"aged 16 to 24{_PEOPLE}",
    "census_age_25_34": f"aged 25 to 34{_PEOPLE}",
    "census_age_35_49": f"aged 35 to 49{_PEOPLE}",
    "census_age_50_64": f"aged 50 to 64{_PEOPLE}",
    "census_age_65_plus": f"aged 65 and over{_PEOPLE}",
    "census_white": f"white, of any group{_PEOPLE}",
    "census_white_british": f"white English, Welsh, Scottish, Northern Irish or British{_PEOPLE}",
    "census_mixed": f"of mixed or multiple ethnic groups{_PEOPLE}",
    "census_asian": f"Asian, Chinese included{_PEOPLE}",
    "census_black": f"black, African or Caribbean{_PEOPLE}",
    "census_other_ethnic": f"of another ethnic group, Arab included{_PEOPLE}",
    "census_christian": f"Christian{_PEOPLE}",
    "census_muslim": f"Muslim{_PEOPLE}",
    "census_no_religion": f"without religion{_PEOPLE}",
    "census_born_outside_uk": f"born outside the United Kingdom{_PEOPLE}",
    "census_owned_outright": f"home owned outright{_HOMES}",
    "census_mortgage": f"home owned with a mortgage or shared ownership{_HOMES}",
    "census_social_rent": f"home rented from a council or housing association{_HOMES}",
    "census_private_rent": f"home rented privately or lived in rent free{_HOMES}",
    "census_no_qualification": f"without qualifications{_ADULTS}",
    "census_level4": f"qualified at level 4 or above (a degree or the like){_ADULTS}",
    "census_students": f"full-time students{_ADULTS}",
    "census_nssec_higher": f"in higher managerial or professional occupations (NS-SEC L1-L3){_ADULTS}",
    "census_nssec_routine": f"in semi-routine or routine occupations (NS-SEC L12-L13){_ADULTS}",
    "census_deprived": f"deprived in one dimension or more (work, education, health, housing){_HOMES}",
    "census_no_car": f"without car or van{_HOMES}",
}
"""What each measure of ``covariates`` and ``covariates_shared`` is: of whom it is the share, and of what year."""


class Constituencies(dy.Schema):
    """Seats of each boundary set. ``known_on``: the day it was settled in law, else a year before its first use."""

    boundary_set = dy.String(primary_key=True, description=BOUNDARY_SET)
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    name = dy.String(description="name")
    nation = dy.Enum(list(NATIONS), description="nation")
    region = dy.String(description="one of the nine English regions, else the nation")
    known_on = dy.Date(description=KNOWN_ON)

    @dy.rule()
    def region_is_in_its_nation(cls) -> pl.Expr:
        """A seat in England lies in a region of England, any other in the region named as its nation."""
        nation = pl.col("nation").cast(pl.String)
        return pl.when(nation == "England").then(pl.col("region").is_in(REGIONS)).otherwise(pl.col("region") == nation)


class Contests(dy.Schema):
    """One row a seat fought at a general election.

    ``known_on``: the day after the seat voted. That is the day after polling day but for two seats where a candidate
    had died: South Staffordshire voted on 23 June 2005, and Thirsk and Malton on 27 May 2010.
    """

    election_date = dy.Date(primary_key=True, description="polling day")
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    electorate = dy.Int64(min=0, nullable=True, description="people entitled to vote")
    valid_votes = dy.Int64(min=0, description="valid votes, the sum of the rows in results")
    winner = dy.String(description="party code; spk is the Speaker, oth independents and others")
    known_on = dy.Date(description=KNOWN_ON)


class Results(dy.Schema):
    """Votes by constituency and party at general elections. ``known_on``: as the contest."""

    election_date = dy.Date(primary_key=True, description="polling day")
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    party = dy.String(primary_key=True, description="party code; to 2005 only con lab lib snp plaid spk and oth")
    votes = dy.Int64(min=0, description="votes; a party without votes has no row")
    known_on = dy.Date(description=KNOWN_ON)


class Candidates(dy.Schema):
    """Who stood at general elections since 2010.

    ``known_on``: the day nominations closed. In Thirsk and Malton 2010, where nominations were reopened, it is the day
    after the seat voted.
    """

    election_date = dy.Date(primary_key=True, description="polling day")
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    candidate = dy.Int64(primary_key=True, min=1, description="number in the seat, by surname and first name")
    name = dy.String(description="first name and surname")
    party = dy.String(description=PARTY)
    party_name = dy.String(description="party as registered; Independent for those without one")
    sitting_mp = dy.Bool(description="an MP when Parliament was dissolved")
    former_mp = dy.Bool(description="an MP at some time before")
    known_on = dy.Date(description=KNOWN_ON)


class CandidateVotes(dy.Schema):
    """Votes of each candidate at general elections since 2010. ``known_on``: as the contest."""

    election_date = dy.Date(primary_key=True, description="polling day")
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    candidate = dy.Int64(primary_key=True, min=1, description="number of table candidates")
    votes = dy.Int64(min=0, description="votes")
    known_on = dy.Date(description=KNOWN_ON)


class Notionals(dy.Schema):
    """A past result recast on later boundaries. ``known_on``: publication of the estimate."""

    election_date = dy.Date(primary_key=True, description="polling day of the result recast")
    boundary_set = dy.String(primary_key=True, description="set it is recast on")
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    party = dy.String(primary_key=True, description=PARTY)
    votes = dy.Int64(min=0, description="votes, estimated")
    known_on = dy.Date(description=KNOWN_ON)


class ByElections(dy.Schema):
    """By-elections to the House of Commons since 2010. ``known_on``: the day after polling day."""

    date = dy.Date(primary_key=True, description="polling day")
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    boundary_set = dy.String(description=BOUNDARY_SET)
    electorate = dy.Int64(min=0, description="people entitled to vote")
    valid_votes = dy.Int64(min=0, description="valid votes, the sum of the rows in by_election_results")
    winner = dy.String(description=PARTY)
    winner_party_name = dy.String(description="party of the winner as registered")
    held_by = dy.String(nullable=True, description="party code of who held the seat before; null where not told")
    known_on = dy.Date(description=KNOWN_ON)


class ByElectionResults(dy.Schema):
    """Votes by party at by-elections since 2010. ``known_on``: the day after polling day."""

    date = dy.Date(primary_key=True, description="polling day")
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    party = dy.String(primary_key=True, description=PARTY)
    votes = dy.Int64(min=0, description="votes")
    known_on = dy.Date(description=KNOWN_ON)


class Covariates(dy.Schema):
    """Facts on the people of a seat. ``known_on``: the day the figures on these boundaries were public."""

    boundary_set = dy.String(primary_key=True, description=BOUNDARY_SET)
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    measure = dy.String(primary_key=True, regex=r"^[a-z0-9_]+$", description="what is measured, a key of MEASURES")
    value = dy.Float64(min=0.0, description="a share from 0 to 1, but for population (people)")
    known_on = dy.Date(description=KNOWN_ON)

    @dy.rule()
    def shares_are_fractions(cls) -> pl.Expr:
        """Whatever is not a number of people is at most 1."""
        return (pl.col("measure") == "census_population") | (pl.col("value") <= 1)


class CovariatesShared(Covariates):
    """Such facts recast, share-alike (CC BY-SA 4.0).

    ``known_on``: the day counts and boundaries were public. Counts are those that were recast. A recast adds no news,
    so the later day it came out itself does not count.
    """


class Overlaps(dy.Schema):
    """People that a seat of one set and a seat of the next have in common.

    ``known_on``: as the new set. It follows from the boundaries, and recasting a count of people adds no news.
    """

    old_set = dy.String(primary_key=True, description="set before")
    constituency_old = dy.String(primary_key=True, description="seat of the set before")
    new_set = dy.String(primary_key=True, description="set after")
    constituency = dy.String(primary_key=True, description="seat of the set after")
    of_old = dy.Float64(min=0.0, max=1.0, description="part of the old seat's population that lives in the new one")
    of_new = dy.Float64(min=0.0, max=1.0, description="part of the new seat's population that lived in the old one")
    known_on = dy.Date(description=KNOWN_ON)


class Hexes(dy.Schema):
    """Hexagon of each seat, layout odd-r. ``known_on``: as the boundary set."""

    boundary_set = dy.String(primary_key=True, description=BOUNDARY_SET)
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    q = dy.Int64(description="column")
    r = dy.Int64(description="row; north is larger")
    known_on = dy.Date(description=KNOWN_ON)


class Boundaries(dy.Schema):
    """Outline of each seat, generalised for small maps. ``known_on``: as the boundary set."""

    boundary_set = dy.String(primary_key=True, description=BOUNDARY_SET)
    constituency = dy.String(primary_key=True, description=CONSTITUENCY)
    outline = dy.String(
        regex=r"^(MULTI)?POLYGON ", description="well-known text, degrees of longitude and latitude (WGS84)"
    )
    known_on = dy.Date(description=KNOWN_ON)
