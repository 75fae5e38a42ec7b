"""Twilio's error codes in our words, as its dictionary of errors and warnings gives them."""

from collections.abc import Mapping

from milepost.ground.notices.words import Result

AT_SENDING: Mapping[int, tuple[Result, bool]] = {
    14107: (Result.DEFERRED, False),  # message rate limit exceeded
    20003: (Result.UNREACHABLE, False),  # authenticate
    20404: (Result.UNREACHABLE, False),  # the account was not found
    20429: (Result.DEFERRED, False),  # too many requests
    21211: (Result.REFUSED, True),  # invalid "To" number
    21212: (Result.UNREACHABLE, False),  # invalid "From" number: ours
    21408: (Result.REFUSED, False),  # the region is not enabled for the account
    21602: (Result.REFUSED, False),  # no body
    21603: (Result.UNREACHABLE, False),  # no "From" number
    21604: (Result.REFUSED, False),  # no "To" number
    21606: (Result.UNREACHABLE, False),  # the "From" number is not ours, or cannot send
    21610: (Result.REFUSED, True),  # the recipient has unsubscribed
    21611: (Result.DEFERRED, False),  # the "From" number's queue is full
    21612: (Result.REFUSED, False),  # not from this number to that one
    21614: (Result.REFUSED, True),  # "To" is no mobile number
    21617: (Result.REFUSED, False),  # too many characters
    21635: (Result.REFUSED, True),  # "To" is a landline
    21703: (Result.UNREACHABLE, False),  # the messaging service has no number
    30001: (Result.DEFERRED, False),  # queue overflow
    30002: (Result.UNREACHABLE, False),  # the account is suspended
    63038: (Result.DEFERRED, False),  # the account's limit of a day
}
"""What a refused call means: the result, and whether nothing will ever arrive at this number."""

OPTED_OUT = 21610

NEVER_AGAIN = frozenset({21211, 21614, 21635, 30004, 30005, 30006})
"""Of what was not delivered: the number is unknown, no mobile, blocked or cannot be reached by any carrier."""

DELIVERED = frozenset({"delivered", "read"})
LOST = frozenset({"undelivered", "failed", "canceled"})
UNDERWAY = frozenset({"accepted", "scheduled", "queued", "sending", "sent", "partially_delivered"})
"""Statuses of a message, as its resource documents them."""
