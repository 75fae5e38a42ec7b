import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0003_reservations"), ("catalog", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Supply",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("arrived", models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ("due_on", models.DateField(null=True)),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("state", models.CharField(default="expected", max_length=10)),
                ("announced_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.item"
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.location",
                    ),
                ),
            ],
            options={
                "db_table": "stock_incoming",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "expected")),
                        fields=["item", "due_on"],
                        name="stock_incoming_expected",
                    ),
                    models.Index(
                        condition=models.Q(("state", "expected")), fields=["due_on", "id"], name="stock_incoming_by_day"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["expected", "arrived", "cancelled"])),
                        name="stock_incoming_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("arrived__gte", 0), ("quantity__gt", 0)), name="stock_incoming_quantity"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "expected"), models.Q(("reference", ""), _negated=True)),
                        fields=("reference", "item", "location"),
                        name="stock_incoming_once",
                    ),
                ],
            },
        ),
    ]
