"""Offers: a customer chooses what is done about lines that are short; without an answer the stated default is done (STK-2, EXC-5).

Orders are locked first, then offers, then stock, as everywhere. Who holds stock already (a receipt that fills backorders) closes
only offers that nobody is answering at this moment; the worker closes what was passed over.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection

from milepost.ground import journal
from milepost.ground.catalog import queries as catalog
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import Book
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.ids import new_id
from milepost.way.cases import offering, queries
from milepost.way.cases.facts import OfferClosed, OfferMade
from milepost.way.cases.models import Offer, OfferedItem, OfferedLine
from milepost.way.cases.words import Closed, OfferCard, OfferState
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard
from milepost.way.promising.rules import end_of
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.words import Waiting, WantedReservation

ROOM_TO_ANSWER = timedelta(minutes=10)
"""What is kept aside is kept a little longer than the answer may take."""


def offer(order_ids: Sequence[int], *, act: Act) -> None:
    """Offer what can be chosen for each line that is short now; an open offer is renewed. Of history nobody is asked.

    Stand-ins are kept aside until the deadline. A constant number of statements.
    """
    if act.history or not order_ids:
        return
    with journal.together():
        waiting = levels.waiting(order_ids)
        cards = {
            key: card for key, card in orders.cards(waiting).items()
            if card.state in offering.MAY_CHOOSE and not card.history
        }  # fmt: skip
        renewed = _close(list(cards), Closed.RENEWED, act)
        made = _make(cards, waiting, act)
        journal.record([*renewed, *(_made(row, lines) for row, lines in made)], act=act)


def _make(
    cards: Mapping[int, OrderCard], waiting: Mapping[int, Sequence[Waiting]], act: Act
) -> list[tuple[Offer, list[OfferedLine]]]:
    if not cards:
        return []
    book = procedures.book()
    rows = {key: _row(card, book, act) for key, card in cards.items()}
    lines = {key: [_line(rows[key], cards[key], one) for one in waiting[key]] for key in cards}
    items = _stand_ins(rows, lines, cards, book)
    wanted = [_reservation(rows[item.order_id], item, lines) for item in items]
    for item, held in zip(items, stock.reserve(wanted, act=act), strict=True):
        item.held = held
    journal.insert(list(rows.values()))
    journal.insert([line for some in lines.values() for line in some])
    journal.insert(items)
    return [(rows[key], lines[key]) for key in cards]


def _row(card: OrderCard, book: Book, act: Act) -> Offer:
    return Offer(
        id=new_id(), order_id=card.id, default=book.offers.default, made_at=act.at, currency=card.currency,
        deadline_at=_deadline(book, card.zone, act.at),
    )  # fmt: skip


def _deadline(book: Book, zone: str, now: datetime) -> datetime:
    """The end of the last working day that the policy gives, where the recipient is."""
    calendar = book.calendar()
    today = now.astimezone(calendar.zone).date()
    return end_of(calendar.plus_working_days(today, book.offers.deadline_days), zone)


def _line(row: Offer, card: OrderCard, one: Waiting) -> OfferedLine:
    line = next(line for line in card.lines if line.position == one.position)
    return OfferedLine(
        order_id=row.order_id, offer_id=row.id, position=one.position, item_id=one.item_id, code=line.code,
        name=line.name or line.code, unit=line.unit, quantity=one.quantity, expected_on=one.expected_on,
    )  # fmt: skip


def _stand_ins(
    rows: Mapping[int, Offer], lines: Mapping[int, Sequence[OfferedLine]], cards: Mapping[int, OrderCard], book: Book
) -> list[OfferedItem]:
    """What may be taken instead, line by line; what one line is offered is no longer there for the next. Three statements."""
    if not book.offers.substitutes:
        return []
    ranked = catalog.stand_ins(sorted({line.item_id for some in lines.values() for line in some}))
    wanted = sorted({item for items in ranked.values() for item in items})
    if not wanted:
        return []
    known = catalog.by_id(wanted)
    free = {key: found.free for key, found in levels.availability(wanted).items()}
    items: list[OfferedItem] = []
    for order_id, some in lines.items():
        card = cards[order_id]
        agreed = {line.position: line for line in card.lines}
        for line in some:
            candidates = [known[item] for item in ranked.get(line.item_id, ()) if item in known]
            for one in offering.stand_ins(
                agreed[line.position], line.quantity, candidates, free, currency=card.currency, policy=book.offers
            ):
                free[one.item_id] -= line.quantity
                items.append(
                    OfferedItem(
                        order_id=order_id, offer_id=rows[order_id].id, position=line.position, item_id=one.item_id,
                        rank=one.rank, code=one.code, name=one.name, unit=one.unit, unit_price=one.unit_price,
                        difference=one.difference,
                    )
                )  # fmt: skip
    return items


def _reservation(row: Offer, item: OfferedItem, lines: Mapping[int, Sequence[OfferedLine]]) -> WantedReservation:
    quantity = next(line.quantity for line in lines[row.order_id] if line.position == item.position)
    return WantedReservation(
        order_id=row.order_id, position=item.position, item_id=item.item_id, quantity=quantity,
        expires_at=row.deadline_at + ROOM_TO_ANSWER,
    )  # fmt: skip


def _made(row: Offer, lines: Sequence[OfferedLine]) -> OfferMade:
    return OfferMade(
        order_id=row.order_id, offer_id=row.id, deadline_at=row.deadline_at, default=row.default, lines=len(lines)
    )


def write_closed(cards: Sequence[OfferCard], because: Closed, act: Act) -> list[OfferClosed]:
    """Write down that offers are over, and why; what is told of it."""
    Offer.objects.filter(id__in=[card.id for card in cards]).update(
        state=OfferState.CLOSED, settled_at=act.at, actor=act.actor, channel=act.channel, closed_because=because
    )
    return [OfferClosed(order_id=card.order_id, offer_id=card.id, because=because) for card in cards]


def close_offers(order_ids: Sequence[int], *, because: Closed, act: Act) -> None:
    """There is nothing left to choose: close these orders' open offers, and let what was kept aside go.

    An offer that somebody is answering at this moment is passed over: that answer closes it, or the worker does.
    """
    with journal.together():
        journal.record(_close(order_ids, because, act), act=act)


def _close(order_ids: Sequence[int], because: Closed, act: Act) -> list[OfferClosed]:
    rows = Offer.objects.select_for_update(no_key=True, skip_locked=True).filter(
        order_id__in=list(order_ids), state=OfferState.OPEN
    )
    cards = [queries.bare_card(row) for row in rows.order_by("order_id")]
    if not cards:
        return []
    stock.let_go([card.order_id for card in cards], act=act)
    return write_closed(cards, because, act)


def tidy_offers(*, act: Act, limit: int = 500) -> int:
    """Close open offers of which nothing is short any more, and keep aside what could not be kept when it was offered.

    What is not there any more is no longer offered. For the worker; says how many it touched.
    """
    with journal.together():
        open_ones = list(
            Offer.objects.filter(state=OfferState.OPEN).order_by("made_at").values_list("order_id", flat=True)[:limit]
        )
        settled = sorted(set(open_ones) - levels.still_waiting(open_ones))
        closed = _close(settled, Closed.STOCK_CAME, act) if settled else []
        journal.record(closed, act=act)
    return len(closed) + _hold_late(act, limit)


def _hold_late(act: Act, limit: int) -> int:
    """Stand-ins that others held stock of when they were offered. Waits for stock with empty hands."""
    with journal.together():
        rows = list(
            OfferedItem.objects.filter(held=False, offer__state=OfferState.OPEN).select_related("offer")[:limit]
        )
        if not rows:
            return 0
        lines = defaultdict(list)
        for line in OfferedLine.objects.filter(
            order_id__in={row.order_id for row in rows}, offer_id__in={row.offer_id for row in rows}
        ):
            lines[line.order_id].append(line)
        held = stock.reserve([_reservation(row.offer, row, lines) for row in rows], act=act, patient=True)
        with connection.cursor() as cursor:
            keys = [(row.order_id, row.offer_id, row.position, row.item_id) for row in rows]
            cursor.execute(_HELD, columns((*key, is_held) for key, is_held in zip(keys, held, strict=True)))
            cursor.execute(_NOT_THERE, columns(keys))
    return len(rows)


_HELD = """
UPDATE cases_offer_item i SET held = h.held
FROM unnest(%b::bigint[], %b::uuid[], %b::int[], %b::bigint[], %b::bool[]) AS h(order_id, offer_id, position, item_id, held)
WHERE i.order_id = h.order_id AND i.offer_id = h.offer_id AND i.position = h.position AND i.item_id = h.item_id
"""
_NOT_THERE = """
DELETE FROM cases_offer_item i
USING unnest(%b::bigint[], %b::uuid[], %b::int[], %b::bigint[]) AS h(order_id, offer_id, position, item_id)
WHERE i.order_id = h.order_id AND i.offer_id = h.offer_id AND i.position = h.position AND i.item_id = h.item_id AND NOT i.held
"""
