"""Bulk: one verb for many rows of a list: first tried, so that everybody sees what it will do, then carried out in sets."""
