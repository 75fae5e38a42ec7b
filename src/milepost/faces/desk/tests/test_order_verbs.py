"""Every verb of an order × every state × every role: what is offered is never refused for state or role, what is not offered is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from milepost.faces.desk.order import one_order, verbs, why_not
from milepost.faces.desk.order.order_page import OrderPage, gather
from milepost.faces.desk.order.verbs import VERBS, Verb
from milepost.faces.desk.tests.conftest import now
from milepost.ground.access import commands as access
from milepost.ground.access.models import Staff
from milepost.ground.access.words import PERMISSIONS, ROLES
from milepost.ground.journal import queries as journal
from milepost.ground.parties import commands as parties
from milepost.ground.parties.words import CarrierDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.closeout import commands as closeout
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.intake.words import LineDraft
from milepost.way.orders import commands as orders
from milepost.way.orders.words import State, WantedHold
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ROL-1"), pytest.mark.clause("HND-2")]


def confirmed() -> int:
    cast.stocked()
    return cast.ordered(act=now())[0]


def held() -> int:
    cast.stocked()
    return cast.ordered(cast.draft(payment_pending=True), act=now())[0]


def free_to_confirm() -> int:
    """Received, with a hold that keeps it from nothing."""
    order_id = held()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("milepost.ground.journal.commands._reactions", {})
        orders.release([order_id], kind="payment", outcome="paid", act=now())
    return order_id


def held_by_hand() -> int:
    order_id = confirmed()
    orders.hold([WantedHold(order_id=order_id, kind="manual", reason="ask", role="order_management")], act=now())
    return order_id


def short() -> int:
    items = cast.catalogue()
    stock.receive_stock([StockReceipt(item_id=items[cast.KETTLE], location="MAIN", quantity=Decimal(5))], act=now())
    return cast.ordered(act=now())[0]


def served_first() -> int:
    order_id = short()
    stock.give_to([order_id], act=now().because("a school"))
    stock.agree_sending([order_id], together=True, act=now())
    return order_id


def picked() -> int:
    order_id = confirmed()
    fulfilment.pick([order_id], act=now())
    return order_id


def packed() -> int:
    order_id = picked()
    fulfilment.pack([Packing(order_id=order_id)], act=now())
    return order_id


def partly_left() -> int:
    order_id = picked()
    parcel = ParcelDraft(lines=(PackedLine(position=1, quantity=Decimal(1)),))
    fulfilment.pack([Packing(order_id=order_id, parcels=(parcel,))], act=now())
    fulfilment.ship([Shipping(order_id=order_id)], act=now())
    return order_id


def shipped() -> int:
    order_id = packed()
    fulfilment.ship([Shipping(order_id=order_id)], act=now())
    return order_id


def _seen(order_id: int, kind: Kind) -> int:
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    tracking.record_events([EventDraft(parcel_id=parcel.id, kind=kind, happened_at=timezone.now())], act=now())
    return order_id


def in_transit() -> int:
    return _seen(shipped(), Kind.IN_TRANSIT)


def out_for_delivery() -> int:
    return _seen(shipped(), Kind.OUT_FOR_DELIVERY)


def delivered() -> int:
    return _seen(shipped(), Kind.DELIVERED)


def completed() -> int:
    order_id = delivered()
    closeout.accept([order_id], act=now())
    return order_id


def closed() -> int:
    order_id = completed()
    orders.close([order_id], act=now())
    return order_id


def cancelled() -> int:
    order_id = picked()
    orders.cancel([order_id], reason_code="other", act=now())
    return order_id


def written_off() -> int:
    order_id = shipped()
    orders.cancel([order_id], reason_code="other", act=now())
    return order_id


WORLDS: dict[Callable[[], int], State] = {
    held: State.RECEIVED, free_to_confirm: State.RECEIVED, confirmed: State.CONFIRMED, held_by_hand: State.CONFIRMED,
    short: State.CONFIRMED, served_first: State.CONFIRMED, picked: State.PROCESSING, packed: State.PACKED,
    partly_left: State.PROCESSING, shipped: State.SHIPPED, in_transit: State.IN_TRANSIT,
    out_for_delivery: State.OUT_FOR_DELIVERY, delivered: State.DELIVERED, completed: State.COMPLETED, closed: State.CLOSED,
    cancelled: State.CANCELLED, written_off: State.CANCELLED,
}  # fmt: skip

PASSED_OVER = {
    "pick": "picked ones stay so, so that scanners may say it twice",
    "shipment": "what does not stand packed is packed with it",
    "acknowledgement": "those that were acknowledged keep their first time",
    "hold": "an open hold of the kind is kept; goods on their way may be held by what customers answer",
    "acceptance": "again changes nothing",
    "sending-in-parts": "orders of which nothing waits are passed over",
    "precedence": "again, with another reason, is on record",
}
"""Verbs whose commands serve machines and reactions too, and let some of what the desk does not offer pass: the desk refuses it in
the same transaction, under the order's lock."""


def typed(verb: Verb, page: OrderPage) -> dict[str, Any]:
    """What somebody would type into the form of a verb."""
    parcels = [parcel.card.id for view in page.shipments for parcel in view.parcels if parcel.card.shipped_at]
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    later = (cast.today() + timedelta(days=90)).isoformat()
    said: dict[str, dict[str, Any]] = {
        "packing": {f"line_{line.card.position}": str(line.can_be_packed) for line in page.lines if line.left_to_pack},
        "shipment": {"carrier": "own"},
        "tracking-event": {"parcel": parcels[0] if parcels else 1, "kind": "in_transit", "happened_at": at},
        "label": {"parcel": parcels[0] if parcels else 1, "carrier": "swift", "tracking_number": "SWIFT0000017"},
        "hold-release": {"kind": page.open_holds[0].kind if page.open_holds else "manual", "outcome": "settled"},
        "delay": {"cause": "supply", "new_latest_on": later},
        "date": {"cause": "supply", "latest_on": later},
        "hold": {"reason": "ask"},
        "alternatives": {
            "said_by": "Ada", "said_at": at,
            **{f"line_{line.position}": "cancel" for line in (page.offer.lines if page.offer else ())},
        },
        "precedence": {"reason": "a school"},
        "amendment": {**_as_it_stands(page), "reason": "asked", "instructions": "Ring twice"},
        "cancellation": {"reason_code": "other"},
        "write-off": {"reason_code": "other"},
    }  # fmt: skip
    return said.get(verb.name, {})


def _as_it_stands(page: OrderPage) -> dict[str, Any]:
    form = verbs.BY_NAME["amendment"].form(page=page)
    return {field.name: field.value() for field in form if field.value() not in (None, False)}


class _Undone(Exception):
    """Nothing of it shall stay."""


def said(verb: Verb, page: OrderPage, me: Staff) -> list[tuple[str, int]]:
    """What the real command refuses a verb by, under the page as it stands; nothing of it stays."""
    form = verb.form(typed(verb, page), page=page)
    try:
        with transaction.atomic():
            if not form.is_valid():
                return [("bad_form", 422)]
            verb.perform(page, form, Act.now(me.actor, channel="desk", now=timezone.now(), reason="because"))
            raise _Undone
    except Refused as refused:
        return [(one.code, one.status) for one in refused.refusals]
    except _Undone:
        return []


def tried(verb: Verb, page: OrderPage, me: Staff) -> int:
    """What the desk answers to a verb: 200 where it is carried out; nothing of it stays."""
    request = RequestFactory().post("/", typed(verb, page))
    request.user = me
    answer: one_order.Tried | None = None
    try:
        with transaction.atomic():
            answer = one_order._tried(request, verb, page.order.id)
            raise _Undone
    except _Undone:
        return answer.status if answer else 200


@pytest.fixture
def ida() -> Staff:
    parties.list_carriers([CarrierDraft(code="swift", name="Swift")])
    number = access.join(email="ida@milepost.example", name="Ida", roles=["administrator"], act=now())
    return Staff.objects.get(pk=number)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_what_is_offered_is_done_and_what_is_not_offered_is_refused(world: Callable[[], int], ida: Staff) -> None:
    order_id = world()
    page = gather(order_id, now=timezone.now())
    assert page is not None
    assert page.order.state == WORLDS[world]
    before = journal.head(order_id)
    for verb in VERBS:
        why = verb.why_not(page)
        if why is None:
            assert (verb.name, said(verb, page, ida)) == (verb.name, [])
            continue
        assert why.sentence.endswith(".")
        assert (verb.name, tried(verb, page, ida)) == (verb.name, 409)
        if verb.name not in PASSED_OVER:
            assert (verb.name, said(verb, page, ida)) != (verb.name, [])
    assert journal.head(order_id) == before


def test_a_role_is_offered_what_the_state_allows_and_its_permissions_hold_and_no_other(ida: Staff) -> None:
    pages = [gather(world(), now=timezone.now()) for world in (held, packed, delivered)]
    for role in (*ROLES, ""):
        me = Staff(pk=987654, roles=[role] if role else [])
        mine = {verb.name for verb in VERBS if role in PERMISSIONS[verb.permission]}
        for page in pages:
            assert page is not None
            possible = {verb.name for verb in VERBS if verb.why_not(page) is None}
            assert {verb.name for verb in verbs.offered(page, me)} == possible & mine
            others = {verb.name: why for verb, why in verbs.refused(page, me)}
            assert set(others) == {verb.name for verb in VERBS} - (possible & mine)
            assert {name for name, why in others.items() if why.code == "not_allowed"} == {v.name for v in VERBS} - mine


@pytest.mark.clause("VER-3")
def test_a_release_that_takes_two_is_offered_to_the_second_alone(ida: Staff) -> None:
    cast.stocked(1000)
    (order_id,) = cast.ordered(cast.draft(lines=(LineDraft(code=cast.TEA, quantity=Decimal(2500)),)), act=now())
    omar = access.join(email="omar@milepost.example", name="Omar", roles=["order_management"], act=now())
    anna = Staff(pk=987654, roles=["order_management"])
    max_ = Staff(pk=987655, roles=["management"])
    verb = verbs.BY_NAME["hold-release"]
    page = gather(order_id, now=timezone.now())
    assert page is not None
    assert all(verb.refusal(page, who) is None for who in (anna, max_))
    for hold in page.open_holds:
        by = replace(now(), actor=f"staff:{omar}")
        orders.release([order_id], kind=hold.kind, outcome="looked at", act=by)
    page = gather(order_id, now=timezone.now())
    assert page is not None
    assert page.open_holds
    refusals = {name: verb.refusal(page, who) for name, who in (
        ("omar", Staff.objects.get(pk=omar)), ("anna", anna), ("max", max_),
    )}  # fmt: skip
    assert {name: why.code if why else "" for name, why in refusals.items()} == {
        "omar": "same_person", "anna": "not_approver", "max": "",
    }  # fmt: skip


def test_who_may_do_what_others_may_not_is_said_by_the_names_of_their_roles() -> None:
    assert why_not.not_theirs("orders.write_off").sentence == "This is for others to do: Management."
    assert why_not.not_theirs("fulfilment.pack").sentence == "This is for others to do: Fulfilment."


def test_every_state_of_an_order_is_among_the_worlds() -> None:
    assert set(WORLDS.values()) == set(State)
