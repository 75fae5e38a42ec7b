"""Addresses to which nothing more goes on a channel: bounced, complained, opted out, a wrong number."""

from django.db import migrations, models

REASONS = ["bounced", "complained", "opted_out", "wrong_number", "refused", "by_staff"]


class Migration(migrations.Migration):
    dependencies = [("parties", "0005_consents")]

    operations = [
        migrations.CreateModel(
            name="ChannelStop",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=12)),
                ("address", models.CharField(max_length=254)),
                ("key", models.CharField(max_length=254)),
                ("reason", models.CharField(max_length=16)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("stopped_at", models.DateTimeField()),
                ("stopped_by", models.CharField(max_length=64)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=64)),
                ("lifted_because", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "db_table": "parties_channel_stop",
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at", None)),
                        fields=["-stopped_at", "-id"],
                        name="parties_channel_stop_newest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("channel", "key", "address"),
                        name="parties_channel_stop_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", REASONS)), name="parties_channel_stop_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address", ""), _negated=True), models.Q(("key", ""), _negated=True)
                        ),
                        name="parties_channel_stop_address",
                    ),
                ],
            },
        ),
    ]
