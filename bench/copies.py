"""A house that was filled by its commands, several times over: its orders with all their rows, under numbers of their own.

A walk to the end takes some six milliseconds of Python an order, so a million are made by copying a tenth of them nine times. What
lists, searches and pages read is copied; of the journal's facts and chains those of the first copy alone, so that a house made like
this is for measuring its reads: its audit finds what was left out.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

ORDER, CUSTOMER, SHIPMENT, PARCEL = "{order}", "{customer}", "{shipment}", "{parcel}"
SHIFTED = {
    "order_id": ORDER, "customer_id": CUSTOMER, "shipment_id": SHIPMENT, "parcel_id": PARCEL, "orders_order.id": ORDER,
    "parties_customer.id": CUSTOMER, "fulfilment_shipment.id": SHIPMENT, "fulfilment_parcel.id": PARCEL,
}  # fmt: skip
OTHERS = {
    "orders_order.reference": "(SELECT r.reference FROM new_references r WHERE r.id = s.id + {order})",
    "intake_request.reference": "(SELECT r.reference FROM new_references r WHERE r.id = s.order_id + {order})",
    "orders_order.external_ref": "regexp_replace(s.external_ref, '^WEB-.*', 'WEB-' || s.id + {order})",
    "orders_order.po_number": "regexp_replace(s.po_number, '^PO-.*', 'PO-' || s.id + {order})",
    "intake_request.external_ref": "regexp_replace(s.external_ref, '^WEB-.*', 'WEB-' || s.order_id + {order})",
    "intake_request.po_number": "regexp_replace(s.po_number, '^PO-.*', 'PO-' || s.order_id + {order})",
    "orders_order.email": "regexp_replace(s.email, '\\d+@', (s.customer_id + {customer}) || '@')",
    "orders_order.phone": "'+49 30 ' || 9000000 + s.customer_id + {customer}",
    "parties_customer.external_ref": "'C' || substring(s.external_ref, 2)::bigint + 1000000 * {copy}",
    "parties_customer.email": "regexp_replace(s.email, '\\d+@', (s.id + {customer}) || '@')",
    "parties_customer.phone": "'+49 30 ' || 9000000 + s.id + {customer}",
    "fulfilment_parcel.tracking_number": (
        "CASE WHEN s.tracking_number ~ '^(JJD0003|86|1Z6V78)' THEN substring(s.tracking_number, '^(?:JJD0003|86|1Z6V78)') "
        "|| lpad((s.order_id + {order})::text, length(s.tracking_number) - length(substring(s.tracking_number, "
        "'^(?:JJD0003|86|1Z6V78)')), '0') ELSE s.tracking_number END"
    ),
    "duties_duty.subject_id": (
        "CASE WHEN s.subject_kind = 'order' THEN (s.order_id + {order})::text WHEN s.subject_kind = 'shipment' "
        "AND s.subject_id ~ '^[0-9]+$' THEN (s.subject_id::bigint + {shipment})::text ELSE s.subject_id END"
    ),
    "notices_notice.recipient_key": (
        "CASE WHEN s.recipient_key ~ '^customer:[0-9]+$' "
        "THEN 'customer:' || (substring(s.recipient_key, 10)::bigint + {customer}) ELSE s.recipient_key END"
    ),
    "notices_mailbox_message.reference": "md5(s.reference || '{copy}')",
    "journal_entry.stream_id": "s.stream_id + {order}",
    "journal_chain.stream_id": "s.stream_id + {order}",
}
ONLY = {
    "journal_entry": "s.stream = 'order'", "journal_chain": "s.stream = 'order'", "stock_movement": "s.order_id IS NOT NULL",
    "duties_duty": "s.order_id IS NOT NULL", "notices_notice": "s.order_id IS NOT NULL",
    "intake_request": "s.order_id IS NOT NULL",
    "notices_attempt": "s.notice_id IN (SELECT id FROM notices_notice WHERE order_id IS NOT NULL)",
    "notices_mailbox_message": "s.order_id IS NOT NULL",
}  # fmt: skip
ONCE = ("journal_entry", "journal_chain")
TABLES = (
    "parties_customer", "orders_order", "orders_line", "orders_hold", "intake_request", "intake_finding", "promising_promise",
    "stock_allocation", "stock_movement", "stock_backorder", "fulfilment_release", "fulfilment_shipment", "fulfilment_parcel",
    "fulfilment_parcel_line", "tracking_event", "tracking_progress", "delivery_proof", "closeout_acceptance", "cases_case",
    "cases_offer", "cases_offer_line", "duties_duty", "notices_notice", "notices_attempt", "notices_mailbox_message", *ONCE,
)  # fmt: skip
COUNTED = {
    ORDER: "orders_order",
    CUSTOMER: "parties_customer",
    SHIPMENT: "fulfilment_shipment",
    PARCEL: "fulfilment_parcel",
}


def copy(times: int, says: Callable[[str], None] = print) -> None:
    """Copy all that is there so many times."""
    steps = {name: _last(table) + 1 for name, table in COUNTED.items()}
    ceilings = {table: _last(table) for table in COUNTED.values()}
    for number in range(1, times + 1):
        shifts = {name.strip("{}"): step * number for name, step in steps.items()}
        with transaction.atomic():
            _run("SET LOCAL session_replication_role = replica")
            _new_references(shifts["order"], ceilings["orders_order"])
            for table in TABLES:
                if number == 1 or table not in ONCE:
                    _run(_statement(table, {**shifts, "copy": number}, ceilings, steps))
        says(f"copy {number} of {times}")
    _go_on_after()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def _new_references(shift: int, last: int) -> None:
    from milepost.way.intake.numbers import references

    make = references().make
    _run("CREATE TEMP TABLE IF NOT EXISTS new_references (id bigint PRIMARY KEY, reference text)")
    _run("TRUNCATE new_references")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders_order WHERE id <= %s", [last])
        ids = [number + shift for (number,) in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO new_references SELECT * FROM unnest(%b::bigint[], %b::text[])",
            [ids, [make(one) for one in ids]],
        )
    _run("ANALYZE new_references")


def _statement(table: str, shifts: dict[str, int], ceilings: dict[str, int], steps: dict[str, int]) -> str:
    names, values = [], []
    for name, kind in _columns(table):
        names.append(f'"{name}"')
        values.append(_value(table, name, kind).format(**shifts))
    conditions = [ONLY.get(table, "true")]
    own = {"journal_entry": "stream_id", "journal_chain": "stream_id"}.get(table)
    if table in ceilings:
        conditions.append(f"s.id <= {ceilings[table]}")
    elif own or any(name == '"order_id"' for name in names):
        conditions.append(f"s.{own or 'order_id'} <= {ceilings['orders_order']}")
    elif table == "notices_attempt":
        conditions = [f"s.notice_id IN (SELECT id FROM notices_notice WHERE order_id <= {ceilings['orders_order']})"]
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} s WHERE {' AND '.join(conditions)}"


def _value(table: str, name: str, kind: str) -> str:
    other = OTHERS.get(f"{table}.{name}")
    if other:
        return other
    shift = SHIFTED.get(f"{table}.{name}") or SHIFTED.get(name)
    if shift:
        return f's."{name}" + {shift}'
    if kind == "uuid":
        return f"""(left(s."{name}"::text, 18) || substr(md5(s."{name}"::text || '{{copy}}')::uuid::text, 19))::uuid"""
    return f's."{name}"'


def _columns(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND attgenerated = ''", [table],
        )  # fmt: skip
        return list(cursor.fetchall())


def _go_on_after() -> None:
    """New rows get numbers of their own."""
    for table in ("parties_customer", "fulfilment_shipment", "fulfilment_parcel"):
        _run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {_last(table)})")
    _run(f"SELECT setval('intake_order_numbers', {_last('orders_order')})")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
