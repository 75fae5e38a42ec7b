"""Complete: a person says what an open request means, and it becomes an order; or that it is none (VER-1, VER-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from milepost.ground import journal
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as arrived
from milepost.ground.arrivals.words import CAN_BE_RETRIED, Outcome, State
from milepost.ground.catalog import queries as catalog
from milepost.ground.parties import commands as parties
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.intake import queries, rules
from milepost.way.intake.alike import Trace, likeness, purchase_of, trace_of
from milepost.way.intake.commands.receive import finding_row
from milepost.way.intake.facts import OrderVerified, RequestCompleted, RequestDiscarded
from milepost.way.intake.models import OrderRequest
from milepost.way.intake.on_record import known
from milepost.way.intake.verification import verify
from milepost.way.intake.words import Draft, Receipt, RequestState, Verified, draft_to_json

NOT_OPEN = Refusal(
    code="not_open",
    says="This request is not open: it was completed or discarded.",
    do="Look at the list again.",
    status=409,
)
NO_LINES = Refusal(
    code="no_lines",
    says="An order has at least one line.",
    do="Add what was ordered, or discard the request.",
    field="lines",
)
REASONS = ("not_an_order", "twice", "withdrawn", "spam", "other")
NO_REASON = Refusal(
    code="unknown_reason", says="There is no such reason.", do="Choose one of the list.", field="reason_code"
)


def complete(request_id: UUID, draft: Draft, *, origins: Mapping[str, Any] | None = None, act: Act) -> Receipt:
    """Place an open request as `draft` says, under the reference and the time of receipt that it has.

    From here on it goes the way of every order: verified, placed, held where something is in doubt. `origins` are merged over
    those of the reading. Refuses `not_open`, `no_lines`, and all that `receive` refuses.
    """
    items = catalog.by_code(sorted({line.code for line in draft.lines}))
    refuse_any([*([] if draft.lines else [NO_LINES]), *rules.impossible(draft, items, now=act.at)])
    with journal.together():
        row = _locked(request_id)
        (customer_id,) = [draft.customer_id] if draft.customer_id else parties.register([draft.customer], act=act)
        final = replace(rules.with_catalogue(draft, items), customer_id=customer_id)
        (facts,) = known([final], [customer_id], own=[row.order_id or 0], likes=queries.likes([_trace(row, final)]))
        one = Verified(
            order_id=row.order_id or 0, request_id=row.id, reference=row.reference, channel=row.channel,
            received_at=row.received_at, history=row.history, draft=final,
            findings=verify(final, facts, procedures.book().verification, history=row.history),
        )  # fmt: skip
        _keep(row, final, origins or {}, act)
        journal.insert([finding_row(one.order_id, finding, act.at) for finding in one.findings])
        queries.remember_verified([one])
        blocking = sum(finding.blocking for finding in one.findings)
        journal.record(
            [
                RequestCompleted(order_id=one.order_id, request_id=row.id),
                OrderVerified(order_id=one.order_id, findings=len(one.findings), blocking=blocking),
            ],
            act=act,
        )
        _settle_arrivals([(row, Outcome(state=State.PROCESSED, about=one.reference, order_id=one.order_id))], act)
    return Receipt(index=0, order_id=one.order_id, reference=one.reference)


def _trace(row: OrderRequest, draft: Draft) -> Trace:
    """By what the same purchase, told by others, is recognised."""
    since = queries.same_purchase_since(row.received_at)
    told = trace_of(draft, sender=row.sender, raw=bytes(row.raw), channel=row.channel, since=since)
    return replace(told, own=row.order_id or 0)


def _settle_arrivals(settled: Sequence[tuple[OrderRequest, Outcome]], act: Act) -> None:
    """What they came from needs nobody any more."""
    outcomes = {UUID(row.origins["arrival"]): outcome for row, outcome in settled if "arrival" in row.origins}
    waiting = [one.id for one in arrived.these(outcomes).values() if one.state in CAN_BE_RETRIED]
    if waiting:
        arrivals.settle({one: outcomes[one] for one in waiting}, act=act)


def _locked(request_id: UUID) -> OrderRequest:
    row = OrderRequest.objects.select_for_update().filter(id=request_id, state=RequestState.OPEN).first()
    if row is None:
        raise Refused(NOT_OPEN)
    return row


def _keep(row: OrderRequest, draft: Draft, origins: Mapping[str, Any], act: Act) -> None:
    row.state = RequestState.PLACED
    row.ordered_by, row.external_ref, row.po_number = likeness(draft)
    row.purchase = purchase_of(draft) or None
    row.origins = {**row.origins, **origins, "completed": {"by": act.actor, "at": act.at.isoformat()}}
    row.draft = orjson.loads(draft_to_json(draft))
    row.save(update_fields=["state", "ordered_by", "external_ref", "po_number", "purchase", "origins", "draft"])


def discard(request_ids: Sequence[UUID], *, reason_code: str, act: Act) -> None:
    """Say that open requests are no orders; their originals stay. Refuses `unknown_reason`, and by index `not_open`."""
    refuse_any([] if reason_code in REASONS else [NO_REASON])
    with journal.together():
        still = OrderRequest.objects.select_for_update().filter(id__in=list(request_ids), state=RequestState.OPEN)
        rows = {row.id: row for row in still.order_by("id")}
        refuse_any([NOT_OPEN.at(index=index) for index, one in enumerate(request_ids) if one not in rows])
        OrderRequest.objects.filter(id__in=list(rows)).update(state=RequestState.DISCARDED)
        journal.record(
            [
                RequestDiscarded(order_id=row.order_id or 0, request_id=row.id, reason_code=reason_code)
                for row in rows.values()
            ],
            act=act,
        )
        said = act.reason or reason_code
        _settle_arrivals(
            [
                (row, Outcome(state=State.IGNORED, code=reason_code, sentence=said, order_id=row.order_id))
                for row in rows.values()
            ],
            act,
        )
