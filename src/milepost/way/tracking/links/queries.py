"""Reads of tracking links; each says how many statements it takes."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count

from milepost.way.tracking.links.words import LinkCard, LinkState
from milepost.way.tracking.models import TrackingLink

_BROKEN = TrackingLink.objects.filter(state=LinkState.BROKEN, next_check_at__isnull=False)
"""Of parcels that are still awaited."""
_CARD = ("parcel_id", "order_id", "carrier", "url", "state", "checked_at", "detail")


def links(order_ids: Iterable[int]) -> dict[int, LinkCard]:
    """The links of the orders' parcels, by parcel. One statement."""
    rows = TrackingLink.objects.filter(order_id__in=list(order_ids)).values(*_CARD)
    return {row["parcel_id"]: LinkCard(**{**row, "state": LinkState(row["state"])}) for row in rows}


def broken(*, limit: int = 100) -> list[LinkCard]:
    """Links that lead nowhere, the latest first. One statement on its index."""
    rows = _BROKEN.order_by("-checked_at").values(*_CARD)[:limit]
    return [LinkCard(**{**row, "state": LinkState(row["state"])}) for row in rows]


def count_broken() -> dict[str, int]:
    """How many links of each carrier lead nowhere. One statement on its index."""
    return dict(_BROKEN.values_list("carrier").annotate(Count("parcel_id")).order_by("carrier"))


def carriers_with_broken_links(carriers: Iterable[str]) -> frozenset[str]:
    """Those of the carriers of which a link leads nowhere. One statement on its index."""
    rows = _BROKEN.filter(carrier__in=list(carriers))
    return frozenset(rows.values_list("carrier", flat=True).distinct())


def overdue(now: datetime, *, limit: int = 100) -> list[LinkCard]:
    """Links that should have been looked at before `now` and were not: whoever looks after them stands still. One statement."""
    rows = TrackingLink.objects.filter(next_check_at__lt=now).order_by("next_check_at").values(*_CARD)[:limit]
    return [LinkCard(**{**row, "state": LinkState(row["state"])}) for row in rows]
