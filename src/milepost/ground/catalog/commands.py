"""Verbs of the catalogue: list items, and say which may stand in for which."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from milepost.ground import journal
from milepost.ground.catalog.facts import ItemListed
from milepost.ground.catalog.models import Item, Substitute
from milepost.ground.catalog.rules import wrong
from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, refuse_any

NO_ITEM = Refusal(code="unknown_item", says="There is no item {code}.", do="List it first.", status=404)
TWICE = Refusal(
    code="listed_twice", says="The same code stands in this list before.", do="Keep one of the two.", field="code"
)


def list_items(items: Sequence[ItemDraft], *, act: Act) -> list[int]:
    """List items by their codes, or renew what is said of them; their ids in order. Two statements, and the facts.

    Records ItemListed of those that are new or changed. Refuses `bad_...` for a field and `listed_twice`, with the index.
    """
    refuse_any(_refusals(items))
    if not items:
        return []
    with transaction.atomic():
        with connection.cursor() as cursor:
            rows = [_row(draft) for draft in sorted(items, key=lambda draft: draft.code)]
            cursor.execute(_LIST, [act.at, *columns(rows)])
            changed = {code for (code,) in cursor.fetchall()}
        codes = [draft.code for draft in items]
        ids: dict[str, int] = dict(Item.objects.filter(code__in=codes).values_list("code", "id"))
        journal.record([_listed(draft, ids[draft.code]) for draft in items if draft.code in changed], act=act)
    return [ids[code] for code in codes]


def _refusals(items: Sequence[ItemDraft]) -> Iterator[Refusal]:
    seen = set()
    for place, draft in enumerate(items):
        yield from (refusal.at(index=place) for refusal in wrong(draft))
        if draft.code in seen:
            yield TWICE.at(index=place)
        seen.add(draft.code)


def _row(draft: ItemDraft) -> tuple[Any, ...]:
    return (
        draft.code, draft.name, draft.unit, draft.price, draft.currency, draft.active, draft.usual_max, draft.weight_grams,
        draft.lead_days,
    )  # fmt: skip


def _listed(draft: ItemDraft, item_id: int) -> ItemListed:
    return ItemListed(item_id=item_id, code=draft.code, price=draft.price, currency=draft.currency, active=draft.active)


_LIST = """
INSERT INTO catalog_item AS i (listed_at, code, name, unit, price, currency, active, usual_max, weight_grams, lead_days)
SELECT %s, new.* FROM unnest(%b::text[], %b::text[], %b::text[], %b::numeric[], %b::text[], %b::bool[], %b::numeric[],
    %b::int[], %b::smallint[]) AS new
ON CONFLICT (code) DO UPDATE SET name = excluded.name, unit = excluded.unit, price = excluded.price,
    currency = excluded.currency, active = excluded.active, usual_max = excluded.usual_max,
    weight_grams = excluded.weight_grams, lead_days = excluded.lead_days, listed_at = excluded.listed_at
WHERE (i.name, i.unit, i.price, i.currency, i.active, i.usual_max, i.weight_grams, i.lead_days) IS DISTINCT FROM
    (excluded.name, excluded.unit, excluded.price, excluded.currency, excluded.active, excluded.usual_max,
    excluded.weight_grams, excluded.lead_days)
RETURNING code
"""


def replace(code: str, stand_ins: Sequence[str]) -> None:
    """Say which items may stand in for one, best first; what was said before is forgotten. Refuses `unknown_item`."""
    with transaction.atomic():
        ids = dict(Item.objects.select_for_update().filter(code__in=[code, *stand_ins]).values_list("code", "id"))
        refuse_any(_no_item(one) for one in (code, *stand_ins) if one not in ids)
        Substitute.objects.filter(item_id=ids[code]).delete()
        Substitute.objects.bulk_create(
            [
                Substitute(item_id=ids[code], stand_in_id=ids[one], rank=rank)
                for rank, one in enumerate(stand_ins, start=1)
            ]
        )


def _no_item(code: str) -> Refusal:
    return Refusal(code=NO_ITEM.code, says=NO_ITEM.says, do=NO_ITEM.do, status=NO_ITEM.status, values={"code": code})
