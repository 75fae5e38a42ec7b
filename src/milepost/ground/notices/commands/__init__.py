"""Verbs of notices: plan, send, settle by hand, keep in the mailbox."""

from milepost.ground.notices.commands.by_hand import mark_as_sent, send_again
from milepost.ground.notices.commands.mailbox import keep_in_mailbox
from milepost.ground.notices.commands.planning import plan
from milepost.ground.notices.commands.sending import send_due

__all__ = ["keep_in_mailbox", "mark_as_sent", "plan", "send_again", "send_due"]
