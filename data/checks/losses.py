"""Check that nothing is lost from whole tables: each has rows, and each parliament the polls of the last build."""

from collections.abc import Iterator

from data import schemas
from data.catalogue import read_package
from data.checks.polls import per_parliament
from data.errors import DamagedArtefact
from data.load import Evidence


def loss_faults(evidence: Evidence) -> Iterator[str]:
    """Find tables without rows, and parliaments with fewer polls than the last build kept.

    Parameters
    ----------
    evidence : Evidence
        Whole tables, cut at no date.

    Yields
    ------
    str
        One sentence a fault.
    """
    for name in schemas.TABLES:
        if getattr(evidence, name).is_empty():
            yield f"Table {name} has no rows."
    held = dict(per_parliament(evidence).iter_rows())
    for parliament, kept in _kept_before().items():
        if held.get(parliament, 0) < kept:
            yield (
                f"Parliament {parliament}: {held.get(parliament, 0):,} polls, the last build kept {kept:,}. Reinstall "
                "the package; if fewer are meant, delete data/datapackage.json and build again."
            )


def _kept_before() -> dict[str, int]:
    """Polls of each parliament by the last build; none where its description is lost, as a build then starts anew."""
    try:
        counts = read_package().poll_counts
    except DamagedArtefact:
        return {}
    return {row["parliament"]: row["kept"] for row in counts}
