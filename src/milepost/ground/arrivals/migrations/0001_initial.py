from django.db import migrations, models
from django.db.models import Q

STATES = ["received", "processed", "waiting", "open", "refused", "forged", "ignored"]


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=40)),
                ("topic", models.CharField(blank=True, max_length=80)),
                ("sender", models.CharField(blank=True, max_length=254)),
                ("delivery_id", models.CharField(blank=True, max_length=200)),
                ("content_type", models.CharField(blank=True, max_length=120)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("size", models.IntegerField()),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="received", max_length=12)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("error", models.TextField(blank=True)),
                ("about", models.CharField(blank=True, max_length=120)),
                ("order_id", models.BigIntegerField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("processed_at", models.DateTimeField(null=True)),
                ("processed_by", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "db_table": "arrivals_arrival",
                "indexes": [
                    models.Index(fields=["state", "-id"], name="arrivals_by_state"),
                    models.Index(fields=["about"], name="arrivals_about"),
                    models.Index(fields=["order_id"], name="arrivals_of_order", condition=Q(order_id__isnull=False)),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=STATES), name="arrivals_arrival_state"),
                    models.UniqueConstraint(
                        fields=["source", "delivery_id"],
                        condition=~Q(delivery_id="") & ~Q(state="forged"),
                        name="arrivals_arrival_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("arrival_id", models.UUIDField()),
                ("order_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=120)),
                ("body", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("sent_by", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "db_table": "arrivals_answer",
                "indexes": [
                    models.Index(fields=["arrival_id"], name="arrivals_answers_to"),
                    models.Index(
                        fields=["order_id"], name="arrivals_answers_of_order", condition=Q(order_id__isnull=False)
                    ),
                    models.Index(fields=["id"], name="arrivals_answers_unsent", condition=Q(sent_at__isnull=True)),
                ],
            },
        ),
    ]
