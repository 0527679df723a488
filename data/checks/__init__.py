"""Checks that tables must pass before they are put in place: against official totals, known means and each other.

Official totals come from tables made apart from the constituency files (``data/SOURCES.md``), so agreement is evidence
that every seat is there, once, under the right party.
"""

from data.catalogue import Package
from data.checks.contests import contest_faults
from data.checks.keys import key_faults, without_base
from data.checks.losses import loss_faults
from data.checks.polls import last_means, missing_parties, per_parliament, poll_faults
from data.checks.report import CheckReport, render, spans
from data.checks.totals import compare, total_faults
from data.load import Evidence

__all__ = ["CheckReport", "check", "render"]


def check(evidence: Evidence, *, whole: bool = True, before: Package | None = None) -> CheckReport:
    """Run every check.

    Parameters
    ----------
    evidence : Evidence
        Tables, whole or cut at a date.
    whole : bool, default True
        Whether the tables are whole, so that none may be empty.
    before : Package, optional
        Description by the last build, of which whole tables may have lost nothing.

    Returns
    -------
    CheckReport
        What was found; ``ok`` is false if anything is wrong.
    """
    totals = compare(evidence)
    losses = loss_faults(evidence, before) if whole else ()
    found = (
        *(losses, total_faults(evidence, totals), poll_faults(evidence)),
        *(contest_faults(evidence), key_faults(evidence)),
    )
    return CheckReport(
        tables=spans(evidence),
        totals=totals,
        means=last_means(evidence),
        polls=per_parliament(evidence),
        missing=missing_parties(evidence),
        bases=without_base(evidence),
        faults=tuple(fault for faults in found for fault in faults),
    )
