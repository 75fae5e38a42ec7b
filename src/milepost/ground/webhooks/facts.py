"""What happens to subscriptions. What is delivered is no fact of an order; deliveries keep their own attempts."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class _EndpointFact(Fact):
    stream: ClassVar[str] = "webhook"
    says: ClassVar[str] = ""
    endpoint_id: UUID

    @property
    def stream_id(self) -> int:
        return self.endpoint_id.int >> 65


@dataclass(frozen=True, kw_only=True)
class EndpointOpened(_EndpointFact):
    """A peer is told of what happens from now on."""

    says: ClassVar[str] = "Subscription opened for {types}."
    types: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SecretRotated(_EndpointFact):
    """A subscription has a new secret; the former one signs beside it for a while."""

    says: ClassVar[str] = "Secret renewed, generation {generation}."
    generation: int


@dataclass(frozen=True, kw_only=True)
class EndpointPaused(_EndpointFact):
    """A subscription is told nothing for the time being, or ever."""

    says: ClassVar[str] = "Subscription stopped: {standing}."
    standing: str


@dataclass(frozen=True, kw_only=True)
class EndpointResumed(_EndpointFact):
    """A subscription is told again, also of what waited."""

    says: ClassVar[str] = "Subscription resumed."


@dataclass(frozen=True, kw_only=True)
class EventsReplayed(_EndpointFact):
    """Somebody had events delivered once more."""

    says: ClassVar[str] = "{count} event(s) to be delivered again."
    count: int
