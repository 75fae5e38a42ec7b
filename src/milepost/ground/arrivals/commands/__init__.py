"""Verbs of arrivals."""

from milepost.ground.arrivals.commands.answer import keep_answers, note_answers_sent
from milepost.ground.arrivals.commands.keep import forget_forged, keep
from milepost.ground.arrivals.commands.mark import mark
from milepost.ground.arrivals.commands.process import process_due, retry, wake, wake_those_who_wait
from milepost.ground.arrivals.commands.settle import overtake, set_aside, settle

__all__ = [
    "forget_forged", "keep", "keep_answers", "mark", "note_answers_sent", "overtake", "process_due", "retry", "set_aside", "settle",
    "wake", "wake_those_who_wait",
]  # fmt: skip
