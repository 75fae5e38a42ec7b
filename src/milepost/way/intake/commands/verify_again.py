"""Verify again: an order that was amended is looked at as at receipt, by the same rules (VER-1, VER-3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from milepost.ground import journal
from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.way.intake import queries
from milepost.way.intake.alike import Trace, trace_of
from milepost.way.intake.commands.receive import finding_row
from milepost.way.intake.commands.settle import settled
from milepost.way.intake.facts import DiscrepanciesFound
from milepost.way.intake.models import AnswerRow, FindingRow, OrderRequest
from milepost.way.intake.on_record import known
from milepost.way.intake.questions import Outcome, Standing
from milepost.way.intake.verification import verify
from milepost.way.intake.words import Draft, Finding, LineDraft, draft_from_json

BY_AMOUNT = frozenset({"high_value", "over_limit"})
"""Findings that somebody who accepted the greater amount has accepted as well."""


def verify_again(standing: Sequence[Standing], *, act: Act) -> None:
    """Verify orders as they stand now. What is no longer found is settled as corrected; what is new is written down.

    What was confirmed or decided before stays settled while it says the same. Records DiscrepanciesFound, FindingSettled and
    what follows. Eight statements at most for any number.
    """
    with journal.together():
        order_ids = sorted(one.order_id for one in standing)
        locked = OrderRequest.objects.select_for_update(no_key=True).filter(order_id__in=order_ids).order_by("order_id")
        requests = {
            row.order_id: row for row in locked.only("order_id", "draft", "history", "sender", "channel", "received_at")
        }
        orders = [one for one in standing if one.order_id in requests]
        found = _found(orders, requests)
        rows = _rows(order_ids)
        confirmed = _confirmed(order_ids)
        gone = [row for one in orders for row in _gone(rows[one.order_id], found[one.order_id])]
        new = {one.order_id: _new(rows[one.order_id], found[one.order_id]) for one in orders}
        added = [finding_row(order_id, finding, act.at) for order_id, some in new.items() for finding in some]
        _settle_at_once(added, confirmed, act)
        journal.insert(added)
        facts: list[OrderFact] = [_told(order_id, some) for order_id in new if (some := _open(added, order_id))]
        journal.record([*facts, *settled(gone, Outcome.CORRECTED, act)], act=act)


def _found(orders: Sequence[Standing], requests: Mapping[int | None, OrderRequest]) -> dict[int, tuple[Finding, ...]]:
    items = catalog.by_id(sorted({line.item_id for one in orders for line in one.lines}))
    drafts = [_draft(one, draft_from_json(requests[one.order_id].draft or {}), items) for one in orders]
    likes = queries.likes([_trace(requests[one.order_id], draft) for one, draft in zip(orders, drafts, strict=True)])
    facts = known(drafts, [draft.customer_id for draft in drafts], own=[one.order_id for one in orders], likes=likes)
    checks = procedures.book().verification
    return {
        one.order_id: verify(draft, fact, checks, history=requests[one.order_id].history)
        for one, draft, fact in zip(orders, drafts, facts, strict=True)
    }


def _trace(row: OrderRequest, draft: Draft) -> Trace:
    """By what the order is recognised as like one that came before it."""
    told = trace_of(
        draft, sender=row.sender, raw=b"", channel=row.channel, since=queries.same_purchase_since(row.received_at)
    )
    return replace(told, own=row.order_id or 0, before=row.received_at)


def _draft(one: Standing, asked: Draft, items: Mapping[int, ItemCard]) -> Draft:
    """What was asked for, with everything that stands otherwise now."""
    named = asked.customer.name or asked.ship_to.name
    customer = replace(
        asked.customer, name=asked.customer.name if one.contact_name == named else one.contact_name, email=one.email,
        phone=one.phone,
    )  # fmt: skip
    lines = tuple(_line(line, place, asked, items) for place, line in enumerate(one.lines))
    return replace(
        asked, customer=customer, ship_to=one.ship_to, lines=lines, po_number=one.po_number,
        payment_reference=one.payment_reference,
    )  # fmt: skip


def _line(line: LineDraft, place: int, asked: Draft, items: Mapping[int, ItemCard]) -> LineDraft:
    before = asked.lines[place] if place < len(asked.lines) else line
    item = items.get(line.item_id)
    if item is None or not line.quantity:
        return line
    discount = before.discount if before.item_id == line.item_id else Decimal(0)
    return replace(line, list_price=item.price, usual_max=item.usual_max, discount=discount)


def _rows(order_ids: Iterable[int]) -> dict[int, list[FindingRow]]:
    rows: dict[int, list[FindingRow]] = defaultdict(list)
    for row in FindingRow.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "id"):
        rows[row.order_id].append(row)
    return rows


def _confirmed(order_ids: Iterable[int]) -> set[tuple[int, str, str]]:
    """What customers said of their own accord and meant: right as it is, whatever verification makes of it."""
    said = AnswerRow.objects.filter(order_id__in=list(order_ids), confirmed=True, finding_id=None)
    return set(said.values_list("order_id", "field", "value"))


def _key(finding: Finding | FindingRow) -> tuple[str, str, str]:
    return (finding.code, finding.field, finding.value)


def _gone(rows: Sequence[FindingRow], found: Sequence[Finding]) -> list[FindingRow]:
    now = {_key(finding) for finding in found}
    return [row for row in rows if row.settled_at is None and _key(row) not in now]


def _new(rows: Sequence[FindingRow], found: Sequence[Finding]) -> list[Finding]:
    before = {_key(row) for row in rows if row.settled_at is None or row.outcome != Outcome.CORRECTED}
    return [finding for finding in found if _key(finding) not in before and not _accepted_more(finding, rows)]


def _accepted_more(finding: Finding, rows: Sequence[FindingRow]) -> bool:
    return finding.code in BY_AMOUNT and any(
        row.code == finding.code and row.settled_at is not None and Decimal(row.value) >= Decimal(finding.value)
        for row in rows
    )


def _settle_at_once(added: Sequence[FindingRow], confirmed: set[tuple[int, str, str]], act: Act) -> None:
    for row in added:
        if (row.order_id, row.field, row.value) in confirmed and row.confirm and row.word_suffices:
            row.settled_at, row.settled_by, row.outcome, row.answer = act.at, act.actor, Outcome.CONFIRMED, row.value


def _open(added: Sequence[FindingRow], order_id: int) -> list[FindingRow]:
    return [row for row in added if row.order_id == order_id and row.settled_at is None]


def _told(order_id: int, rows: Sequence[FindingRow]) -> DiscrepanciesFound:
    return DiscrepanciesFound(order_id=order_id, findings=len(rows), blocking=sum(row.blocking for row in rows))
