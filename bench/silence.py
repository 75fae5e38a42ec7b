"""What looking after parcels costs when many are under way: sweeps for silence and for passed promises, and learning lanes.

    python -m bench.silence

A throw-away embedded cluster (as shipped) holds so many parcels, a tenth of them delivered, with their orders and promises,
made by SQL; everything measured is done by the house's own verbs. Timed are sweeps that find nothing due, at a hundredth of the
parcels and at all of them; looks at parcels that are due and still within the usual; parcels that fall silent, each with its
delay, its new promise, duty and messages; and learning what is usual from what was delivered. Every silent parcel must have
one concern and one delay.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.allocation import database
from bench.serving import table

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday."""
IDLE_SWEEPS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=1_000_000, help="on record (default: %(default)s)")
    parser.add_argument("--due", type=int, default=20_000, help="parcels to be looked at (default: %(default)s)")
    parser.add_argument("--silent", type=int, default=2_000, help="parcels that fall silent (default: %(default)s)")
    parser.add_argument(
        "--stories", type=int, default=50_000, help="delivered ones to learn from (default: %(default)s)"
    )
    parser.add_argument("--database", help="a migrated database with nothing in it (default: one of our own)")
    asked = parser.parse_args()
    with database(asked.database) as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
        import django

        django.setup()
        faults = _measure(asked)
    for fault in faults:
        print(f"DISAGREES  {fault}")
    return 1 if faults else 0


def _measure(asked: argparse.Namespace) -> list[str]:
    few, most = asked.parcels // 100, asked.parcels
    lines = []
    done = 0
    for count in (few, most):
        _fill(done, count)
        done = count
        _run("ANALYZE")
        lines += [
            (f"nothing due, {count:,} parcels: {name}", f"{_idle(sweep):8.2f} ms") for name, sweep in _sweeps().items()
        ]
    looked = _looks(asked.due)
    noticed = _silence(asked.silent)
    _stories(asked.stories)
    learned, lanes = _learn()
    lines += [
        ("looked at, nothing unusual", f"{asked.due / looked:8.0f} /s"),
        ("fell silent: concern, delay, promise, duty, messages", f"{asked.silent / noticed:8.0f} /s"),
        (f"learned from {asked.stories:,} stories of 7 scans", f"{learned:8.1f} s, {lanes} figures"),
    ]
    table("Looking after parcels", lines)
    return _disagreements(asked.silent)


def _sweeps() -> dict[str, Callable[[], Any]]:
    from milepost.way.cases import commands as cases
    from milepost.way.tracking import commands as tracking

    return {
        "silence": lambda: tracking.look_after(act=_clock(NOW)),
        "passed promises": lambda: cases.find_delays(act=_clock(NOW)),
    }


def _clock(at: datetime) -> Any:
    from milepost.kernel.acts import Act

    return Act.now("system:clock", channel="worker", now=at)


def _idle(sweep: Callable[[], Any]) -> float:
    """Milliseconds of a sweep that finds nothing, the median of some."""
    times = []
    for _ in range(IDLE_SWEEPS):
        began = time.perf_counter()
        sweep()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2] * 1000


def _looks(count: int) -> float:
    """Seconds to look at so many parcels that are due and not unusual."""
    _run(
        "UPDATE tracking_progress SET look_at = %s WHERE parcel_id <= %s AND stage = 'in_transit'", NOW, count * 10 // 9
    )
    return _swept(NOW)


def _silence(count: int) -> float:
    """Seconds in which so many parcels, all that are due, are found silent."""
    from milepost.way.tracking.models import ParcelProgress

    _run("UPDATE tracking_progress SET look_at = NULL")
    ids = list(
        ParcelProgress.objects.filter(stage="in_transit")
        .order_by("parcel_id")
        .values_list("parcel_id", flat=True)[:count]
    )
    _run(
        "UPDATE tracking_progress SET look_at = %s, last_event_at = %s WHERE parcel_id = ANY(%s)", NOW,
        NOW - timedelta(days=9), ids,
    )  # fmt: skip
    return _swept(NOW)


def _swept(now: datetime) -> float:
    from milepost.way.tracking import commands as tracking

    began = time.perf_counter()
    while tracking.look_after(act=_clock(now)):
        pass
    return time.perf_counter() - began


def _learn() -> tuple[float, int]:
    from milepost.way.tracking import commands as tracking

    began = time.perf_counter()
    lanes = tracking.learn_lanes(act=_clock(NOW))
    return time.perf_counter() - began, lanes


def _disagreements(silent: int) -> list[str]:
    from django.db import connection

    found = []
    for what, statement in (
        ("concerns", "SELECT count(*), count(DISTINCT parcel_id) FROM tracking_concern WHERE ended_at IS NULL"),
        (
            "delays",
            "SELECT count(*), count(DISTINCT order_id) FROM cases_case WHERE resolved_at IS NULL AND sign = 'stalled'",
        ),
    ):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            counted = cursor.fetchone()
        if counted != (silent, silent):
            found.append(f"{silent} fell silent, but {what} are {counted}")
    return found


def _run(statement: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def _fill(done: int, count: int) -> None:
    """Orders, shipments, parcels, promises and progress with the ids after `done` up to `count`; each tenth was delivered."""
    from django.db import connection, transaction

    from milepost.ground.parties.models import Customer

    Customer.objects.get_or_create(
        id=1, defaults={"name": "Ada", "external_ref": "C1", "zone": "Europe/Berlin", "created_at": NOW}
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in _ROWS:
            cursor.execute(statement, {"now": NOW, "from": done + 1, "to": count})


_ROWS = (
    """
    INSERT INTO orders_order (id, reference, external_ref, request_id, customer_id, state, channel, contact_name, email, phone,
        language, zone, ship_to, currency, items_total, freight, total, po_number, payment_reference, instructions, service,
        history, received_at, placed_at, delivered_at, cancel_reason, version)
    SELECT n, 'B' || n, '', gen_random_uuid(), 1, CASE WHEN mod(n, 10) = 0 THEN 'delivered' ELSE 'in_transit' END, 'api', 'Ada',
        'ada' || n || '@shoppers.example', '', 'en', 'Europe/Berlin',
        jsonb_build_object('name', 'Ada', 'country', 'DE', 'postal_code', (10000 + mod(n, 89999))::text), 'EUR', 1, 0, 1, '', '',
        '', 'standard', false, %(now)s, %(now)s, CASE WHEN mod(n, 10) = 0 THEN %(now)s::timestamptz END, '', 1
    FROM generate_series(%(from)s::bigint, %(to)s::bigint) n
    """,
    """
    INSERT INTO fulfilment_shipment (id, order_id, number, state, reached, carrier, service, complete, packed_at, shipped_at)
    SELECT n, n, 1, 'in_transit', 'in_transit', 'dhl', 'standard', true, %(now)s, %(now)s
    FROM generate_series(%(from)s::bigint, %(to)s::bigint) n
    """,
    """
    INSERT INTO fulfilment_parcel (id, order_id, shipment_id, number, carrier, tracking_number, own_number, shipped_at)
    SELECT n, n, n, 1, 'dhl', 'JJD' || n, false, %(now)s FROM generate_series(%(from)s::bigint, %(to)s::bigint) n
    """,
    """
    INSERT INTO promising_promise (id, order_id, sequence, earliest_on, latest_on, latest_at, basis, confidence, cause, explanation,
        made_at, made_by, stands, awaited)
    SELECT gen_random_uuid(), n, 1, '2026-11-17', '2026-11-18',
        %(now)s::timestamptz + CASE WHEN mod(n, 10) = 0 THEN '-1 day'::interval ELSE '14 hours' END,
        'stock', 90, '', '', %(now)s, '', true, mod(n, 10) > 0
    FROM generate_series(%(from)s::bigint, %(to)s::bigint) n
    """,
    """
    INSERT INTO tracking_progress (parcel_id, order_id, shipment_id, stage, reached, leg, events, since_at, delivered_at,
        delivered_as, delay_cause, last_event_at, handed_at, lane, look_at)
    SELECT n, n, n, CASE WHEN mod(n, 10) = 0 THEN 'delivered' ELSE 'in_transit' END,
        CASE WHEN mod(n, 10) = 0 THEN 'delivered' ELSE 'in_transit' END, 1, 7, %(now)s::timestamptz - '20 hours'::interval,
        CASE WHEN mod(n, 10) = 0 THEN %(now)s::timestamptz END, '', '', %(now)s::timestamptz - '10 hours'::interval,
        %(now)s::timestamptz - '70 hours'::interval, 'dhl|standard|main|de:' || lpad(mod(n, 90)::text, 2, '0'),
        CASE WHEN mod(n, 10) > 0 THEN %(now)s::timestamptz + make_interval(mins => 1 + mod(n, 3000)::int) END
    FROM generate_series(%(from)s::bigint, %(to)s::bigint) n
    """,
)


def _stories(count: int) -> None:
    """Seven scans for each of so many delivered parcels, the last of them the delivery."""
    _run(
        """
        INSERT INTO tracking_event (order_id, parcel_id, happened_at, id, kind, cause, stated_at, place, message, code, source,
            received_by, received_at, processed_at)
        SELECT p.order_id, p.parcel_id, %s::timestamptz - make_interval(hours => 7 * (7 - s), mins => mod(p.parcel_id, 240)::int),
            gen_random_uuid(),
            (ARRAY['picked_up', 'departed_hub', 'arrived_hub', 'departed_hub', 'arrived_destination', 'out_for_delivery',
                'delivered'])[s], '', '', '', '', '', 'bench', '', now(), now()
        FROM (SELECT * FROM tracking_progress WHERE stage = 'delivered' ORDER BY parcel_id LIMIT %s) p, generate_series(1, 7) s
        """,
        NOW, count,
    )  # fmt: skip
    _run("ANALYZE tracking_event")


if __name__ == "__main__":
    sys.exit(main())
