"""The tracking page and the order page, with few orders and with many: does their time grow?

    python -m bench.pages

The orders are made by the API's batch calls, a part of them shipped and delivered. Both pages are asked for at random orders, by
one client while the worker rests, so that the time of a page is what it takes, not how long it waits.
"""

import argparse
import json
import random
import statistics
import sys
from datetime import UTC, datetime
from typing import Any

import httpx

from bench import shop
from bench.load import drive, get, post
from bench.serving import House, Memory, own_house, table

LOGIN, PASSWORD = "bench@milepost.example", "milepost-bench-2"


JUDGED = ("tracking page", "order page")
"""The pages whose growth decides the exit code; the others are shown beside them."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--views", type=int, default=1500, help="of each page at each size (default: %(default)s)")
    asked = parser.parse_args()
    with own_house() as house, Memory(house) as memory:
        shop.furnish(house)
        cookie = sign_in(house)
        orders: list[dict[str, Any]] = []
        times: dict[int, dict[str, float]] = {}
        for size in (asked.few, asked.many):
            orders += grow(house, size - len(orders), start=len(orders))
            with house.worker_at_rest():
                times[size] = views(house, orders, cookie, asked.views)
    few, many = times[asked.few], times[asked.many]
    lines = [
        (
            page,
            f"{few[page]:.2f} ms at {asked.few}, {many[page]:.2f} ms at {asked.many}: {many[page] / few[page]:.2f} times",
        )
        for page in few
    ]
    table("Median time of a page", [*lines, *memory.lines()])
    slow = [page for page in JUDGED if many[page] > 1.5 * few[page]]
    print(f"\nGrown by more than half: {', '.join(slow)}" if slow else "\nNo page has grown by half.")
    return 1 if slow else 0


def grow(house: House, count: int, *, start: int) -> list[dict[str, Any]]:
    """Place so many more orders, ship every second one, and deliver half of those; their references and tracking links."""
    wanted = shop.orders(count, seed=start + 1)
    placed = drive(house, shop.in_batches(house, wanted, label=f"grow-{start}", size=500), clients=2).must_be(200, 201)
    accepted = [one for _, body in placed.answers for one in json.loads(body)["accepted"]]
    _in_calls(
        house,
        "/shipments",
        "shipments",
        [{"order": one["reference"], "carrier": "dhl"} for one in accepted[::2]],
        start,
    )
    now = datetime.now(UTC).isoformat()
    events = [{"order": one["reference"], "code": "delivered", "happened_at": now} for one in accepted[::4]]
    _in_calls(house, "/tracking/events", "events", events, start)
    return accepted


def _in_calls(house: House, path: str, name: str, rows: list[dict[str, Any]], start: int) -> None:
    calls = [
        post(house, path, {name: rows[at : at + 500]}, key=f"{name}-{start}-{at}") for at in range(0, len(rows), 500)
    ]
    drive(house, calls, clients=2).must_be(200, 201)


def sign_in(house: House) -> str:
    """A new member of staff signs in; the cookie of their session."""
    house.hire(LOGIN, PASSWORD, "customer_service", "order_management", "management")
    with httpx.Client(base_url=house.url, follow_redirects=False, trust_env=False) as browser:
        browser.get("/accounts/login/")
        answer = browser.post(
            "/accounts/login/",
            data={"login": LOGIN, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]},
            headers={"Referer": f"{house.url}/accounts/login/"},
        )
        if answer.status_code != 302 or "sessionid" not in browser.cookies:
            raise SystemExit(f"Signing in failed: {answer.status_code}\n{answer.text[:2000]}")
        return f"Cookie: sessionid={browser.cookies['sessionid']}\r\n"


def views(house: House, orders: list[dict[str, Any]], cookie: str, count: int) -> dict[str, float]:
    """The median time of each page over random orders, in milliseconds."""
    chance = random.Random(3)
    chosen = chance.choices(orders, k=count)
    pages = {
        "tracking page": [get(house, one["links"]["tracking"].removeprefix(house.url)) for one in chosen],
        "order page": [get(house, f"/desk/orders/{one['reference']}/", headers=cookie) for one in chosen],
        "order list": [get(house, "/desk/orders/", headers=cookie) for _ in range(count // 5)],
        "desk": [get(house, "/desk/", headers=cookie) for _ in range(count // 5)],
    }
    found = {}
    for page, requests in pages.items():
        drive(house, requests[:50], clients=1).must_be(200)
        found[page] = statistics.median(drive(house, requests, clients=1).must_be(200).latencies) * 1000
    return found


if __name__ == "__main__":
    sys.exit(main())
