"""What is said over the API about subscriptions to events."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from milepost.faces.api.shapes.terms import ONE_LINE, Sent, Told

Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=500, pattern=ONE_LINE)]


class SubscriptionIn(Sent):
    """An address that is to be told of events; `types` are names as order.shipped, or * for all."""

    url: Address
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=ONE_LINE)] = ""
    types: Annotated[list[Annotated[str, StringConstraints(max_length=64)]], Field(min_length=1, max_length=64)] = ["*"]


class SubscriptionsIn(Sent):
    """Subscriptions to open: all or none."""

    subscriptions: Annotated[list[SubscriptionIn], Field(min_length=1, max_length=20)]


class SecretOut(Told):
    """A subscription's id and its secret, which is shown this once (Standard Webhooks)."""

    id: UUID
    secret: str


class OpenedOut(Told):
    """What was opened, in the order in which it was sent."""

    subscriptions: list[SecretOut]


class SubscriptionOut(Told):
    """A subscription as it stands."""

    id: UUID
    url: str
    name: str
    types: list[str]
    standing: str
    opened_at: datetime
    failing_since: datetime | None
    last_delivered_at: datetime | None


class SubscriptionsOut(Told):
    """All subscriptions, and the types of events there are."""

    subscriptions: list[SubscriptionOut]
    types: list[str]


class ChangeIn(Sent):
    """What is to be done with a subscription. `rotate` gives it a new secret; the former one signs beside it for a while."""

    id: UUID
    action: Literal["pause", "resume", "close", "rotate"]


class ChangedOut(Told):
    """How it stands now; `secret` only when it is new."""

    id: UUID
    standing: str
    secret: str = ""


class ReplayIn(Sent):
    """Which events are delivered again: those recorded since then, or all that failed."""

    id: UUID
    since: datetime | None = None
    failed: bool = False


class ReplayedOut(Told):
    """How many events are delivered again."""

    replayed: int


class EventsOfOrderOut(Told):
    """The public events of an order after a sequence, as they are delivered."""

    events: list[dict[str, Any]]
