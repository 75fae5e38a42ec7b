"""What intake needs from outside: somebody who can read the forms in which orders arrive."""

from collections.abc import Sequence
from typing import Protocol

from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake.words import FormColumn, OrderSheet


class OrderReader(Protocol):
    """Reads one form of order requests. Pure: no database, no network, no clock."""

    name: str

    def columns(self) -> Sequence[FormColumn]:
        """What may stand in the form, for people who fill it in."""

    def read(self, body: bytes) -> OrderSheet:
        """The order requests in `body`, and a refusal for everything that makes no sense. Never raises for what it was sent."""


_readers: dict[str, OrderReader] = {}


def use(reader: OrderReader) -> None:
    """Have `reader` read what arrives under its name; `config/wiring` calls this at start."""
    _readers[reader.name] = reader


def reader(name: str) -> OrderReader:
    """The reader of that name. Refuses `unknown_form` (415)."""
    try:
        return _readers[name]
    except KeyError:
        raise Refused(
            Refusal(
                code="unknown_form",
                says="Orders cannot be read from {name} files here.",
                do="Possible now: {known}.",
                status=415,
                values={"name": name, "known": ", ".join(sorted(_readers)) or "none"},
            )
        ) from None
