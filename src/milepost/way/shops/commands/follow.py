"""Follow: what shops say becomes orders, changes and cancellations, and ends the same in whatever order it came (REC-1).

Every statement holds the whole order as it stands in the shop. The latest one counts; an order is placed from the first one that
can be placed; what came too late changes nothing. The row of the shop's order is locked, so two workers never follow one order.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TypeAlias
from uuid import UUID

from django.db import connection, transaction

from milepost.ground import journal
from milepost.ground.arrivals.words import ArrivalCard, Outcome, State
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.ids import new_id
from milepost.way.shops import ports
from milepost.way.shops.commands.change import change
from milepost.way.shops.commands.end import end
from milepost.way.shops.commands.place import can_be_placed, place, unplaced
from milepost.way.shops.commands.said import Said, outcome_of
from milepost.way.shops.models import ShopOrder
from milepost.way.shops.words import ENDS, Reading

Key: TypeAlias = tuple[str, str, str]


def follow(cards: Sequence[ArrivalCard], act: Act) -> list[Outcome]:
    """The handler of shops' arrivals: one outcome each. Orders of a batch are received together, changes one by one."""
    shop_act = replace(act, actor=f"shop:{cards[0].source}", channel="shop")
    readings = [ports.shop(one.source).read(one.topic, one.headers, one.body, one.received_at) for one in cards]
    outcomes: dict[UUID, Outcome] = {
        card.id: _unread(reading) for card, reading in zip(cards, readings, strict=True) if reading.statement is None
    }
    with journal.together():
        for some in _rounds(cards, readings):
            outcomes |= _follow_round(some, shop_act)
    return [outcomes[card.id] for card in cards]


def _unread(reading: Reading) -> Outcome:
    if reading.refusal:
        return outcome_of(State.REFUSED, [reading.refusal])
    return outcome_of(State.IGNORED, [reading.ignored] if reading.ignored else [])


def _rounds(cards: Sequence[ArrivalCard], readings: Sequence[Reading]) -> list[list[Said]]:
    """The statements by rounds: the first of each order, then the second of each, and so on; their rows are locked."""
    keyed = [
        ((card.source, one.statement.namespace, one.statement.number), card, one.statement)
        for card, one in zip(cards, readings, strict=True)
        if one.statement
    ]
    rows = _locked(sorted({key for key, _, _ in keyed}))
    by_order: dict[Key, list[Said]] = defaultdict(list)
    for key, card, statement in keyed:
        by_order[key].append(Said(card, statement, rows[key]))
    return [[said for said in some if said] for some in zip_longest(*by_order.values())]


def _locked(keys: Sequence[Key]) -> dict[Key, ShopOrder]:
    """The rows of these orders, made where they are missing, locked in one fixed order. Two statements."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, columns((new_id(), *key) for key in keys))
    names = columns(keys)
    rows = ShopOrder.objects.raw(_LOCK, names)
    return {(row.source, row.namespace, row.number): row for row in rows}


_MAKE = """
INSERT INTO shops_order (id, source, namespace, number, rank, lines, refunded, cancelled, reason_code)
SELECT n.*, 0, '{}', 0, false, '' FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[]) AS n
ON CONFLICT (source, namespace, number) DO NOTHING
"""

_LOCK = """
SELECT o.* FROM shops_order o JOIN unnest(%b::text[], %b::text[], %b::text[]) AS n(source, namespace, number)
    USING (source, namespace, number)
ORDER BY o.source, o.namespace, o.number FOR UPDATE OF o
"""


def _follow_round(some: Sequence[Said], act: Act) -> dict[UUID, Outcome]:
    """Receive at once what is to become an order; then what is said of orders that there are, one by one."""
    outcomes = place([said for said in some if can_be_placed(said)], act=act)
    for said in some:
        if said.card.id not in outcomes:
            with transaction.atomic():
                outcomes[said.card.id] = _follow_one(said, act)
    return outcomes


def _follow_one(said: Said, act: Act) -> Outcome:
    if said.row.order_id is None:
        return unplaced(said, act=act)
    if said.statement.kind in ENDS:
        return end(said, act=act)
    return change(said, act=act)
