"""What planning the messages adds to placing an order: the same orders placed with it and without it, in turns, in one run.

    python -m bench.planning

Orders of three lines by customers on record are received, placed, allocated, promised, confirmed and released by the house's
own verbs, one by one (each in its own transaction, committed to disk) and in sets, on a throw-away embedded cluster as shipped.
In every other turn the handlers that apply the communication matrix are left out. Turns are short and alternate, so that what
else the machine does meets both alike; each pair of turns gives a share, and the median of the shares counts. Beside the time
that passes stands the processors' time, of this process and of its PostgreSQL, which tells more on a busy machine. The limit is
15 % of either.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psutil

from bench.allocation import database
from bench.serving import table

ITEMS, CUSTOMERS, LINES, PLENTY = 1000, 200, 3, 10_000_000
LIMIT = 0.15
NOTICES = {"OrderReceived": 1, "OrderConfirmed": 2}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=30, help="turns with and without (default: %(default)s)")
    parser.add_argument("--orders", type=int, default=100, help="one by one in a turn (default: %(default)s)")
    parser.add_argument("--set", type=int, default=500, help="orders in a set (default: %(default)s)")
    parser.add_argument("--database", help="a migrated database with nothing in it (default: one of our own)")
    asked = parser.parse_args()
    with database(asked.database) as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
        import django

        django.setup()
        shares, faults = _turns(asked)
    for fault in faults:
        print(f"DISAGREES  {fault}")
    over = [name for name, share in shares.items() if share >= LIMIT]
    print(f"\nPlanning stays below {LIMIT:.0%}." if not over else f"\nOver {LIMIT:.0%}: {', '.join(over)}.")
    return 1 if over or faults else 0


def _turns(asked: argparse.Namespace) -> tuple[dict[str, float], Sequence[str]]:
    shop = Shop()
    shares: dict[str, float] = {}
    lines: list[tuple[str, str]] = []
    for name, size in (("one by one", 1), (f"in sets of {asked.set}", asked.set)):
        each = asked.orders if size == 1 else size
        pairs = [shop.pair(each, size) for _ in range(asked.pairs if size == 1 else max(asked.pairs // 3, 5))]
        for clock, place in (("time", 0), ("processors' time", 1)):
            less, more = ([pair[planned][place] / each * 1000 for pair in pairs] for planned in (0, 1))
            share = statistics.median(
                (with_it - without) / with_it for without, with_it in zip(less, more, strict=True)
            )
            shares[f"{name}, {clock}"] = share
            lines.append(
                (
                    f"{name}, {clock}",
                    f"{_middle(less)} ms an order without planning, {_middle(more)} with it: {share:6.1%}",
                )
            )
    table("Planning in the transaction of placing", lines)
    return shares, shop.disagreements()


def _middle(values: Sequence[float]) -> str:
    return f"{statistics.median(values):7.3f}"


Cost = tuple[float, float]
"""Seconds that passed, and seconds of the processors."""


class Shop:
    """Items, customers, and orders placed by them with or without planning."""

    def __init__(self) -> None:
        from milepost.ground.catalog import commands as catalog
        from milepost.ground.catalog.words import ItemDraft
        from milepost.kernel.acts import Act
        from milepost.way.stock import commands as stock
        from milepost.way.stock.words import StockReceipt

        self.act = Act.now("system:bench", channel="cli", now=datetime.now(UTC))
        self.chance, self.placed = random.Random(4), {True: 0, False: 0}
        drafts = [
            ItemDraft(code=_code(n), name=f"Part {n}", unit="piece", price=_price(n), currency="EUR")
            for n in range(ITEMS)
        ]
        ids = catalog.list_items(drafts, act=self.act)
        stock.receive_stock(
            [StockReceipt(item_id=one, location="MAIN", quantity=Decimal(PLENTY)) for one in ids], act=self.act
        )
        self.place(CUSTOMERS, CUSTOMERS, planning=True)
        self.server = psutil.Process(_backend())

    def pair(self, count: int, size: int) -> tuple[Cost, Cost]:
        """What the same number of orders costs without planning, and with it; which comes first changes."""
        first = self.chance.random() < 0.5
        costs = {planning: self._cost(count, size, planning=planning) for planning in (first, not first)}
        return costs[False], costs[True]

    def _cost(self, count: int, size: int, *, planning: bool) -> Cost:
        before = self._processors()
        seconds = self.place(count, size, planning=planning)
        return seconds, self._processors() - before

    def _processors(self) -> float:
        used = self.server.cpu_times()
        return time.process_time() + used.user + used.system

    def place(self, count: int, size: int, *, planning: bool) -> float:
        """Place so many orders in sets of a size; how long it took."""
        from milepost.way.intake import commands as intake

        incoming = [self._incoming(place) for place in range(count)]
        _react(planning=planning)
        began = time.perf_counter()
        for at in range(0, count, size):
            intake.receive(incoming[at : at + size], act=self.act)
        self.placed[planning] += count
        return time.perf_counter() - began

    def _incoming(self, place: int) -> Any:
        from milepost.ground.parties.words import CustomerDraft
        from milepost.way.intake.words import Address, Draft, Incoming, LineDraft

        who = place % CUSTOMERS
        draft = Draft(
            customer=CustomerDraft(external_ref=f"C{who}", name=f"Ada {who}", email=f"ada{who}@shoppers.example"),
            ship_to=Address(name=f"Ada {who}", street=f"Lindenstraße {who}", postal_code="10969", city="Berlin", country="DE"),
            currency="EUR", external_ref=f"P-{self.chance.getrandbits(60)}",
            lines=tuple(
                LineDraft(code=_code(item), quantity=Decimal(self.chance.randint(1, 5)), price=_price(item))
                for item in self.chance.sample(range(ITEMS), LINES)
            ),
        )  # fmt: skip
        return Incoming(draft=draft, raw=repr(draft).encode(), index=place)

    def disagreements(self) -> Sequence[str]:
        """Each order that was placed with planning has its messages, and no other has any."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT because, count(*), count(DISTINCT order_id) FROM notices_notice GROUP BY 1 ORDER BY 1"
            )
            told = {because: (number, orders) for because, number, orders in cursor.fetchall()}
        due = {because: (each * self.placed[True], self.placed[True]) for because, each in NOTICES.items()}
        return [f"planned {told}, but {due} were due"] if told != due else []


def _backend() -> int:
    """The process of PostgreSQL that serves this one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _react(*, planning: bool) -> None:
    from milepost.ground.journal.commands import react_with
    from milepost.reactions import notices
    from milepost.reactions.table import reactions

    table_of_all = reactions()
    if not planning:
        table_of_all = {
            kind: tuple(handler for handler in handlers if handler is not notices.tell)
            for kind, handlers in table_of_all.items()
        }
    react_with(table_of_all)


def _code(number: int) -> str:
    return f"PART-{number:05d}"


def _price(number: int) -> Decimal:
    return Decimal(100 + number * 7 % 9900) / 100


if __name__ == "__main__":
    sys.exit(main())
