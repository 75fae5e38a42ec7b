"""Measures as they are answered (KPI-1 to KPI-6)."""

from datetime import date

from milepost.faces.api.shapes.terms import Told


class OnTimeOut(Told):
    """Delivered orders against one promise: late to the second, and late by calendar day at the recipient's place."""

    measured: int
    late: int
    on_time_rate: float | None
    late_by_day: int
    on_time_rate_by_day: float | None


class RatingOut(Told):
    """Ratings of some orders: every rating counts once."""

    count: int
    mean: float | None
    counts: dict[str, int]


class RatingsOut(Told):
    """Ratings overall, and apart for orders delivered late, on time (first promise, to the second), or not at all."""

    all: RatingOut
    late: RatingOut
    on_time: RatingOut
    not_delivered: RatingOut
    orders_rated: int
    orders_rated_more_than_once: int


class AccuracyOut(Told):
    """Delivered orders without loss, return or dispute (KPI-1)."""

    measured: int
    without_errors: int
    rate: float | None


class TimeOut(Told):
    """How long something took, in hours; null where nothing was measured."""

    count: int
    mean_hours: float | None
    median_hours: float | None


class AcknowledgedOut(TimeOut):
    """Time from receipt to acknowledgement: how many took no more than 24 hours, how many wait for longer than that, and the share
    within 24 hours of both together (ACK-2)."""

    p95_hours: float | None
    within_24_hours: int
    overdue: int
    within_24_hours_rate: float | None


class KpisOut(Told):
    """The measures of all orders that were received from one day to another, both included, in the house's zone."""

    from_on: date | None
    to_on: date | None
    orders: int
    states: dict[str, int]
    delivered: int
    cancelled: int
    accuracy: AccuracyOut
    on_time_first_promise: OnTimeOut
    on_time_last_promise: OnTimeOut
    ratings: RatingsOut
    time_to_acknowledge: AcknowledgedOut
    delay_resolution: TimeOut
    issue_resolution: TimeOut
    status_query_response: TimeOut
