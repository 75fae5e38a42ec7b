"""Receiving order requests on real PostgreSQL."""

from dataclasses import replace
from decimal import Decimal

import pytest

from milepost.ground.journal import queries as journal
from milepost.kernel.refusals import Refused
from milepost.way.intake import commands, queries
from milepost.way.intake.models import FindingRow, OrderRequest
from milepost.way.intake.numbers import references
from milepost.way.intake.words import Draft, LineDraft
from milepost.way.orders import queries as orders
from milepost.way.orders.commands import release
from tests import cast

pytestmark = pytest.mark.django_db

UNKNOWN = cast.draft(lines=(LineDraft(code="NO-SUCH", quantity=Decimal(1)),))


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-2")
def test_a_request_keeps_its_channel_and_its_original_and_gets_its_reference() -> None:
    cast.stocked()
    (receipt,) = cast.received(cast.draft())
    row = OrderRequest.objects.get()
    assert queries.original(row.id) == ("application/json", repr(cast.draft()).encode())
    assert (row.channel, row.reference) == ("api", receipt.reference)
    assert references().find(receipt.reference) == receipt.order_id
    assert orders.card(receipt.order_id).reference == receipt.reference


def test_a_refused_request_says_where_and_the_others_become_orders() -> None:
    cast.stocked()
    good, bad, also_good = cast.received(cast.draft(), UNKNOWN, cast.draft(customer=cast.BRUNO))
    assert [(r.index, r.code, r.field) for r in bad.refusals] == [(1, "unknown_item", "lines.0.code")]
    assert good.order_id
    assert also_good.order_id
    assert not bad.order_id


def test_all_or_nothing_keeps_nothing_when_one_is_refused() -> None:
    cast.stocked()
    with pytest.raises(Refused):
        commands.receive(cast.incoming(cast.draft(), UNKNOWN), act=cast.SHOP, all_or_nothing=True)
    assert not OrderRequest.objects.exists()


def test_what_was_refused_can_be_kept_with_its_reasons() -> None:
    cast.catalogue()
    requests = cast.incoming(UNKNOWN)
    commands.keep_refused(requests, commands.receive(requests, act=cast.SHOP), act=cast.SHOP)
    row = OrderRequest.objects.get()
    assert (row.state, row.order_id) == ("refused", None)
    assert row.refusals[0]["sentence"] == "There is no item NO-SUCH in the catalogue."


@pytest.mark.clause("VER-3")
def test_a_finding_opens_its_typed_hold_and_is_settled_on_record() -> None:
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),)))
    (hold,) = orders.card(order_id).holds
    assert (hold.kind, hold.blocking) == ("quantity", True)
    release([order_id], kind="quantity", outcome="Fifty, for the fair", act=cast.OMAR)
    finding = FindingRow.objects.get()
    assert (finding.answer, finding.settled_by, finding.outcome) == ("Fifty, for the fair", "staff:2", "overridden")
    assert "FindingSettled" in [told.kind for told in journal.story(order_id)]


def test_the_same_purchase_order_number_of_a_customer_is_held_and_names_the_other_order() -> None:
    cast.stocked()
    (first,) = cast.received(cast.draft(po_number="PO-1"))
    (second,) = cast.received(cast.draft(po_number="PO-1"))
    (other,) = cast.received(cast.draft(po_number="PO-1", customer=cast.BRUNO))
    (hold,) = orders.card(second.order_id).holds
    assert hold.kind == "duplicate"
    assert first.reference in hold.reason
    assert orders.card(other.order_id).holds == ()


@pytest.mark.clause("REC-3")
def test_an_order_takes_few_statements_and_a_hundred_no_more_than_fifteen_do(django_assert_max_num_queries) -> None:
    cast.stocked(1000)
    cast.ordered()
    with django_assert_max_num_queries(14):
        cast.ordered()
    with django_assert_max_num_queries(60) as some:
        cast.ordered(*_others("S", 15))
    with django_assert_max_num_queries(60) as many:
        cast.ordered(*_others("M", 100))
    a_block_of_numbers = 1
    assert len(many) <= len(some) + a_block_of_numbers


def _others(name: str, number: int) -> list[Draft]:
    return [cast.draft(customer=replace(cast.BRUNO, external_ref=f"{name}-{n}", email="")) for n in range(number)]
