"""Rows of notices. A notice is the work item and its history in one; an attempt is what really left, and how it ended."""

from django.db import models
from django.db.models import Q

from milepost.ground.notices.words import Channel, Result, State

AT_WORK = Q(state__in=["planned", "sending"])
TROUBLED = Q(state__in=["failed", "unknown"])
UNTOLD = Q(state__in=["failed", "unknown", "suppressed", "superseded"])


class Notice(models.Model):
    """One message to one recipient on one channel. Partitioned by the month of `filed_at`, which is its order's.

    `due_at` is, while planned, the earliest instant to send it; while sending, the end of the worker's lease.
    `attempts` counts claims and fences workers: whoever holds an older number may no longer hand over.
    """

    pk = models.CompositePrimaryKey("id", "filed_at")
    id = models.UUIDField()
    filed_at = models.DateTimeField()
    order_id = models.BigIntegerField(null=True)
    template = models.CharField(max_length=64)
    milestone = models.CharField(max_length=96)
    audience = models.CharField(max_length=32)
    recipient_key = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    language = models.CharField(max_length=12)
    rank = models.SmallIntegerField()
    lasting = models.BooleanField(default=False)
    because = models.CharField(max_length=64)
    data = models.JSONField()
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=16, blank=True)
    trace = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    failures = models.SmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "template", "milestone", "recipient_key", "channel", "filed_at"],
                nulls_distinct=False,
                name="notices_notice_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="notices_notice_state"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in Channel]), name="notices_notice_channel"
            ),
            models.CheckConstraint(
                condition=(AT_WORK & Q(due_at__isnull=False)) | (~AT_WORK & Q(due_at__isnull=True)),
                name="notices_notice_due_while_at_work",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notices_notice_sent_when"
            ),
            models.CheckConstraint(
                condition=~UNTOLD | ~Q(reason=""),
                name="notices_notice_reason_for_silence",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "state", "due_at"], condition=AT_WORK, name="notices_notice_outbox"),
            models.Index(
                fields=["recipient_key", "-planned_at", "-id"], condition=Q(channel="in_app"),
                name="notices_notice_in_app",
            ),
            models.Index(
                fields=["-planned_at", "-id"], condition=TROUBLED,
                name="notices_notice_trouble",
            ),
        ]  # fmt: skip


class Attempt(models.Model):
    """One try to send one notice, with the very words. The truth about what left; the notice's state follows from it.

    Written before anything is sent. `handed_at` is set right before the point of no return, by whoever still holds the
    attempt; where it is empty, the message certainly never left.
    """

    pk = models.CompositePrimaryKey("notice_id", "number", "filed_at")
    notice_id = models.UUIDField()
    number = models.SmallIntegerField()
    filed_at = models.DateTimeField()
    sender = models.CharField(max_length=32)
    version = models.IntegerField(default=0)
    address = models.CharField(max_length=254, blank=True)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    began_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, null=True)
    detail = models.TextField(blank=True)

    class Meta:
        db_table = "notices_attempt"
        constraints = [
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(result__in=[result.value for result in Result]),
                name="notices_attempt_result",
            ),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(ended_at__isnull=False), name="notices_attempt_ended"
            ),
        ]


class MailboxMessage(models.Model):
    """A message kept in the built-in mailbox instead of being sent: unique by our reference, so asking for it is exact."""

    reference = models.CharField(max_length=64, primary_key=True)
    kept_at = models.DateTimeField()
    order_id = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=254)
    address = models.CharField(max_length=254)
    subject = models.TextField()
    text = models.TextField()
    html = models.TextField()
    headers = models.JSONField(default=dict)

    class Meta:
        db_table = "notices_mailbox_message"
        indexes = [
            models.Index(fields=["-kept_at", "-reference"], name="notices_mailbox_newest"),
            models.Index(fields=["order_id"], name="notices_mailbox_of_order"),
        ]
