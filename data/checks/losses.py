"""Check that nothing is lost from whole tables: each has rows, and no fewer than the last build kept."""

from collections.abc import Iterator

from data import schemas
from data.catalogue import Package
from data.checks.polls import per_parliament
from data.load import Evidence

MEANT = "Complete the raw files or reinstall the package; if fewer are meant, delete datapackage.json and build again."


def loss_faults(evidence: Evidence, before: Package | None) -> Iterator[str]:
    """Find tables without rows, and tables and parliaments with fewer rows or polls than the last build kept.

    Parameters
    ----------
    evidence : Evidence
        Whole tables, cut at no date.
    before : Package or None
        Description by the last build; without one only empty tables are found.

    Yields
    ------
    str
        One sentence a fault.
    """
    for name in schemas.TABLES:
        if getattr(evidence, name).is_empty():
            yield f"Table {name} has no rows."
    if before is None:
        return
    for resource in before.resources:
        held = getattr(evidence, resource.name).height if resource.name in schemas.TABLES else resource.rows
        if held < resource.rows:
            yield f"Table {resource.name}: {held:,} rows, the last build kept {resource.rows:,}. {MEANT}"
    polls = dict(per_parliament(evidence).iter_rows())
    for count in before.poll_counts:
        if polls.get(count.parliament, 0) < count.kept:
            yield (
                f"Parliament {count.parliament}: {polls.get(count.parliament, 0):,} polls, the last build kept "
                f"{count.kept:,}. {MEANT}"
            )
