"""Rows of arrivals. The bytes that came are never changed; only what became of them is."""

from django.db import models
from django.db.models import Q

from milepost.ground.arrivals.words import State


class Arrival(models.Model):
    """What a peer sent, kept before anything was made of it (REC-1). `size` is its length, also where less is kept."""

    id = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=40)
    topic = models.CharField(max_length=80, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    delivery_id = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    size = models.IntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=State.RECEIVED.value)
    code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    about = models.CharField(max_length=120, blank=True)
    order_id = models.BigIntegerField(null=True)
    attempts = models.SmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True)
    processed_by = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "arrivals_arrival"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="arrivals_arrival_state"),
            models.UniqueConstraint(
                fields=["source", "delivery_id"], condition=~Q(delivery_id="") & ~Q(state=State.FORGED.value),
                name="arrivals_arrival_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "-id"], name="arrivals_by_state"),
            models.Index(fields=["about"], name="arrivals_about"),
            models.Index(fields=["order_id"], name="arrivals_of_order", condition=Q(order_id__isnull=False)),
        ]


class Answer(models.Model):
    """What a peer was answered in their own form, and when it left."""

    id = models.UUIDField(primary_key=True)
    arrival_id = models.UUIDField()
    order_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    body = models.BinaryField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "arrivals_answer"
        indexes = [
            models.Index(fields=["arrival_id"], name="arrivals_answers_to"),
            models.Index(fields=["order_id"], name="arrivals_answers_of_order", condition=Q(order_id__isnull=False)),
            models.Index(fields=["id"], name="arrivals_answers_unsent", condition=Q(sent_at__isnull=True)),
        ]


class Mark(models.Model):
    """How far we have read where peers keep what is for us, such as a mailbox."""

    name = models.CharField(max_length=254, primary_key=True)
    place = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "arrivals_mark"
