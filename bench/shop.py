"""A made-up shop for the measurements: 5,000 items with plenty of stock, a thousand customers, orders of three lines."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from bench.load import drive, post
from bench.serving import House

ITEMS, CUSTOMERS, LINES, STOCK = 5000, 1000, 3, 1_000_000
CITIES = (("10115", "Berlin"), ("20095", "Hamburg"), ("50667", "Köln"), ("80331", "München"), ("04109", "Leipzig"))
GIVEN, FAMILY = (
    ("Ada", "Bruno", "Chiara", "Dario", "Elif", "Femke"),
    ("Okafor", "Keller", "Conti", "Novak", "Lindqvist", "Moreau"),
)


def furnish(house: House) -> None:
    """List the items and receive their stock."""
    items = [
        {
            "code": code(n),
            "name": f"Part {n}",
            "unit": "piece",
            "price": str(price(n)),
            "currency": "EUR",
            "weight_grams": 250,
        }
        for n in range(ITEMS)
    ]
    receipts = [{"code": code(n), "location": "MAIN", "quantity": str(STOCK)} for n in range(ITEMS)]
    for path, name, rows in (("/items", "items", items), ("/stock/receipts", "receipts", receipts)):
        calls = [post(house, path, {name: rows[at : at + 1000]}, key=f"{name}-{at}") for at in range(0, ITEMS, 1000)]
        drive(house, calls, clients=1).must_be(200, 201)


def code(number: int) -> str:
    return f"PART-{number:05d}"


def price(number: int) -> Decimal:
    return Decimal(100 + number * 7 % 9900) / 100


def orders(count: int, *, seed: int) -> list[dict[str, Any]]:
    """So many orders of three different items each; the same seed gives the same orders."""
    chance = random.Random(seed)
    return [_order(chance, number) for number in range(count)]


def _order(chance: random.Random, number: int) -> dict[str, Any]:
    who = chance.randrange(CUSTOMERS)
    postal_code, city = CITIES[who % len(CITIES)]
    name = f"{GIVEN[who % 6]} {FAMILY[who // 6 % 6]}"
    return {
        "customer": {"external_ref": f"C{who}", "name": name, "email": f"customer{who}@shoppers.example"},
        "ship_to": {
            "name": name,
            "street": f"Lindenstraße {who}",
            "postal_code": postal_code,
            "city": city,
            "country": "DE",
        },
        "currency": "EUR",
        "lines": [
            {"code": code(item), "quantity": chance.randint(1, 5), "price": str(price(item))}
            for item in chance.sample(range(ITEMS), LINES)
        ],
    }


def known_customers() -> Iterator[dict[str, Any]]:
    """One order of each customer, so that the measured ones come from customers on record."""
    chance = random.Random(0)
    seen: set[str] = set()
    while len(seen) < CUSTOMERS:
        order = _order(chance, 0)
        if order["customer"]["external_ref"] not in seen:
            seen.add(order["customer"]["external_ref"])
            yield order


def singly(house: House, wanted: Sequence[dict[str, Any]], *, label: str) -> list[bytes]:
    """A call for each order."""
    return [post(house, "/orders", order, key=f"{label}-{number}") for number, order in enumerate(wanted)]


def in_batches(house: House, wanted: Sequence[dict[str, Any]], *, label: str, size: int) -> list[bytes]:
    """A call for each `size` orders."""
    return [
        post(
            house, "/orders/batch", {"orders": wanted[at : at + size], "on_failure": "reject_all"}, key=f"{label}-{at}"
        )
        for at in range(0, len(wanted), size)
    ]


def asked_for(wanted: Sequence[dict[str, Any]]) -> Counter[str]:
    """How much of each item code the orders ask for."""
    return Counter({line["code"]: 0 for order in wanted for line in order["lines"]}) + Counter(
        piece for order in wanted for line in order["lines"] for piece in [line["code"]] * line["quantity"]
    )
