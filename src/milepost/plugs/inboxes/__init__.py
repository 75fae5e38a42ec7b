"""Readers of the forms in which orders arrive."""
