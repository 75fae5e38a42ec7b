from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ShopOrder",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=40)),
                ("namespace", models.CharField(blank=True, max_length=254)),
                ("number", models.CharField(max_length=80)),
                ("order_id", models.BigIntegerField(null=True)),
                ("said_at", models.DateTimeField(null=True)),
                ("rank", models.SmallIntegerField(default=0)),
                ("draft", models.JSONField(null=True)),
                ("lines", models.JSONField(default=dict)),
                ("refunded", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("cancelled", models.BooleanField(default=False)),
                ("reason_code", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "db_table": "shops_order",
                "indexes": [
                    models.Index(fields=["order_id"], name="shops_order_of", condition=Q(order_id__isnull=False))
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["source", "namespace", "number"], name="shops_order_once"),
                    models.CheckConstraint(
                        condition=Q(order_id__isnull=True) | Q(draft__isnull=False), name="shops_order_with_draft"
                    ),
                ],
            },
        ),
    ]
