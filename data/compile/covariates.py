"""Facts on the people of each constituency: referendums of 2014 and 2016, and the censuses of 2021 and 2022.

``known_on`` is the day the facts measured were public, and not before the boundaries they are recast on were settled:

- Leave share on the boundaries of 2010: in Northern Ireland, counted by constituency, the day after the vote; in Great
  Britain the day the article with the final estimates came out, by when the wards' counts that replace some of them
  (BBC, 6 February 2017) were public too;
- on the boundaries of 2024, all that was public before them (Leave 2016, independence 2014, the census of England and
  Wales 2021) on the day the boundaries were settled, and the census of Scotland 2022 on the day of its first results
  by small area, country of birth on the later one of its own. Recasting a past count adds no news, so the later day a
  recast itself came out, which is not told, does not count.
"""

from datetime import date
from pathlib import Path

import fastexcel
import polars as pl

from data.compile.common import new_codes, raw_file, read_at, read_text_csv
from data.compile.maps import KNOWN_ON
from data.errors import BadInput

LEAVE, INDEPENDENCE, POPULATION = "leave_2016", "independence_2014", "census_population"

LEAVE_COUNTED = date(2016, 6, 24)
LEAVE_ESTIMATED = date(2017, 3, 17)
"""Hanretty's article, doi 10.1080/17457289.2017.1287081, online."""
SCOTLAND_CENSUS = date(2024, 5, 21)
SCOTLAND_LATER = {"census_born_outside_uk": date(2024, 8, 1)}
"""Topics of Scotland's census that came out after the first: demography and migration."""
BOUNDARIES_2024 = KNOWN_ON["2024"]

CENSUS = {
    "age_under_16": ["Age0to4", "Age5to9", "Age10to15"],
    "age_16_24": ["Age16to19", "Age20to24"],
    "age_25_34": ["Age25to29", "Age30to34"],
    "age_35_49": ["Age35to39", "Age40to44", "Age45to49"],
    "age_50_64": ["Age50to54", "Age55to59", "Age60to64"],
    "age_65_plus": ["Age65to69", "Age70to74", "Age75to79", "Age80to84", "Age85plus"],
    "white": ["EthnicityWhite"],
    "white_british": ["EthnicityWhiteBritish"],
    "mixed": ["EthnicityMixed"],
    "asian": ["EthnicityAsian"],
    "black": ["EthnicityBlack"],
    "other_ethnic": ["EthnicityOther"],
    "christian": ["Christian"],
    "muslim": ["Muslim"],
    "no_religion": ["NoReligion"],
    "born_outside_uk": [
        "BornIreland",
        "BornOtherEurope",
        "BornAfrica",
        "BornMiddleEastAndAsia",
        "BornAmericasAndCaribbean",
        "BornOceania",
    ],
    "owned_outright": ["HouseOutright"],
    "mortgage": ["HouseMortgage"],
    "social_rent": ["HouseSocialLA", "HouseSocialOther"],
    "private_rent": ["HousePrivateLandlord", "HousePrivateOther"],
    "no_qualification": ["QualNone"],
    "level4": ["QualLevel4"],
    "students": ["NSSECFulltimeStudent"],
    "nssec_higher": ["NSSECHigherManager", "NSSECHigherProfessional"],
    "nssec_routine": ["NSSECSemiRoutine", "NSSECRoutine"],
    "deprived": ["Deprived1", "Deprived2", "Deprived3", "Deprived4"],
    "no_car": ["CarsNone"],
}
"""Columns of the census file (without ``c21``; per cent) summed into each measure (without ``census_``)."""


def _number(column: str) -> pl.Expr:
    """A column of text as numbers; NA, as the files write what is not given, is null."""
    return pl.col(column).replace("NA", None).cast(pl.Float64)


def _rows(frame: pl.DataFrame, boundary_set: str, known_on: pl.Expr) -> pl.DataFrame:
    """Bring constituency, measure and value into the shape of the table, without rows that have no value."""
    named = frame.select("constituency", "measure", "value", boundary_set=pl.lit(boundary_set), known_on=known_on)
    return named.drop_nulls("value")


def _workbook(raw: Path, name: str, code: str, figure: str) -> pl.DataFrame:
    """Read codes and figures from the first sheet of a workbook."""
    path = raw_file(raw, name)
    try:
        sheet = pl.read_excel(path, infer_schema_length=0)
        return sheet.select(constituency=pl.col(code), value=pl.col(figure).cast(pl.Float64))
    except (pl.exceptions.PolarsError, fastexcel.FastExcelError) as error:
        raise BadInput(
            f"Raw file {name} has not the columns {code!r} and {figure!r} with numbers expected: "
            f"{str(error).splitlines()[0]} Fetch it again."
        ) from error


def covariates(raw: Path) -> pl.DataFrame:
    """Leave share of 2016 on the boundaries of 2010.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        Columns of the table ``covariates``, one row a seat.

    Raises
    ------
    BadInput
        If a file is missing or not what is expected.
    """
    britain = _workbook(raw, "results/hanretty_leave_2010_boundaries.xlsx", "PCON11CD", "Figure to use")
    ulster = _workbook(raw, "results/leave_ni_2010_boundaries.xlsx", "gss_code", "figure_to_use")
    measure = pl.lit(LEAVE).alias("measure")
    return pl.concat(
        [
            _rows(britain.with_columns(measure), "2010", pl.lit(LEAVE_ESTIMATED)),
            _rows(ulster.with_columns(measure, pl.col("value") / 100), "2010", pl.lit(LEAVE_COUNTED)),
        ]
    )


def _recast(raw: Path, name: str, at: dict[int, str], measure: str, whole: int) -> pl.DataFrame:
    """Read one measure on the boundaries of 2024 from a file of one figure a seat, where ``whole`` is all."""
    try:
        return read_at(raw, name, at, header=True).select(
            "constituency", value=_number("value") / whole, measure=pl.lit(measure)
        )
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"Raw file {name} holds something other than numbers and NA: {str(error).splitlines()[0]} Fetch it again."
        ) from error


def _census(raw: Path) -> pl.DataFrame:
    """Measures of the censuses on the boundaries of 2024; Scotland's lack many."""
    name = "results/census2021_2022_on_2024_boundaries.csv"
    frame = read_text_csv(raw, name)
    shares = (
        (pl.sum_horizontal([_number(f"c21{column}") for column in columns], ignore_nulls=False) / 100).alias(
            f"census_{measure}"
        )
        for measure, columns in CENSUS.items()
    )
    try:
        wide = frame.select(_number("c21Population").alias(POPULATION), *shares, constituency="ONSConstID")
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"Raw file {name} has not the columns expected, with numbers or NA: {str(error).splitlines()[0]} "
            "Fetch it again."
        ) from error
    return wide.unpivot(index="constituency", variable_name="measure").select("constituency", "value", "measure")


def covariates_shared(raw: Path) -> pl.DataFrame:
    """Referendums and censuses on the boundaries of 2024, from share-alike sources.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        Columns of the table ``covariates_shared``; a figure not given has no row.

    Raises
    ------
    BadInput
        If a file is missing or not what is expected.
    """
    new_code = pl.col("constituency").replace(new_codes(raw))
    leave_file, yes_file = "results/hanretty_leave_2024_boundaries.csv", "results/indyref2014_on_2024_boundaries.csv"
    leave = _recast(raw, leave_file, {1: "constituency", 4: "value"}, LEAVE, 1).with_columns(new_code)
    yes = _recast(raw, yes_file, {0: "constituency", 2: "value"}, INDEPENDENCE, 100)
    census = _census(raw)
    scottish = pl.col("constituency").str.starts_with("S")
    topic = pl.col("measure").replace_strict(SCOTLAND_LATER, default=SCOTLAND_CENSUS, return_dtype=pl.Date)
    public = pl.when(scottish).then(topic).otherwise(pl.lit(BOUNDARIES_2024))
    return pl.concat([_rows(pl.concat([leave, yes]), "2024", pl.lit(BOUNDARIES_2024)), _rows(census, "2024", public)])


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile facts on the people of each constituency.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        Tables ``covariates, covariates_shared``: apart, since the second is under CC BY-SA 4.0.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    return {"covariates": covariates(raw), "covariates_shared": covariates_shared(raw)}
