"""Read the shipped tables and cut them by date: the one door through which models see evidence."""

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from data import schemas
from data.errors import BadInput, DamagedArtefact
from data.own import overlay, repeats

_OWN = pl.col("source").str.starts_with(overlay.OWN)


def tables_dir() -> Path:
    """Folder of the shipped tables."""
    return Path(str(files("data"))) / "tables"


def read_table(name: str, folder: Path | None = None) -> dy.DataFrame[Any]:
    """Read one shipped table and validate it.

    Parameters
    ----------
    name : str
        A key of ``schemas.TABLES``.
    folder : Path, optional
        Where the CSV files lie; the shipped tables unless given.

    Returns
    -------
    dy.DataFrame
        The table, in its schema's column order and types.

    Raises
    ------
    DamagedArtefact
        If the file is missing, cannot be parsed, or breaks a rule of its schema.
    """
    schema = schemas.TABLES[name]
    path = (folder or tables_dir()) / f"{name}.csv"
    if not path.is_file():
        raise DamagedArtefact(
            f"Table {path.name} is missing from {path.parent.name}/. "
            "Reinstall the package, or rebuild it with: selectorate data build --raw DIR."
        )
    try:
        frame = pl.read_csv(path, schema_overrides={name: column.dtype for name, column in schema.columns().items()})
        return schema.validate(frame, cast=True)
    except (pl.exceptions.PolarsError, dy.exc.ValidationError, dy.exc.SchemaError) as error:
        raise DamagedArtefact(
            f"Table {path.name} is damaged: {str(error).splitlines()[0]} "
            "Reinstall the package, or rebuild it with: selectorate data build --raw DIR."
        ) from error


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """Every table, cut at one date. Two are equal only if they are one object; compare contents by ``fingerprint``.

    ``cut`` is the newest date a row may have become known; no table holds a row with a later ``known_on``.
    Fields are named as in ``schemas.TABLES``.
    """

    cut: date
    parties: dy.DataFrame[schemas.Parties]
    elections: dy.DataFrame[schemas.Elections]
    national_results: dy.DataFrame[schemas.NationalResults]
    constituencies: dy.DataFrame[schemas.Constituencies]
    contests: dy.DataFrame[schemas.Contests]
    results: dy.DataFrame[schemas.Results]
    candidates: dy.DataFrame[schemas.Candidates]
    candidate_votes: dy.DataFrame[schemas.CandidateVotes]
    notionals: dy.DataFrame[schemas.Notionals]
    by_elections: dy.DataFrame[schemas.ByElections]
    by_election_results: dy.DataFrame[schemas.ByElectionResults]
    covariates: dy.DataFrame[schemas.Covariates]
    covariates_shared: dy.DataFrame[schemas.CovariatesShared]
    overlaps: dy.DataFrame[schemas.Overlaps]
    hexes: dy.DataFrame[schemas.Hexes]
    boundaries: dy.DataFrame[schemas.Boundaries]
    pollsters: dy.DataFrame[schemas.Pollsters]
    polls: dy.DataFrame[schemas.Polls]
    poll_shares: dy.DataFrame[schemas.PollShares]
    leader_tenure: dy.DataFrame[schemas.LeaderTenure]
    leader_ratings: dy.DataFrame[schemas.LeaderRatings]
    leader_events: dy.DataFrame[schemas.LeaderEvents]
    mp_contests: dy.DataFrame[schemas.MpContests]
    mp_events: dy.DataFrame[schemas.MpEvents]
    mp_margins: dy.DataFrame[schemas.MpMargins]
    election_margins: dy.DataFrame[schemas.ElectionMargins]
    member_ballots: dy.DataFrame[schemas.MemberBallots]
    member_polls: dy.DataFrame[schemas.MemberPolls]
    selection_rules: dy.DataFrame[schemas.SelectionRules]
    selection_sections: dy.DataFrame[schemas.SelectionSections]
    published_forecasts: dy.DataFrame[schemas.PublishedForecasts]

    def as_of(self, day: date) -> "Evidence":
        """Cut every table to the rows known on ``day``.

        Parameters
        ----------
        day : date
            Must lie between the first election in the data and the newest ``known_on``.

        Returns
        -------
        Evidence
            The same tables without later rows.

        Raises
        ------
        BadInput
            If ``day`` is outside the data.
        """
        first = self.elections["election_date"].sort().to_list()[0]
        if not first < day <= self.cut:
            raise BadInput(f"No evidence for {day}: the data run from {first} to {self.cut}. Choose a date between.")
        tables = {
            f.name: getattr(self, f.name).filter(pl.col("known_on") <= day) for f in fields(self) if f.name != "cut"
        }
        return replace(self, cut=day, **tables)

    def n_own(self) -> int:
        """Polls, ratings, votes and events of MPs that the user added."""
        own = ("polls", "leader_ratings", "mp_contests", "mp_events")
        return sum(getattr(self, name).filter(_OWN).height for name in own)

    def unverified(self) -> dict[str, int]:
        """Shipped rows that could not be checked, of each table the models read that marks them; not the user's own."""
        tables = ("polls", "leader_ratings", "leader_tenure", "leader_events", "mp_contests", "mp_margins", "mp_events")
        return {name: getattr(self, name).filter(~pl.col("verified") & ~_OWN).height for name in tables}

    def fingerprint(self) -> str:
        """SHA-256 of all rows, the same for the same evidence on any machine."""
        digest = hashlib.sha256()
        for f in fields(self):
            if f.name != "cut":
                digest.update(f.name.encode())
                digest.update(getattr(self, f.name).write_csv().encode())
        return digest.hexdigest()


def evidence_from(folder: Path, own: dict[str, pl.DataFrame] | None = None) -> Evidence:
    """Read all tables of a folder, uncut.

    Parameters
    ----------
    folder : Path
        Where the CSV files lie.
    own : dict of str to pl.DataFrame, optional
        The user's own rows by table, put after the folder's; rows that repeat one of the folder's are left out.

    Returns
    -------
    Evidence
        ``cut`` is the newest day a poll, rating, change of leader or vote of MPs in it became known.

    Raises
    ------
    DamagedArtefact
        If a table is missing or damaged, or an own row has the key of another.
    """
    tables: dict[str, Any] = {name: read_table(name, folder) for name in schemas.TABLES}
    for name, rows in repeats.without_repeats(own or {}, tables).items():
        both = pl.concat([tables[name], rows.select(tables[name].columns)])
        try:
            tables[name] = schemas.TABLES[name].validate(both, cast=True)
        except (pl.exceptions.PolarsError, dy.exc.ValidationError, dy.exc.SchemaError) as error:
            raise DamagedArtefact(
                f"Your own rows do not fit table {name} any more: {str(error).splitlines()[0]} "
                "See them with: selectorate data own; take a batch out with: selectorate data remove BATCH."
            ) from error
    dated = ("polls", "leader_ratings", "leader_tenure", "mp_contests", "mp_events")
    days = [tables[name]["known_on"].max() for name in dated if tables[name].height]
    if not days:
        raise DamagedArtefact(
            f"Tables {', '.join(dated)} have no rows. "
            "Reinstall the package, or rebuild it with: selectorate data build --raw DIR."
        )
    return Evidence(cut=max(days), **tables)


@lru_cache(maxsize=2)
def _load(stamp: str) -> Evidence:
    return evidence_from(tables_dir(), overlay.own_tables() if stamp else None)


@lru_cache(maxsize=2)
def _left_out(_stamp: str) -> dict[str, int]:
    shipped = {name: read_table(name) for name in overlay.TABLES}
    own = {name: overlay.read_batch(name)[1] for name in overlay.batch_names()}
    found = {name: repeats.count_repeats(tables, shipped) for name, tables in own.items()}
    return {name: count for name, count in found.items() if count}


def left_out() -> dict[str, int]:
    """Count the user's rows that the shipped tables hold by now, which no forecast counts a second time.

    Returns
    -------
    dict of str to int
        Rows left out, by the name of their batch.

    Raises
    ------
    DamagedArtefact
        If a table or an own batch is missing a part or damaged.
    """
    stamp = overlay.stamp()
    return _left_out(stamp) if stamp else {}


def load_evidence(*, own: bool = True) -> Evidence:
    """Load all shipped tables and the user's own rows, once for as long as those stay the same.

    Parameters
    ----------
    own : bool
        Whether the user's own rows are wanted; a track record is made without them.

    Returns
    -------
    Evidence
        All tables, uncut; ``cut`` is the newest day a poll, rating, change of leader or vote of MPs became known.

    Raises
    ------
    DamagedArtefact
        If a table or an own batch is missing a part or damaged.
    """
    return _load(overlay.stamp() if own else "")
