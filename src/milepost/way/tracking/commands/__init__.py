"""Verbs of tracking."""

from milepost.way.tracking.commands.events import expect, record_events
from milepost.way.tracking.commands.raw import process_raw, receive_raw, retry_raw, retry_waiting

__all__ = ["expect", "process_raw", "receive_raw", "record_events", "retry_raw", "retry_waiting"]
