"""Whoever sets documents for print, one folder each."""
