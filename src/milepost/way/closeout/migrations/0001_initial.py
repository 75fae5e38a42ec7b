"""The tables of this room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("order_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("state", models.CharField(default="asked", max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=64)),
                ("dispute", models.TextField(blank=True)),
                ("close_due_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("history", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "closeout_acceptance",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "asked")), fields=["due_at"], name="closeout_acceptance_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("close_due_at__isnull", False), ("closed_at", None)),
                        fields=["close_due_at"],
                        name="closeout_acceptance_to_close",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "accepted", "silent", "disputed", "withdrawn"])),
                        name="closeout_acceptance_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "silent"]), _negated=True),
                            ("close_due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="closeout_acceptance_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField()),
                ("rating", models.SmallIntegerField()),
                ("comment", models.TextField(blank=True)),
                ("given_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("channel", models.CharField(max_length=16)),
            ],
            options={
                "db_table": "closeout_feedback",
                "indexes": [
                    models.Index(fields=["order_id"], name="closeout_feedback_order"),
                    models.Index(fields=["-given_at"], name="closeout_feedback_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rating__gte", 1), ("rating__lte", 5)), name="closeout_feedback_one_to_five"
                    )
                ],
            },
        ),
    ]
