"""The built-in mailbox: keeps every message where the mailbox page shows it, and sends nothing."""

from milepost.plugs.senders.mailbox.sender import MailboxSender

__all__ = ["MailboxSender"]
