"""The audit finds what is wrong: every rule is broken on purpose, and the house around it stays clean."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection

from milepost.config.main import main
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.overview.records import queries
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.reactions.letters import compose
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.promising import commands as promising
from milepost.way.promising import queries as promises
from milepost.way.promising.words import Cause, Revision
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

CLOSED = "UPDATE duties_duty SET closed_at = now(), outcome = 'lost', next_check_at = NULL WHERE order_id = %(waiting)s"
NOW = cast.MONDAY + timedelta(hours=30)


@dataclass(frozen=True)
class World:
    """One order that was delivered, one that waits with a promise that was revised, one of which a line is short."""

    delivered: int
    waiting: int
    short: int


def a_world() -> World:
    cast.stocked(10)
    delivered, waiting = cast.ordered(cast.draft(external_ref="A"), cast.draft(external_ref="B"))
    (short,) = cast.ordered(
        cast.draft(external_ref="C", lines=(cast.LineDraft(code=cast.TEA, quantity=cast.Decimal(12)),))
    )
    act = Act.now("staff:3", channel="desk", now=cast.MONDAY + timedelta(hours=3))
    fulfilment.ship([Shipping(order_id=delivered)], act=act)
    (shipment,) = shipments.shipments_of([delivered])[delivered]
    event = EventDraft(kind=Kind.DELIVERED, parcel_id=shipment.parcels[0].id, happened_at=NOW - timedelta(hours=2))
    tracking.record_events([event], act=Act.now("staff:4", channel="desk", now=NOW - timedelta(hours=1)))
    before = promises.standing([waiting])[waiting].now
    later = before.latest_on + timedelta(days=3)
    promising.revise([Revision(order_id=waiting, latest_on=later, cause=Cause.WEATHER)], act=act)
    sender = MailboxSender(
        keep=notices.keep_in_mailbox, which=messages.kept_in_mailbox, clock=lambda: NOW, sent_from="shop@example.org"
    )
    notices.send_due(now=NOW, sender=sender, compose=compose)
    return World(delivered, waiting, short)


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def broken(*statements: str, **values: int) -> list[str]:
    """What the audit says after somebody wrote past the house."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement, values if "%(" in statement else None)
    return [breach.rule for breach in queries.audit(NOW)]


A_LINK = """
    INSERT INTO tracking_link (parcel_id, order_id, carrier, host, url, state, failures, detail, of_another, checked_at,
        next_check_at)
    SELECT parcel_id, order_id, 'ups', 'ups.example', 'https://ups.example/1Z', '{state}', 3, 'gone', false, '2020-01-01', '{due}'
    FROM tracking_progress LIMIT 1
"""
UNLOCKED = "ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_is_append_only"
LOCKED = "ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_is_append_only"


@pytest.mark.clause("NTF-4", "RECD-2")
def test_a_house_in_order_is_clean(world):
    assert queries.audit(NOW) == []


def test_an_empty_house_is_clean(db):
    assert queries.audit(NOW) == []


BREACHES = [
    ("open orders have a duty", [CLOSED]),
    ("open requests have a duty", ["UPDATE intake_request SET state = 'open' WHERE order_id = %(waiting)s"]),
    (
        "open duties have an owner and a time",
        ["UPDATE duties_duty SET role = '' WHERE order_id = %(waiting)s AND closed_at IS NULL"],
    ),
    (
        "stock is never oversold",
        ["ALTER TABLE stock_level DROP CONSTRAINT stock_level_never_oversold", "UPDATE stock_level SET allocated = on_hand + 1"],
    ),
    ("stock on hand is the sum of its movements", ["UPDATE stock_level SET on_hand = on_hand + 1"]),
    ("stock on hand is the sum of its movements", ["DELETE FROM stock_movement WHERE kind = 'receipt'"]),
    (
        "allocated stock is the sum of open allocations",
        ["UPDATE stock_level SET allocated = allocated - 1 WHERE allocated > 0"],
    ),
    (
        "allocated stock is the sum of open allocations",
        ["UPDATE stock_allocation SET quantity = quantity + 1 WHERE state = 'open'"],
    ),
    (
        "stock kept aside is the sum of reservations",
        [
            "ALTER TABLE stock_level DROP CONSTRAINT stock_level_never_oversold",
            "UPDATE stock_level SET reserved = reserved + 1",
        ],
    ),
    (
        "every line is allocated, shipped or backordered",
        ["DELETE FROM stock_backorder WHERE order_id = %(short)s"],
    ),
    (
        "what was shipped has left the stock",
        ["UPDATE stock_movement SET quantity = quantity - 1 WHERE kind = 'shipment'"],
    ),
    (
        "nothing is packed twice",
        ["UPDATE fulfilment_parcel_line SET quantity = quantity + 1 WHERE order_id = %(delivered)s"],
    ),
    (
        "every order has a promise that stands",
        ["UPDATE promising_promise SET stands = false WHERE order_id = %(short)s"],
    ),
    ("every order has a promise that stands", ["DELETE FROM promising_promise WHERE order_id = %(short)s"]),
    (
        "the promise ledger has no gaps",
        ["UPDATE promising_promise SET sequence = 3 WHERE order_id = %(waiting)s AND sequence = 2"],
    ),
    (
        "the last promise stands",
        [
            "UPDATE promising_promise SET stands = false WHERE order_id = %(waiting)s",
            "UPDATE promising_promise SET stands = true WHERE order_id = %(waiting)s AND sequence = 1",
        ],
    ),
    (
        "promises are as they were recorded",
        ["UPDATE promising_promise SET latest_on = latest_on + 9 WHERE order_id = %(waiting)s"],
    ),
    (
        "promises are as they were recorded",
        ["DELETE FROM promising_promise WHERE order_id = %(waiting)s AND sequence = 1"],
    ),
    ("orders stand where their journal says", ["UPDATE orders_order SET state = 'packed' WHERE id = %(waiting)s"]),
    (
        "orders move by the transition table",
        [
            UNLOCKED,
            "UPDATE journal_entry SET kind = 'OrderClosed' WHERE stream_id = %(delivered)s AND kind = 'OrderShipped'",
            LOCKED,
        ],
    ),
    (
        "every placed order is kept",
        [
            """
            INSERT INTO journal_entry (stream, stream_id, sequence, recorded_at, occurred_at, kind, data, actor, channel, reason,
                history, digest) VALUES ('order', 987654, 1, now(), now(), 'OrderPlaced', '{}', '', '', '', false, '')
            """
        ],
    ),
    ("orders add up", ["UPDATE orders_order SET total = total + 1 WHERE id = %(waiting)s"]),
    (
        "deliveries are dated as they were recorded",
        ["UPDATE orders_order SET delivered_at = delivered_at - interval '1 day'"],
    ),
    (
        "facts are announced",
        ["DELETE FROM notices_notice WHERE order_id = %(waiting)s AND template = 'acknowledgement'"],
    ),
    (
        "facts are announced",
        ["UPDATE notices_notice SET audience = 'nobody' WHERE order_id = %(short)s AND template = 'receipt_note'"],
    ),
    (
        "nothing is sent twice",
        [
            """
            INSERT INTO notices_attempt SELECT notice_id, number + 1, filed_at, sender, version, address, subject, text, html,
                began_at, handed_at, ended_at, result, detail FROM notices_attempt WHERE result = 'sent' LIMIT 1
            """
        ],
    ),
    (
        "nothing in doubt is sent again blindly",
        [
            "UPDATE notices_attempt SET result = 'unknown' WHERE result = 'sent'",
            """
            INSERT INTO notices_attempt SELECT notice_id, number + 1, filed_at, sender, version, address, subject, text, html,
                began_at, now(), ended_at, 'sent', detail FROM notices_attempt
            """,
        ],
    ),
    (
        "nothing is planned twice",
        [
            """
            INSERT INTO notices_notice SELECT gen_random_uuid(), filed_at - interval '1 day', order_id, template, milestone,
                audience, recipient_key, channel, language, rank, lasting, because, data, state, reason, trace, due_at, attempts,
                failures, planned_at, sent_at FROM notices_notice LIMIT 1
            """
        ],
    ),
    (
        "what counts as sent was sent",
        ["DELETE FROM notices_attempt", UNLOCKED, "DELETE FROM journal_entry WHERE kind = 'NoticeSent'", LOCKED],
    ),
    ("what was told had happened", ["UPDATE notices_attempt SET began_at = began_at - interval '40 days' WHERE result = 'sent'"]),
    (
        "what was told still stood",
        [
            "UPDATE notices_notice SET template = 'delivery_confirmation' WHERE template = 'acknowledgement'",
        ],
    ),
    (
        "dates that were told are in the promise ledger",
        ["""UPDATE notices_notice SET data = data || '{"new_latest_on": "2001-01-01"}' WHERE template = 'acknowledgement'"""],
    ),
    (
        "messages name their order and their parcels",
        ["UPDATE notices_attempt SET subject = 'Hello', text = 'Hello', html = 'Hello' WHERE result = 'sent'"],
    ),
    ("every parcel on its way is tracked", ["DELETE FROM tracking_progress WHERE order_id = %(delivered)s"]),
    ("no tracker is an orphan", ["UPDATE tracking_progress SET parcel_id = parcel_id + 1000000"]),
    ("broken tracking links are on a desk", [A_LINK.format(state="broken", due="2027-01-01")]),
    ("tracking links are looked at in time", [A_LINK.format(state="alive", due="2020-01-01")]),
    ("the journal refuses changes", [UNLOCKED]),
    ("chains hold", [UNLOCKED, "UPDATE journal_entry SET actor = 'staff:9' WHERE kind = 'OrderConfirmed'", LOCKED]),
    (
        "chains hold",
        [UNLOCKED, """UPDATE journal_entry SET data = data || '{"total": "1.00"}' WHERE kind = 'OrderPlaced'""", LOCKED],
    ),
    ("chains hold", [UNLOCKED, "DELETE FROM journal_entry WHERE kind = 'OrderVerified'", LOCKED]),
]  # fmt: skip


@pytest.mark.clause("NTF-4", "RECD-2")
@pytest.mark.parametrize(("rule", "statements"), BREACHES, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(BREACHES)])
def test_a_broken_rule_is_found(world, rule, statements):
    values = {"delivered": world.delivered, "waiting": world.waiting, "short": world.short}
    assert rule in broken(*statements, **values)


def test_every_rule_has_been_broken_by_a_test():
    assert {rule for rule, _ in BREACHES} == set(queries.rules())


def test_a_breach_names_its_order_in_a_sentence(world):
    broken("UPDATE orders_order SET state = 'packed' WHERE id = %(order)s", order=world.waiting)
    (breach,) = queries.audit(NOW)
    assert breach.order_id == world.waiting
    assert "is packed, but the last step in its journal is confirmed." in breach.says


def test_an_order_without_a_duty_breaks_only_the_rule_about_duties(world):
    closed = (
        "UPDATE duties_duty SET closed_at = now(), outcome = 'lost', next_check_at = NULL WHERE order_id = %(order)s"
    )
    assert broken(closed, order=world.waiting) == ["open orders have a duty"]


@pytest.mark.django_db(transaction=True)
def test_the_command_says_what_is_broken_and_exits_with_one(capsys):
    world = a_world()
    assert main(["audit"]) == 0
    assert f"All {len(queries.rules())} rules hold." in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total = total + 1 WHERE id = %s", [world.waiting])
    assert main(["audit"]) == 1
    said = capsys.readouterr().out
    assert "Broken: orders add up (1)" in said
    assert "1 of " in said
