"""Rows of tracking."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from milepost.way.tracking.links.words import LinkState
from milepost.way.tracking.words import Concern, Ended, Kind, Reached, Stage


class TrackingEvent(models.Model):
    """One dated statement about a parcel; never changed. Partitioned by the month of `happened_at`.

    Three times are kept apart: the carrier's (`happened_at` as an instant, `stated_at` as it was spelt), ours of receipt,
    and ours of processing. `id` is made from what the event says. `zone_certain` is False where the instant rests upon a guess.
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
    zone_certain = models.BooleanField(default=True, db_default=True)
    city = models.CharField(max_length=100, blank=True, db_default="")
    region = models.CharField(max_length=60, blank=True, db_default="")
    country = models.CharField(max_length=2, blank=True, db_default="")
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    class Meta:
        db_table = "tracking_event"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[each.value for each in Kind]), name="tracking_event_kind")
        ]


class ParcelProgress(models.Model):
    """What follows from all events of a parcel; its row lock orders those who record events of it.

    `look_at` is when the clock looks whether it is silent or will be late; `concern` what stands of that, `silences` how many
    there were. `corrected`: somebody corrected something of it, so that news of it means reading its whole story.
    """

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
    corrected = models.BooleanField(default=False, db_default=False)
    handed_at = models.DateTimeField(null=True)
    lane = models.CharField(max_length=180, blank=True, db_default="")
    look_at = models.DateTimeField(null=True)
    concern = models.CharField(max_length=24, blank=True, db_default="")
    silences = models.SmallIntegerField(default=0, db_default=0)

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
            models.Index(fields=["look_at"], name="tracking_progress_look", condition=Q(look_at__isnull=False)),
            models.Index(fields=["order_id"], name="tracking_progress_delayed", condition=~Q(delay_cause="")),
        ]


class NoticedConcern(models.Model):
    """A concern about a parcel, from when it was noticed until it ended, with what it was held against (EXC-3)."""

    pk = models.CompositePrimaryKey("order_id", "id")
    order_id = models.BigIntegerField()
    id = models.UUIDField()
    parcel_id = models.BigIntegerField()
    concern = models.CharField(max_length=24)
    stage = models.CharField(max_length=20)
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField()
    earliest_on = models.DateField()
    latest_on = models.DateField()
    confidence = models.SmallIntegerField()
    usual_minutes = models.IntegerField()
    patience_minutes = models.IntegerField()
    samples = models.IntegerField()
    lane = models.CharField(max_length=180, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "tracking_concern"
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "parcel_id"], condition=Q(ended_at=None), name="tracking_concern_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(concern__in=[each.value for each in Concern]), name="tracking_concern_kind"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="")
                | Q(ended_at__isnull=False, ended__in=[each.value for each in Ended]),
                name="tracking_concern_ended",
            ),
        ]


class LaneTime(models.Model):
    """What is usual on a lane in a stage: minutes between two scans (`gap`) or until delivery (`rest`), by shares of cases."""

    pk = models.CompositePrimaryKey("lane", "stage", "measure")
    lane = models.CharField(max_length=180)
    stage = models.CharField(max_length=20)
    measure = models.CharField(max_length=4)
    minutes = ArrayField(models.IntegerField())
    samples = models.IntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        db_table = "tracking_lane_time"
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=["gap", "rest"]), name="tracking_lane_time_measure"),
            models.CheckConstraint(condition=Q(samples__gt=0), name="tracking_lane_time_samples"),
        ]


class NamedParcels(models.Model):
    """Which parcels a vendor means by a reference of its own, as it said last."""

    pk = models.CompositePrimaryKey("source", "reference")
    source = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    numbers = ArrayField(models.CharField(max_length=40))
    carrier = models.CharField(max_length=80, blank=True)
    said_at = models.DateTimeField()

    class Meta:
        db_table = "tracking_named_parcels"


class Poll(models.Model):
    """A parcel that a carrier is asked about: by which poller (none: nobody asks), and when next (never: null)."""

    parcel_id = models.BigIntegerField(primary_key=True)
    order_id = models.BigIntegerField()
    carrier = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    shipped_at = models.DateTimeField()
    poller = models.CharField(max_length=40, blank=True)
    next_poll_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    every_seconds = models.IntegerField(default=3600)
    unanswered = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "tracking_poll"
        constraints = [
            models.CheckConstraint(condition=~Q(poller="") | Q(next_poll_at=None), name="tracking_poll_by_somebody"),
            models.CheckConstraint(condition=Q(every_seconds__gt=0), name="tracking_poll_every"),
        ]
        indexes = [
            models.Index(
                fields=["poller", "next_poll_at"], name="tracking_poll_due", condition=Q(next_poll_at__isnull=False)
            ),
            models.Index(fields=["parcel_id"], name="tracking_poll_by_nobody", condition=Q(poller="")),
        ]


class PollerSpent(models.Model):
    """What a carrier's system was asked: calls of the hour and of the day, and whether it is left alone for a while."""

    name = models.CharField(max_length=40, primary_key=True)
    hour = models.DateTimeField()
    day = models.DateTimeField()
    in_hour = models.IntegerField(default=0)
    in_day = models.IntegerField(default=0)
    closed_until = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    says = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "tracking_poller"
        constraints = [
            models.CheckConstraint(
                condition=Q(in_hour__gte=0, in_day__gte=0, failures__gte=0), name="tracking_poller_counts"
            )
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
