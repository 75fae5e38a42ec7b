"""A house of some thousand orders, made by a few statements, so that PostgreSQL plans as it does for many."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

ORDERS = 6000
PLACEHOLDER = re.compile(r"%([sbt%])")


@pytest.fixture
def thousands(db: None) -> None:
    """Six thousand orders of fifteen hundred customers; some held, delayed, late, shipped, told."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in _ROWS:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


Plans = Callable[[Callable[[], Any]], list[str]]


@pytest.fixture
def plans(db: None) -> Plans:
    """The plans of all statements of a read, as they are made once for every value (`plan_cache_mode=force_generic_plan`)."""

    def made(read: Callable[[], Any]) -> list[str]:
        asked: list[tuple[str, Any]] = []

        def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
            if statement.lstrip(" \n(").startswith(("SELECT", "WITH")) and "set_config" not in statement:
                asked.append((statement, values))
            return execute(statement, values, many, context)

        with connection.execute_wrapper(note):
            read()
        return [_plan(statement, values or ()) for statement, values in asked]

    return made


def _plan(statement: str, values: Any) -> str:
    number = iter(range(1, 1000))
    text = PLACEHOLDER.sub(lambda one: "%" if one[1] == "%" else f"${next(number)}", statement)
    words = "milepost_" in statement
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"SET LOCAL enable_seqscan = {'off' if words else 'on'}")
        cursor.execute(f"SET LOCAL enable_indexscan = {'off' if words else 'on'}")
        raw = cursor.cursor.connection
        raw.execute(sql.SQL("PREPARE pinned AS {}").format(sql.SQL(text)))
        given = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, values))) if values else sql.SQL("")
        plan = "\n".join(line for (line,) in raw.execute(sql.SQL("EXPLAIN EXECUTE pinned {}").format(given)).fetchall())
        raw.execute("DEALLOCATE pinned")
        cursor.execute("SET LOCAL enable_seqscan = on")
        cursor.execute("SET LOCAL enable_indexscan = on")
    return plan


TABLES = (
    "parties_customer", "catalog_item", "orders_order", "orders_line", "orders_hold", "fulfilment_shipment", "fulfilment_parcel",
    "promising_promise", "cases_case", "notices_notice", "duties_duty", "stock_backorder", "intake_request",
)  # fmt: skip
_WHEN = "'2026-01-01T08:00Z'::timestamptz + n * interval '1 minute'"
_ROWS = (
    f"""
    INSERT INTO parties_customer (id, external_ref, name, email, phone, language, zone, blocked_because, created_at)
    SELECT n, 'C' || n, (ARRAY['Ada Okafor', 'Bruno Keller', 'Chiara Conti', 'Dario Novak'])[1 + mod(n, 4)] || ' ' || n,
        'customer' || n || '@shoppers.example', '+49 30 ' || 900000 + n, '', '', '', {_WHEN} FROM generate_series(1, 1500) n
    """,
    """
    INSERT INTO catalog_item (id, code, name, unit, price, currency, active, listed_at)
    SELECT n, 'PART-' || n, (ARRAY['Kettle', 'Mug', 'Lamp', 'Bowl'])[1 + mod(n, 4)] || ' of steel, size ' || n, 'piece', 1, 'EUR',
        true, now() FROM generate_series(1, 1000) n
    """,
    f"""
    INSERT INTO orders_order (id, reference, external_ref, request_id, customer_id, state, channel, contact_name, email, phone,
        language, zone, ship_to, currency, items_total, freight, total, po_number, payment_reference, instructions, service,
        history, received_at, placed_at, delivered_at, cancel_reason, version)
    SELECT n, 'M' || lpad(n::text, 9, '0'), 'WEB-' || n, gen_random_uuid(), 1 + mod(n * 7, 1500),
        CASE WHEN n > 5900 THEN 'received' WHEN n > 5700 THEN 'packed' ELSE 'closed' END, 'api', 'Ada', 'c' || n || '@x.example',
        '', 'en', 'Europe/Berlin', '{{}}', 'EUR', 1, 0, 1, CASE WHEN mod(n, 3) = 0 THEN 'PO-' || n ELSE '' END, '', '', '', false,
        {_WHEN}, {_WHEN}, NULL, '', 1
    FROM generate_series(1, {ORDERS}) n
    """,
    f"""
    INSERT INTO orders_line (order_id, position, item_id, code, name, quantity, unit, unit_price, instructions, cancelled)
    SELECT n, p, 1 + mod(n * p, 1000), '', '', 1, 'piece', 1, '', false FROM generate_series(1, {ORDERS}) n, generate_series(1, 2) p
    """,
    f"""
    INSERT INTO orders_hold (id, order_id, kind, reason, role, blocking, approver, evidence, opened_at, opened_by, proposed_by,
        released_at, released_by, outcome)
    SELECT gen_random_uuid(), n, 'payment', '', 'order_management', true, '', '{{}}', {_WHEN}, '', '',
        CASE WHEN n < 5900 THEN now() END, '', '' FROM generate_series(4000, {ORDERS}) n
    """,
    f"""
    INSERT INTO fulfilment_shipment (id, order_id, number, state, reached, carrier, service, complete, packed_at, shipped_at)
    SELECT n, n, 1, CASE WHEN n > 5700
            THEN (ARRAY['packed', 'shipped', 'in_transit', 'lost'])[1 + mod(n, 4)] ELSE 'delivered' END, 'shipped', 'dhl', '', true,
        {_WHEN}, {_WHEN}
    FROM generate_series(1, 5900) n
    """,
    """
    INSERT INTO fulfilment_parcel (id, order_id, shipment_id, number, carrier, tracking_number, own_number, shipped_at)
    SELECT n, n, n, 1, 'dhl', 'JJD' || n, false, now() FROM generate_series(1, 5900) n
    """,
    f"""
    INSERT INTO promising_promise (id, order_id, sequence, earliest_on, latest_on, latest_at, basis, confidence, cause, explanation,
        made_at, made_by, stands, awaited)
    SELECT gen_random_uuid(), n, 1, '2026-01-05', '2026-01-06', {_WHEN} + interval '3 days', 'stock', 90, '', '', now(), '', true,
        n > 5700 FROM generate_series(1, {ORDERS}) n
    """,
    f"""
    INSERT INTO cases_case (id, order_id, kind, cause, found_by, found_at, due_was, new_latest_on, sign, revisions, note,
        resolved_at, outcome)
    SELECT gen_random_uuid(), n, 'delay', 'weather', 'clock', {_WHEN}, '2026-01-06', '2026-01-09', 'stalled', 0, '',
        CASE WHEN n < 5800 THEN now() END, CASE WHEN n < 5800 THEN 'delivered' ELSE '' END FROM generate_series(3000, {ORDERS}) n
    """,
    f"""
    INSERT INTO notices_notice (id, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank,
        lasting, because, data, state, reason, trace, attempts, failures, planned_at, sent_at)
    SELECT gen_random_uuid(), {_WHEN}, n, 'receipt_note', 'received', 'customer', 'customer:' || n, 'email', 'en', 1, false,
        'OrderReceived', '{{}}', 'sent', '', '[]', 1, 0, {_WHEN}, {_WHEN} FROM generate_series(1, {ORDERS}) n
    """,
    """
    INSERT INTO stock_backorder (id, order_id, position, item_id, quantity, state, opened_at, since, near, together)
    SELECT gen_random_uuid(), n, 1, 1 + mod(n, 20), 1, CASE WHEN n > 5900 THEN 'open' ELSE 'filled' END, now(), now(), '', false
    FROM generate_series(5000, 6000) n
    """,
    f"""
    INSERT INTO intake_request (id, order_id, reference, channel, ordered_by, external_ref, po_number, sender, state, received_at,
        content_type, raw, draft, origins, asked, history)
    SELECT gen_random_uuid(), n, 'M' || n, 'email', '', '', '', 'ada@x.example', 'placed',
        {_WHEN}, 'text/plain', '', NULL, '{{}}', 0, false FROM generate_series(1, {ORDERS}) n
    """,
)
