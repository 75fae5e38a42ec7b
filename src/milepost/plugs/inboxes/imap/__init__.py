"""Mail from a mailbox by IMAP: read only, each message once, nothing marked, moved or deleted."""

from milepost.plugs.inboxes.imap.mailbox import ImapMailbox, Place

__all__ = ["ImapMailbox", "Place"]
