"""What follows from conversations: a duty until they are answered, the answer on its way, and mail that asks (INQ-2)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from milepost.ground.duties import commands as duties
from milepost.ground.duties import queries as desks
from milepost.ground.duties.facts import DutyTaken
from milepost.ground.duties.words import DutyCard, Subject, Wanted
from milepost.ground.journal.commands import Handler
from milepost.ground.notices import commands as notices
from milepost.ground.notices.words import Channel as Way
from milepost.ground.notices.words import WantedNotice
from milepost.ground.parties import queries as parties
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import CUSTOMER
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.reactions.mail_asks import inquiries_in
from milepost.way.care import commands as care
from milepost.way.care import queries as talks
from milepost.way.care.facts import (
    CareFact,
    ConversationClosed,
    ConversationHandedOver,
    ConversationTaken,
    InquiryAnswered,
    InquiryReceived,
    InteractionLogged,
)
from milepost.way.care.rules import mail_at
from milepost.way.care.words import LIVE, ConversationCard
from milepost.way.intake.facts import MailAsks
from milepost.way.orders import queries as orders
from milepost.way.orders.facts import OrderCancelled, OrderClosed

KIND, SUBJECT, REPLY = "answer_inquiry", "conversation", "conversation_reply"


def answer_it(facts: list[InquiryReceived], act: Act) -> None:
    """Somebody answers by the reply clock; what is more urgent than what was asked before brings the time forward."""
    subjects = [_subject(fact) for fact in facts]
    known = {one.subject_id: one for one in _open(facts)}
    wanted = {one.id: fact for one, fact in zip(subjects, facts, strict=True)}
    sooner = {
        known[key].id: fact.due_at for key, fact in wanted.items() if key in known and fact.due_at < known[key].due_at
    }
    if sooner:
        duties.bring_forward(sooner, act=act)
    new = [fact for key, fact in wanted.items() if key not in known]
    duties.open_duties([_wanted(fact.conversation_id, fact.order_id, fact.due_at, fact.topic) for fact in new], act=act)
    mine = {key: fact.assignee for key, fact in wanted.items() if key not in known and fact.assignee is not None}
    if mine:
        opened = {one.subject_id: one.id for one in _open(facts)}
        duties.assign({opened[key]: staff_id for key, staff_id in mine.items()}, act=act)


def _wanted(conversation_id: UUID, order_id: int | None, due_at: datetime, topic: str) -> Wanted:
    return Wanted(
        kind=KIND, order_id=order_id, subject_kind=SUBJECT, subject_id=str(conversation_id), due_at=due_at,
        data={"conversation": str(conversation_id), "topic": topic},
    )  # fmt: skip


def answered(facts: list[InquiryAnswered], act: Act) -> None:
    """It is answered."""
    duties.close_duties([KIND], subjects=[_subject(fact) for fact in facts], outcome="answered", act=act)


def settled(facts: list[InteractionLogged], act: Act) -> None:
    """A call has answered it."""
    subjects = [_subject(fact) for fact in facts if fact.settled]
    duties.close_duties([KIND], subjects=subjects, outcome="settled in a call", act=act)


def closed(facts: list[ConversationClosed], act: Act) -> None:
    """Nothing needs an answer any more."""
    duties.close_duties([KIND], subjects=[_subject(fact) for fact in facts], outcome="closed", act=act)


def taken(facts: list[ConversationTaken], act: Act) -> None:
    """Who takes a conversation takes its duty."""
    mine = {str(fact.conversation_id): fact.assignee for fact in facts}
    others = [one for one in _open(facts) if one.assignee != mine[one.subject_id]]
    for staff_id in sorted({mine[one.subject_id] for one in others}):
        duties.take([one.id for one in others if mine[one.subject_id] == staff_id], staff_id=staff_id, act=act)


def taken_on_the_desk(facts: list[DutyTaken], act: Act) -> None:
    """Who takes the duty takes the conversation."""
    mine = {fact.duty_id: fact.assignee for fact in facts if fact.kind_of_duty == KIND}
    for duty in desks.those(list(mine)) if mine else ():
        if duty.subject_kind == SUBJECT:
            care.take([UUID(duty.subject_id)], staff_id=mine[duty.id], act=act)


def handed_over(facts: list[ConversationHandedOver], act: Act) -> None:
    """The duty goes with the conversation."""
    to = {str(fact.conversation_id): (fact.role, fact.assignee) for fact in facts}
    open_ones = _open(facts)
    for role, assignee in sorted({to[one.subject_id] for one in open_ones}, key=str):
        some = [one.id for one in open_ones if to[one.subject_id] == (role, assignee)]
        duties.hand_over(some, role=role, assignee=assignee, act=act)


def _open(facts: Iterable[CareFact]) -> list[DutyCard]:
    about = list(facts)
    keys = [str(fact.conversation_id) for fact in about]
    return desks.open_about(SUBJECT, keys, order_ids=[fact.order_id for fact in about])


def _subject(fact: CareFact) -> Subject:
    return Subject(SUBJECT, str(fact.conversation_id), fact.order_id)


def still_to_answer(facts: list[OrderClosed] | list[OrderCancelled], act: Act) -> None:
    """The order is at an end, but whoever has asked about it is answered all the same."""
    cards = talks.open_of([fact.order_id for fact in facts])
    duties.open_duties([_wanted(one.id, one.order_id, one.due_at or act.at, one.topic) for one in cards], act=act)


def send(facts: list[InquiryAnswered], act: Act) -> None:
    """The answer goes by e-mail: at once, or a little later to who is on the page and about to read it there."""
    cards = talks.conversations({fact.conversation_id for fact in facts})
    policy = procedures.book().inquiries
    keys = {one.id: talks.of_order_key(one.order_id) for one in cards.values() if one.order_id is not None}
    seen = talks.presence(set(keys.values()))
    here = {key: name in seen and seen[name].is_here(act.at, policy.here_seconds) for key, name in keys.items()}
    languages = _languages(cards.values())
    notices.plan(
        [
            _reply(
                fact, cards[fact.conversation_id], languages[fact.conversation_id], act,
                mail_at(
                    act.recorded_at, live=fact.channel in LIVE, here=here.get(fact.conversation_id, False),
                    minutes=policy.mail_after_minutes,
                ),
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


def _reply(
    fact: InquiryAnswered, card: ConversationCard, about: tuple[str, datetime], act: Act, at: datetime
) -> WantedNotice:
    """The message bears the interaction's own id, so that whatever answers it names what it answers."""
    language, filed_at = about
    whose = f"customer:{card.customer_id}" if card.customer_id is not None else f"conversation:{card.id}"
    waits = ("Waits a little: they are on the order's page, and may read it there.",) if at > act.recorded_at else ()
    return WantedNotice(
        id=fact.interaction_id, filed_at=filed_at, order_id=fact.order_id, template=REPLY, milestone=f"reply:{fact.interaction_id}",
        audience=CUSTOMER, recipient_key=whose, channel=Way.EMAIL, because=type(fact).__name__, data=fact.data().decode(),
        language=language, lasting=True, not_before=at if at > act.recorded_at else None, says=waits,
    )  # fmt: skip


def _languages(cards: Iterable[ConversationCard]) -> dict[UUID, tuple[str, datetime]]:
    """In which language each is answered, and under which instant its messages are filed. Two statements."""
    talking = list(cards)
    about = orders.contacts({one.order_id for one in talking if one.order_id is not None})
    known = parties.cards([one.customer_id for one in talking if one.customer_id is not None])
    found = {}
    for one in talking:
        order = about.get(one.order_id or 0)
        customer = known.get(one.customer_id or 0)
        language = (order.language if order else "") or (customer.language if customer else "") or one.language or "en"
        found[one.id] = language, order.received_at if order else one.opened_at
    return found


def take_mail_that_asks(facts: list[MailAsks], act: Act) -> None:
    """Mail that is no order goes on with the conversation that it answers, or opens one (INQ-3)."""
    found = inquiries_in([(fact.arrival_id, fact.topic) for fact in facts])
    if found:
        care.receive(found, act=act)
        subjects = [Subject("arrival", str(fact.arrival_id)) for fact in facts]
        duties.close_duties([KIND], subjects=subjects, outcome="stands in its conversation", act=act)


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    MailAsks: (take_mail_that_asks,),
    InquiryReceived: (answer_it,),
    InquiryAnswered: (answered, send),
    InteractionLogged: (settled,),
    ConversationClosed: (closed,),
    ConversationTaken: (taken,),
    ConversationHandedOver: (handed_over,),
    DutyTaken: (taken_on_the_desk,),
    OrderClosed: (still_to_answer,),
    OrderCancelled: (still_to_answer,),
}
