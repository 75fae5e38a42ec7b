"""Sendle: its tracking API."""

from milepost.plugs.carriers.sendle.source import Sendle

__all__ = ["Sendle"]
