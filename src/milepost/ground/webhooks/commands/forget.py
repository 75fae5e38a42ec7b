"""Forget what nobody will ask for again."""

from datetime import datetime

from milepost.ground.webhooks.models import Attempt, Delivery, Event
from milepost.ground.webhooks.words import State


def forget(before: datetime, *, limit: int = 5000) -> int:
    """Remove events from before that instant with their deliveries; what is still on its way stays. Return how many."""
    on_their_way = Delivery.objects.filter(state=State.DUE).values("event_id")
    old = Event.objects.filter(recorded_at__lt=before).exclude(id__in=on_their_way)
    ids = list(old.order_by("recorded_at").values_list("id", flat=True)[:limit])
    deliveries = Delivery.objects.filter(event_id__in=ids)
    Attempt.objects.filter(delivery_id__in=deliveries.values("id")).delete()
    deliveries.delete()
    Event.objects.filter(id__in=ids).delete()
    return len(ids)
