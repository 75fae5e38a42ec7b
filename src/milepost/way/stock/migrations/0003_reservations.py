import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_locations_serve"), ("orders", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.SmallIntegerField()),
                ("item_id", models.BigIntegerField()),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12)),
                ("state", models.CharField(default="held", max_length=8)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.location",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
                    ),
                ),
            ],
            options={
                "db_table": "stock_reservation",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "held")), fields=["expires_at"], name="stock_reservation_held"
                    ),
                    models.Index(
                        condition=models.Q(("state", "held")), fields=["order"], name="stock_reservation_of_order"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["held", "used", "lapsed"])), name="stock_reservation_state"
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="stock_reservation_quantity"),
                ],
            },
        ),
        migrations.AddField(
            model_name="level",
            name="reserved",
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=14),
        ),
        migrations.RemoveConstraint(model_name="level", name="stock_level_never_oversold"),
        migrations.AddConstraint(
            model_name="level",
            constraint=models.CheckConstraint(condition=models.Q(("reserved__gte", 0)), name="stock_level_reserved"),
        ),
        migrations.AddConstraint(
            model_name="level",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_hand__gte", models.F("allocated") + models.F("reserved"))),
                name="stock_level_never_oversold",
            ),
        ),
    ]
