"""The measures (KPI-1 to KPI-6)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import P, QueryEx, Router

from milepost.faces.api.answers import REFUSALS, answer
from milepost.faces.api.keys import ApiKey
from milepost.faces.api.shapes.measures import KpisOut
from milepost.faces.api.shapes.terms import EARLIEST_ON, LATEST_ON
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.overview.insight.measures import measures
from milepost.overview.insight.words import Duration, Measures, OnTime, Period, Ratings

router = Router(tags=["measures"])


@router.get("/kpis", auth=ApiKey("insight:read"), response={200: KpisOut, **REFUSALS}, summary="Measures")
def kpis(
    request: HttpRequest,
    from_on: QueryEx[date | None, P(alias="from", description="First day of receipt, 2000 to 2100.")] = None,
    to_on: QueryEx[date | None, P(alias="to", description="Last day of receipt, included.")] = None,
) -> HttpResponse:
    """The measures of all orders that were received in a period, in the house's zone; without bounds, of all orders."""
    refuse_any(_beyond(name) for name, day in (("from", from_on), ("to", to_on)) if day and not _is_sane(day))
    period = Period(_start_of(from_on), _start_of(to_on + timedelta(days=1) if to_on else None))
    return answer(_told(measures(period, now=timezone.now()), from_on, to_on))


def _is_sane(day: date) -> bool:
    return EARLIEST_ON <= day <= LATEST_ON


def _beyond(name: str) -> Refusal:
    return Refusal(
        code="bad_date", says="{field} is no day between 2000 and 2100.", do="Write it as ISO 8601.", field=name,
        values={"field": name},
    )  # fmt: skip


def _start_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.HOME_ZONE)) if day else None


def _told(found: Measures, from_on: date | None, to_on: date | None) -> dict[str, Any]:
    return {
        "from_on": from_on,
        "to_on": to_on,
        "orders": found.orders,
        "states": found.states,
        "delivered": found.delivered,
        "cancelled": found.cancelled,
        "accuracy": {"measured": found.delivered, "without_errors": found.accurate, "rate": found.accuracy},
        "on_time_first_promise": _on_time(found.first_promise),
        "on_time_last_promise": _on_time(found.last_promise),
        "ratings": {
            "all": _ratings(found.ratings),
            "late": _ratings(found.ratings_late),
            "on_time": _ratings(found.ratings_on_time),
            "not_delivered": _ratings(found.ratings_not_delivered),
            "orders_rated": found.orders_rated,
            "orders_rated_more_than_once": found.orders_rated_more_than_once,
        },
        "time_to_acknowledge": {
            **_duration(found.acknowledged),
            "p95_hours": found.acknowledged_p95_hours,
            "within_24_hours": found.acknowledged_in_time,
            "overdue": found.acknowledgement_overdue,
            "within_24_hours_rate": found.acknowledged_rate,
        },
        "delay_resolution": _duration(found.delays_resolved),
        "issue_resolution": _duration(found.issues_resolved),
        "status_query_response": _duration(Duration()),
    }


def _on_time(found: OnTime) -> dict[str, Any]:
    return {
        "measured": found.measured,
        "late": found.late,
        "on_time_rate": found.rate,
        "late_by_day": found.late_by_day,
        "on_time_rate_by_day": found.rate_by_day,
    }


def _ratings(found: Ratings) -> dict[str, Any]:
    counts = {str(rating): times for rating, times in sorted(found.counts.items())}
    return {"count": found.count, "mean": found.mean, "counts": counts}


def _duration(found: Duration) -> dict[str, Any]:
    return {"count": found.count, "mean_hours": found.mean_hours, "median_hours": found.median_hours}
