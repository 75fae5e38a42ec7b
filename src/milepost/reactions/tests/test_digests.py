"""Several news in one message at its hour, and no more messages a day than a person can bear."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from milepost.ground.notices import queries
from milepost.ground.notices.models import Notice
from milepost.ground.notices.words import Reason, State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.reactions.tests.telling import EMAIL, card, happens, publish, row, shipped, words_of
from milepost.way.cases import commands as cases
from milepost.way.cases.words import DelayDraft
from milepost.way.orders import queries as read
from milepost.way.tracking.words import Kind
from tests.cast import MONDAY, OMAR, draft, ordered, stocked

pytestmark = pytest.mark.django_db


def in_digests(body: dict[str, Any]) -> None:
    for fact in ("ShipmentShipped", "BackordersFilled", "OrderDelivered"):
        row(body, fact).update(timing="digest", wait_minutes=0, joins=False)


FIVE = datetime(2026, 11, 16, 16, tzinfo=UTC)
"""Five in the afternoon in Berlin."""


@pytest.mark.clause("NTF-1")
def test_a_digest_lists_the_news_of_a_persons_orders_in_one_message_at_its_hour():
    publish("communication_matrix", in_digests)
    stocked()
    ids = ordered(draft(), draft(external_ref="E-2"))
    EMAIL.goes(MONDAY)
    for order_id in ids:
        shipped(order_id, MONDAY + timedelta(hours=1))
    entries = [card(order_id, "shipment_notice") for order_id in ids]
    assert {(one.state, one.reason) for one in entries} == {(State.SUPPRESSED, Reason.JOINED)}
    assert len({one.told_with for one in entries}) == 1
    assert "Told in the digest of Mon 16 Nov 17:00 (Europe/Berlin), as the matrix says." in entries[0].trace
    assert EMAIL.goes(FIVE - timedelta(minutes=1)).total == 0
    assert EMAIL.goes(FIVE).sent == 1
    digest = queries.notice(entries[0].told_with or UUID(int=0))
    assert digest is not None
    assert (digest.template, digest.state, digest.order_id) == ("digest", State.SENT, None)
    text = words_of(digest.id)
    for order_id in ids:
        order = read.card(order_id)
        assert order is not None
        assert order.reference in text


def test_of_a_digest_only_what_is_still_true_is_told_and_a_single_news_has_a_letter_of_its_own():
    publish("communication_matrix", in_digests)
    stocked()
    first, second = ordered(draft(), draft(external_ref="E-2"))
    EMAIL.goes(MONDAY)
    for order_id in (first, second):
        shipped(order_id, MONDAY + timedelta(hours=1))
    happens(first, Kind.DELIVERED, MONDAY + timedelta(hours=2))
    happens(second, Kind.DELIVERED, MONDAY + timedelta(hours=2))
    telling = card(first, "delivery_confirmation").told_with
    assert EMAIL.goes(FIVE).sent == 1
    assert telling is not None
    text = words_of(telling)
    assert text.count("delivered") >= 2
    assert "on its way" not in text

    (third,) = ordered(draft(external_ref="E-3"), act=Act.now("key:1", channel="api", now=FIVE + timedelta(hours=1)))
    EMAIL.goes(FIVE + timedelta(hours=1))
    shipped(third, FIVE + timedelta(hours=2))
    alone = card(third, "shipment_notice")
    assert EMAIL.goes(FIVE + timedelta(days=1)).sent == 1
    letter = queries.letter(alone.told_with or UUID(int=0))
    order = read.card(third)
    assert letter is not None
    assert order is not None
    assert letter.subject == f"Your order {order.reference} is on its way"


def test_what_comes_while_a_digest_is_on_its_way_goes_into_the_next():
    publish("communication_matrix", in_digests)
    stocked()
    first, second = ordered(draft(), draft(external_ref="E-2"))
    EMAIL.goes(MONDAY)
    shipped(first, MONDAY + timedelta(hours=1))
    Notice.objects.filter(template="digest").update(state="sending")
    shipped(second, MONDAY + timedelta(hours=2))
    told = {card(one, "shipment_notice").told_with for one in (first, second)}
    assert len(told) == 2
    assert Notice.objects.filter(template="digest", due_at=FIVE + timedelta(days=1)).count() == 1


def test_what_is_needed_at_once_may_not_be_put_into_a_digest():
    with pytest.raises(Refused) as refused:
        publish("communication_matrix", lambda body: row(body, "DelayFound").update(timing="digest"))
    assert refused.value.refusals[0].code == "needed_at_once"


def small_budget(body: dict[str, Any]) -> None:
    body["budget"]["per_day"] = 5


@pytest.mark.clause("NTF-1")
def test_beyond_the_budget_of_a_person_what_matters_least_is_told_in_a_digest():
    publish("telling", small_budget)
    stocked()
    first, second = ordered(draft(), draft(external_ref="E-2"))
    assert EMAIL.goes(MONDAY).sent == 4
    shipped(first, MONDAY + timedelta(hours=1))
    shipped(second, MONDAY + timedelta(hours=1))
    happens(second, Kind.DELIVERED, MONDAY + timedelta(hours=1, minutes=4))
    assert EMAIL.goes(MONDAY + timedelta(hours=1, minutes=10)).sent == 1
    assert card(second, "delivery_confirmation").state == State.SENT
    held = card(first, "shipment_notice")
    assert (held.state, held.reason) == (State.SUPPRESSED, Reason.BUDGET)
    assert (
        "more than 5 messages in 24 hours, and others matter more. Told in the digest of Mon 16 Nov 17:00"
        in held.trace[-1]
    )
    assert EMAIL.goes(FIVE).sent == 1
    letter = queries.letter(held.told_with or UUID(int=0))
    assert letter is not None
    assert "is on its way" in letter.subject


@pytest.mark.clause("EXC-2")
def test_what_is_needed_is_never_held_back_by_the_budget():
    publish("telling", lambda body: body["budget"].update(per_day=1, beyond="withhold"))
    stocked()
    (order_id,) = ordered()
    assert EMAIL.goes(MONDAY).sent == 2
    cases.report_delays(
        [DelayDraft(order_id=order_id, cause="weather", new_latest_on=(MONDAY + timedelta(days=20)).date())], act=OMAR
    )
    assert EMAIL.goes(MONDAY + timedelta(minutes=1)).sent == 1
    assert card(order_id, "delay_notice").state == State.SENT
    shipped(order_id, MONDAY + timedelta(minutes=2))
    EMAIL.goes(MONDAY + timedelta(minutes=10))
    withheld = card(order_id, "shipment_notice")
    assert (withheld.state, withheld.reason, withheld.told_with) == (State.SUPPRESSED, Reason.BUDGET, None)


def test_the_budget_is_free_again_after_a_day():
    publish("telling", lambda body: body["budget"].update(per_day=2, beyond="withhold"))
    stocked()
    (order_id,) = ordered()
    EMAIL.goes(MONDAY)
    shipped(order_id, MONDAY + timedelta(hours=24))
    EMAIL.goes(MONDAY + timedelta(hours=24, minutes=5))
    assert card(order_id, "shipment_notice").state == State.SENT
