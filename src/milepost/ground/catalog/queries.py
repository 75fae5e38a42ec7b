"""Read the catalogue: items as cards."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from milepost.ground.catalog.models import Item, Substitute
from milepost.ground.catalog.words import ItemCard
from milepost.ground.journal.search import by_words
from milepost.kernel.search import has_all, is_like, likeness, words_in

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


def by_typed_code(texts: Sequence[str]) -> dict[str, ItemCard]:
    """Items whose code was typed, in whatever case, by what was typed. Never a guess. One statement."""
    cards = by_code(sorted({spelt for text in texts for spelt in _spellings(text)}))
    return {text: cards[spelt] for text in texts for spelt in reversed(_spellings(text)) if spelt in cards}


def _spellings(text: str) -> tuple[str, ...]:
    """The code as it was typed, which goes before all others, in capitals and in small letters."""
    return tuple(dict.fromkeys((text.strip(), text.strip().upper(), text.strip().lower())))


ALIKE = "0.33"
"""How much of a word must be like one of the item's for a typo to be forgiven (pg_trgm's word similarity)."""
LEAST_LETTERS = 2


def look_up(text: str, *, limit: int = 8) -> list[ItemCard]:
    """Items that can be ordered now by what somebody types: words of code and name, half typed and in any order.

    The item of the very code comes first. Only where nothing has all words, words that are alike are taken for them. Of very
    many the first are ranked. Five statements at most.
    """
    words = words_in(text)
    if sum(map(len, words)) < LEAST_LETTERS:
        return []
    meant = by_typed_code([text])
    with by_words(ALIKE):
        spaced = " ".join(words)
        exact = _read(_LOOK_UP.format(match=has_all("words", words)), [*words, spaced, spaced, limit])
        alike = _ALIKE.format(match=is_like("words", words), rank=likeness("words", words))
        found = exact or _read(alike, [*words, *words, limit])
    return list(dict.fromkeys([*meant.values(), *found]))[:limit]


def having(text: str, *, limit: int) -> list[int]:
    """The ids of items that are sold whose code and name have all these words, and of the item of this very code; in no order.

    One statement on the index of words, with its settings three.
    """
    words = words_in(text)
    if sum(map(len, words)) < LEAST_LETTERS:
        return []
    with by_words(ALIKE):
        return _ids(_HAVING.format(match=has_all("words", words)), [*words, limit, list(_spellings(text))])


def alike(text: str, *, limit: int) -> list[int]:
    """The ids of items with words like these, the likest of them. One statement, with its settings three."""
    words = words_in(text)
    if sum(map(len, words)) < LEAST_LETTERS:
        return []
    likest = _LIKEST.format(match=is_like("words", words), rank=likeness("words", words))
    with by_words(ALIKE):
        return _ids(likest, [*words, *words, limit])


def _ids(statement: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [number for (number,) in cursor.fetchall()]


_HAVING = """
(SELECT id FROM catalog_item WHERE active AND {match} LIMIT %s)
UNION SELECT id FROM catalog_item WHERE code = ANY(%b::text[])
"""
_LIKEST = """
SELECT id FROM (
    SELECT *, max(rank) OVER () AS best
    FROM (SELECT id, {rank} AS rank FROM catalog_item WHERE active AND {match} LIMIT 2000) AS ranked
) AS i WHERE rank >= 0.7 * best ORDER BY rank DESC, id LIMIT %s
"""
_LOOK_UP = f"""
SELECT {", ".join(FIELDS)} FROM (SELECT * FROM catalog_item WHERE active AND {{match}} LIMIT 500) AS i
ORDER BY milepost_plain(code) LIKE milepost_plain(%s) || '%%' DESC, words LIKE '%% ' || milepost_plain(%s) || '%%' DESC,
    length(name), code LIMIT %s
"""  # noqa: S608 our own names
_ALIKE = f"""
SELECT {", ".join(FIELDS)} FROM (
    SELECT *, max(rank) OVER () AS best
    FROM (SELECT *, {{rank}} AS rank FROM catalog_item WHERE active AND {{match}} LIMIT 2000) AS ranked
) AS i WHERE rank >= 0.7 * best ORDER BY rank DESC, length(name), code LIMIT %s
"""  # noqa: S608 our own names


def _cards(statement: str, wanted: Sequence[str] | Sequence[int]) -> list[ItemCard]:
    return _read(statement, [list(wanted)])


def _read(statement: str, values: Sequence[Any]) -> list[ItemCard]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
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
