"""Shopify as a shop: what is written on a delivery, whether it is theirs, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.shops import signature
from milepost.plugs.shops.shopify.orders import number_of, statement
from milepost.plugs.shops.signature import header
from milepost.plugs.shops.values import Values, load
from milepost.way.shops.words import Kind, Label, Reading, Statement

OTHER_TOPIC = Refusal(code="other_topic", says="Nothing is made of {topic} here.")
RANKS = {
    "orders/create": 0, "orders/updated": 1, "orders/partially_fulfilled": 1, "orders/fulfilled": 1, "orders/paid": 2,
    "orders/cancelled": 3,
}  # fmt: skip
"""Topics that bear the whole order, in the order in which those of one second belong."""
EDITED, DELETED = "orders/edited", "orders/delete"
ONLY_THE_NUMBER = {"id", "admin_graphql_api_id"}


@dataclass(frozen=True, slots=True)
class Shopify:
    """Shopify's webhooks, checked with the app's secret, and with the one before while it is renewed."""

    secret: str
    former_secret: str = ""
    name: str = "shopify"

    def label(self, headers: Mapping[str, str], body: bytes) -> Label:
        """Shop, topic and id. A repeat has the same webhook id and the same bytes; one event may have several topics."""
        topic = header(headers, "x-shopify-topic").lower()
        named = header(headers, "x-shopify-webhook-id") or header(headers, "x-shopify-event-id")
        return Label(
            sender=header(headers, "x-shopify-shop-domain").lower(), topic=topic,
            delivery_id=f"{named}:{topic}:{sha256(body).hexdigest()[:16]}" if named else "",
        )  # fmt: skip

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from Shopify, or None."""
        return signature.check(
            header(headers, "x-shopify-hmac-sha256"), body, [self.secret, self.former_secret], shop="Shopify",
            setting="MILEPOST_SHOPIFY_WEBHOOK_SECRET",
        )  # fmt: skip

    def read(self, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """What Shopify says of one of its orders. The signature covers the body alone, so a topic alone ends no order."""
        if topic not in RANKS and topic not in ("", EDITED, DELETED):
            return Reading(ignored=_other(topic))
        try:
            said = load(body)
            if topic == EDITED:
                return Reading(statement=_edited(said.part("order_edit"), received_at))
            if topic == DELETED and said.said.keys() <= ONLY_THE_NUMBER:
                return Reading(statement=_deleted(said, received_at))
            said = said.part("order") if said.has("order") else said
            return Reading(statement=statement(said, rank=RANKS.get(topic, 1), received_at=received_at))
        except Refused as refused:
            return Reading(refusal=refused.refusals[0])


def _other(topic: str) -> Refusal:
    return Refusal(code=OTHER_TOPIC.code, says=OTHER_TOPIC.says, values={"topic": topic})


def _edited(edit: Values, received_at: datetime) -> Statement:
    number = edit.text("order_id", limit=80)
    if not number:
        raise edit.wrong("order_id")
    return Statement(number=number, kind=Kind.EDITED, said_at=edit.instant("committed_at", "created_at") or received_at)


def _deleted(said: Values, received_at: datetime) -> Statement:
    return Statement(number=number_of(said), kind=Kind.DELETED, said_at=received_at, reason_code="other")
