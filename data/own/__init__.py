"""Rows of the user's own, beside the shipped tables: added from a file, checked, kept apart, removable."""

from data.own.adding import add
from data.own.overlay import Batch, batches, own_tables, remove, stamp

__all__ = ["Batch", "add", "batches", "own_tables", "remove", "stamp"]
