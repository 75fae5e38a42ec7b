"""What tracking needs from outside: somebody who can check and read what a carrier's system sends."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from milepost.kernel.refusals import Refusal, Refused
from milepost.way.tracking.polling import Asked, Polled
from milepost.way.tracking.words import Reading

URL_TOKEN = "milepost-url-token"  # noqa: S105  a header's name
"""The header under which a source finds the token that stood in the webhook's address; it is never kept."""


class TrackingSource(Protocol):
    """One vendor's webhooks. Reading is pure; checking may look at a clock and at published keys that the plug was given."""

    @property
    def name(self) -> str:
        """Under which its deliveries are kept."""

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from the vendor, or None. Fails closed where no secret is set."""

    def read(self, body: bytes) -> Reading:
        """The events in our vocabulary; a refusal where the body makes no sense. Never raises for what it was sent."""


class NumberedDeliveries(Protocol):
    """What a source has that numbers its deliveries, so that one that comes again is known as such."""

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The vendor's id of a delivery; nothing where it has none. Never raises for what it was sent."""


@runtime_checkable
class EnvelopeSource(Protocol):
    """What a source has whose deliveries are read with what is written on them, such as their topic or their signed time."""

    def read_envelope(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """As `TrackingSource.read`."""


class TrackingPoller(Protocol):
    """A carrier's system that must be asked. What it answers is kept under its name and read by the source of that name.

    One whose days are shorter than ours, as a played one's, also has `longest_wait`: how long anybody may wait before asking again.
    """

    @property
    def name(self) -> str:
        """Of the source that reads its answers."""

    @property
    def carriers(self) -> Sequence[str]:
        """How the carrier is called on parcels; a longer name that begins so counts, unless another poller knows more of it."""

    @property
    def at_once(self) -> int:
        """How many parcels one call may ask about."""

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """One call about these parcels. May take its time, holds no database; never raises for what was answered."""


def delivery_id(source: TrackingSource, headers: Mapping[str, str], body: bytes) -> str:
    """The vendor's id of a delivery; nothing where its source numbers none."""
    number: Callable[[Mapping[str, str], bytes], str] | None = getattr(source, "delivery_id", None)
    return number(headers, body) if number else ""


def read(source: TrackingSource, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
    """What a delivery says, read with its envelope where its source needs that."""
    envelope: Callable[[Mapping[str, str], bytes, datetime], Reading] | None = getattr(source, "read_envelope", None)
    return envelope(headers, body, received_at) if envelope else source.read(body)


_sources: dict[str, TrackingSource] = {}
_pollers: dict[str, TrackingPoller] = {}


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


def ask(poller: TrackingPoller) -> None:
    """Have this carrier's system asked; `config/wiring` calls this at start where there are credentials."""
    _pollers[poller.name] = poller


def pollers() -> dict[str, TrackingPoller]:
    """The systems that are asked, by name; none unless somebody set credentials."""
    return dict(_pollers)
