"""Two senders of one channel: fail-over, doubt, and what is asked before anything is tried elsewhere."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from milepost.ground.duties import queries as duties
from milepost.ground.notices import queries
from milepost.ground.notices.commands import plan, send_due
from milepost.ground.notices.models import Attempt, SenderHealth
from milepost.ground.notices.tests.acting import NOW, SYSTEM, ActingSender, wanted, write
from milepost.ground.notices.words import Answer, Drained, Letter, NoticeCard, Outcome, Result, State
from milepost.ground.parties import queries as parties
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import SegmentPrice

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)


@dataclass
class Asked(ActingSender):
    """A sender that is asked with all that is known of a message; `answers` are given one after another."""

    answers: list[Answer] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def ask(self, questions):
        self.questions += [one.reference for one in questions]
        answer = self.answers.pop(0)
        return {one.reference: answer for one in questions}


def drain(*senders: ActingSender, now=NOW, compose=write) -> Drained:
    return send_due(now=now, sender=senders, compose=compose)


def only(order_id: int = 1) -> NoticeCard:
    (card,) = queries.notices_of(order_id)
    return card


def senders_of(order_id: int = 1) -> list[str]:
    return [one.sender for one in only(order_id).attempts]


def test_a_sender_that_is_not_there_is_passed_over_at_once_and_the_message_arrives_once():
    plan([wanted(number) for number in range(1, 21)], act=SYSTEM)
    away = ActingSender(dict.fromkeys(range(1, 21), "silent"), name="away")
    here = ActingSender(name="here")
    drain(away, here)
    drain(away, here, now=NOW + timedelta(seconds=5))
    assert {only(number).state for number in range(1, 21)} == {State.SENT}
    assert (len(here.box), len(set(here.box)), away.box) == (20, 20, [])
    assert any(senders_of(number) == ["away", "here"] for number in range(1, 21))
    assert "another sender is tried" in " ".join(
        says for number in range(1, 21) for says in only(number).trace
    )  # fmt: skip


@pytest.mark.clause("OPS-1")
def test_a_sender_that_fails_rests_and_a_few_messages_find_out_when_it_is_back():
    plan([wanted(number) for number in range(1, 41)], act=SYSTEM)
    bad = ActingSender(dict.fromkeys(range(1, 200), "deferred"), name="bad")
    good = ActingSender(name="good")
    drain(bad, good)
    assert SenderHealth.objects.get(name="bad").health == "down"
    plan([wanted(number) for number in range(101, 141)], act=SYSTEM)
    drain(bad, good)
    assert Attempt.objects.filter(notice_id__in=[only(n).id for n in range(101, 141)], sender="bad").count() == 0
    bad.script = {}
    plan([wanted(number) for number in range(301, 341)], act=SYSTEM)
    drain(bad, good, now=LATER)
    probes = Attempt.objects.filter(notice_id__in=[only(n).id for n in range(301, 341)], sender="bad").count()
    assert probes == procedures.book().sending.probes
    assert SenderHealth.objects.get(name="bad").health == "up"


def test_while_all_rest_messages_wait_and_nobody_is_asked():
    plan([wanted(number) for number in range(1, 41)], act=SYSTEM)
    script = dict.fromkeys(range(1, 100), "deferred")
    one, two = ActingSender(script, name="one"), ActingSender(script, name="two")
    drain(one, two)
    plan([wanted(50)], act=SYSTEM)
    assert drain(one, two) == Drained(planned_again=1)
    assert only(50).attempts == ()
    due_at = only(50).due_at
    assert due_at
    assert timedelta(minutes=1) <= due_at - NOW < timedelta(minutes=1, seconds=20)


@pytest.mark.clause("NTF-1")
def test_a_time_out_is_asked_about_before_another_sender_is_tried():
    plan([wanted(1)], act=SYSTEM)
    slow = Asked({1: "unknown"}, name="one", answers=[Answer.NOT_YET, Answer.NOT_YET, Answer.FOUND])
    other = ActingSender(name="two")
    senders = (slow, other) if _first_choice(1) == "one" else (replace(slow, name="two"), replace(other, name="one"))
    slow, other = senders[0], senders[1]
    drain(*senders)
    assert (only().state, other.box) == (State.SENDING, [])
    drain(*senders, now=LATER)
    assert (only().state, other.box) == (State.SENDING, [])
    drain(*senders, now=LATER + timedelta(minutes=1))
    assert (only().state, other.box, len(slow.questions)) == (State.SENT, [], 3)
    assert sum("it is asked whether it has the message" in says for says in only().trace) == 1


def test_what_a_sender_certainly_has_not_is_sent_by_another():
    plan([wanted(1)], act=SYSTEM)
    first = _first_choice(1)
    slow = Asked({1: "unknown"}, name=first, answers=[Answer.NOT_YET, Answer.ABSENT])
    other = ActingSender(name="two" if first == "one" else "one")
    drain(slow, other)
    slow.script = {}
    drain(slow, other, now=LATER)
    assert only().state == State.SENT
    assert len(slow.box) + len(other.box) == 1


def test_where_a_sender_never_knows_a_person_decides_and_no_other_is_tried():
    plan([wanted(1)], act=SYSTEM)
    first = _first_choice(1)
    slow = Asked({1: "unknown"}, name=first, answers=[Answer.NOT_YET] * 9)
    other = ActingSender(name="two" if first == "one" else "one")
    drain(slow, other)
    drain(slow, other, now=NOW + timedelta(minutes=59))
    assert only().state == State.SENDING
    drain(slow, other, now=NOW + timedelta(minutes=61))
    assert (only().state, other.box) == (State.UNKNOWN, [])
    assert [one.kind for one in duties.duties_of(1)] == ["check_notice"]


def test_a_sender_that_is_gone_from_the_settings_leaves_its_doubts_to_people():
    plan([wanted(1)], act=SYSTEM)
    slow = Asked({1: "unknown"}, name="gone", answers=[Answer.NOT_YET])
    drain(slow)
    drain(ActingSender(name="new"), now=LATER)
    assert only().state == State.UNKNOWN


def test_an_address_that_takes_nothing_is_stopped_and_the_customer_reached_another_way():
    plan([wanted(1)], act=SYSTEM)

    class Never(ActingSender):
        def send(self, messages, lanes):
            with lanes.open() as lane:
                lane.tell(
                    {one.reference: Outcome(result=Result.REFUSED, detail="550 5.1.1", stops=True) for one in messages}
                )

    drain(Never())
    assert only().state == State.FAILED
    assert [one.kind for one in duties.duties_of(1)] == ["retry_notice"]
    assert ("email", "ada@example.org") in parties.open_stops([("email", "ada@example.org")])


def test_an_sms_is_counted_in_segments_and_priced_by_the_list(monkeypatch: pytest.MonkeyPatch):
    book = procedures.book()
    prices = (
        SegmentPrice(sender="acting", prefix="+4", price=Decimal("0.5"), currency="EUR"),
        SegmentPrice(sender="acting", prefix="+49", price=Decimal("0.07"), currency="EUR"),
    )
    priced = replace(book, sending=replace(book.sending, prices=prices))
    monkeypatch.setattr("milepost.ground.notices.commands.handing.book", lambda: priced)
    plan([wanted(1, channel="sms")], act=SYSTEM)
    letter = Letter(address="+4930901820", name="", subject="", text="Ihr Paket kommt heute. " * 8, html="")
    drain(ActingSender(channel="sms"), compose=lambda notices, now: {one.id: letter for one in notices})
    (attempt,) = only().attempts
    assert (attempt.segments, attempt.cost, attempt.currency) == (2, Decimal("0.14"), "EUR")


def _first_choice(order_id: int) -> str:
    """The sender that an order's messages go to while both are up."""
    from milepost.ground.notices import routes
    from milepost.ground.notices.routes import Wish
    from milepost.ground.notices.words import SenderState

    states = [SenderState(name="one"), SenderState(name="two")]
    (choice,) = routes.routed([Wish(only(order_id).id, order_id)], states, policy=procedures.book().sending).values()
    return str(choice)
