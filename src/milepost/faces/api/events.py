"""Tracking events in batches, and what carriers' systems send by themselves."""

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from milepost.faces.api.answers import REFUSALS, error
from milepost.faces.api.batches import no_order
from milepost.faces.api.body import Json
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import once
from milepost.faces.api.shapes.way import EventIn, EventsIn, EventsOut, RawOut
from milepost.faces.api.webhooks import receive
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.orders import queries as orders
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft

router = Router(tags=["tracking"])
EASYPOST = "easypost"
NOT_SHIPPED = Refusal(
    code="not_shipped", says="Nothing of order {name} has been handed over yet.", do="Send its shipment first.", status=409,
    field="order",
)  # fmt: skip


@router.post(
    "/tracking/events", auth=ApiKey("tracking:write", changes=True), response={200: EventsOut, **REFUSALS},
    summary="Record tracking events",
)  # fmt: skip
@once
def record_events(caller: Caller, events: Annotated[EventsIn, Json(...)]) -> tuple[int, Any]:
    """Dated statements about parcels, in our vocabulary, in any order and as often as you like: the same events give the
    same timeline. Good ones are recorded, the others listed with their reasons; when none is good, all is refused (TRK-2)."""
    drafts, places, refusals = _drafts(events.events)
    recorded = tracking.record_events(drafts, act=caller.act(), only_good=True)
    refusals += [refusal.at(index=places[refusal.index or 0]) for refusal in recorded.refusals]
    refusals.sort(key=lambda refusal: refusal.index or 0)
    if refusals and not recorded.new and not recorded.repeated:
        raise Refused(*refusals)
    return 200, {
        "recorded": recorded.new, "repeated": recorded.repeated, "refused": [error(refusal) for refusal in refusals],
    }  # fmt: skip


def _drafts(events: Sequence[EventIn]) -> tuple[list[EventDraft], list[int], list[Refusal]]:
    """What tracking is to record, the place in the batch of each, and refusals of events that name no order of ours."""
    named = {event.order for event in events if event.order and not event.tracking_number}
    found = orders.find_many(sorted(named)) if named else {}
    shipped = fulfilment.shipments_of(found.values()) if found else {}
    drafts: list[EventDraft] = []
    places: list[int] = []
    refusals: list[Refusal] = []
    for index, event in enumerate(events):
        if event.tracking_number:
            new: Iterable[EventDraft] = (_draft(event, None),)
        elif event.order not in found:
            refusals.append(no_order(event.order, index))
            continue
        else:
            parcels = [p for s in shipped.get(found[event.order], ()) for p in s.parcels if p.shipped_at is not None]
            new = [_draft(event, parcel.id) for parcel in parcels]
            if not parcels:
                refusals.append(_not_shipped(event.order, index))
        for draft in new:
            drafts.append(draft)
            places.append(index)
    return drafts, places, refusals


def _draft(event: EventIn, parcel_id: int | None) -> EventDraft:
    return EventDraft(
        kind=event.code, happened_at=event.happened_at.astimezone(UTC), parcel_id=parcel_id,
        tracking_number=event.tracking_number if parcel_id is None else "", carrier=event.carrier, cause=event.reason,
        stated_at=event.happened_at.isoformat(), place=event.place, estimate_on=event.estimate_on, corrects=event.corrects,
        received_by=event.signed_by, city=event.city, region=event.region, country=event.country, latitude=event.latitude,
        longitude=event.longitude,
    )  # fmt: skip


def _not_shipped(name: str, index: int) -> Refusal:
    return Refusal(
        code=NOT_SHIPPED.code, says=NOT_SHIPPED.says, do=NOT_SHIPPED.do, status=NOT_SHIPPED.status, field=NOT_SHIPPED.field,
        index=index, values={"name": name},
    )  # fmt: skip


@router.post(
    "/webhooks/easypost", auth=None, response={200: RawOut, **REFUSALS}, summary="EasyPost's webhook",
    url_name="webhook-easypost",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object", "description": "An EasyPost event, as they send it."}}},
        },
        "parameters": [
            {
                "in": "header", "name": "X-Hmac-Signature", "required": True, "schema": {"type": "string"},
                "description": "EasyPost's signature of the body.",
            }
        ],
    },
)  # fmt: skip
def easypost(request: HttpRequest) -> HttpResponse:
    """What EasyPost sends: kept byte for byte first, then its signature is checked and answered; the worker makes events of it
    from the store. A forged one is refused, and kept as evidence (TRK-2)."""
    return receive(EASYPOST, request)
