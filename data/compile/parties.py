"""The party codes of all tables: names, forerunners counted under the same code, and where each stands."""

from datetime import date

import polars as pl

GB = "England, Scotland, Wales"
UK = "England, Scotland, Wales, Northern Ireland"
NI = "Northern Ireland"
ALWAYS = date(1801, 1, 1)

PARTIES = (
    ("con", "Conservative", "Conservative and Unionist, with National Liberal allies to 1968", UK, date(1834, 12, 18)),
    ("lab", "Labour", "Labour, with Labour and Co-operative", GB, date(1900, 2, 27)),
    (
        "lib",
        "Liberal Democrats",
        "Liberal, with the Social Democrats as the Alliance from 1981, merged in 1988",
        GB,
        date(1859, 6, 6),
    ),
    (
        "ref",
        "Reform UK",
        "UK Independence Party from 1993, Brexit Party from 2019, Reform UK from January 2021; summed",
        UK,
        date(1993, 9, 3),
    ),
    ("grn", "Green", "PEOPLE from 1973, Ecology from 1975; Scottish Greens counted with it", UK, date(1973, 2, 22)),
    ("snp", "Scottish National Party", None, "Scotland", date(1934, 4, 7)),
    ("plaid", "Plaid Cymru", None, "Wales", date(1925, 8, 5)),
    ("natsw", "SNP and Plaid Cymru together", "used where a source gives only the sum", "Scotland, Wales", ALWAYS),
    ("restore", "Restore Britain", "a movement from June 2025, a party from 13 February 2026", GB, date(2025, 6, 30)),
    ("yp", "Your Party", "announced without a name; registered on 30 September 2025", GB, date(2025, 7, 24)),
    ("bnp", "British National Party", "in polls only, else in oth", UK, date(1982, 4, 7)),
    ("chuk", "Change UK", "The Independent Group; in polls only, else in oth", GB, date(2019, 2, 18)),
    ("refm", "Referendum Party", "in polls only, else in oth", GB, date(1994, 11, 27)),
    ("dup", "Democratic Unionist Party", "Protestant Unionist to 1971", NI, date(1971, 9, 30)),
    ("sf", "Sinn Féin", None, NI, date(1905, 11, 28)),
    ("sdlp", "Social Democratic and Labour Party", None, NI, date(1970, 8, 21)),
    ("uup", "Ulster Unionist Party", "with the Conservatives before 1974", NI, date(1905, 3, 3)),
    ("apni", "Alliance Party of Northern Ireland", None, NI, date(1970, 4, 21)),
    ("tuv", "Traditional Unionist Voice", None, NI, date(2007, 12, 7)),
    ("spk", "Speaker", "the Speaker seeking re-election, a line of his own", UK, ALWAYS),
    ("oth", "Others", "all other parties and independents", UK, ALWAYS),
)


def parties_table() -> pl.DataFrame:
    """Build the table ``parties``.

    Returns
    -------
    pl.DataFrame
        Columns of ``schemas.Parties``; ``known_on`` is approximate, ``ALWAYS`` where no date makes sense.
    """
    return pl.DataFrame(PARTIES, schema=["party", "name", "lineage", "nations", "known_on"], orient="row")
