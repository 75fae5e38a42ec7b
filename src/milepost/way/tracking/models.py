"""Rows of tracking."""

from django.db import models
from django.db.models import Q

from milepost.way.tracking.links.words import LinkState
from milepost.way.tracking.words import Kind, Reached, Stage


class TrackingEvent(models.Model):
    """One dated statement about a parcel; never changed. Partitioned by the month of `happened_at`.

    Three times are kept apart: the carrier's (`happened_at` as an instant, `stated_at` as it was spelt), ours of receipt,
    and ours of processing. `id` is made from what the event says.
    """

    pk = models.CompositePrimaryKey("order_id", "parcel_id", "happened_at", "id")
    order_id = models.BigIntegerField()
    parcel_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    id = models.UUIDField()
    kind = models.CharField(max_length=24)
    cause = models.CharField(max_length=16, blank=True)
    stated_at = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=500, blank=True)
    code = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=40)
    estimate_on = models.DateField(null=True)
    corrects = models.UUIDField(null=True)
    received_by = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField()

    class Meta:
        db_table = "tracking_event"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[each.value for each in Kind]), name="tracking_event_kind")
        ]


class ParcelProgress(models.Model):
    """What follows from all events of a parcel; its row lock orders those who record events of it."""

    parcel_id = models.BigIntegerField(primary_key=True)
    order_id = models.BigIntegerField()
    shipment_id = models.BigIntegerField()
    stage = models.CharField(max_length=20, default=Stage.SHIPPED.value)
    reached = models.CharField(max_length=20, default=Reached.SHIPPED.value)
    leg = models.SmallIntegerField(default=1)
    events = models.IntegerField(default=0)
    since_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_as = models.CharField(max_length=24, blank=True)
    delay_cause = models.CharField(max_length=16, blank=True)
    delay_since_at = models.DateTimeField(null=True)
    delay_estimate_on = models.DateField(null=True)
    last_event_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tracking_progress"
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=[each.value for each in Stage]), name="tracking_progress_stage"
            ),
            models.CheckConstraint(
                condition=Q(reached__in=[each.value for each in Reached]), name="tracking_progress_reached"
            ),
            models.CheckConstraint(
                condition=~Q(reached=Reached.DELIVERED.value) | Q(delivered_at__isnull=False),
                name="tracking_progress_delivered_when",
            ),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="tracking_progress_order"),
            models.Index(
                fields=["last_event_at"],
                name="tracking_progress_under_way",
                condition=Q(
                    stage__in=[
                        Stage.SHIPPED.value,
                        Stage.IN_TRANSIT.value,
                        Stage.OUT_FOR_DELIVERY.value,
                        Stage.ATTEMPT_FAILED.value,
                    ]
                ),
            ),
            models.Index(fields=["order_id"], name="tracking_progress_delayed", condition=~Q(delay_cause="")),
        ]


class TrackingLink(models.Model):
    """The carrier's page of a parcel, and how it was found. `of_another`: only another page of the carrier was looked at.

    `next_check_at` is empty when the parcel has arrived; while it is looked at, the end of the worker's lease.
    """

    parcel_id = models.BigIntegerField(primary_key=True)
    order_id = models.BigIntegerField()
    carrier = models.CharField(max_length=40)
    host = models.CharField(max_length=253)
    url = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default=LinkState.UNCHECKED.value)
    failures = models.SmallIntegerField(default=0)
    detail = models.CharField(max_length=120, blank=True)
    of_another = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tracking_link"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in LinkState]), name="tracking_link_state"
            ),
            models.CheckConstraint(
                condition=Q(state="unchecked") | Q(checked_at__isnull=False), name="tracking_link_checked_when"
            ),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], name="tracking_link_due", condition=Q(next_check_at__isnull=False)),
            models.Index(fields=["order_id"], name="tracking_link_order"),
            models.Index(
                fields=["carrier", "-checked_at"],
                name="tracking_link_broken",
                condition=Q(state="broken", next_check_at__isnull=False),
            ),
            models.Index(
                fields=["host", "checked_at"], name="tracking_link_seen", condition=Q(state="alive", of_another=False)
            ),
        ]
