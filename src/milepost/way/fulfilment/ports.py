"""What fulfilment needs from outside: somebody who sets documents."""

from typing import Protocol

from milepost.way.fulfilment.words import DeliveryNote, OrderConfirmation


class Documents(Protocol):
    """Sets documents for print."""

    def delivery_note(self, note: DeliveryNote) -> bytes:
        """The delivery note as a PDF."""

    def order_confirmation(self, paper: OrderConfirmation) -> bytes:
        """The order confirmation as a PDF."""


_documents: Documents | None = None


def use(documents: Documents) -> None:
    """Have documents set by `documents`; `config/wiring` calls this at start."""
    global _documents
    _documents = documents


def documents() -> Documents:
    """Whoever sets documents. Raises RuntimeError when the house is not wired."""
    if _documents is None:
        raise RuntimeError("no documents plug is in use: config/wiring chooses one")
    return _documents
