"""The promise ledger."""

from django.db import models
from django.db.models import F, Q

from milepost.way.promising.words import Basis, Cause


class Promise(models.Model):
    """One date or window told to a customer; revised by the next row, never overwritten.

    `awaited` says that its order is still to come, so that the clock looks at no promise that was kept, broken or ended.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    sequence = models.SmallIntegerField()
    earliest_on = models.DateField()
    latest_on = models.DateField()
    latest_at = models.DateTimeField()
    basis = models.CharField(max_length=12)
    confidence = models.SmallIntegerField(default=90)
    cause = models.CharField(max_length=20, blank=True)
    explanation = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    stands = models.BooleanField(default=True)
    awaited = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "promising_promise"
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="promising_promise_sequence"),
            models.UniqueConstraint(fields=["order"], condition=Q(stands=True), name="promising_one_stands"),
            models.CheckConstraint(condition=Q(earliest_on__lte=F("latest_on")), name="promising_promise_window"),
            models.CheckConstraint(condition=Q(basis__in=[s.value for s in Basis]), name="promising_promise_basis"),
            models.CheckConstraint(condition=Q(cause__in=[s.value for s in Cause]), name="promising_promise_cause"),
        ]
        indexes = [
            models.Index(
                fields=["latest_at", "order"], name="promising_awaited_by_due", condition=Q(stands=True, awaited=True)
            )
        ]
