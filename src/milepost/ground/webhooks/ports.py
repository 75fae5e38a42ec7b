"""What webhooks out need from outside: somebody who knows what happened, and somebody who calls."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from milepost.ground.webhooks.words import Answer, Call, Event


class Teller(Protocol):
    """Knows what happened to orders."""

    def __call__(self, since: Mapping[int, int], /) -> Sequence[Event]:
        """What is public of each order after the sequence given with it, in its sequence; history is told to nobody."""
        ...


class Caller(Protocol):
    """Calls endpoints, never into our own network, and follows no redirect."""

    def call(self, calls: Sequence[Call]) -> Mapping[UUID, Answer]:
        """What came back, by delivery; every call is answered."""
        ...
