"""Receive: keep order requests as they came, verify them, and give each its reference (REC-1..3, VER-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from zlib import crc32

from django.db import connection

from milepost.ground import journal
from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.ground.parties import commands as parties
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.facts import canonical
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import queries, rules
from milepost.way.intake.alike import How, Like, Trace, trace_of, within
from milepost.way.intake.facts import OrderReceived, OrderVerified
from milepost.way.intake.models import FindingRow
from milepost.way.intake.numbers import references, take_numbers
from milepost.way.intake.on_record import known
from milepost.way.intake.verification import verify
from milepost.way.intake.words import Draft, Finding, Incoming, Receipt, Verified, draft_to_json


def receive(incoming: Sequence[Incoming], *, act: Act, all_or_nothing: bool = False) -> list[Receipt]:
    """Receive order requests: refuse what can be no order, verify the rest, and let them become orders (REC-1..3, VER-1).

    Answers one receipt a request, in their order. A refused one has its reasons with index and field; with
    `all_or_nothing` any refusal raises Refused with all of them and nothing is kept. The very same request from the same sender
    under the same number of theirs is answered as the first was, and nothing is kept of it.
    """
    items = catalog.by_code(sorted({line.code for one in incoming for line in one.draft.lines}))
    reasons = [_reasons(one, items, act) for one in incoming]
    if all_or_nothing and any(reasons):
        raise Refused(*(reason for some in reasons for reason in some))
    good = [one for one, some in zip(incoming, reasons, strict=True) if not some]
    with journal.together():
        receipts = iter(_accept(good, items, act))
        return [
            Receipt(index=one.index, refusals=tuple(some)) if some else next(receipts)
            for one, some in zip(incoming, reasons, strict=True)
        ]


def _reasons(one: Incoming, items: Mapping[str, ItemCard], act: Act) -> list[Refusal]:
    return [reason.at(index=one.index) for reason in rules.impossible(one.draft, items, now=act.at)]


def _accept(good: Sequence[Incoming], items: Mapping[str, ItemCard], act: Act) -> list[Receipt]:
    """Receipts of what can be an order: those of repeats are the first's, the others become orders now."""
    if not good:
        return []
    listed = [rules.with_catalogue(one.draft, items) for one in good]
    _one_at_a_time(listed)
    customer_ids = _customers(listed, act)
    drafts = [replace(draft, customer_id=one) for draft, one in zip(listed, customer_ids, strict=True)]
    since = queries.same_purchase_since(act.at)
    asked = [
        _Asked(one, draft, number, trace_of(draft, sender=one.sender, raw=one.raw, channel=act.channel, since=since))
        for one, draft, number in zip(good, drafts, take_numbers(len(good)), strict=True)
    ]
    found = _likes(asked)
    repeats = [next((like for like in some if like.how is How.REPEAT), None) for some in found]
    new = [(one, some) for one, some, repeat in zip(asked, found, repeats, strict=True) if repeat is None]
    _verify([one for one, _ in new], [some for _, some in new], act)
    return [one.receipt(repeat) for one, repeat in zip(asked, repeats, strict=True)]


def _one_at_a_time(drafts: Sequence[Draft]) -> None:
    """Requests under the same number wait for each other until one is written, so that the second sees the first.

    One statement, none for requests without a number. The numbers share some slots, so that a large set needs few locks.
    """
    numbers = {number for draft in drafts for number in (draft.external_ref, draft.po_number) if number}
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_TURNS, [_LOCKS, sorted({crc32(number.encode()) % _SLOTS for number in numbers})])


_LOCKS, _SLOTS = 0x4E554D42, 1024
_TAKE_TURNS = "SELECT pg_advisory_xact_lock(%s::int, slot) FROM unnest(%b::int[]) AS slot"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that can be an order, the number that it gets, and by what it is recognised."""

    request: Incoming
    draft: Draft
    number: int
    trace: Trace

    @property
    def reference(self) -> str:
        """Its reference for life."""
        return references().make(self.number)

    def receipt(self, repeat: Like | None) -> Receipt:
        """What the sender is answered."""
        if repeat is not None:
            return Receipt(
                index=self.request.index, order_id=repeat.order_id, reference=repeat.reference, repeated=True
            )
        return Receipt(index=self.request.index, order_id=self.number, reference=self.reference)


def _likes(asked: Sequence[_Asked]) -> list[tuple[Like, ...]]:
    """Of each request what is alike, among those that were received before and among those of the set. One statement at most."""
    traces = [one.trace for one in asked]
    return [
        (*some, *(Like(asked[place].reference, how, asked[place].number) for place, how in others))
        for some, others in zip(queries.likes(traces), within(traces), strict=True)
    ]


def _verify(asked: Sequence[_Asked], likes: Sequence[tuple[Like, ...]], act: Act) -> None:
    """Verify the requests, keep them, and let them become orders."""
    if not asked:
        return
    good, drafts = [one.request for one in asked], [one.draft for one in asked]
    on_record = known(drafts, [draft.customer_id for draft in drafts], likes=likes)
    checks = procedures.book().verification
    verified = [
        Verified(
            order_id=one.number, request_id=new_id(), reference=one.reference, channel=act.channel,
            received_at=one.request.arrived_at or act.at, history=act.history, draft=one.draft,
            findings=verify(one.draft, facts, checks, history=act.history),
        )
        for one, facts in zip(asked, on_record, strict=True)
    ]  # fmt: skip
    _keep(asked, verified)
    queries.remember_verified(verified)
    journal.record(
        [fact for one, request in zip(verified, good, strict=True) for fact in _facts(one, request)], act=act
    )


def _customers(drafts: Sequence[Draft], act: Act) -> list[int]:
    """Who orders: whom a person chose from the record is meant, the others are found there or put there."""
    registered = iter(parties.register([draft.customer for draft in drafts if not draft.customer_id], act=act))
    return [draft.customer_id or next(registered) for draft in drafts]


def _keep(asked: Sequence[_Asked], verified: Sequence[Verified]) -> None:
    rows = [
        (
            one.request_id, one.order_id, one.reference, one.channel, kept.request.sender, one.received_at,
            kept.request.content_type, kept.request.raw, draft_to_json(one.draft), canonical(kept.request.origins).decode(),
            one.history, kept.trace.ordered_by, kept.trace.external_ref, kept.trace.po_number, kept.trace.purchase or None,
        )
        for kept, one in zip(asked, verified, strict=True)
    ]  # fmt: skip
    journal.write(_KEEP, rows)
    journal.insert(
        [finding_row(one.order_id, finding, one.received_at) for one in verified for finding in one.findings]
    )


_KEEP = """
INSERT INTO intake_request (id, order_id, reference, channel, sender, received_at, content_type, raw, draft, origins, history,
    ordered_by, external_ref, po_number, purchase, state)
SELECT given.*, 'placed' FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[],
    %b::bytea[], %b::jsonb[], %b::jsonb[], %b::bool[], %b::text[], %b::text[], %b::text[], %b::bigint[]) AS given
"""


def finding_row(order_id: int, finding: Finding, found_at: datetime) -> FindingRow:
    """A finding as it is kept."""
    return FindingRow(
        id=new_id(), order_id=order_id, check_name=finding.check, code=finding.code, field=finding.field[:80],
        value=finding.value, expected=finding.expected, question=finding.question, blocking=finding.blocking, hold=finding.hold,
        role=finding.role, confirm=finding.confirm, word_suffices=finding.word_suffices, approver=finding.approver,
        found_at=found_at,
    )  # fmt: skip


def _facts(one: Verified, request: Incoming) -> tuple[OrderReceived, OrderVerified]:
    return (
        OrderReceived(
            order_id=one.order_id, reference=one.reference, request_id=one.request_id,
            digest=sha256(request.raw).hexdigest(),
        ),
        OrderVerified(
            order_id=one.order_id, findings=len(one.findings), blocking=sum(f.blocking for f in one.findings)
        ),
    )  # fmt: skip
