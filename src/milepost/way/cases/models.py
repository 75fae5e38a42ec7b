"""Rows of cases."""

from django.db import models
from django.db.models import Q

from milepost.way.cases.words import CaseKind, FoundBy, Outcome


class Case(models.Model):
    """Our work on one delay or exception of an order; one open case of a kind at a time."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    cause = models.CharField(max_length=16)
    found_by = models.CharField(max_length=8)
    found_at = models.DateTimeField()
    due_was = models.DateField(null=True)
    new_latest_on = models.DateField(null=True)
    revisions = models.SmallIntegerField(default=0)
    note = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "kind"], condition=Q(resolved_at=None), name="cases_case_one_open"
            ),
            models.CheckConstraint(condition=Q(kind__in=[each.value for each in CaseKind]), name="cases_case_kind"),
            models.CheckConstraint(
                condition=Q(found_by__in=[each.value for each in FoundBy]), name="cases_case_found_by"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, outcome="")
                | Q(resolved_at__isnull=False, outcome__in=[each.value for each in Outcome]),
                name="cases_case_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CaseKind.DELAY.value) | Q(due_was__isnull=False, new_latest_on__isnull=False),
                name="cases_case_delay_has_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="cases_case_order"),
            models.Index(fields=["found_at"], name="cases_case_open", condition=Q(resolved_at=None)),
        ]
