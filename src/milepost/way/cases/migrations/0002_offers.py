import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.CharField(default="open", max_length=8)),
                ("default", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField()),
                ("deadline_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("actor", models.CharField(blank=True, max_length=64)),
                ("channel", models.CharField(blank=True, max_length=16)),
                ("said_by", models.CharField(blank=True, max_length=200)),
                ("said_at", models.DateTimeField(null=True)),
                ("closed_because", models.CharField(blank=True, max_length=12)),
                ("currency", models.CharField(max_length=3)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
                    ),
                ),
            ],
            options={
                "db_table": "cases_offer",
            },
        ),
        migrations.CreateModel(
            name="OfferedItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id",
                        "offer_id",
                        "position",
                        "item_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("order_id", models.BigIntegerField()),
                ("position", models.SmallIntegerField()),
                ("item_id", models.BigIntegerField()),
                ("rank", models.SmallIntegerField()),
                ("code", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=300)),
                ("unit", models.CharField(max_length=16)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=14)),
                ("difference", models.DecimalField(decimal_places=4, max_digits=14)),
                ("held", models.BooleanField(default=False)),
                (
                    "offer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="cases.offer",
                    ),
                ),
            ],
            options={
                "db_table": "cases_offer_item",
            },
        ),
        migrations.CreateModel(
            name="OfferedLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id",
                        "offer_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("order_id", models.BigIntegerField()),
                ("position", models.SmallIntegerField()),
                ("item_id", models.BigIntegerField()),
                ("code", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=300)),
                ("unit", models.CharField(max_length=16)),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12)),
                ("expected_on", models.DateField(null=True)),
                ("choice", models.CharField(blank=True, max_length=10)),
                ("chosen_item_id", models.BigIntegerField(null=True)),
                ("carried", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                (
                    "offer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="cases.offer",
                    ),
                ),
            ],
            options={
                "db_table": "cases_offer_line",
            },
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["order", "made_at"], name="cases_offer_of_order"),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(condition=models.Q(("state", "open")), fields=["deadline_at"], name="cases_offer_due"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("order",), name="cases_offer_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "answered", "lapsed", "closed"])), name="cases_offer_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_because__in", ["", "stock_came", "renewed", "amended", "cancelled", "too_late"])
                ),
                name="cases_offer_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_offer_settled_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="offeredline",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice__in", ["", "wait", "ship_rest", "substitute", "cancel"])),
                name="cases_offer_line_choice",
            ),
        ),
    ]
