"""Reading orders: the status in the fewest words, the whole order, its story, and lists."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import P, QueryEx

from milepost.faces.api import routers
from milepost.faces.api.answers import REFUSALS, answer
from milepost.faces.api.batches import no_order
from milepost.faces.api.keys import ApiKey, missing_key, out_of_scope, plain_key
from milepost.faces.api.shapes.orders import OrderOut, PageOut, StatusOut, StoryOut
from milepost.faces.api.shapes.terms import ONE_LINE
from milepost.ground.access import links
from milepost.ground.journal import queries as journal
from milepost.kernel.refusals import Refusal, Refused
from milepost.overview.insight import queries as insight
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import ShipmentCard
from milepost.way.orders import queries as orders
from milepost.way.orders.words import HoldCard, LineCard, OrderCard, Search, State
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard
from milepost.way.stock import queries as stock
from milepost.way.stock.queries import LineStock

SCOPE = "orders:read"
Reference = routers.Reference
SEARCHED = "Reference, shop's number, PO number, e-mail address, or the beginning of a name."

BAD_CURSOR = Refusal(
    code="bad_cursor", says="This cursor was not given out by us.", do="Begin without a cursor, and pass on `next` as it is.",
    field="cursor",
)  # fmt: skip


@routers.orders.get(
    "/orders/{reference}/status", auth=None, response={200: StatusOut, **REFUSALS}, summary="Where an order stands",
    openapi_extra={"security": [{"ApiKey": []}]},
)  # fmt: skip
def status(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Where an order stands, in the fewest words. Key and order are read in one statement. Scope `orders:read`."""
    found = insight.status(plain_key(request), _plain(reference))
    if found is None:
        raise Refused(missing_key())
    if SCOPE not in found.scopes:
        raise Refused(out_of_scope(SCOPE))
    row = found.status
    if row is None:
        raise Refused(no_order(_plain(reference)))
    promise = None if row.latest_on is None else {"earliest_on": row.earliest_on, "latest_on": row.latest_on}
    return answer(
        {
            "reference": row.reference, "state": row.state, "received_at": row.received_at,
            "delivered_at": row.delivered_at, "promise": promise,
        }
    )  # fmt: skip


@routers.orders.get(
    "/orders/{reference}/story", auth=ApiKey(SCOPE), response={200: StoryOut, **REFUSALS}, summary="An order's story"
)
def story(request: HttpRequest, reference: Reference) -> HttpResponse:
    """All that happened to an order, in its sequence, as sentences and as data. Scope `orders:read`."""
    order_id = _find(reference)
    facts = [
        {
            "sequence": told.sequence, "kind": told.kind, "sentence": told.sentence, "occurred_at": told.occurred_at,
            "recorded_at": told.recorded_at, "actor": told.actor, "channel": told.channel, "reason": told.reason,
            "data": told.data,
        }
        for told in journal.story(order_id)
    ]  # fmt: skip
    return answer({"reference": orders.contacts([order_id])[order_id].reference, "facts": facts})


@routers.orders.get("/orders/{reference}", auth=ApiKey(SCOPE), response={200: OrderOut, **REFUSALS}, summary="An order")
def order(request: HttpRequest, reference: Reference) -> HttpResponse:
    """An order with its lines, holds, promises and shipments. Scope `orders:read`."""
    order_id = _find(reference)
    card = orders.cards([order_id])[order_id]
    return answer(
        {
            **_head(card),
            "lines": _lines(card.lines, stock.of_lines([order_id]).get(order_id, {})),
            "holds": [_hold(hold) for hold in card.holds],
            "promises": [_promise(one) for one in promising.ledger([order_id]).get(order_id, [])],
            "shipments": [_shipment(one) for one in fulfilment.shipments_of([order_id]).get(order_id, ())],
            "links": {
                "self": f"{settings.SITE_URL}/api/v1/orders/{card.reference}",
                "tracking": f"{settings.SITE_URL}/t/{links.make('track', order_id, now=datetime.now(UTC))}/",
            },
        }
    )


@routers.orders.get("/orders", auth=ApiKey(SCOPE), response={200: PageOut, **REFUSALS}, summary="Find orders")
def find(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=200, pattern=ONE_LINE, description=SEARCHED)] = "",
    state: QueryEx[State | None, P(description="Only orders in this state.")] = None,
    cursor: QueryEx[str, P(max_length=200, description="`next` of the page before.")] = "",
    limit: QueryEx[int, P(ge=1, le=200, description="Orders a page.")] = 50,
) -> HttpResponse:
    """Orders, newest first, a page at a time. Scope `orders:read`."""
    after = _read_cursor(cursor) if cursor else None
    rows = orders.page(Search(text=q, state=state.value if state else ""), after=after, limit=limit)
    more = _cursor(rows[-1]) if len(rows) == limit else None
    return answer({"orders": [_row(card) for card in rows], "next": more})


def _plain(reference: str) -> str:
    """The name of an order as it came in the address; what can be none is refused as unknown (404)."""
    name = reference.strip()
    if not 0 < len(name) <= 80 or not name.isprintable():
        raise Refused(no_order("".join(c if c.isprintable() else "?" for c in name[:80])))
    return name


def _find(reference: str) -> int:
    order_id = orders.find(_plain(reference))
    if order_id is None:
        raise Refused(no_order(reference))
    return order_id


def _cursor(card: OrderCard) -> str:
    return base64.urlsafe_b64encode(f"{card.received_at.isoformat()} {card.id}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[datetime, int]:
    try:
        instant, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(" ")
        after = (datetime.fromisoformat(instant), int(number))
    except (ValueError, binascii.Error):
        raise Refused(BAD_CURSOR) from None
    if after[0].tzinfo is None or not 2000 <= after[0].year <= 2100 or not 0 <= after[1] < 1 << 40:
        raise Refused(BAD_CURSOR)
    return after


def _row(card: OrderCard) -> dict[str, Any]:
    return {
        "reference": card.reference, "external_ref": card.external_ref, "state": card.state, "received_at": card.received_at,
        "total": card.total, "currency": card.currency, "delivered_at": card.delivered_at,
    }  # fmt: skip


def _head(card: OrderCard) -> dict[str, Any]:
    fields = (
        "reference", "external_ref", "state", "channel", "history", "zone", "currency", "items_total", "freight", "tax",
        "charges", "total", "po_number", "payment_reference", "instructions", "service", "received_at", "confirmed_at",
        "acknowledged_at", "shipped_at", "delivered_at", "completed_at", "closed_at", "cancelled_at", "cancel_reason",
    )  # fmt: skip
    customer = {"name": card.contact_name, "email": card.email, "phone": card.phone, "language": card.language}
    people = {"customer": customer, "ship_to": asdict(card.ship_to), "contacts": [asdict(one) for one in card.contacts]}
    return {field: getattr(card, field) for field in fields} | people


def _lines(lines: Sequence[LineCard], found: dict[int, LineStock]) -> list[dict[str, Any]]:
    return [
        {
            "position": line.position, "code": line.code, "name": line.name, "quantity": line.quantity, "unit": line.unit,
            "price": line.unit_price, "instructions": line.instructions, "cancelled": line.cancelled,
            **{
                name: getattr(found[line.position], name) if line.position in found else Decimal(0)
                for name in ("allocated", "shipped", "short")
            },
        }
        for line in lines
    ]  # fmt: skip


def _hold(hold: HoldCard) -> dict[str, Any]:
    return {
        "kind": hold.kind, "reason": hold.reason, "role": hold.role, "blocking": hold.blocking, "opened_at": hold.opened_at,
        "released_at": hold.released_at, "outcome": hold.outcome,
    }  # fmt: skip


def _promise(one: PromiseCard) -> dict[str, Any]:
    return {
        "sequence": one.sequence, "earliest_on": one.earliest_on, "latest_on": one.latest_on, "latest_at": one.latest_at,
        "basis": one.basis, "cause": one.cause, "made_at": one.made_at,
    }  # fmt: skip


def _shipment(one: ShipmentCard) -> dict[str, Any]:
    parcels = [
        {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number, "shipped_at": parcel.shipped_at}
        for parcel in one.parcels
    ]
    return {
        "number": one.number, "state": one.state, "carrier": one.carrier, "service": one.service, "packed_at": one.packed_at,
        "shipped_at": one.shipped_at, "delivered_at": one.delivered_at, "parcels": parcels,
    }  # fmt: skip
