"""The audit of notices repairs what it can, and hands to people what it cannot: each fault is seeded, found and seen to."""

from datetime import timedelta

import pytest
from django.db import connection

from milepost.config.main import main
from milepost.ground.duties import queries as duties
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.overview.records import commands, queries
from milepost.overview.records.audits.notices import ANNOUNCED
from milepost.overview.records.repairs import REPAIRS
from milepost.overview.records.tests.test_audit import A_LINK, NOW, World, a_world
from milepost.way.fulfilment import queries as shipments
from milepost.way.tracking import commands as tracking
from milepost.way.tracking import queries as trackers
from milepost.way.tracking.words import EventDraft, Kind

pytestmark = pytest.mark.clause("NTF-4")

NIGHT = Act.now("system:audit", channel="worker", now=NOW)


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def seed(*statements: str, **values: int) -> None:
    """Somebody writes past the house."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement, values or None)


def templates(order_id: int) -> list[str]:
    return sorted(card.template for card in messages.notices_of(order_id))


def duties_of_kind(kind: str) -> list[str]:
    roles = ("it_support", "customer_service", "logistics")
    return [duty.says for duty in duties.open_duties(roles, limit=200) if duty.kind == kind]


def test_a_missing_message_is_planned_from_its_fact(world: World) -> None:
    before = templates(world.delivered)
    assert "shipment_notice" in before
    seed(
        "DELETE FROM notices_attempt WHERE notice_id IN (SELECT id FROM notices_notice WHERE template = 'shipment_notice')",
        "DELETE FROM notices_notice WHERE template = 'shipment_notice'",
    )
    left, done = commands.audit_notices(act=NIGHT, repairing=True)
    assert done[ANNOUNCED] >= 1
    assert [breach for breach in left if breach.rule == ANNOUNCED] == []
    assert templates(world.delivered) == before


def test_a_parcel_that_nobody_tracked_is_tracked_again_and_its_events_count(world: World) -> None:
    seed("DELETE FROM tracking_progress WHERE order_id = %(order)s", order=world.delivered)
    left, _ = commands.audit_notices(act=NIGHT, repairing=True)
    assert left == []
    (parcel,) = shipments.shipments_of([world.delivered])[world.delivered][0].parcels
    event = EventDraft(kind=Kind.IN_TRANSIT, parcel_id=parcel.id, happened_at=NOW - timedelta(hours=3))
    assert tracking.record_events([event], act=NIGHT).new == 1


def test_a_tracker_of_no_parcel_is_dropped_unless_it_heard_something(world: World) -> None:
    seed(
        "INSERT INTO tracking_progress (parcel_id, order_id, shipment_id, stage, reached, leg, events, delivered_as, delay_cause)"
        " VALUES (900001, 1, 1, 'shipped', 'shipped', 1, 0, '', ''), (900002, 1, 1, 'in_transit', 'in_transit', 1, 4, '', '')"
    )
    left, _ = commands.audit_notices(act=NIGHT, repairing=True)
    assert [breach.about["parcel_id"] for breach in left] == [900002]


def test_what_left_wrongly_is_a_person_s_duty(world: World) -> None:
    seed("UPDATE notices_notice SET template = 'delivery_confirmation' WHERE template = 'acknowledgement'")
    commands.audit_notices(act=NIGHT, repairing=True)
    told = duties_of_kind("check_notice")
    assert any("delivery_confirmation" in says and "before that had happened" in says for says in told), told


def test_a_broken_link_of_nobody_becomes_a_duty_and_a_forgotten_one_is_looked_at_next(world: World) -> None:
    seed(A_LINK.format(state="broken", due="2027-01-01"))
    left, _ = commands.audit_notices(act=NIGHT, repairing=True)
    assert left == []
    assert duties_of_kind("repair_link")
    seed("UPDATE tracking_link SET next_check_at = '2020-01-01'")
    left, _ = commands.audit_notices(act=NIGHT, repairing=True)
    assert left == []


def test_each_night_a_broken_rule_is_a_duty_of_it_until_it_holds(world: World) -> None:
    seed("DELETE FROM tracking_progress WHERE order_id = %(order)s", order=world.delivered)
    commands.audit_each_night(act=NIGHT)
    assert any("every parcel on its way is tracked" in says for says in duties_of_kind("it_repair"))
    commands.audit_notices(act=NIGHT, repairing=True)
    commands.audit_each_night(act=NIGHT)
    assert not any("every parcel on its way is tracked" in says for says in duties_of_kind("it_repair"))


def test_every_repair_belongs_to_a_rule() -> None:
    assert set(REPAIRS) <= set(queries.rules(only_notices=True))


@pytest.mark.django_db(transaction=True)
def test_the_command_repairs_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    world = a_world()
    seed("DELETE FROM tracking_progress WHERE order_id = %(order)s", order=world.delivered)
    assert main(["audit", "notices"]) == 1
    assert "Broken: every parcel on its way is tracked (1)" in capsys.readouterr().out
    assert main(["audit", "notices", "--repair"]) == 0
    said = capsys.readouterr().out
    assert "Seen to: every parcel on its way is tracked (1)" in said
    assert "rules hold." in said
    assert trackers.progress([world.delivered])
    assert main(["audit", "--repair"]) == 2
