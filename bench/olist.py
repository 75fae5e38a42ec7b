"""The Olist sample as what its shop, warehouses and carrier knew; odd rows are handled as a shop would want, and counted.

The data have no zone: they are Brazilian wall clock, sent with the fixed offset -03:00 and kept with the zone Etc/GMT+3, so that
calendar days are the ones of the data. They have no names, streets or e-mail addresses: a customer is known by their id.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

OFFSET, ZONE, CURRENCY, CARRIER = "-03:00", "Etc/GMT+3", "BRL", "correios"
Row = Mapping[str, str]


@dataclass
class Deal:
    """One order of the sample with everything that belongs to it."""

    row: Row
    customer: Row
    items: Sequence[Row]
    payments: Sequence[Row]
    reviewed: Sequence[Row]
    odd: dict[str, set[str]]

    @property
    def id(self) -> str:
        return self.row["order_id"]

    @property
    def placed_at(self) -> str:
        return self.row["order_purchase_timestamp"]

    @property
    def handed_over_at(self) -> str:
        """Goods cannot leave before they are ordered: an earlier stamp counts as the moment of the order."""
        stamp = self.row["order_delivered_carrier_date"]
        if stamp and stamp < self.placed_at:
            self._note("handed over before the purchase: hand-over recorded at the moment of the purchase")
        return max(stamp, self.placed_at) if stamp else ""

    def order(self) -> dict[str, Any]:
        """As the shop places it: payment pending, the promise that its page showed."""
        if not self.items:
            self._note("no items on record: placed without lines, so that its cancellation counts")
        if abs(self.paid - self.owed) > Decimal("0.05") and self.items:
            self._note("payments differ from items plus freight: kept as paid, a finding for the desk")
        place = self.customer
        return {
            "external_ref": self.id,
            "customer": {
                "external_ref": place["customer_unique_id"], "name": f"Customer {place['customer_unique_id'][:8]}",
                "email": f"{place['customer_unique_id'][:16]}@customers.example", "language": "pt-BR", "zone": ZONE,
            },
            "ship_to": {
                "name": f"Customer {place['customer_unique_id'][:8]}", "street": "(not in the data)",
                "postal_code": f"{place['customer_zip_code_prefix']}-000", "city": place["customer_city"],
                "region": place["customer_state"], "country": "BR",
            },
            "currency": CURRENCY,
            "lines": list(self._lines()),
            "freight": str(sum((Decimal(item["freight_value"]) for item in self.items), Decimal(0))),
            "payment": {"reference": "+".join(_kinds(self.payments)), "amount": str(self.paid), "pending": True},
            "promised": {
                "latest_on": self.row["order_estimated_delivery_date"][:10],
                "latest_at": instant(self.row["order_estimated_delivery_date"]),
            },
            "zone": ZONE,
            "occurred_at": instant(self.placed_at),
        }  # fmt: skip

    def _lines(self) -> Iterator[dict[str, Any]]:
        """The data have a row for each piece; the same product at the same price is one line."""
        for (code, price), pieces in Counter((item["product_id"], item["price"]) for item in self.items).items():
            yield {"code": code, "quantity": str(pieces), "price": price}

    @property
    def paid(self) -> Decimal:
        return sum((Decimal(payment["payment_value"]) for payment in self.payments), Decimal(0))

    @property
    def owed(self) -> Decimal:
        return sum((Decimal(item["price"]) + Decimal(item["freight_value"]) for item in self.items), Decimal(0))

    def release(self) -> list[dict[str, Any]]:
        """The payment is approved; what was handed over before that was let go by somebody, at that moment."""
        approved, handed = self.row["order_approved_at"], self.handed_over_at
        outcome, at = f"payment approved at {approved}", approved
        if handed and not approved:
            self._note("delivered without approval: the payment hold is released at the hand-over")
            outcome, at = "no approval on record; released at the hand-over", handed
        elif handed and handed < approved:
            self._note("handed over before the approval: the payment hold is released at the hand-over")
            outcome, at = f"released at the hand-over; payment approved at {approved}", handed
        return [{"order": self.id, "kind": "payment", "outcome": outcome, "occurred_at": instant(at)}] if at else []

    def shipment(self) -> list[dict[str, Any]]:
        """Picked, packed and handed over in one, as the warehouse's system tells it."""
        if not self.handed_over_at:
            return []
        if len({item["seller_id"] for item in self.items}) > 1:
            self._note("several sellers, but one stamp of the carrier: one shipment")
        return [{"order": self.id, "carrier": CARRIER, "occurred_at": instant(self.handed_over_at)}]

    def events(self) -> list[dict[str, Any]]:
        """What the carrier says."""
        said = [("picked_up", self.handed_over_at), ("delivered", self.row["order_delivered_customer_date"])]
        return [{"order": self.id, "code": code, "happened_at": instant(at)} for code, at in said if at]

    def cancellation(self) -> list[dict[str, Any]]:
        """The data do not say when: at the last thing that is known of the order."""
        reason = self.cancel_reason()
        if reason is None:
            return []
        if self.handed_over_at:
            self._note("cancelled after the hand-over: written off")
        at = max(self.placed_at, self.row["order_approved_at"], self.handed_over_at)
        return [{"order": self.id, "reason_code": reason, "occurred_at": instant(at)}]

    def cancel_reason(self) -> str | None:
        """Why it was cancelled, if it was."""
        return {"canceled": "cancelled_by_shop", "unavailable": "unavailable"}.get(self.row["order_status"])

    def ends_as(self) -> tuple[str, ...]:
        """The states in which it may stand after all of it; the worker completes and closes what was delivered long ago."""
        if self.cancel_reason():
            return ("cancelled",)
        if self.row["order_delivered_customer_date"]:
            return ("delivered", "completed", "closed")
        if self.handed_over_at:
            return ("in_transit",)
        return ("confirmed",) if self.row["order_approved_at"] else ("received",)

    def reviews(self) -> list[dict[str, Any]]:
        """Every review counts."""
        if len(self.reviewed) > 1:
            self._note("several reviews: all kept, each counts")
        if any(review["review_answer_timestamp"] < self.placed_at for review in self.reviewed):
            self._note("reviewed before the purchase: kept as dated")
        return [
            {
                "order": self.id, "rating": int(review["review_score"]), "occurred_at": instant(review["review_answer_timestamp"]),
                "comment": "\n".join(filter(None, (review["review_comment_title"], review["review_comment_message"]))),
            }
            for review in self.reviewed
        ]  # fmt: skip

    def _note(self, oddity: str) -> None:
        self.odd[oddity].add(self.id)


def _kinds(payments: Sequence[Row]) -> list[str]:
    return sorted({payment["payment_type"] for payment in payments})


def instant(wall: str) -> str:
    """A wall time of the data as an instant."""
    return f"{wall.replace(' ', 'T')}{OFFSET}"


@dataclass
class Sample:
    """The whole sample; `odd` names each kind of odd row with the orders it was found in, once they were replayed."""

    deals: list[Deal]
    products: Mapping[str, Row]
    sellers: Mapping[str, Row]
    truth: Mapping[str, Any]
    odd: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def items(self) -> list[dict[str, Any]]:
        """The catalogue: every product at the price it was sold at last."""
        last: dict[str, Row] = {}
        for deal in sorted(self.deals, key=lambda deal: deal.placed_at):
            last |= {item["product_id"]: item for item in deal.items}
        return [self._item(code, item) for code, item in last.items()]

    def _item(self, code: str, item: Row) -> dict[str, Any]:
        product = self.products.get(code, {})
        weight = int(float(product.get("product_weight_g") or 0))
        name = (product.get("product_category_name") or "produto").replace("_", " ")
        return {
            "code": code,
            "name": f"{name} {code[:8]}",
            "unit": "piece",
            "price": item["price"],
            "currency": CURRENCY,
        } | ({"weight_grams": weight} if weight else {})

    def receipts(self) -> list[dict[str, Any]]:
        """What the sellers must have had: by product and state of the seller, just as much as was ordered."""
        pieces = Counter(
            (i["product_id"], self.sellers[i["seller_id"]]["seller_state"]) for d in self.deals for i in d.items
        )
        return [
            {"code": code, "location": state, "quantity": str(count), "reference": "opening stock"}
            for (code, state), count in pieces.items()
        ]


def read(folder: Path, *, limit: int | None = None) -> Sample:
    """Read the sample from its folder."""
    rows = _rows(folder, "orders")
    rows = sorted(rows, key=lambda row: row["order_purchase_timestamp"])[:limit]
    customers = {row["customer_id"]: row for row in _rows(folder, "customers")}
    items, payments, reviews = (
        _by_order(_rows(folder, name)) for name in ("order_items", "order_payments", "order_reviews")
    )
    odd: dict[str, set[str]] = defaultdict(set)
    return Sample(
        deals=[
            Deal(row, customers[row["customer_id"]], items[key], payments[key], reviews[key], odd)
            for row in rows
            if (key := row["order_id"])
        ],
        products={row["product_id"]: row for row in _rows(folder, "products")},
        sellers={row["seller_id"]: row for row in _rows(folder, "sellers")},
        truth=json.loads((folder / "ground_truth.json").read_text())["populations"]["dev_sample"],
        odd=odd,
    )  # fmt: skip


def _rows(folder: Path, name: str) -> list[Row]:
    with (folder / f"olist_{name}_dataset.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _by_order(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["order_id"]].append(row)
    return grouped
