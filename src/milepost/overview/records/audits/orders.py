"""Each order stands where its journal says, by steps that the transition table knows, and adds up."""

from milepost.overview.records.words import Check
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import State

REACHED_BY = {
    "OrderPlaced": State.RECEIVED,
    "OrderConfirmed": State.CONFIRMED,
    "OrderProcessing": State.PROCESSING,
    "OrderPacked": State.PACKED,
    "OrderShipped": State.SHIPPED,
    "OrderInTransit": State.IN_TRANSIT,
    "OrderOutForDelivery": State.OUT_FOR_DELIVERY,
    "OrderDelivered": State.DELIVERED,
    "OrderReopened": State.DELIVERED,
    "OrderCompleted": State.COMPLETED,
    "OrderClosed": State.CLOSED,
    "OrderCancelled": State.CANCELLED,
}
"""Which fact says that an order has reached which state."""


def _values(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(f"('{one}', '{other}')" for one, other in sorted(pairs))


_STEPS = f"""
    SELECT e.stream_id, e.sequence, r.state,
        lag(r.state) OVER (PARTITION BY e.stream_id ORDER BY e.sequence) AS before,
        lead(r.state) OVER (PARTITION BY e.stream_id ORDER BY e.sequence) IS NULL AS is_last
    FROM journal_entry e JOIN (VALUES {_values({(k, str(s)) for k, s in REACHED_BY.items()})}) AS r(kind, state) USING (kind)
    WHERE e.stream = 'order'
"""  # noqa: S608 - made of our own words

STANDS_WHERE_RECORDED = Check(
    rule="orders stand where their journal says",
    finds=f"""
        WITH steps AS ({_STEPS})
        SELECT o.id AS order_id, o.reference, o.state, coalesce(s.state, 'nothing') AS recorded
        FROM orders_order o LEFT JOIN steps s ON s.stream_id = o.id AND s.is_last WHERE s.state IS DISTINCT FROM o.state
    """,  # noqa: S608
    says="Order {reference} is {state}, but the last step in its journal is {recorded}.",
)

BY_THE_TABLE = Check(
    rule="orders move by the transition table",
    finds=f"""
        WITH steps AS ({_STEPS})
        SELECT o.id AS order_id, o.reference, coalesce(s.before, 'nothing') AS before, s.state
        FROM steps s JOIN orders_order o ON o.id = s.stream_id
        WHERE (coalesce(s.before, ''), s.state) NOT IN (
            VALUES {_values({(t.source, t.target) for t in ORDER.transitions} | {("", ORDER.initial)})})
    """,  # noqa: S608
    says="Order {reference} went from {before} to {state}, which the transition table does not know.",
)

RECORDED_ARE_KEPT = Check(
    rule="every placed order is kept",
    finds="""
        SELECT e.stream_id AS order_id FROM journal_entry e
        WHERE e.stream = 'order' AND e.kind = 'OrderPlaced'
            AND NOT EXISTS (SELECT 1 FROM orders_order o WHERE o.id = e.stream_id)
    """,
    says="Order number {order_id} was placed, but its row is gone.",
)

ADDS_UP = Check(
    rule="orders add up",
    finds="""
        SELECT o.id AS order_id, o.reference, o.total, coalesce(n.lines, 0) + o.freight + o.tax + o.charges AS summed
        FROM orders_order o
        LEFT JOIN (SELECT order_id, sum(round(quantity * unit_price, 2)) AS lines FROM orders_line WHERE NOT cancelled
            GROUP BY 1) n ON n.order_id = o.id
        WHERE abs(o.total - coalesce(n.lines, 0) - o.freight - o.tax - o.charges)
            > 0.01 * (SELECT count(*) FROM orders_line c WHERE c.order_id = o.id)
    """,
    says="Order {reference} totals {total}, but its lines, freight, tax and charges sum up to {summed}.",
)

DELIVERED_WHEN = Check(
    rule="deliveries are dated as they were recorded",
    finds="""
        SELECT o.id AS order_id, o.reference, o.delivered_at AS held, e.at AS recorded FROM orders_order o
        JOIN (SELECT DISTINCT ON (stream_id) stream_id, (data->>'delivered_at')::timestamptz AS at FROM journal_entry
            WHERE stream = 'order' AND kind = 'OrderDelivered' ORDER BY stream_id, sequence DESC) e ON e.stream_id = o.id
        WHERE o.state IN ('delivered', 'completed', 'closed') AND o.delivered_at IS DISTINCT FROM e.at
    """,
    says="Order {reference} counts as delivered at {held}, but the journal recorded {recorded}.",
)

CHECKS = (STANDS_WHERE_RECORDED, BY_THE_TABLE, RECORDED_ARE_KEPT, ADDS_UP, DELIVERED_WHEN)
