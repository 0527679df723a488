"""Tables of facts on British elections, leaders and MPs, and the one door through which they are read."""

from data.errors import BadInput, DamagedArtefact, SelectorateError
from data.load import Evidence, load_evidence, read_table

__all__ = ["BadInput", "DamagedArtefact", "Evidence", "SelectorateError", "load_evidence", "read_table"]
