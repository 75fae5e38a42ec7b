import django.contrib.postgres.fields
from django.db import migrations, models

CONCERNS = ("dispatch_not_scanned", "label_never_activated", "stalled", "predicted_miss")
ENDS = ("news", "in_time", "over", "replaced")


class Migration(migrations.Migration):
    """What the clock finds about parcels, and what it knows to be usual on their lanes."""

    dependencies = [("tracking", "0005_named_parcels")]

    operations = [
        migrations.CreateModel(
            name="LaneTime",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lane", "stage", "measure", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("lane", models.CharField(max_length=180)),
                ("stage", models.CharField(max_length=20)),
                ("measure", models.CharField(max_length=4)),
                ("minutes", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("samples", models.IntegerField()),
                ("learned_at", models.DateTimeField()),
            ],
            options={
                "db_table": "tracking_lane_time",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(measure__in=["gap", "rest"]), name="tracking_lane_time_measure"
                    ),
                    models.CheckConstraint(condition=models.Q(samples__gt=0), name="tracking_lane_time_samples"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticedConcern",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order_id", models.BigIntegerField()),
                ("id", models.UUIDField()),
                ("parcel_id", models.BigIntegerField()),
                ("concern", models.CharField(max_length=24)),
                ("stage", models.CharField(max_length=20)),
                ("since_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("noticed_at", models.DateTimeField()),
                ("earliest_on", models.DateField()),
                ("latest_on", models.DateField()),
                ("confidence", models.SmallIntegerField()),
                ("usual_minutes", models.IntegerField()),
                ("patience_minutes", models.IntegerField()),
                ("samples", models.IntegerField()),
                ("lane", models.CharField(blank=True, max_length=180)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "db_table": "tracking_concern",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["order_id", "parcel_id"],
                        condition=models.Q(ended_at=None),
                        name="tracking_concern_one_stands",
                    ),
                    models.CheckConstraint(condition=models.Q(concern__in=CONCERNS), name="tracking_concern_kind"),
                    models.CheckConstraint(
                        condition=models.Q(ended_at=None, ended="") | models.Q(ended_at__isnull=False, ended__in=ENDS),
                        name="tracking_concern_ended",
                    ),
                ],
            },
        ),
    ]
