"""Allocation under fire: many processes at once on one hot item, and on many.

    python -m bench.allocation

Each process speaks to PostgreSQL by the house's own verbs, as web and worker do, on a throw-away embedded cluster (fsync on, as
shipped) or on the migrated database that --database names. Four turns: allocations per second on one hot item; the same spread
over many items; a sell-out, where more is asked for than there is; and a fire of everything that touches stock at once (orders
placed, amended, shipped and cancelled, goods received and counted, offers answered and lapsed) over a few hot items. Meanwhile an
observer compares balances with the sum of movements, allocations and reservations in one snapshot after another, so after commit
upon commit. In the end what was sold equals the stock exactly, nobody waits beside free stock, the audit is clean, and PostgreSQL
has counted no deadlock; otherwise the exit code is 1.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from bench.serving import table
from bench.stock_books import FIRST_NUMBER, deadlocks, disagreements, look_on
from bench.together import together

HOT, PLENTY = 4, 10_000_000
MIXTURE = {
    "place": 30, "bring": 14, "amend": 12, "cancel": 8, "ship": 14, "answer": 8, "count": 4, "lapse": 4, "put first": 3, "tidy": 3,
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=64, help="at once (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="of each turn of rates (default: %(default)s)")
    parser.add_argument("--fire", type=float, default=60, help="seconds of the fire (default: %(default)s)")
    parser.add_argument("--items", type=int, default=1000, help="in the spread turn (default: %(default)s)")
    parser.add_argument("--stock", type=int, default=3000, help="pieces in the sell-out (default: %(default)s)")
    parser.add_argument("--database", help="a migrated database with nothing in it (default: one of our own)")
    parser.add_argument("--seed", type=int, default=1, help="of the fire (default: %(default)s)")
    asked = parser.parse_args()
    with database(asked.database) as url:
        os.environ |= {
            "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "milepost.config.settings", "MILEPOST_DB_CONNECTIONS": "1",
        }  # fmt: skip
        import django

        django.setup()
        faults = _turns(asked, url)
    for fault in faults:
        print(f"DISAGREES  {fault}")
    print("\nSold equals stock, and the books agree." if not faults else f"\n{len(faults)} disagreements.")
    return 1 if faults else 0


@contextmanager
def database(chosen: str | None) -> Iterator[str]:
    if chosen:
        yield chosen
        return
    from milepost.plugs.postgres import bins, databases
    from milepost.plugs.postgres.cluster import Cluster

    with tempfile.TemporaryDirectory(prefix="milepost-bench-", ignore_cleanup_errors=True) as folder:
        os.environ["MILEPOST_VAR"] = folder
        cluster = Cluster(Path(folder).resolve() / "postgres", bins.embedded())
        with cluster.running() as url:
            databases.ensure(url)
            migrate = [
                sys.executable,
                "-m",
                "django",
                "migrate",
                "--verbosity=0",
                "--settings=milepost.config.settings",
            ]
            subprocess.run(migrate, env={**os.environ, "DATABASE_URL": url}, check=True)
            yield url


def _turns(asked: argparse.Namespace, url: str) -> list[str]:
    before = deadlocks(url)
    world = World.furnished(asked.items, asked.processes, url)
    lines: list[tuple[str, str]] = []
    faults: list[str] = []
    for name, items in (("on one hot item", 1), (f"spread over {asked.items} items", asked.items)):
        done, seconds = _rate(world, asked, items)
        lines.append((f"allocations {name}", f"{done / seconds:7.0f} /s  ({done} in {seconds:.1f} s)"))
    sold, faults_sold = _sell_out(world, asked, url)
    lines.append(("sell-out", sold))
    told, faults_fire = _fire(world, asked, url)
    lines += told
    faults += [*faults_sold, *faults_fire, *disagreements(url)]
    lines.append(("deadlocks that PostgreSQL counted", str(deadlocks(url) - before)))
    if deadlocks(url) != before:
        faults.append(f"{deadlocks(url) - before} deadlocks")
    table(f"Allocation under fire, {asked.processes} processes", lines)
    return faults


@dataclass
class World:
    """Items, and orders that exist only to have stock allocated to them."""

    items: list[int]
    hot: list[tuple[int, str]]
    sample: int
    next_number: int = FIRST_NUMBER
    url: str = ""
    codes: list[str] = field(default_factory=list)

    @classmethod
    def furnished(cls, items: int, processes: int, url: str) -> "World":
        """A catalogue with plenty of stock, a few hot items with none, and one order as the sample of others."""
        from milepost.config.server import disconnect
        from milepost.ground.catalog import commands as catalog
        from milepost.way.intake import commands as intake
        from milepost.way.stock import commands as stock
        from milepost.way.stock.words import StockReceipt

        act = _act()
        numbers = catalog.list_items([_item(f"ITEM-{n:05}") for n in range(items + 1)], act=act)
        hot = catalog.list_items([_item(f"HOT-{n}") for n in range(HOT)], act=act)
        catalog.replace("HOT-0", ["HOT-1", "HOT-2"])
        stock.receive_stock(
            [StockReceipt(item_id=n, location="MAIN", quantity=Decimal(PLENTY)) for n in numbers[:-1]], act=act
        )
        (receipt,) = intake.receive([_incoming("sample", [("ITEM-00000", 1)])], act=act)
        made = cls(numbers, [(key, f"HOT-{n}") for n, key in enumerate(hot)], int(receipt.order_id or 0), url=url)
        disconnect()
        return made

    def orders(self, count: int) -> range:
        """So many new orders, made of the sample in the database itself."""
        first, self.next_number = self.next_number, self.next_number + count
        with psycopg.connect(self.url) as database:
            which = {"first": first, "last": first + count - 1, "sample": self.sample}
            database.execute(_MAKE_ORDERS, which)
            database.execute(_MAKE_LINES, which)
        return range(first, first + count)


_MAKE_ORDERS = """
INSERT INTO orders_order SELECT (jsonb_populate_record(o, jsonb_build_object('id', n, 'reference', 'F' || n, 'external_ref', ''))).*
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n, orders_order o WHERE o.id = %(sample)s
"""
_MAKE_LINES = """
INSERT INTO orders_line SELECT (jsonb_populate_record(l, jsonb_build_object('order_id', n))).*
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n, orders_line l WHERE l.order_id = %(sample)s
"""


def _item(code: str) -> Any:
    from milepost.ground.catalog.words import ItemDraft

    return ItemDraft(code=code, name=code.title(), price=Decimal("9.90"), currency="EUR")


def _incoming(number: str, wanted: Sequence[tuple[str, int]]) -> Any:
    from milepost.ground.parties.words import CustomerDraft
    from milepost.way.intake.words import Address, Draft, Incoming, LineDraft

    who = CustomerDraft(external_ref=f"C-{number}", name="Ada Okafor", email=f"{number}@shoppers.example")
    where = Address(name="Ada Okafor", street="Lindenstraße 9", postal_code="10969", city="Berlin", country="DE")
    draft = Draft(
        customer=who, ship_to=where, currency="EUR", external_ref=number,
        lines=tuple(LineDraft(code=code, quantity=Decimal(quantity)) for code, quantity in wanted),
    )  # fmt: skip
    return Incoming(draft=draft, raw=number.encode())


def _act(actor: str = "system:bench", **later: float) -> Any:
    from milepost.kernel.acts import Act

    return Act.now(actor, channel="worker", now=datetime.now(UTC) + timedelta(**later), reason="bench")


def _rate(world: World, asked: argparse.Namespace, items: int) -> tuple[int, float]:
    """Allocations of one piece each, as many as there is time for."""
    enough = max(200, int(asked.seconds * 3000 / asked.processes))
    shares = [world.orders(enough) for _ in range(asked.processes)]

    def work(process: int) -> dict[str, Any]:
        from milepost.way.stock import commands as stock
        from milepost.way.stock.words import Demand

        chance, done, until = random.Random(process), 0, time.monotonic() + asked.seconds
        for order_id in shares[process]:
            item = world.items[chance.randrange(items)]
            stock.allocate([Demand(order_id, 1, item, Decimal(1))], act=_act())
            done += 1
            if time.monotonic() > until:
                break
        return {"done": done}

    began = time.monotonic()
    results = together(work, asked.processes)
    return sum(one["done"] for one in results), time.monotonic() - began


def _sell_out(world: World, asked: argparse.Namespace, url: str) -> tuple[str, list[str]]:
    """Half as many pieces again are asked for as there are: each is sold once, and the rest waits."""
    from milepost.config.server import disconnect
    from milepost.way.stock import commands as stock
    from milepost.way.stock.words import StockReceipt

    item = world.items[-1]
    stock.receive_stock([StockReceipt(item_id=item, location="MAIN", quantity=Decimal(asked.stock))], act=_act())
    disconnect()
    each = max(1, asked.stock * 3 // 2 // asked.processes)
    shares = [world.orders(each) for _ in range(asked.processes)]

    def work(process: int) -> dict[str, Any]:
        from milepost.way.stock import commands
        from milepost.way.stock.words import Demand

        got = sum(
            len(commands.allocate([Demand(key, 1, item, Decimal(1))], act=_act()).shares) for key in shares[process]
        )
        return {"got": got}

    began = time.monotonic()
    sold = sum(one["got"] for one in together(work, asked.processes))
    seconds, wanted = time.monotonic() - began, each * asked.processes
    with psycopg.connect(url) as books:
        allocated, waiting = books.execute(
            "SELECT (SELECT sum(allocated) FROM stock_level WHERE item_id = %(item)s),"
            " (SELECT coalesce(sum(quantity), 0) FROM stock_backorder WHERE item_id = %(item)s AND state = 'open')",
            {"item": item},
        ).fetchone()  # type: ignore[misc]
    exact = sold == allocated == min(asked.stock, wanted) and waiting == wanted - sold
    told = f"{wanted} asked for, {asked.stock} there, {sold} sold, {waiting} wait; {wanted / seconds:.0f} /s"
    return told, [] if exact else [f"sell-out: {told}, allocated {allocated}"]


def _fire(world: World, asked: argparse.Namespace, url: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Everything that touches stock, at random, by all processes but one, which looks on."""

    def work(process: int) -> dict[str, Any]:
        if process == 0:
            return look_on(url, asked.fire)
        return Soldier(world, random.Random(asked.seed * 1000 + process), process).fight(asked.fire)

    results = together(work, asked.processes)
    looks = results[0]
    outcomes: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for one in results[1:]:
        outcomes += Counter(one["outcomes"])
        errors += Counter(one["errors"])
    steps = sum(outcomes.values())
    told = [
        ("fire: steps", f"{steps} in {asked.fire:.0f} s = {steps / asked.fire:.0f} /s"),
        ("fire: what became of them", ", ".join(f"{name} {count}" for name, count in outcomes.most_common())),
        ("snapshots in which the sums were compared", str(looks["looks"])),
    ]
    faults = [f"{count} times: {name}" for name, count in errors.items()]
    faults += [f"{looks['wrong']} snapshots in which sums disagree: {looks['example']}"] if looks["wrong"] else []
    return told, faults


class Soldier:
    """A process that does something to stock again and again."""

    def __init__(self, world: World, chance: random.Random, number: int) -> None:
        self.world, self.chance, self.number, self.step = world, chance, number, 0
        self.outcomes: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    def fight(self, seconds: float) -> dict[str, Any]:
        from milepost.kernel.refusals import Refused

        verbs: dict[str, Callable[[], object]] = {
            "place": self.place, "bring": self.bring, "amend": self.amend, "cancel": self.cancel, "ship": self.ship,
            "answer": self.answer, "count": self.count, "lapse": self.lapse, "put first": self.put_first, "tidy": self.tidy,
        }  # fmt: skip
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.step += 1
            (name,) = self.chance.choices(list(MIXTURE), list(MIXTURE.values()))
            try:
                verbs[name]()
                self.outcomes[name] += 1
            except Refused as refused:
                self.outcomes[f"{name} refused ({refused.refusals[0].code})"] += 1
            except Exception:
                self.errors[f"{name}: {_ours(traceback.format_exc())}"] += 1
        return {"outcomes": self.outcomes, "errors": self.errors}

    def _quantity(self) -> Decimal:
        return Decimal(self.chance.randint(1, 5))

    def _order(self) -> int | None:
        from milepost.way.orders import queries
        from milepost.way.orders.words import Search

        found = [card.id for card in queries.page(Search(open_only=True), limit=60) if card.id < FIRST_NUMBER]
        return self.chance.choice(found) if found else None

    def place(self) -> None:
        from milepost.way.intake import commands as intake

        wanted = self.chance.sample(self.world.hot, self.chance.randint(1, 2))
        lines = [(code, self.chance.randint(1, 4)) for _, code in wanted]
        intake.receive([_incoming(f"F-{self.number}-{self.step}", lines)], act=_act())

    def bring(self) -> None:
        self._book("receipt", self._quantity() * 2)

    def count(self) -> None:
        self._book("count", -self._quantity())

    def _book(self, kind: str, quantity: Decimal) -> None:
        from milepost.way.stock import commands as stock
        from milepost.way.stock.words import MovementKind, StockReceipt

        places = ("MAIN", "NORTH", "SOUTH")
        receipts = [
            StockReceipt(item_id=item, location=self.chance.choice(places), quantity=quantity, kind=MovementKind(kind))
            for item, _ in self.chance.sample(self.world.hot, self.chance.randint(1, 2))
        ]
        stock.receive_stock(receipts, act=_act())

    def amend(self) -> None:
        from milepost.way.orders import commands as orders
        from milepost.way.orders.words import Amendment, Change

        order_id = self._order()
        what = self.chance.choice(("quantity", "quantity", "item", "cancelled"))
        value: Any = {"quantity": self._quantity(), "cancelled": True, "item": self.chance.choice(self.world.hot)[1]}[
            what
        ]
        if order_id:
            orders.amend([Amendment(order_id=order_id, changes=(Change(f"lines.1.{what}", value),))], act=_act())

    def cancel(self) -> None:
        from milepost.way.orders import commands as orders

        order_id = self._order()
        if order_id:
            orders.cancel([order_id], reason_code="customer", act=_act())

    def ship(self) -> None:
        from milepost.way.fulfilment import commands as fulfilment
        from milepost.way.fulfilment.words import Shipping

        order_id = self._order()
        if order_id:
            fulfilment.ship([Shipping(order_id=order_id)], act=_act())

    def answer(self) -> None:
        from milepost.way.cases import commands as cases
        from milepost.way.cases import queries
        from milepost.way.cases.words import Choice, LineChoice, OfferAnswer

        order_id = self._order()
        offer = queries.latest_offers([order_id]).get(order_id) if order_id else None
        if offer is None:
            return
        choices = {}
        for line in offer.lines:
            simple = [LineChoice(choice=one) for one in (Choice.WAIT, Choice.SHIP_REST, Choice.CANCEL)]
            instead = [LineChoice(choice=Choice.SUBSTITUTE, item_id=one.item_id) for one in line.stand_ins]
            choices[line.position] = self.chance.choice([*simple, *instead * 3])
        answer = OfferAnswer(order_id=offer.order_id, offer_id=offer.id, choices=choices)
        cases.accept([answer], act=_act("customer"))

    def lapse(self) -> None:
        from milepost.way.cases import commands as cases
        from milepost.way.stock import commands as stock

        if self.chance.random() < 0.1:
            cases.lapse_offers(act=_act(days=30), limit=10)
        stock.lapse_reservations(act=_act())

    def put_first(self) -> None:
        from milepost.way.stock import commands as stock

        order_id = self._order()
        if order_id:
            stock.give_to([order_id], act=_act())

    def tidy(self) -> None:
        from milepost.way.cases import commands as cases

        cases.tidy_offers(act=_act(), limit=50)


def _ours(trace: str) -> str:
    """The end of a trace, and of the way to it what is ours."""
    lines = trace.splitlines()
    return "\n".join([*(line.strip() for line in lines if "/milepost/" in line), *lines[-8:]])


if __name__ == "__main__":
    sys.exit(main())
