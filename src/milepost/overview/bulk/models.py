"""Rows of bulk runs: what was asked, how far it is, and what became of each row."""

from django.db import models
from django.db.models import Q

from milepost.overview.bulk.words import AT_WORK, Standing, State


class Run(models.Model):
    """One verb for many rows. `search` and `after` say where the gathering is; `failures` fences off a set that cannot be done."""

    id = models.BigAutoField(primary_key=True)
    listing = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    search = models.JSONField(default=dict)
    after = models.TextField(blank=True)
    state = models.CharField(max_length=10)
    actor = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    total = models.IntegerField(default=0)
    tried = models.IntegerField(default=0)
    would = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    failures = models.SmallIntegerField(default=0)
    because = models.TextField(blank=True)
    telling = models.JSONField(default=list)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "bulk_run"
        constraints = [models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="bulk_run_state")]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=[s.value for s in AT_WORK]), name="bulk_run_at_work"),
            models.Index(fields=["made_at"], name="bulk_run_made"),
        ]


class Row(models.Model):
    """One row of a run."""

    pk = models.CompositePrimaryKey("run_id", "place")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_index=False, related_name="rows")
    place = models.IntegerField()
    key = models.CharField(max_length=64)
    label = models.CharField(max_length=120)
    standing = models.CharField(max_length=8, default=Standing.WAITING)
    code = models.CharField(max_length=40, blank=True)
    says = models.TextField(blank=True)
    do = models.TextField(blank=True)

    class Meta:
        db_table = "bulk_row"
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="bulk_row_once"),
            models.CheckConstraint(condition=Q(standing__in=[s.value for s in Standing]), name="bulk_row_standing"),
            models.CheckConstraint(
                condition=~Q(standing=Standing.REFUSED) | ~Q(code=""), name="bulk_row_refused_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["run", "standing", "place"], name="bulk_row_by_standing")]
