"""What follows from receiving and placing: from a verified request to an order that is placed, allocated, promised, confirmed."""

from milepost.ground.catalog.facts import ItemListed
from milepost.ground.duties import commands as duties
from milepost.ground.journal.commands import Handler
from milepost.ground.notices.facts import NoticeSent
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.way.intake import commands as requests
from milepost.way.intake import queries as intake
from milepost.way.intake.facts import OrderVerified
from milepost.way.orders import commands as orders
from milepost.way.orders.facts import HoldReleased, OrderCancelled, OrderConfirmed, OrderPlaced
from milepost.way.orders.rules import reviewed_by
from milepost.way.promising import commands as promising
from milepost.way.promising.facts import PromiseMade
from milepost.way.promising.words import WantedPromise
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.facts import ReservationsLapsed, StockReceived, StockReleased
from milepost.way.stock.words import Demand, near

ACKNOWLEDGEMENT = "acknowledgement"


def place(facts: list[OrderVerified], act: Act) -> None:
    """A verified request becomes an order."""
    orders.place(intake.verified([fact.order_id for fact in facts]), act=act)


def allocate_and_promise(facts: list[OrderPlaced], act: Act) -> None:
    """Stock is consulted for every line, and the customer's first date rests on the answer (STK-1, DEL-2)."""
    demands = [
        Demand(fact.order_id, line.position, line.item_id, line.quantity, near(fact.country, fact.region))
        for fact in facts
        for line in fact.lines
    ]
    short = {demand.order_id for demand in stock.allocate(demands, act=act).short}
    supplied_on = levels.complete_on(short) if short else {}
    promising.promise(
        [
            WantedPromise(
                order_id=fact.order_id, service=fact.service, zone=fact.zone, country=fact.country,
                short=fact.order_id in short, supply_on=supplied_on.get(fact.order_id), stated_on=fact.promised_on,
                stated_at=fact.promised_at,
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip


def confirm_promised(facts: list[PromiseMade], act: Act) -> None:
    """An order that was verified without open questions and has its date is confirmed at once (VER-4)."""
    orders.confirm_if_clear([fact.order_id for fact in facts], act=act)


def confirm_released(facts: list[HoldReleased], act: Act) -> None:
    """When the last blocking hold is gone, nothing keeps the order from being confirmed."""
    clear = [fact.order_id for fact in facts if not fact.blocking_left]
    orders.confirm_if_clear(clear, act=act, by=reviewed_by(act.actor))


def free_stock(facts: list[OrderCancelled], act: Act) -> None:
    """What was tied to a cancelled order is free for others."""
    stock.release([fact.order_id for fact in facts], act=act)


def let_repeat(facts: list[OrderCancelled], act: Act) -> None:
    """What was cancelled may be ordered again without being held as a duplicate."""
    requests.let_repeat([fact.order_id for fact in facts])


def fill_backorders(facts: list[StockReceived] | list[ReservationsLapsed], act: Act) -> None:
    """What came in, or is no longer kept aside, goes to the oldest promise (STK-2)."""
    stock.fill_backorders({fact.item_id for fact in facts}, act=act)


def fill_from_freed(facts: list[StockReleased], act: Act) -> None:
    """So does what another order no longer needs."""
    stock.fill_backorders({item_id for fact in facts for item_id in fact.item_ids}, act=act)


def stand_ready(facts: list[ItemListed], act: Act) -> None:
    """Whoever finds nothing of a new item and whoever brings the first of it meet at its level."""
    stock.stand_ready([fact.item_id for fact in facts])


def note_acknowledged(facts: list[NoticeSent], act: Act) -> None:
    """An order is acknowledged when its acknowledgement has left, not before (ACK-2)."""
    left = [fact.order_id for fact in facts if fact.template == ACKNOWLEDGEMENT]
    orders.acknowledge(left, act=act)


def acknowledge_nobody(facts: list[OrderConfirmed], act: Act) -> None:
    """History is acknowledged to nobody, so nobody owes it."""
    if act.history:
        duties.close_duties(["acknowledge"], order_ids=[fact.order_id for fact in facts], outcome="history", act=act)


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    OrderVerified: (place,),
    OrderPlaced: (allocate_and_promise,),
    PromiseMade: (confirm_promised,),
    HoldReleased: (confirm_released,),
    OrderCancelled: (free_stock, let_repeat),
    ItemListed: (stand_ready,),
    StockReceived: (fill_backorders,),
    ReservationsLapsed: (fill_backorders,),
    StockReleased: (fill_from_freed,),
    OrderConfirmed: (acknowledge_nobody,),
    NoticeSent: (note_acknowledged,),
}
