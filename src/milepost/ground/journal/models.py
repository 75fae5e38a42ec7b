"""Rows of the journal. The database itself refuses to change or remove a fact (see migration 0002)."""

from django.db import models


class Entry(models.Model):
    """One fact as it was recorded. Partitioned by the month of `recorded_at`."""

    pk = models.CompositePrimaryKey("stream", "stream_id", "sequence", "recorded_at")
    stream = models.CharField(max_length=16)
    stream_id = models.BigIntegerField()
    sequence = models.IntegerField()
    recorded_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    data = models.JSONField()
    actor = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    history = models.BooleanField(default=False)
    digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "journal_entry"
        indexes = [models.Index(fields=["kind", "recorded_at"], name="journal_entry_kind")]


class Chain(models.Model):
    """The head of one stream's chain; its row lock guards the sequence."""

    pk = models.CompositePrimaryKey("stream", "stream_id")
    stream = models.CharField(max_length=16)
    stream_id = models.BigIntegerField()
    sequence = models.IntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "journal_chain"
