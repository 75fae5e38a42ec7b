"""What a shop has changed, and what follows for our order: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal

from milepost.kernel.refusals import Refusal
from milepost.way.intake.words import Address, Draft, LineDraft
from milepost.way.orders.words import Change, NewLine, State
from milepost.way.shops.words import Statement, Unmade

NOT_LEFT = (State.RECEIVED, State.CONFIRMED, State.PROCESSING, State.PACKED)
ARRIVED = (State.DELIVERED, State.COMPLETED, State.CLOSED)
AMOUNTS = ("freight", "tax", "charges")
TEXTS = ("instructions", "po_number", "payment_reference", "service")
LOOKS_FOR_EDIT = 5


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the shop's lines stand in our order: `ids` are those of its last state, `positions` of all that ever were."""

    ids: tuple[str, ...] = ()
    positions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must be changed of an order, what cannot be said as a change, and where the shop's lines stand afterwards."""

    changes: tuple[Change, ...]
    unmade: tuple[Unmade, ...]
    lines: Lines


def is_overtaken(statement: Statement, *, said_at: datetime | None, rank: int) -> bool:
    """Whether a later statement was followed already. What comes later within one instant counts as later."""
    if statement.said_at is None or said_at is None:
        return False
    return (statement.said_at, statement.rank) < (said_at, rank)


def wanted(was: Draft, now: Draft, lines: Lines, line_ids: Sequence[str], *, highest: int) -> Wanted:
    """What the shop has changed since it was last followed; `highest` is the last position in our order.

    Compared with what the shop said before and not with how our order stands, so that what was put right here stays.
    """
    before = dict(zip(lines.ids, was.lines, strict=True))
    positions = dict(lines.positions)
    changes, unmade = [*_of_order(was, now)], [*_not_changeable(was, now)]
    for line_id, line in zip(line_ids, now.lines, strict=True):
        if line_id in before:
            changes += _of_line(before[line_id], line, positions[line_id])
            unmade += _not_changeable_of_line(before[line_id], line, positions[line_id])
        elif line_id in positions:
            changes += _back_again(line, positions[line_id])
        else:
            highest += 1
            positions[line_id] = highest
            changes.append(_added(line))
    gone = [line_id for line_id in lines.ids if line_id not in line_ids]
    changes += [Change(f"lines.{positions[line_id]}.cancelled", True) for line_id in gone]
    return Wanted(tuple(changes), tuple(unmade), Lines(tuple(line_ids), positions))


def discounts(now: Draft, line_ids: Sequence[str], lines: Lines) -> list[Decimal]:
    """What is taken off one piece of each line of the order, in its order; nothing of lines that are not the shop's."""
    given = {lines.positions[line_id]: line.discount for line_id, line in zip(line_ids, now.lines, strict=True)}
    return [given.get(position, Decimal(0)) for position in range(1, max(lines.positions.values(), default=0) + 1)]


def _added(line: LineDraft) -> Change:
    new = NewLine(code=line.code, quantity=line.quantity, price=line.price, instructions=line.instructions)
    return Change("lines.add", new)


def _back_again(line: LineDraft, position: int) -> Iterator[Change]:
    yield Change(f"lines.{position}.cancelled", False)
    yield from _of_line(replace(line, quantity=Decimal(0), price=None), line, position)


def _of_order(was: Draft, now: Draft) -> Iterator[Change]:
    for name, before, after in (
        ("email", was.customer.email, now.customer.email),
        ("phone", was.customer.phone, now.customer.phone),
        ("contact_name", contact_name(was), contact_name(now)),
    ):
        if before.casefold() != after.casefold():
            yield Change(name, after)
    for part in fields(Address):
        if getattr(was.ship_to, part.name) != getattr(now.ship_to, part.name):
            yield Change(f"ship_to.{part.name}", getattr(now.ship_to, part.name))
    for name in (*TEXTS, *AMOUNTS):
        if getattr(was, name) != getattr(now, name):
            yield Change(name, getattr(now, name))


def contact_name(draft: Draft) -> str:
    """By whom the order is spoken of."""
    return draft.customer.name or draft.ship_to.name


def _of_line(was: LineDraft, now: LineDraft, position: int) -> Iterator[Change]:
    if was.code != now.code:
        yield Change(f"lines.{position}.item", now.code)
    if was.quantity != now.quantity:
        yield Change(f"lines.{position}.quantity", now.quantity)
    if now.price is not None and (was.price != now.price or was.code != now.code):
        yield Change(f"lines.{position}.price", now.price)


def _not_changeable(was: Draft, now: Draft) -> Iterator[Unmade]:
    if was.currency != now.currency:
        yield Unmade("currency", f"{was.currency} became {now.currency}")


def _not_changeable_of_line(was: LineDraft, now: LineDraft, position: int) -> Iterator[Unmade]:
    if was.instructions != now.instructions:
        yield Unmade(f"lines.{position}.instructions", "the wish for a line is not changed by itself")


def beyond_lines(
    statement: Statement, refunded: Decimal, cancelled: bool, changes: Sequence[Change]
) -> Iterator[Unmade]:
    """What else the shop says that no change of a field can say."""
    about_goods = any(one.field.endswith((".quantity", ".cancelled")) for one in changes)
    if statement.refunded > refunded and not about_goods:
        yield Unmade(
            "refund", f"{statement.refunded - refunded} was paid back in the shop; see whether all is still to be sent."
        )
    if cancelled:
        yield Unmade("cancellation", "the shop says that the order, which it had cancelled, stands after all.")


def first_lines(line_ids: Sequence[str]) -> Lines:
    """The lines of an order that was just placed, one below the other."""
    return Lines(tuple(line_ids), {line_id: position for position, line_id in enumerate(line_ids, start=1)})


def unmade(changes: Sequence[Change], refusals: Sequence[Refusal]) -> list[Unmade]:
    """What of a refused set of changes stands in the way: the fields that were named, or all of them where none was."""
    named = {refusal.field: refusal.sentence for refusal in refusals if refusal.field}
    wrong = [Unmade(one.field, named[one.field]) for one in changes if one.field in named]
    sentence = refusals[0].sentence
    return wrong or [Unmade(one.field, sentence) for one in changes]
