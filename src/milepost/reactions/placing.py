"""What follows from receiving and placing: from a verified request to an order that is placed, allocated, promised, confirmed."""

from milepost.ground.duties import commands as duties
from milepost.ground.journal.commands import Handler
from milepost.ground.notices.facts import NoticeSent
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.way.intake import queries as intake
from milepost.way.intake.facts import OrderVerified
from milepost.way.orders import commands as orders
from milepost.way.orders.facts import HoldReleased, OrderCancelled, OrderConfirmed, OrderPlaced
from milepost.way.promising import commands as promising
from milepost.way.promising.facts import PromiseMade
from milepost.way.promising.words import WantedPromise
from milepost.way.stock import commands as stock
from milepost.way.stock.facts import StockReceived
from milepost.way.stock.words import Demand

ACKNOWLEDGEMENT = "acknowledgement"


def place(facts: list[OrderVerified], act: Act) -> None:
    """A verified request becomes an order."""
    orders.place(intake.verified([fact.order_id for fact in facts]), act=act)


def allocate_and_promise(facts: list[OrderPlaced], act: Act) -> None:
    """Stock is consulted for every line, and the customer's first date rests on the answer (STK-1, DEL-2)."""
    demands = [
        Demand(fact.order_id, line.position, line.item_id, line.quantity) for fact in facts for line in fact.lines
    ]
    short = {demand.order_id for demand in stock.allocate(demands, act=act).short}
    promising.promise(
        [
            WantedPromise(
                order_id=fact.order_id, service=fact.service, zone=fact.zone, country=fact.country,
                short=fact.order_id in short, stated_on=fact.promised_on, stated_at=fact.promised_at,
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
    orders.confirm_if_clear([fact.order_id for fact in facts if not fact.blocking_left], act=act)


def free_stock(facts: list[OrderCancelled], act: Act) -> None:
    """What was tied to a cancelled order is free for others."""
    stock.release([fact.order_id for fact in facts], act=act)


def fill_backorders(facts: list[StockReceived], act: Act) -> None:
    """What came in goes to those who have waited longest (STK-2)."""
    stock.fill_backorders(sorted({fact.item_id for fact in facts}), act=act)


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
    OrderCancelled: (free_stock,),
    StockReceived: (fill_backorders,),
    OrderConfirmed: (acknowledge_nobody,),
    NoticeSent: (note_acknowledged,),
}
