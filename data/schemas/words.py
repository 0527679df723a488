"""Values that more than one table allows."""

AREAS = ("GB", "Scotland", "Wales")
REGIONS = (
    *("East Midlands", "East of England", "London", "North East", "North West", "South East", "South West"),
    *("West Midlands", "Yorkshire and The Humber"),
)
"""Regions of England; each other nation is a region of its own."""
NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")
KNOWN_ON = "day the row became public; a run dated earlier does not see it"
BOUNDARY_SET = "set of constituencies: 1955, 1974, 1983, 1997, 2005, 2010 or 2024"
CONSTITUENCY = "ONS code from 2010; before, an identifier of our own, the same through one boundary set"
PARTY = "code of table parties"
VERIFIED = "false where no published page was found that says so"
SOURCE = "page or publication the row rests on"
