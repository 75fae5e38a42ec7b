"""Amending orders on real PostgreSQL: what changes, what is kept of it, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.orders import commands, queries
from milepost.way.orders.words import Amendment, Change, NewLine, OrderCard, State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("VER-3")]

LATER = Act.now("staff:2", channel="desk", now=cast.MONDAY + timedelta(hours=5))


def card(order_id: int) -> OrderCard:
    found = queries.card(order_id)
    assert found is not None
    return found


def amend(order_id: int, *changes: Change, **more: object) -> None:
    commands.amend([Amendment(order_id=order_id, changes=changes, **more)], act=LATER)


def refused(order_id: int, *changes: Change, **more: object) -> list[tuple[str, str, int | None]]:
    with pytest.raises(Refused) as error:
        amend(order_id, *changes, **more)
    return [(refusal.code, refusal.field, refusal.index) for refusal in error.value.refusals]


def held() -> int:
    """An order that waits for its payment, so that nobody packs it meanwhile."""
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(payment_pending=True))
    return order_id


def test_an_amendment_changes_its_fields_and_keeps_what_stood_there_and_who_said_so() -> None:
    order_id = held()
    amend(
        order_id, Change("ship_to.postal_code", " 10963 "), Change("phone", "+49 30 11"), Change("po_number", "PO-9"),
        reason="moved", said_by="Ada Okafor, by phone", said_at=cast.MONDAY,
    )  # fmt: skip
    now = card(order_id)
    assert (now.ship_to, now.phone, now.po_number, now.version) == (
        replace(cast.BERLIN, postal_code="10963"), "+49 30 11", "PO-9", 2,
    )  # fmt: skip
    kept = {row.field: row for row in queries.amendments(order_id)}
    assert {name: (row.was, row.now) for name, row in kept.items()} == {
        "phone": ("+49 30 901820", "+49 30 11"), "po_number": ("", "PO-9"), "ship_to.postal_code": ("10969", "10963"),
    }  # fmt: skip
    row = kept["phone"]
    assert (row.said_by, row.said_at, row.actor, row.at, row.reason) == (
        "Ada Okafor, by phone", cast.MONDAY, "staff:2", LATER.at, "moved",
    )  # fmt: skip


def test_the_journal_tells_which_fields_were_amended_but_never_what_they_say() -> None:
    order_id = held()
    amend(order_id, Change("ship_to.street", "Lindenstraße 11"), Change("email", "Ada@Else.example"))
    told = next(fact for fact in journal.story(order_id) if fact.kind == "OrderAmended")
    assert told.data["fields"] == ["email", "ship_to.street"]
    assert "Lindenstr" not in str(told.data)
    assert "else.example" not in str(told.data)
    assert card(order_id).email == "ada@else.example"


def test_totals_follow_the_lines_and_each_line_is_told() -> None:
    order_id = held()
    items = {line.code: line.item_id for line in card(order_id).lines}
    amend(
        order_id, Change("lines.1.quantity", Decimal(2)), Change("lines.2.cancelled", True),
        Change("lines.add", NewLine(code=cast.TEA, quantity=Decimal("1.5"), price=Decimal(11))),
    )  # fmt: skip
    now = card(order_id)
    assert [(line.code, line.quantity, line.unit_price, line.cancelled) for line in now.lines] == [
        (cast.KETTLE, 2, Decimal("39.90"), False), (cast.MUG, 2, Decimal("8.50"), True), (cast.TEA, Decimal("1.5"), 11, False),
    ]  # fmt: skip
    assert (str(now.items_total), str(now.total)) == ("96.30", "101.20")
    told = [fact.data for fact in journal.story(order_id) if fact.kind == "LineAmended"]
    assert [(one["position"], one["was_quantity"], one["quantity"], one["cancelled"]) for one in told] == [
        (1, "1.000", "2", False), (2, "2.000", "0", True), (3, "0", "1.5", False),
    ]  # fmt: skip
    assert {one["was_item_id"] for one in told} >= set(items.values())
    (whole,) = (fact.data for fact in journal.story(order_id) if fact.kind == "OrderAmended")
    assert (whole["was_total"], whole["total"]) == ("61.80", "101.20")


def test_another_item_costs_what_the_catalogue_says_unless_a_price_is_agreed_with_it() -> None:
    order_id = held()
    amend(order_id, Change("lines.1.item", cast.TEA))
    line = card(order_id).lines[0]
    assert (line.code, line.name, line.unit, line.unit_price) == (cast.TEA, "Tea, 500 g", "pack", 12)
    amend(order_id, Change("lines.1.price", "35"), Change("lines.1.item", cast.KETTLE))
    line = card(order_id).lines[0]
    assert (line.code, line.unit_price) == (cast.KETTLE, 35)


def test_what_stands_so_already_is_no_amendment() -> None:
    order_id = held()
    before = len(journal.story(order_id))
    made = commands.amend(
        [Amendment(order_id=order_id, changes=(Change("ship_to.city", "Berlin"), Change("lines.1.quantity", "1.0")))],
        act=LATER,
    )
    assert (made, len(journal.story(order_id)), card(order_id).version) == ([None], before, 1)
    assert queries.amendments(order_id) == []


def test_each_impossible_change_is_refused_at_its_field_and_nothing_is_changed() -> None:
    order_id = held()
    catalog.list_items(
        [ItemDraft(code="DOLLAR", name="Priced in dollars", price=Decimal(1), currency="USD")], act=cast.SHOP
    )
    assert refused(
        order_id, Change("phone", "+49 30 11"), Change("lines.1.quantity", "0"), Change("lines.1.price", "-1"),
        Change("lines.7.quantity", "1"), Change("lines.1.item", "GONE"), Change("lines.2.item", "DOLLAR"),
        Change("ship_to.country", "Germany"), Change("state", "shipped"), Change("email", "x" * 300),
        Change("lines.2.quantity", "many"), Change("lines.2.cancelled", "perhaps"), Change("lines.1.name", "x"),
    ) == [
        ("unknown_item", "lines.1.item", 0), ("wrong_currency", "lines.2.item", 0),
        ("bad_number", "lines.1.quantity", 0), ("bad_number", "lines.1.price", 0), ("unknown_line", "lines.7.quantity", 0),
        ("bad_country", "ship_to.country", 0), ("unknown_field", "state", 0), ("too_long", "email", 0),
        ("bad_number", "lines.2.quantity", 0), ("bad_value", "lines.2.cancelled", 0), ("unknown_field", "lines.1.name", 0),
    ]  # fmt: skip
    assert (card(order_id).phone, card(order_id).version) == ("+49 30 901820", 1)


def test_the_last_line_cannot_be_cancelled_away() -> None:
    order_id = held()
    assert refused(order_id, Change("lines.1.cancelled", True), Change("lines.2.cancelled", True)) == [
        ("nothing_left", "lines", 0)
    ]


def test_an_amendment_of_a_version_that_is_no_more_is_refused() -> None:
    order_id = held()
    amend(order_id, Change("phone", "+49 30 11"), expected_version=1)
    assert refused(order_id, Change("phone", "+49 30 12"), expected_version=1) == [("changed_meanwhile", "", 0)]
    assert card(order_id).phone == "+49 30 11"


def test_all_amendments_of_a_batch_stand_or_fall_together_in_a_constant_number_of_statements() -> None:
    cast.stocked(1000)
    many = cast.ordered(*(cast.draft(payment_pending=True, po_number=f"PO-{n}") for n in range(20)))
    wanted = [
        Amendment(
            order_id=order_id,
            changes=(Change("lines.1.quantity", "3"), Change("lines.add", NewLine(code=cast.TEA, quantity=Decimal(1)))),
        )
        for order_id in many
    ]
    with pytest.raises(Refused) as error:
        commands.amend([*wanted[:3], Amendment(order_id=1, changes=()), wanted[0]], act=LATER)
    assert [(r.code, r.index) for r in error.value.refusals] == [
        ("twice_in_batch", 0), ("no_order", 3), ("twice_in_batch", 4),
    ]  # fmt: skip
    assert card(many[1]).version == 1
    with CaptureQueriesContext(
        connection,
    ) as one:
        commands.amend(wanted[:1], act=LATER)
    with CaptureQueriesContext(connection) as rest:
        commands.amend(wanted[1:], act=LATER)
    assert len(rest) <= len(one) + 4
    assert {str(card(order_id).total) for order_id in many} == {"153.60"}


@pytest.mark.clause("ROL-2")
def test_after_handover_nothing_can_be_amended_and_of_a_part_shipped_order_no_address() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    kettle = ParcelDraft(lines=(PackedLine(position=1, quantity=Decimal(1)),))
    (shipment_id,) = fulfilment.pack([Packing(order_id=order_id, parcels=(kettle,))], act=LATER)
    amend(order_id, Change("ship_to.street", "Lindenstraße 11"))
    fulfilment.ship([Shipping(order_id=order_id, shipment_id=shipment_id)], act=LATER)
    assert card(order_id).state == State.PROCESSING
    assert refused(order_id, Change("phone", "+49 30 11"), Change("ship_to.street", "Lindenstraße 13")) == [
        ("address_left", "ship_to.street", 0)
    ]
    amend(order_id, Change("phone", "+49 30 11"))
    fulfilment.pack([Packing(order_id=order_id)], act=LATER)
    assert card(order_id).state == State.PACKED
    assert refused(order_id, Change("lines.2.quantity", "3")) == [("packed_already", "lines.2.quantity", 0)]
    amend(order_id, Change("instructions", "Ring twice"))
    fulfilment.ship([Shipping(order_id=order_id)], act=LATER)
    assert card(order_id).state == State.SHIPPED
    assert refused(order_id, Change("instructions", "Ring thrice")) == [("too_late", "", 0)]


def test_what_lies_in_a_parcel_cannot_be_amended_away_but_more_can_be_ordered_beside_it() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    mug = ParcelDraft(lines=(PackedLine(position=2, quantity=Decimal(1)),))
    fulfilment.pack([Packing(order_id=order_id, parcels=(mug,))], act=LATER)
    for change in (
        Change("lines.2.item", cast.TEA),
        Change("lines.2.cancelled", True),
        Change("lines.2.quantity", "0.5"),
    ):
        assert refused(order_id, change) == [("packed_already", "lines", None)]
    assert card(order_id).version == 1
    amend(order_id, Change("lines.2.quantity", "1"))
    amend(order_id, Change("lines.1.quantity", "2"))


def test_another_address_of_a_packed_order_makes_new_labels_a_duty_until_it_leaves() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    amend(order_id, Change("ship_to.street", "Lindenstraße 11"))
    assert "relabel" not in open_duties(order_id)
    fulfilment.pack([Packing(order_id=order_id)], act=LATER)
    amend(order_id, Change("phone", "+49 30 11"))
    assert "relabel" not in open_duties(order_id)
    amend(order_id, Change("ship_to.street", "Lindenstraße 13"))
    assert "relabel" in open_duties(order_id)
    fulfilment.ship([Shipping(order_id=order_id)], act=LATER)
    assert "relabel" not in open_duties(order_id)


def open_duties(order_id: int) -> list[str]:
    return [duty.kind for duty in duties.duties_of(order_id) if duty.is_open]
