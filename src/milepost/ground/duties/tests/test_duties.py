"""Duties from opening to closing."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction

from milepost.ground.duties import commands, desks, queries
from milepost.ground.duties.models import Duty
from milepost.ground.duties.words import Subject, View, Wanted
from milepost.ground.journal.queries import breaks, story
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACT = Act.now("key:1", channel="api", now=NOW)
MONA = Act.now("staff:1", channel="desk", now=NOW)


@pytest.fixture(autouse=True)
def _empty_desks():
    """Without the reviews that the shipped procedures bring."""
    Duty.objects.all().delete()


def opened(*wanted: Wanted, act: Act = ACT) -> list[Duty]:
    before = set(Duty.objects.values_list("id", flat=True))
    commands.open_duties(wanted, act=act)
    return list(Duty.objects.exclude(id__in=before).order_by("id"))


def acknowledge(order_id: int = 7, **more) -> Wanted:
    return Wanted(kind="acknowledge", order_id=order_id, **more)


def looked_at() -> View:
    return View(now=NOW, end_of_today=NOW + timedelta(hours=8), roles=["customer_service"])


@pytest.mark.django_db
@pytest.mark.clause("ACK-2")
def test_a_duty_has_owner_sentence_and_due_time_from_its_clock():
    (duty,) = opened(acknowledge())
    assert (duty.role, duty.due_at) == ("customer_service", NOW + timedelta(hours=24))
    assert "24 hours" in duty.says
    assert duty.next_check_at == NOW + timedelta(hours=12)


@pytest.mark.django_db
def test_what_is_given_wins_over_the_clock():
    due = NOW + timedelta(days=3)
    (duty,) = opened(acknowledge(due_at=due, role="management", says="Call Ada.", data={"script": "hello"}))
    assert (duty.role, duty.due_at, duty.says, duty.data) == ("management", due, "Call Ada.", {"script": "hello"})


@pytest.mark.django_db
def test_one_subject_has_one_open_duty_of_a_kind_and_another_once_that_is_closed():
    opened(acknowledge(), acknowledge(), acknowledge(8))
    assert opened(acknowledge()) == []
    commands.close_duties(["acknowledge"], order_ids=[7], outcome="acknowledged", act=ACT)
    assert len(opened(acknowledge())) == 1
    assert Duty.objects.filter(order_id=7).count() == 2


@pytest.mark.django_db
def test_parts_of_an_order_have_duties_of_their_own_and_things_without_order_too():
    parcels = [Wanted(kind="ship", order_id=7, subject_kind="shipment", subject_id=str(number)) for number in (1, 2)]
    code = Wanted(kind="it_repair", subject_kind="code", subject_id="easypost:odd")
    assert len(opened(*parcels, code)) == 3
    assert opened(*parcels, code) == []
    commands.close_duties(["ship"], subjects=[Subject("shipment", "1", 7)], outcome="shipped", act=ACT)
    commands.close_duties(None, subjects=[Subject("code", "easypost:odd")], outcome="mapped", act=ACT)
    assert [duty.subject_id for duty in Duty.objects.filter(closed_at=None)] == ["2"]


@pytest.mark.django_db
def test_closing_what_is_not_open_is_no_mistake_and_closes_nothing_else():
    (duty,) = opened(acknowledge())
    commands.close_duties(["pick"], order_ids=[7], outcome="picked", act=ACT)
    commands.close_duties(["acknowledge"], order_ids=[8], outcome="acknowledged", act=ACT)
    commands.close_duties(["acknowledge"], order_ids=[], outcome="acknowledged", act=ACT)
    duty.refresh_from_db()
    assert duty.closed_at is None
    commands.close_duties(["acknowledge"], order_ids=[7], outcome="acknowledged", act=MONA)
    duty.refresh_from_db()
    assert (duty.closed_at, duty.closed_by, duty.outcome, duty.next_check_at) == (NOW, "staff:1", "acknowledged", None)


@pytest.mark.django_db
def test_at_the_end_of_an_order_all_of_its_duties_end():
    opened(acknowledge(), Wanted(kind="ship", order_id=7, subject_kind="shipment", subject_id="1"), acknowledge(8))
    commands.close_all_of([7], outcome="order cancelled", act=ACT)
    assert queries.orders_without([7, 8]) == [7]


@pytest.mark.django_db
def test_thousands_are_opened_and_closed_in_one_statement_each(django_assert_num_queries):
    with transaction.atomic():
        opened(acknowledge(1))
        with django_assert_num_queries(1):
            commands.open_duties([acknowledge(number) for number in range(2, 3000)], act=ACT)
        with django_assert_num_queries(1):
            commands.close_duties(["acknowledge"], order_ids=list(range(1, 3000)), outcome="done", act=ACT)
    assert not Duty.objects.filter(closed_at=None).exists()


@pytest.mark.django_db
def test_a_kind_without_clock_is_refused_unless_all_is_given():
    with pytest.raises(Refused, match="kind dance"):
        opened(Wanted(kind="dance", order_id=7))
    (duty,) = opened(
        Wanted(kind="dance", order_id=7, role="management", says="Dance.", due_at=NOW + timedelta(hours=1))
    )
    assert duty.next_check_at is None


@pytest.mark.django_db
@pytest.mark.clause("ACK-2")
@pytest.mark.clause("EXC-4")
def test_a_duty_that_nobody_does_warns_and_then_climbs_to_management():
    opened(acknowledge())
    assert commands.check_due(NOW + timedelta(hours=11)) == 0
    for hours in (12, 18, 22, 24, 30, 48, 100):
        commands.check_due(NOW + timedelta(hours=hours))
        assert commands.check_due(NOW + timedelta(hours=hours)) == 0, "one look is enough"
    told = story(7)
    assert [(fact.kind, fact.data.get("percent") or fact.data["level"]) for fact in told] == [
        ("DutyWarned", 50), ("DutyWarned", 75), ("DutyWarned", 90),
        ("DutyEscalated", 1), ("DutyEscalated", 2), ("DutyEscalated", 3),
    ]  # fmt: skip
    assert [fact.data["role"] for fact in told[3:]] == ["order_management", "management", "management"]
    assert told[3].occurred_at < NOW + timedelta(hours=24), "a miss is visible before it happens"
    assert told[0].sentence == "Duty acknowledge of customer_service: 50 % of its time is gone"
    assert not list(breaks(stream_ids=[("order", 7)]))


@pytest.mark.django_db
def test_a_duty_that_is_done_is_not_looked_at_again():
    opened(acknowledge())
    commands.close_duties(["acknowledge"], order_ids=[7], outcome="acknowledged", act=ACT)
    assert commands.check_due(NOW + timedelta(days=9)) == 0
    assert story(7) == []


@pytest.mark.django_db
def test_after_a_long_stop_of_the_worker_what_is_late_climbs_without_warnings_of_the_past():
    opened(acknowledge())
    commands.check_due(NOW + timedelta(hours=30))
    assert [fact.kind for fact in story(7)] == ["DutyEscalated", "DutyEscalated"]


@pytest.mark.django_db
def test_of_history_nobody_is_warned_but_what_is_still_ahead_is_watched():
    past = ACT.in_the_past(NOW - timedelta(days=300))
    recent = ACT.in_the_past(NOW - timedelta(hours=2))
    (old,) = opened(acknowledge(7), act=past)
    (new,) = opened(acknowledge(8), act=recent)
    assert (old.due_at, old.next_check_at) == (NOW - timedelta(days=299), None)
    assert new.next_check_at == NOW + timedelta(hours=10)
    assert commands.check_due(NOW) == 0
    assert [card.order_id for card in queries.open_duties(["customer_service"])] == [7, 8], (
        "it stands on the desk all the same"
    )


@pytest.mark.django_db
def test_a_duty_without_order_is_told_in_a_chain_of_its_own():
    (duty,) = opened(Wanted(kind="it_repair", subject_kind="code", subject_id="easypost:odd"))
    commands.take([duty.id], staff_id=3, act=MONA)
    (told,) = story(duty.id.int >> 65, stream="duty")
    assert (told.kind, told.actor, told.data["assignee"]) == ("DutyTaken", "staff:1", 3)


@pytest.mark.django_db
def test_duties_are_taken_handed_over_and_closed_by_hand_with_a_reason():
    (duty,) = opened(acknowledge())
    commands.take([duty.id], staff_id=1, act=MONA)
    assert [card.id for card in queries.open_duties(["customer_service"], assignee=1)] == [duty.id]
    commands.hand_over([duty.id], role="management", act=MONA.because("needs a decision"))
    assert queries.open_duties(["customer_service"]) == []
    with pytest.raises(Refused, match="reason"):
        commands.close_by_hand([duty.id], outcome="settled", act=MONA)
    commands.close_by_hand([duty.id], outcome="settled", act=MONA.because("called Ada"))
    with pytest.raises(Refused, match="no such open duty"):
        commands.take([duty.id], staff_id=1, act=MONA)
    with pytest.raises(Refused, match="no such role"):
        commands.hand_over([duty.id], role="king", act=MONA)
    assert [(fact.kind, fact.reason) for fact in story(7)] == [
        ("DutyTaken", ""), ("DutyHandedOver", "needs a decision"), ("DutyClosedByHand", "called Ada"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_snoozed_duty_waits_but_its_due_time_does_not_move():
    (duty,) = opened(acknowledge())
    until = NOW + timedelta(hours=20)
    with pytest.raises(Refused, match="reason"):
        commands.snooze([duty.id], until=until, act=MONA)
    with pytest.raises(Refused, match="later time"):
        commands.snooze([duty.id], until=NOW, act=MONA.because("waits for Ada"))
    commands.snooze([duty.id], until=until, act=MONA.because("waits for Ada"))
    assert commands.check_due(NOW + timedelta(hours=13)) == 0
    assert desks.by_role_and_kind(looked_at())["customer_service", "acknowledge"].waiting == 1
    assert commands.check_due(until) == 1
    duty.refresh_from_db()
    assert (duty.due_at, duty.snoozed_until, duty.warned) == (NOW + timedelta(hours=24), None, 75)


@pytest.mark.django_db
def test_a_new_date_moves_the_due_time_and_its_warnings(django_assert_num_queries):
    (duty,) = opened(Wanted(kind="watch_delivery", order_id=7, due_at=NOW + timedelta(days=2)))
    commands.check_due(NOW + timedelta(days=2))
    duty.refresh_from_db()
    assert (duty.warned, duty.level) == (90, 1)
    later = NOW + timedelta(days=6)
    commands.reschedule("watch_delivery", {7: later, 8: later}, act=ACT)
    duty.refresh_from_db()
    assert duty.due_at == later
    assert duty.next_check_at == later + timedelta(hours=24), "what was said before is not said again"
    assert commands.check_due(later) == 0


@pytest.mark.django_db
@pytest.mark.clause("HND-1")
def test_a_desk_lists_what_is_due_first_and_pages_on():
    opened(*(acknowledge(number, due_at=NOW + timedelta(hours=number % 5)) for number in range(1, 11)))
    opened(Wanted(kind="pick", order_id=3))
    seen, after = [], None
    while page := queries.open_duties(["customer_service", "management"], limit=3, after=after):
        seen += page
        after = (page[-1].due_at, page[-1].id)
    assert len(seen) == 10
    assert [card.due_at for card in seen] == sorted(card.due_at for card in seen)
    assert [card.kind for card in queries.open_duties(["fulfilment"])] == ["pick"]
    assert queries.next_steps([3, 5, 99])[5].kind == "acknowledge"
    assert set(queries.next_steps([3, 5, 99])) == {3, 5}


@pytest.mark.django_db
def test_an_orders_duties_show_open_ones_first():
    opened(acknowledge(), Wanted(kind="pick", order_id=7))
    commands.close_duties(["acknowledge"], order_ids=[7], outcome="done", act=ACT)
    assert [(card.kind, card.is_open) for card in queries.duties_of(7)] == [("pick", True), ("acknowledge", False)]


@pytest.mark.django_db(transaction=True)
def test_many_workers_look_at_each_duty_once():
    commands.open_duties([acknowledge(number) for number in range(1, 201)], act=ACT)
    together, counts = Barrier(4), []

    def worker() -> None:
        together.wait(10)
        while looked := commands.check_due(NOW + timedelta(hours=12), limit=20):
            counts.append(looked)
        connection.close()

    threads = [Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == 200
    assert all(len(story(number)) == 1 for number in (1, 100, 200))


CLOSE = commands._CLOSE + " AND d.order_id = about.order_id"


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "values", "index"), [
    (queries.DESK, [["fulfilment", "inventory"], None, None, NOW, UUID(int=0), 50, 50], "duties_duty_team"),
    ("SELECT id FROM duties_duty WHERE closed_at IS NULL AND next_check_at <= %s ORDER BY next_check_at LIMIT 500",
     [NOW], "duties_duty_next_check"),
    ("SELECT id FROM duties_duty WHERE order_id = %s", [17], "duties_duty_order"),
    (CLOSE, [NOW, "staff:1", "done", [17, 18], ["order", "order"], ["17", "18"], ["pick"]], "duties_duty_one_open"),
])  # fmt: skip
def test_what_is_asked_often_is_answered_by_an_index(statement, values, index):
    opened(
        *(Wanted(kind=kind, order_id=number) for number in range(3000) for kind in ("pick", "acknowledge", "restock"))
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE duties_duty")
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan, plan
