"""Read the catalogue: items as cards."""

from collections.abc import Sequence

from django.db import connection

from milepost.ground.catalog.models import Item, Substitute
from milepost.ground.catalog.words import ItemCard

FIELDS = (
    "id", "code", "name", "unit", "price", "currency", "active", "usual_max", "weight_grams", "lead_days",
)  # fmt: skip
_BY_CODE = f"SELECT {', '.join(FIELDS)} FROM catalog_item WHERE active AND code = ANY(%b::text[])"  # noqa: S608 our own names
_BY_ID = f"SELECT {', '.join(FIELDS)} FROM catalog_item WHERE id = ANY(%b::bigint[])"  # noqa: S608 our own names


def by_code(codes: Sequence[str]) -> dict[str, ItemCard]:
    """Items that can be ordered now, by code; what is not listed or no longer active is left out. One statement."""
    return {card.code: card for card in _cards(_BY_CODE, codes)}


def by_id(item_ids: Sequence[int]) -> dict[int, ItemCard]:
    """Items by id, those no longer active included. One statement."""
    return {card.id: card for card in _cards(_BY_ID, item_ids)}


def _cards(statement: str, wanted: Sequence[str] | Sequence[int]) -> list[ItemCard]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(wanted)])
        return [
            ItemCard(
                id=number, code=code, name=name, unit=unit, price=price, currency=currency, active=active,
                usual_max=usual_max, weight_grams=weight, lead_days=lead,
            )
            for number, code, name, unit, price, currency, active, usual_max, weight, lead in cursor.fetchall()
        ]  # fmt: skip


def listed(*, after: str = "", limit: int = 100) -> list[ItemCard]:
    """Items by code, for lists; `after` is the last code seen. One statement."""
    rows = Item.objects.filter(code__gt=after).order_by("code").values(*FIELDS)[:limit]
    return [ItemCard(**row) for row in rows]


def stand_ins(item_ids: Sequence[int]) -> dict[int, list[int]]:
    """Which items may stand in for these, best first. One statement."""
    found: dict[int, list[int]] = {}
    rows = Substitute.objects.filter(item_id__in=list(item_ids)).order_by("item_id", "rank")
    for item_id, stand_in_id in rows.values_list("item_id", "stand_in_id"):
        found.setdefault(item_id, []).append(stand_in_id)
    return found
