"""Rows of notices. A notice is the work item and its history in one; an attempt is what really left, and how it ended."""

from django.db import models
from django.db.models import Q

from milepost.ground.notices.words import Channel, Health, ReceiptKind, Result, State

AT_WORK = Q(state__in=["planned", "sending"])
TROUBLED = Q(state__in=["failed", "unknown"])
ON_PEOPLE = Q(state__in=["sending", "sent"], channel__in=["email", "sms", "phone", "web_push"])
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
    channel = models.CharField(max_length=12)
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
    told_with = models.UUIDField(null=True)

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
                fields=["recipient_key", "-planned_at", "-id"], condition=Q(channel="in_app", state="sent"),
                name="notices_notice_in_app",
            ),
            models.Index(
                fields=["-planned_at", "-id"], condition=TROUBLED,
                name="notices_notice_trouble",
            ),
            models.Index(fields=["planned_at", "id"], condition=Q(state="calling"), name="notices_notice_calls"),
            models.Index(fields=["told_with"], condition=Q(told_with__isnull=False), name="notices_notice_told_with"),
            models.Index(fields=["recipient_key", "sent_at"], condition=ON_PEOPLE, name="notices_notice_of_person"),
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
    foreign_id = models.CharField(max_length=128, blank=True, db_default="")
    stops = models.BooleanField(db_default=False)
    segments = models.SmallIntegerField(null=True)
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    currency = models.CharField(max_length=3, blank=True, db_default="")

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
        indexes = [
            models.Index(fields=["began_at"], name="notices_attempt_sms", condition=Q(segments__isnull=False)),
        ]


class SenderHealth(models.Model):
    """How a sender does, by the outcomes of its last attempts; all workers go by it. `tallies` are [minute, good, bad]."""

    name = models.CharField(max_length=32, primary_key=True)
    health = models.CharField(max_length=8)
    since = models.DateTimeField()
    rests = models.SmallIntegerField(default=0)
    tallies = models.JSONField(default=list)

    class Meta:
        db_table = "notices_sender_health"
        constraints = [
            models.CheckConstraint(
                condition=Q(health__in=[one.value for one in Health]), name="notices_sender_health_is"
            ),
        ]


class NoticeReceipt(models.Model):
    """A vendor's word on a message after it was taken, once of each kind; the raw originals stand in arrivals."""

    id = models.UUIDField(primary_key=True)
    notice_id = models.UUIDField()
    order_id = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=32)
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=64, blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "notices_receipt"
        constraints = [
            models.UniqueConstraint(fields=["notice_id", "sender", "kind"], name="notices_receipt_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in ReceiptKind]), name="notices_receipt_kind"
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


class Browser(models.Model):
    """A browser that takes pushes for somebody, for one order only where `order_id` says so. Deleted when it takes none."""

    id = models.UUIDField(primary_key=True)
    recipient_key = models.CharField(max_length=64)
    order_id = models.BigIntegerField(null=True, blank=True)
    endpoint = models.TextField()
    endpoint_digest = models.BinaryField(max_length=32)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=32)
    since = models.DateTimeField()

    class Meta:
        db_table = "notices_browser"
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint_digest", "recipient_key", "order_id"],
                nulls_distinct=False,
                name="notices_browser_once",
            ),
            models.CheckConstraint(condition=Q(endpoint__startswith="https://"), name="notices_browser_https"),
        ]
        indexes = [models.Index(fields=["recipient_key", "order_id"], name="notices_browser_of")]

    def __str__(self) -> str:
        return f"browser:{self.pk}"


class Seen(models.Model):
    """Up to when somebody has seen everything that is told on their desk."""

    staff_id = models.BigIntegerField(primary_key=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "notices_seen"

    def __str__(self) -> str:
        return f"seen:{self.pk}"


class SeenOne(models.Model):
    """One message on the desk that somebody has seen, later than `Seen` says of all."""

    pk = models.CompositePrimaryKey("staff_id", "notice_id")
    staff_id = models.BigIntegerField()
    notice_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "notices_seen_one"

    def __str__(self) -> str:
        return f"seen:{self.staff_id}:{self.notice_id}"
