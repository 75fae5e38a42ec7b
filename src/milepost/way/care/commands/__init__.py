"""Verbs of care: receive, answer, log, close, reopen, take, hand over; and who is on a page."""

from milepost.way.care.commands.answering import answer
from milepost.way.care.commands.closing import close, reopen
from milepost.way.care.commands.forgetting import forget
from milepost.way.care.commands.logging import log
from milepost.way.care.commands.receiving import receive
from milepost.way.care.commands.seeing import look_in, mark_read
from milepost.way.care.commands.taking import hand_over, take

__all__ = ["answer", "close", "forget", "hand_over", "log", "look_in", "mark_read", "receive", "reopen", "take"]
