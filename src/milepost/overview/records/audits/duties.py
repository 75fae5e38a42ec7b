"""Every open order always has a next step, an owner and a time by which it is due."""

from milepost.overview.records.words import Check

NEVER_QUIET = Check(
    rule="open orders have a duty",
    finds="""
        SELECT o.id AS order_id, o.reference, o.state FROM orders_order o
        WHERE o.state NOT IN ('closed', 'cancelled') AND NOT EXISTS (
            SELECT 1 FROM duties_duty d WHERE d.order_id = o.id AND d.closed_at IS NULL)
    """,
    says="Order {reference} is {state}, but it is nobody's duty to do anything about it.",
)

WATCHED = Check(
    rule="open duties have an owner and a time",
    finds="""
        SELECT d.order_id, d.kind, d.subject_kind, d.subject_id FROM duties_duty d
        WHERE d.closed_at IS NULL AND (d.role = '' OR d.due_at IS NULL)
    """,
    says="The duty to {kind} of {subject_kind} {subject_id} belongs to nobody.",
)

REQUESTS = Check(
    rule="open requests have a duty",
    finds="""
        SELECT r.order_id, r.reference FROM intake_request r
        WHERE r.state = 'open' AND NOT EXISTS (
            SELECT 1 FROM duties_duty d WHERE d.order_id = r.order_id AND d.kind = 'complete_request' AND d.closed_at IS NULL)
    """,
    says="Request {reference} waits to be completed, but it is nobody's duty.",
)

CHECKS = (NEVER_QUIET, WATCHED, REQUESTS)
