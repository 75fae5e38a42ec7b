"""Vonage's statuses and codes of failed messages in our words, as its documentation of the Messages API gives them."""

from milepost.ground.notices.words import ReceiptKind

KINDS = {"delivered": ReceiptKind.DELIVERED, "read": ReceiptKind.DELIVERED, "rejected": ReceiptKind.BOUNCED,
         "undeliverable": ReceiptKind.BOUNCED, "failed": ReceiptKind.BOUNCED}  # fmt: skip
UNDERWAY = frozenset({"submitted", "accepted", "buffered"})
"""Statuses of a message; these say nothing new to whom has its id."""

NEVER_AGAIN = frozenset({"1050", "1170", "1190", "1240", "1280"})
"""The number is barred, no number, absent for good, illegal, or blocked by its carrier. What may be our own account's or a
network's trouble (all others) leaves the number as it is."""
