"""Backorders: what comes in goes to the oldest promise, unless a person decides otherwise on record (STK-2)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.stock import rules
from milepost.way.stock.commands import levels
from milepost.way.stock.commands.allocate import tie
from milepost.way.stock.facts import BackordersFilled, OrderPutFirst, SendingAgreed
from milepost.way.stock.models import Backorder
from milepost.way.stock.words import Allotment, BackorderState, Demand, Free

NO_REASON = Refusal(
    code="no_reason", says="Who goes first needs a reason.", do="Say why in a few words.", field="reason"
)
NOTHING_WAITS = Refusal(
    code="nothing_waits", says="Nothing of this order waits for stock.", do="Look at its lines.", status=409,
    field="order_id",
)  # fmt: skip


def fill_backorders(item_ids: Iterable[int], *, act: Act) -> None:
    """Give what is free to the lines whose orders were promised first (STK-2). Reads only as many as can be served."""
    with journal.together():
        free = levels.lock(item_ids)
        waiting = _next_in_turn(free)
        demands = [Demand(row.order_id, row.position, row.item_id, row.quantity, row.near) for row in waiting]
        allotment = rules.allot(demands, free)
        tie(allotment.shares, act)
        _settle(waiting, allotment, act)


def _next_in_turn(free: Sequence[Free]) -> list[Backorder]:
    """The first in each item's queue, as far as what is free reaches; locked after their levels. At most two statements."""
    there: dict[int, Decimal] = defaultdict(Decimal)
    for place in free:
        if place.quantity > 0:
            there[place.item_id] += place.quantity
    if not there:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [list(there), *columns(sorted(there.items()))])
        wanted = [key for (key,) in cursor.fetchall()]
    if not wanted:
        return []
    rows = Backorder.objects.select_for_update(no_key=True).filter(id__in=wanted, state=BackorderState.OPEN)
    return sorted(rows, key=_turn)


def _turn(row: Backorder) -> tuple[object, ...]:
    return (row.given_at is None, row.given_at or row.since, row.since, row.order_id, row.position)


_NEXT = """
SELECT q.id FROM (
    SELECT b.id, b.item_id, sum(b.quantity) OVER (
        PARTITION BY b.item_id ORDER BY b.given_at NULLS LAST, b.since, b.order_id, b.position ROWS UNBOUNDED PRECEDING
    ) - b.quantity AS ahead
    FROM stock_backorder b WHERE b.item_id = ANY(%b::bigint[]) AND b.state = 'open'
) q JOIN unnest(%b::bigint[], %b::numeric[]) AS f(item_id, quantity) ON f.item_id = q.item_id
WHERE q.ahead < f.quantity
"""


def _settle(waiting: Sequence[Backorder], allotment: Allotment, act: Act) -> None:
    """Close what was filled; of what was filled in part the rest keeps its place."""
    short = {(d.order_id, d.position): d.quantity for d in allotment.short}
    touched = {(s.order_id, s.position) for s in allotment.shares}
    done = [row for row in waiting if (row.order_id, row.position) in touched]
    if not done:
        return
    Backorder.objects.filter(id__in=[row.id for row in done]).update(state=BackorderState.FILLED, settled_at=act.at)
    rests = [(row, short[row.order_id, row.position]) for row in done if (row.order_id, row.position) in short]
    journal.insert([rest_of(row, quantity) for row, quantity in rests])
    first = {row.order_id: row.id for row in reversed(done)}
    still = set(levels.open_backorders(list(first)).values_list("order_id", flat=True))
    journal.record(
        [
            BackordersFilled(order_id=order_id, complete=order_id not in still, backorder_id=key)
            for order_id, key in sorted(first.items())
        ],
        act=act,
    )


def rest_of(row: Backorder, quantity: Decimal) -> Backorder:
    """What is left of a backorder, in the same place of the queue."""
    return Backorder(
        id=new_id(), order_id=row.order_id, position=row.position, item_id=row.item_id, quantity=quantity,
        opened_at=row.opened_at, since=row.since, near=row.near, given_at=row.given_at, together=row.together,
    )  # fmt: skip


def give_to(order_ids: Sequence[int], *, act: Act) -> None:
    """Serve these orders before those who have waited longer, from what is free and what comes in, with the act's reason.

    Refuses `no_reason`, and by index `nothing_waits` (409).
    """
    if not act.reason.strip():
        raise Refused(NO_REASON)
    with journal.written_at_the_end():
        waiting = Counter(levels.open_backorders(order_ids).values_list("order_id", flat=True))
        refuse_any(NOTHING_WAITS.at(index=place) for place, key in enumerate(order_ids) if not waiting[key])
        items = set(levels.open_backorders(order_ids).values_list("item_id", flat=True))
        levels.lock(items)
        levels.open_backorders(order_ids).update(given_at=act.at)
        journal.record([OrderPutFirst(order_id=key, lines=waiting[key]) for key in dict.fromkeys(order_ids)], act=act)
        fill_backorders(items, act=act)


def agree_sending(order_ids: Sequence[int], *, together: bool, act: Act) -> None:
    """Say whether orders wait until all of them is there (`together`), or what is there leaves and the rest follows.

    It holds as long as something waits; orders of which nothing waits are passed over.
    """
    with journal.together():
        rows = levels.open_backorders(order_ids).exclude(together=together)
        changed = sorted(set(rows.values_list("order_id", flat=True)))
        rows.update(together=together)
        how = "all together" if together else "in parts"
        journal.record([SendingAgreed(order_id=key, how=how, together=together) for key in changed], act=act)
