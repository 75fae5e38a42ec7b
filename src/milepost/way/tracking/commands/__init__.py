"""Verbs of tracking."""

from milepost.way.tracking.commands.events import expect, record_events
from milepost.way.tracking.commands.raw import read_raw, receive_raw, wake_waiting

__all__ = ["expect", "read_raw", "receive_raw", "record_events", "wake_waiting"]
