from django.db import migrations, models


class Migration(migrations.Migration):
    """When the first shipment of an order left: from then on its address stands."""

    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="first_shipped_at",
            field=models.DateTimeField(null=True),
        ),
    ]
