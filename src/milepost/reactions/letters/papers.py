"""What customers may have on paper: the order confirmation and the delivery notes, in their language (ACK-3, RECD-1).

Made when somebody follows the link in a letter, from the order as it stands then.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.templating import RIGHT_TO_LEFT
from milepost.reactions.letters.ledger import Account, read
from milepost.reactions.letters.tongues import Tongue, later, tongue
from milepost.reactions.letters.wording import context_of
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.ports import documents
from milepost.way.fulfilment.words import ConfirmedLine, OrderConfirmation
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State

LABELS = {
    "title": later("Order confirmation"), "order": later("Order"), "to": later("Deliver to"), "quantity": later("Quantity"),
    "name": later("Description"), "price": later("Price"), "total": later("Total"), "page": later("Page"),
}  # fmt: skip
NOTE_LABELS = {
    "title": later("Delivery note"), "order": later("Order"), "number": later("Delivery note"), "date": later("Date"),
    "to": later("Deliver to"), "item": later("Item"), "name": later("Description"), "quantity": later("Quantity"),
    "parcels": later("Parcels"), "carrier": later("Carrier"), "weight": later("Weight"),
    "instructions": later("Instructions"), "contact": later("Questions?"), "received": later("Received in good order"),
    "page": later("Page"),
}  # fmt: skip
SUMS = {
    "items_total": later("Items"), "freight": later("Delivery"), "tax": later("Tax"), "charges": later("Other"),
    "total": later("Total"),
}  # fmt: skip
DATES = {"received_on": later("Ordered"), "leaves_by": later("Leaves by"), "expected": later("Expected")}


def confirmation(order_id: int, *, now: datetime) -> bytes | None:
    """The order confirmation as a PDF, or None for an order that is not confirmed."""
    account = read([order_id], now=now).get(order_id)
    if account is None or account.order.state in (State.RECEIVED, State.CANCELLED):
        return None
    return documents().order_confirmation(_paper(account, now))


def _paper(account: Account, now: datetime) -> OrderConfirmation:
    order = account.order
    say = tongue(order.language)
    words = context_of(account, procedures.book(), language=say.language, now=now)
    return OrderConfirmation(
        reference=order.reference, language=say.language, right_to_left=say.language in RIGHT_TO_LEFT,
        sender=_apart(say, settings.BRAND, settings.SUPPORT_EMAIL, settings.SUPPORT_PHONE),
        ship_to=_apart(say, *words["ship_to"]),
        dates=tuple((say(label), words[name]) for name, label in DATES.items() if words[name]),
        lines=tuple(
            ConfirmedLine(
                code=line["code"], name=line["name"], quantity=line["quantity"], price=line["price"], total=line["total"],
                note=line["instructions"],
            )
            for line in words["lines"]
            if not line["cancelled"]
        ),
        sums=tuple((say(label), words[name]) for name, label in SUMS.items() if words[name]),
        contact=" ".join((say("Questions?"), *_apart(say, settings.SUPPORT_EMAIL))), labels=_said(LABELS, say),
    )  # fmt: skip


def delivery_note(order_id: int, number: int) -> bytes | None:
    """The delivery note of a shipment by its number within the order, or None where nothing has left under it."""
    shipments = fulfilment.shipments_of([order_id]).get(order_id, ())
    found = next((one.id for one in shipments if one.number == number and one.shipped_at), None)
    note = fulfilment.delivery_note(found, contact=settings.SUPPORT_EMAIL) if found is not None else None
    if note is None:
        return None
    say = tongue(_language(order_id))
    return documents().delivery_note(
        replace(
            note,
            labels=_said(NOTE_LABELS, say),
            language=say.language,
            right_to_left=say.language in RIGHT_TO_LEFT,
            sender=_apart(say, *note.sender),
            ship_to=_apart(say, *note.ship_to),
        )
    )


def _language(order_id: int) -> str:
    contact = orders.contacts([order_id]).get(order_id)
    return contact.language if contact else "en"


def _apart(say: Tongue, *lines: str) -> tuple[str, ...]:
    """Lines that run in their own direction, whatever runs around them (UAX #9)."""
    written = [line for line in lines if line]
    return tuple(f"\u2068{line}\u2069" for line in written) if say.language in RIGHT_TO_LEFT else tuple(written)


def _said(labels: Mapping[str, str], say: Tongue) -> dict[str, str]:
    return {key: say(label) for key, label in labels.items()}
