"""What was told was so when it was told: every message that left is held against the journal as it stood at that instant (NTF-4).

A message is written from the ledger and read again before it leaves; this looks at it once more from outside, by what the journal
had recorded when its words were written.
"""

from collections.abc import Mapping

from milepost.overview.records.words import Check

_STAGES = (
    "OrderReceived", "OrderConfirmed", "OrderProcessing", "OrderPacked", "OrderShipped", "OrderInTransit", "OrderOutForDelivery",
    "OrderDelivered", "OrderCompleted", "OrderReopened", "OrderClosed", "OrderCancelled",
)  # fmt: skip
_ENDS = ("OrderDelivered", "OrderCompleted", "OrderClosed", "OrderCancelled")
NEEDS = {
    "acknowledgement": ("OrderConfirmed",),
    "shipment_notice": ("ShipmentShipped",),
    "out_for_delivery": ("OrderOutForDelivery",),
    "delivery_confirmation": ("OrderDelivered",),
    "delay_notice": ("DelayFound",),
    "cancellation": ("OrderCancelled",),
    "backorder_notice": ("LinesBackordered",),
    "amended_order": ("OrderAmended",),
}
"""What must have happened before a message says so."""
STANDS = {
    "out_for_delivery": ("OrderOutForDelivery",),
    "delivery_confirmation": ("OrderDelivered", "OrderCompleted", "OrderClosed"),
    "cancellation": ("OrderCancelled",),
    "delay_notice": tuple(one for one in _STAGES if one not in _ENDS),
    "shipment_notice": tuple(one for one in _STAGES if one != "OrderCancelled"),
}  # fmt: skip
"""Which step must have been the last when a message says how an order stands."""


def _rows(table: Mapping[str, tuple[str, ...]]) -> str:
    """The table as rows of SQL; the words are ours."""
    return ", ".join(f"('{template}', ARRAY[{', '.join(map(repr, kinds))}])" for template, kinds in table.items())


_LEFT = """
    SELECT n.id, n.order_id, o.reference, n.template, n.data, a.began_at, a.subject, a.text, a.html
    FROM notices_attempt a JOIN notices_notice n ON n.id = a.notice_id AND n.filed_at = a.filed_at
    JOIN orders_order o ON o.id = n.order_id
    WHERE a.result = 'sent' AND n.audience IN ('customer', 'recipient') AND n.channel IN ('email', 'sms', 'web_push')
"""

HAPPENED = Check(
    rule="what was told had happened",
    finds=f"""
        SELECT l.id AS notice_id, l.order_id, l.reference, l.template, l.began_at FROM ({_LEFT}) l
        JOIN (VALUES {_rows(NEEDS)}) AS w(template, kinds) USING (template)
        WHERE NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.stream = 'order' AND e.stream_id = l.order_id
            AND e.kind = ANY(w.kinds) AND e.recorded_at <= l.began_at)
    """,  # noqa: S608 - our own words
    says="The message {template} of order {reference} left at {began_at:%Y-%m-%d %H:%M}, before that had happened.",
)

STOOD = Check(
    rule="what was told still stood",
    finds=f"""
        SELECT l.id AS notice_id, l.order_id, l.reference, l.template, l.began_at, s.kind FROM ({_LEFT}) l
        JOIN (VALUES {_rows(STANDS)}) AS w(template, kinds) USING (template)
        CROSS JOIN LATERAL (SELECT e.kind FROM journal_entry e WHERE e.stream = 'order' AND e.stream_id = l.order_id
            AND e.kind IN ({", ".join(map(repr, _STAGES))}) AND e.recorded_at <= l.began_at
            ORDER BY e.sequence DESC LIMIT 1) s
        WHERE s.kind <> ALL(w.kinds)
    """,  # noqa: S608 - our own words
    says="The message {template} of order {reference} left at {began_at:%Y-%m-%d %H:%M}, when the last step was {kind}.",
)

DATES = Check(
    rule="dates that were told are in the promise ledger",
    finds=f"""
        SELECT l.id AS notice_id, l.order_id, l.reference, l.template, l.data->>'new_latest_on' AS told FROM ({_LEFT}) l
        WHERE l.data->>'new_latest_on' IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM promising_promise p WHERE p.order_id = l.order_id
                AND p.latest_on = (l.data->>'new_latest_on')::date AND p.made_at <= l.began_at)
    """,  # noqa: S608 - our own words
    says="The message {template} of order {reference} told the date {told}, which no promise had at that time.",
)

NAMED = Check(
    rule="messages name their order and their parcels",
    finds=f"""
        SELECT l.id AS notice_id, l.order_id, l.reference, l.template, missing.word FROM ({_LEFT}) l
        CROSS JOIN LATERAL (
            SELECT l.reference AS word
            UNION ALL
            SELECT number FROM journal_entry e CROSS JOIN jsonb_array_elements_text(e.data->'tracking_numbers') AS number
            WHERE l.template = 'shipment_notice' AND e.stream = 'order' AND e.stream_id = l.order_id
                AND e.kind = 'ShipmentShipped' AND e.data->>'shipment_id' = l.data->>'shipment_id'
                AND NOT EXISTS (SELECT 1 FROM journal_entry c WHERE c.stream = 'order' AND c.stream_id = l.order_id
                    AND c.kind = 'LabelCorrected' AND c.data->>'was_number' = number AND c.recorded_at <= l.began_at)
        ) AS missing
        WHERE l.template NOT IN ('sign_in_code', 'link_code', 'order_link')
            AND strpos(l.subject || ' ' || l.text || ' ' || l.html, missing.word) = 0
    """,  # noqa: S608 - our own words
    says="The message {template} of order {reference} does not name {word}.",
)

CHECKS = (HAPPENED, STOOD, DATES, NAMED)
