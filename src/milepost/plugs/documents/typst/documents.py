"""Set documents with typst. What is printed goes in as data, never as markup, so no name or instruction can break a page."""

import io
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import segno

from milepost.way.fulfilment.words import DeliveryNote, OrderConfirmation

HERE = Path(__file__).parent
LABELS = {
    "title": "Delivery note", "order": "Order", "number": "Delivery note", "date": "Date", "to": "Deliver to", "item": "Item",
    "name": "Description", "quantity": "Quantity", "parcels": "Parcels", "carrier": "Carrier", "weight": "Weight",
    "instructions": "Instructions", "contact": "Questions?", "received": "Received in good order", "page": "Page",
}  # fmt: skip


class TypstDocuments:
    """Sets delivery notes and order confirmations. Needs no network; fonts of the system fill what its own do not have."""

    def delivery_note(self, note: DeliveryNote) -> bytes:
        """The delivery note as a PDF, with a code of the first tracking number to scan at the door."""
        code = _code(note.parcels[0] if note.parcels else note.reference)
        return _set("delivery_note.typ", {"note": orjson.dumps(_printed(note)).decode(), "code": code})

    def order_confirmation(self, paper: OrderConfirmation) -> bytes:
        """The order confirmation as a PDF (ACK-3)."""
        return _set("order_confirmation.typ", {"paper": orjson.dumps(asdict(paper)).decode()})


def _set(sheet: str, inputs: dict[str, str]) -> bytes:
    import typst  # 7 MiB that only who prints needs

    made = typst.compile(
        str(HERE / sheet), root=str(HERE), ignore_system_fonts=False, format="pdf", sys_inputs=inputs
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("typst made no document")
    return made


def _printed(note: DeliveryNote) -> dict[str, Any]:
    """The note with its numbers and dates as they are printed."""
    lines = [{**asdict(line), "quantity": f"{line.quantity.normalize():f}"} for line in note.lines]
    weight = f"{note.weight_grams / 1000:.3f} kg" if note.weight_grams else ""
    return {
        "reference": note.reference, "number": note.number, "issued_on": note.issued_on.isoformat(), "sender": note.sender,
        "ship_to": note.ship_to, "lines": lines, "parcels": note.parcels, "carrier": note.carrier, "weight": weight,
        "instructions": note.instructions, "contact": note.contact, "labels": {**LABELS, **note.labels},
        "language": note.language, "right_to_left": note.right_to_left,
    }  # fmt: skip


def _code(text: str) -> str:
    """A QR code (ISO/IEC 18004) as SVG."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0, scale=4)
    return drawn.getvalue().decode()
