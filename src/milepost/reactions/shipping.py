"""What follows from shipping: from a confirmed order to parcels on their way, at the door, accepted, and the order closed.

Everything that carriers say arrives here as facts about what *all* events of a parcel mean together; so whatever order the
events came in, what follows for shipments, orders, delays and messages ends the same.
"""

from collections.abc import Iterable

from milepost.ground.journal.commands import Handler
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, OrderFact
from milepost.way.cases import commands as cases
from milepost.way.cases.facts import DelayFound, DelayResolved
from milepost.way.cases.words import Outcome, Sign
from milepost.way.closeout import commands as closeout
from milepost.way.closeout.facts import AcceptanceWithdrawn, ClosingDaysPassed, OrderAccepted
from milepost.way.closeout.words import Answer
from milepost.way.delivery import commands as delivery
from milepost.way.delivery.facts import DeliveryProved
from milepost.way.delivery.words import HANDED, Handed
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.facts import LabelCorrected, OrderPicked, ShipmentPacked, ShipmentShipped
from milepost.way.fulfilment.words import AmendedLine
from milepost.way.orders import commands as orders
from milepost.way.orders.facts import (
    LineAmended,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderInTransit,
    OrderOutForDelivery,
    OrderShipped,
)
from milepost.way.orders.words import State
from milepost.way.promising import commands as promising
from milepost.way.promising.facts import PromiseRevised
from milepost.way.promising.words import Basis, Cause, Revision
from milepost.way.stock import commands as stock
from milepost.way.stock.facts import BackordersFilled
from milepost.way.stock.words import Leaving
from milepost.way.tracking import commands as tracking
from milepost.way.tracking import queries as parcels
from milepost.way.tracking.facts import ConcernEnded, ConcernNoticed, DelayEnded, DelayReported, ParcelMoved
from milepost.way.tracking.words import EventDraft, Reached, Stage

_KINDS = {handed: kind for kind, handed in HANDED.items()}
_TROUBLE = (Stage.LOST, Stage.RETURNING, Stage.RETURNED)


def release(facts: list[OrderConfirmed], act: Act) -> None:
    """A confirmed order goes to the warehouse's desk (HND-1)."""
    fulfilment.release(_orders(facts), act=act)


def keep_packed(facts: list[LineAmended], act: Act) -> None:
    """What is packed cannot be amended away; the whole amendment is refused."""
    fulfilment.keep_packed(
        [
            AmendedLine(
                order_id=fact.order_id, position=fact.position, quantity=fact.quantity,
                other_item=fact.item_id != fact.was_item_id,
            )
            for fact in facts
        ]
    )  # fmt: skip


def begin_processing(facts: list[OrderPicked], act: Act) -> None:
    """Who picks it has begun to process it."""
    orders.follow(dict.fromkeys(_orders(facts), State.PROCESSING), act=act)


def follow_packing(facts: list[ShipmentPacked], act: Act) -> None:
    """An order is packed when nothing of it is left to pack."""
    orders.follow(dict.fromkeys(_orders(f for f in facts if f.complete), State.PACKED), act=act)


def ship_out_stock(facts: list[ShipmentShipped], act: Act) -> None:
    """What was handed over has left the stock."""
    lines = shipments.packed_lines([fact.shipment_id for fact in facts])
    stock.ship_out(
        [Leaving(order_id=order, position=position, quantity=quantity) for _, order, position, quantity in lines],
        act=act,
    )


def follow_handover(facts: list[ShipmentShipped], act: Act) -> None:
    """Events of the parcels are awaited; an order is shipped when nothing of it is left in the house (TRK-1)."""
    orders.note_first_shipped(_orders(facts), act=act)
    tracking.expect([(parcel, f.shipment_id, f.order_id) for f in facts for parcel in f.parcel_ids], act=act)
    _follow(_orders(facts), act)
    tracking.wake_waiting([number for fact in facts for number in fact.tracking_numbers], act=act)
    tracking.watch([parcel for fact in facts for parcel in fact.parcel_ids], act=act)


def follow_label(facts: list[LabelCorrected], act: Act) -> None:
    """What carriers said before of the number that a parcel really has is worked on now, and its lane is another."""
    tracking.look_again(_orders(facts), act=act)
    tracking.wake_waiting([fact.tracking_number for fact in facts if fact.tracking_number != fact.was_number], act=act)


def follow_parcels(facts: list[ParcelMoved], act: Act) -> None:
    """Shipments go where their parcels are, and orders where their least advanced shipment is (HND-2)."""
    undone = [f for f in facts if f.had_reached == Reached.DELIVERED and f.reached != Reached.DELIVERED]
    if undone:
        closeout.withdraw(_orders(undone), act=act)
    tracking.keep_pace([fact.parcel_id for fact in facts], act=act)
    fulfilment.follow(parcels.news(_orders(facts)), act=act)
    _follow(_orders(facts), act)


def reopen(facts: list[AcceptanceWithdrawn], act: Act) -> None:
    """Nobody objected to a delivery that never was: until it is closed, the order is where its parcels are (CLO-2)."""
    silent = [fact for fact in facts if fact.was == Answer.SILENT]
    if silent:
        orders.reopen_if_completed(_orders(silent), act=act)
        _follow(_orders(silent), act)


def _follow(order_ids: list[int], act: Act) -> None:
    stages = shipments.stages(order_ids)
    orders.follow(
        {order_id: reached.value for order_id, (reached, _) in stages.items()},
        act=act,
        delivered_at={order_id: at for order_id, (_, at) in stages.items() if at is not None},
    )


def keep_proof(facts: list[ParcelMoved], act: Act) -> None:
    """What the carrier says of the arrival is kept as proof of delivery (DEL-4)."""
    arrived = [fact for fact in facts if fact.reached == Reached.DELIVERED]
    if arrived:
        delivery.prove_arrivals(_orders(arrived), [fact.parcel_id for fact in arrived], act=act)


def watch_parcels(facts: list[ParcelMoved], act: Act) -> None:
    """A lost parcel, or one that comes back, is somebody's case; so is its end (EXC-1)."""
    troubled = [fact for fact in facts if fact.stage in _TROUBLE or fact.was in _TROUBLE]
    if troubled:
        cases.watch_parcels(_orders(troubled), act=act)


def record_proof(facts: list[DeliveryProved], act: Act) -> None:
    """A proof that staff or drivers give is also a tracking event; so proof and timeline agree."""
    given = [fact for fact in facts if not fact.from_event]
    if given:
        tracking.record_events(
            [
                EventDraft(kind=_KINDS[Handed(fact.kind)], parcel_id=fact.parcel_id, happened_at=fact.happened_at)
                for fact in given
            ],
            act=act,
        )


def reconsider_delays(
    facts: list[DelayReported] | list[DelayEnded] | list[ConcernNoticed] | list[ConcernEnded], act: Act
) -> None:
    """What carriers say of delays, and what they do not say of parcels, is held against the promise (EXC-1)."""
    cases.reconsider(_orders(facts), act=act)


def end_supply_delays(facts: list[BackordersFilled], act: Act) -> None:
    """What the order waited for is here: from now on its new date is watched like any other."""
    filled = [fact for fact in facts if fact.complete]
    if filled:
        cases.resolve(_orders(filled), outcome=Outcome.SETTLED, signs=[Sign.SUPPLY], act=act)


def revise_promise(facts: list[DelayFound], act: Act) -> None:
    """A found delay moves the promise, with its cause, and with the range and confidence of its estimate (EXC-2)."""
    promising.revise(
        [
            Revision(
                order_id=fact.order_id, latest_on=fact.new_latest_on, cause=Cause(fact.cause),
                earliest_on=fact.new_earliest_on, confidence=fact.confidence,
                basis=Basis.CARRIER if fact.found_by == "carrier" else Basis.JUDGEMENT,
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


def restore_promise(facts: list[DelayResolved], act: Act) -> None:
    """When a delay is taken back before it came true, the date is the old one again."""
    promising.revise(
        [
            Revision(order_id=fact.order_id, latest_on=fact.due_was, cause=Cause.NONE, basis=Basis.CARRIER)
            for fact in facts
            if fact.outcome == Outcome.BACK_IN_TIME
        ],
        act=act,
    )


def watch_sooner(facts: list[PromiseRevised], act: Act) -> None:
    """A promise that is sooner than before may be missed sooner."""
    sooner = [fact for fact in facts if fact.latest_on < fact.was_latest_on]
    if sooner:
        tracking.look_again(_orders(sooner), act=act)


def end_delays(facts: list[OrderDelivered], act: Act) -> None:
    """Delivered: no delay is left to work on, and the promise need not be watched."""
    cases.resolve(_orders(facts), outcome=Outcome.DELIVERED, act=act)
    promising.stop_awaiting(_orders(facts), act=act)


def await_again(facts: list[OrderShipped | OrderInTransit | OrderOutForDelivery], act: Act) -> None:
    """A correction: what was said to have arrived is still to come."""
    back = [fact for fact in facts if fact.was in (State.DELIVERED, State.COMPLETED)]
    if back:
        promising.await_again(_orders(back), act=act)


def ask_acceptance(facts: list[OrderDelivered], act: Act) -> None:
    """Delivered: the customer is asked whether all is well (CLO-2)."""
    closeout.ask_acceptance(_orders(facts), act=act)


def complete(facts: list[OrderAccepted], act: Act) -> None:
    """Accepted: nothing more to do (CLO-2)."""
    orders.complete(_orders(facts), act=act)


def close(facts: list[ClosingDaysPassed], act: Act) -> None:
    """Nobody objected: the order is locked."""
    orders.close_if_completed(_orders(facts), act=act)


def stop_work(facts: list[OrderCancelled], act: Act) -> None:
    """A cancelled order is worked on no more, and nothing of it can be late."""
    fulfilment.withdraw(_orders(facts), act=act)
    cases.resolve(_orders(facts), outcome=Outcome.CANCELLED, act=act)
    promising.stop_awaiting(_orders(facts), act=act)
    tracking.stop_watching(_orders(facts), act=act)


def _orders(facts: Iterable[OrderFact]) -> list[int]:
    return sorted({fact.order_id for fact in facts})


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    OrderConfirmed: (release,),
    LineAmended: (keep_packed,),
    OrderPicked: (begin_processing,),
    ShipmentPacked: (follow_packing,),
    ShipmentShipped: (ship_out_stock, follow_handover),
    LabelCorrected: (follow_label,),
    ParcelMoved: (follow_parcels, keep_proof, watch_parcels),
    DeliveryProved: (record_proof,),
    DelayReported: (reconsider_delays,),
    DelayEnded: (reconsider_delays,),
    ConcernNoticed: (reconsider_delays,),
    ConcernEnded: (reconsider_delays,),
    BackordersFilled: (end_supply_delays,),
    PromiseRevised: (watch_sooner,),
    OrderShipped: (await_again,),
    OrderInTransit: (await_again,),
    OrderOutForDelivery: (await_again,),
    DelayFound: (revise_promise,),
    DelayResolved: (restore_promise,),
    OrderDelivered: (end_delays, ask_acceptance),
    OrderAccepted: (complete,),
    AcceptanceWithdrawn: (reopen,),
    ClosingDaysPassed: (close,),
    OrderCancelled: (stop_work,),
}
