"""Browsers that take pushes, what staff have seen on their desk, and attempts that are somebody's call to make."""

from django.db import migrations, models

RESULTS = ["sent", "deferred", "refused", "unreachable", "lapsed", "unknown", "calling"]


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_receipts_and_senders")]

    operations = [
        migrations.CreateModel(
            name="Browser",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("recipient_key", models.CharField(max_length=64)),
                ("order_id", models.BigIntegerField(blank=True, null=True)),
                ("endpoint", models.TextField()),
                ("endpoint_digest", models.BinaryField(max_length=32)),
                ("p256dh", models.CharField(max_length=100)),
                ("auth", models.CharField(max_length=32)),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "notices_browser",
                "indexes": [models.Index(fields=["recipient_key", "order_id"], name="notices_browser_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint_digest", "recipient_key", "order_id"),
                        name="notices_browser_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("endpoint__startswith", "https://")), name="notices_browser_https"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("staff_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
            options={"db_table": "notices_seen"},
        ),
        migrations.CreateModel(
            name="SeenOne",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "staff_id", "notice_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("staff_id", models.BigIntegerField()),
                ("notice_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "notices_seen_one"},
        ),
        migrations.RemoveConstraint(model_name="attempt", name="notices_attempt_result"),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__isnull", True), ("result__in", RESULTS), _connector="OR"),
                name="notices_attempt_result",
            ),
        ),
    ]
