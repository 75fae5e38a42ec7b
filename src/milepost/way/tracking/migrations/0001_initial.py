"""The tables of this room."""

from django.db import migrations, models

from milepost.ground.journal.partitions import CreatePartitionedModel


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ParcelProgress",
            fields=[
                ("parcel_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField()),
                ("shipment_id", models.BigIntegerField()),
                ("stage", models.CharField(default="shipped", max_length=20)),
                ("reached", models.CharField(default="shipped", max_length=20)),
                ("leg", models.SmallIntegerField(default=1)),
                ("events", models.IntegerField(default=0)),
                ("since_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("delivered_as", models.CharField(blank=True, max_length=24)),
                ("delay_cause", models.CharField(blank=True, max_length=16)),
                ("delay_since_at", models.DateTimeField(null=True)),
                ("delay_estimate_on", models.DateField(null=True)),
                ("last_event_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "tracking_progress",
                "indexes": [
                    models.Index(fields=["order_id"], name="tracking_progress_order"),
                    models.Index(
                        condition=models.Q(
                            ("stage__in", ["shipped", "in_transit", "out_for_delivery", "attempt_failed"])
                        ),
                        fields=["last_event_at"],
                        name="tracking_progress_under_way",
                    ),
                    models.Index(
                        condition=models.Q(("delay_cause", ""), _negated=True),
                        fields=["order_id"],
                        name="tracking_progress_delayed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "shipped",
                                    "in_transit",
                                    "out_for_delivery",
                                    "attempt_failed",
                                    "ready_for_pickup",
                                    "delivered",
                                    "returning",
                                    "returned",
                                    "lost",
                                ],
                            )
                        ),
                        name="tracking_progress_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reached__in", ["shipped", "in_transit", "out_for_delivery", "delivered"])),
                        name="tracking_progress_reached",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reached", "delivered"), _negated=True),
                            ("delivered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="tracking_progress_delivered_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RawDelivery",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=40)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="received", max_length=12)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("error", models.TextField(blank=True)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("processed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "tracking_raw_delivery",
                "indexes": [
                    models.Index(condition=models.Q(("state", "received")), fields=["id"], name="tracking_raw_to_do"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["number"], name="tracking_raw_waiting"
                    ),
                    models.Index(fields=["state", "-id"], name="tracking_raw_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "processed", "waiting", "refused", "forged"])),
                        name="tracking_raw_delivery_state",
                    )
                ],
            },
        ),
        CreatePartitionedModel(
            name="TrackingEvent",
            column="happened_at",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id",
                        "parcel_id",
                        "happened_at",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("order_id", models.BigIntegerField()),
                ("parcel_id", models.BigIntegerField()),
                ("happened_at", models.DateTimeField()),
                ("id", models.UUIDField()),
                ("kind", models.CharField(max_length=24)),
                ("cause", models.CharField(blank=True, max_length=16)),
                ("stated_at", models.CharField(blank=True, max_length=40)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("message", models.CharField(blank=True, max_length=500)),
                ("code", models.CharField(blank=True, max_length=120)),
                ("source", models.CharField(max_length=40)),
                ("estimate_on", models.DateField(null=True)),
                ("corrects", models.UUIDField(null=True)),
                ("received_by", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField()),
                ("processed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "tracking_event",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "label_created",
                                    "not_found",
                                    "picked_up",
                                    "in_transit",
                                    "arrived_hub",
                                    "departed_hub",
                                    "arrived_destination",
                                    "handed_over",
                                    "customs_processing",
                                    "customs_cleared",
                                    "customs_action",
                                    "delivery_scheduled",
                                    "out_for_delivery",
                                    "attempt_failed",
                                    "ready_for_pickup",
                                    "delayed",
                                    "held",
                                    "address_problem",
                                    "redirected",
                                    "refused",
                                    "damaged",
                                    "lost",
                                    "returning",
                                    "returned",
                                    "delivered",
                                    "delivered_safe_place",
                                    "delivered_neighbour",
                                    "delivered_locker",
                                    "collected",
                                    "delivered_part",
                                    "cancelled",
                                    "disposed",
                                    "withdrawn",
                                    "unknown",
                                ],
                            )
                        ),
                        name="tracking_event_kind",
                    )
                ],
            },
        ),
    ]
