import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """What was amended, field by field."""

    dependencies = [
        ("orders", "0002_first_shipped_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="AmendedField",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id",
                        "amendment_id",
                        "field",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("amendment_id", models.UUIDField()),
                ("field", models.CharField(max_length=40)),
                ("was", models.TextField(blank=True)),
                ("now", models.TextField(blank=True)),
                ("said_by", models.CharField(blank=True, max_length=200)),
                ("said_at", models.DateTimeField(null=True)),
                ("actor", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "orders_amendment",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("was", F("now")), _negated=True), name="orders_amendment_changes_something"
                    )
                ],
            },
        ),
    ]
