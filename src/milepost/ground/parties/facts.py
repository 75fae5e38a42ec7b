"""What happens to customers. No fact holds a name or an address."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CustomerFact(Fact):
    """A fact of one customer."""

    stream: ClassVar[str] = "customer"
    says: ClassVar[str] = ""
    customer_id: int

    @property
    def stream_id(self) -> int:
        return self.customer_id


@dataclass(frozen=True, kw_only=True)
class CustomerCorrected(CustomerFact):
    """What we have on record of a customer was put right; which fields, not what they say."""

    says: ClassVar[str] = "Customer's {fields} corrected"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CustomerBlocked(CustomerFact):
    """No order of theirs goes on by itself; the reason is the act's."""

    says: ClassVar[str] = "Customer blocked"


@dataclass(frozen=True, kw_only=True)
class CustomerUnblocked(CustomerFact):
    """They may order again."""

    says: ClassVar[str] = "Customer unblocked"


@dataclass(frozen=True, kw_only=True)
class CreditSet(CustomerFact):
    """How much their open orders may come to was set, or taken away."""

    says: ClassVar[str] = "Credit limit {limit} {currency}"
    limit: Decimal | None
    currency: str


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(CustomerFact):
    """They want messages of this class on this channel; `wording_version` is that of the words they agreed to."""

    says: ClassVar[str] = "Consent to {consent_class} messages by {channel} ({source}, wording {wording_version})"
    consent_class: str
    channel: str
    source: str
    wording_version: int


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(CustomerFact):
    """They want no more messages of this class on this channel; it counts at once."""

    says: ClassVar[str] = "No more {consent_class} messages by {channel} ({source})"
    consent_class: str
    channel: str
    source: str
    wording_version: int


@dataclass(frozen=True, kw_only=True)
class StopFact(Fact):
    """A fact of one address on one channel; the address itself stands in the row."""

    stream: ClassVar[str] = "channel_stop"
    says: ClassVar[str] = ""
    stop_id: int
    channel: str

    @property
    def stream_id(self) -> int:
        return self.stop_id


@dataclass(frozen=True, kw_only=True)
class ChannelStopped(StopFact):
    """Nothing more goes to an address on this channel, from this instant."""

    says: ClassVar[str] = "Nothing more by {channel} to this address ({reason})"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChannelResumed(StopFact):
    """Messages go to the address again; the reason is the act's."""

    says: ClassVar[str] = "Messages by {channel} go to this address again"
