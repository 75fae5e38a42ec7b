"""Rows of procedures: every version of every document is kept; nothing is edited once it is reviewed."""

from django.db import models
from django.db.models import Q

from milepost.ground.procedures.words import KINDS, STATES


class Document(models.Model):
    """One version of a document. In force is the published one with `in_force_at`, one per kind and name."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    state = models.CharField(max_length=16, default="draft")
    author = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    drafted_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=64, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "procedures_document"
        constraints = [
            models.UniqueConstraint(name="procedures_document_version", fields=["kind", "name", "version"]),
            models.UniqueConstraint(
                name="procedures_document_in_force",
                fields=["kind", "name"],
                condition=Q(state="published", in_force_at__isnull=False),
            ),
            models.CheckConstraint(name="procedures_document_kind", condition=Q(kind__in=tuple(KINDS))),
            models.CheckConstraint(name="procedures_document_state", condition=Q(state__in=STATES)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} v{self.version}"


class Edition(models.Model):
    """One row: its token changes whenever another document comes into force, so that readers know what they have."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    token = models.UUIDField()

    class Meta:
        db_table = "procedures_edition"
        constraints = [models.CheckConstraint(name="procedures_edition_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.token)
