"""Teleship: its tracking API."""

from milepost.plugs.carriers.teleship.source import teleship

__all__ = ["teleship"]
