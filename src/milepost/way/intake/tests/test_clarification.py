"""From a doubt to its end: asked once, answered by the customer or a clerk, verified again, amended, released."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import queries as notices
from milepost.ground.parties import commands as parties
from milepost.ground.parties.models import Customer
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.intake import commands, queries
from milepost.way.intake.models import AnswerRow, FindingRow
from milepost.way.intake.questions import Clarification, Question, Reply
from milepost.way.intake.words import LineDraft
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as read
from milepost.way.orders.words import Amendment, Change, OrderCard, State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("VER-3")]

SOON = cast.MONDAY + timedelta(minutes=30)
ADA = Act.now("customer", channel="portal", now=SOON)
MONA = Act.now("staff:1", channel="desk", now=SOON)
WRONG = replace(cast.BERLIN, postal_code="1096")


def placed(**changes: object) -> int:
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(**changes))
    return order_id


def card(order_id: int) -> OrderCard:
    found = read.card(order_id)
    assert found is not None
    return found


def open_questions(order_id: int) -> list[Question]:
    return queries.questions([order_id]).get(order_id, [])


def question(order_id: int, field: str) -> Question:
    (found,) = [one for one in open_questions(order_id) if one.field == field]
    return found


def answer(order_id: int, *replies: Reply, act: Act = ADA, **more: object) -> None:
    commands.answer([Clarification(order_id=order_id, replies=replies, **more)], act=act)


def correct(order_id: int, field: str, value: str, act: Act = ADA) -> None:
    answer(order_id, Reply(finding_id=question(order_id, field).finding_id, value=value), act=act)


def refused(order_id: int, *replies: Reply, **more: object) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as error:
        answer(order_id, *replies, **more)
    return [(refusal.code, refusal.field) for refusal in error.value.refusals]


def kinds(order_id: int) -> list[str]:
    return [told.kind for told in journal.story(order_id)]


def open_duties(order_id: int) -> set[str]:
    return {duty.kind for duty in duties.duties_of(order_id) if duty.is_open}


def planned(order_id: int, template: str) -> list[str]:
    return [one.milestone for one in notices.notices_of(order_id) if one.template == template]


def held(order_id: int) -> list[str]:
    return [hold.kind for hold in card(order_id).holds if hold.released_at is None]


def test_several_doubts_of_one_order_make_one_message_a_duty_and_no_second_one() -> None:
    order_id = placed(ship_to=WRONG, lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),))
    assert held(order_id) == ["address", "quantity"]
    assert planned(order_id, "questions") == ["asked:1"]
    assert "answer_questions" in open_duties(order_id)
    commands.ask([order_id], act=MONA)
    assert planned(order_id, "questions") == ["asked:1"]
    commands.ask([order_id], act=MONA, again=True)
    assert planned(order_id, "questions") == ["asked:1", "asked:2"]


def test_an_order_without_doubts_costs_no_statement_and_asks_nobody() -> None:
    order_id = placed()
    assert open_questions(order_id) == []
    assert {"QuestionsAsked", "OrderHeld"}.isdisjoint(kinds(order_id))
    with pytest.raises(Refused) as error:
        commands.ask([order_id], act=MONA, again=True)
    assert error.value.refusals[0].code == "nothing_to_ask"


def test_what_is_ours_to_settle_is_asked_of_nobody_but_has_its_hold_and_duty() -> None:
    order_id = placed(payment_pending=True)
    assert held(order_id) == ["payment"]
    assert "QuestionsAsked" not in kinds(order_id)
    assert open_duties(order_id) >= {"settle_hold", "acknowledge"}


def test_a_doubt_that_does_not_block_is_asked_along_with_one_that_does_and_never_alone() -> None:
    alone = placed(ship_to=replace(cast.BERLIN, street="Lindenstraße"))
    assert [one.code for one in open_questions(alone)] == ["no_house_number"]
    assert "QuestionsAsked" not in kinds(alone)
    both = placed(ship_to=replace(WRONG, street="Lindenstraße"))
    assert [(one.field, one.asked_at is not None) for one in open_questions(both)] == [
        ("ship_to.postal_code", True), ("ship_to.street", True),
    ]  # fmt: skip


def test_a_correction_amends_the_order_settles_the_doubt_releases_the_hold_and_confirms() -> None:
    order_id = placed(ship_to=WRONG)
    correct(order_id, "ship_to.postal_code", "10969")
    now = card(order_id)
    assert (now.ship_to, now.state, held(order_id)) == (cast.BERLIN, State.CONFIRMED, [])
    finding = FindingRow.objects.get(order_id=order_id)
    assert (finding.outcome, finding.answer, finding.settled_by, finding.settled_at) == (
        "corrected", "10969", "customer", SOON,
    )  # fmt: skip
    (amended,) = read.amendments(order_id)
    assert (amended.field, amended.was, amended.now, amended.actor) == (
        "ship_to.postal_code",
        "1096",
        "10969",
        "customer",
    )
    assert kinds(order_id)[-12:].index("QuestionsAnswered") < kinds(order_id)[-12:].index("OrderAmended")
    assert {"HoldSettled", "HoldReleased", "OrderReviewed", "QuestionsOver", "FindingSettled"} <= set(kinds(order_id))
    assert "answer_questions" not in open_duties(order_id)
    story = str([told.data for told in journal.story(order_id)])
    assert "10969" not in story
    assert "1096'" not in story


def test_what_is_right_as_it_is_stays_and_is_not_doubted_again() -> None:
    order_id = placed(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),))
    answer(order_id, Reply(finding_id=question(order_id, "lines.0.quantity").finding_id, confirmed=True))
    assert (card(order_id).state, FindingRow.objects.get(order_id=order_id).outcome) == (State.CONFIRMED, "confirmed")
    assert read.amendments(order_id) == []
    orders.amend([Amendment(order_id=order_id, changes=(Change("po_number", "PO-1"),))], act=MONA)
    assert held(order_id) == []
    orders.amend([Amendment(order_id=order_id, changes=(Change("lines.1.quantity", "60"),))], act=MONA)
    assert held(order_id) == ["quantity"]


def test_a_correction_that_is_wrong_again_is_asked_again_in_another_message() -> None:
    order_id = placed(ship_to=WRONG)
    correct(order_id, "ship_to.postal_code", "109690")
    assert (card(order_id).ship_to.postal_code, held(order_id)) == ("109690", ["address"])
    assert question(order_id, "ship_to.postal_code").value == "109690"
    assert planned(order_id, "questions") == ["asked:1", "asked:2"]
    assert "answer_questions" in open_duties(order_id)
    correct(order_id, "ship_to.postal_code", "10969")
    assert card(order_id).state == State.CONFIRMED


def test_one_of_two_answers_releases_its_own_hold_and_leaves_the_other() -> None:
    order_id = placed(ship_to=WRONG, lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),))
    correct(order_id, "lines.0.quantity", "5")
    assert (held(order_id), card(order_id).lines[0].quantity, card(order_id).state) == (["address"], 5, State.RECEIVED)
    assert "answer_questions" in open_duties(order_id)
    correct(order_id, "ship_to.postal_code", "10969")
    assert card(order_id).state == State.CONFIRMED


def test_a_price_is_not_agreed_by_the_customer_s_word_alone() -> None:
    order_id = placed(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(1), price=Decimal(20)),))
    asked = question(order_id, "lines.0.price")
    answer(order_id, Reply(finding_id=asked.finding_id, confirmed=True))
    assert (held(order_id), question(order_id, "lines.0.price").answer) == (["price"], "20")
    assert "answer_questions" not in open_duties(order_id)
    assert "settle_hold" in open_duties(order_id)
    orders.release([order_id], kind="price", outcome="agreed by Max", act=cast.OMAR)
    assert (card(order_id).state, FindingRow.objects.get(order_id=order_id).outcome) == (State.CONFIRMED, "overridden")


def test_the_list_price_settles_a_price_that_was_doubted() -> None:
    order_id = placed(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(1), price=Decimal(20)),))
    correct(order_id, "lines.0.price", "39.90")
    assert (card(order_id).state, str(card(order_id).total)) == (State.CONFIRMED, "44.80")


def test_the_same_answer_twice_is_one_answer_and_another_one_is_refused() -> None:
    order_id = placed(ship_to=WRONG)
    asked = question(order_id, "ship_to.postal_code")
    reply = Reply(finding_id=asked.finding_id, value="10969")
    answer(order_id, reply)
    told = kinds(order_id)
    answer(order_id, replace(reply, value=" 10969 "))
    assert kinds(order_id) == told
    assert refused(order_id, replace(reply, value="10999")) == [("answered_already", "ship_to.postal_code")]
    assert card(order_id).ship_to.postal_code == "10969"
    assert AnswerRow.objects.filter(order_id=order_id).count() == 1


def test_what_makes_no_sense_is_refused_at_its_field_and_nothing_is_written() -> None:
    order_id, other = placed(ship_to=WRONG, customer=replace(cast.ADA, email="", phone="")), placed(ship_to=WRONG)
    zip_code, contact = question(order_id, "ship_to.postal_code"), question(order_id, "customer.email")
    assert refused(order_id, Reply(finding_id=zip_code.finding_id, value=" ")) == [
        ("nothing_said", "ship_to.postal_code")
    ]
    assert refused(order_id, Reply(finding_id=contact.finding_id, confirmed=True)) == [
        ("not_confirmable", "customer.email")
    ]
    assert refused(order_id, Reply(finding_id=uuid4(), value="x")) == [("unknown_question", "")]
    assert refused(other, Reply(finding_id=zip_code.finding_id, value="10969")) == [("unknown_question", "")]
    assert refused(order_id, corrections={"state": "shipped"}) == [("unknown_question", "state")]
    assert refused(1, Reply(finding_id=zip_code.finding_id, value="10969")) == [("no_order", "")]
    assert refused(order_id, Reply(finding_id=zip_code.finding_id, value="9" * 300)) == [
        ("too_long", "ship_to.postal_code")
    ]
    assert AnswerRow.objects.count() == 0


def test_a_clerk_writes_down_who_said_it_on_the_phone_and_when() -> None:
    order_id = placed(ship_to=WRONG)
    reply = Reply(finding_id=question(order_id, "ship_to.postal_code").finding_id, value="10969")
    answer(order_id, reply, act=MONA, said_by="Ada Okafor", said_at=cast.MONDAY)
    (said,) = queries.answers_of(order_id)
    assert (said["said_by"], said["said_at"], said["actor"], said["channel"]) == (
        "Ada Okafor", cast.MONDAY, "staff:1", "desk",
    )  # fmt: skip
    (amended,) = read.amendments(order_id)
    assert (amended.said_by, amended.said_at, amended.actor) == ("Ada Okafor", cast.MONDAY, "staff:1")


def test_a_clerk_who_amends_the_order_settles_what_was_doubted_by_that_alone() -> None:
    order_id = placed(ship_to=WRONG)
    orders.amend([Amendment(order_id=order_id, changes=(Change("ship_to.postal_code", "10969"),))], act=MONA)
    assert (card(order_id).state, held(order_id)) == (State.CONFIRMED, [])
    assert "answer_questions" not in open_duties(order_id)


def test_without_an_answer_the_customer_is_reminded_then_the_duty_climbs_its_ladder() -> None:
    from milepost.ground.duties.commands import check_due

    order_id = placed(ship_to=WRONG)
    check_due(cast.MONDAY + timedelta(hours=7, minutes=59))
    assert planned(order_id, "questions_reminder") == []
    check_due(cast.MONDAY + timedelta(hours=8, minutes=1))
    assert planned(order_id, "questions_reminder") == ["chased:2"]
    check_due(cast.MONDAY + timedelta(hours=16, minutes=1))
    assert planned(order_id, "questions_reminder") == ["chased:2"]
    raised = [t.data for t in journal.story(order_id) if t.kind == "DutyEscalated"]
    assert ("answer_questions", "order_management") in {(one["kind_of_duty"], one["role"]) for one in raised}


def test_who_answered_is_not_reminded() -> None:
    from milepost.ground.duties.commands import check_due

    order_id = placed(ship_to=WRONG)
    correct(order_id, "ship_to.postal_code", "10969")
    check_due(cast.MONDAY + timedelta(hours=9))
    assert planned(order_id, "questions_reminder") == []


@pytest.mark.clause("ROL-2")
def test_what_is_corrected_of_one_s_own_accord_is_verified_and_may_be_meant_as_it_is() -> None:
    order_id = placed()
    answer(order_id, corrections={"ship_to.street": "Lindenstraße 11", "customer.phone": "+49 30 11223344"})
    assert (card(order_id).ship_to.street, card(order_id).phone) == ("Lindenstraße 11", "+49 30 11223344")
    answer(order_id, corrections={"ship_to.postal_code": "12"}, confirmed=True)
    assert (card(order_id).ship_to.postal_code, held(order_id)) == ("12", [])
    assert FindingRow.objects.get(order_id=order_id, code="invalid").outcome == "confirmed"
    answer(order_id, corrections={"ship_to.postal_code": "13"})
    assert held(order_id) == ["address"]


@pytest.mark.clause("VER-2")
def test_a_credit_limit_counts_what_is_open_and_what_came_before_in_the_same_batch() -> None:
    cast.stocked()
    (first,) = cast.ordered()
    ada = read.card(first).customer_id
    parties.set_credit(ada, Decimal(150), "EUR", act=MONA)
    second, third = cast.ordered(cast.draft(freight=Decimal(5)), cast.draft(freight=Decimal(6)), act=MONA)
    assert (held(second), held(third)) == ([], ["credit"])
    assert "QuestionsAsked" not in kinds(third)
    parties.set_credit(ada, Decimal(1000), "EUR", act=MONA)
    orders.amend([Amendment(order_id=third, changes=(Change("po_number", "PO-2"),))], act=MONA)
    assert (held(third), card(third).state) == ([], State.CONFIRMED)


def test_only_orders_of_customers_with_a_limit_cost_the_statements_of_one() -> None:
    cast.stocked()
    (first,) = cast.ordered()
    with CaptureQueriesContext(connection) as without:
        cast.ordered()
    parties.set_credit(read.card(first).customer_id, Decimal(10**6), "EUR", act=MONA)
    with CaptureQueriesContext(connection) as limited:
        cast.ordered()
    ours = [[q for q in asked.captured_queries if "procedures_" not in q["sql"]] for asked in (limited, without)]
    assert len(ours[0]) == len(ours[1]) + 2
    assert Customer.objects.get().credit_limit == 10**6


def test_many_orders_are_answered_in_as_many_statements_as_one() -> None:
    cast.stocked(1000)
    many = cast.ordered(*(cast.draft(ship_to=WRONG, po_number=f"PO-{n}") for n in range(12)))
    asked = {order_id: some[0].finding_id for order_id, some in queries.questions(many).items()}

    def say(order_ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as used:
            commands.answer([Clarification(order_id=one, replies=(_ten(asked[one]),)) for one in order_ids], act=ADA)
        return len(used)

    first = say(many[:2])
    assert say(many[2:]) <= first + 6
    assert {read.card(one).state for one in many} == {State.CONFIRMED}


def _ten(finding_id: UUID) -> Reply:
    return Reply(finding_id=finding_id, value="10969")


def test_of_history_nobody_is_asked() -> None:
    cast.stocked()
    past = cast.SHOP.in_the_past(cast.MONDAY - timedelta(days=300))
    (order_id,) = cast.ordered(cast.draft(ship_to=WRONG), act=past)
    assert "QuestionsAsked" not in kinds(order_id)


@pytest.mark.django_db(transaction=True)
def test_answers_amendments_and_releases_at_the_same_time_never_wait_in_a_ring() -> None:
    from threading import Barrier, Thread

    from django.db import connection as own

    cast.stocked(1000)
    many = cast.ordered(*(cast.draft(ship_to=WRONG, po_number=f"PO-{n}", payment_pending=True) for n in range(8)))
    asked = {order_id: some[0].finding_id for order_id, some in queries.questions(many).items()}
    at_once = Barrier(4)
    unexpected: list[Exception] = []

    def say(work: Callable[[int], object], order_ids: list[int]) -> None:
        at_once.wait()
        try:
            for order_id in order_ids:
                try:
                    work(order_id)
                except Refused:
                    continue
        except Exception as error:
            unexpected.append(error)
        finally:
            own.close()

    works: list[Callable[[int], object]] = [
        lambda one: answer(one, Reply(finding_id=asked[one], value="10969")),
        lambda one: orders.amend(
            [Amendment(order_id=one, changes=(Change("ship_to.postal_code", "10999"),))], act=MONA
        ),
        lambda one: orders.release([one], kind="payment", outcome="approved", act=cast.OMAR),
        lambda one: commands.ask([one], act=MONA, again=True),
    ]
    threads = [Thread(target=say, args=(work, many)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert unexpected == []
    assert {card(one).ship_to.postal_code for one in many} <= {"10969", "10999"}
    assert {card(one).state for one in many} == {State.CONFIRMED}
