"""Lists, searches and pages with few orders and with many, side by side: how long the server takes, and does it grow?

    python -m bench.pages
    python -m bench.pages --var DIR     keeps the two houses in DIR, and measures those that lie there

Two databases of one embedded cluster (as shipped) are filled by the house's own bulk commands (`bench.years`); of the larger one
`--walked` orders, the others are copies of these (`bench.copies`, which says what that leaves out; `--walked 0` walks them all).
Every page is asked for as a browser asks, through all middleware, in one process without a network between, with other orders,
customers, items and words each time. Exit code 1 where a list or search takes 150 ms or more (95 of 100), a page of the desk
100 ms, or anything that shows as many rows more than half again as long with many as with few. What shows other rows (a few orders
are on hold among the few, a whole page of them among the many) is told with their numbers and not compared.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.serving import table
from bench.years import ITEMS, SCARCE, Years, email_of, item_code, item_name, name_of, phone_of

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
LIST_MS, PAGE_MS, GROWTH = 150.0, 100.0, 1.5
SAME_ROWS = 0.2
"""Pages whose rows differ by no more than this part do the same work."""
NOISE_MS = 5.0
"""A page that is this fast grows by the noise of the machine."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--walked", type=int, default=100_000, help="of the many (default: %(default)s; 0: all)")
    parser.add_argument("--views", type=int, default=100, help="of each page at each size (default: %(default)s)")
    parser.add_argument("--var", help="where the houses are kept, or lie already")
    parser.add_argument("--only", default="", help="only pages whose names have this")
    parser.add_argument("--inside", choices=("build", "measure"), help=argparse.SUPPRESS)
    parser.add_argument("--orders", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        return _inside(asked)
    with _folder(asked.var) as folder, _cluster(folder) as address:
        for size in (asked.few, asked.many):
            _run("build", address(size), size, folder, asked)
        found = {
            size: json.loads(_run("measure", address(size), size, folder, asked)) for size in (asked.few, asked.many)
        }
    return _judge(found[asked.few], found[asked.many], asked)


@contextmanager
def _folder(chosen: str | None) -> Iterator[Path]:
    if chosen:
        Path(chosen).mkdir(parents=True, exist_ok=True)
        yield Path(chosen).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="milepost-bench-", ignore_cleanup_errors=True) as made:
        yield Path(made).resolve()


@contextmanager
def _cluster(folder: Path) -> Iterator[Callable[[int], str]]:
    """The cluster of the houses; it answers the address of each by its size."""
    os.environ["MILEPOST_VAR"] = str(folder)
    from milepost.plugs.postgres import bins
    from milepost.plugs.postgres.cluster import Cluster

    cluster = Cluster(folder / "postgres", bins.embedded())
    with cluster.running():
        yield lambda size: cluster.url(f"orders_{size}")


def _run(what: str, url: str, size: int, folder: Path, asked: argparse.Namespace) -> str:
    around = {
        **os.environ, "DATABASE_URL": url, "MILEPOST_VAR": str(folder), "MILEPOST_DB_CONNECTIONS": "2",
        "DJANGO_SETTINGS_MODULE": "milepost.config.settings",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "bench.pages", "--inside", what, "--orders", str(size), "--views", str(asked.views),
        "--walked", str(asked.walked), "--only", asked.only,
    ]  # fmt: skip
    done = subprocess.run(command, env=around, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what} of {size:,} orders failed")
    return done.stdout


def _inside(asked: argparse.Namespace) -> int:
    from milepost.config.starting import load_pages

    if asked.inside == "build":
        _migrated()
    load_pages()
    if asked.inside == "build":
        _build(asked.orders, asked.walked or asked.orders)
    else:
        print(json.dumps(_measure(asked.orders, asked.views, asked.only)))
    return 0


def _migrated() -> None:
    from milepost.plugs.postgres import databases

    databases.ensure(os.environ["DATABASE_URL"])
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], check=True)


def _build(size: int, walked: int) -> None:
    from bench.copies import copy
    from milepost.way.orders.models import Order

    there = Order.objects.count()
    if there >= size:
        return
    if there <= walked:
        Years(min(size, walked), NOW, _say).build()
    if size > walked:
        copy(size // walked - 1, _say)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _measure(size: int, views: int, only: str) -> dict[str, Any]:
    """Milliseconds of each page: the median, and what 95 of 100 stay under; and how many rows it shows on average."""
    from django.test import Client

    browser, stranger = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    browser.force_login(_clerk())
    found = {}
    for name, (kind, address) in Sizes(size).pages().items():
        if only and only not in name:
            continue
        chance = random.Random(11)
        times, shown = [], []
        for turn in range(views + 10):
            where = address(chance)
            asking = stranger if kind == "portal" else browser
            began = time.perf_counter()
            answer = asking.get(where, headers={"HX-Request": "true"} if kind == "search" else {})
            took = (time.perf_counter() - began) * 1000
            if answer.status_code != 200:
                raise SystemExit(f"{where}: {answer.status_code} {answer.headers.get('Location', '')}")
            if turn >= 10:
                times.append(took)
                shown.append(_rows(answer.content))
        times.sort()
        found[name] = [kind, statistics.median(times), times[int(len(times) * 0.95)], statistics.mean(shown)]
    return found


def _rows(page: bytes) -> int:
    """How many rows a page shows, of tables or of a desk; its dialogs stand behind its end."""
    main = page.partition(b"</main>")[0]
    return main.count(b"<tr") + main.count(b"data-row")


def _clerk() -> Any:
    from milepost.ground.access import commands as access
    from milepost.ground.access.models import Staff
    from milepost.kernel.acts import Act

    known = Staff.objects.filter(email="bench@milepost.example").first()
    if known is None:
        act = Act.now("system:bench", channel="cli", now=NOW)
        roles = ["order_management", "customer_service", "fulfilment", "logistics", "management", "it_support"]
        number = access.join(email="bench@milepost.example", name="Bench", roles=roles, act=act)
        known = Staff.objects.get(pk=number)
    return known


Address = Callable[[random.Random], str]


class Sizes:
    """The pages of a house of so many orders."""

    def __init__(self, orders: int) -> None:
        from milepost.way.fulfilment.models import Parcel
        from milepost.way.orders.models import Order

        self.customers = max(1, min(orders, 100_000) // 4)
        chance = random.Random(5)
        last = Order.objects.order_by("-id").values_list("id", flat=True)[0]
        self.found = list(
            Order.objects.filter(id__in=[chance.randint(1, last) for _ in range(3000)]).values(
                "id", "reference", "customer_id", "external_ref", "po_number"
            )
        )
        parcels = Parcel.objects.exclude(tracking_number="").filter(
            shipment__order_id__in=[one["id"] for one in self.found]
        )
        self.numbers = list(parcels.values_list("tracking_number", flat=True))
        self.newest = list(Order.objects.order_by("-received_at", "-id").values("id", "reference")[:500])

    def pages(self) -> dict[str, tuple[str, Address]]:
        """Each page by its name: of which kind, and where."""
        return {
            **{f"list: {name}": ("list", self._of(where)) for name, where in LISTS.items()},
            "list: orders, a later page": ("list", self._later),
            "list: orders of a customer": ("list", lambda chance: f"/desk/orders/?customer={self._one(chance)['customer_id']}"),
            **{f"search: {name}": ("search", words) for name, words in self._searches().items()},
            "desk: my desk": ("page", self._of("/desk/")),
            "desk: order": ("page", lambda chance: f"/desk/orders/{self._one(chance)['reference']}/"),
            "desk: order under way": ("page", lambda chance: f"/desk/orders/{chance.choice(self.newest)['reference']}/"),
            "desk: customer": ("page", lambda chance: f"/desk/customers/{self._one(chance)['customer_id']}/"),
            "desk: item": ("page", lambda chance: f"/desk/items/{chance.randint(1, ITEMS)}/"),
            "desk: mailbox": ("page", self._of("/mailbox/")),
            "desk: health": ("page", self._of("/desk/health/")),
            "desk: told to me": ("page", self._of("/desk/told/")),
            "portal: tracking page": ("portal", self._track),
        }  # fmt: skip

    def _searches(self) -> dict[str, Address]:
        def typed(words: Callable[[random.Random], str], where: str = "/desk/orders/") -> Address:
            from urllib.parse import quote

            return lambda chance: f"{where}?q={quote(words(chance))}"

        def person(chance: random.Random) -> int:
            return chance.randrange(self.customers)

        return {
            "reference": typed(lambda chance: self._one(chance)["reference"]),
            "reference begun": typed(lambda chance: self._one(chance)["reference"][:5]),
            "reference mistyped": typed(lambda chance: _mistyped(self._one(chance)["reference"], chance)),
            "shop number": typed(lambda chance: f"WEB-{chance.randrange(10_000) // 10 * 10}"),
            "shop number begun": typed(lambda chance: f"WEB-{chance.randrange(100)}"),
            "PO number": typed(lambda chance: f"PO-{chance.randrange(9_000) // 10 * 10 + 7}"),
            "tracking number": typed(self._tracking),
            "e-mail": typed(lambda chance: email_of(person(chance))),
            "name": typed(lambda chance: name_of(person(chance))),
            "name half typed": typed(lambda chance: name_of(person(chance))[:8]),
            "name mistyped": typed(lambda chance: _mistyped(name_of(person(chance)), chance)),
            "phone": typed(lambda chance: phone_of(person(chance))),
            "given name of many": typed(lambda chance: name_of(person(chance)).split()[0]),
            "family name of many": typed(lambda _: "müller"),
            "word of all": typed(lambda _: "shoppers example"),
            "item by code": typed(lambda chance: item_code(chance.randrange(ITEMS))),
            "item by words": typed(lambda chance: item_name(chance.randrange(ITEMS - SCARCE))),
            "item, a common word": typed(lambda chance: chance.choice(("kettle", "steel", "blue"))),
            "nothing found": typed(lambda chance: f"xqz{chance.randrange(1000)}wvk"),
            "common word among the held": lambda _: "/desk/orders/?q=m%C3%BCller&show=held",
            "common word in a stage": lambda _: "/desk/orders/?q=kettle&state=closed",
            "rare word in a stage": lambda chance: f"/desk/orders/?q={email_of(person(chance))}&state=closed",
            "shipments by tracking number": typed(self._tracking, "/desk/lists/shipments/"),
            "shipments by name": typed(lambda chance: name_of(person(chance)), "/desk/lists/shipments/"),
            "shipments by a common word": typed(lambda _: "kettle", "/desk/lists/shipments/"),
            "exceptions by name": typed(lambda chance: name_of(person(chance)), "/desk/lists/exceptions/"),
            "customers by name": typed(lambda chance: name_of(person(chance)), "/desk/lists/customers/"),
            "customers by a common word": typed(lambda _: "müller", "/desk/lists/customers/"),
            "items by words": typed(lambda chance: item_name(chance.randrange(ITEMS)), "/desk/lists/items/"),
            "messages by name": typed(lambda chance: name_of(person(chance)), "/desk/lists/messages/"),
            "messages by a common word": typed(lambda _: "müller", "/desk/lists/messages/"),
            "requests": typed(lambda chance: name_of(chance.randrange(5)), "/desk/requests/"),
        }  # fmt: skip

    def _of(self, where: str) -> Address:
        return lambda _: where

    def _one(self, chance: random.Random) -> Any:
        return chance.choice(self.found)

    def _tracking(self, chance: random.Random) -> str:
        return str(chance.choice(self.numbers))

    def _later(self, chance: random.Random) -> str:
        from milepost.faces.desk import places
        from milepost.way.orders.models import Order

        order = Order.objects.values("received_at", "id").get(id=self._one(chance)["id"])
        return f"/desk/orders/?show=all&after={places.spell(order['received_at'], order['id'])}"

    def _track(self, chance: random.Random) -> str:
        from milepost.ground.access import links

        return f"/t/{links.make('track', self._one(chance)['id'], now=datetime.now(UTC))}/"


LISTS = {
    "orders": "/desk/orders/", "orders, all": "/desk/orders/?show=all", "orders, held": "/desk/orders/?show=held",
    "orders, delayed": "/desk/orders/?show=delayed", "orders, late": "/desk/orders/?show=late",
    "orders, packed": "/desk/orders/?state=packed", "orders, closed": "/desk/orders/?state=closed",
    "orders, held and received": "/desk/orders/?show=held&state=received", "shipments": "/desk/lists/shipments/",
    "shipments, all": "/desk/lists/shipments/?show=all", "shipments, delivered": "/desk/lists/shipments/?state=delivered",
    "exceptions": "/desk/lists/exceptions/", "exceptions, all": "/desk/lists/exceptions/?show=all",
    "customers": "/desk/lists/customers/", "items": "/desk/lists/items/", "items, short": "/desk/lists/items/?show=short",
    "messages": "/desk/lists/messages/", "messages, failed": "/desk/lists/messages/?state=failed", "requests": "/desk/requests/",
}  # fmt: skip


def _mistyped(text: str, chance: random.Random) -> str:
    """One letter of it is another."""
    places = [place for place, character in enumerate(text) if character.isalnum() and place > 1]
    place = chance.choice(places)
    other = "7" if text[place].isdigit() and text[place] != "7" else "x"
    return text[:place] + other + text[place + 1 :]


def _judge(few: dict[str, Any], many: dict[str, Any], asked: argparse.Namespace) -> int:
    lines, slow = [], []
    for name, (kind, middle, high, shown) in many.items():
        _, middle_few, high_few, shown_few = few[name]
        ratio = middle / middle_few
        alike = abs(shown - shown_few) <= SAME_ROWS * max(shown, shown_few)
        faults = []
        if high >= (LIST_MS if kind in ("list", "search") else PAGE_MS):
            faults.append("slow")
        if alike and ratio > GROWTH and middle - middle_few > NOISE_MS:
            faults.append("grows")
        growth = f"{ratio:5.2f}" if alike else f"{shown_few:.0f} rows, {shown:.0f} rows"
        told = f"{middle_few:7.1f} {high_few:7.1f}   {middle:7.1f} {high:7.1f}   {growth}  {' '.join(faults)}"
        lines.append((name, told))
        slow += [name] if faults else []
    table(f"Milliseconds, half and 95 of 100: {asked.few:,} orders, {asked.many:,} orders, growth of the half", lines)
    print(f"\nToo slow or growing: {', '.join(slow)}" if slow else "\nNothing is too slow, and nothing grows.")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
