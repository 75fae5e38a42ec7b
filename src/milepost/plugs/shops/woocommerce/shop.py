"""WooCommerce as a shop: what is written on a delivery, whether it is theirs, and what it says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.shops import signature
from milepost.plugs.shops.signature import header
from milepost.plugs.shops.values import Values, load
from milepost.plugs.shops.woocommerce.orders import number_of, statement
from milepost.way.shops.words import Kind, Label, Reading, Statement

OTHER_TOPIC = Refusal(code="other_topic", says="Nothing is made of {topic} here.")
CREATED, UPDATED, DELETED, RESTORED = "order.created", "order.updated", "order.deleted", "order.restored"
RANKS = {CREATED: 0, "": 1, UPDATED: 1, RESTORED: 1, DELETED: 2}
"""Topics that are followed, in the order in which those of one second belong."""
PING = re.compile(rb"webhook_id=\d{1,20}")


@dataclass(frozen=True, slots=True)
class WooCommerce:
    """WooCommerce's webhooks, checked with the webhook's secret, and with the one before while it is renewed."""

    secret: str
    former_secret: str = ""
    name: str = "woocommerce"

    def label(self, headers: Mapping[str, str], body: bytes) -> Label:
        """Shop, topic and id. All deliveries of a webhook within one second bear the same id, so the bytes are part of it.

        The ping that is sent when a webhook is made is a form with the webhook's number, without signature.
        """
        shop, hook, delivery = (header(headers, f"x-wc-webhook-{name}") for name in ("source", "id", "delivery-id"))
        return Label(
            sender=_home(shop), topic=header(headers, "x-wc-webhook-topic").lower(),
            delivery_id=f"{_home(shop)}:{hook}:{delivery}:{sha256(body).hexdigest()[:16]}" if delivery else "",
            is_ping=not header(headers, "x-wc-webhook-signature") and PING.fullmatch(body.strip()) is not None,
        )  # fmt: skip

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from the shop, or None."""
        return signature.check(
            header(headers, "x-wc-webhook-signature"), body, [self.secret, self.former_secret], shop="WooCommerce",
            setting="MILEPOST_WOOCOMMERCE_WEBHOOK_SECRET",
        )  # fmt: skip

    def read(self, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """What the shop says of one of its orders; its numbers are its own, so the shop's address belongs to them.

        The signature covers the body alone: a removal is believed where the body is nothing but the number, as the shop sends it.
        """
        if topic not in RANKS:
            values = {"topic": topic}
            return Reading(ignored=Refusal(code=OTHER_TOPIC.code, says=OTHER_TOPIC.says, values=values))
        namespace = _home(header(headers, "x-wc-webhook-source"))
        try:
            said = load(body)
            if topic == DELETED and said.said.keys() == {"id"}:
                return Reading(statement=_deleted(said, namespace, received_at))
            found = statement(said, namespace=namespace, rank=RANKS[topic], received_at=received_at)
        except Refused as refused:
            return Reading(refusal=refused.refusals[0])
        return Reading(statement=_restored(found, received_at) if topic == RESTORED else found)


def _home(address: str) -> str:
    """The shop's address in one spelling."""
    return address.strip().casefold().partition("://")[2].rstrip("/") or address.strip().casefold().rstrip("/")


def _deleted(said: Values, namespace: str, received_at: datetime) -> Statement:
    return Statement(
        number=number_of(said), namespace=namespace, kind=Kind.DELETED, said_at=received_at, rank=RANKS[DELETED],
        reason_code="other",
    )  # fmt: skip


def _restored(found: Statement, received_at: datetime) -> Statement:
    """Taken out of the bin: it stands as it stood before, so its own date is that of before."""
    if found.kind != Kind.STANDS:
        return found
    return replace(found, kind=Kind.RESTORED, said_at=received_at)
