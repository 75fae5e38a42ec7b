"""What tracking needs from outside: somebody who can check and read what a carrier's system sends."""

from collections.abc import Mapping
from typing import Protocol

from milepost.kernel.refusals import Refusal, Refused
from milepost.way.tracking.words import Reading


class TrackingSource(Protocol):
    """One vendor's webhooks. Pure: no database, no network, no clock."""

    @property
    def name(self) -> str:
        """Under which its deliveries are kept."""

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from the vendor, or None. Fails closed where no secret is set."""

    def read(self, body: bytes) -> Reading:
        """The events in our vocabulary; a refusal where the body makes no sense. Never raises for what it was sent."""


_sources: dict[str, TrackingSource] = {}


def use(source: TrackingSource) -> None:
    """Have `source` read what is sent under its name; `config/wiring` calls this at start."""
    _sources[source.name] = source


def names() -> list[str]:
    """The names of all sources."""
    return sorted(_sources)


def source(name: str) -> TrackingSource:
    """The source of that name. Refuses `unknown_source` (404)."""
    try:
        return _sources[name]
    except KeyError:
        raise Refused(
            Refusal(
                code="unknown_source",
                says="Nobody named {name} reports tracking here.",
                do="Check the address that the carrier's system was given.",
                status=404,
                values={"name": name},
            )
        ) from None
