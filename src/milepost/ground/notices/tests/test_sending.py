"""The outbox: each notice leaves once, whatever happens to the worker."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import queries
from milepost.ground.notices.commands import mark_as_sent, plan, send_again, send_due, sending
from milepost.ground.notices.models import Attempt
from milepost.ground.notices.tests.acting import MONA, NOW, SYSTEM, ActingSender, Killed, wanted, withhold, write
from milepost.ground.notices.words import Drained, NoticeCard, Reason, State
from milepost.ground.procedures import queries as procedures
from milepost.kernel.refusals import Refused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def drain(sender: ActingSender, *, now=NOW, compose=write) -> Drained:
    return send_due(now=now, sender=sender, compose=compose)


def only(order_id: int) -> NoticeCard:
    (card,) = queries.notices_of(order_id)
    return card


def open_duties(order_id: int) -> list[str]:
    return [duty.kind for duty in duties.duties_of(order_id) if duty.is_open]


@pytest.mark.clause("NTF-1")
def test_a_due_notice_is_sent_once_and_its_fact_recorded():
    plan([wanted(1)], act=SYSTEM)
    sender = ActingSender()
    assert drain(sender) == Drained(sent=1)
    assert drain(sender) == Drained()
    assert sender.box == [only(1).id.hex]
    assert only(1).state == State.SENT
    (fact,) = journal.story(1)
    assert (fact.kind, fact.sentence) == ("NoticeSent", "Message sent: acknowledgement to customer by email")


@pytest.mark.clause("RECD-1")
def test_the_words_are_kept_as_they_left():
    plan([wanted(1)], act=SYSTEM)
    drain(ActingSender())
    letter = queries.letter(only(1).id)
    assert letter
    assert (letter.address, letter.subject) == ("ada@example.org", "acknowledgement 1")


def test_a_notice_of_later_stays_where_it_is():
    plan([wanted(1, not_before=LATER)], act=SYSTEM)
    assert drain(ActingSender()).total == 0
    assert drain(ActingSender(), now=LATER).sent == 1


@pytest.mark.parametrize("instant", ["kill before", "kill handing", "kill after"])
def test_a_worker_that_stops_leaves_its_notices_to_nobody_until_its_lease_is_over(instant: str):
    plan([wanted(1)], act=SYSTEM)
    with pytest.raises(Killed):
        stopped_hard(ActingSender({1: instant}))
    assert only(1).state == State.SENDING
    assert drain(ActingSender()).total == 0


def stopped_hard(sender: ActingSender) -> None:
    """As when a process is killed: nothing of it runs any more, not even what stands in `finally`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("milepost.ground.notices.commands.handing.close_and_settle", lambda *_, **__: [])
        drain(sender)


def test_what_was_not_handed_over_is_sent_anew():
    plan([wanted(1)], act=SYSTEM)
    with pytest.raises(Killed):
        stopped_hard(ActingSender({1: "kill before"}))
    sender = ActingSender()
    assert drain(sender, now=LATER) == Drained(planned_again=1, sent=1)
    assert (len(sender.box), sender.asked) == (1, [])
    assert [a.result for a in only(1).attempts] == ["lapsed", "sent"]


@pytest.mark.parametrize(("instant", "outcome"), [("kill handing", "planned_again"), ("kill after", "sent")])
def test_what_was_in_the_air_is_asked_about_and_ends_as_sent_once(instant: str, outcome: str):
    plan([wanted(1)], act=SYSTEM)
    sender = ActingSender({1: instant}, can_tell=True)
    with pytest.raises(Killed):
        stopped_hard(sender)
    sender.script = {}
    drain(sender, now=LATER)
    assert sender.asked == [only(1).id.hex]
    assert (only(1).state, len(sender.box)) == (State.SENT, 1)


def test_where_nobody_can_tell_a_person_decides_and_nothing_is_sent_blindly():
    plan([wanted(1)], act=SYSTEM)
    sender = ActingSender({1: "kill after"})
    with pytest.raises(Killed):
        stopped_hard(sender)
    assert drain(sender, now=LATER) == Drained(unknown=1)
    assert drain(sender, now=LATER + timedelta(days=9)).total == 0
    assert (only(1).state, len(sender.box), open_duties(1)) == (State.UNKNOWN, 1, ["check_notice"])
    assert [fact.kind for fact in journal.story(1)] == ["NoticeInDoubt"]


def in_doubt() -> tuple[ActingSender, UUID]:
    plan([wanted(1)], act=SYSTEM)
    sender = ActingSender({1: "unknown"})
    assert drain(sender) == Drained(unknown=1)
    return sender, only(1).id


def test_a_clerk_who_finds_that_it_arrived_marks_it_as_sent():
    _, notice_id = in_doubt()
    mark_as_sent([notice_id], act=MONA.because("Ada has it"))
    assert (only(1).state, open_duties(1)) == (State.SENT, [])
    assert journal.story(1)[-1].kind == "NoticeSent"
    assert only(1).trace[-1] == "Marked as sent by staff:1: Ada has it."


def test_a_clerk_who_finds_that_it_did_not_has_it_sent_again():
    sender, notice_id = in_doubt()
    send_again([notice_id], act=MONA.because("Ada has nothing"))
    sender.script = {}
    assert drain(sender) == Drained(sent=1)
    assert (only(1).state, open_duties(1), len(sender.box)) == (State.SENT, [], 1)


def test_what_was_sent_cannot_be_sent_again_and_an_unknown_id_is_refused():
    plan([wanted(1)], act=SYSTEM)
    drain(ActingSender())
    with pytest.raises(Refused) as refused:
        send_again([only(1).id], act=MONA)
    assert refused.value.refusals[0].code == "not_now"
    with pytest.raises(Refused) as refused:
        mark_as_sent([UUID(int=7)], act=MONA)
    assert refused.value.refusals[0].code == "notice_unknown"


def test_a_worker_that_overslept_its_lease_may_not_hand_over():
    plan([wanted(1)], act=SYSTEM)
    box: list[str] = []

    class Oversleeper(ActingSender):
        def send(self, messages, lanes):
            drain(other, now=LATER)
            super().send(messages, lanes)

    other = ActingSender(box=box)
    drain(Oversleeper(box=box))
    assert (len(box), only(1).state) == (1, State.SENT)
    assert Attempt.objects.filter(result="sent").count() == 1


def test_late_word_of_a_message_in_doubt_settles_it():
    plan([wanted(1)], act=SYSTEM)
    states = []

    class Slow(ActingSender):
        def send(self, messages, lanes):
            with lanes.open() as lane:
                lane.hand_over([m.reference for m in messages])
            drain(ActingSender(), now=LATER)
            states.append((only(1).state, open_duties(1)))
            with lanes.open() as lane:
                from milepost.ground.notices.words import Outcome, Result

                lane.tell({m.reference: Outcome(result=Result.SENT) for m in messages})

    drain(Slow())
    assert states == [(State.UNKNOWN, ["check_notice"])]
    assert (only(1).state, open_duties(1)) == (State.SENT, [])


def test_a_refused_message_fails_with_a_duty_to_reach_the_customer_another_way():
    plan([wanted(1), wanted(2)], act=SYSTEM)
    assert drain(ActingSender({1: "refused"})) == Drained(failed=1, sent=1)
    assert (only(1).reason, open_duties(1), only(2).state) == (Reason.REFUSED, ["retry_notice"], State.SENT)
    assert journal.story(1)[-1].kind == "NoticeFailed"
    assert [card.order_id for card in queries.troubled()] == [1]


def test_a_deferred_message_is_tried_again_until_the_ladder_ends():
    plan([wanted(1)], act=SYSTEM)
    now, tries = NOW, 0
    while only(1).state == State.PLANNED:
        drain(ActingSender({1: "deferred"}), now=now)
        tries += 1
        now += timedelta(hours=13)
    assert (tries, only(1).state, only(1).reason) == (7, State.FAILED, Reason.GAVE_UP)


@pytest.mark.clause("OPS-1")
def test_an_absent_server_is_one_duty_for_it_and_closes_when_messages_get_through():
    plan([wanted(1), wanted(2)], act=SYSTEM)
    assert drain(ActingSender({1: "silent", 2: "silent"})) == Drained(planned_again=2)
    (duty,) = duties.open_duties(["it_support"])
    assert (duty.subject_kind, duty.subject_id) == ("sender", "acting")
    assert drain(ActingSender(), now=LATER) == Drained(sent=2)
    assert duties.open_duties(["it_support"]) == []


def test_a_message_that_is_no_longer_true_is_held_back_with_its_reason():
    plan([wanted(1)], act=SYSTEM)
    sender = ActingSender()
    assert drain(sender, compose=withhold(Reason.CANCELLED)) == Drained(withheld=1)
    assert (only(1).state, only(1).reason, sender.box) == (State.SUPPRESSED, Reason.CANCELLED, [])
    assert only(1).trace[-1] == "Not sent, and why."


@pytest.mark.clause("NTF-3")
def test_a_message_that_cannot_be_written_is_never_sent_and_becomes_a_duty_for_it():
    plan([wanted(1)], act=SYSTEM)
    assert drain(ActingSender(), compose=withhold(Reason.NOT_RENDERED, broken=True)) == Drained(failed=1)
    (duty,) = duties.open_duties(["it_support"])
    assert (duty.kind, duty.subject_id) == ("it_repair", str(only(1).id))


@pytest.mark.clause("NTF-1")
def test_old_news_vanishes_when_a_later_milestone_is_planned():
    plan([wanted(1, "shipment_notice", rank=30)], act=SYSTEM)
    plan([wanted(1, "delivery_confirmation", rank=60), wanted(1, lasting=True)], act=SYSTEM)
    sender = ActingSender()
    assert drain(sender) == Drained(sent=2, withheld=1)
    states = {card.template: card.state for card in queries.notices_of(1)}
    assert states == {
        "shipment_notice": State.SUPERSEDED, "delivery_confirmation": State.SENT, "acknowledgement": State.SENT,
    }  # fmt: skip


def test_messages_of_one_order_leave_in_the_order_of_their_planning():
    for template in ("receipt_note", "acknowledgement", "hold_notice"):
        plan([wanted(1, template, lasting=True)], act=SYSTEM)
    sender = ActingSender()
    drain(sender)
    assert sender.box == [card.id.hex for card in queries.notices_of(1)]


def test_a_company_that_has_dropped_a_clock_loses_no_notice_over_it(monkeypatch: pytest.MonkeyPatch):
    bare = replace(procedures.book(), clocks={})
    monkeypatch.setattr("milepost.ground.notices.commands.trouble.book", lambda: bare)
    in_doubt()
    (duty,) = duties.open_duties(["it_support"])
    assert (duty.kind, only(1).state) == ("check_notice", State.UNKNOWN)


@pytest.mark.parametrize("statement", [sending._CLAIM, sending._CLAIM_LAPSED])
def test_the_outbox_finds_what_is_due_by_its_index(statement: str):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", ["email", NOW, 200, NOW])
        plan_of_it = "\n".join(line for (line,) in cursor.fetchall())
    assert "channel_state_due_at" in plan_of_it or "notices_notice_outbox" in plan_of_it
    assert "->  Sort" not in plan_of_it
