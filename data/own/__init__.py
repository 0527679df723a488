"""Rows of the user's own, beside the shipped tables: added from a file, checked, kept apart, removable."""
