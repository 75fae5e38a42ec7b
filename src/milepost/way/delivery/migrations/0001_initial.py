"""The tables of this room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DeliveryProof",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField()),
                ("parcel_id", models.BigIntegerField()),
                ("handed", models.CharField(max_length=12)),
                ("witness", models.CharField(max_length=12)),
                ("happened_at", models.DateTimeField()),
                ("received_by", models.CharField(blank=True, max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("note", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "delivery_proof",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order_id", "parcel_id", "happened_at", "handed"), name="delivery_proof_only_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handed__in", ["in_hand", "safe_place", "neighbour", "locker", "collected"])
                        ),
                        name="delivery_proof_handed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("witness__in", ["carrier", "driver", "staff"])),
                        name="delivery_proof_witness",
                    ),
                ],
            },
        ),
    ]
