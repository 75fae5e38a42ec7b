"""What happens to notices. Facts hold no address and no word of the message."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class NoticeSent(OrderFact):
    """The other side has taken the message, or a member of staff says that the customer knows (NTF-1)."""

    says: ClassVar[str] = "Message sent: {template} to {audience} by {channel}"
    notice_id: UUID
    template: str
    channel: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class NoticeFailed(OrderFact):
    """The message will not leave by itself any more; a duty says who sees to it."""

    says: ClassVar[str] = "Message not sent: {template} to {audience} by {channel} ({reason})"
    notice_id: UUID
    template: str
    channel: str
    audience: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class NoticeInDoubt(OrderFact):
    """Word broke off while the message was handed over: it may or may not have arrived, and is not sent again blindly."""

    says: ClassVar[str] = "Message in doubt: {template} to {audience} by {channel}"
    notice_id: UUID
    template: str
    channel: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class NoticePlannedAgain(OrderFact):
    """A member of staff has the message sent again."""

    says: ClassVar[str] = "Message to be sent again: {template} to {audience} by {channel}"
    notice_id: UUID
    template: str
    channel: str
    audience: str
