"""Replay: events are delivered once more, with the same ids and the same bytes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from milepost.ground import journal
from milepost.ground.webhooks.facts import EventsReplayed
from milepost.ground.webhooks.models import Delivery, Endpoint
from milepost.ground.webhooks.rules import NO_ENDPOINT
from milepost.ground.webhooks.words import State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused


def replay(
    endpoint_id: UUID, *, act: Act, delivery_ids: Sequence[UUID] = (), since: datetime | None = None, failed: bool = False
) -> int:  # fmt: skip
    """Deliver again: those named, or all events recorded since then, or all that failed. Return how many.

    Refuses `no_subscription`.
    """
    with journal.together():
        if not Endpoint.objects.filter(id=endpoint_id).exists():
            raise Refused(NO_ENDPOINT)
        wanted = Delivery.objects.filter(endpoint_id=endpoint_id)
        if delivery_ids:
            wanted = wanted.filter(id__in=list(delivery_ids))
        elif since is not None:
            wanted = wanted.filter(event__recorded_at__gte=since)
        else:
            wanted = wanted.filter(state__in=[State.FAILED, State.DROPPED]) if failed else wanted.none()
        ids = list(wanted.values_list("id", flat=True))
        count = Delivery.objects.filter(id__in=ids).update(state=State.DUE, due_at=act.at, failures=0)
        if count:
            journal.record([EventsReplayed(endpoint_id=endpoint_id, count=count)], act=act)
    return count
