"""Rows of intake: requests with their raw originals, and what verification found."""

from django.db import models
from django.db.models import F, Q

from milepost.way.intake.words import RequestState


class OrderRequest(models.Model):
    """What someone asked, in their channel, with the raw original (REC-1)."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField(unique=True, null=True)
    reference = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=16)
    ordered_by = models.CharField(max_length=254, blank=True)
    external_ref = models.CharField(max_length=80, blank=True)
    po_number = models.CharField(max_length=80, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=12, default=RequestState.RECEIVED)
    received_at = models.DateTimeField()
    content_type = models.CharField(max_length=80)
    raw = models.BinaryField()
    draft = models.JSONField(null=True)
    origins = models.JSONField(default=dict)
    refusals = models.JSONField(null=True)
    history = models.BooleanField(default=False)

    class Meta:
        db_table = "intake_request"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in RequestState]), name="intake_request_state")
        ]
        indexes = [
            models.Index(fields=["external_ref"], name="intake_request_external", condition=~Q(external_ref="")),
            models.Index(fields=["po_number", "ordered_by"], name="intake_request_po", condition=~Q(po_number="")),
            models.Index(
                fields=["-received_at"], name="intake_request_refused", condition=Q(state=RequestState.REFUSED)
            ),
        ]


class FindingRow(models.Model):
    """One discrepancy, the question it raises, and how it was settled (VER-3)."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField()
    check_name = models.CharField(max_length=20)
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    expected = models.TextField(blank=True)
    question = models.TextField(blank=True)
    blocking = models.BooleanField()
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "intake_finding"
        indexes = [models.Index(fields=["order_id"], name="intake_finding_of_order")]


class OrderFile(models.Model):
    """A file of orders as it was sent, and how far it has become orders (REC-1)."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=20)
    raw = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    kept_by = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    orders = models.IntegerField()
    done = models.IntegerField(default=0)
    placed = models.IntegerField(default=0)
    refused = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_order_file"
        constraints = [
            models.CheckConstraint(
                condition=Q(done__lte=F("orders")) & Q(placed__lte=F("done")), name="intake_order_file_counts"
            )
        ]
        indexes = [
            models.Index(fields=["-kept_at"], name="intake_order_file_newest"),
            models.Index(fields=["digest"], name="intake_order_file_digest"),
        ]
