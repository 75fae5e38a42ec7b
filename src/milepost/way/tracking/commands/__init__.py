"""Verbs of tracking."""

from milepost.way.tracking.commands.drop import drop
from milepost.way.tracking.commands.events import expect, record_events
from milepost.way.tracking.commands.files import keep_file, what_is_read
from milepost.way.tracking.commands.lanes import learn_lanes
from milepost.way.tracking.commands.polls import catch_up, keep_pace, note_answer, take_due, watch
from milepost.way.tracking.commands.raw import read_raw, receive_raw, wake_waiting
from milepost.way.tracking.commands.silence import look_after, look_again, stop_watching

__all__ = [
    "catch_up", "drop", "expect", "keep_file", "keep_pace", "learn_lanes", "look_after", "look_again", "note_answer", "read_raw",
    "receive_raw", "record_events", "stop_watching", "take_due", "wake_waiting", "watch", "what_is_read",
]  # fmt: skip
