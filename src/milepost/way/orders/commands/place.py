"""Place: a verified request becomes an order, with its holds (REC-3)."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

from django.conf import settings

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.way.intake.words import Draft, Verified
from milepost.way.orders import rules
from milepost.way.orders.commands.hold import hold
from milepost.way.orders.facts import OrderPlaced, PlacedLine
from milepost.way.orders.models import Line, Order


def place(requests: Sequence[Verified], *, act: Act) -> None:
    """Write the orders as they were asked for, open a hold for each kind of blocking finding, record OrderPlaced."""
    with journal.together():
        journal.insert([_order(request) for request in requests])
        journal.insert([line for request in requests for line in _lines(request)])
        journal.record([_placed(request) for request in requests], act=act)
        hold(
            [wanted for request in requests for wanted in rules.holds_for(request.order_id, request.findings)], act=act
        )


def _order(request: Verified) -> Order:
    draft = request.draft
    items_total = draft.items_total
    return Order(
        id=request.order_id, reference=request.reference, external_ref=draft.external_ref, request_id=request.request_id,
        customer_id=draft.customer_id, channel=request.channel, contact_name=draft.customer.name or draft.ship_to.name,
        email=draft.customer.email, phone=draft.customer.phone, language=draft.customer.language or "en",
        zone=zone_of(draft), ship_to=asdict(draft.ship_to),
        contacts=[asdict(one) for one in draft.contacts], currency=draft.currency, items_total=items_total,
        freight=draft.freight, tax=draft.tax, charges=draft.charges,
        total=items_total + draft.freight + draft.tax + draft.charges, po_number=draft.po_number,
        payment_reference=draft.payment_reference, instructions=draft.instructions, service=draft.service,
        history=request.history, received_at=request.received_at, placed_at=request.received_at,
    )  # fmt: skip


def zone_of(draft: Draft) -> str:
    """The time zone in which the recipient reads dates: stated, else the customer's, else the house's."""
    return draft.zone or draft.customer.zone or str(settings.HOME_ZONE)


def _lines(request: Verified) -> list[Line]:
    return [
        Line(
            order_id=request.order_id, position=position, item_id=line.item_id, code=line.code, name=line.name,
            quantity=line.quantity, unit=line.unit, unit_price=line.price or Decimal(0), instructions=line.instructions,
        )
        for position, line in enumerate(request.draft.lines, start=1)
    ]  # fmt: skip


def _placed(request: Verified) -> OrderPlaced:
    draft, promised = request.draft, request.draft.promised
    return OrderPlaced(
        order_id=request.order_id, reference=request.reference, customer_id=draft.customer_id, currency=draft.currency,
        total=draft.total, service=draft.service, zone=zone_of(draft),
        country=draft.ship_to.country, region=draft.ship_to.region,
        lines=tuple(
            PlacedLine(
                position=position, item_id=line.item_id, code=line.code, quantity=line.quantity, unit_price=line.price or Decimal(0)
            )
            for position, line in enumerate(draft.lines, start=1)
        ),
        promised_on=promised.latest_on if promised else None, promised_at=promised.latest_at if promised else None,
    )  # fmt: skip
