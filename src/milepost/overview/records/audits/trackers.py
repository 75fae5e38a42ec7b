"""Trackers and parcels agree: each parcel on its way is tracked, nothing else is, carriers' pages are looked after (TRK-4)."""

from milepost.overview.records.words import Check

TRACKED = Check(
    rule="every parcel on its way is tracked",
    finds="""
        SELECT p.order_id, coalesce(o.reference, p.order_id::text) AS reference, p.id AS parcel_id, p.shipment_id,
            p.tracking_number
        FROM fulfilment_parcel p LEFT JOIN orders_order o ON o.id = p.order_id
        WHERE p.shipped_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM tracking_progress t WHERE t.parcel_id = p.id)
    """,
    says="Parcel {tracking_number} of order {reference} was handed over, but nobody tracks it.",
)

NO_ORPHANS = Check(
    rule="no tracker is an orphan",
    finds="""
        SELECT t.order_id, t.parcel_id, t.events FROM tracking_progress t
        WHERE NOT EXISTS (SELECT 1 FROM fulfilment_parcel p WHERE p.id = t.parcel_id AND p.order_id = t.order_id
            AND p.shipped_at IS NOT NULL)
    """,
    says="Parcel {parcel_id} is tracked ({events} events), but no such parcel was handed over.",
)

LINKS_ALIVE = Check(
    rule="broken tracking links are on a desk",
    finds="""
        SELECT l.order_id, l.parcel_id, l.carrier, l.detail, l.url FROM tracking_link l
        WHERE l.state = 'broken' AND l.next_check_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM duties_duty d WHERE d.kind = 'repair_link' AND d.subject_id = l.carrier AND d.closed_at IS NULL)
    """,
    says="The tracking link of parcel {parcel_id} at {carrier} is broken ({detail}), and it is nobody's duty.",
)

LINKS_FRESH = Check(
    rule="tracking links are looked at in time",
    finds="""
        SELECT l.order_id, l.parcel_id, l.carrier, l.next_check_at FROM tracking_link l
        WHERE l.next_check_at < %(now)s - interval '6 hours'
    """,
    says="The tracking link of parcel {parcel_id} at {carrier} should have been looked at by {next_check_at:%Y-%m-%d %H:%M}.",
)

CHECKS = (TRACKED, NO_ORPHANS, LINKS_ALIVE, LINKS_FRESH)
