"""The built-in mailbox keeps each message once and knows exactly what it has."""

from datetime import UTC, datetime

import pytest

from milepost.ground.notices import queries
from milepost.ground.notices.commands import keep_in_mailbox, plan, send_due
from milepost.ground.notices.tests.acting import NOW, SYSTEM, wanted, write
from milepost.ground.notices.words import Answer, Drained
from milepost.plugs.senders.mailbox import MailboxSender

pytestmark = pytest.mark.django_db


def mailbox() -> MailboxSender:
    return MailboxSender(
        keep=keep_in_mailbox, which=queries.kept_in_mailbox, clock=lambda: datetime(2026, 3, 4, tzinfo=UTC),
        sent_from="orders@shop.example",
    )  # fmt: skip


def test_what_is_sent_is_shown_newest_first_and_by_order():
    plan([wanted(1), wanted(2)], act=SYSTEM)
    assert send_due(now=NOW, sender=mailbox(), compose=write) == Drained(sent=2)
    assert {card.order_id for card in queries.mailbox()} == {1, 2}
    (card,) = queries.mailbox(order_id=2)
    assert (card.address, card.subject, card.text) == ("ada@example.org", "acknowledgement 2", "Good news.\n")
    assert queries.mailbox_message(card.reference) == card


def test_a_second_copy_of_a_message_changes_nothing():
    plan([wanted(1)], act=SYSTEM)
    send_due(now=NOW, sender=mailbox(), compose=write)
    (card,) = queries.mailbox()
    keep_in_mailbox([card])
    assert queries.mailbox() == [card]


def test_asking_by_reference_is_exact():
    plan([wanted(1)], act=SYSTEM)
    send_due(now=NOW, sender=mailbox(), compose=write)
    (card,) = queries.mailbox()
    assert mailbox().lookup([card.reference, "other"]) == {card.reference: Answer.FOUND, "other": Answer.ABSENT}
