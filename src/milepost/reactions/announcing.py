"""What peers are told over webhooks: which facts are public, under which names, and how each is spelt (NTF-1).

Events follow CloudEvents 1.0 in JSON: `subject` is the order's reference, `sequence` its place in the order's story, so an event's
id never changes; `data` holds the fact's own values, without personal data, and its sentence.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction

from milepost.ground.journal import queries as journal
from milepost.ground.journal.commands import Handler
from milepost.ground.webhooks import commands as webhooks
from milepost.ground.webhooks.words import Event
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, OrderFact
from milepost.way.cases.facts import (
    DelayFound,
    DelayResolved,
    ExceptionFound,
    ExceptionSettled,
    OfferAnswered,
    OfferLapsed,
    OfferMade,
)
from milepost.way.closeout.facts import FeedbackGiven, OrderAccepted, OrderDisputed
from milepost.way.delivery.facts import DeliveryProved
from milepost.way.fulfilment.facts import LabelCorrected, ShipmentCancelled, ShipmentPacked, ShipmentShipped
from milepost.way.intake.facts import OrderReceived, QuestionsAnswered, QuestionsAsked
from milepost.way.orders import queries as orders
from milepost.way.orders.facts import (
    HoldReleased,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderClosed,
    OrderCompleted,
    OrderConfirmed,
    OrderDelivered,
    OrderHeld,
    OrderInTransit,
    OrderOutForDelivery,
    OrderPacked,
    OrderProcessing,
    OrderReopened,
    OrderShipped,
)
from milepost.way.promising.facts import PromiseMade, PromiseRevised
from milepost.way.stock.facts import BackordersFilled, LinesBackordered
from milepost.way.tracking.facts import ParcelMoved

PUBLIC: Mapping[type[OrderFact], str] = {
    OrderReceived: "order.received",
    OrderHeld: "order.held",
    HoldReleased: "order.hold_released",
    QuestionsAsked: "order.questions_asked",
    QuestionsAnswered: "order.questions_answered",
    OrderConfirmed: "order.confirmed",
    OrderAcknowledged: "order.acknowledged",
    OrderAmended: "order.amended",
    OrderProcessing: "order.processing",
    OrderPacked: "order.packed",
    OrderShipped: "order.shipped",
    OrderInTransit: "order.in_transit",
    OrderOutForDelivery: "order.out_for_delivery",
    OrderDelivered: "order.delivered",
    OrderCompleted: "order.completed",
    OrderReopened: "order.reopened",
    OrderClosed: "order.closed",
    OrderCancelled: "order.cancelled",
    LinesBackordered: "stock.backordered",
    BackordersFilled: "stock.backorders_filled",
    PromiseMade: "promise.made",
    PromiseRevised: "promise.revised",
    ShipmentPacked: "shipment.packed",
    ShipmentShipped: "shipment.shipped",
    ShipmentCancelled: "shipment.cancelled",
    LabelCorrected: "shipment.label_corrected",
    ParcelMoved: "parcel.moved",
    DeliveryProved: "delivery.proved",
    DelayFound: "delay.found",
    DelayResolved: "delay.resolved",
    ExceptionFound: "exception.found",
    ExceptionSettled: "exception.settled",
    OfferMade: "offer.made",
    OfferAnswered: "offer.answered",
    OfferLapsed: "offer.lapsed",
    OrderAccepted: "delivery.accepted",
    OrderDisputed: "delivery.disputed",
    FeedbackGiven: "feedback.given",
}
TYPES = tuple(PUBLIC.values())
_TYPE = {kind.__name__: name for kind, name in PUBLIC.items()}
_PREFIX = "org.milepost."
_OURS_ALONE = frozenset({"order_id"})
"""What is only a number of ours."""


class _Announced:
    """Of which orders this transaction has announced news; it waits among the transaction's own hooks, so it ends with it."""

    def __init__(self) -> None:
        self.order_ids: set[int] = set()

    def __call__(self) -> None:
        """Nothing is left to do at the commit."""


def announce(facts: list[OrderFact], act: Act) -> None:
    """There is news of these orders; once a transaction, however much happens in it."""
    if act.history:
        return
    known = next((hook for _, hook, *_ in connection.run_on_commit if isinstance(hook, _Announced)), None)
    if known is None:
        known = _Announced()
        transaction.on_commit(known)
    new = {fact.order_id for fact in facts} - known.order_ids
    known.order_ids |= new
    if new:
        webhooks.announce(new, act=act)


def events_since(since: Mapping[int, int]) -> list[Event]:
    """What is public of each order after the sequence given with it. Two statements."""
    told = journal.entries_since(since, kinds=list(_TYPE))
    contacts = orders.contacts(sorted({order_id for order_id, _ in told})) if told else {}
    return [_event(order_id, one, contacts[order_id].reference) for order_id, one in told if order_id in contacts]


def events_of(order_id: int, *, after: int = 0) -> list[dict[str, Any]]:
    """The public events of one order after a sequence, as they are delivered: what a subscriber that missed one asks for."""
    return [orjson.loads(event.body) for event in events_since({order_id: after})]


def _event(order_id: int, told: journal.Told, reference: str) -> Event:
    event_id = f"{reference}.{told.sequence}"
    body = {
        "specversion": "1.0",
        "id": event_id,
        "source": settings.SITE_URL,
        "type": _PREFIX + _TYPE[told.kind],
        "subject": reference,
        "time": told.occurred_at,
        "datacontenttype": "application/json",
        "data": {
            "order": reference,
            "sentence": told.sentence,
            "channel": told.channel,
            "recorded_at": told.recorded_at,
            **{name: value for name, value in told.data.items() if name not in _OURS_ALONE},
        },
        "sequence": str(told.sequence),
    }
    return Event(
        id=event_id, order_id=order_id, sequence=told.sequence, type=_TYPE[told.kind], recorded_at=told.recorded_at,
        body=orjson.dumps(body),
    )  # fmt: skip


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = dict.fromkeys(PUBLIC, (announce,))
