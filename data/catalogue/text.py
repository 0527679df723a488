"""A table's description as plain text for a terminal."""

import textwrap
from collections.abc import Iterator

from data.catalogue.package import Package, Resource

WIDTH = 120


def _lines(resource: Resource) -> Iterator[str]:
    marked = "" if resource.unverified is None else f", {resource.unverified:,} of them unverified"
    yield f"{resource.name}: {resource.title}"
    yield resource.description
    yield f"{resource.rows:,} rows{marked}, {resource.first} to {resource.last}. Made by {resource.module}."
    yield f"Known on: {resource.known_on}"
    yield f"Terms: {'; '.join(licence['title'] for licence in resource.licenses)}"
    yield from (f"Source: {source.title}, {source.path} ({source.licence})" for source in resource.sources)
    yield from (
        f"Asked for: {text}" for text in dict.fromkeys(s.attribution for s in resource.sources if s.attribution)
    )
    yield from (f"Read: {rule}" for rule in resource.rules)
    yield from (f"Fault: {defect}" for defect in resource.defects)
    key = resource.table_schema.primary_key
    for field in resource.table_schema.fields:
        yield f"  {field.name + ('*' if field.name in key else ''):20}{field.type:9}{field.description}"
    yield "  (* part of the key)"


def describe(resource: Resource) -> str:
    """Write what a table is, where it is from, on what terms, and its columns.

    Parameters
    ----------
    resource : Resource
        From ``read_package``.

    Returns
    -------
    str
        Lines of at most 120 letters.
    """
    wrapped = (textwrap.wrap(line, WIDTH, subsequent_indent="    ", drop_whitespace=True) for line in _lines(resource))
    return "\n".join(line if line.strip() else "" for lines in wrapped for line in lines)


def contents(package: Package) -> str:
    """List all tables.

    Parameters
    ----------
    package : Package
        From ``read_package``.

    Returns
    -------
    str
        A line a table: name, rows, unverified rows, what it holds.
    """
    lines = [f"{'table':21}{'rows':>8}{'unverified':>12}  what it holds"]
    for resource in package.resources:
        unverified = "-" if resource.unverified is None else f"{resource.unverified:,}"
        lines.append(f"{resource.name:21}{resource.rows:>8,}{unverified:>12}  {resource.title}")
    return "\n".join(lines)
