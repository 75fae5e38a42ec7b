"""Placing orders: one in a call, or up to a thousand, each with its raw original kept (REC-1, REC-2)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Annotated, Any

import orjson
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from milepost.faces.api import routers
from milepost.faces.api.answers import REFUSALS, error
from milepost.faces.api.body import ReadByVerb, not_json, read
from milepost.faces.api.keys import CHANNEL, ApiKey, Caller
from milepost.faces.api.once import View, once
from milepost.faces.api.shapes.orders import MOST_ORDERS, BatchIn, BatchOut, OrderIn, OrdersIn, PlacedOut
from milepost.faces.api.slices import Unsliced, slices
from milepost.ground import journal
from milepost.ground.access import links
from milepost.ground.access.queries import KEY_REUSED
from milepost.ground.catalog import queries as catalog
from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.overview.insight import queries as insight
from milepost.overview.insight.rules import outcome_told
from milepost.overview.insight.words import Outcome
from milepost.way.intake import commands as intake
from milepost.way.intake.words import Address, Contact, ContactKind, Draft, Incoming, LineDraft, Receipt, StatedPromise
from milepost.way.stock import commands as stock

UNREAD = Draft(customer=CustomerDraft(), ship_to=Address(), lines=(), currency="")
"""Stands for an order in which nothing could be read; its raw original is kept beside it."""

_FIELDS = {"promised_on": "promised.latest_on"}


def keeping(view: View) -> View:
    """Keeps the raw original of what is refused, with the reasons, so that nothing that a partner sent is lost (REC-1)."""

    @wraps(view)
    def kept(request: HttpRequest, **read: Any) -> HttpResponse:
        try:
            return view(request, **read)
        except Refused as refused:
            if refused.status in (400, 422) and refused.refusals[0].code != KEY_REUSED.code:
                caller: Caller = request.auth  # type: ignore[attr-defined]
                _keep([(request.body, refused.refusals)], caller)
            raise

    return kept


@routers.orders.post(
    "/orders", auth=ApiKey("orders:write", changes=True), response={201: PlacedOut, **REFUSALS}, summary="Place an order",
    url_name="orders",
)  # fmt: skip
@keeping
@once
def place(caller: Caller, order: Annotated[OrderIn, ReadByVerb(...)]) -> tuple[int, Any]:
    """Receive an order, verify it, allocate stock, promise a date and confirm it, all at once or not at all.

    What is doubtful (an odd address, a price off the list, an open payment) opens holds that the answer names; what can be
    no order (an unknown item, a quantity of nothing) is refused. The original is kept byte for byte in both cases.
    """
    body = caller.body
    order = read(body, OrderIn)
    act = caller.act(order.occurred_at)
    with journal.heard() as facts:
        (receipt,) = intake.receive([_incoming(order, body, caller)], act=act)
    if receipt.refusals:
        raise Refused(*(replace(_renamed(refusal), index=None) for refusal in receipt.refusals))
    outcome = outcome_told(facts, external_ref=order.external_ref, received_at=act.at)
    return 201, _placed(outcome or insight.outcomes([receipt.order_id])[receipt.order_id], caller.now)


@routers.orders.post(
    "/orders/batch", auth=ApiKey("orders:write", changes=True), response={200: BatchOut, **REFUSALS},
    summary="Place up to 1,000 orders", url_name="orders-batch",
)  # fmt: skip
@keeping
@once
def place_batch(caller: Caller, orders: Annotated[OrdersIn, ReadByVerb(...)]) -> tuple[int, Any]:
    """Place orders in one transaction, each as by `POST /orders`.

    With `reject_all` any refusal refuses all (422), each reason with the index of its order; with `reject_failing` the good
    ones are accepted and the others listed with their reasons.
    """
    body = caller.body
    entries, policy = _sliced(body)
    asked, refused = _read_all(entries)
    digest = sha256(body).hexdigest()
    accepted, more = _receive_all(asked, entries, digest, caller)
    refused |= more
    if refused and policy == "reject_all":
        raise Refused(*(reason for index in sorted(refused) for reason in refused[index]))
    if refused:
        _keep([(entries[index], refused[index]) for index in sorted(refused)], caller)
    outcomes = insight.outcomes(list(accepted.values()))
    return 200, {
        "accepted": [{"index": index, **_placed(outcomes[accepted[index]], caller.now)} for index in sorted(accepted)],
        "refused": [error(reason) for index in sorted(refused) for reason in refused[index]],
    }


def _sliced(body: bytes) -> tuple[list[bytes], str]:
    """The orders of a batch as they were spelt, and what is to become of all when one is refused."""
    try:
        sliced = slices(body, "orders")
    except Unsliced as why:
        read(body, OrdersIn)
        raise Refused(not_json(str(why))) from why
    counted = {} if sliced.entries is None else {"orders": [None] * min(len(sliced.entries), MOST_ORDERS + 1)}
    envelope = read(orjson.dumps({**sliced.others, **counted}), BatchIn)
    return sliced.entries or [], envelope.on_failure


def _read_all(entries: Sequence[bytes]) -> tuple[dict[int, OrderIn], dict[int, list[Refusal]]]:
    """Each order in its own right, so that a fault in one is no fault of the others."""
    asked: dict[int, OrderIn] = {}
    refused: dict[int, list[Refusal]] = {}
    for index, entry in enumerate(entries):
        try:
            asked[index] = read(entry, OrderIn)
        except Refused as why:
            refused[index] = [refusal.at(index=index) for refusal in why.refusals]
    return asked, refused


def _receive_all(
    asked: dict[int, OrderIn], entries: Sequence[bytes], digest: str, caller: Caller
) -> tuple[dict[int, int], dict[int, list[Refusal]]]:
    """Receive the orders in sets of the same instant; return the orders' ids and the refusals, by index."""
    accepted: dict[int, int] = {}
    refused: dict[int, list[Refusal]] = {}
    sets: dict[datetime | None, list[int]] = defaultdict(list)
    for index, order in asked.items():
        sets[order.occurred_at].append(index)
    if len(sets) > 1:
        _lock_stock(asked.values())
    for occurred_at, indexes in sets.items():
        try:
            act = caller.act(occurred_at)
        except Refused as why:
            refused |= {index: [refusal.at(index=index) for refusal in why.refusals] for index in indexes}
            continue
        incoming = [_incoming(asked[index], entries[index], caller, index=index, digest=digest) for index in indexes]
        for receipt in intake.receive(incoming, act=act):
            if receipt.refusals:
                refused[receipt.index] = [_renamed(refusal) for refusal in receipt.refusals]
            else:
                accepted[receipt.index] = receipt.order_id
    return accepted, refused


def _lock_stock(asked: Iterable[OrderIn]) -> None:
    """Before the first of several sets, so that two calls never wait for each other in a ring."""
    items = catalog.by_code(sorted({line.code for order in asked for line in order.lines}))
    stock.lock(item.id for item in items.values())


def _incoming(order: OrderIn, raw: bytes, caller: Caller, *, index: int = 0, digest: str = "") -> Incoming:
    origins = {"batch": digest, "index": index} if digest else {}
    return Incoming(draft=_draft(order), raw=raw, sender=caller.card.actor, index=index, origins=origins)


def _draft(order: OrderIn) -> Draft:
    customer, ship_to, promised, payment = order.customer, order.ship_to, order.promised, order.payment
    return Draft(
        customer=CustomerDraft(
            external_ref=customer.external_ref, name=customer.name, email=customer.email, phone=customer.phone,
            language=customer.language, zone=customer.zone,
        ),
        ship_to=Address(
            name=ship_to.name, company=ship_to.company, street=ship_to.street, postal_code=ship_to.postal_code,
            city=ship_to.city, region=ship_to.region, country=ship_to.country,
        ),
        contacts=tuple(
            Contact(
                kind=ContactKind(one.kind), name=one.name, email=one.email.lower(), phone=one.phone, language=one.language
            )
            for one in order.contacts
        ),
        lines=tuple(
            LineDraft(
                code=line.code, quantity=line.quantity, price=line.price, unit=line.unit, instructions=line.instructions
            )
            for line in order.lines
        ),
        currency=order.currency, external_ref=order.external_ref, po_number=order.po_number,
        payment_reference=payment.reference, payment_amount=payment.amount, payment_pending=payment.pending,
        freight=order.freight, tax=order.tax, instructions=order.instructions, service=order.service, zone=order.zone,
        promised=StatedPromise(latest_on=promised.latest_on, latest_at=promised.latest_at) if promised else None,
    )  # fmt: skip


def _placed(outcome: Outcome, now: datetime) -> dict[str, Any]:
    site = settings.SITE_URL
    promise = None
    if outcome.latest_on is not None:
        promise = {"earliest_on": outcome.earliest_on, "latest_on": outcome.latest_on}
    return {
        "reference": outcome.reference,
        "external_ref": outcome.external_ref,
        "state": outcome.state,
        "received_at": outcome.received_at,
        "promise": promise,
        "total": outcome.total,
        "currency": outcome.currency,
        "holds": [{"kind": kind, "reason": reason} for kind, reason in outcome.holds],
        "links": {
            "self": f"{site}/api/v1/orders/{outcome.reference}",
            "tracking": f"{site}/t/{links.make('track', outcome.order_id, now=now, fresh=True)}/",
        },
    }


def _renamed(refusal: Refusal) -> Refusal:
    """The refusal with the field's name as it is sent here."""
    return refusal.at(field=_FIELDS.get(refusal.field, refusal.field))


def _keep(refused: Sequence[tuple[bytes, Sequence[Refusal]]], caller: Caller) -> None:
    """Keep raw originals of refused orders with their reasons."""
    act = Act.now(caller.card.actor, channel=CHANNEL, now=caller.now)
    with transaction.atomic():
        intake.keep_refused(
            [Incoming(draft=UNREAD, raw=raw, sender=act.actor, index=place) for place, (raw, _) in enumerate(refused)],
            [Receipt(index=place, refusals=tuple(reasons)) for place, (_, reasons) in enumerate(refused)],
            act=act,
        )
