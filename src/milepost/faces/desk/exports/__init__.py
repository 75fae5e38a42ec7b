"""Export of what a list shows: all rows that match, as a table that spreadsheets open."""
