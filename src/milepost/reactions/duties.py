"""Whose duty it becomes: each fact that hands an order to the next desk closes the duty before and opens the one after.

So every open order always has one: received → acknowledge and settle_hold, released → pick, picked → pack, packed → ship,
handed over → watch_delivery, delivered → confirm_acceptance, completed → close; beside them restock, resolve_delay and
resolve_exception for as long as they last.
"""

from collections.abc import Iterable, Sequence
from datetime import time, timedelta
from typing import Any

from milepost.ground.duties import commands as duties
from milepost.ground.duties.words import Subject, Wanted
from milepost.ground.journal.commands import Handler
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.facts import ProcedureInForce, ProcedureKept
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, OrderFact
from milepost.way.cases.facts import (
    DelayFound,
    DelayResolved,
    DelaySuspected,
    ExceptionFound,
    ExceptionSettled,
    OfferAnswered,
    OfferClosed,
    OfferLapsed,
    OfferMade,
)
from milepost.way.cases.words import Closed
from milepost.way.closeout.facts import AcceptanceAsked, AcceptanceDoubted, OrderAccepted, OrderDisputed
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.facts import (
    OrderPicked,
    OrderReleased,
    ReleaseFinished,
    ReleaseWithdrawn,
    ShipmentCancelled,
    ShipmentPacked,
    ShipmentShipped,
)
from milepost.way.intake import queries as requests
from milepost.way.intake.facts import (
    OrderReceived,
    QuestionsAsked,
    QuestionsOver,
    RequestCompleted,
    RequestDiscarded,
    RequestOpened,
)
from milepost.way.orders.facts import (
    HoldReleased,
    OrderAcknowledged,
    OrderAmended,
    OrderCancelled,
    OrderClosed,
    OrderCompleted,
    OrderDelivered,
    OrderHeld,
    OrderInTransit,
    OrderOutForDelivery,
    OrderReopened,
    OrderShipped,
    ReleaseProposed,
)
from milepost.way.promising import queries as promises
from milepost.way.promising.facts import PromiseRevised
from milepost.way.stock import queries as stock
from milepost.way.stock.facts import BackordersEnded, BackordersFilled, LinesBackordered, SendingAgreed
from milepost.way.tracking.facts import UnknownCodeSeen

ARRIVED = ("delivered", "completed")


def opens(kind: str) -> Handler:
    """The fact makes this the order's next duty, due by the clock of its kind."""

    def open_it(facts: list[OrderFact], act: Act) -> None:
        duties.open_duties([Wanted(kind=kind, order_id=fact.order_id) for fact in facts], act=act)

    return open_it


def closes(*kinds: str, outcome: str) -> Handler:
    """With the fact these duties of the order are done."""

    def close_them(facts: list[OrderFact], act: Act) -> None:
        duties.close_duties(kinds, order_ids=_orders(facts), outcome=outcome, act=act)

    return close_them


def closes_when_complete(*kinds: str, outcome: str) -> Handler:
    """As `closes`, for the facts that say that nothing is left."""
    close_them = closes(*kinds, outcome=outcome)

    def close_complete(facts: list[Any], act: Act) -> None:
        close_them([fact for fact in facts if fact.complete], act)

    return close_complete


def ends(outcome: str) -> Handler:
    """The order is at an end, and so is every duty of it."""

    def end_all(facts: list[OrderFact], act: Act) -> None:
        duties.close_all_of(_orders(facts), outcome=outcome, act=act)

    return end_all


def complete_request(facts: list[RequestOpened], act: Act) -> None:
    """A person completes what could not be read for certain; the page is found by the duty (VER-3)."""
    duties.open_duties(
        [
            Wanted(kind="complete_request", order_id=fact.order_id, data={"request": str(fact.request_id)})
            for fact in facts
        ],
        act=act,
    )


def acknowledge(facts: list[OrderReceived], act: Act) -> None:
    """The customer hears from us in time, counted from when the original reached us, however late it was understood (ACK-2)."""
    arrived = requests.received_at([fact.order_id for fact in facts])
    duties.open_duties(
        [Wanted(kind="acknowledge", order_id=fact.order_id, since=arrived.get(fact.order_id)) for fact in facts],
        act=act,
    )


def settle_hold(facts: list[OrderHeld], act: Act) -> None:
    """Each hold has its own duty on the desk of the role that may release it (VER-3)."""
    duties.open_duties(
        [
            Wanted(
                kind="settle_hold", order_id=fact.order_id, subject_kind="hold", subject_id=str(fact.hold_id), role=fact.role,
                data={"hold": fact.kind},
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


def hold_settled(facts: list[HoldReleased], act: Act) -> None:
    """The hold is gone, and its duty with it."""
    subjects = [Subject("hold", str(fact.hold_id), fact.order_id) for fact in facts]
    duties.close_duties(["settle_hold", "approve_release"], subjects=subjects, outcome="hold released", act=act)


def approve_release(facts: list[ReleaseProposed], act: Act) -> None:
    """A proposed release waits on the desk of the role that approves it."""
    duties.open_duties(
        [
            Wanted(
                kind="approve_release", order_id=fact.order_id, subject_kind="hold", subject_id=str(fact.hold_id),
                role=fact.approver, data={"hold": fact.kind},
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


def packed(facts: list[ShipmentPacked], act: Act) -> None:
    """What is packed is to be shipped; what is not yet packed of the order is still to be packed."""
    complete = [fact.order_id for fact in facts if fact.complete]
    duties.close_duties(["pick", "pack"], order_ids=complete, outcome="packed", act=act)
    rest = [Wanted(kind="pack", order_id=fact.order_id) for fact in facts if not fact.complete]
    duties.open_duties([*(_ship(fact.order_id, fact.shipment_id) for fact in facts), *rest], act=act)


def _ship(order_id: int, shipment_id: int) -> Wanted:
    return Wanted(kind="ship", order_id=order_id, subject_kind="shipment", subject_id=str(shipment_id))


def shipped(facts: list[ShipmentShipped], act: Act) -> None:
    """The shipment has left; from now on its delivery is watched."""
    duties.close_duties(["ship"], subjects=_shipments(facts), outcome="shipped", act=act)
    duties.close_duties(["relabel"], order_ids=[fact.order_id for fact in facts], outcome="shipped", act=act)
    _watch([fact.order_id for fact in facts], act)


def relabel(facts: list[OrderAmended], act: Act) -> None:
    """Another address, or another wish for the delivery: what stands packed needs new labels and notes before it leaves."""
    on_paper = ("ship_to.", "instructions")
    moved = [fact.order_id for fact in facts if any(field.startswith(on_paper) for field in fact.fields)]
    if moved:
        duties.open_duties([Wanted(kind="relabel", order_id=one) for one in shipments.packed_orders(moved)], act=act)


def taken_apart(facts: list[ShipmentCancelled], act: Act) -> None:
    """What was packed is to be packed again."""
    duties.close_duties(["ship"], subjects=_shipments(facts), outcome="shipment cancelled", act=act)
    duties.close_duties(["relabel"], order_ids=[fact.order_id for fact in facts], outcome="taken apart", act=act)
    duties.open_duties([Wanted(kind="pack", order_id=fact.order_id) for fact in facts], act=act)


def watch_again(facts: list[OrderShipped | OrderInTransit | OrderOutForDelivery], act: Act) -> None:
    """A correction: what was said to have arrived is still on its way."""
    back = [fact.order_id for fact in facts if fact.was in ARRIVED]
    if back:
        outcome = "not delivered after all"
        duties.close_duties(["confirm_acceptance", "settle_dispute", "close"], order_ids=back, outcome=outcome, act=act)
        _watch(back, act)


def _watch(order_ids: Sequence[int], act: Act) -> None:
    """Due when the promise that stands is over."""
    standing = promises.standing(order_ids)
    due = {order_id: found.now.latest_at for order_id, found in standing.items()}
    duties.open_duties(
        [Wanted(kind="watch_delivery", order_id=order_id, due_at=due.get(order_id)) for order_id in order_ids], act=act
    )


def watch_until_new_date(facts: list[PromiseRevised], act: Act) -> None:
    """A new promise moves the time by which the delivery is due."""
    duties.reschedule("watch_delivery", {fact.order_id: fact.latest_at for fact in facts}, act=act)


def confirm_acceptance(facts: list[OrderDelivered | OrderReopened], act: Act) -> None:
    """The customer may speak for the days of the procedure (CLO-2)."""
    duties.close_duties(["watch_delivery", "close"], order_ids=_orders(facts), outcome="delivered", act=act)
    due_at = act.at + timedelta(days=procedures.book().closing.acceptance_days)
    duties.open_duties(
        [Wanted(kind="confirm_acceptance", order_id=fact.order_id, due_at=due_at) for fact in facts], act=act
    )


def acceptance_due(facts: list[AcceptanceAsked], act: Act) -> None:
    """The day that the customer was told."""
    duties.reschedule("confirm_acceptance", {fact.order_id: fact.due_at for fact in facts}, act=act)


def disputed(facts: list[OrderDisputed], act: Act) -> None:
    """Silence is no longer consent: somebody talks to the customer."""
    outcome = "the customer says that something is wrong"
    duties.close_duties(["confirm_acceptance"], order_ids=_orders(facts), outcome=outcome, act=act)
    duties.open_duties([Wanted(kind="settle_dispute", order_id=fact.order_id) for fact in facts], act=act)


def close_out(facts: list[OrderCompleted], act: Act) -> None:
    """Nothing is left but to close the order, after the days of the procedure."""
    kinds = ["confirm_acceptance", "settle_dispute", "watch_delivery"]
    duties.close_duties(kinds, order_ids=_orders(facts), outcome="completed", act=act)
    due_at = act.at + timedelta(days=procedures.book().closing.close_days)
    duties.open_duties([Wanted(kind="close", order_id=fact.order_id, due_at=due_at) for fact in facts], act=act)


def decide_alternatives(facts: list[OfferMade], act: Act) -> None:
    """The customer chooses until the deadline; who has no answer by then may still call (STK-2)."""
    duties.open_duties(
        [Wanted(kind="decide_alternatives", order_id=fact.order_id, due_at=fact.deadline_at) for fact in facts], act=act
    )


def decided(facts: list[OfferAnswered] | list[OfferLapsed], act: Act) -> None:
    """It is decided. What is waited for is due on the day on which it is to come."""
    duties.close_duties(["decide_alternatives"], order_ids=_orders(facts), outcome=facts[0].summary, act=act)
    calendar = procedures.book().calendar()
    days = stock.complete_on(_orders(facts))
    duties.reschedule("restock", {key: calendar.at(day, time(17)) for key, day in days.items()}, act=act)


def nothing_to_decide(facts: list[OfferClosed], act: Act) -> None:
    """There is nothing left to choose; what could not be carried out is left to people."""
    settled = [fact.order_id for fact in facts if fact.because not in (Closed.TOO_LATE, Closed.RENEWED)]
    duties.close_duties(["decide_alternatives"], order_ids=settled, outcome="nothing left to choose", act=act)


def sending_agreed(facts: list[SendingAgreed], act: Act) -> None:
    """An order that is sent all together is worked on when all of it is there; one that is sent in parts at once."""
    waiting = [fact.order_id for fact in facts if fact.together]
    outcome = "the customer waits for all of it"
    duties.close_duties(["pick", "pack"], order_ids=waiting, outcome=outcome, act=act)
    _go_on([fact.order_id for fact in facts if not fact.together], act)


def go_on(facts: list[BackordersFilled] | list[BackordersEnded], act: Act) -> None:
    """Nothing is missing any more: the warehouse goes on with it."""
    _go_on([fact.order_id for fact in facts if fact.complete], act)


def _go_on(order_ids: Sequence[int], act: Act) -> None:
    if not order_ids:
        return
    at_work = [
        one for one in shipments.releases(order_ids).values() if one.cancelled_at is None and one.packed_at is None
    ]
    duties.open_duties(
        [Wanted(kind="pack" if one.picked_at else "pick", order_id=one.order_id) for one in at_work], act=act
    )


def resolve_delay(facts: list[DelayFound] | list[DelaySuspected], act: Act) -> None:
    """What is to be done about a delay depends on the sign by which it was found (EXC-1)."""
    policy = procedures.book().silence
    duties.open_duties(
        [
            Wanted(
                kind="resolve_delay", order_id=fact.order_id, data={"sign": fact.sign, "cause": fact.cause},
                says=policy.sign(fact.sign).says if fact.sign else None,
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


def settle_exception(facts: list[ExceptionFound], act: Act) -> None:
    """Each exception has its own duty (EXC-1)."""
    duties.open_duties(
        [
            Wanted(kind="resolve_exception", order_id=fact.order_id, subject_kind="case", subject_id=str(fact.case_id))
            for fact in facts
        ],
        act=act,
    )


def exception_settled(facts: list[ExceptionSettled], act: Act) -> None:
    """The exception is over, and its duty with it."""
    subjects = [Subject("case", str(fact.case_id), fact.order_id) for fact in facts]
    duties.close_duties(["resolve_exception"], subjects=subjects, outcome="settled", act=act)


def learn_code(facts: list[UnknownCodeSeen], act: Act) -> None:
    """A carrier's word that we do not know: one duty for IT, however often it comes, and nothing for the customer."""
    codes = {(fact.source, fact.code) for fact in facts}
    duties.open_duties(
        [
            Wanted(
                kind="it_repair", subject_kind="code", subject_id=f"{source}:{code}"[:64],
                says=f"{source} sent the unknown tracking code {code}: map it, then process what is kept again.",
                data={"source": source, "code": code},
            )
            for source, code in sorted(codes)
        ],
        act=act,
    )  # fmt: skip


def review_later(facts: list[ProcedureInForce], act: Act) -> None:
    """Every procedure comes back to a desk for its review; that of the version before is no longer needed (REV-1). Templates,
    of which there are many, come back together: `reactions/reviews`."""
    facts = [fact for fact in facts if fact.kind_of_document != "template"]
    before = [Subject("document", str(fact.replaces)) for fact in facts if fact.replaces is not None]
    duties.close_duties(["review_procedure"], subjects=before, outcome="a new version is in force", act=act)
    _come_back(facts, act)


def review_again(facts: list[ProcedureKept], act: Act) -> None:
    """A procedure was looked at and stays as it is: it comes back a quarter or a year later (REV-1)."""
    facts = [fact for fact in facts if fact.kind_of_document != "template"]
    looked_at = [Subject("document", str(fact.document_id)) for fact in facts]
    duties.close_duties(["review_procedure"], subjects=looked_at, outcome="reviewed and kept", act=act)
    _come_back(facts, act)


def _come_back(facts: Sequence[ProcedureInForce | ProcedureKept], act: Act) -> None:
    if not facts:
        return
    calendar = procedures.book().calendar()
    duties.open_duties(
        [
            Wanted(
                kind="review_procedure", subject_kind="document", subject_id=str(fact.document_id),
                due_at=calendar.at(fact.review_due_on, time(17)),
                data={"kind": fact.kind_of_document, "name": fact.name, "version": fact.version},
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


def _orders(facts: Iterable[OrderFact]) -> list[int]:
    return [fact.order_id for fact in facts]


def _shipments(facts: Iterable[ShipmentShipped | ShipmentCancelled]) -> list[Subject]:
    return [Subject("shipment", str(fact.shipment_id), fact.order_id) for fact in facts]


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    OrderReceived: (acknowledge,),
    RequestOpened: (complete_request,),
    RequestCompleted: (closes("complete_request", outcome="completed"),),
    RequestDiscarded: (ends("no order"),),
    OrderAcknowledged: (closes("acknowledge", outcome="acknowledged"),),
    OrderHeld: (settle_hold,),
    ReleaseProposed: (approve_release,),
    HoldReleased: (hold_settled,),
    QuestionsAsked: (opens("answer_questions"),),
    QuestionsOver: (closes("answer_questions", outcome="no question is open"),),
    OrderAmended: (relabel,),
    LinesBackordered: (opens("restock"),),
    BackordersFilled: (closes_when_complete("restock", outcome="stock has come"), go_on),
    BackordersEnded: (closes_when_complete("restock", outcome="nothing waits for stock any more"), go_on),
    OfferMade: (decide_alternatives,),
    OfferAnswered: (decided,),
    OfferLapsed: (decided,),
    OfferClosed: (nothing_to_decide,),
    SendingAgreed: (sending_agreed,),
    ReleaseFinished: (closes("pick", "pack", outcome="nothing is left to pack"),),
    OrderReleased: (opens("pick"),),
    ReleaseWithdrawn: (closes("pick", "pack", outcome="withdrawn from the warehouse"),),
    OrderPicked: (closes("pick", outcome="picked"), opens("pack")),
    ShipmentPacked: (packed,),
    ShipmentCancelled: (taken_apart,),
    ShipmentShipped: (shipped,),
    OrderShipped: (watch_again,),
    OrderInTransit: (watch_again,),
    OrderOutForDelivery: (watch_again,),
    PromiseRevised: (watch_until_new_date,),
    DelayFound: (resolve_delay,),
    DelaySuspected: (resolve_delay,),
    DelayResolved: (closes("resolve_delay", outcome="resolved"),),
    ExceptionFound: (settle_exception,),
    ExceptionSettled: (exception_settled,),
    OrderDelivered: (confirm_acceptance,),
    AcceptanceAsked: (acceptance_due,),
    OrderDisputed: (disputed,),
    AcceptanceDoubted: (opens("check_delivery"),),
    OrderAccepted: (closes("settle_dispute", outcome="accepted"),),
    OrderCompleted: (close_out,),
    OrderReopened: (confirm_acceptance,),
    OrderClosed: (ends("order closed"),),
    OrderCancelled: (ends("order cancelled"),),
    UnknownCodeSeen: (learn_code,),
    ProcedureInForce: (review_later,),
    ProcedureKept: (review_again,),
}
