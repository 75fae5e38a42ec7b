"""Rows of duties. None is ever deleted, so the open ones are the desk and the closed ones the history."""

from django.db import models
from django.db.models import F, Q

OPEN = Q(closed_at__isnull=True)


class Duty(models.Model):
    """Something that somebody must do by a time (DESIGN section 4)."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField(null=True, blank=True)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    role = models.CharField(max_length=32)
    assignee = models.BigIntegerField(null=True, blank=True)
    says = models.TextField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_because = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "duties_duty"
        constraints = [
            models.UniqueConstraint(
                name="duties_duty_one_open",
                fields=["order_id", "subject_kind", "subject_id", "kind"],
                condition=OPEN,
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="duties_duty_closed_with_outcome", condition=OPEN | ~Q(outcome="")),
            models.CheckConstraint(
                name="duties_duty_closed_is_not_checked", condition=OPEN | Q(next_check_at__isnull=True)
            ),
            models.CheckConstraint(
                name="duties_duty_order_subject",
                condition=~Q(subject_kind="order") | Q(order_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="duties_duty_next_check", fields=["next_check_at"], condition=OPEN & Q(next_check_at__isnull=False)
            ),
            models.Index(name="duties_duty_team", fields=["role", "kind", "due_at", "id"], condition=OPEN),
            models.Index(
                name="duties_duty_snoozed",
                fields=["role", "kind", "due_at", "id"],
                condition=OPEN & Q(snoozed_until__isnull=False),
            ),
            models.Index(
                name="duties_duty_taken",
                fields=["assignee", "due_at", "id"],
                condition=OPEN & Q(assignee__isnull=False),
            ),
            models.Index(F("order_id"), name="duties_duty_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_kind} {self.subject_id}"
