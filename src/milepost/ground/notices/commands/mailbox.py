"""Keep messages in the built-in mailbox."""

from collections.abc import Sequence

from django.db import connection

from milepost.ground.notices.words import MailboxCard
from milepost.kernel.columns import columns
from milepost.kernel.facts import canonical


def keep_in_mailbox(messages: Sequence[MailboxCard]) -> None:
    """Keep each message once: one whose reference is there already stays as it is. One statement."""
    if not messages:
        return
    rows = [
        (
            m.reference,
            m.kept_at,
            m.order_id,
            m.sender,
            m.address,
            m.subject,
            m.text,
            m.html,
            canonical(m.headers).decode(),
        )
        for m in messages
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns(rows))


_KEEP = """
INSERT INTO notices_mailbox_message (reference, kept_at, order_id, sender, address, subject, text, html, headers)
SELECT * FROM unnest(%b::text[], %b::timestamptz[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::jsonb[])
ON CONFLICT (reference) DO NOTHING
"""
