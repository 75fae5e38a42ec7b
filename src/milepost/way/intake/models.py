"""Rows of intake: requests with their raw originals, and what verification found."""

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform

from milepost.way.intake.questions import Outcome
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
    purchase = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=12, default=RequestState.RECEIVED)
    received_at = models.DateTimeField()
    content_type = models.CharField(max_length=80)
    raw = models.BinaryField()
    draft = models.JSONField(null=True)
    origins = models.JSONField(default=dict)
    refusals = models.JSONField(null=True)
    asked = models.SmallIntegerField(default=0, db_default=0)
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
                fields=["purchase", "received_at"], name="intake_request_purchase", condition=Q(purchase__isnull=False)
            ),
            models.Index(
                fields=["-received_at"], name="intake_request_refused", condition=Q(state=RequestState.REFUSED)
            ),
            models.Index(
                fields=["received_at", "id"], name="intake_request_open", condition=Q(state=RequestState.OPEN)
            ),
            models.Index(
                KeyTextTransform("document", "origins"),
                name="intake_request_of_document",
                condition=Q(origins__has_key="document"),
            ),
        ]


class FindingRow(models.Model):
    """One discrepancy, the question it raises, and how it was settled (VER-3)."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField()
    check_name = models.CharField(max_length=20)
    code = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    expected = models.TextField(blank=True)
    question = models.TextField(blank=True)
    blocking = models.BooleanField()
    hold = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=32, blank=True)
    confirm = models.BooleanField(default=True)
    word_suffices = models.BooleanField(default=True)
    approver = models.CharField(max_length=32, blank=True)
    found_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answer_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "intake_finding"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(one.value for one in Outcome)]), name="intake_finding_outcome"
            )
        ]
        indexes = [models.Index(fields=["order_id"], name="intake_finding_of_order")]


class AnswerRow(models.Model):
    """One field of one answer, in the words in which it was given; personal data, so in no fact (VER-3)."""

    pk = models.CompositePrimaryKey("order_id", "answer_id", "field")
    order_id = models.BigIntegerField()
    answer_id = models.UUIDField()
    field = models.CharField(max_length=80)
    finding_id = models.UUIDField(null=True)
    confirmed = models.BooleanField()
    value = models.TextField(blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        db_table = "intake_answer"


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
    sender = models.CharField(max_length=254, blank=True)
    arrival_id = models.UUIDField(null=True)

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


class TypedForm(models.Model):
    """An order that somebody is typing: kept for its owner alone, until it is sent, discarded or forgotten."""

    id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=64)
    form = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "intake_typed_form"
        indexes = [
            models.Index(fields=["owner", "-kept_at"], name="intake_typed_form_of_owner"),
            models.Index(fields=["kept_at"], name="intake_typed_form_oldest"),
        ]


class SenderLayout(models.Model):
    """What a person once said of the files of a sender; a row a version, the latest counts (REC-3)."""

    id = models.UUIDField(primary_key=True)
    sender = models.CharField(max_length=254)
    form = models.CharField(max_length=20)
    version = models.IntegerField()
    layout = models.JSONField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "intake_sender_layout"
        constraints = [
            models.UniqueConstraint(fields=["sender", "form", "version"], name="intake_sender_layout_version"),
            models.CheckConstraint(condition=Q(version__gt=0), name="intake_sender_layout_counts"),
        ]


class SenderNumber(models.Model):
    """Which item of ours a sender's own number means, as a person said; a row a version, the latest counts (REC-3)."""

    id = models.UUIDField(primary_key=True)
    sender = models.CharField(max_length=254)
    number = models.CharField(max_length=80)
    code = models.CharField(max_length=64)
    version = models.IntegerField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "intake_sender_number"
        constraints = [
            models.UniqueConstraint(fields=["sender", "number", "version"], name="intake_sender_number_version"),
            models.CheckConstraint(condition=Q(version__gt=0), name="intake_sender_number_counts"),
        ]
