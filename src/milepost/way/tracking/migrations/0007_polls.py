from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Which parcels carriers are asked about, and what their systems were asked."""

    dependencies = [("tracking", "0006_concerns")]

    operations = [
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("parcel_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField()),
                ("carrier", models.CharField(blank=True, max_length=80)),
                ("tracking_number", models.CharField(blank=True, max_length=40)),
                ("shipped_at", models.DateTimeField()),
                ("poller", models.CharField(blank=True, max_length=40)),
                ("next_poll_at", models.DateTimeField(null=True)),
                ("polled_at", models.DateTimeField(null=True)),
                ("every_seconds", models.IntegerField(default=3600)),
                ("unanswered", models.SmallIntegerField(default=0)),
            ],
            options={
                "db_table": "tracking_poll",
                "indexes": [
                    models.Index(
                        fields=["poller", "next_poll_at"],
                        name="tracking_poll_due",
                        condition=Q(next_poll_at__isnull=False),
                    ),
                    models.Index(fields=["parcel_id"], name="tracking_poll_by_nobody", condition=Q(poller="")),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(poller="") | Q(next_poll_at=None), name="tracking_poll_by_somebody"
                    ),
                    models.CheckConstraint(condition=Q(every_seconds__gt=0), name="tracking_poll_every"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PollerSpent",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("hour", models.DateTimeField()),
                ("day", models.DateTimeField()),
                ("in_hour", models.IntegerField(default=0)),
                ("in_day", models.IntegerField(default=0)),
                ("closed_until", models.DateTimeField(null=True)),
                ("failures", models.IntegerField(default=0)),
                ("says", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "db_table": "tracking_poller",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(in_hour__gte=0, in_day__gte=0, failures__gte=0), name="tracking_poller_counts"
                    )
                ],
            },
        ),
    ]
