"""Rows of the user."""
