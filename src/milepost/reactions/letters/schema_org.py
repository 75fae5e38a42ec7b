"""What a letter says of its order, for machines: schema.org Order and ParcelDelivery as JSON-LD (https://schema.org/ParcelDelivery).

Mail programs read it to show where a parcel is. It says nothing that the letter does not say.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from django.conf import settings

from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.wording import links_of
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.orders.words import OrderCard, State

SPEAKS = frozenset({
    "receipt_note", "acknowledgement", "amended_order", "stock_arrived", "shipment_notice", "in_transit", "out_for_delivery",
    "delay_notice", "delivery_confirmation", "cancellation", "attempt_failed", "ready_for_pickup", "customs_action",
    "address_problem", "returned_to_sender",
})  # fmt: skip
"""Letters that tell a customer how an order or its parcels stand."""
PARCELS = frozenset({
    "shipment_notice", "in_transit", "out_for_delivery", "delivery_confirmation", "attempt_failed", "ready_for_pickup",
    "customs_action", "returned_to_sender", "delay_notice",
})  # fmt: skip
STATUS = {
    State.RECEIVED: "OrderProcessing", State.CONFIRMED: "OrderProcessing", State.PROCESSING: "OrderProcessing",
    State.PACKED: "OrderProcessing", State.SHIPPED: "OrderInTransit", State.IN_TRANSIT: "OrderInTransit",
    State.OUT_FOR_DELIVERY: "OrderInTransit", State.DELIVERED: "OrderDelivered", State.COMPLETED: "OrderDelivered",
    State.CLOSED: "OrderDelivered", State.CANCELLED: "OrderCancelled",
}  # fmt: skip
STATUS_BY_LETTER = {
    "attempt_failed": "OrderProblem", "customs_action": "OrderProblem", "address_problem": "OrderProblem",
    "ready_for_pickup": "OrderPickupAvailable", "returned_to_sender": "OrderReturned",
}  # fmt: skip
_IN_TEXT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
HEAD_ENDS = "</head>"


def spoken(template: str, html: str, account: Account, parcels: Sequence[ParcelCard], *, dated: bool) -> str:
    """The HTML of a letter with its data for machines; `dated`: the letter names the day of arrival."""
    if template not in SPEAKS or HEAD_ENDS not in html:
        return html
    data = orjson.dumps(graph(template, account, parcels, dated=dated)).decode().translate(_IN_TEXT)
    return html.replace(HEAD_ENDS, f'<script type="application/ld+json">{data}</script>{HEAD_ENDS}', 1)


def graph(template: str, account: Account, parcels: Sequence[ParcelCard], *, dated: bool) -> list[dict[str, Any]]:
    """The order, and each parcel that the letter tells of."""
    order = _order(template, account)
    if template not in PARCELS or not parcels:
        return [order]
    return [order, *(_parcel(parcel, order, account, dated=dated) for parcel in parcels)]


def _order(template: str, account: Account) -> dict[str, Any]:
    order = account.order
    return {
        "@context": "https://schema.org",
        "@type": "Order",
        "orderNumber": order.reference,
        "orderStatus": f"https://schema.org/{STATUS_BY_LETTER.get(template, STATUS[State(order.state)])}",
        "orderDate": order.received_at.isoformat(timespec="seconds"),
        "url": links_of(account)["track_link"],
        "merchant": _house(),
        "customer": {"@type": "Person", "name": order.contact_name},
        "priceCurrency": order.currency,
        "price": f"{order.total:.2f}",
        "acceptedOffer": [_offer(order, place) for place, line in enumerate(order.lines) if not line.cancelled],
    }


def _offer(order: OrderCard, place: int) -> dict[str, Any]:
    line = order.lines[place]
    return {
        "@type": "Offer", "price": f"{line.unit_price.normalize():f}", "priceCurrency": order.currency,
        "itemOffered": {"@type": "Product", "name": line.name or line.code, "sku": line.code},
        "eligibleQuantity": {"@type": "QuantitativeValue", "value": f"{line.quantity.normalize():f}", "unitText": line.unit},
    }  # fmt: skip


def _house() -> dict[str, str]:
    return {"@type": "Organization", "name": settings.BRAND, "url": settings.SITE_URL}


def _parcel(parcel: ParcelCard, order: dict[str, Any], account: Account, *, dated: bool) -> dict[str, Any]:
    names = {line.position: line.name or line.code for line in account.order.lines}
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ParcelDelivery",
        "carrier": {"@type": "Organization", "name": account.carriers.get(parcel.carrier, parcel.carrier)},
        "trackingNumber": parcel.tracking_number,
        "trackingUrl": order["url"],
        "deliveryAddress": _address(account.order),
        "itemShipped": [
            {"@type": "Product", "name": names.get(position, code), "sku": code} for position, code, _ in parcel.lines
        ],
        "partOfOrder": {
            "@type": "Order", "orderNumber": order["orderNumber"], "orderStatus": order["orderStatus"], "merchant": _house(),
        },
    }  # fmt: skip
    if dated and account.standing:
        told["expectedArrivalFrom"] = _day(account.standing.now.earliest_on)
        told["expectedArrivalUntil"] = _day(account.standing.now.latest_on)
    return told


def _address(order: OrderCard) -> dict[str, str]:
    to = order.ship_to
    parts = {
        "streetAddress": to.street, "postalCode": to.postal_code, "addressLocality": to.city, "addressRegion": to.region,
        "addressCountry": to.country, "name": to.name,
    }  # fmt: skip
    return {"@type": "PostalAddress", **{key: value for key, value in parts.items() if value}}


def _day(day: date) -> str:
    return day.isoformat()
