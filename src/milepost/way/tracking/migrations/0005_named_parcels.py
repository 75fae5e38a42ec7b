"""Which parcels a vendor means by a reference of its own."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking", "0004_look")]

    operations = [
        migrations.CreateModel(
            name="NamedParcels",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source", "reference", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("reference", models.CharField(max_length=80)),
                (
                    "numbers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("carrier", models.CharField(blank=True, max_length=80)),
                ("said_at", models.DateTimeField()),
            ],
            options={"db_table": "tracking_named_parcels"},
        ),
    ]
