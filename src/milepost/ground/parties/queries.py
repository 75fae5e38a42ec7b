"""Read parties: customers, suppliers and carriers as cards."""

from collections.abc import Sequence

from django.db import connection

from milepost.ground.parties.models import Carrier, Customer, Supplier
from milepost.ground.parties.words import CarrierCard, CustomerCard, SupplierCard

FIELDS = ("id", "external_ref", "name", "email", "phone", "language", "zone", "blocked_because")
CARRIER = ("id", "code", "name", "in_house", "tracking_url", "phone", "active")
SUPPLIER = ("id", "code", "name", "email", "phone", "language", "zone", "active")


def cards(customer_ids: Sequence[int]) -> dict[int, CustomerCard]:
    """Customers by id. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [sorted(set(customer_ids))])
        return {row[0]: CustomerCard(**dict(zip((*FIELDS, "blocked"), row, strict=True))) for row in cursor.fetchall()}


_CARDS = """
SELECT id, external_ref, name, email, phone, language, zone, blocked_because, blocked_at IS NOT NULL
FROM parties_customer WHERE id = ANY(%s::bigint[])
"""


def search(text: str, *, limit: int = 50, after: int = 0) -> list[CustomerCard]:
    """Customers whose reference, e-mail address or phone number is this, oldest first; `after` is the last id seen."""
    plain = text.strip()
    rows = Customer.objects.none()
    if plain:
        rows = (
            Customer.objects.filter(external_ref=plain).exclude(external_ref="")
            | Customer.objects.filter(email=plain.lower()).exclude(email="")
            | Customer.objects.filter(phone=plain).exclude(phone="")
        )  # fmt: skip
    found = rows.filter(pk__gt=after).order_by("pk").values(*FIELDS, "blocked_at")[:limit]
    return [CustomerCard(blocked=row.pop("blocked_at") is not None, **row) for row in found]


def carriers() -> dict[str, CarrierCard]:
    """All carriers by code. One statement."""
    return {row["code"]: CarrierCard(**row) for row in Carrier.objects.order_by("code").values(*CARRIER)}


def suppliers() -> dict[str, SupplierCard]:
    """All suppliers by code. One statement."""
    return {row["code"]: SupplierCard(**row) for row in Supplier.objects.order_by("code").values(*SUPPLIER)}
