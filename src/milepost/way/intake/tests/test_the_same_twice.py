"""The same order twice: exact repeats get the first answer, likely ones are held and name the other (VER-1, VER-3)."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from milepost.kernel.acts import Act
from milepost.way.intake import commands, queries
from milepost.way.intake.alike import How, Trace, alike, likeness, purchase_of, within
from milepost.way.intake.models import OrderRequest
from milepost.way.intake.words import Draft, Incoming, LineDraft, Receipt
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as placed
from milepost.way.orders.models import Order
from milepost.way.orders.words import Amendment, Change
from tests import cast

pytestmark = pytest.mark.django_db
MAIL = Act.now("mail:1", channel="email", now=cast.MONDAY + timedelta(hours=3))
PHONE = Act.now("staff:1", channel="phone", now=cast.MONDAY + timedelta(hours=4))


def receive(draft: Draft, *, raw: bytes = b"one", sender: str = "", act: Act = cast.SHOP) -> Receipt:
    cast.stocked()
    (receipt,) = commands.receive([Incoming(draft=draft, raw=raw, sender=sender or act.actor)], act=act)
    return receipt


def holds(receipt: Receipt) -> dict[str, str]:
    card = placed.card(receipt.order_id)
    assert card is not None
    return {hold.kind: hold.reason for hold in card.holds if hold.released_at is None}


NUMBERED = cast.draft(external_ref="SHOP-1")


@pytest.mark.clause("REC-2")
def test_the_very_same_request_is_answered_as_the_first_and_makes_no_second_order() -> None:
    first, again = receive(NUMBERED), receive(NUMBERED)
    assert (again.order_id, again.reference, again.repeated) == (first.order_id, first.reference, True)
    assert not first.repeated
    assert Order.objects.count() == OrderRequest.objects.count() == 1


def test_repeats_within_one_set_are_one_order_too() -> None:
    cast.stocked()
    some = [Incoming(draft=NUMBERED, raw=b"one", sender="key:1", index=index) for index in range(3)]
    receipts = commands.receive([*some, replace(some[0], raw=b"two", index=3)], act=cast.SHOP)
    assert len({receipt.order_id for receipt in receipts}) == 2
    assert [receipt.repeated for receipt in receipts] == [False, True, True, False]
    assert receipts[0].reference in holds(receipts[3])["duplicate"]


@pytest.mark.django_db(transaction=True)
def test_the_same_number_brought_by_several_at_once_is_one_clear_order_and_the_others_are_held() -> None:
    cast.stocked()
    cast.ordered(cast.draft(external_ref="SHOP-0", freight=Decimal(9)))
    at_once, receipts = threading.Barrier(4), []

    def bring(number: int) -> None:
        at_once.wait()
        try:
            receipts.extend(
                commands.receive([Incoming(draft=NUMBERED, raw=b"%d" % number, sender="key:1")], act=cast.SHOP)
            )
        finally:
            connection.close()

    several = [threading.Thread(target=bring, args=(number,)) for number in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(len(holds(receipt)) for receipt in receipts) == [0, 1, 1, 1]


@pytest.mark.clause("VER-3")
@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"draft": NUMBERED, "raw": b"other"}, "external_ref"),
        (
            {"draft": cast.draft(external_ref="SHOP-1", freight=Decimal(0)), "sender": "key:2", "raw": b"other"},
            "external_ref",
        ),
        ({"draft": cast.draft(), "sender": "mail", "act": MAIL}, "total"),
        ({"draft": cast.draft(lines=NUMBERED.lines[::-1]), "sender": "mail", "act": MAIL}, "total"),
        ({"draft": cast.draft(external_ref="W-9"), "sender": "shop", "act": MAIL}, "total"),
        ({"draft": cast.draft(customer=replace(cast.ADA, external_ref="")), "sender": "mail", "act": MAIL}, "total"),
    ],
)
def test_a_likely_repeat_is_held_and_names_the_other_order(second: dict[str, Any], words: str) -> None:
    first = receive(NUMBERED)
    other = receive(**second)
    reason = holds(other)["duplicate"]
    assert first.reference in reason
    assert reason.startswith(words)
    assert holds(first) == {}


@pytest.mark.parametrize(
    "second",
    [
        {"draft": cast.draft(external_ref="SHOP-2")},
        {"draft": replace(NUMBERED, customer=cast.BRUNO), "sender": "key:2", "raw": b"other"},
        {"draft": cast.draft(customer=cast.BRUNO), "act": MAIL},
        {"draft": cast.draft(freight=Decimal("9.90")), "act": MAIL},
        {"draft": cast.draft(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(2)),)), "act": MAIL},
        {"draft": cast.draft(), "act": replace(MAIL, at=MAIL.at + timedelta(days=3))},
    ],
    ids=["numbered apart", "another's number", "another customer", "another total", "other items", "days later"],
)
def test_what_only_looks_a_little_alike_goes_on(second: dict[str, Any]) -> None:
    receive(NUMBERED)
    assert holds(receive(**second)) == {}


def test_a_second_purchase_under_another_po_number_is_a_second_purchase() -> None:
    receive(cast.draft(po_number="PO-1"), act=MAIL)
    assert holds(receive(cast.draft(po_number="PO-2"), act=PHONE)) == {}
    again = receive(cast.draft(po_number="PO-1", freight=Decimal(0)), act=PHONE)
    assert holds(again)["duplicate"].startswith("po_number")


def test_the_same_po_number_is_found_whatever_name_the_customer_has_in_each_channel() -> None:
    first = receive(cast.draft(po_number="PO-1"))
    by_mail = cast.draft(po_number="PO-1", customer=replace(cast.ADA, external_ref=""), freight=Decimal(0))
    assert first.reference in holds(receive(by_mail, act=MAIL))["duplicate"]


def test_what_was_cancelled_may_be_ordered_again() -> None:
    first = receive(cast.draft(po_number="PO-1"), act=MAIL)
    orders.cancel([first.order_id], reason_code="customer_request", act=cast.OMAR)
    assert holds(receive(cast.draft(po_number="PO-1"), act=PHONE)) == {}


def test_an_amendment_of_something_else_leaves_the_duplicate_held_and_another_quantity_frees_it() -> None:
    receive(NUMBERED)
    second = receive(cast.draft(), act=MAIL)
    orders.amend([Amendment(order_id=second.order_id, changes=(Change("instructions", "Ring"),))], act=cast.OMAR)
    assert "duplicate" in holds(second)
    orders.amend(
        [Amendment(order_id=second.order_id, changes=(Change("lines.1.quantity", Decimal(2)),))], act=cast.OMAR
    )
    assert holds(second) == {}


def test_the_first_of_two_alike_is_not_held_when_it_is_looked_at_again() -> None:
    first = receive(NUMBERED)
    receive(cast.draft(), act=MAIL)
    orders.amend([Amendment(order_id=first.order_id, changes=(Change("instructions", "Ring"),))], act=cast.OMAR)
    assert holds(first) == {}


def test_the_phone_hears_of_it_before_it_is_ordered() -> None:
    first = receive(cast.draft(), act=MAIL)
    chosen = cast.draft(customer_id=placed.card(first.order_id).customer_id)
    _, findings = queries.foresee(chosen, now=PHONE.at)
    assert [finding.code for finding in findings if finding.check == "duplicate"] == ["like_purchase"]


def test_an_api_order_without_a_number_costs_no_statement_for_it_and_one_with_a_number_two(
    django_assert_max_num_queries: Any,
) -> None:
    receive(cast.draft())
    with django_assert_max_num_queries(100) as plain:
        commands.receive([Incoming(draft=cast.draft(freight=Decimal(1)), raw=b"x")], act=cast.SHOP)
    assert not [query for query in plain.captured_queries if "purchase = k.purchase" in query["sql"]]
    with django_assert_max_num_queries(100) as numbered:
        commands.receive([Incoming(draft=cast.draft(external_ref="S-9", freight=Decimal(2)), raw=b"x")], act=cast.SHOP)
    to_take_turns, to_look = 1, 1
    assert len(ours(numbered)) == len(ours(plain)) + to_take_turns + to_look


def ours(asked: Any) -> list[str]:
    """All statements but the look, every few seconds, whether there are new procedures."""
    return [query["sql"] for query in asked.captured_queries if "procedures_" not in query["sql"]]


def test_likes_are_found_by_indexes_alone() -> None:
    """The plan is pinned: three index scans, no sequential one, however many requests there are."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        keys = [[0], ["customer:1"], ["S-1"], ["P-1"], ["key:1"], [b"\x00" * 32], [7], [cast.MONDAY], [0], [None]]
        cursor.execute("EXPLAIN " + queries._LIKE, keys)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    for index in ("intake_request_external", "intake_request_po", "intake_request_purchase"):
        assert index in plan
    assert "Seq Scan on intake_request" not in plan


ONE = Trace(
    ordered_by="customer:1",
    external_ref="S-1",
    po_number="",
    sender="key:1",
    digest=b"a",
    purchase=7,
    since=cast.MONDAY,
)


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({}, How.REPEAT), ({"digest": b"b"}, How.NUMBER), ({"sender": "key:2"}, How.NUMBER),
        ({"sender": "key:2", "ordered_by": "customer:2", "purchase": 8}, None), ({"external_ref": "S-2"}, None),
        ({"external_ref": "", "sender": "mail"}, How.PURCHASE), ({"external_ref": "", "sender": "mail", "since": None}, None),
        ({"external_ref": "", "sender": "mail", "purchase": 0}, None), ({"external_ref": ""}, None),
    ],
)  # fmt: skip
def test_in_what_two_of_a_set_are_alike(changes: dict[str, Any], how: How | None) -> None:
    assert alike(ONE, replace(ONE, **changes)) == how


def test_a_set_of_nothing_but_likes_is_compared_with_few_of_them() -> None:
    assert within([ONE] * 3) == [[], [(0, How.REPEAT)], [(0, How.REPEAT), (1, How.REPEAT)]]
    assert max(map(len, within([ONE] * 50))) == 4


def test_a_purchase_is_the_same_whatever_the_order_of_its_lines_and_only_of_a_known_customer() -> None:
    draft = cast.draft(customer_id=1)
    assert purchase_of(draft) == purchase_of(replace(draft, lines=draft.lines[::-1], po_number="X"))
    assert purchase_of(draft) != purchase_of(replace(draft, customer_id=2))
    assert purchase_of(cast.draft()) == 0
    assert likeness(draft)[0] == "customer:1"
