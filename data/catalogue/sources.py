"""``data/SOURCES.md``: the same description for readers."""

from collections.abc import Iterator

from data.catalogue.package import Column, Package, Resource
from data.catalogue.provenance import Provenance

HEAD = """# Where the tables come from

Written by `selectorate data build --raw DIR` from `data/schemas/`, `data/provenance/` and the tables. Change those, not
this file; `data/datapackage.json` says the same for machines. The raw files are not in the repository; the same raw
files give the same bytes. Rows that could not be checked carry `verified = false`. The code is under the MIT licence;
each table keeps the terms given with it.
"""


def _range(field: Column) -> str:
    limits = field.constraints
    if "enum" in limits:
        return ", ".join(f"`{value}`" for value in limits["enum"])
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        return f"{low:,g} to {high:,g}"
    return f"from {low:,g}" if low is not None else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(resource: Resource) -> Iterator[str]:
    unverified = "" if resource.unverified is None else f", {resource.unverified:,} unverified"
    yield f"### `{resource.name}`: {resource.title}"
    yield ""
    span = f"{resource.rows:,} rows{unverified}, {resource.first} to {resource.last}"
    yield f"{resource.description} {span}; made by `{resource.module}`."
    yield ""
    yield f"- Known on: {resource.known_on}"
    yield f"- Terms: {'; '.join(licence['title'] for licence in resource.licenses)}"
    yield f"- Publishers: {'; '.join(source.title for source in resource.sources)}"
    yield ""
    yield "| column | type | range | meaning |"
    yield "| --- | --- | --- | --- |"
    key = resource.table_schema.primary_key
    for field in resource.table_schema.fields:
        kind = field.type + (
            ", key" if field.name in key else "" if field.constraints.get("required") else ", may be empty"
        )
        yield f"| `{field.name}` | {kind} | {_range(field)} | {_cell(field.description)} |"
    for heading, lines in (("How it is read", resource.rules), ("Known faults", resource.defects)):
        if lines:
            yield ""
            yield f"{heading}:"
            yield ""
            yield from (f"- {line}" for line in lines)
    yield ""


def _subject(subject: Provenance, package: Package) -> Iterator[str]:
    yield f"## {subject.title}"
    yield ""
    if subject.publishers:
        yield "| key | publisher | licence | attribution |"
        yield "| --- | --- | --- | --- |"
        for publisher in subject.publishers:
            through = f"; from {publisher.obtained}" if publisher.obtained else ""
            who = f"{publisher.name}, {publisher.address}{through}"
            yield f"| `{publisher.key}` | {_cell(who)} | {_cell(publisher.licence)} | {_cell(publisher.attribution)} |"
        yield ""
    hashes = {file.path: file.hash.removeprefix("sha256:") for file in package.raw_files}
    if subject.files:
        yield "| raw file | used for | sha256 |"
        yield "| --- | --- | --- |"
        yield from (f"| {file.path} | {_cell(file.used_for)} | `{hashes[file.path]}` |" for file in subject.files)
        yield ""
    for note in subject.tables:
        yield from _table(package.resource(note.name))


def _counts(package: Package) -> Iterator[str]:
    if not package.poll_counts:
        return
    columns = list(package.poll_counts[0].model_dump())
    yield "## Polls read and kept"
    yield ""
    yield "| " + " | ".join(column.replace("_", " ") for column in columns) + " |"
    yield "|" + " --- |" * len(columns)
    for row in package.poll_counts:
        values = row.model_dump().values()
        cells = ("" if value is None else f"{value:,}" if isinstance(value, int) else value for value in values)
        yield f"| {' | '.join(cells)} |"
    yield ""


def render(package: Package, subjects: tuple[Provenance, ...]) -> str:
    """Write ``SOURCES.md``.

    Parameters
    ----------
    package : Package
        Description of the tables.
    subjects : tuple of Provenance
        As ``read_provenance`` returns them.

    Returns
    -------
    str
        Markdown.
    """
    lines = [HEAD]
    for subject in subjects:
        lines += _subject(subject, package)
    lines += _counts(package)
    return "\n".join(lines).rstrip() + "\n"
