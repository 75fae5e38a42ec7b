"""Documents of orders as they are: EDI, UBL, CSV, workbooks. Kept byte for byte, answered in their own form, received from the
store (REC-1)."""

from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from milepost.faces.api.answers import REFUSALS, answer, error
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import Raw, View, once
from milepost.faces.api.shapes.documents import DocumentOut, KeptOut
from milepost.faces.api.shapes.terms import ONE_LINE
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.ground.arrivals.words import AnswerCard, ArrivalRow
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands as intake
from milepost.way.intake import documents
from milepost.way.intake.words import DocumentReceipt
from milepost.way.orders import queries as orders

router = Router(tags=["documents"])
SOURCE = "document"
NO_DOCUMENT = Refusal(
    code="unknown_document",
    says="There is no such document.",
    do="Use the id that it was given.",
    status=404,
    field="id",
)
EMPTY = Refusal(code="empty", says="The body is empty.", do="Send the document as the body.", status=400)
ACKNOWLEDGEMENTS = ("997", "CONTRL")
Sender = Annotated[
    str, Query(max_length=200, pattern=ONE_LINE, description="Whose file it is, where columns are remembered by it.")
]


def keeping(view: View) -> View:
    """Keeps what is of no form that anybody reads, for a clerk, so that nothing that a partner sent is lost (REC-1)."""

    @wraps(view)
    def kept_too(request: HttpRequest, **read: Any) -> HttpResponse:
        try:
            return view(request, **read)
        except Refused as refused:
            if refused.refusals[0].code == documents.UNKNOWN_FORM.code:
                caller: Caller = request.auth  # type: ignore[attr-defined]
                intake.keep_unread(
                    request.body, sender=read.get("sender") or caller.card.actor, refusal=refused.refusals[0],
                    content_type=request.headers.get("Content-Type", ""),
                    act=Act.now(caller.card.actor, channel="api", now=caller.now),
                )  # fmt: skip
            raise

    return kept_too


@router.post(
    "/order-documents", auth=ApiKey("orders:write", changes=True), response={202: KeptOut, **REFUSALS},
    summary="Send a document of orders", url_name="order-documents",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            "description": "X12 850, EDIFACT ORDERS, UBL Order, CSV, or a workbook, byte for byte. The form is found by its looks.",
        }
    },
)  # fmt: skip
@keeping
@once
def send_document(caller: Caller, sender: Sender = "") -> tuple[int, Any]:
    """Keep a document and answer it. Its orders are received from the store; what cannot be is kept for a clerk and retried.

    With `Accept: application/edi-x12` or `application/edifact` the answer is the functional acknowledgement (997, CONTRL) itself.
    The very same document again, under whatever key, is answered as the first time and places nothing.
    """
    body = caller.request.body
    if not body:
        raise Refused(EMPTY)
    wanted = _wanted(caller.request)
    receipt = intake.keep_document(
        body, sender=sender or caller.card.actor, name=caller.request.headers.get("X-File-Name", ""), asked=bool(wanted),
        content_type=caller.request.headers.get("Content-Type", ""), act=Act.now(caller.card.actor, channel="api", now=caller.now),
    )  # fmt: skip
    told = _acknowledgement(receipt, wanted)
    if told is not None:
        return 202, Raw(told.body, told.content_type)
    if receipt.refusals and not receipt.sheet.incoming:
        return receipt.refusals[0].status, {"errors": [error(one) for one in receipt.refusals], **_kept(receipt)}
    return 202, {**_kept(receipt), "refused": [error(one) for one in receipt.refusals]}


def _wanted(request: HttpRequest) -> str:
    """Which form's acknowledgement is asked for as the answer itself."""
    accept = request.headers.get("Accept", "")
    return next((form for form in ("application/edi-x12", "application/edifact") if form in accept.lower()), "")


def _acknowledgement(receipt: DocumentReceipt, wanted: str) -> AnswerCard | None:
    found = kept.answers(receipt.arrival_id) if wanted else []
    return next((one for one in found if one.kind in ACKNOWLEDGEMENTS and one.content_type == wanted), None)


def _kept(receipt: DocumentReceipt) -> dict[str, Any]:
    return {
        "id": receipt.arrival_id, "form": receipt.sheet.form, "orders": len(receipt.sheet.incoming), "repeated": receipt.repeated,
        "links": {"self": f"{settings.SITE_URL}/api/v1/order-documents/{receipt.arrival_id}"},
    }  # fmt: skip


@router.get(
    "/order-documents/{document_id}", auth=ApiKey("orders:read"), response={200: DocumentOut, **REFUSALS},
    summary="What became of a document",
)  # fmt: skip
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Its state, the orders that were placed from it, and the answers in its own form. Scope `orders:read`."""
    row = _row(document_id)
    placed = documents.placed_from([document_id]).get(document_id, {})
    states = orders.purchase_orders([order_id for order_id, _ in placed.values()])
    return answer(
        {
            "id": row.id, "form": row.topic, "state": row.state, "code": row.code, "sentence": row.error,
            "received_at": row.received_at,
            "orders": [
                {"reference": reference, "purchase_order": states[order_id][0], "state": states[order_id][1]}
                for _, (order_id, reference) in sorted(placed.items())
            ],
            "answers": [_told(one) for one in kept.answers(document_id)],
        }
    )  # fmt: skip


def _row(document_id: UUID) -> ArrivalRow:
    row = kept.arrival(document_id)
    if row is None or row.source != SOURCE:
        raise Refused(NO_DOCUMENT)
    return row


def _told(one: AnswerCard) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "name": one.name, "content_type": one.content_type, "made_at": one.made_at,
        "fetched_at": one.sent_at,
        "link": f"{settings.SITE_URL}/api/v1/order-documents/{one.arrival_id}/answers/{one.id}",
    }  # fmt: skip


@router.get(
    "/order-documents/{document_id}/answers/{answer_id}", auth=ApiKey("orders:read"),
    response={200: None, **REFUSALS}, summary="An answer in the document's own form",
    openapi_extra={
        "responses": {
            200: {
                "description": "The answer, byte for byte.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)  # fmt: skip
def document_answer(request: HttpRequest, document_id: UUID, answer_id: UUID) -> HttpResponse:
    """A 997, 855, CONTRL, ORDRSP or OrderResponse as it was made; that it was fetched is noted. Scope `orders:read`."""
    _row(document_id)
    one = next((one for one in kept.answers(document_id) if one.id == answer_id), None)
    if one is None:
        raise Refused(NO_DOCUMENT)
    caller: Caller = request.auth  # type: ignore[attr-defined]
    arrivals.note_answers_sent([answer_id], act=Act.now(caller.card.actor, channel="api", now=datetime.now(UTC)))
    response = HttpResponse(one.body, content_type=one.content_type)
    response["Content-Disposition"] = f'attachment; filename="{one.name}"'
    return response
