"""Orders that somebody is typing: kept for them alone, foreseen before they are received."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from milepost.ground.parties import commands as parties
from milepost.ground.parties.models import Customer
from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.intake import commands, queries
from milepost.way.intake.models import OrderRequest
from milepost.way.intake.words import LineDraft
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = pytest.mark.django_db

MONA = Act.now("staff:1", channel="desk", now=cast.MONDAY)
OMAR = Act.now("staff:2", channel="desk", now=cast.MONDAY)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def later(act: Act, **time: int) -> Act:
    return Act.now(act.actor, channel=act.channel, now=act.at + timedelta(**time))


def test_what_was_typed_last_is_kept_and_only_its_owner_sees_it() -> None:
    commands.keep_form(FIRST, {"name": "Ad"}, act=MONA)
    commands.keep_form(FIRST, {"name": "Ada"}, act=later(MONA, seconds=2))
    assert [card.form for card in queries.kept_forms("staff:1")] == [{"name": "Ada"}]
    assert queries.kept_form(FIRST, "staff:2") is None
    commands.keep_form(FIRST, {"name": "mine now"}, act=later(OMAR, seconds=3))
    commands.drop_form(FIRST, act=OMAR)
    assert queries.kept_form(FIRST, "staff:1").form == {"name": "Ada"}


def test_an_older_word_that_arrives_late_does_not_win() -> None:
    commands.keep_form(FIRST, {"name": "Ada Okafor"}, act=later(MONA, seconds=2))
    commands.keep_form(FIRST, {"name": "Ada"}, act=MONA)
    assert queries.kept_form(FIRST, "staff:1").form == {"name": "Ada Okafor"}


def test_a_form_is_dropped_by_its_owner_or_forgotten_in_time() -> None:
    commands.keep_form(FIRST, {}, act=MONA)
    commands.keep_form(SECOND, {}, act=later(MONA, days=3))
    assert commands.forget_forms(cast.MONDAY + timedelta(days=1)) == 1
    assert [card.id for card in queries.kept_forms("staff:1")] == [SECOND]
    commands.drop_form(SECOND, act=MONA)
    assert queries.kept_forms("staff:1") == []


def test_twenty_half_typed_orders_are_enough() -> None:
    for number in range(20):
        commands.keep_form(UUID(int=number), {}, act=MONA)
    commands.keep_form(UUID(int=7), {"name": "Ada"}, act=later(MONA, seconds=1))
    with pytest.raises(Refused) as refused:
        commands.keep_form(UUID(int=20), {}, act=MONA)
    assert refused.value.refusals[0].code == "too_many_forms"
    commands.keep_form(UUID(int=20), {}, act=OMAR)


@pytest.mark.clause("VER-1")
def test_what_would_be_found_is_foreseen_and_nothing_is_written() -> None:
    cast.stocked()
    odd = cast.draft(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50), price=Decimal("30.00")),))
    refusals, findings = queries.foresee(odd, now=cast.MONDAY)
    assert refusals == []
    assert {finding.field for finding in findings} == {"lines.0.price", "lines.0.quantity"}
    assert queries.foresee(cast.draft(), now=cast.MONDAY) == ([], [])
    assert not OrderRequest.objects.exists()
    assert not Customer.objects.exists()


def test_what_is_foreseen_is_what_receiving_finds() -> None:
    cast.stocked()
    odd = cast.draft(lines=(LineDraft(code=cast.MUG, quantity=Decimal(3), price=Decimal("1.00")),))
    _, foreseen = queries.foresee(odd, now=cast.MONDAY)
    (receipt,) = cast.received(odd)
    assert [f.field for f in foreseen] == [one["field"] for one in queries.findings_of(receipt.order_id)]


def test_an_item_that_nobody_sells_is_foreseen_as_refused() -> None:
    cast.stocked()
    refusals, findings = queries.foresee(
        cast.draft(lines=(LineDraft(code="NO-SUCH", quantity=Decimal(1)),)), now=cast.MONDAY
    )
    assert [(one.code, one.field) for one in refusals] == [("unknown_item", "lines.0.code")]
    assert findings == []


@pytest.mark.clause("REC-3")
def test_a_customer_who_was_chosen_from_the_record_is_not_put_there_again() -> None:
    cast.stocked()
    wilhelm = CustomerDraft(name="Wilhelm Ott", phone="+49 721 1330")
    (number,) = parties.register([wilhelm], act=MONA)
    first, second = cast.ordered(cast.draft(customer=wilhelm, customer_id=number), cast.draft(customer=wilhelm))
    known = orders.contacts([first, second])
    assert known[first].customer_id == number
    assert known[second].customer_id != number
