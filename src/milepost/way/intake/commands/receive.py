"""Receive: keep order requests as they came, verify them, and give each its reference (REC-1..3, VER-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from milepost.ground import journal
from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.ground.parties import commands as parties
from milepost.ground.parties import queries as known_parties
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.facts import canonical
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import queries, rules
from milepost.way.intake.facts import OrderReceived, OrderVerified
from milepost.way.intake.models import FindingRow
from milepost.way.intake.numbers import references, take_numbers
from milepost.way.intake.words import Draft, Finding, Incoming, Receipt, Verified, draft_to_json


def receive(incoming: Sequence[Incoming], *, act: Act, all_or_nothing: bool = False) -> list[Receipt]:
    """Receive order requests: refuse what can be no order, verify the rest, and let them become orders (REC-1..3, VER-1).

    Answers one receipt a request, in their order. A refused one has its reasons with index and field; with
    `all_or_nothing` any refusal raises Refused with all of them and nothing is kept.
    """
    items = catalog.by_code(sorted({line.code for one in incoming for line in one.draft.lines}))
    reasons = [_reasons(one, items, act) for one in incoming]
    if all_or_nothing and any(reasons):
        raise Refused(*(reason for some in reasons for reason in some))
    good = [one for one, some in zip(incoming, reasons, strict=True) if not some]
    with journal.together():
        verified = iter(_accept(good, items, act))
        return [
            Receipt(index=one.index, refusals=tuple(some)) if some else _receipt(one, next(verified))
            for one, some in zip(incoming, reasons, strict=True)
        ]


def _reasons(one: Incoming, items: Mapping[str, ItemCard], act: Act) -> list[Refusal]:
    return [reason.at(index=one.index) for reason in rules.impossible(one.draft, items, now=act.at)]


def _receipt(one: Incoming, verified: Verified) -> Receipt:
    return Receipt(index=one.index, order_id=verified.order_id, reference=verified.reference)


def _accept(good: Sequence[Incoming], items: Mapping[str, ItemCard], act: Act) -> list[Verified]:
    if not good:
        return []
    drafts = [rules.with_catalogue(one.draft, items) for one in good]
    customer_ids = parties.register([draft.customer for draft in drafts], act=act)
    known = _known(drafts, customer_ids)
    checks = procedures.book().verification
    verified = [
        Verified(
            order_id=number, request_id=new_id(), reference=references().make(number), channel=act.channel,
            received_at=act.at, history=act.history, draft=replace(draft, customer_id=customer_id),
            findings=rules.verify(draft, facts, checks, history=act.history),
        )
        for draft, facts, customer_id, number in zip(drafts, known, customer_ids, take_numbers(len(drafts)), strict=True)
    ]  # fmt: skip
    _keep(good, verified)
    queries.remember_verified(verified)
    journal.record(
        [fact for one, request in zip(verified, good, strict=True) for fact in _facts(one, request)], act=act
    )
    return verified


def _known(drafts: Sequence[Draft], customer_ids: Sequence[int]) -> list[rules.Known]:
    """What is on record about each draft: its customer, and orders that look the same. Two statements."""
    cards = known_parties.cards(customer_ids)
    likes = queries.like_requests(drafts)
    return [
        rules.Known(
            blocked=cards[customer_id].blocked,
            like_orders=like,
            on_record={"phone": cards[customer_id].phone, "email": cards[customer_id].email},
        )
        for customer_id, like in zip(customer_ids, likes, strict=True)
    ]


def _keep(good: Sequence[Incoming], verified: Sequence[Verified]) -> None:
    rows = [
        (
            one.request_id, one.order_id, one.reference, one.channel, request.sender, one.received_at, request.content_type,
            request.raw, draft_to_json(one.draft), canonical(request.origins).decode(), one.history, *queries.likeness(one.draft),
        )
        for request, one in zip(good, verified, strict=True)
    ]  # fmt: skip
    journal.write(_KEEP, rows)
    journal.insert([_finding_row(one, finding) for one in verified for finding in one.findings])


_KEEP = """
INSERT INTO intake_request (id, order_id, reference, channel, sender, received_at, content_type, raw, draft, origins, history,
    ordered_by, external_ref, po_number, state)
SELECT given.*, 'placed' FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[],
    %b::bytea[], %b::jsonb[], %b::jsonb[], %b::bool[], %b::text[], %b::text[], %b::text[]) AS given
"""


def _finding_row(one: Verified, finding: Finding) -> FindingRow:
    return FindingRow(
        id=new_id(), order_id=one.order_id, check_name=finding.check, field=finding.field, value=finding.value,
        expected=finding.expected, question=finding.question, blocking=finding.blocking, found_at=one.received_at,
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
