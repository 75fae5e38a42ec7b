"""Two people on one order, on real PostgreSQL: of two who looked at the same moment one is carried out (INQ-1)."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from milepost.ground.journal import queries as journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.intake.words import Contact, ContactKind
from milepost.way.orders import commands, queries
from milepost.way.orders.words import Amendment, Change
from tests import cast

HEEDS = ("OrderAmended", "OrderHeld")
LATER = Act.now("staff:2", channel="desk", now=cast.MONDAY + timedelta(hours=5))


def amend(order_id: int, *changes: Change) -> None:
    commands.amend([Amendment(order_id=order_id, changes=changes)], act=LATER)


def ordered() -> int:
    cast.stocked()
    return cast.ordered()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("INQ-1")
def test_of_two_saves_at_once_on_one_version_exactly_one_wins() -> None:
    order_id = ordered()
    for turn in range(3):
        seen, start = journal.head(order_id), Barrier(2)
        ended: list[str] = []

        def save(
            who: str, seen: int = seen, start: Barrier = start, ended: list[str] = ended, turn: int = turn
        ) -> None:
            try:
                start.wait(timeout=10)
                with commands.as_seen(order_id, sequence=seen, heeds=HEEDS):
                    amend(order_id, Change("instructions", f"{who} {turn}"))
                ended.append(who)
            except Refused as refused:
                ended.append(refused.refusals[0].code)
            finally:
                connection.close()

        threads = [Thread(target=save, args=[who]) for who in ("Anna", "Omar")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert max(ended) == "changed_meanwhile"
        card = queries.card(order_id)
        assert card is not None
        assert card.instructions == f"{min(ended)} {turn}"
        assert card.version == turn + 2


@pytest.mark.django_db
def test_what_a_verb_does_not_heed_makes_it_not_stale() -> None:
    order_id = ordered()
    seen = journal.head(order_id)
    commands.acknowledge([order_id], act=LATER)
    assert journal.head(order_id) > seen
    with commands.as_seen(order_id, sequence=seen, heeds=HEEDS):
        amend(order_id, Change("instructions", "Ring twice"))
    with pytest.raises(Refused) as error, commands.as_seen(order_id, sequence=seen, heeds=HEEDS):
        amend(order_id, Change("instructions", "Ring once"))
    assert (error.value.status, error.value.refusals[0].code) == (409, "changed_meanwhile")
    with commands.as_seen(order_id, sequence=None, heeds=HEEDS):
        amend(order_id, Change("instructions", "Whoever says not what they saw is not compared"))


@pytest.mark.django_db
@pytest.mark.clause("VER-3")
def test_contacts_are_added_changed_and_removed_with_what_stood_there_on_record() -> None:
    cast.stocked()
    kim = Contact(kind=ContactKind.STAKEHOLDER, name="Kim", email="kim@okafor.example")
    lee = Contact(kind=ContactKind.STAKEHOLDER, name="Lee", phone="+49 30 1")
    (order_id,) = cast.ordered(cast.draft(contacts=(kim, lee)))
    neu = Contact(kind=ContactKind.RECIPIENT, name="Door")
    amend(
        order_id,
        Change("contacts.1.email", "Kim@Else.example"),
        Change("contacts.2.removed", True),
        Change("contacts.add", neu),
    )
    card = queries.card(order_id)
    assert card is not None
    assert [(one.kind, one.name, one.email) for one in card.contacts] == [
        ("stakeholder", "Kim", "kim@else.example"), ("recipient", "Door", ""),
    ]  # fmt: skip
    kept = {row.field: (row.was, row.now) for row in queries.amendments(order_id)}
    assert kept["contacts.1"] == ("Kim, kim@okafor.example, stakeholder", "Kim, kim@else.example, stakeholder")
    told = next(fact for fact in journal.story(order_id) if fact.kind == "OrderAmended")
    assert "else.example" not in str(told.data)


@pytest.mark.django_db
def test_a_contact_that_nobody_can_reach_is_refused_by_place() -> None:
    order_id = ordered()
    for change, found in (
        (Change("contacts.add", Contact(kind=ContactKind.STAKEHOLDER, name="Kim")), ("no_way_to_reach", "contacts.1")),
        (Change("contacts.add", Contact(kind=ContactKind.STAKEHOLDER, email="kim")), ("bad_email", "contacts.1.email")),
        (Change("contacts.3.name", "Kim"), ("unknown_contact", "contacts.3.name")),
        (Change("contacts.add", "Kim"), ("unknown_field", "contacts.add")),
    ):
        with pytest.raises(Refused) as error:
            amend(order_id, change)
        assert (error.value.refusals[0].code, error.value.refusals[0].field) == found
    card = queries.card(order_id)
    assert card is not None
    assert card.contacts == ()
