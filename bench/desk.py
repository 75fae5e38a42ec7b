"""My desk and the teams' page with few open duties and with very many: server time of each, p50 and p95, side by side.

    python -m bench.desk

The duties are written straight into their table of a database of its own: on each desk several kinds, a third of them late, a part
of them snoozed or taken, and most of the kind that waits for the carrier. Pages are asked for in this process, without a network,
through the whole of Django (session, sign-in, templates).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

PAGES = {
    "my desk": "/desk/",
    "my desk, a group of its own": "/desk/?group=late",
    "what changes, in full": "/desk/duties/",
    "what changes, unchanged (304)": "/desk/duties/",
    "taken by me": "/desk/?mine=1",
    "teams": "/desk/teams/",
}

FILL = """
INSERT INTO duties_duty (id, order_id, subject_kind, subject_id, kind, role, assignee, says, opened_at, due_at, next_check_at, data,
    warned, level, snoozed_until, snoozed_because, closed_by, outcome)
SELECT gen_random_uuid(), n, 'order', n::text, kinds.kind, kinds.role, CASE WHEN n %% 40 = 0 THEN %(me)s::bigint END, 'Do it.',
    now(), now() + ((n %% 300) - 100) * interval '1 hour', now() + interval '9 days', '{}', 0, 0,
    CASE WHEN n %% 50 = 1 THEN now() + interval '2 days' END, '', '', ''
FROM generate_series(%(from)s::int, %(to)s::int) AS n
CROSS JOIN LATERAL (SELECT (ARRAY['acknowledge', 'pick', 'pack', 'ship', 'watch_delivery', 'watch_delivery', 'watch_delivery',
    'confirm_acceptance', 'close', 'settle_hold'])[1 + n %% 10] AS kind,
    (ARRAY['customer_service', 'fulfilment', 'fulfilment', 'logistics', 'logistics', 'logistics', 'logistics', 'customer_service',
    'order_management', 'order_management'])[1 + n %% 10] AS role) kinds
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--views", type=int, default=100, help="of each page at each size (default: %(default)s)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="milepost-bench-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"MILEPOST_VAR": folder, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
        from milepost.plugs.postgres import bins, databases
        from milepost.plugs.postgres.cluster import Cluster

        cluster = Cluster(Path(folder) / "postgres", bins.embedded())
        with cluster.running():
            os.environ["DATABASE_URL"] = cluster.url("desk")
            databases.ensure(os.environ["DATABASE_URL"])
            subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], check=True)
            import django

            django.setup()
            found = {size: _measured(size, asked.views) for size in (asked.few, asked.many)}
            from milepost.config.server import disconnect

            disconnect()
    _print(found)
    return 0 if all(p95 < 100 for times in found.values() for _, p95 in times.values()) else 1


def _measured(size: int, views: int) -> dict[str, tuple[float, float]]:
    from django.db import connection
    from django.test import Client

    people = {role: _hired(role) for role in ("logistics", "administrator")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM duties_duty WHERE order_id IS NOT NULL")
        there = cursor.fetchone()[0]
        cursor.execute(FILL, {"from": there + 1, "to": size, "me": people["logistics"].pk})
        cursor.execute("VACUUM ANALYZE duties_duty")
    found = {}
    for role, person in people.items():
        browser = Client(headers={"host": "localhost"})
        browser.force_login(person)
        for name, address in PAGES.items():
            if role == "administrator" or address != "/desk/teams/":
                found[f"{name} ({role})"] = _times(browser, address, views, unchanged="304" in name)
    return found


def _hired(role: str) -> Any:
    from datetime import UTC, datetime

    from milepost.ground.access import commands as access
    from milepost.ground.access.models import Staff
    from milepost.kernel.acts import Act

    email = f"{role}@milepost.example"
    known = Staff.objects.filter(email=email).first()
    act = Act.now("system:bench", channel="cli", now=datetime.now(UTC))
    return known or Staff.objects.get(pk=access.join(email=email, name=role.title(), roles=[role], act=act))


def _times(browser: Any, address: str, views: int, *, unchanged: bool) -> tuple[float, float]:
    headers = {"If-None-Match": browser.get(address).headers["ETag"]} if unchanged else {}
    wanted, took = 304 if unchanged else 200, []
    for _ in range(views):
        began = perf_counter()
        answer = browser.get(address, headers=headers)
        took.append((perf_counter() - began) * 1000)
        if answer.status_code != wanted:
            raise SystemExit(f"{address} answered {answer.status_code}")
    took.sort()
    return statistics.median(took), took[int(len(took) * 0.95)]


def _print(found: dict[int, dict[str, tuple[float, float]]]) -> None:
    few, many = found
    print(f"{'ms, p50 / p95':52}{f'{few:,} open':>20}{f'{many:,} open':>20}   p95 grew")
    for name, (p50, p95) in found[few].items():
        later = found[many][name]
        print(
            f"{name:52}{f'{p50:.1f} / {p95:.1f}':>20}{f'{later[0]:.1f} / {later[1]:.1f}':>20}   {later[1] / p95:.2f} times"
        )


if __name__ == "__main__":
    sys.exit(main())
