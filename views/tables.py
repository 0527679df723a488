"""Seventh page: every table, its source and terms, what the checks say, and the user's own rows."""

import polars as pl
import streamlit as st

from data.catalogue import Package, Resource, read_package
from data.checks import CheckReport, check
from data.errors import SelectorateError
from data.load import evidence_from, left_out, read_table, tables_dir
from data.own.kinds import listed
from data.own.overlay import batches
from views import shell, words
from views.fragments import name_as_in

SHOWN_ROWS = 500
"""Rows sent to the browser; the whole table can be saved."""

COUNTS = {
    "parliament": "Election that ended it",
    "kept": "Kept",
    "pollbase": "PollBase",
    "britpol": "britpol",
    "other": "Other sources",
    "joined": "Same poll in two sources",
    "undated": "No date",
    "polling_day": "Touches polling day",
    "misfiled": "Filed under another parliament",
    "sum_high": "Sum above 102%",
    "sum_low": "Sum below 85%",
    "repeats": "Printed twice",
    "pools": "Pool of others",
}
"""Headings of the counts of polls."""


@st.cache_resource(show_spinner="Checking the tables")
def _checked() -> CheckReport:
    """Check the shipped tables once; they change with the package only."""
    return check(evidence_from(tables_dir()), before=read_package())


def show() -> None:
    """Draw the page."""
    st.title("Data")
    name_as_in(None)
    shell.panel_alone()
    try:
        package = read_package()
        _verdict(package, _checked())
        _table(package)
        _polls(package)
    except SelectorateError as error:
        st.error(words.safe(str(error)))
    _own()


def _verdict(package: Package, report: CheckReport) -> None:
    unverified = sum(resource.unverified or 0 for resource in package.resources)
    rows = sum(resource.rows for resource in package.resources)
    st.markdown(
        words.safe(
            f"There are {words.plural(len(package.resources), 'table')} of facts with {words.plural(rows, 'row')}. "
            "Each row says on which day it became known, and a forecast made as of a day sees no later one. "
            f"{words.plural(unverified, 'row')} could not be checked and are marked as unverified."
        )
    )
    if report.ok:
        st.success("All checks pass: seats and votes equal the official totals, or differ for a listed reason.")
    else:
        st.error("\n".join(f"- {words.safe(fault)}" for fault in report.faults))


def _own() -> None:
    st.subheader("Your own rows", anchor=False)
    try:
        found, gone = batches(), left_out()
    except SelectorateError as error:
        st.error(words.safe(str(error)))
        return
    if not found:
        st.markdown(f"None. Add {words.safe(listed())} with `selectorate data add polls FILE.csv`.")
        return
    st.markdown(
        "They stand beside the shipped tables until they are removed in a terminal, and enter every new forecast."
    )
    for batch in found:
        text = f"{batch.file}: {words.plural(batch.rows, 'row')} of {batch.kind}, added {words.day(batch.added)}"
        if batch.name in gone:
            text += f"; {words.plural(gone[batch.name], 'row')} left out, as the shipped tables hold them by now"
        st.markdown(words.safe(text))
        st.code(f"selectorate data remove {batch.name}", language=None)


def _table(package: Package) -> None:
    st.subheader("Tables", anchor=False)
    resources = {f"{resource.title} ({resource.name})": resource for resource in package.resources}
    names = [resource.name for resource in package.resources]
    resource = resources[st.selectbox("Table", list(resources), index=names.index("polls"), key="table")]
    st.markdown(words.safe(resource.description))
    span = f"{words.plural(resource.rows, 'row')}, {resource.first} to {resource.last}"
    unverified = "" if resource.unverified is None else f" · {resource.unverified:,} unverified"
    st.caption(words.safe(f"{span}{unverified} · known on: {resource.known_on}"))
    _rows(resource)
    for title, lines in (("How it is read", resource.rules), ("Known faults", resource.defects)):
        if lines:
            with st.expander(f"{title} ({len(lines)})"):
                st.markdown("\n".join(f"- {words.safe(line)}" for line in lines))
    with st.expander("Columns"):
        st.table(_columns(resource), hide_index=True, border="horizontal")
    with st.expander("Sources and terms"):
        st.markdown(_sources(resource))


def _rows(resource: Resource) -> None:
    frame: pl.DataFrame = read_table(resource.name)
    wanted = st.text_input("Rows that contain", key="filter", placeholder="YouGov, 2016-06, E14001063 …")
    if resource.unverified and st.toggle("Unverified rows only", key="unverified"):
        frame = frame.filter(~pl.col("verified"))
    if wanted:
        text = pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator=" ").str.to_lowercase()
        frame = frame.filter(text.str.contains(wanted.lower(), literal=True))
    shown = frame.tail(SHOWN_ROWS).reverse().with_columns(pl.selectors.date().cast(pl.String))
    st.dataframe(shown, hide_index=True, height=320, width="stretch", placeholder="–")
    left = "" if shown.height == frame.height else f"The last {shown.height:,} of "
    st.caption(words.safe(f"{left}{words.plural(frame.height, 'row')}, last first."))
    st.download_button(
        "Whole table (CSV)",
        (tables_dir() / f"{resource.name}.csv").read_bytes,
        f"{resource.name}.csv",
        "text/csv",
        key="table-csv",
        on_click="ignore",
    )


def _columns(resource: Resource) -> pl.DataFrame:
    key = resource.table_schema.primary_key
    fields = resource.table_schema.fields
    return pl.DataFrame(
        {
            "Column": [field.name + (" (key)" if field.name in key else "") for field in fields],
            "Type": [field.type for field in fields],
            "Meaning": [field.description for field in fields],
        }
    )


def _sources(resource: Resource) -> str:
    terms = "; ".join(licence["title"] for licence in resource.licenses)
    lines = [f"Terms of this table: {words.safe(terms)}", ""]
    for source in resource.sources:
        asked = f" Attribution: {source.attribution}" if source.attribution else ""
        lines.append(f"- {words.safe(f'{source.title}, {source.path}. {source.licence}.{asked}')}")
    lines += ["", words.safe(f"SHA-256 {resource.hash.removeprefix('sha256:')}; made by {resource.module}.")]
    return "\n".join(lines)


def _polls(package: Package) -> None:
    st.subheader("Polls read and kept", anchor=False)
    st.markdown(
        "One poll is often printed by several sources, or twice by one. Rows of one pollster count as one poll when "
        "fieldwork and figures agree; the rule is under the table of polls, and what was left out is here."
    )
    counts = [count.model_dump() for count in package.poll_counts]
    table = pl.DataFrame(counts, infer_schema_length=None).select(*COUNTS).rename(COUNTS)
    st.dataframe(table, hide_index=True, width="stretch", height="content")
