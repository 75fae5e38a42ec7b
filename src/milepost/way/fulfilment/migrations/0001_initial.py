"""The tables of this room."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="orders.order",
                    ),
                ),
                ("released_at", models.DateTimeField()),
                ("picked_at", models.DateTimeField(null=True)),
                ("packed_at", models.DateTimeField(null=True)),
                ("shipped_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "fulfilment_release",
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at", None), ("shipped_at", None)),
                        fields=["released_at"],
                        name="fulfilment_release_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("state", models.CharField(default="packed", max_length=20)),
                ("reached", models.CharField(default="packed", max_length=20)),
                ("carrier", models.CharField(blank=True, max_length=40)),
                ("service", models.CharField(blank=True, max_length=60)),
                ("complete", models.BooleanField(default=False)),
                ("packed_at", models.DateTimeField()),
                ("shipped_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
                    ),
                ),
            ],
            options={
                "db_table": "fulfilment_shipment",
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("order_id", models.BigIntegerField()),
                ("number", models.SmallIntegerField()),
                ("carrier", models.CharField(blank=True, max_length=40)),
                ("tracking_number", models.CharField(blank=True, max_length=40)),
                ("own_number", models.BooleanField(default=False)),
                ("weight_grams", models.IntegerField(null=True)),
                ("shipped_at", models.DateTimeField(null=True)),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parcels", to="fulfilment.shipment"
                    ),
                ),
            ],
            options={
                "db_table": "fulfilment_parcel",
            },
        ),
        migrations.CreateModel(
            name="ParcelLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id",
                        "position",
                        "parcel_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("order_id", models.BigIntegerField()),
                ("shipment_id", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("item_id", models.BigIntegerField()),
                ("code", models.CharField(max_length=80)),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12)),
                (
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="fulfilment.parcel"
                    ),
                ),
            ],
            options={
                "db_table": "fulfilment_parcel_line",
                "indexes": [models.Index(fields=["shipment_id"], name="fulfilment_line_shipment")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="fulfilment_parcel_line_quantity"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(("state__in", ("delivered", "returned", "lost", "cancelled")), _negated=True),
                fields=["id"],
                name="fulfilment_shipment_open",
            ),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(fields=["state", "-id"], name="fulfilment_shipment_by_state"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(fields=("order", "number"), name="fulfilment_shipment_number"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "packed",
                            "shipped",
                            "in_transit",
                            "out_for_delivery",
                            "attempt_failed",
                            "ready_for_pickup",
                            "delivered",
                            "returning",
                            "returned",
                            "lost",
                            "cancelled",
                        ],
                    )
                ),
                name="fulfilment_shipment_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reached__in", ["packed", "shipped", "in_transit", "out_for_delivery", "delivered"])
                ),
                name="fulfilment_shipment_reached",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["packed", "cancelled"]), ("shipped_at__isnull", False), _connector="OR"
                ),
                name="fulfilment_shipment_shipped_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                condition=models.Q(("tracking_number", ""), _negated=True),
                fields=["tracking_number"],
                name="fulfilment_parcel_tracking",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(fields=["order_id"], name="fulfilment_parcel_order"),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(fields=("shipment", "number"), name="fulfilment_parcel_in_shipment"),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("own_number", True)),
                fields=("tracking_number",),
                name="fulfilment_parcel_own_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight_grams", None), ("weight_grams__gt", 0), _connector="OR"),
                name="fulfilment_parcel_weighs_something",
            ),
        ),
    ]
