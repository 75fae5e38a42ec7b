"""Intake: what was asked, in whatever channel, kept as it came, verified, and given its reference for life."""
