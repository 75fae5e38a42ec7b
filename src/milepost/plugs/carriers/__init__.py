"""Carriers and tracking vendors, one folder each; their codes die here."""
