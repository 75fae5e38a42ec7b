from django.db import migrations, models

from milepost.ground.journal.partitions import CreatePartitionedModel


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreatePartitionedModel(
            name="Attempt",
            column="filed_at",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "notice_id", "number", "filed_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("notice_id", models.UUIDField()),
                ("number", models.SmallIntegerField()),
                ("filed_at", models.DateTimeField()),
                ("sender", models.CharField(max_length=32)),
                ("version", models.IntegerField(default=0)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("subject", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("began_at", models.DateTimeField()),
                ("handed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.CharField(max_length=12, null=True)),
                ("detail", models.TextField(blank=True)),
            ],
            options={
                "db_table": "notices_attempt",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result__isnull", True),
                            ("result__in", ["sent", "deferred", "refused", "unreachable", "lapsed", "unknown"]),
                            _connector="OR",
                        ),
                        name="notices_attempt_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("result__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                        name="notices_attempt_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailboxMessage",
            fields=[
                ("reference", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kept_at", models.DateTimeField()),
                ("order_id", models.BigIntegerField(null=True)),
                ("sender", models.CharField(max_length=254)),
                ("address", models.CharField(max_length=254)),
                ("subject", models.TextField()),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("headers", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "notices_mailbox_message",
                "indexes": [
                    models.Index(fields=["-kept_at", "-reference"], name="notices_mailbox_newest"),
                    models.Index(fields=["order_id"], name="notices_mailbox_of_order"),
                ],
            },
        ),
        CreatePartitionedModel(
            name="Notice",
            column="filed_at",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "id", "filed_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField()),
                ("filed_at", models.DateTimeField()),
                ("order_id", models.BigIntegerField(null=True)),
                ("template", models.CharField(max_length=64)),
                ("milestone", models.CharField(max_length=96)),
                ("audience", models.CharField(max_length=32)),
                ("recipient_key", models.CharField(max_length=64)),
                ("channel", models.CharField(max_length=8)),
                ("language", models.CharField(max_length=12)),
                ("rank", models.SmallIntegerField()),
                ("lasting", models.BooleanField(default=False)),
                ("because", models.CharField(max_length=64)),
                ("data", models.JSONField()),
                ("state", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=16)),
                ("trace", models.JSONField(default=list)),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("failures", models.SmallIntegerField(default=0)),
                ("planned_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "notices_notice",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "sending"])),
                        fields=["channel", "state", "due_at"],
                        name="notices_notice_outbox",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "in_app")),
                        fields=["recipient_key", "-planned_at", "-id"],
                        name="notices_notice_in_app",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "unknown"])),
                        fields=["-planned_at", "-id"],
                        name="notices_notice_trouble",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order_id", "template", "milestone", "recipient_key", "channel", "filed_at"),
                        name="notices_notice_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["planned", "sending", "sent", "failed", "unknown", "suppressed", "superseded"],
                            )
                        ),
                        name="notices_notice_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "phone", "in_app", "portal"])),
                        name="notices_notice_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["planned", "sending"]), ("due_at__isnull", False)),
                            models.Q(
                                models.Q(("state__in", ["planned", "sending"]), _negated=True), ("due_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="notices_notice_due_while_at_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="notices_notice_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["failed", "unknown", "suppressed", "superseded"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="notices_notice_reason_for_silence",
                    ),
                ],
            },
        ),
    ]
