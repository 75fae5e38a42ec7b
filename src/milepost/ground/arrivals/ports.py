"""What arrivals need from outside: for each source somebody who makes something of what it sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from milepost.ground.arrivals.words import ArrivalCard, Outcome
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

REPAIR_BY_CLERK, REPAIR_BY_IT = "repair_arrival", "it_repair"


class Handler(Protocol):
    """Carries out arrivals of one source, oldest first, in the transaction in which their outcome is written."""

    def __call__(self, arrivals: Sequence[ArrivalCard], act: Act, /) -> Sequence[Outcome]:
        """One outcome for each, in their order. Refuses, or fails, only for what concerns them all."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """Who makes something of what a source sent, and whose duty it is when that cannot be done."""

    handler: Handler
    repair: str


_sources: dict[str, Source] = {}


def handle(source: str, handler: Handler, *, repair: str = REPAIR_BY_CLERK) -> None:
    """Have `handler` work on what arrives from `source`; `config/wiring` calls this at start."""
    _sources[source] = Source(handler, repair)


def source(name: str) -> Source:
    """The source of that name. Refuses `unknown_source` (404)."""
    try:
        return _sources[name]
    except KeyError:
        raise Refused(
            Refusal(
                code="unknown_source",
                says="Nobody named {name} sends anything here.",
                do="Check the address that the sender was given.",
                status=404,
                values={"name": name},
            )
        ) from None


def known_sources() -> frozenset[str]:
    """The names of all sources."""
    return frozenset(_sources)
