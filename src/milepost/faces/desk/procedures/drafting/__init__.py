"""Drafting procedures as forms: made from the typed records of each kind, so that nobody needs to write TOML (REV-1)."""
