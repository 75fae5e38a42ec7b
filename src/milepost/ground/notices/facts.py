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


@dataclass(frozen=True, kw_only=True)
class CallWanted(OrderFact):
    """It is to be told by phone: somebody calls (NTF-2)."""

    says: ClassVar[str] = "To be told by phone: {template} to {audience}"
    notice_id: UUID
    template: str
    audience: str
    number: int


@dataclass(frozen=True, kw_only=True)
class CallMade(OrderFact):
    """Somebody called, with this outcome; what was said beside it is the act's reason (NTF-2)."""

    says: ClassVar[str] = "Called about {template}: {outcome}"
    notice_id: UUID
    template: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class NoticeDelivered(OrderFact):
    """The vendor says that the message has arrived."""

    says: ClassVar[str] = "Message arrived: {template} to {audience} by {channel}"
    notice_id: UUID
    template: str
    channel: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class NoticeBounced(OrderFact):
    """The vendor took the message and could not deliver it; where that is permanent, nothing more goes to the address."""

    says: ClassVar[str] = "Message did not arrive: {template} to {audience} by {channel} ({code})"
    notice_id: UUID
    template: str
    channel: str
    audience: str
    code: str
    permanent: bool


@dataclass(frozen=True, kw_only=True)
class NoticeComplained(OrderFact):
    """The recipient reported the message as unwanted."""

    says: ClassVar[str] = "Message reported as unwanted: {template} to {audience} by {channel}"
    notice_id: UUID
    template: str
    channel: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class NoticeOptedOut(OrderFact):
    """The recipient wants no more messages on this channel."""

    says: ClassVar[str] = "No more messages wanted by {channel}"
    notice_id: UUID
    template: str
    channel: str
    audience: str
