"""Amend: a checked set of changes of an order, on record with what stood there before (VER-3, ROL-2)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

import orjson

from milepost.ground import journal
from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.ground.journal.commands import STALE
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.orders import amending, queries
from milepost.way.orders.facts import LineAmended, OrderAmended
from milepost.way.orders.models import AmendedField, Line, Order
from milepost.way.orders.words import Amendment, LineCard, NewLine, OrderCard

NO_ORDER = Refusal(code="no_order", says="There is no such order.", do="Search for it again.", status=404)
TWICE = Refusal(
    code="twice_in_batch",
    says="The same order stands twice in this batch.",
    do="Put all its changes into one amendment.",
)


def amend(amendments: Sequence[Amendment], *, act: Act) -> list[UUID | None]:
    """Change orders as it was agreed; the amendments' ids, None where everything stood so already. All or none.

    Totals follow the lines. Refuses, by index and field, `too_late` (409) once all of it was handed over, `address_left`
    (409) for the address once a part of it was, `packed_already` (409) for the goods of a packed order, `changed_meanwhile`
    (409) for another version than the expected one, `nothing_left`, `unknown_field`, `unknown_line`, `unknown_item`,
    `unknown_contact`, `too_many_contacts`, `no_way_to_reach`, `bad_email`, `wrong_currency`, `bad_number`, `bad_country`,
    `bad_value`, `too_long`, `no_order` (404), `twice_in_batch`. Records OrderAmended and a LineAmended for each line. Nine
    statements at most, and the facts.
    """
    if not amendments:
        return []
    order_ids = [one.order_id for one in amendments]
    with journal.together():
        list(Order.objects.select_for_update(no_key=True).filter(id__in=order_ids).order_by("id").values_list("id"))
        cards = queries.cards(order_ids)
        refuse_any(_refusals(amendments, cards))
        after = _after(amendments, cards, _items(amendments))
        made = [None if now == cards[now.id] else new_id() for now in after]
        changed = [
            (one, cards[now.id], now, number)
            for one, now, number in zip(amendments, after, made, strict=True)
            if number is not None
        ]
        _write([now for _, _, now, _ in changed], cards)
        journal.insert([row for one, was, now, number in changed for row in _rows(one, was, now, number, act)])
        journal.record([fact for _, was, now, number in changed for fact in _facts(was, now, number)], act=act)
    return made


def _refusals(amendments: Sequence[Amendment], cards: Mapping[int, OrderCard]) -> Iterator[Refusal]:
    times = Counter(one.order_id for one in amendments)
    for index, one in enumerate(amendments):
        card = cards.get(one.order_id)
        if card is None:
            yield NO_ORDER.at(index=index)
        elif times[one.order_id] > 1:
            yield TWICE.at(index=index)
        elif one.expected_version not in (None, card.version):
            yield STALE.at(index=index)
        else:
            yield from (refusal.at(index=index) for refusal in amending.too_late(card, one))


def _items(amendments: Sequence[Amendment]) -> dict[str, ItemCard]:
    values = [change.value for one in amendments for change in one.changes if change.field.endswith((".item", ".add"))]
    codes = {value.code if isinstance(value, NewLine) else str(value) for value in values}
    return catalog.by_code(sorted(codes)) if codes else {}


def _after(
    amendments: Sequence[Amendment], cards: Mapping[int, OrderCard], items: Mapping[str, ItemCard]
) -> list[OrderCard]:
    after: list[OrderCard] = []
    refusals: list[Refusal] = []
    for index, one in enumerate(amendments):
        card, wrong = amending.amended(cards[one.order_id], one.changes, items)
        after.append(card)
        refusals += [refusal.at(index=index) for refusal in wrong]
    refuse_any(refusals)
    return after


def _write(after: Sequence[OrderCard], cards: Mapping[int, OrderCard]) -> None:
    """The orders and their lines as they stand now. Three statements at most."""
    lines = [(card.id, was, line) for card in after for was, line in amending.changed_lines(cards[card.id], card)]
    if after:
        journal.write(_AMEND, [_order_row(card) for card in after])
    renewed = [_line_row(order_id, line) for order_id, was, line in lines if was is not None]
    if renewed:
        journal.write(_AMEND_LINES, renewed)
    journal.insert([Line(order_id=order_id, **asdict(line)) for order_id, was, line in lines if was is None])


def _order_row(card: OrderCard) -> tuple[object, ...]:
    return (
        card.id, card.contact_name, card.email, card.phone, orjson.dumps(asdict(card.ship_to)).decode(), card.items_total,
        card.total, card.po_number, card.payment_reference, card.instructions, card.service, card.freight, card.tax,
        card.charges, orjson.dumps([asdict(one) for one in card.contacts]).decode(),
    )  # fmt: skip


_AMEND = """
UPDATE orders_order o SET contact_name = n.contact_name, email = n.email, phone = n.phone, ship_to = n.ship_to,
    items_total = n.items_total, total = n.total, po_number = n.po_number, payment_reference = n.payment_reference,
    instructions = n.instructions, service = n.service, freight = n.freight, tax = n.tax, charges = n.charges,
    contacts = n.contacts, version = o.version + 1
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::jsonb[], %b::numeric[], %b::numeric[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::numeric[], %b::numeric[], %b::numeric[], %b::jsonb[])
    AS n(id, contact_name, email, phone, ship_to, items_total, total, po_number, payment_reference, instructions, service, freight,
    tax, charges, contacts)
WHERE o.id = n.id
"""


def _line_row(order_id: int, line: LineCard) -> tuple[object, ...]:
    return (
        order_id, line.position, line.item_id, line.code, line.name, line.quantity, line.unit, line.unit_price, line.cancelled,
    )  # fmt: skip


_AMEND_LINES = """
UPDATE orders_line l SET item_id = n.item_id, code = n.code, name = n.name, quantity = n.quantity, unit = n.unit,
    unit_price = n.unit_price, cancelled = n.cancelled
FROM unnest(%b::bigint[], %b::int[], %b::bigint[], %b::text[], %b::text[], %b::numeric[], %b::text[], %b::numeric[], %b::bool[])
    AS n(order_id, position, item_id, code, name, quantity, unit, unit_price, cancelled)
WHERE l.order_id = n.order_id AND l.position = n.position
"""


def _rows(one: Amendment, was: OrderCard, now: OrderCard, number: UUID, act: Act) -> list[AmendedField]:
    return [
        AmendedField(
            order_id=now.id, amendment_id=number, field=change.field, was=change.was, now=change.now, said_by=one.said_by[:200],
            said_at=one.said_at, actor=act.actor, at=act.at, reason=one.reason or act.reason,
        )
        for change in amending.differences(was, now)
    ]  # fmt: skip


def _facts(was: OrderCard, now: OrderCard, number: UUID) -> Iterator[OrderFact]:
    fields = tuple(change.field for change in amending.differences(was, now))
    yield OrderAmended(order_id=now.id, amendment_id=number, fields=fields, total=now.total, was_total=was.total)
    for before, line in amending.changed_lines(was, now):
        yield LineAmended(
            order_id=now.id, amendment_id=number, position=line.position, item_id=line.item_id,
            was_item_id=before.item_id if before else line.item_id, quantity=amending.wanted(line),
            was_quantity=amending.wanted(before), unit_price=line.unit_price,
            was_unit_price=before.unit_price if before else line.unit_price, cancelled=line.cancelled,
        )  # fmt: skip
