"""Reads of whom carriers are asked about; each is one statement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q

from milepost.way.tracking.models import Poll, PollerSpent


@dataclass(frozen=True, slots=True, kw_only=True)
class PollerCard:
    """How asking one carrier's system goes. `closed_until`: it is left alone until then, because of what `says` tells."""

    name: str
    in_hour: int
    in_day: int
    failures: int
    closed_until: datetime | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The parcels that one poller asks about (`name` is empty for those that nobody does)."""

    name: str
    parcels: int
    waiting: int
    next_at: datetime | None
    asked_at: datetime | None


def pollers() -> list[PollerCard]:
    """What every system was asked."""
    fields = ("name", "in_hour", "in_day", "failures", "closed_until", "says")
    return [PollerCard(**row) for row in PollerSpent.objects.order_by("name").values(*fields)]


def queues() -> list[Queue]:
    """How many parcels are asked about, how many of them wait for their next look, and when that is."""
    rows = Poll.objects.values(name=F("poller")).order_by("name").annotate(
        parcels=Count("parcel_id"), waiting=Count("parcel_id", filter=Q(next_poll_at__isnull=False)),
        next_at=Min("next_poll_at"), asked_at=Max("polled_at"),
    )  # fmt: skip
    return [Queue(**row) for row in rows]
