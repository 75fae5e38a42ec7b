"""What follows when stock is short, comes, or is no longer needed: offers, what customers choose, dates that follow supply.

Facts about lines and stock arrive here under locks of stock (see `way/stock/commands/levels.py`), so nothing here waits for an
offer that somebody is answering.
"""

from collections.abc import Iterable, Mapping

from milepost.ground.journal.commands import Handler
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, OrderFact
from milepost.way.cases import commands as cases
from milepost.way.cases.facts import Chosen, OfferAnswered, OfferLapsed
from milepost.way.cases.words import Choice, Closed
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.facts import ReleaseFinished
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as read
from milepost.way.orders.facts import LineAmended, OrderCancelled
from milepost.way.orders.words import Amendment, Change, LineCard, NewLine, OrderCard, State
from milepost.way.promising import commands as promising
from milepost.way.promising import queries as promises
from milepost.way.promising.words import WantedPromise
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.facts import (
    BackordersEnded,
    BackordersFilled,
    LinesBackordered,
    SupplyCorrected,
    SupplyExpected,
)
from milepost.way.stock.words import LineNeed

AHEAD = (State.RECEIVED, State.CONFIRMED, State.PROCESSING, State.PACKED)
"""Orders of which something is still in the house."""


def adjust_stock(facts: list[LineAmended], act: Act) -> None:
    """Stock follows the amended lines: surplus is freed, what is added is allocated or backordered (STK-1)."""
    stock.adjust(
        [
            LineNeed(
                order_id=fact.order_id, position=fact.position, item_id=fact.item_id, was_item_id=fact.was_item_id,
                quantity=fact.quantity,
            )
            for fact in facts
        ],
        act=act,
    )  # fmt: skip
    promise_again(_orders(facts), act)


def finish(facts: list[LineAmended], act: Act) -> None:
    """Where only what has left the house is still ordered, nothing more is packed or sent."""
    fulfilment.finish(_orders(facts), act=act)


def follow_finish(facts: list[ReleaseFinished], act: Act) -> None:
    """An order of which nothing is left in the house is where its shipments are."""
    shipped = [fact.order_id for fact in facts if fact.shipped]
    stages = {key: reached.value for key, (reached, _) in shipments.stages(shipped).items()}
    arrived = {key: at for key, (_, at) in shipments.stages(shipped).items() if at is not None}
    packed = dict.fromkeys((fact.order_id for fact in facts if not fact.shipped), State.PACKED.value)
    orders.follow({**packed, **stages}, act=act, delivered_at=arrived)


def offer(facts: list[LinesBackordered], act: Act) -> None:
    """What is short is offered to the customer: wait, take something else, have the rest sent, cancel (STK-2, EXC-5)."""
    cases.offer(_orders(facts), act=act)


def carry_out(facts: list[OfferAnswered] | list[OfferLapsed], act: Act) -> None:
    """What the customer chose, or what was stated for no answer, is done with the order, its stock and its promise (STK-2)."""
    cards = read.cards(_orders(facts))
    emptied = [fact.order_id for fact in facts if _leaves_nothing(cards[fact.order_id], fact.chosen)]
    amendments = [
        Amendment(order_id=fact.order_id, changes=changes, reason=fact.summary)
        for fact in facts
        if fact.order_id not in emptied and (changes := _changes(cards[fact.order_id], fact.chosen))
    ]
    if emptied:
        orders.cancel(emptied, reason_code="customer_request", act=act)
    orders.amend(amendments, act=act)
    for together in (True, False):
        wanted = [fact.order_id for fact in facts if _sending(fact.chosen) is together]
        if wanted:
            stock.agree_sending(wanted, together=together, act=act)
    stock.let_go(_orders(facts), act=act)
    promise_again(sorted({*_orders(facts)} - {one.order_id for one in amendments} - set(emptied)), act)


def _leaves_nothing(card: OrderCard, chosen: Iterable[Chosen]) -> bool:
    """Whether every line of the order is cancelled by the choices."""
    gone = {one.position: one.quantity for one in chosen if one.choice == Choice.CANCEL}
    return all(line.cancelled or gone.get(line.position) == line.quantity for line in card.lines)


def _changes(card: OrderCard, chosen: Iterable[Chosen]) -> tuple[Change, ...]:
    lines = {line.position: line for line in card.lines}
    return tuple(change for one in chosen for change in _change(lines[one.position], one))


def _change(line: LineCard, one: Chosen) -> tuple[Change, ...]:
    """The short part of a line becomes another item, or is cancelled; what is there of it stays as it was."""
    where = f"lines.{line.position}"
    whole = one.quantity >= line.quantity
    if one.choice == Choice.CANCEL:
        return (
            Change(f"{where}.cancelled", True) if whole else Change(f"{where}.quantity", line.quantity - one.quantity),
        )
    if one.choice != Choice.SUBSTITUTE or one.unit_price is None:
        return ()
    if whole:
        return Change(f"{where}.item", one.code), Change(f"{where}.price", one.unit_price)
    rest = Change(f"{where}.quantity", line.quantity - one.quantity)
    return rest, Change("lines.add", NewLine(code=one.code, quantity=one.quantity, price=one.unit_price))


def _sending(chosen: Iterable[Chosen]) -> bool | None:
    """Whether the order waits until all is there; one line of which the rest is wanted now is enough to send what is there."""
    said = {one.choice for one in chosen}
    if Choice.SHIP_REST in said:
        return False
    return True if Choice.WAIT in said else None


def nothing_left_to_choose(facts: list[BackordersFilled], act: Act) -> None:
    """What was short has come before the answer: there is nothing left to choose, and the date may be sooner."""
    filled = _orders(fact for fact in facts if fact.complete)
    if filled:
        cases.close_offers(filled, because=Closed.STOCK_CAME, act=act)
        promise_again(filled, act)


def amended_away(facts: list[BackordersEnded], act: Act) -> None:
    """The order was amended so that nothing of it is short."""
    ended = _orders(fact for fact in facts if fact.complete)
    if ended:
        cases.close_offers(ended, because=Closed.AMENDED, act=act)


def withdraw(facts: list[OrderCancelled], act: Act) -> None:
    """Of a cancelled order nothing is to be chosen."""
    cases.close_offers(_orders(facts), because=Closed.CANCELLED, act=act)


def redate(facts: list[SupplyExpected] | list[SupplyCorrected], act: Act) -> None:
    """Promises follow what is known of supply: sooner at once, later as a delay of which the customer is told (EXC-1)."""
    waiting = {one.order_id for one in levels.queue({fact.item_id for fact in facts})}
    wanted = _wanted(waiting, act)
    standing = promises.standing([one.order_id for one in wanted])
    dated = [one for one in wanted if one.supply_on is not None and one.order_id in standing]
    reckoned = promises.reckoned(dated, now=act.at)
    late = {key: w.latest_on for key, w in reckoned.items() if w.latest_on > standing[key].now.latest_on}
    if late:
        cases.late_supply(late, act=act)
    promising.promise_again([one for one in dated if one.order_id not in late], act=act)


def promise_again(order_ids: Iterable[int], act: Act) -> None:
    """The promise follows stock and supply as they are now (DEL-2)."""
    promising.promise_again(_wanted(order_ids, act), act=act)


def _wanted(order_ids: Iterable[int], act: Act) -> list[WantedPromise]:
    if act.history:
        return []
    cards: Mapping[int, OrderCard] = read.cards(order_ids)
    short = levels.still_waiting(cards)
    supplied_on = levels.complete_on(short) if short else {}
    return [
        WantedPromise(
            order_id=key, service=card.service, zone=card.zone, country=card.ship_to.country, short=key in short,
            supply_on=supplied_on.get(key),
        )
        for key, card in cards.items()
        if card.state in AHEAD and not card.history
    ]  # fmt: skip


def _orders(facts: Iterable[OrderFact]) -> list[int]:
    return sorted({fact.order_id for fact in facts})


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {
    LinesBackordered: (offer,),
    OfferAnswered: (carry_out,),
    OfferLapsed: (carry_out,),
    LineAmended: (adjust_stock, finish),
    ReleaseFinished: (follow_finish,),
    BackordersFilled: (nothing_left_to_choose,),
    BackordersEnded: (amended_away,),
    OrderCancelled: (withdraw,),
    SupplyExpected: (redate,),
    SupplyCorrected: (redate,),
}
