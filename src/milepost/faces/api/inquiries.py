"""What customers ask: handed in by partners' systems, and told with what was answered (INQ-3)."""

from collections import defaultdict
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from milepost.faces.api.answers import REFUSALS, answer
from milepost.faces.api.batches import order_ids
from milepost.faces.api.body import Json
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import once
from milepost.faces.api.routers import Reference
from milepost.faces.api.shapes.inquiries import ConversationsOut, InquiriesIn, InquiriesOut
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.words import Channel, ConversationCard, Inquiry, InteractionCard
from milepost.way.orders import queries as orders

router = Router(tags=["inquiries"])


@router.post(
    "/inquiries", auth=ApiKey("orders:write", changes=True), response={201: InquiriesOut, **REFUSALS},
    summary="Hand in what customers ask",
)  # fmt: skip
@once
def receive_inquiries(caller: Caller, inquiries: Annotated[InquiriesIn, Json(...)]) -> tuple[int, Any]:
    """Each goes on with its order's conversation or opens one, and its reply clock runs. All or none. Scope `orders:write`."""
    entries = inquiries.inquiries
    ids = order_ids([entry.order for entry in entries])
    kept = care.receive(
        [
            Inquiry(
                channel=Channel(entry.channel), words=entry.words, order_id=order_id, topic=entry.topic, name=entry.name
            )
            for order_id, entry in zip(ids, entries, strict=True)
        ],
        act=caller.act(),
    )
    cards = queries.conversations({one.conversation_id for one in kept})
    told = [
        {
            "order": entry.order, "conversation": one.conversation_id, "interaction": one.interaction_id,
            "answer_by": cards[one.conversation_id].due_at,
        }
        for entry, one in zip(entries, kept, strict=True)
    ]  # fmt: skip
    return 201, {"inquiries": told}


@router.get(
    "/orders/{reference}/conversations", auth=ApiKey("orders:read"), response={200: ConversationsOut, **REFUSALS},
    summary="Conversations about an order",
)  # fmt: skip
def conversations(request: HttpRequest, reference: Reference) -> HttpResponse:
    """What the customer asked and was answered about an order, on every channel. Scope `orders:read`."""
    (order_id,) = order_ids([reference])
    said: dict[UUID, list[InteractionCard]] = defaultdict(list)
    for one in reversed(queries.of_order(order_id)):
        said[one.conversation_id].append(one)
    cards = sorted(queries.conversations(said.keys()).values(), key=lambda card: (card.last_at, card.id), reverse=True)
    name = orders.contacts([order_id])[order_id].reference
    return answer({"reference": name, "conversations": [_told(card, said[card.id]) for card in cards]})


def _told(card: ConversationCard, said: list[InteractionCard]) -> dict[str, Any]:
    return {
        "id": card.id, "state": card.state, "topic": card.topic, "opened_at": card.opened_at, "answer_by": card.due_at,
        "closed_at": card.closed_at,
        "interactions": [
            {
                "id": one.id, "channel": one.channel, "direction": one.direction, "at": one.at, "words": one.words,
                "outcome": one.outcome, "read_at": one.read_at,
            }
            for one in said if not one.is_note
        ],
    }  # fmt: skip
