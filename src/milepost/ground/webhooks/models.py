"""Rows of webhooks out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from milepost.ground.webhooks.words import Standing, State


class Endpoint(models.Model):
    """A peer's address. Its secret is derived from `id` and `generation`; the former one signs too until `former_until`."""

    id = models.UUIDField(primary_key=True)
    url = models.CharField(max_length=500)
    name = models.CharField(max_length=100)
    types = ArrayField(models.CharField(max_length=64))
    standing = models.CharField(max_length=10, default=Standing.ACTIVE.value)
    generation = models.IntegerField(default=1)
    former_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    last_delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhooks_endpoint"
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=[each.value for each in Standing]), name="webhooks_endpoint_standing"
            )
        ]
        indexes = [
            models.Index(fields=["standing"], name="webhooks_endpoint_active", condition=Q(standing="active")),
        ]


class News(models.Model):
    """Something happened to an order; whoever works on it finds out what. Gone when that is done."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField()

    class Meta:
        db_table = "webhooks_news"


class Cursor(models.Model):
    """How far an order's story was told; its row lock orders those who tell it."""

    order_id = models.BigIntegerField(primary_key=True)
    sequence = models.IntegerField()

    class Meta:
        db_table = "webhooks_cursor"


class Event(models.Model):
    """A public event, as it is delivered."""

    id = models.CharField(max_length=40, primary_key=True)
    order_id = models.BigIntegerField()
    sequence = models.IntegerField()
    type = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        db_table = "webhooks_event"
        constraints = [models.UniqueConstraint(fields=["order_id", "sequence"], name="webhooks_event_once")]
        indexes = [models.Index(fields=["recorded_at"], name="webhooks_event_when")]


class Delivery(models.Model):
    """One event on its way to one endpoint. While it is being called, `due_at` is the end of the worker's lease."""

    id = models.UUIDField(primary_key=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, db_index=False, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, db_index=False, related_name="+")
    order_id = models.BigIntegerField()
    sequence = models.IntegerField()
    previous = models.IntegerField()
    state = models.CharField(max_length=10, default=State.DUE.value)
    attempts = models.SmallIntegerField(default=0)
    failures = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.SmallIntegerField(null=True)
    detail = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "webhooks_delivery"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "order_id", "sequence"], name="webhooks_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="webhooks_delivery_state"
            ),
            models.CheckConstraint(
                condition=Q(state="due", due_at__isnull=False) | (~Q(state="due") & Q(due_at__isnull=True)),
                name="webhooks_delivery_due_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="webhooks_delivery_outbox", condition=Q(state="due")),
            models.Index(fields=["endpoint", "-id"], name="webhooks_delivery_newest"),
            models.Index(fields=["endpoint", "-id"], name="webhooks_delivery_failed", condition=Q(state="failed")),
        ]


class Attempt(models.Model):
    """One call and what came back."""

    pk = models.CompositePrimaryKey("delivery_id", "number")
    delivery_id = models.UUIDField()
    number = models.SmallIntegerField()
    at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    detail = models.CharField(max_length=120, blank=True)
    took_ms = models.IntegerField()

    class Meta:
        db_table = "webhooks_attempt"
