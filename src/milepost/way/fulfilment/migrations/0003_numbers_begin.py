"""Parcels are found by the beginning of a tracking number, as it is typed: the same index, of another kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0002_number_rulings")]

    operations = [
        migrations.RemoveIndex(model_name="parcel", name="fulfilment_parcel_tracking"),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                fields=["tracking_number"],
                name="fulfilment_parcel_tracking",
                condition=~models.Q(tracking_number=""),
                opclasses=["varchar_pattern_ops"],
            ),
        ),
    ]
