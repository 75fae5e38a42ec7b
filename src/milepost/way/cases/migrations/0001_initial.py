"""The tables of this room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("cause", models.CharField(max_length=16)),
                ("found_by", models.CharField(max_length=8)),
                ("found_at", models.DateTimeField()),
                ("due_was", models.DateField(null=True)),
                ("new_latest_on", models.DateField(null=True)),
                ("revisions", models.SmallIntegerField(default=0)),
                ("note", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
            ],
            options={
                "db_table": "cases_case",
                "indexes": [
                    models.Index(fields=["order_id"], name="cases_case_order"),
                    models.Index(
                        condition=models.Q(("resolved_at", None)), fields=["found_at"], name="cases_case_open"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at", None)),
                        fields=("order_id", "kind"),
                        name="cases_case_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["delay", "lost", "return"])), name="cases_case_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("found_by__in", ["carrier", "clock", "staff"])), name="cases_case_found_by"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("resolved_at", None)),
                            models.Q(
                                ("outcome__in", ["delivered", "back_in_time", "cancelled", "settled"]),
                                ("resolved_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cases_case_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "delay"), _negated=True),
                            models.Q(("due_was__isnull", False), ("new_latest_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_case_delay_has_dates",
                    ),
                ],
            },
        ),
    ]
