"""A promise is revised, never overwritten."""

from milepost.overview.records.words import Check

PROMISED = Check(
    rule="every order has a promise that stands",
    finds="""
        SELECT o.id AS order_id, o.reference, count(p.id) FILTER (WHERE p.stands) AS standing
        FROM orders_order o LEFT JOIN promising_promise p ON p.order_id = o.id
        GROUP BY o.id, o.reference HAVING count(p.id) FILTER (WHERE p.stands) <> 1
    """,
    says="Order {reference} has {standing} promises that stand, instead of one.",
)

LEDGER = Check(
    rule="the promise ledger has no gaps",
    finds="""
        SELECT o.id AS order_id, o.reference, count(*) AS rows, min(p.sequence) AS first, max(p.sequence) AS last
        FROM promising_promise p JOIN orders_order o ON o.id = p.order_id
        GROUP BY o.id, o.reference
        HAVING min(p.sequence) <> 1 OR max(p.sequence) <> count(*) OR count(*) <> count(DISTINCT p.sequence)
    """,
    says="The promises of order {reference} are numbered {first} to {last}, but there are {rows} of them.",
)

LAST_STANDS = Check(
    rule="the last promise stands",
    finds="""
        SELECT o.id AS order_id, o.reference, p.sequence FROM promising_promise p JOIN orders_order o ON o.id = p.order_id
        WHERE p.stands AND EXISTS (SELECT 1 FROM promising_promise l WHERE l.order_id = p.order_id AND l.sequence > p.sequence)
    """,
    says="Promise {sequence} of order {reference} stands, although a later one was made.",
)

AS_RECORDED = Check(
    rule="promises are as they were recorded",
    finds="""
        SELECT coalesce(p.order_id, e.stream_id) AS order_id, o.reference,
            coalesce(p.latest_on::text, 'nothing') AS held, coalesce(e.latest_on, 'nothing') AS recorded
        FROM promising_promise p
        FULL JOIN (
            SELECT stream_id, (data->>'promise_id')::uuid AS id, data->>'latest_on' AS latest_on,
                data->>'earliest_on' AS earliest_on, (data->>'latest_at')::timestamptz AS latest_at
            FROM journal_entry WHERE kind IN ('PromiseMade', 'PromiseRevised')
        ) e ON e.id = p.id AND e.stream_id = p.order_id
        LEFT JOIN orders_order o ON o.id = coalesce(p.order_id, e.stream_id)
        WHERE p.id IS NULL OR e.id IS NULL
            OR (p.latest_on::text, p.earliest_on::text, p.latest_at) <> (e.latest_on, e.earliest_on, e.latest_at)
    """,
    says="A promise of order {reference} says {held}, but the journal recorded {recorded}.",
)

CHECKS = (PROMISED, LEDGER, LAST_STANDS, AS_RECORDED)
