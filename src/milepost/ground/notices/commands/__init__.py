"""Verbs of notices: plan, send, settle by hand, call, say no more, keep in the mailbox."""

from milepost.ground.notices.commands.browsers import BAD_BROWSER, forget_browser, forget_browsers, note_browser
from milepost.ground.notices.commands.by_hand import mark_as_sent, send_again
from milepost.ground.notices.commands.calls import call_off, record_call
from milepost.ground.notices.commands.digests import joined
from milepost.ground.notices.commands.mailbox import keep_in_mailbox
from milepost.ground.notices.commands.planning import plan
from milepost.ground.notices.commands.receipts import note_receipts
from milepost.ground.notices.commands.seeing import mark_all_seen, mark_seen
from milepost.ground.notices.commands.sending import send_due
from milepost.ground.notices.commands.unsubscribing import unsubscribe

__all__ = [
    "BAD_BROWSER",
    "call_off",
    "forget_browser",
    "forget_browsers",
    "joined",
    "keep_in_mailbox",
    "mark_all_seen",
    "mark_as_sent",
    "mark_seen",
    "note_browser",
    "note_receipts",
    "plan",
    "record_call",
    "send_again",
    "send_due",
    "unsubscribe",
]
