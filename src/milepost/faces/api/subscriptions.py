"""Subscriptions: who is told of events over webhooks, and what a subscriber that missed one asks for."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from milepost.faces.api.answers import REFUSALS
from milepost.faces.api.batches import order_ids
from milepost.faces.api.body import Json
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import once
from milepost.faces.api.shapes.subscriptions import (
    ChangedOut,
    ChangeIn,
    EventsOfOrderOut,
    OpenedOut,
    ReplayedOut,
    ReplayIn,
    SubscriptionsIn,
    SubscriptionsOut,
)
from milepost.faces.api.shapes.terms import OrderName
from milepost.ground.webhooks import commands as webhooks
from milepost.ground.webhooks import queries as known
from milepost.ground.webhooks.rules import NO_ENDPOINT
from milepost.ground.webhooks.words import EndpointDraft, OpenedEndpoint
from milepost.kernel.refusals import Refused
from milepost.reactions.announcing import TYPES, events_of

router = Router(tags=["webhooks out"])
SCOPE = "webhooks:manage"


@router.get(
    "/subscriptions", auth=ApiKey(SCOPE), response={200: SubscriptionsOut, **REFUSALS}, summary="List subscriptions"
)
def list_subscriptions(request: HttpRequest) -> tuple[int, Any]:
    """All subscriptions with how they stand, and the types of events that one may name."""
    return 200, {"subscriptions": [asdict(one) for one in known.endpoints()], "types": TYPES}


@router.post(
    "/subscriptions",
    auth=ApiKey(SCOPE, changes=True),
    response={201: OpenedOut, **REFUSALS},
    summary="Subscribe to events",
)
@once
def open_subscriptions(caller: Caller, subscriptions: Annotated[SubscriptionsIn, Json(...)]) -> tuple[int, Any]:
    """Have addresses told of what happens from now on: CloudEvents in JSON, signed as Standard Webhooks. A call that is not
    answered with 2xx is repeated for days with the same `webhook-id`; 410 ends the subscription; redirects are not followed.
    `sequence` counts within an order, and `previoussequence` is that of the event before which went to you: when you did not
    have that one, ask `/events`."""
    drafts = [EndpointDraft(url=one.url, name=one.name, types=tuple(one.types)) for one in subscriptions.subscriptions]
    opened = webhooks.open_endpoints(drafts, known=TYPES, act=caller.act())
    return 201, {"subscriptions": [asdict(one) for one in opened]}


@router.post(
    "/subscriptions/changes", auth=ApiKey(SCOPE, changes=True), response={200: ChangedOut, **REFUSALS},
    summary="Pause, resume, close a subscription, or renew its secret",
)  # fmt: skip
@once
def change_subscription(caller: Caller, change: Annotated[ChangeIn, Json(...)]) -> tuple[int, Any]:
    """Do one of these with a subscription. What happens while it is paused waits for it."""
    made = CHANGES[change.action](change.id, act=caller.act())
    card = known.endpoint(change.id)
    if card is None:
        raise Refused(NO_ENDPOINT)
    return 200, {"id": card.id, "standing": card.standing, "secret": made.secret if made else ""}


Change = Callable[..., OpenedEndpoint | None]
CHANGES: Mapping[str, Change] = {
    "pause": webhooks.pause,
    "resume": webhooks.resume,
    "close": webhooks.close,
    "rotate": webhooks.rotate,
}


@router.post(
    "/subscriptions/replays", auth=ApiKey(SCOPE, changes=True), response={200: ReplayedOut, **REFUSALS},
    summary="Deliver events again",
)  # fmt: skip
@once
def replay_events(caller: Caller, replay: Annotated[ReplayIn, Json(...)]) -> tuple[int, Any]:
    """Have events delivered once more, with the same ids: all since an instant, or all that failed."""
    since = replay.since.astimezone(UTC) if replay.since else None
    return 200, {"replayed": webhooks.replay(replay.id, since=since, failed=replay.failed, act=caller.act())}


@router.get(
    "/events", auth=ApiKey("orders:read"), response={200: EventsOfOrderOut, **REFUSALS}, summary="Events of an order"
)
def events_of_order(
    request: HttpRequest, order: Annotated[OrderName, Query()], after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> tuple[int, Any]:
    """The public events of an order after a sequence, in order: what closes a gap, or starts a new subscriber."""
    (order_id,) = order_ids([order])
    return 200, {"events": events_of(order_id, after=after)}
