"""The standard terms of webhooks out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

EVERYTHING = "*"
"""The type of event that stands for all."""


class Standing(StrEnum):
    """Whether an endpoint is told anything. *gone*: it answered 410; *given_up*: it has failed for as long as we try."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"
    GIVEN_UP = "given_up"


class State(StrEnum):
    """Where a delivery stands. *failed*: the ladder is climbed; *dropped*: its endpoint is told nothing any more."""

    DUE = "due"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDraft:
    """An address that wants to be told of these types of events ("order.shipped", or "*" for all)."""

    url: str
    name: str
    types: tuple[str, ...] = (EVERYTHING,)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEndpoint:
    """A new endpoint, or one with a new secret; `secret` is shown to its owner and kept nowhere."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something public that happened to an order. `body` is the CloudEvent without what differs from endpoint to endpoint."""

    id: str
    order_id: int
    sequence: int
    type: str
    recorded_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to an endpoint, signed."""

    delivery_id: UUID
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a status, or none with a few words why. `wait`: the endpoint asked for patience."""

    status: int | None = None
    detail: str = ""
    wait: timedelta | None = None
    took_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCard:
    """An endpoint as others see it; its secret is not among what is seen."""

    id: UUID
    url: str
    name: str
    types: tuple[str, ...]
    standing: Standing
    generation: int
    former_until: datetime | None
    opened_at: datetime
    failing_since: datetime | None
    last_delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptCard:
    """One call and what came back."""

    number: int
    at: datetime
    status: int | None
    detail: str
    took_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCard:
    """One event on its way to one endpoint."""

    id: UUID
    endpoint_id: UUID
    event_id: str
    order_id: int
    sequence: int
    previous: int
    type: str
    state: State
    attempts: int
    failures: int
    due_at: datetime | None
    delivered_at: datetime | None
    status: int | None
    detail: str
    body: bytes = b""
    tries: tuple[AttemptCard, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What one pass over the outbox did."""

    delivered: int = 0
    later: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """How many were called; 0 means that nothing is due."""
        return self.delivered + self.later + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The state of the outbox at one instant, for those who watch over it (OPS-1)."""

    due: int
    failed: int
    oldest_due_at: datetime | None
    silent_endpoints: int
