"""Batches: entries of one call, carried out in sets, all or none, with refusals that point at their places."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import transaction

from milepost.ground import journal
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.orders import queries as orders

Entry = TypeVar("Entry")
MOST_LOOKED_AT = 100

NO_ORDER = Refusal(
    code="unknown_order", says="There is no order {name}.", do="Give our reference, or your shop's own number.", status=404,
    field="order",
)  # fmt: skip


def order_ids(names: Sequence[str]) -> list[int]:
    """The orders behind references or shop's numbers, in their places. One statement. Refuses `unknown_order` (404)."""
    found = orders.find_many(list(dict.fromkeys(names)))
    refuse_any(no_order(name, index) for index, name in enumerate(names) if name not in found)
    return [found[name] for name in names]


def no_order(name: str, index: int | None = None) -> Refusal:
    """The refusal of a name that no order bears."""
    return Refusal(
        code=NO_ORDER.code, says=NO_ORDER.says, do=NO_ORDER.do, status=NO_ORDER.status, field=NO_ORDER.field, index=index,
        values={"name": name},
    )  # fmt: skip


def in_sets(
    entries: Sequence[Entry],
    by: Callable[[Entry], Hashable],
    do: Callable[[Any, list[Entry]], None],
    *,
    lock: Callable[[], None] | None = None,
) -> None:
    """Carry out `do` once for each set of entries that are alike `by` something. All or none.

    Each set is an act of its own, one after the other. So that two calls never wait for each other in a ring, `lock` takes what
    all sets will work on, in the one order of all verbs, before the first of several; and what they record is written at the end.
    Refuses with the refusals of all sets, each pointing at the place of its entry in the whole.
    """
    sets: dict[Any, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        sets[by(entry)].append(place)
    refusals: list[Refusal] = []
    with journal.written_at_the_end():
        if lock is not None and len(sets) > 1:
            lock()
        for key, places in sets.items():
            refusals += _try(key, [entries[place] for place in places], places, do)
        refuse_any(sorted(refusals, key=lambda refusal: refusal.index or 0))


def _try(
    key: Any, entries: list[Entry], places: Sequence[int], do: Callable[[Any, list[Entry]], None]
) -> Iterable[Refusal]:
    try:
        with transaction.atomic():
            do(key, entries)
    except Refused as refused:
        return _pointed(refused, key, entries, places, do)
    return ()


def _pointed(
    refused: Refused, key: Any, entries: list[Entry], places: Sequence[int], do: Callable[[Any, list[Entry]], None]
) -> list[Refusal]:
    """The refusals with places in the whole. Where a set was refused as such, its entries are looked at one by one."""
    if len(places) == 1:
        return [_told(refusal, places[0]) for refusal in refused.refusals]
    if all(refusal.index is not None for refusal in refused.refusals):
        return [_told(refusal, places[refusal.index or 0]) for refusal in refused.refusals]
    found: list[Refusal] = []
    for entry, place in list(zip(entries, places, strict=True))[:MOST_LOOKED_AT]:
        found += _alone(key, entry, place, do)
    return found or list(refused.refusals)


def _alone(key: Any, entry: Entry, place: int, do: Callable[[Any, list[Entry]], None]) -> list[Refusal]:
    try:
        with transaction.atomic():
            do(key, [entry])
            transaction.set_rollback(True)
    except Refused as refused:
        return [_told(refusal, place) for refusal in refused.refusals]
    return []


def _told(refusal: Refusal, place: int) -> Refusal:
    """The refusal with the place in the whole and the field's name as it is sent here."""
    return refusal.at(index=place, field=_FIELDS.get(refusal.field, refusal.field))


_FIELDS = {"order_id": "order", "parcels": "lines", "tracking_numbers": "tracking_number", "shipment_id": "order"}


def rounds(entries: Iterable[Entry], by: Callable[[Entry], Hashable]) -> dict[int, int]:
    """For each place the how-manieth entry of its kind it is: 0 for the first, 1 for the second of the same."""
    seen: dict[Hashable, int] = defaultdict(int)
    turns = {}
    for place, entry in enumerate(entries):
        turns[place] = seen[by(entry)]
        seen[by(entry)] += 1
    return turns
