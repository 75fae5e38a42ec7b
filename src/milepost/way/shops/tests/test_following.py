"""What a shop says becomes orders, changes and cancellations, and ends the same in whatever order it came."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import Worked
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from milepost.way.intake.models import OrderRequest
from milepost.way.orders import commands as orders
from milepost.way.orders.models import Hold, Order
from milepost.way.orders.words import Amendment, Change
from milepost.way.shops.models import ShopOrder
from milepost.way.shops.tests import stall
from milepost.way.shops.tests.stall import (
    NOW,
    act,
    cancelled,
    duties,
    follow,
    found,
    line,
    order,
    send,
    the_order,
    work,
)
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market(monkeypatch: pytest.MonkeyPatch) -> None:
    stall.open_stall(monkeypatch)
    cast.stocked()


def lines() -> list[tuple[str, Decimal, Decimal]]:
    return [(one.code, one.quantity, one.unit_price) for one in the_order().lines if not one.cancelled]


def open_holds() -> set[str]:
    return {hold.kind for hold in the_order().holds if hold.released_at is None}


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
def test_an_order_of_the_shop_becomes_an_order_with_its_original_and_its_channel() -> None:
    sent = send(order(note="Ring twice"))
    assert not Order.objects.exists()
    assert work(minutes=5) == Worked(processed=1)
    card = the_order()
    assert (card.channel, card.external_ref, card.state, card.received_at) == ("shop", "#1001", "confirmed", NOW)
    assert (card.contact_name, card.email, card.instructions) == ("Ada Okafor", "ada@okafor.example", "Ring twice")
    assert (card.freight, card.total, card.payment_reference) == (Decimal("4.90"), Decimal("61.80"), "visa")
    assert lines() == [(cast.KETTLE, 1, Decimal("39.90")), (cast.MUG, 2, Decimal("8.50"))]
    request = OrderRequest.objects.get(order_id=card.id)
    assert (request.sender, request.origins["arrival"]) == ("stall.myshopify.com", str(sent.id))
    assert (found(sent.id).order_id, found(sent.id).state) == (card.id, "processed")


def test_the_same_order_told_again_changes_nothing() -> None:
    follow(order())
    assert follow(order(), "orders/updated").code == "unchanged"
    assert follow(order(), "orders/paid").code == "unchanged"
    assert the_order().version == 1


@pytest.mark.parametrize("stock", [True, False])
def test_many_orders_are_received_together(stock: bool) -> None:
    for number in range(30):
        send(order(id=number + 1, name=f"#{number}", customer=None, email=f"c{number}@okafor.example"))
    assert work() == Worked(processed=30)
    assert Order.objects.count() == 30


def test_what_changes_in_the_shop_changes_here_and_what_was_put_right_here_stays() -> None:
    follow(order())
    here = the_order()
    orders.amend([Amendment(order_id=here.id, changes=(Change("phone", "+49 30 12345678"),))], act=cast.OMAR)
    moved = order()["shipping_address"] | {"address1": "Kastanienallee 12", "zip": "10435"}
    row = follow(order(5, note="Ring twice", shipping_address=moved, email="ada@new.example"), "orders/updated")
    card = the_order()
    assert (card.ship_to.street, card.ship_to.postal_code, card.email) == (
        "Kastanienallee 12",
        "10435",
        "ada@new.example",
    )
    assert (card.instructions, card.phone) == ("Ring twice", "+49 30 12345678")
    assert row.error.startswith("Changed: email")
    assert duties("settle_change") == []


def test_lines_are_changed_added_taken_away_and_put_back_and_the_total_follows() -> None:
    follow(order())
    follow(order(1, line_items=[line(12, cast.MUG, 3, "8.50"), line(13, cast.TEA, 1, "12.00")]), "orders/updated")
    assert lines() == [(cast.MUG, 3, Decimal("8.50")), (cast.TEA, 1, Decimal("12.00"))]
    assert the_order().total == Decimal("42.40")
    back = [line(11, cast.KETTLE, 2, "39.90"), line(13, cast.TEA, 1, "12.00"), line(14, cast.MUG, 1, "8.50")]
    follow(order(2, line_items=back), "orders/updated")
    assert lines() == [
        (cast.KETTLE, 2, Decimal("39.90")),
        (cast.TEA, 1, Decimal("12.00")),
        (cast.MUG, 1, Decimal("8.50")),
    ]
    assert the_order().total == Decimal("105.20")
    assert duties("settle_change") == []


def test_a_line_that_is_refunded_before_it_was_sent_is_cancelled() -> None:
    follow(order())
    some = [line(11, cast.KETTLE, 1, "39.90", current_quantity=0), line(12, cast.MUG, 2, "8.50", current_quantity=2)]
    follow(order(3, line_items=some, current_total_price="21.90"), "orders/updated")
    assert lines() == [(cast.MUG, 2, Decimal("8.50"))]


def test_an_unpaid_order_waits_and_goes_on_when_it_is_paid() -> None:
    follow(order(financial_status="pending"))
    assert (the_order().state, open_holds()) == ("received", {"payment"})
    row = follow(order(1), "orders/paid")
    assert (the_order().state, open_holds()) == ("confirmed", set())
    assert row.error == "Changed: payment."


def test_an_order_that_is_not_paid_after_all_waits_again() -> None:
    follow(order())
    follow(order(1, financial_status="voided"), "orders/updated")
    assert open_holds() == {"payment"}


@pytest.mark.parametrize("topic", ["orders/cancelled", "orders/updated"])
def test_an_order_that_is_cancelled_in_the_shop_is_cancelled_here(topic: str) -> None:
    follow(order())
    follow(cancelled(4), topic)
    assert (the_order().state, the_order().cancel_reason) == ("cancelled", "customer_request")
    assert follow(cancelled(5), topic).code == "unchanged"


def test_a_topic_alone_cancels_nothing_for_only_the_body_is_signed() -> None:
    follow(order())
    follow(order(), "orders/cancelled")
    follow(order(1), "orders/delete")
    assert the_order().state == "confirmed"


def test_a_removed_order_is_cancelled() -> None:
    follow(order())
    follow({"id": stall.NUMBER}, "orders/delete")
    assert the_order().state == "cancelled"


STORY = [
    (order(financial_status="pending"), "orders/create"),
    (order(1, note="Ring twice"), "orders/paid"),
    (order(2, note="Ring thrice", line_items=[line(12, cast.MUG, 3, "8.50")]), "orders/updated"),
]


@pytest.mark.clause("REC-1")
@pytest.mark.parametrize("turn", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [True, False])
def test_whatever_order_they_arrive_in_it_ends_the_same(turn: tuple[int, ...], at_once: bool) -> None:
    for place in turn:
        send(*STORY[place])
        if not at_once:
            work()
    work()
    card = the_order()
    assert (card.state, card.instructions, card.total, open_holds()) == (
        "confirmed",
        "Ring thrice",
        Decimal("30.40"),
        set(),
    )
    assert lines() == [(cast.MUG, 3, Decimal("8.50"))]
    assert duties("settle_change", "repair_arrival") == []


@pytest.mark.clause("REC-1")
@pytest.mark.parametrize("turn", list(permutations(range(3))))
@pytest.mark.parametrize("last", [cancelled(7), {"id": stall.NUMBER}])
def test_a_cancellation_may_come_before_the_order_and_it_ends_the_same(turn: tuple[int, ...], last: Any) -> None:
    story = [
        (order(), "orders/create"),
        (order(1, note="Ring"), "orders/updated"),
        (last, "orders/cancelled" if len(last) > 1 else "orders/delete"),
    ]
    for place in turn:
        follow(*story[place])
    assert the_order().state == "cancelled"
    assert not Hold.objects.filter(released_at=None).exists()
    assert duties("settle_change", "repair_arrival", "acknowledge") == []


def test_a_cancellation_of_an_order_that_never_comes_is_only_remembered() -> None:
    assert follow(cancelled(), "orders/cancelled").code == "cancelled_before"
    assert not Order.objects.exists()


@pytest.mark.clause("VER-3")
def test_what_can_no_longer_be_changed_is_a_clerk_s_duty_that_names_it() -> None:
    follow(order())
    here = the_order()
    fulfilment.ship([Shipping(order_id=here.id)], act=cast.OMAR)
    moved = order()["shipping_address"] | {"address1": "Kastanienallee 12"}
    row = follow(order(5, shipping_address=moved), "orders/updated")
    assert (row.state, row.code) == ("processed", "settle_change")
    (duty,) = duties("settle_change")
    assert (duty.order_id, duty.data["fields"], duty.role) == (here.id, ["ship_to.street"], "order_management")
    assert "Kastanienallee" not in duty.says
    assert the_order().ship_to.street == "Lindenstraße 9"
    assert follow(order(5, shipping_address=moved), "orders/updated").code == "unchanged"
    assert len(duties("settle_change")) == 1


def test_a_cancellation_that_comes_too_late_is_a_clerk_s_duty() -> None:
    follow(order())
    fulfilment.ship([Shipping(order_id=the_order().id)], act=cast.OMAR)
    assert follow(cancelled(5), "orders/cancelled").code == "too_late"
    (duty,) = duties("settle_change")
    assert "shipped already" in duty.says
    assert the_order().state == "shipped"


def test_what_can_be_changed_is_changed_though_something_else_cannot() -> None:
    follow(order())
    row = follow(
        order(1, note="Ring", line_items=[line(11, "NO-SUCH", 1, "39.90"), line(12, cast.MUG, 2, "8.50")]),
        "orders/updated",
    )
    assert row.code == "settle_change"
    assert the_order().instructions == "Ring"
    assert [one for one, _, _ in lines()] == [cast.KETTLE, cast.MUG]
    assert duties("settle_change")[0].data["fields"][0] == "lines.1.item"


@pytest.mark.parametrize(("sku", "code"), [("", "missing_code"), (None, "missing_code"), ("NO-SUCH", "unknown_item")])
def test_an_unknown_item_is_never_guessed_and_the_order_can_be_taken_after_the_repair(
    sku: str | None, code: str
) -> None:
    row = follow(order(line_items=[line(11, cast.KETTLE, 1, "39.90"), line(12, "SIEVE", 1, "5.00") | {"sku": sku}]))
    assert (row.state, row.code) == ("refused", code)
    assert not Order.objects.exists()
    assert [duty.subject_id for duty in duties("repair_arrival")] == [str(row.id)]
    catalog.list_items(
        [ItemDraft(code="NO-SUCH", name="Sieve", unit="piece", price=Decimal(5), currency="EUR")], act=cast.SHOP
    )
    worked = arrivals.retry(ids=[row.id], act=act(600))
    assert worked == (Worked(processed=1) if code == "unknown_item" else Worked(refused=1))
    assert bool(duties("repair_arrival")) == (code == "missing_code")
    if code == "unknown_item":
        assert the_order().received_at == NOW


def test_a_later_message_that_can_be_read_settles_the_one_that_could_not() -> None:
    first = follow(order(line_items=[line(11, "", 1, "39.90")]))
    follow(order(1), "orders/updated")
    assert (found(first.id).state, found(first.id).code) == ("ignored", "overtaken")
    assert duties("repair_arrival") == []
    assert the_order().state == "confirmed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"test": True}, "test_order"),
        ({"line_items": [line(11, "GIFT", 1, "25.00", requires_shipping=False)]}, "nothing_to_ship"),
        ({"fulfillment_status": "fulfilled"}, "fulfilled"),
    ],
)
def test_of_what_is_not_for_us_nothing_is_made_and_the_reason_is_kept(changes: dict[str, Any], code: str) -> None:
    row = follow(order(**changes))
    assert (row.state, row.code) == ("ignored", code)
    assert not Order.objects.exists()
    assert duties("repair_arrival") == []


def test_an_edit_is_followed_by_the_update_that_tells_how() -> None:
    follow(order())
    edit = {"order_edit": {"order_id": stall.NUMBER, "created_at": "2026-11-16T09:05:00+00:00"}}
    waiting = follow(edit, "orders/edited")
    assert waiting.state == "waiting"
    follow(order(6, note="Edited"), "orders/updated")
    assert (found(waiting.id).state, the_order().instructions) == ("ignored", "Edited")
    assert follow(edit, "orders/edited").state == "processed"


def test_an_edit_that_nobody_ever_tells_of_becomes_a_duty() -> None:
    follow(order())
    row = follow({"order_edit": {"order_id": stall.NUMBER, "created_at": "2026-11-17T09:05:00+00:00"}}, "orders/edited")
    for _ in range(5):
        arrivals.retry(ids=[row.id], act=act())
    assert found(row.id).code == "settle_change"
    assert len(duties("settle_change")) == 1


def test_money_that_was_paid_back_without_a_change_of_goods_is_a_duty() -> None:
    follow(order())
    back = {"transactions": [{"kind": "refund", "status": "success", "amount": "5.00"}]}
    follow(order(1, refunds=[back]), "orders/updated")
    assert duties("settle_change")[0].data["fields"] == ["refund"]


def test_two_shops_orders_with_one_name_are_two_orders() -> None:
    follow(order())
    follow(order(id=5, customer=None, email="bruno@keller.example"))
    assert Order.objects.count() == 2
    assert ShopOrder.objects.count() == 2


def test_a_cancelled_order_that_the_shop_brings_back_is_a_duty() -> None:
    follow(order())
    follow(cancelled(1), "orders/cancelled")
    assert follow(order(2), "orders/updated").code == "settle_change"
    assert the_order().state == "cancelled"


@pytest.mark.clause("ACK-2")
def test_the_clock_of_the_acknowledgement_runs_from_the_arrival_however_late_it_is_understood() -> None:
    row = follow(order(line_items=[line(11, "NEW-1", 1, "5.00")], financial_status="pending"))
    catalog.list_items(
        [ItemDraft(code="NEW-1", name="New", unit="pc", price=Decimal(5), currency="EUR")], act=cast.SHOP
    )
    arrivals.retry(ids=[row.id], act=act(600))
    (acknowledge_within,) = duties("acknowledge")
    assert acknowledge_within.due_at == NOW + timedelta(hours=24)
