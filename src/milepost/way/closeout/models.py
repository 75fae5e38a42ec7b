"""Rows of close-out."""

from django.db import models
from django.db.models import Q

from milepost.way.closeout.words import Answer


class Acceptance(models.Model):
    """The question whether the goods are accepted, and its answer; one row an order."""

    order_id = models.BigIntegerField(primary_key=True)
    state = models.CharField(max_length=12, default=Answer.ASKED.value)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    dispute = models.TextField(blank=True)
    close_due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    history = models.BooleanField(default=False)

    class Meta:
        db_table = "closeout_acceptance"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in Answer]), name="closeout_acceptance_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Answer.ACCEPTED.value, Answer.SILENT.value]) | Q(close_due_at__isnull=False),
                name="closeout_acceptance_closes",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="closeout_acceptance_waiting", condition=Q(state=Answer.ASKED.value)),
            models.Index(
                fields=["close_due_at"],
                name="closeout_acceptance_to_close",
                condition=Q(closed_at=None, close_due_at__isnull=False),
            ),
        ]


class Feedback(models.Model):
    """A review. An order may have several; all are kept, and each counts."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField()
    rating = models.SmallIntegerField()
    comment = models.TextField(blank=True)
    given_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    channel = models.CharField(max_length=16)

    class Meta:
        db_table = "closeout_feedback"
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="closeout_feedback_one_to_five")
        ]
        indexes = [
            models.Index(fields=["order_id"], name="closeout_feedback_order"),
            models.Index(fields=["-given_at"], name="closeout_feedback_newest"),
        ]
