"""Asendia: its tracking API."""

from milepost.plugs.carriers.asendia.source import asendia

__all__ = ["asendia"]
