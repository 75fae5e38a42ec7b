"""The tables of this room: conversations, their interactions, and who is on a page."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
                ("typing_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "care_presence",
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField(null=True)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("topic", models.CharField(default="question", max_length=16)),
                ("channel", models.CharField(max_length=12)),
                ("state", models.CharField(default="open", max_length=12)),
                ("assignee", models.BigIntegerField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("message_id", models.CharField(blank=True, max_length=998)),
            ],
            options={
                "db_table": "care_conversation",
                "indexes": [
                    models.Index(
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "open")),
                        name="care_conversation_due",
                    ),
                    models.Index(
                        models.F("state"),
                        models.OrderBy(models.F("last_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="care_conversation_by_state",
                    ),
                    models.Index(
                        condition=models.Q(("order_id__isnull", False)),
                        fields=["order_id"],
                        name="care_conversation_order",
                    ),
                    models.Index(
                        condition=models.Q(("customer_id__isnull", False)),
                        fields=["customer_id"],
                        name="care_conversation_customer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("order_id", "customer_id", "address"),
                        name="care_conversation_one_going",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "waiting", "closed"])),
                        name="care_conversation_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topic__in",
                                [
                                    "question",
                                    "status",
                                    "change",
                                    "cancellation",
                                    "return",
                                    "complaint",
                                    "invoice",
                                    "quote",
                                ],
                            )
                        ),
                        name="care_conversation_topic",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["portal", "email", "phone", "chat", "sms", "in_person", "note"])
                        ),
                        name="care_conversation_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_at", None), ("state", "closed"), _connector="OR"),
                        name="care_conversation_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("order_id__isnull", False),
                            ("customer_id__isnull", False),
                            models.Q(("address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="care_conversation_whose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interaction",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField(null=True)),
                ("channel", models.CharField(max_length=12)),
                ("direction", models.CharField(max_length=8)),
                ("actor", models.CharField(max_length=64)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("words", models.TextField(blank=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("urgent", models.BooleanField(default=False)),
                ("answered_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("arrival_id", models.UUIDField(null=True)),
                ("on_portal", models.BooleanField(default=False)),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="care.conversation",
                    ),
                ),
            ],
            options={
                "db_table": "care_interaction",
                "indexes": [
                    models.Index(fields=["conversation", "at", "id"], name="care_interaction_thread"),
                    models.Index(
                        condition=models.Q(("order_id__isnull", False)),
                        fields=["order_id", "at", "id"],
                        name="care_interaction_order",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["at"], name="care_interaction_clocks"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("arrival_id__isnull", False)),
                        fields=("arrival_id",),
                        name="care_interaction_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["portal", "email", "phone", "chat", "sms", "in_person", "note"])
                        ),
                        name="care_interaction_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["in", "out", "note"])), name="care_interaction_direction"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
                            ("outcome__in", ["settled", "needs_answer", "not_reached", "left_word"]),
                            _connector="OR",
                        ),
                        name="care_interaction_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("direction", "note"), _negated=True),
                            models.Q(("due_at", None), ("on_portal", False)),
                            _connector="OR",
                        ),
                        name="care_interaction_note_is_ours",
                    ),
                ],
            },
        ),
    ]
