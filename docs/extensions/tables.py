"""The shipped tables, from their description in ``data/datapackage.json``."""

import json
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2] / "data" / "datapackage.json"


def resources() -> list[dict[str, Any]]:
    """Descriptions of all tables."""
    held: list[dict[str, Any]] = json.loads(PACKAGE.read_text(encoding="utf-8"))["resources"]
    return held


def tables() -> str:
    """Describe every table: what it holds, when its rows were known, on what terms, and each column.

    Returns
    -------
    str
        Markdown, one section a table.
    """
    return "\n\n".join(_table(one) for one in resources())


def _table(one: dict[str, Any]) -> str:
    fields = "\n".join(_field(field, one["schema"]["primaryKey"]) for field in one["schema"]["fields"])
    spans = f", {one['first']} to {one['last']}" if one.get("first") and one.get("last") else ""
    doubtful = f" {one['unverified']:,} rows could not be checked." if one.get("unverified") else ""
    terms = ", ".join(dict.fromkeys(licence["title"] for licence in one["licenses"]))
    return (
        f"## {one['name']}\n\n{one['title']}. {one['rows']:,} rows{spans}.{doubtful}\n\n"
        f"Known on: {one['known_on']}\n\nTerms: {terms}.\n\n{fields}"
    )


def _field(field: dict[str, Any], key: list[str]) -> str:
    marks = [field["type"], *(["key"] if field["name"] in key else [])]
    marks += ["may be empty"] if not field["constraints"].get("required") else []
    return f"`{field['name']}` ({', '.join(marks)})\n: {field['description']}\n"
